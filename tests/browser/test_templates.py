"""A template by hand in both reading directions: blocks added, moved, changed and deleted, a field put in, the preview, the source, a
phone."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffff3f0005fe02fea7358184"
                    "0000000049454e44ae426082")
LEAD = "leads.lead"


def kinds(page: Page) -> list[str]:
    """The blocks as they would be saved."""
    return [block["kind"] for block in json.loads(page.locator("[data-design]").input_value())]


def begin(page: Page, name: str, channel: str) -> str:
    """A new template about leads; the address of its page."""
    page.goto("/r/messaging.template")
    page.locator('a.btn-primary[href="/x/messaging/template/new"]').first.click()
    page.fill("[name=name]", name)
    page.select_option("[name=record_type]", LEAD)
    page.select_option("[name=channel]", channel)
    page.click(".form-foot .btn-primary, form .btn-primary[type=submit]")
    page.wait_for_url("**/x/messaging/template/*")
    page.wait_for_selector("html[data-booted]")
    return page.url.split("?")[0]


@LANGUAGES
def test_a_mail_is_designed_and_previewed(page_as: PageAs, site: Site, tmp_path: Path, lang: str) -> None:
    word = f"Tm{uuid.uuid4().hex[:8]}"
    site.create("admin", LEAD, {"last_name": word, "first_name": "Ali"})
    picture = tmp_path / "dot.png"
    picture.write_bytes(PNG)
    page = page_as("admin", lang=lang)
    url = begin(page, word, "mail")
    page.goto(f"{url}?lang={lang}")
    page.fill("[name=subject]", "Hello ")
    page.locator(".template-fields > summary").click()
    page.fill("[data-field-filter]", "last_name")
    page.locator('[data-insert="{{ last_name }}"]').first.click()
    expect(page.locator("[name=subject]")).to_have_value("Hello {{ last_name }}")
    page.locator(".design .rt-body").first.click()
    page.keyboard.type("Dear {{ first_name }}, {{ email }}")
    for kind in ("heading", "button", "picture", "columns", "footer"):
        page.locator(f'[data-add="{kind}"]').click()
    assert kinds(page) == ["text", "heading", "button", "picture", "columns", "footer"]
    page.locator('[data-kind="heading"] [data-part="text"]').fill("Big news")
    page.locator('[data-kind="heading"] [data-part="text"]').press("Alt+ArrowUp")
    assert kinds(page)[:2] == ["heading", "text"]
    page.locator('[data-kind="button"] [data-part="text"]').fill("Press")
    page.locator('[data-kind="button"] [data-part="url"]').fill("https://example.com/")
    page.locator('[data-kind="footer"] [data-grip]').drag_to(page.locator('[data-kind="columns"]'), target_position={"x": 40, "y": 3})
    assert kinds(page)[-2:] == ["footer", "columns"]
    page.locator('[data-kind="columns"] [data-delete]').click()
    assert "columns" not in kinds(page)
    page.locator("[data-design-undo] button").click()
    assert kinds(page)[-1] == "columns"
    with page.expect_response("**/picture"):
        page.locator('[data-kind="picture"] [data-choose]').set_input_files(picture)
    expect(page.locator("[data-picture]")).to_have_js_property("naturalWidth", 1)
    frame = page.frame_locator("iframe[name=template-preview]")
    expect(frame.locator("h1")).to_have_text("Big news")
    expect(frame.locator(".subject")).to_have_text(f"Hello {word}")
    expect(frame.locator(".sheet")).to_contain_text("Dear Ali")
    expect(frame.locator("mark")).to_have_count(1)
    expect(frame.locator(".lack")).to_be_visible()
    expect(frame.locator("img")).to_have_js_property("naturalWidth", 1)
    expect(frame.locator("html")).to_have_attribute("dir", "rtl" if lang == "fa" else "ltr")
    page.locator('input[name="width"][value="phone"]').check()
    assert page.locator(".template-frame").bounding_box()["width"] <= 376  # type: ignore[index]  # it is visible
    page.click('button[name="do"][value="save"]')
    expect(page.locator('[data-toast][data-level="success"]')).to_be_visible()
    page.wait_for_selector("html[data-booted]")
    assert kinds(page) == ["heading", "text", "button", "picture", "footer", "columns"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.click('button[name="do"][value="source"]')
    if page.locator("dialog[open]").count():
        page.locator("dialog[open] .btn-primary, dialog[open] .btn-danger").first.click()
    page.locator("textarea[name=body]").wait_for()
    assert "max-width:600px" in page.locator("textarea[name=body]").input_value()


@LANGUAGES
def test_an_sms_on_a_phone_and_its_mistake(page_as: PageAs, site: Site, lang: str) -> None:
    word = f"Ts{uuid.uuid4().hex[:8]}"
    site.create("admin", LEAD, {"last_name": word})
    page = page_as("admin", lang=lang, width=PHONE, allow=("422",))
    begin(page, word, "sms")
    page.fill("[name=body]", "Hello {{ nonsense }}")
    page.click('button[name="do"][value="save"]')
    expect(page.locator('[data-field="body"] .error')).to_contain_text("nonsense")
    page.fill("[name=body]", "سلام {{ last_name }}")
    frame = page.frame_locator("iframe[name=template-preview]")
    expect(frame.locator(".sms")).to_contain_text(f"سلام {word}")
    page.click('button[name="do"][value="save"]')
    expect(page.locator('[data-toast][data-level="success"]')).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_without_scripts(page_as: PageAs, site: Site) -> None:
    word = f"Tn{uuid.uuid4().hex[:8]}"
    site.create("admin", LEAD, {"last_name": word})
    key = site.create("admin", "messaging.template", {"name": word, "record_type": LEAD, "channel": "sms"})
    page = page_as("admin", lang="en", scripts=False)
    page.goto(f"/x/messaging/template/{key}?lang=en")
    page.fill("[name=body]", "Hello {{ last_name }}")
    page.locator("[data-show]").click()
    expect(page.frame_locator("iframe[name=template-preview]").locator(".sms")).to_have_text(f"Hello {word}")
    page.click('button[name="do"][value="save"]')
    expect(page.locator("[name=body]")).to_have_value("Hello {{ last_name }}")
