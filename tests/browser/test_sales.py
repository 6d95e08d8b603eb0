"""From the quote to the paid invoice by hand, in both reading directions: sent, accepted by the customer, PDF, order, invoice, paid."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.security.actor import SYSTEM
from tests.browser.conftest import PageAs
from tests.browser.site import Site

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])


def goods(site: Site, lang: str) -> tuple[str, dict[str, int]]:
    """An account and a product with a price, told from others by a word."""
    word = f"Sl{uuid.uuid4().hex[:8]}"
    account = site.create("boss", "contacts.account", {"name": f"{word} buyer"})
    product = site.create("admin", "catalogue.product", {"code": word, "name": f"{word} desk"})
    with site.installation.env(SYSTEM, write=False) as env:
        rial = env.query("base.currency").where('code == "IRR"').ids(1)[0]
    prices = site.create("admin", "catalogue.price_list", {"name": f"{word} list", "currency": rial})
    site.create("admin", "catalogue.price", {"price_list": prices, "product": product, "amount": 1_000_000})
    quote = site.create("boss", "sales.quote", {"subject": f"{word} offer", "account": account, "currency": rial, "price_list": prices,
                                                 "language": lang})
    site.create("boss", "sales.quote_line", {"paper": quote, "product": product, "quantity": 3})
    return word, {"quote": quote, "account": account}


def press(page: Page, action: str) -> None:
    """Press the button of an action in the record's header."""
    page.locator(f'form[action$="/run/{action}"] button').first.click()
    dialog = page.locator("dialog[open] .btn-primary, dialog[open] .btn-danger")
    if action in ("issue",):
        dialog.first.click()


@LANGUAGES
def test_from_quote_to_paid_invoice(site: Site, page_as: PageAs, browser: Any, lang: str) -> None:
    _word, keys = goods(site, lang)
    page = page_as("boss", lang=lang)
    page.goto(f"/r/sales.quote/{keys['quote']}")
    press(page, "send")
    expect(page.locator(".code-box pre")).to_be_visible()
    link = page.locator(".code-box pre").inner_text()
    customer = browser.new_context().new_page()
    customer.goto(link)
    expect(customer.locator(".doc")).to_be_visible()
    assert customer.locator(".doc").get_attribute("dir") == ("rtl" if lang == "fa" else "ltr")
    amount = customer.locator(".doc-lines td.end, .doc-totals td")
    assert amount.evaluate_all("""cells => cells.filter((cell) => {
        const text = document.createRange();
        text.selectNodeContents(cell);
        const edge = cell.getBoundingClientRect().right - parseFloat(getComputedStyle(cell).paddingRight);
        return Math.abs(edge - text.getBoundingClientRect().right) > 2;
    }).map((cell) => cell.textContent)""") == [], "amounts end on the right in both scripts"
    customer.fill("#accept-name", "Ali Rezaei")
    customer.click(".doc-answers .btn-primary")
    expect(customer.locator(".level-success")).to_contain_text("Ali Rezaei")
    with customer.expect_download() as got:
        customer.click('a[href$="/pdf"]')
    assert got.value.suggested_filename.endswith(".pdf")
    customer.context.close()
    page.goto(f"/r/sales.quote/{keys['quote']}")
    press(page, "order")
    page.wait_for_url(re.compile(r"/r/sales\.order/\d+$"))
    press(page, "confirm")
    press(page, "invoice")
    page.wait_for_url(re.compile(r"/r/sales\.invoice/\d+$"))
    press(page, "issue")
    page.locator('form[action$="/run/pay"] button').first.click()
    page.wait_for_url(re.compile(r"/pay$"))
    page.locator(".form-page .btn-primary").click()
    page.wait_for_url(re.compile(r"/r/sales\.invoice/\d+$"))
    invoice = int(page.url.rpartition("/")[2])
    assert site.value("sales.invoice", invoice, "status") == "paid"
