"""Mails about mails, as servers and programs really write them, and mails that only look so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.mail.automatic import why_automatic
from addons.mail.bounces import report
from addons.mail.compose import message_id
from addons.mail.parse import parse, read

OURS = message_id("k3y_abcdefgh", "pars.example")


def dsn(
    action="failed",
    status="5.1.1",
    said="smtp; 550 5.1.1 <x@y.example>: user unknown",
    to="bounce@pars.example",
    original=OURS,
    kind="text/rfc822-headers",
):
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: <{to}>\r\nSubject: Undelivered Mail Returned to Sender\r\nDate: Fri, 27 Nov 2026 10:00:00 +0000\r\n"  # noqa: E501
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nI'm sorry to have to inform you\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; x@y.example\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {said}\r\n\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\nMessage-ID: {original}\r\nSubject: hello\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    "raw,state,code,bad",
    [
        (dsn(), "bounced", "5.1.1", True),
        (dsn(kind="message/rfc822"), "bounced", "5.1.1", True),
        (dsn(status="5.0.0", said="smtp; 550 5.2.2 mailbox full"), "bounced", "5.2.2", False),
        (dsn(status="5.7.1", said="smtp; 550 5.7.1 spam"), "bounced", "5.7.1", False),
        (dsn("delayed", "4.4.1", "smtp; connection timed out"), "sent", "4.4.1", False),
        (dsn("delivered", "2.0.0", "smtp; 250 ok"), "delivered", "2.0.0", False),
        (dsn("relayed", "2.0.0", ""), "sent", "2.0.0", False),
    ],
)
def test_reports_of_servers(raw, state, code, bad):
    told = report(raw)
    assert (told.state, told.code, told.address_bad, told.key, told.id) == (state, code, bad, "k3y_abcdefgh", OURS)
    assert "x@y.example" in told.reason and told.at is not None
    assert parse(raw).automatic


def test_of_several_recipients_the_worst_counts():
    raw = dsn("delivered", "2.0.0", "ok").replace(
        b"\r\n\r\n--b\r\nContent-Type: text/rfc822",
        b"\r\n\r\nFinal-Recipient: rfc822; z@y.example\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822",
    )
    assert (report(raw).state, report(raw).reason.split(":")[0]) == ("bounced", "z@y.example")


def test_the_address_it_returns_to_tells_the_key():
    told = report(dsn(to="bounce+an0ther_key@pars.example", original="<other@x>"))
    assert (told.key, told.id) == ("an0ther_key", "<other@x>")
    assert report(dsn(to="someone+else_key@pars.example", original="<other@x>")).key == ""
    assert report(dsn(to="bounce+<script>@pars.example", original="<other@x>")).key == ""


def test_complaints():
    raw = (
        f"From: fbl@big.example\r\nTo: abuse@pars.example\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nThis is abuse\r\n"  # noqa: E501
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: X/1\r\nVersion: 1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {OURS}\r\nFrom: info@pars.example\r\n\r\nx\r\n--b--\r\n"
    ).encode()
    told = report(raw)
    assert (told.state, told.unwanted, told.key, told.code, told.address_bad) == (
        "complained",
        True,
        "k3y_abcdefgh",
        "abuse",
        False,
    )
    assert report(raw.replace(b"Type: abuse", b"Type: not-spam")) is None


def test_receipts():
    raw = (
        f"From: x@y.example\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\n\r\nread\r\n"
        f"--b\r\nContent-Type: message/disposition-notification\r\n\r\nOriginal-Message-ID: {OURS}\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"  # noqa: E501
    )
    assert (report(raw.encode()).state, report(raw.encode()).key) == ("read", "k3y_abcdefgh")
    assert report(raw.replace("displayed", "deleted").encode()) is None


QMAIL = f"""From: MAILER-DAEMON@mx.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<x@y.example>:
550 5.1.1 Sorry, no mailbox here by that name.

--- Below this line is a copy of the message.

Message-ID: {OURS}
Subject: hello
"""
EXIM = f"""From: Mail Delivery System <Mailer-Daemon@mx.example>
X-Failed-Recipients: x@y.example
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

  x@y.example
    host mx [1.2.3.4]: 550 User unknown

Message-ID: {OURS}
"""
OTHERS = [
    ("Mail delivery failed", "550 5.1.1 user unknown"),
    ("İletiniz teslim edilemedi", "550 5.1.1 Kullanıcı yok"),
    ("پیام شما تحویل داده نشد", "550 5.1.1 کاربر وجود ندارد"),
]


@pytest.mark.parametrize(
    "raw",
    [
        QMAIL,
        EXIM,
        *(
            f"From: postmaster@mx.example\nSubject: =?utf-8?q?{''.join(f'={byte:02X}' for byte in subject.encode())}?=\n"
            f"References: {OURS}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
            for subject, text in OTHERS
        ),
    ],
)
def test_what_keeps_to_no_standard(raw):
    told = report(raw.encode())
    assert (told.state, told.key, told.address_bad) == ("bounced", "k3y_abcdefgh", True)
    assert "550" in told.reason


def test_a_warning_is_not_the_end():
    told = report(
        f"From: mailer-daemon@mx.example\nSubject: Warning: message delayed 24 hours\nReferences: {OURS}\n\nYour message could not be delivered. "  # noqa: E501
        "It will be retried.\n450 4.2.0 greylisted\n".encode()
    )
    assert (told.state, told.key, told.address_bad) == ("sent", "k3y_abcdefgh", False)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.example\nSubject: Mail delivery failed\n\n550 5.1.1 user unknown - what does this mean?",
        b"From: a@b.example\nSubject: hi\n\nhello",
        b"From: postmaster@b.example\nSubject: Welcome\n\nYour box is ready.",
        b"",
        b"Return-Path: <>\nFrom: a@b.example\nAuto-Submitted: auto-replied\nSubject: away\n\nundeliverable until Monday",
    ],
)
def test_what_people_write_is_no_report(raw):
    assert report(raw) is None


@given(st.binary(max_size=300), st.integers(0, 900))
@settings(max_examples=120, deadline=None)
def test_any_broken_report_is_one_or_none(noise, place):
    raw = dsn()
    report(raw[:place] + noise + raw[place + len(noise) :])


# ---------------------------------------------------------------- machines
@pytest.mark.parametrize(
    "head,why",
    [
        ("Auto-Submitted: auto-replied", "auto-submitted"),
        ("Auto-Submitted: auto-generated; x=y", "auto-submitted"),
        ("Auto-Submitted: no", ""),
        ("X-Autoreply: yes", "auto-submitted"),
        ("Precedence: bulk", "bulk"),
        ("Precedence: list", "list"),
        ("List-Id: <x.y>", "list"),
        ("List-Unsubscribe: <mailto:x@y>", "list"),
        ("Return-Path: <>", "returned"),
        ("Return-Path: <a@b.example>", ""),
        ("X-Auto-Response-Suppress: All", "suppressed"),
        ("X-Auto-Response-Suppress: DR", ""),
        ("From: no-reply@x.example", "sender"),
        ("From: noreply+1@x.example", "sender"),
        ("From: MAILER-DAEMON@x.example", "sender"),
        ("From: nora@x.example", ""),
        ("Subject: Automatic reply: hello", "subject"),
        ("Subject: Out of Office", "subject"),
        ("Subject: Otomatik Yanıt: x", "subject"),
        ("Subject: Ofis dışındayım", "subject"),
        ("Subject: پاسخ خودکار: فاکتور", "subject"),
        ("Subject: در مرخصی هستم", "subject"),
        ("Subject: Automatic doors for sale", ""),
        ("Subject: Re: invoice", ""),
        ("Subject: مرخصی کارکنان", ""),
    ],
)
def test_machines(head, why):
    assert why_automatic(read(f"{head}\r\n\r\nx".encode())) == why
    assert parse(f"{head}\r\n\r\nx".encode()).automatic == bool(why)
