"""A form that comes in another arrangement when the field that says the kind is changed: what was typed and where one was stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from core.api import SYSTEM, change_customising
from tests.browser.conftest import PageAs
from tests.browser.site import Site

LEAD = "leads.lead"
LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])


@pytest.fixture(autouse=True)
def hot_leads(site: Site) -> Iterator[None]:
    """Hot leads have their job title behind the name, and no company."""
    def keep(data: object) -> None:
        for kind in ("form", "quick"):
            with site.installation.current().env(SYSTEM) as env:
                change_customising(env, "layout", f"{LEAD}|{kind}|kind:rating=hot", data and {
                    "format": 1, "record": LEAD, "kind": kind, "changes": data})
        site.installation.current()

    keep([{"do": "insert", "target": "job_title", "anchors": [{"after": "last_name"}], "node": {"id": "job_title", "kind": "field"}},
          {"do": "hide", "target": "company"}])
    yield
    keep(None)


def text(page: Page, name: str) -> str:
    return page.locator(f'[name="{name}"]').input_value()


@LANGUAGES
def test_the_form_rearranges_while_it_is_filled_in(page_as: PageAs, lang: str) -> None:
    page = page_as("sara", lang)
    page.goto(f"/r/{LEAD}/new")
    page.locator('[name="last_name"]').fill("Karimi")
    page.locator('[name="company"]').fill("Aftab")
    page.locator('[name="email"]').fill("not an address")
    rating = page.locator('select[name="rating"]')
    rating.focus()
    rating.select_option("hot")
    expect(page.locator('[data-field="company"]')).to_have_count(0)
    expect(page.locator('[name="company"]')).to_have_value("Aftab")
    assert (text(page, "last_name"), text(page, "email"), text(page, "rating")) == ("Karimi", "not an address", "hot")
    assert page.evaluate("document.activeElement.name") == "rating"
    expect(page.locator("[data-unsaved]").first).to_be_visible()
    assert page.locator(".error").count() == 0
    page.locator('select[name="rating"]').select_option("cold")
    expect(page.locator('[data-field="company"]')).to_have_count(1)
    assert text(page, "company") == "Aftab"
    page.locator('select[name="rating"]').select_option("hot")
    expect(page.locator('[data-field="company"]')).to_have_count(0)
    page.locator('[name="email"]').fill("k@example.com")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator("h1, .record-title").first).to_contain_text("Karimi")
    page.goto(f"{page.url.split('?')[0]}/edit")
    assert page.locator('[data-field="company"]').count() == 0
    page.locator('select[name="rating"]').select_option("cold")
    expect(page.locator('[data-field="company"] input')).to_have_value("Aftab")


def test_keys_pressed_meanwhile_are_not_lost(page_as: PageAs) -> None:
    page = page_as("sara", "en")
    page.goto(f"/r/{LEAD}/new")

    def slowly(route: Route) -> None:
        if route.request.method == "POST":
            page.wait_for_timeout(600)
        route.continue_()

    page.route("**/new", slowly)
    page.locator('select[name="rating"]').select_option("hot")
    page.locator('[name="last_name"]').fill("Typed while it came")
    expect(page.locator('[data-field="company"]')).to_have_count(0)
    assert text(page, "last_name") == "Typed while it came" and page.evaluate("document.activeElement.name") == "last_name"


@LANGUAGES
def test_without_scripts_there_is_a_button(page_as: PageAs, lang: str) -> None:
    page = page_as("sara", lang, scripts=False)
    page.goto(f"/r/{LEAD}/new")
    page.locator('[name="last_name"]').fill("Karimi")
    page.locator('[name="company"]').fill("Aftab")
    page.locator('select[name="rating"]').select_option("hot")
    page.locator('button[value="arrange"]').click()
    expect(page.locator('[data-field="company"]')).to_have_count(0)
    assert text(page, "last_name") == "Karimi" and page.locator('input[type="hidden"][name="company"]').get_attribute("value") == "Aftab"


def test_in_a_side_sheet(page_as: PageAs) -> None:
    page = page_as("sara", "en")
    page.goto(f"/r/{LEAD}/quick")
    page.locator('[name="last_name"]').fill("Karimi")
    page.locator('select[name="rating"]').select_option("hot")
    expect(page.locator('[data-field="job_title"]')).to_have_count(1)
    assert text(page, "last_name") == "Karimi"
