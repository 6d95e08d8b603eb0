"""An article by hand in both reading directions: written with a heading, a link, a table and a picture, published, read on a phone, voted
on, changed, compared."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, PageAs
from tests.browser.steps import pick

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffff3f0005fe02fea7358184"
                    "0000000049454e44ae426082")


def write(page: Page, picture: Path) -> None:
    """A text with the tools of the editor."""
    body = page.locator(".rt-body")
    body.click()
    page.keyboard.type("First steps")
    page.select_option(".rt-style", "h2")
    body.press("End")
    page.keyboard.press("Enter")
    page.select_option(".rt-style", "p")
    page.keyboard.type("Read the manual ")
    page.keyboard.press("Control+k")
    page.locator(".rt-ask input").fill("example.com/manual")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    with page.expect_response(re.compile(r"/picture$")):
        page.locator(".rt-bar input[type=file]").set_input_files(picture)
    page.locator(".rt-ask input").fill("A dot")
    page.keyboard.press("Enter")
    expect(body.locator("img[alt='A dot']")).to_have_count(1)
    page.locator(".rt-bar button:has(.bi-table)").click()
    expect(body.locator("td")).to_have_count(6)
    body.locator("td").first.click()
    page.keyboard.type("Cell")
    page.locator(".rt-bar button:has(.bi-node-plus)").click()
    expect(body.locator("td")).to_have_count(9)


@LANGUAGES
def test_written_published_read_and_compared(page_as: PageAs, tmp_path: Path, lang: str) -> None:
    word = f"Kn{uuid.uuid4().hex[:8]}"
    picture = tmp_path / "dot.png"
    picture.write_bytes(PNG)
    page = page_as("admin", lang=lang)
    page.goto("/r/knowledge.article")
    page.locator('a.btn-primary[href="/x/knowledge/new"]').first.click()
    page.fill("[name=title]", f"{word} guide")
    page.select_option("[name=language]", lang)
    page.locator('.combo[data-name="audience"] input[role=combobox]').press("Backspace")
    pick(page, "audience", "Everybody")
    page.click(".form-foot .btn-primary")
    page.wait_for_url("**/x/knowledge/edit/*")
    page.wait_for_selector("html[data-booted]")
    write(page, picture)
    page.click('button[name="do"][value="save"]')
    expect(page.locator('[data-toast][data-level="success"]')).to_be_visible()
    page.wait_for_selector("html[data-booted]")
    key = page.url.rsplit("/", 1)[1]

    visitor = page_as("", lang=lang, width=PHONE, allow=("404",))
    visitor.goto(f"/x/help/{lang}/search?q={word}")
    expect(visitor.locator(".help-card")).to_have_count(0)
    page.click('button[name="do"][value="publish"]')
    page.wait_for_url(f"**/r/knowledge.article/{key}")

    visitor.goto(f"/x/help/{lang}/search?q={word}")
    visitor.locator(".help-card a").click()
    expect(visitor.locator(".help-text h2")).to_have_text("First steps")
    expect(visitor.locator(".help-text a")).to_have_attribute("href", "https://example.com/manual")
    expect(visitor.locator(".help-text img")).to_have_js_property("naturalWidth", 1)
    assert visitor.locator("html").get_attribute("dir") == ("rtl" if lang == "fa" else "ltr")
    assert not visitor.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert [c for c in visitor.context.cookies() if c["name"] != "sarnakh_lang"] == []
    visitor.click('.help-vote button[value="no"]')
    visitor.fill("#comment", "One more picture")
    visitor.click(".help-vote button")
    expect(visitor.locator(".help-vote [role=status]")).to_be_visible()

    page.goto(f"/x/knowledge/edit/{key}")
    page.locator(".rt-body h2").click()
    page.keyboard.press("End")
    page.keyboard.type(" again")
    page.click('button[name="do"][value="publish"]')
    page.wait_for_url(f"**/r/knowledge.article/{key}")
    page.goto(f"/x/knowledge/versions/{key}")
    expect(page.locator(".knowledge-diff ins").first).to_contain_text("again")
    page.goto("/r/knowledge.feedback")
    expect(page.locator("tbody")).to_contain_text("One more picture")
