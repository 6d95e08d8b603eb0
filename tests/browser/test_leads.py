"""What belongs to leads: out of colleagues' sight, converted and back, sent in by visitors."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import PageAs
from tests.browser.site import Site, eventually

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])
LEAD = "leads.lead"
SECONDS_OF_A_PERSON = 3_200
"""Forms sent faster than a person could fill them in are held back."""


@LANGUAGES
def test_private_lead_is_nowhere(site: Site, page_as: PageAs, lang: str, tmp_path: object) -> None:
    """A colleague finds Sara's lead by no list, search, palette, export or address; Sara by all of them."""
    secret = f"Zq{uuid.uuid4().hex[:10]}"
    key = site.create("sara", LEAD, {"last_name": secret, "company": secret, "email": f"{secret.lower()}@example.com"})
    seen = {}
    for login in ("sara", "omid"):
        page = page_as(login, lang, allow=("status of 404",))
        page.goto(f"{steps.LEADS}?s=1&q={secret}")
        found = [secret in page.locator("main .list-page").inner_text().replace(f'"{secret}"', "")
                 and page.locator(steps.ROWS).count() == 1]
        page.goto(f"/search?q={secret}")
        found.append(page.locator(f'main a[href^="/r/{LEAD}/{key}"]').count() > 0)
        page.keyboard.press("Control+k")
        with page.expect_response(lambda r: "/palette" in r.url and secret in r.url) as answer:
            page.locator(".palette input").fill(secret)
        found.append(f"/r/{LEAD}/{key}" in answer.value.text())
        exported = page.request.get(f"/r/{LEAD}/export?s=1&q={secret}")
        token = re.search(r'name="csrf_token" value="([^"]+)"', exported.text())
        sent = page.request.post(f"/r/{LEAD}/export", form={"csrf_token": token[1] if token else "", "s": "1", "q": secret,
                                                           "format": "csv", "which": "all"})
        assert sent.ok
        found.append(secret.lower() in sent.text().lower())
        answer_page = page.goto(f"/r/{LEAD}/{key}")
        found.append(answer_page is not None and answer_page.status == 200)
        found.append(page.request.get(f"/card/{LEAD}/{key}").ok)
        seen[login] = found
    assert seen == {"sara": [True] * 6, "omid": [False] * 6}


@LANGUAGES
def test_conversion_and_its_way_back(site: Site, page_as: PageAs, lang: str) -> None:
    """A lead becomes an account and a contact with its notes, and is taken back."""
    unique = uuid.uuid4().hex[:8]
    key = site.create("sara", LEAD, {"first_name": "Mahin", "last_name": f"M{unique}", "company": f"Convert {unique}",
                                     "email": f"m{unique}@example.com", "mobile": "09123334455"})
    page = page_as("sara", lang)
    page.goto(f"/r/{LEAD}/{key}")
    page.locator(".record-actions .btn-primary").first.click()
    page.wait_for_url("**/convert")
    expect(page.locator("[data-convert] section.box")).not_to_have_count(0)
    page.locator("[data-convert] .btn-primary").click()
    page.wait_for_url(re.compile(r"/r/[a-z.]+/\d+$"))
    page.goto(f"/r/{LEAD}/{key}?tab=conversion_tab")
    account = page.locator('[data-field="converted_account"] a')
    expect(account).to_contain_text(f"Convert {unique}")
    page.goto(str(account.get_attribute("href")))
    expect(page.locator("h1")).to_contain_text(f"Convert {unique}")
    steps.take_back_conversion(page, key)
    eventually(lambda: site.value(LEAD, key, "status") != "converted")
    assert site.value(LEAD, key, "converted_account") is None


@LANGUAGES
def test_visitors_form_becomes_a_raw_lead(site: Site, page_as: PageAs, lang: str) -> None:
    """A manager makes a form; a visitor fills it in, in its language; a raw lead is there."""
    unique = uuid.uuid4().hex[:8]
    form = site.create("mina", "leads.web_form", {
        "name": f"Form {unique}", "title": "تماس با ما", "language": lang, "active": True, "owner": site.user("sara"),
        "shown": ["first_name", "last_name", "email", "mobile", "description"], "needed": ["last_name", "email"]})
    manager = page_as("mina", lang)
    manager.goto(f"/x/leads/forms/{form}/embed")
    address = str(manager.locator("a[href^='/x/leads/form/']").first.get_attribute("href"))
    visitor = page_as("", "en" if lang == "fa" else "fa", width=390)
    visitor.goto(address)
    expect(visitor.locator("html")).to_have_attribute("lang", lang)
    visitor.locator('input[name="last_name"]').fill("بازدیدکننده")
    visitor.locator('input[name="email"]').fill(f"v{unique}@example.com")
    visitor.locator('input[name="mobile"]').fill("۰۹۱۲۷۷۷۸۸۹۹")
    visitor.wait_for_timeout(SECONDS_OF_A_PERSON)
    visitor.locator("form .btn-primary").click()
    expect(visitor.locator("[data-thanks]")).to_be_visible()
    page = page_as("sara", lang)
    page.goto(f"{steps.LEADS}?s=1&filter.status=raw&q=v{unique}")
    expect(page.locator(steps.ROWS)).to_have_count(1)
    expect(page.locator(".title-link")).to_contain_text("بازدیدکننده")
