"""The whole way by hand, in both reading directions: lead, deal, quote, PDF, order, invoice, payment, won deal, customer."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from core.security.actor import SYSTEM
from tests.browser.conftest import PageAs
from tests.browser.site import Site
from tests.browser.test_sales import goods, press

DEAL, LEAD = "deals.deal", "leads.lead"


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_from_a_lead_to_the_money(site: Site, page_as: PageAs, lang: str) -> None:
    word = f"Lc{uuid.uuid4().hex[:8]}"
    lead = site.create("boss", LEAD, {"last_name": word, "company": f"Firm {word}", "email": f"{word}@example.com".lower(),
                                      "status": "new"})
    page = page_as("boss", lang)
    page.goto(f"/x/leads/{lead}/convert")
    page.locator(f'input[name="{DEAL}"][value="create"]').check()
    page.locator("[data-convert] .btn-primary").click()
    page.wait_for_url(re.compile(rf"/r/{DEAL}/\d+$"))
    deal = int(page.url.rsplit("/", 1)[1])

    _name, priced = goods(site, lang)
    with site.installation.env(SYSTEM) as env:  # the priced draft of that test becomes this deal's quote
        account = env.query(DEAL).with_ids([deal]).select("account").rows()[0]["account"].id
        env.update("sales.quote", priced["quote"], {"account": account, "deal": deal})
    page.goto(f"/r/sales.quote/{priced['quote']}")
    press(page, "send")
    expect(page.locator(".code-box pre")).to_be_visible()
    page.goto(f"/r/sales.quote/{priced['quote']}")
    with page.expect_download() as paper:
        page.evaluate(f"location.href = '/x/sales/quote/{priced['quote']}/pdf'")
    assert paper.value.path().read_bytes().startswith(b"%PDF")
    worth = site.value("sales.quote", priced["quote"], "total")
    assert site.value(DEAL, deal, "amount") == worth, "the primary quote says what the deal is worth"
    page.locator('details:has(form[action$="/run/accept"]) > summary').first.click()
    press(page, "accept")
    expect(page.locator('form[action$="/run/order"] button').first).to_be_visible()
    press(page, "order")
    page.wait_for_url(re.compile(r"/r/sales\.order/\d+$"))
    press(page, "confirm")
    press(page, "invoice")
    page.wait_for_url(re.compile(r"/r/sales\.invoice/\d+$"))
    invoice = int(page.url.rsplit("/", 1)[1])
    press(page, "issue")
    page.locator('form[action$="/run/pay"] button').first.click()
    page.wait_for_url(re.compile(r"/pay$"))
    page.locator(".form-page .btn-primary").click()
    page.wait_for_url(re.compile(r"/r/sales\.invoice/\d+$"))
    assert site.value("sales.invoice", invoice, "status") == "paid"

    page.goto(f"/x/deals/{deal}/won")
    page.locator('select[name="reason"]').select_option(index=1)
    page.locator(".form-foot .btn-primary").click()
    page.wait_for_url(re.compile(rf"/r/{DEAL}/{deal}$"))
    expect(page.locator(".level-locked")).to_be_visible()
    assert (site.value(DEAL, deal, "status"), site.value(DEAL, deal, "actual_amount")) == ("won", worth)
    assert site.value("contacts.account", account, "type") == "customer"
