"""The agents' desk by hand in both reading directions: by keys from ticket to ticket, a note and a reply apart, on a phone."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])


def new_ticket(page: Page, subject: str) -> None:
    """By the sheet of the desk."""
    page.goto("/x/tickets/desk?v=nobodys")
    page.keyboard.press("c")
    sheet = page.locator("dialog[open]")
    sheet.locator("[name=subject]").fill(subject)
    sheet.locator('.combo[data-name="account"] input[type=text]').fill("Ticket")
    page.locator('[role="option"]').first.click()
    with page.expect_navigation():
        sheet.locator(".btn-primary").first.click()


@LANGUAGES
def test_notes_and_replies_by_keys(page_as: PageAs, lang: str) -> None:
    word = f"Tk{uuid.uuid4().hex[:8]}"
    page = page_as("admin", lang=lang)
    page.goto("/r/contacts.account/new")
    page.fill("[name=name]", f"Ticket {word}")
    with page.expect_navigation():
        page.click(".form-foot .btn-primary")
    for turn in ("one", "two"):
        new_ticket(page, f"{word} {turn}")
    page.goto(f"/x/tickets/desk?v=nobodys&q={word}")
    expect(page.locator(".desk-line")).to_have_count(2)
    page.keyboard.press("j")
    expect(page.locator(".desk-line.current")).to_have_count(1)
    page.keyboard.press("n")
    note = page.locator(".composer-internal textarea")
    expect(note).to_be_focused()
    page.keyboard.type("He never pays")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator(".said-internal")).to_contain_text("He never pays")
    page.keyboard.press("r")
    expect(page.locator(".composer-public textarea")).to_be_focused()
    expect(page.locator(".composer-internal")).not_to_have_attribute("open", re.compile(".*"))
    page.keyboard.type("We look into it.")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator(".said-public:not(.said-in)")).to_contain_text("We look into it.")
    expect(page.locator(".said-internal")).to_have_count(1)
    before = page.locator(".desk-title h1").inner_text()
    page.keyboard.press("j")
    expect(page.locator(".desk-title h1")).not_to_have_text(before)
    page.set_viewport_size({"width": PHONE, "height": 844})
    expect(page.locator(".desk-list")).to_be_hidden()
    page.locator(".desk-back").click()
    expect(page.locator(".desk-line").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@LANGUAGES
def test_the_desk_is_alive(page_as: PageAs, site: Site, lang: str) -> None:
    word = f"Lv{uuid.uuid4().hex[:8]}"
    page = page_as("admin", lang=lang)
    one = site.create("admin", "tickets.ticket", {"subject": f"{word} one", "requester_email": f"{word}@else.example"})
    page.goto(f"/x/tickets/desk?v=nobodys&q={word}&t={one}")
    page.locator(".composer-public > summary").click()
    page.locator(".composer-public textarea").fill("Half a sen")
    page.wait_for_timeout(500)
    site.create("admin", "tickets.ticket", {"subject": f"{word} two", "requester_email": f"{word}@else.example"})
    site.create("admin", "tickets.message", {"ticket": one, "kind": "internal", "body": "<p>She called</p>"})
    look = "document.dispatchEvent(new CustomEvent('sarnakh:look'))"
    page.evaluate(look)
    expect(page.locator(".desk-line", has_text=f"{word} two")).to_be_visible(timeout=25_000)
    expect(page.locator(".said-internal")).to_contain_text("She called")
    expect(page.locator(".composer-public textarea")).to_have_value("Half a sen")
    page.locator(".desk-line [name=ids]").first.check()
    expect(page.locator("[data-bar]")).to_have_class(re.compile(r"\bon\b"))
    site.create("admin", "tickets.ticket", {"subject": f"{word} three", "requester_email": f"{word}@else.example"})
    page.evaluate(look)
    page.wait_for_timeout(1500)
    expect(page.locator(".desk-line [name=ids]:checked")).to_have_count(1)
