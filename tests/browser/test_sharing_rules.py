"""The form of a sharing rule in Chromium: it shows what the chosen kind needs and says, live, what the rule would open."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageAs
from tests.browser.site import Site


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_a_rule_shows_what_fits_and_what_it_opens(site: Site, page_as: PageAs, lang: str) -> None:
    site.create("sara", "leads.lead", {"last_name": "Karimi", "company": "Pars"})
    page = page_as("admin", lang)
    page.goto("/admin/sharing/rules/new")
    owners, criteria = page.locator('[data-field="owners"]'), page.locator('[data-field="criteria"]')
    expect(owners).to_be_visible()
    expect(criteria).to_be_hidden()
    page.locator('input[name="kind"][value="criteria"]').check()
    expect(owners).to_be_hidden()
    expect(criteria).to_be_visible()
    page.locator("#f-record_type").select_option("leads.lead")
    page.locator("#f-share_with").select_option(f"user:{site.user('omid')}")
    page.locator("#f-criteria").fill('last_name == "nobody is called so"')
    hint = page.locator(".hint-live")
    expect(hint).to_have_count(1)
    expect(hint).to_contain_text("۰" if lang == "fa" else "0 records to 1 person")
    page.locator("#f-criteria").fill("no_such_field == 1")
    expect(page.locator(".hint-live.level-error")).to_be_visible()
