"""Mail with tickets, activities and sales."""

import email
import email.message
from email import policy
from urllib.parse import parse_qs

import pytest
from icalendar import Calendar

from addons.activities import ical_import, ical_read, invitations
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


def reply(invited, sender, who="ayse@example.org", number=1):
    """The mail with which a calendar program answers."""
    event = Calendar.from_ical(invited).walk("VEVENT")[0]
    content = (f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{event['UID']}\r\n"
               f"SEQUENCE:{event['SEQUENCE']}\r\nDTSTAMP:2027010{number}T000000Z\r\nDTSTART:20270101T000000Z\r\n"
               f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{who}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    mail = email.message.EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, "post@example.com", "Accepted: Talk", f"<{number}@guests>"
    mail.set_content("Yes")
    mail.add_alternative(content.encode(), "text", "calendar", params={"method": "REPLY"})
    return bytes(mail)


def test_answers_that_come_by_mail_stand_beside_the_guests(post, env_as):
    post.mailbox(post.account())
    with env_as("sara") as env:
        key = env.create("activities.activity", {"kind": "meeting", "subject": "Talk", "starts_at": env.now, "ends_at": env.now})
        env.create("activities.guest", {"activity": key, "name": "Ayşe", "email": "ayse@example.org"})
        invited = invitations.invite(env, key)
        env.commit()
    with env_as("reza") as env:  # the same file among somebody else's activities is no second invitation
        ical_import.take(env, ical_import.plan(env, ical_read.read(invited, env.tz).entries))
        env.commit()
    for number, (sender, who) in enumerate((("thief@example.net", "ayse@example.org"), ("thief@example.net", "thief@example.net"),
                                            ("ayse@example.org", "thief@example.net")), 1):
        post.drop(reply(invited, sender, who, number))
    post.fetch()
    assert [g["answer"] for g in post.rows("activities.guest", "answer")] == ["waiting"]
    post.drop(reply(invited, "Ayşe <Ayse@example.org>", number=4))
    post.fetch()
    assert [g["answer"] for g in post.rows("activities.guest", "answer")] == ["accepted"]


def test_an_invitation_from_outside_is_answered_by_mail(post, env_as, installation):
    post.account()
    with env_as("sara") as env:
        outside = (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:out\r\n"
                   b"DTSTAMP:20260101T000000Z\r\nSUMMARY:Lunch\r\nDTSTART:20270101T100000Z\r\nORGANIZER:mailto:host@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
        ical_import.take(env, ical_import.plan(env, ical_read.read(outside, env.tz).entries))
        [key] = env.query("activities.activity").ids()
        env.commit()
    answer = Visitor(installation, user_id(installation, "sara")).post(f"/x/activities/{key}/answer", {"answer": "accepted"})
    assert answer.mimetype == "text/calendar"
    post.work()
    [(_sender, to, raw)] = post.smtp.mails
    mail = email.message_from_bytes(raw, policy=policy.default)
    part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    assert to == ["host@example.org"] and part.get_param("method") == "REPLY" and mail["Subject"] == "Accepted: Lunch"


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
