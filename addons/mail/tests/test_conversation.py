"""A conversation over real servers: out by SMTP, back by IMAP, each where it belongs."""

import email
from email import policy

import pytest
from werkzeug.test import Client

from addons.mail.parse import parse
from addons.messaging.queueing import Draft, queue
from core.api import SYSTEM, ValidationFailed
from core.testing.browser import host_of

pytestmark = pytest.mark.addons("mail", "leads")
CONTACT = "contacts.contact"
ANSWER = """From: Ayşe Kaya <Ayse@Example.org>
To: info@pars.example
Subject: Re: {subject}
Message-ID: <answer-{n}@example.org>
In-Reply-To: {number}
References: {number}
Date: Fri, 27 Nov 2026 00:00:0{n} +0000
Content-Type: text/plain; charset=utf-8

Thank you, that suits us.

On Thu, 26 Nov 2026 at 10:00 Pars <info@pars.example> wrote:
> Shall we meet?
"""


@pytest.fixture
def contact(installation, env_as):
    with env_as("sara") as env:
        return env.create(CONTACT, {"first_name": "Ayşe", "last_name": "Kaya", "email": "ayse@example.org"})


def written(post, env_as, contact, **more):
    """Sara writes to her contact; the raw mail that left."""
    with env_as("sara") as env:
        [key] = queue(env, [Draft("mail", "Ayşe Kaya <ayse@example.org>", "Shall we meet?", "Meeting", "<p>Shall we meet?</p>",
                                  about=[(CONTACT, contact)], person=(CONTACT, contact), **more)])
        env.commit()
    post.work()
    return key, post.smtp.mails[-1][2]


def test_a_mail_leaves_and_the_answer_stands_on_the_timeline(post, env_as, contact):
    post.mailbox(post.account())
    key, raw = written(post, env_as, contact)
    sent = email.message_from_bytes(raw, policy=policy.default)
    assert post.rows("messaging.message", "state")[0]["state"] == "sent"
    assert sent["To"] == "Ayşe Kaya <ayse@example.org>" and "شرکت پارس" in str(sent["From"])
    post.drop(ANSWER.format(subject="Meeting", number=sent["Message-ID"], n=1))
    post.fetch()
    with env_as("sara") as env:
        about = env.query("messaging.concern").holding("about", [contact], CONTACT).order("message").select("message").rows()
        query = env.query("messaging.message").select("direction", "body", "answers", "thread", "person", "html")
        rows = {r["id"]: r for r in query.rows()}
    came = next(r for r in rows.values() if r["direction"] == "in")
    assert [r["message"].id for r in about] == [key, came["id"]]
    assert came["body"] == "Thank you, that suits us." and "Shall we meet?" in came["html"] and "<blockquote>" in came["html"]
    assert came["answers"].id == key and came["thread"].id == rows[key]["thread"].id and came["person"].id == contact
    [entry] = post.ledger()
    assert (entry["outcome"], entry["message"].id) == ("imported", came["id"])

    with env_as("sara") as env:  # and her answer goes below theirs in every mail program
        queue(env, [Draft("mail", "ayse@example.org", "Good.", "Re: Meeting", answers=came["id"])])
        env.commit()
    post.work()
    back = parse(post.smtp.mails[-1][2])
    assert back.extra["in_reply_to"] == "<answer-1@example.org>" and back.references == (sent["Message-ID"], "<answer-1@example.org>")


def test_an_answer_without_references_finds_its_way_by_the_address_it_went_to(post, env_as, contact):
    post.mailbox(post.account(reply_key=True))
    key, raw = written(post, env_as, contact)
    to = email.message_from_bytes(raw, policy=policy.default)["Reply-To"].addresses[0]
    assert to.addr_spec.startswith("info+") and to.addr_spec.endswith("@pars.example") and to.display_name == "شرکت پارس"
    post.drop(f"From: ayse@example.org\nTo: {to.addr_spec}\nSubject: Meeting\nMessage-ID: <a@example.org>\n\nYes.\n")
    post.drop("From: eve@evil.example\nTo: info+aaaaaaaaaaaaaaaaaaaaaaaa@pars.example\nSubject: Hi\nMessage-ID: <e@evil.example>\n\nHi.\n")
    post.fetch()
    came = {r["counterpart"]: r["answers"] for r in post.rows("messaging.message", "counterpart", "answers", direction="in")}
    assert came["ayse@example.org"].id == key and came["eve@evil.example"] is None


def test_strangers_become_leads_and_machines_do_not(post):
    post.mailbox(post.account({"takes": "lead"}))
    post.drop("From: Reza <reza@stranger.example>\nSubject: Price?\nMessage-ID: <1@s>\n\nHow much?\n")
    post.drop("From: List <list@stranger.example>\nSubject: News\nMessage-ID: <2@s>\nAuto-Submitted: auto-generated\n\nNews\n")
    post.fetch()
    assert [r["email"] for r in post.rows("leads.lead", "email")] == ["reza@stranger.example"]
    assert sorted(r["automatic"] for r in post.rows("messaging.message", "automatic")) == [False, True]


def test_a_mail_that_comes_back_marks_its_message_and_the_address(post, env_as, contact):
    account = post.account()
    post.mailbox(account)
    key, raw = written(post, env_as, contact)
    sender = post.smtp.mails[-1][0]
    assert sender.startswith("bounce+")
    number = email.message_from_bytes(raw)["Message-ID"]
    post.drop(f"""From: MAILER-DAEMON@mx.example
To: {sender}
Subject: Undelivered Mail Returned to Sender
Message-ID: <b1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

User unknown

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ayse@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: text/rfc822-headers

Message-ID: {number}

--b--
""")
    post.drop("From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <b2@mx>\nX-Failed-Recipients: "
              "x@y.example\n\n550 5.1.1 user unknown\n")
    post.fetch()
    [row] = post.rows("messaging.message", "state", "reason")
    assert row["state"] == "bounced" and "5.1.1" in row["reason"]
    [consent] = post.rows("messaging.consent", "address", "state", "source")
    assert (consent["address"], consent["state"], consent["source"]) == ("ayse@example.org", "withdrawn", "bounce")
    assert [r["outcome"] for r in post.ledger()] == ["report", "skipped"]


@pytest.mark.parametrize(("charset", "text"), [("windows-1256", "سلام، قیمت چند است؟"), ("iso-8859-9", "Şişli'den selamlar, ğüıöç")])
def test_mails_in_old_character_sets(post, charset, text):
    post.mailbox(post.account())
    body = text.replace("ی", "ي") if charset == "windows-1256" else text
    post.drop(f"From: a@b.example\nSubject: x\nMessage-ID: <c@b>\nContent-Type: text/plain; charset={charset}\n"
              "Content-Transfer-Encoding: 8bit\n\n".encode() + body.encode(charset) + b"\n")
    post.fetch()
    assert post.rows("messaging.message", "body")[0]["body"].replace("ي", "ی") == text


def test_commercial_mails_say_how_to_opt_out_and_one_click_does_it(post, env_as, installation, outside):
    post.account()
    post.at_any_hour()
    with installation.env(SYSTEM) as env:
        env.create("messaging.consent", {"address": "ayse@example.org", "channel": "mail", "state": "given", "source": "form"})
        queue(env, [Draft("mail", "ayse@example.org", "Offer", "Offer", "<p>Offer</p>", kind="commercial", purpose="", language="en")])
    post.work()
    [(_sender, _to, raw)] = post.smtp.mails
    mail = email.message_from_bytes(raw, policy=policy.default)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and mail["Precedence"] == "bulk"
    url = str(mail["List-Unsubscribe"]).strip("<>")
    assert url.startswith(outside + "/x/messaging/stop/")
    text = mail.get_body(("plain",)).get_content()
    assert "/x/messaging/stop/" in text and "/x/messaging/stop/" in mail.get_body(("html",)).get_content()
    answer = Client(host_of(installation)).post(url.removeprefix(outside), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert [r["state"] for r in post.rows("messaging.consent", "state")] == ["given", "withdrawn"]


def test_nothing_typed_gets_into_a_header(post, env_as, contact):
    post.account()
    with env_as("sara") as env, pytest.raises(ValidationFailed):
        queue(env, [Draft("mail", "ayse@example.org\r\nBcc: all@example.org", "x", "x")])
    with env_as("sara") as env:
        queue(env, [Draft("mail", "ayse@example.org", "x", "Hello\r\nBcc: all@example.org\r\n\r\nfalse body")])
        env.commit()
    post.work()
    [(_sender, to, raw)] = post.smtp.mails
    mail = email.message_from_bytes(raw, policy=policy.default)
    assert to == ["ayse@example.org"] and mail["Bcc"] is None and "Hello Bcc" in mail["Subject"]


def test_a_copy_goes_to_the_folder_of_sent_mail_and_is_not_taken_for_a_new_one(post, env_as, contact):
    post.mailbox(post.account(), sent_folder="Sent", folders=["INBOX", "Sent"])
    key, raw = written(post, env_as, contact)
    post.work()
    [copy] = post.dovecot.mails("Sent")
    assert email.message_from_bytes(copy.read_bytes())["Message-ID"] == email.message_from_bytes(raw)["Message-ID"]
    post.drop("From: info@pars.example\nTo: x@y.example\nSubject: by phone\nMessage-ID: <phone@pars>\n\nx\n", folder="Sent")
    post.fetch()
    assert [(r["outcome"], r["message"].id if r["message"] else None) for r in post.ledger()] == [("linked", key), ("skipped", None)]
    assert len(post.rows("messaging.message", "id")) == 1
