"""Messages by hand in both reading directions: written from a lead and delivered, answered in the inbox while they come in, and an
account set up by its manager. The channels are those of the fixture addon `pigeons`."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from addons.messaging import accounts, receiving, reporting
from addons.messaging.contract import Incoming, Report
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import Templates, open_installation, shipped_addons
from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site, eventually, served

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])
FOLDERS = (str(Path(__file__).parents[1] / "fixtures" / "addons"),)


@pytest.fixture(scope="module")
def lofts(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the channels of the tests, and an account of each."""
    url = templates.url("sqlite", (*shipped_addons(), "pigeons"), FOLDERS)
    installation = open_installation(url, tmp_path_factory.mktemp("lofts") / "data", folders=FOLDERS)
    with installation.env(SYSTEM) as env:
        for channel, name in (("pigeon", "loft"), ("letter", "post")):
            provider = accounts.providers(env, channel)[name]
            accounts.save(env, None, provider, {"name": f"Main {name}", "sender": "+98100" if name == "loft" else "info@pars.example",
                                                "price": "1180", "price_currency": "IRR"}, {"key": "k"})
    with served(installation) as made:
        visitor = Visitor(installation, made.user("sara"))
        first = made.create("sara", "leads.lead", {"last_name": "First", "mobile": number()})
        for path in (f"/r/leads.lead/{first}", "/x/messaging/inbox"):
            assert visitor.get(path).status_code == 200  # what is made once is made before somebody waits for it
        yield made
    installation.close()


def rows(site: Site, *paths: str) -> list[dict[str, Any]]:
    with site.installation.env(SYSTEM, write=False) as env:
        return env.query("messaging.message").order("id").select("state", "body", "counterpart", *paths).rows()


def came(site: Site, sender: str, text: str) -> None:
    with site.installation.env(SYSTEM) as env:
        row = next(r for r in accounts.rows(env, None) if r["channel"] == "pigeon")
        receiving.receive(env, row, [Incoming(uuid.uuid4().hex, sender, text=text)])


def number() -> str:
    return "+98912" + str(uuid.uuid4().int)[:7]


@LANGUAGES
def test_a_message_is_written_from_a_lead_and_delivered(page_as: PageAs, lofts: Site, lang: str) -> None:
    word, mobile = f"Lead{uuid.uuid4().hex[:6]}", number()[:-1] + "1"
    key = lofts.create("sara", "leads.lead", {"last_name": word, "mobile": mobile})
    page = page_as("sara", lang=lang, at=lofts)
    page.goto(f"/r/leads.lead/{key}")
    page.locator(".composer a[href*='channel=pigeon']").click()
    sheet = page.locator("dialog[open]")
    expect(sheet.locator("[name=recipient] option").first).to_contain_text(word)
    text = "x" * 75
    sheet.locator("[name=body]").fill(text)
    expect(sheet.locator("[data-cost]")).to_contain_text("2,360" if lang == "en" else "۲٬۳۶۰")
    sheet.locator("[name=kind]").select_option("commercial")
    expect(sheet.locator("[data-consent]")).to_be_visible()
    expect(sheet.locator("[data-consent]")).to_have_class(re.compile("level-error"))
    sheet.locator("[name=kind]").select_option("service")
    sheet.locator("[name=body]").press("Control+Enter")
    entry = page.locator(".timeline .entry", has_text=text)
    expect(entry).to_be_visible()
    eventually(lambda: rows(lofts)[-1]["state"] == "sent")
    with lofts.installation.env(SYSTEM) as env:
        found = next(r for r in accounts.rows(env, None) if r["channel"] == "pigeon")
        ids = [m["external"] for m in env.query("messaging.message").holding("counterpart", [mobile]).select("external").rows()]
        assert reporting.apply(env, found["id"], [Report("delivered", i) for i in ids]) == 1
    page.reload()
    expect(page.locator(".timeline .entry", has_text=text).locator(".tint-green")).to_be_visible()
    page.set_viewport_size({"width": PHONE, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@LANGUAGES
def test_the_inbox_by_keys_and_alive(page_as: PageAs, lofts: Site, lang: str) -> None:
    word, mobile = f"Ask{uuid.uuid4().hex[:6]}", number()[:-1] + "2"
    lofts.create("sara", "contacts.contact", {"last_name": word, "mobile": mobile})
    page = page_as("sara", lang=lang, at=lofts)
    page.goto("/x/messaging/inbox")
    came(lofts, mobile, f"{word} when?")
    page.evaluate("document.dispatchEvent(new CustomEvent('sarnakh:look'))")
    line = page.locator(".inb-line", has_text=word)
    expect(line).to_be_visible(timeout=25_000)
    expect(page.locator("[data-live-count=messaging]").first).to_be_visible()
    line.locator("a").click()
    expect(page.locator(".msg-in")).to_contain_text(f"{word} when?")
    page.keyboard.press("r")
    area = page.locator(".inb-reply textarea")
    expect(area).to_be_focused()
    area.fill(f"{word} tomorrow")
    expect(page.locator("[data-count-at]")).not_to_be_empty()
    page.reload()
    expect(area).to_have_value(f"{word} tomorrow")
    with page.expect_navigation():
        area.press("Control+Enter")
    expect(page.locator(".msg-out")).to_contain_text(f"{word} tomorrow")
    came(lofts, mobile, f"{word} thanks")
    page.evaluate("document.dispatchEvent(new CustomEvent('sarnakh:look'))")
    expect(page.locator(".msg-in").nth(1)).to_contain_text(f"{word} thanks", timeout=25_000)
    page.set_viewport_size({"width": PHONE, "height": 844})
    expect(page.locator(".inb-list")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".inb-back").click()
    expect(page.locator(".inb-line").first).to_be_visible()


@LANGUAGES
def test_an_account_is_set_up_and_tested(page_as: PageAs, lofts: Site, lang: str) -> None:
    page = page_as("admin", lang=lang, at=lofts)
    page.goto("/x/messaging/account/new")
    page.locator("a[href$='/new/pigeon/loft']").first.click()
    name = f"Loft {uuid.uuid4().hex[:6]}"
    page.fill("[name=name]", name)
    page.fill("[name='settings.key']", "Zqxsecret")
    with page.expect_navigation():
        page.locator(".form-foot .btn-primary").click()
    expect(page.locator("[name='settings.key']")).to_have_value("")
    assert "Zqxsecret" not in page.content()
    with page.expect_navigation():
        page.locator("form[action$='/check'] button").click()
    expect(page.locator("[data-toast][data-level=success]")).to_be_visible()
    page.locator("a[href$='/test']").click()
    sheet = page.locator("dialog[open]")
    sheet.locator("[name=to]").fill("+989120000000")
    with page.expect_navigation():
        sheet.locator(".btn-primary").click()
    expect(page.locator(".tint-red", has_text="")).not_to_have_count(0, timeout=25_000)
    expect(page.locator(".work")).to_contain_text("Too far for a pigeon.", timeout=25_000)


def test_without_scripts_a_message_is_sent_as_well(page_as: PageAs, lofts: Site) -> None:
    key = lofts.create("sara", "leads.lead", {"last_name": "Plain", "mobile": number()[:-1] + "3"})
    page: Page = page_as("sara", lang="en", at=lofts, scripts=False)
    page.goto(f"/r/leads.lead/{key}")
    page.locator(".composer a[href*='channel=pigeon']").click()
    page.fill("[name=body]", "Sent by a plain form")
    page.locator("button[name=go]").click()
    expect(page.locator(".timeline .entry", has_text="Sent by a plain form")).to_be_visible()
