"""Mass sending by hand in both reading directions: from ticked leads over the check to the progress; consents; a link to withdraw."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from addons.messaging import accounts, consents, unsubscribing
from addons.messaging.contract import ACCEPTED, SECRET, Account, Outgoing, Provider, Sent, Setting
from core.api import SYSTEM, F, hookimpl, sign_link
from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])
LEAD = "leads.lead"


class Pocket(Provider):
    """A provider of SMS that keeps what it gets."""

    channel, name, label, currency = "sms", "pocket", "Pocket", "IRR"
    settings = (Setting("secret", "Secret", kind=SECRET, required=True),)
    batch = 100

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []

    def send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """Takes all."""
        self.taken += messages
        return [Sent(ACCEPTED, f"k{m.number}", cost=Decimal(900), currency="IRR", parts=1) for m in messages]


class Plugin:
    """Brings the provider."""

    def __init__(self) -> None:
        self.provider = Pocket()

    @hookimpl
    def providers(self, kind: str) -> list[Any]:
        """One for SMS."""
        return [self.provider] if kind == "sms" else []


@pytest.fixture
def pocket(site: Site) -> Iterator[Pocket]:
    """An account for SMS, and no quiet hours."""
    made = Plugin()
    registry = site.installation.registry
    registry.plugins.register(made)
    registry.memo.clear()
    with site.installation.env(SYSTEM) as env:
        key = accounts.save(env, None, made.provider, {"name": "Pocket", "sender": "3000", "price": Decimal(900), "price_currency": "IRR"},
                            {"secret": "s"})
        env.update("messaging.policy", env.query("messaging.policy").ids(), {"quiet_from": None, "quiet_to": None})
    yield made.provider
    with site.installation.env(SYSTEM) as env:
        env.update("messaging.account", key, {"active": False})
    registry.plugins.unregister(made)
    registry.memo.clear()


def people(site: Site, word: str) -> list[str]:
    """Three leads that agreed and one that did not; their numbers."""
    numbers = [f"+98912{uuid.uuid4().int % 10_000_000:07}" for _n in range(4)]
    site.create("admin", LEAD, [{"last_name": f"{word}{n}", "mobile": number, "preferred_language": "fa" if n else "en"}
                                for n, number in enumerate(numbers)])
    with site.installation.env(SYSTEM) as env:
        consents.record(env, [{"address": number, "channel": "sms", "state": "given", "source": "form"} for number in numbers[:3]])
    return numbers


@LANGUAGES
def test_from_the_list_to_the_result(page_as: PageAs, site: Site, pocket: Pocket, lang: str) -> None:
    word = f"Ms{uuid.uuid4().hex[:8]}"
    numbers = people(site, word)
    page = page_as("admin", lang=lang)
    page.goto(f"/r/{LEAD}?q={word}")
    page.locator("thead input[type=checkbox]").first.check()
    page.locator('[formaction$="/x/messaging/mass/leads.lead"]').first.evaluate("button => button.click()")
    page.wait_for_url("**/x/messaging/mass/leads.lead")
    page.wait_for_selector("html[data-booted]")
    page.fill("[name=text]", "Hello {{ last_name }} {{ city }}")
    page.fill("[name=name]", word)
    page.locator('button[value="check"]').click()
    expect(page.locator("#check")).to_be_focused()
    figures = page.locator(".mass-figures dd")
    three, one = ("3", "1") if lang == "en" else ("۳", "۱")
    expect(figures.nth(0)).to_have_text(three)
    expect(figures.nth(1)).to_have_text(one)
    expect(page.locator(".mass-sample")).to_have_count(3)
    expect(page.locator(".mass-sample").first).to_contain_text(f"Hello {word}")
    expect(page.locator(".mass-check .level-warning")).to_be_visible()
    page.set_viewport_size({"width": PHONE, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator('button[value="start"]').click()
    page.wait_for_url("**/r/messaging.batch/*")
    expect(page.locator("#progress .tile-value").nth(1)).to_have_text(three, timeout=30_000)
    assert {m.to for m in pocket.taken if word in m.text} == set(numbers[:3])
    with page.expect_download() as got:
        page.locator('a[href$="/result.csv"]').click()
    assert len(got.value.path().read_text("utf-8-sig").splitlines()) == 5
    page.set_viewport_size({"width": PHONE, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@LANGUAGES
def test_consent_by_hand_and_by_link(page_as: PageAs, site: Site, pocket: Pocket, lang: str) -> None:
    number = f"+98935{uuid.uuid4().int % 10_000_000:07}"
    key = site.create("admin", LEAD, {"last_name": "Consent", "mobile": number})
    page = page_as("admin", lang=lang)
    page.goto(f"/r/{LEAD}/{key}")
    page.locator(f'a[href="/x/messaging/consent/{LEAD}/{key}?state=given"]').click()
    sheet = page.locator("dialog[open]")
    sheet.locator("[name=proof]").fill("On the phone")
    with page.expect_navigation():
        sheet.locator(".btn-primary").first.click()
    expect(page.locator(".consent-lines .tint-green").first).to_be_visible()
    with site.installation.env(SYSTEM) as env:
        token = sign_link(env, unsubscribing.LINK, ["sms", number, "news"], env.now + unsubscribing.LIFE)
    visitor = page_as("", lang=lang, width=PHONE)
    visitor.goto(f"/x/messaging/stop/{lang}/{token}")
    expect(visitor.locator("html")).to_have_attribute("dir", "rtl" if lang == "fa" else "ltr")
    visitor.locator('button[value="all"]').click()
    expect(visitor.locator("[data-done]")).to_be_visible()
    with site.installation.env(SYSTEM) as env:
        assert env.query(LEAD).with_ids([key]).where(F.do_not_sms).exists()


@LANGUAGES
def test_notifications_are_chosen(page_as: PageAs, lang: str) -> None:
    page = page_as("reza", lang=lang, width=PHONE)
    page.goto("/me")
    page.goto("/x/messaging/notifications")
    box = page.locator('input[value="mention mail"]')
    was = box.is_checked()
    box.set_checked(not was)
    with page.expect_navigation():
        page.locator("form:has(.matrix) .btn-primary").click()
    expect(page.locator('input[value="mention mail"]')).to_be_checked(checked=not was)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
