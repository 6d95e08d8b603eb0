"""A product from its first form to a price somebody understands, and a configurator that answers while one chooses."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from core.security.actor import SYSTEM
from tests.browser import steps
from tests.browser.conftest import PageAs
from tests.browser.site import Site
from tests.web_theme.gallery import violations

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])


def money_of(site: Site) -> int:
    """The rial."""
    with site.installation.env(SYSTEM) as env:
        return int(env.query("base.currency").where('code == "IRR"').ids(1)[0])


@LANGUAGES
def test_a_product_gets_a_price_that_says_why(site: Site, page_as: PageAs, lang: str) -> None:
    """Made by hand, put into a list that is made by hand, and asked for."""
    unique = uuid.uuid4().hex[:6]
    page = page_as("admin", lang)
    page.goto("/r/catalogue.product/new")
    page.fill('input[name="code"]', f"C{unique}")
    page.fill('input[name="name"]', f"Thing {unique}")
    page.keyboard.press("Control+s")
    page.wait_for_url(lambda url: "/new" not in url)
    product = page.url.rpartition("/")[2].partition("?")[0]
    held = site.create("admin", "catalogue.price_list", {"name": f"List {unique}", "currency": money_of(site), "priority": 5})
    page.goto(f"/r/catalogue.price/new?price_list={held}&product={product}")
    page.fill('input[name="amount"]', "۱۲۵۰" if lang == "fa" else "1250")
    page.keyboard.press("Control+s")
    page.wait_for_url(lambda url: "/new" not in url)

    page.goto("/x/catalogue/check")
    steps.pick(page, "product", f"Thing {unique}", within="main")
    page.fill('input[name="quantity"]', "4")
    page.locator("main .form-foot .btn-primary").click()
    page.wait_for_url("**/check?**")
    assert "1250" in steps.latin(page.locator(".cat-price").inner_text())
    assert "5000" in steps.latin(page.locator(".cat-sum").inner_text())
    expect(page.locator(".cat-why li").first).to_contain_text(f"List {unique}")
    expect(page.locator("main table .badge")).to_have_count(1)


def server(site: Site) -> tuple[int, Any]:
    """A product with two questions and its price."""
    unique = uuid.uuid4().hex[:6]
    rial = money_of(site)
    with site.installation.env(SYSTEM) as env:
        product = env.create("catalogue.product", {"code": f"S{unique}", "name": f"Server {unique}", "kind": "bundle"})
        cpu = env.create("catalogue.option_group", {"product": product, "name": "CPU", "minimum": 1})
        care = env.create("catalogue.option_group", {"product": product, "name": "Care", "maximum": None})
        small, large = env.create("catalogue.option", [
            {"group": cpu, "name": "Small", "chosen": True},
            {"group": cpu, "name": "Large", "price_method": "amount", "amount": 500, "currency": rial}])
        gold = env.create("catalogue.option", {"group": care, "name": "Gold", "price_method": "percent", "percent": 10,
                                               "requires": [large]})
        held = env.create("catalogue.price_list", {"name": f"Servers {unique}", "currency": rial, "priority": 9})
        env.create("catalogue.price", {"price_list": held, "product": product, "amount": Decimal(2000)})
    return product, (cpu, large, care, gold)


@LANGUAGES
def test_the_configurator_answers_at_once(site: Site, page_as: PageAs, lang: str) -> None:
    """What does not fit is said while one chooses, and the price follows; without scripts the button does it."""
    product, (cpu, large, care, gold) = server(site)
    page = page_as("admin", lang)
    page.goto(f"/x/catalogue/configure?product={product}&currency={money_of(site)}")
    price = page.locator("[data-price]")
    assert "2000" in steps.latin(price.inner_text())
    page.locator(f'input[name="g{care}"][value="{gold}"]').check()
    expect(page.locator("[data-problems]")).to_contain_text("Large")
    page.locator(f'input[name="g{cpu}"][value="{large}"]').check()
    expect(page.locator("[data-problems]")).to_be_hidden()
    page.wait_for_function("() => document.querySelector('[data-price]').textContent.length > 3")
    assert "2700" in steps.latin(price.inner_text())
    page.keyboard.press("Tab")
    plain = page_as("admin", lang, scripts=False)
    plain.goto(f"/x/catalogue/configure?product={product}&currency={money_of(site)}")
    plain.locator(f'input[name="g{cpu}"][value="{large}"]').check()
    plain.locator("main .form-foot .btn-primary").click()
    assert "2500" in steps.latin(plain.locator("[data-price]").inner_text())


@pytest.mark.parametrize("lang,theme", [("fa", "light"), ("en", "dark")])
def test_axe_finds_nothing_in_the_catalogue(site: Site, page_as: PageAs, lang: str, theme: str) -> None:
    """The pages of its own, with something on them."""
    product, _options = server(site)
    page, found = page_as("admin", lang, theme=theme), {}
    for path in (f"/x/catalogue/check?product={product}", f"/x/catalogue/configure?product={product}&currency={money_of(site)}",
                 f"/x/catalogue/compare?product={product}", f"/r/catalogue.product/{product}", "/r/catalogue.price_list/new"):
        page.goto(path)
        if wrong := violations(page):
            found[path] = wrong
    assert found == {}
