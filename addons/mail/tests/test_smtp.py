"""Handing over mails: to a real server on loopback that answers as real ones do."""

from __future__ import annotations

import dataclasses

import pytest

from addons.mail import smtp
from addons.mail.compose import Draft, compose
from addons.mail.servers import NONE, STARTTLS, TLS
from addons.mail.smtp import Smtp
from addons.mail.testing import SmtpServer
from addons.messaging.contract import ACCEPTED, REJECTED, UNCERTAIN, Later, Refused


def mail(*to, **more):
    people = [("", one) for one in to or ("ayse@example.org",)]
    return compose(
        Draft(("Pars", "info@pars.example"), people, "سلام", more.pop("text", "متن\n.\n..نقطه"), key="abcdefgh", **more)
    )


@pytest.mark.parametrize("encryption", [NONE, STARTTLS, TLS])
def test_many_mails_go_over_one_connection(encryption):
    with SmtpServer(encryption) as there, Smtp(there.server()) as client:
        done = [client.deliver(mail(f"p{number}@example.org", bcc=[("", "hidden@example.org")])) for number in range(3)]
    assert [one.sent.state for one in done] == [ACCEPTED] * 3
    assert done[0].sent.id == "<s.abcdefgh.m@pars.example>"
    assert there.connected == 1
    assert [to for _from, to, _content in there.mails] == [
        [f"p{number}@example.org", "hidden@example.org"] for number in range(3)
    ]
    assert b"hidden" not in there.mails[0][2]


def test_lines_that_begin_with_a_dot_arrive():
    with SmtpServer() as there, Smtp(there.server()) as client:
        sent = dataclasses.replace(mail(), content=b"Subject: x\r\n\r\n.\r\n..a\n.b\r\n")
        client.deliver(sent)
    assert there.mails[0][2] == b"Subject: x\r\n\r\n.\r\n..a\r\n.b\r\n"


def test_password_in_any_script_and_a_wrong_one():
    with SmtpServer(TLS, password="گذرواژه") as there:
        with Smtp(there.server()) as client:
            assert client.deliver(mail()).sent.state == ACCEPTED
        with Smtp(there.server(password="wrong")) as client, pytest.raises(Refused):
            client.deliver(mail())
        smtp.check(there.server())
    assert len(there.mails) == 1


def test_access_tokens():
    with SmtpServer(TLS, password="x") as there:
        smtp.check(there.server(token="good-token"))
        with pytest.raises(Refused):
            smtp.check(there.server(token="stale"))


def test_a_certificate_that_nobody_vouches_for():
    with SmtpServer(TLS) as there:
        with pytest.raises(Refused, match="not trusted"):
            smtp.check(there.server(certificate=""))
        with pytest.raises(Refused, match="PEM"):
            smtp.check(there.server(certificate="nonsense"))


def test_the_wrong_encryption_is_named():
    with SmtpServer(NONE) as there:
        with pytest.raises(Refused, match="STARTTLS"):
            smtp.check(dataclasses.replace(there.server(), encryption=STARTTLS))
        with pytest.raises(Refused, match="does not speak TLS"):
            smtp.check(dataclasses.replace(there.server(), encryption=TLS))


def test_nobody_there():
    with SmtpServer() as there:
        server = there.server()
    with pytest.raises(Later):
        smtp.check(server)
    with pytest.raises(Refused, match="guarded"):
        smtp.check(dataclasses.replace(server, connect=None))


@pytest.mark.parametrize(
    "step,said,state,bad",
    [
        ("RCPT", "550 5.1.1 user unknown", REJECTED, True),
        ("RCPT", "550 no such user here", REJECTED, True),
        ("RCPT", "550 5.7.1 we do not like you", REJECTED, False),
        (".", "554 5.7.1 spam", REJECTED, False),
        ("DATA", "554 no valid recipients", REJECTED, False),
        ("MAIL", "552 5.3.4 too big", REJECTED, False),
    ],
)
def test_what_is_refused_for_good(step, said, state, bad):
    with SmtpServer() as there, Smtp(there.server()) as client:
        there.answers[step] = said
        done = client.deliver(mail()).sent
        assert (done.state, done.address_bad) == (state, bad)
        assert said[:3] in done.reason
        there.answers.clear()
        assert client.deliver(mail()).sent.state == ACCEPTED  # the next one is not held up
    assert there.connected == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "."])
def test_what_may_go_later(step):
    with SmtpServer() as there, Smtp(there.server()) as client:
        there.answers[step] = "451 4.7.1 greylisted"
        with pytest.raises(Later, match="greylisted"):
            client.deliver(mail())
        there.answers.clear()
        assert client.deliver(mail()).sent.state == ACCEPTED
    assert len(there.mails) == 1


def test_the_account_may_not_send():
    with SmtpServer() as there, Smtp(there.server()) as client:
        there.answers["MAIL"] = "550 5.7.1 sender not owned"
        with pytest.raises(Refused):
            client.deliver(mail())


def test_a_connection_that_breaks_before_the_mail_was_sent():
    for step in ("RCPT", "DATA"):
        with SmtpServer() as there, Smtp(there.server()) as client:
            there.answers[step] = "drop"
            with pytest.raises(Later):
                client.deliver(mail())
            there.answers.clear()
            assert client.deliver(mail()).sent.state == ACCEPTED
            assert there.connected == 2


@pytest.mark.parametrize("trouble", ["drop", "hang"])
def test_a_connection_that_breaks_after_it(trouble):
    with SmtpServer() as there, Smtp(there.server(timeout=0.5)) as client:
        there.answers["."] = trouble
        assert client.deliver(mail()).sent.state == UNCERTAIN
        there.answers.clear()
        assert client.deliver(mail()).sent.state == ACCEPTED


def test_some_recipients_are_refused():
    with SmtpServer() as there, Smtp(there.server()) as client:
        there.answers["RCPT:b@example.org"] = "550 5.1.1 unknown"
        done = client.deliver(mail("a@example.org", "b@example.org"))
        assert (done.sent.state, done.sent.code, list(done.refused)) == (ACCEPTED, "partial", ["b@example.org"])
        assert "b@example.org" in done.sent.reason.english()
        there.answers["RCPT:b@example.org"] = "452 4.2.2 mailbox full"
        assert client.deliver(mail("a@example.org", "b@example.org")).sent.code == "partial"
        there.answers["RCPT:b@example.org"] = "450 4.7.1 greylisted"
        with pytest.raises(Later):  # now for one and later for both would be twice for one
            client.deliver(mail("a@example.org", "b@example.org"))
    assert [to for _from, to, _content in there.mails] == [["a@example.org"]] * 2


def test_too_large_is_said_before_it_is_sent():
    with SmtpServer(size=20_000) as there, Smtp(there.server()) as client:
        done = client.deliver(mail(text="x" * 50_000)).sent
        assert done.state == REJECTED and "MB" in done.reason
        assert client.deliver(mail()).sent.state == ACCEPTED


def test_addresses_in_other_scripts():
    with SmtpServer() as there, Smtp(there.server()) as client:
        assert client.deliver(mail("سارا@پارس.example")).sent.state == ACCEPTED
    assert there.mails[0][1] == ["سارا@xn--mgbug11a.example"]
    with SmtpServer(utf8=False) as there, Smtp(there.server()) as client:
        assert client.deliver(mail("سارا@پارس.example")).sent.state == REJECTED
        assert client.deliver(mail("sara@پارس.example")).sent.state == ACCEPTED
