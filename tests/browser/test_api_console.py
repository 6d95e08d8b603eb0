"""The API's console in Chromium: a request is typed, sent with the person's rights, and its answer stands there as text."""

from __future__ import annotations

import os
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site

SHOTS = os.environ.get("SARNAKH_TEST_SHOTS", "")
LEAD = "leads.lead"


@pytest.mark.parametrize(("lang", "width"), [("fa", 1440), ("en", PHONE)])
def test_a_request_is_tried(site: Site, page_as: PageAs, lang: str, width: int) -> None:
    word = f"<b>Co{uuid.uuid4().hex[:8]}</b>"
    page = page_as("sara", lang, width=width)
    page.goto("/x/api/docs/leads.lead")
    page.locator(f'a[href*="console?method=POST"][href$="{LEAD}"]').first.click()
    answer = page.locator("[data-console-answer]")
    code = answer.locator("pre")
    expect(page.locator("select[name=method]")).to_have_value("POST")
    expect(page.locator("input[name=path]")).to_have_value(f"/api/v1/records/{LEAD}")
    page.locator("textarea[name=body]").fill(f'{{"last_name": "{word}"}}')
    page.keyboard.press("Control+Enter")
    expect(answer).to_contain_text("201")
    expect(code).to_contain_text(word)  # as text, not as what it would be in a page
    expect(code).to_contain_text("Location: /api/v1/records/leads.lead/")
    page.locator("select[name=method]").select_option("GET")
    page.locator("input[name=path]").fill(f"/api/v1/records/{LEAD}/count")
    page.locator("form button[type=submit].btn-primary").last.click()
    expect(code).to_contain_text('"count"')
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for elsewhere in ("/admin", "//evil.example/api/v1", "/api/v1/../../admin", "/api/v1/records/../../../logout", "/api/v1x"):
        page.locator("input[name=path]").fill(elsewhere)
        page.keyboard.press("Enter")
        expect(answer.locator("[data-console-line]")).to_contain_text("/api/v1")
    assert not [url for url in asked if any(part in url for part in ("/admin", "/logout", "evil", "v1x"))]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if SHOTS:
        page.locator("input[name=path]").fill(f"/api/v1/records/{LEAD}?limit=2&fields=last_name,status")
        page.keyboard.press("Enter")
        expect(code).to_contain_text('"records"')
        page.screenshot(path=f"{SHOTS}/console-{lang}.png", full_page=True)
