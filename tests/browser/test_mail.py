"""A conversation by mail in the browser, over a real SMTP server and a real box, in both reading directions."""

from __future__ import annotations

import email
import uuid
from collections.abc import Iterator
from email import policy

import pytest
from playwright.sync_api import expect

from addons.mail.provider import Smtp
from addons.mail.testing import PASSWORD, USER, Dovecot, SmtpServer
from addons.messaging import accounts
from addons.messaging.testing import HOST
from core.api import SYSTEM
from core.settings import Outward
from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site, eventually

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])
ANSWER = """From: Ayşe Kaya <{address}>
To: info@pars.example
Subject: Re: Offer
Message-ID: <{word}@example.org>
In-Reply-To: {number}
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p style="color: #0a0">Thank you, {word}.</p><script>document.title = "hacked"</script><img src="https://spy.example/x.png">
<blockquote>The old text {word}</blockquote>
"""


@pytest.fixture(scope="module")
def servers(site: Site) -> Iterator[tuple[Dovecot, SmtpServer]]:
    """Both servers, and an account for everybody over them."""
    settings = site.installation.settings
    before = settings.outward
    object.__setattr__(settings, "outward", Outward(allowed=(HOST,)))
    with Dovecot() as box, SmtpServer() as smtp:
        with site.installation.env(SYSTEM) as env:
            account = accounts.save(env, None, Smtp(), {"name": "Post", "position": 1}, {
                "host": HOST, "port": str(smtp.port), "encryption": "none", "from_address": "info@pars.example", "auth": "none"})
            env.create("mail.mailbox", {"name": "Post", "account": account, "protocol": "imap", "host": HOST, "port": box.ports["imaps"],
                                        "encryption": "tls", "user": USER, "secret": PASSWORD, "certificate": box.certificate})
        yield box, smtp
        with site.installation.env(SYSTEM) as env:
            env.update("messaging.account", account, {"active": False})
    object.__setattr__(settings, "outward", before)


@LANGUAGES
def test_a_conversation_by_mail(page_as: PageAs, site: Site, servers: tuple[Dovecot, SmtpServer], lang: str) -> None:
    box, smtp = servers
    word = f"W{uuid.uuid4().hex[:8]}"
    address = f"{word.lower()}@example.org"
    contact = site.create("sara", "contacts.contact", {"first_name": "Ayşe", "last_name": word, "email": address})
    page = page_as("sara", lang=lang)
    page.goto(f"/x/messaging/compose?record=contacts.contact&id={contact}&channel=mail&subject=Offer&text=<p>Hello {word}</p>")
    page.locator("#msg-send").click(no_wait_after=True)
    page.wait_for_url(f"**/r/contacts.contact/{contact}*", timeout=40_000)  # the first page of its kind is compiled now
    raw = eventually(lambda: next((m[2] for m in smtp.mails if m[1] == [address]), None))
    sent = email.message_from_bytes(raw, policy=policy.default)
    box.drop(ANSWER.format(address=address, word=word, number=sent["Message-ID"]).encode())
    with site.installation.env(SYSTEM) as env:
        env.enqueue("mail.fetch", {})

    def came() -> int | None:
        with site.installation.env(SYSTEM, write=False) as env:
            rows = env.query("messaging.message").where(f'counterpart == "{address}" and direction == "in"').select("thread").rows()
            return rows[0]["thread"].id if rows else None
    thread = eventually(came)
    page.goto(f"/x/messaging/thread/{thread}")
    frame = page.frame_locator(".msg-in iframe.mail-frame")
    expect(frame.locator(".mail-text p")).to_contain_text(f"Thank you, {word}.")
    expect(frame.locator("blockquote")).to_be_hidden()
    frame.locator("summary").press("Enter")  # a click may meet the frame while it grows
    expect(frame.locator("blockquote")).to_be_visible()
    expect(frame.locator(".mail-pictures")).to_be_visible()
    assert frame.locator("script").count() == 0 and "hacked" not in page.title()
    height = page.locator(".msg-in iframe.mail-frame").evaluate("f => f.offsetHeight - f.contentDocument.body.scrollHeight")
    assert -2 <= height <= 40, "the frame is as high as its text"
    page.set_viewport_size({"width": PHONE, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.goto(f"/r/contacts.contact/{contact}")
    expect(page.locator("body")).to_contain_text(f"Thank you, {word}.")


@LANGUAGES
def test_the_box_of_an_account_is_set_up_and_checked(page_as: PageAs, site: Site, servers: tuple[Dovecot, SmtpServer], lang: str) -> None:
    box, smtp = servers
    with site.installation.env(SYSTEM) as env:
        account = accounts.save(env, None, Smtp(), {"name": f"Own {lang}", "person": site.user("sara"), "position": 90}, {
            "host": HOST, "port": str(smtp.port), "encryption": "none", "from_address": "sara@pars.example", "auth": "none"})
    page = page_as("sara", lang=lang)
    page.goto(f"/x/messaging/account/{account}")
    page.locator(f'a[href="/x/mail/box/{account}"]').first.click()
    page.wait_for_url(f"**/x/mail/box/{account}")
    page.fill("[name=host]", HOST)
    page.fill("[name=port]", str(box.ports["imaps"]))
    page.fill("[name=user]", USER)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=certificate]", box.certificate)
    page.locator("form .btn-primary[type=submit], .form-foot .btn-primary").first.click()
    page.wait_for_load_state()
    page.locator(f'form[action="/x/mail/box/{account}/check"] button, button[formaction$="/check"]').first.click()
    expect(page.locator("body")).to_contain_text("INBOX")
    with site.installation.env(SYSTEM) as env:
        env.update("messaging.account", account, {"active": False})
