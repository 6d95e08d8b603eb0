"""Mail with tickets, activities and sales."""

import email
from email import policy
from urllib.parse import parse_qs

import pytest

from addons.activities import invitations
from addons.tickets import conversation
from core.api import SYSTEM
from core.testing.browser import Visitor
from core.testing.factories import make
from core.testing.plugin import user_id

pytestmark = pytest.mark.addons("mail", "tickets", "activities", "sales")


def test_a_ticket_is_opened_answered_and_answered_again(post, installation, env_as):
    post.mailbox(post.account({"takes": "ticket"}))
    post.drop("From: Reza <reza@customer.example>\nSubject: Printer\nMessage-ID: <1@customer>\n\nIt does not print.\n")
    post.fetch()
    [ticket] = post.rows("tickets.ticket", "subject", "channel")
    assert (ticket["subject"], ticket["channel"]) == ("Printer", "email")
    with installation.env(SYSTEM) as env:
        env.update("tickets.ticket", ticket["id"], {"owner": user_id(installation, "admin")})
    with env_as("admin") as env:
        conversation.say(env, ticket["id"], "public", "Is it switched on?")
        env.commit()
    post.work()
    raw = email.message_from_bytes(post.smtp.mails[-1][2], policy=policy.default)
    assert raw["In-Reply-To"] == "<1@customer>" and "Printer" in raw["Subject"]
    post.drop(f"From: reza@customer.example\nSubject: Re: Printer\nMessage-ID: <2@customer>\nIn-Reply-To: {raw['Message-ID']}\n\n"
              "It was not.\n")
    post.fetch()
    assert len(post.rows("tickets.ticket", "id")) == 1
    assert [r["body"] for r in post.rows("tickets.message", "body", "direction") if r["direction"] == "in"][-1].strip() in (
        "It was not.", "<p>It was not.</p>")


def test_guests_are_invited_by_a_mail_that_calendars_understand(post, env_as, installation):
    post.account()
    with env_as("sara") as env:
        key = env.create("activities.activity", {"kind": "meeting", "subject": "Talk", "starts_at": env.now, "ends_at": env.now})
        env.create("activities.guest", {"activity": key, "name": "Ayşe", "email": "ayse@example.org"})
        invitations.invite(env, key)
        env.commit()
    post.work()
    [(_sender, to, raw)] = post.smtp.mails
    mail = email.message_from_bytes(raw, policy=policy.default)
    part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    assert to == ["ayse@example.org"] and part.get_param("method") == "REQUEST" and "Talk" in mail["Subject"]


def test_a_quote_goes_by_mail_with_its_pdf(post, installation, env_as):
    post.account()
    with installation.env(SYSTEM) as env:
        quote = make(env, "sales.quote")
        env.derive("sales.quote", {quote: {"status": "sent"}})
    visitor = Visitor(installation, user_id(installation, "admin"))
    assert "Send by e-mail" in visitor.get(f"/r/sales.quote/{quote}").get_data(as_text=True)
    answer = visitor.post(f"/x/sales_mail/quote/{quote}")
    assert answer.status_code == 303
    page = visitor.get(answer.headers["Location"]).get_data(as_text=True)
    assert ".pdf" in page and "/x/sales/p/" in page


def test_a_paper_mailed_twice_is_kept_once(installation, env_as, post):
    post.account()
    with installation.env(SYSTEM) as env:
        quote = make(env, "sales.quote")
        env.derive("sales.quote", {quote: {"status": "sent"}})
    visitor = Visitor(installation, user_id(installation, "admin"))

    def mailed():
        return parse_qs(visitor.post(f"/x/sales_mail/quote/{quote}").headers["Location"])["files"]
    mailed()  # it gets its number
    first = mailed()
    assert mailed() == first
    with installation.env(SYSTEM) as env:
        env.derive("sales.quote", {quote: {"status": "accepted"}})
        env.update("base.company", env.query("base.company").ids(limit=1), {"name": "Another name"})
    assert mailed() != first, "one that says something else is kept anew"
