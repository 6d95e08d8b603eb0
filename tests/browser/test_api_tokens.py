"""Tokens in Chromium: made in a person's own settings, shown once, good at the API, ended by a click."""

from __future__ import annotations

import os
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from core.security import accounts
from core.security.actor import SYSTEM
from core.testing.plugin import PASSWORD
from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site

SHOTS = os.environ.get("SARNAKH_TEST_SHOTS", "")


def asked(site: Site, token: str) -> int:
    """The status of a request with a token."""
    call = urllib.request.Request(f"{site.address}/api/v1/types", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(call) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_a_token_is_made_used_and_ended(site: Site, page_as: PageAs, lang: str) -> None:
    with site.installation.env(SYSTEM) as env:
        accounts.keeper(env).set_password(env, site.user("reza"), PASSWORD)
    page = page_as("reza", lang, width=PHONE if lang == "en" else 1440)
    page.goto("/x/api/tokens")
    page.locator('a[href="/x/api/tokens/new"]').click()
    page.locator("#f-name").fill("Script")
    page.locator('input[name="current"]').fill(PASSWORD)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/token-form-{lang}.png", full_page=True)
    page.locator('button.btn-primary[type="submit"]').click()
    token = page.locator(".code-box pre").inner_text().strip()
    assert token.startswith("snk_") and asked(site, token) == 200
    page.locator('a.btn-primary[href="/x/api/tokens"]').click()
    expect(page.locator("table")).to_contain_text("Script")
    expect(page.locator("body")).not_to_contain_text(token)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/tokens-{lang}.png", full_page=True)
        for name, address in (("docs", "/x/api/docs"), ("type", "/x/api/docs/leads.lead")):
            page.goto(address)
            page.screenshot(path=f"{SHOTS}/{name}-{lang}.png", full_page=True)
        page.goto("/x/api/tokens")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("table form button").first.click()
    confirm = page.locator("dialog[open] button.btn-danger, dialog[open] button.btn-primary")
    if confirm.count():
        confirm.first.click()
    expect(page.locator("table")).to_have_count(0)
    assert asked(site, token) == 401
