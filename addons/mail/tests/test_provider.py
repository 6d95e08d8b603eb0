"""The provider: from a message and an account to a mail at the server."""

from __future__ import annotations

from dataclasses import replace

import dkim
import pytest

from addons.mail import signing
from addons.mail.hooks import providers
from addons.mail.parse import parse
from addons.mail.provider import LaterAfterSome, Smtp
from addons.mail.servers import NONE, TLS
from addons.mail.testing import SmtpServer
from addons.messaging.contract import ACCEPTED, BY_HAND, REJECTED, SECRET, Account, File, Later, Outgoing, Refused
from core import outward
from core.settings import Outward

GOOD = {"host": "smtp.pars.example", "encryption": TLS, "from_address": "info@pars.example", "user": "info", "password": "p"}


def account(there, allowed=("127.0.0.1",), **more):
    settings = {
        "host": "127.0.0.1",
        "port": there.port,
        "encryption": there.encryption,
        "certificate": there.certificate,
        "from_address": "info@pars.example",
        "from_name": "شرکت پارس",
        "auth": "none",
    }
    return Account(1, "Mail", settings | more, http=outward.session(Outward(allowed=allowed)))


def message(number=1, to="ayse@example.org", **more):
    return Outgoing(number, f"key_number_{number}", to, **({"subject": "فاکتور", "text": "سلام"} | more))


def test_it_is_offered_for_mail_only():
    assert [one.name for one in providers("mail")] == ["smtp"] and providers("sms") == []
    assert Smtp.repeats == BY_HAND and {one.name for one in Smtp.settings if one.kind == SECRET} == {
        "password",
        "oauth_secret",
        "dkim_key",
    }


def test_everything_of_a_message_arrives():
    extra = {
        "to": [("Ayşe", "ayse@example.org"), ("", "ali@example.org")],
        "cc": [("", "c@example.org")],
        "bcc": [("", "b@example.org")],
        "in_reply_to": "<q@x>",
        "references": ["<p@x>"],
        "unsubscribe": "https://pars.example/u/1",
        "automatic": True,
        "headers": {"X-Ticket": "12"},
        "calendar": "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR",
    }
    with SmtpServer() as there:
        sent = Smtp().send(
            account(there, bounces="bounce@pars.example"),
            [message(html="<p>سلام</p>", kind="commercial", files=[File("فاکتور.pdf", b"PDF", "application/pdf")], extra=extra)],
        )
    assert [(one.state, one.id) for one in sent] == [(ACCEPTED, "<s.key_number_1.m@pars.example>")]
    envelope, recipients, content = there.mails[0]
    assert envelope == "bounce+key_number_1@pars.example"
    assert recipients == ["ayse@example.org", "ali@example.org", "c@example.org", "b@example.org"]
    back = parse(content)
    assert (back.name, back.sender, back.subject, back.text, back.references) == (
        "شرکت پارس",
        "info@pars.example",
        "فاکتور",
        "سلام",
        ("<p@x>", "<q@x>"),
    )
    assert [file.name for file in back.files] == ["invite.ics", "فاکتور.pdf"] and back.extra["to"] == extra["to"]
    assert (
        back.extra["headers"]["Auto-Submitted"] == "auto-generated"
        and back.extra["headers"]["List-Unsubscribe"] == "<https://pars.example/u/1>"
    )
    assert b"X-Ticket: 12" in content and b"b@example.org" not in content


def test_it_signs():
    pair = signing.new_key("rsa")
    with SmtpServer() as there:
        Smtp().send(account(there, dkim_domain="pars.example", dkim_selector="s1", dkim_key=pair.private), [message()])
    assert dkim.verify(there.mails[0][2], dnsfunc=lambda name, timeout=5: pair.record.encode())


def test_the_same_message_has_the_same_number_each_time():
    with SmtpServer() as there:
        first, second = (Smtp().send(account(there), [message()])[0].id for _time in range(2))
    assert first == second


def test_access_tokens_and_passwords():
    with SmtpServer(TLS, password="گذرواژه") as there:
        assert Smtp().send(account(there, auth="password", user="sara", password="گذرواژه"), [message()])[0].state == ACCEPTED
        signed_in = replace(account(there, auth="oauth", user="sara"), access=lambda: "good-token")
        assert Smtp().send(signed_in, [message()])[0].state == ACCEPTED
        for wrong in (
            {"auth": "password", "user": "sara", "password": "x"},
            {"auth": "oauth", "user": "sara"},
        ):
            with pytest.raises(Refused):
                Smtp().send(account(there, **wrong), [message()])


def test_a_server_in_our_own_network_is_not_reached():
    with SmtpServer() as there:
        with pytest.raises(Refused, match="public internet"):
            Smtp().send(account(there, allowed=()), [message()])
        assert there.connected == 0
        with pytest.raises(Refused, match="guarded"):
            Smtp().send(
                Account(1, "x", {"host": "127.0.0.1", "port": there.port, "from_address": "a@b.example", "auth": "none"}),
                [message()],
            )


def test_what_cannot_become_a_mail_is_rejected_and_the_rest_goes():
    with SmtpServer() as there:
        sent = Smtp().send(
            account(there),
            [message(1, "no address"), message(2), message(3, extra={"headers": {"X-A": "x\r\nBcc: victim@example.org"}})],
        )
    assert [(one.state, one.address_bad) for one in sent] == [(REJECTED, True), (ACCEPTED, False), (REJECTED, False)]
    assert len(there.mails) == 1


def test_what_was_taken_before_a_pause_is_told():
    with SmtpServer() as there:
        there.answers["RCPT:b@example.org"] = "451 4.7.1 slow down"
        with pytest.raises(LaterAfterSome) as later:
            Smtp().send(account(there), [message(1), message(2, "b@example.org"), message(3)])
        assert [one.state for one in later.value.done] == [ACCEPTED] and isinstance(later.value, Later)
        with pytest.raises(Later) as plain:
            Smtp().send(account(there), [message(2, "b@example.org")])
        assert not isinstance(plain.value, LaterAfterSome)


@pytest.mark.parametrize(
    "more,wrong",
    [
        ({}, set()),
        ({"from_address": "nobody"}, {"from_address"}),
        ({"reply_to": "a b@c"}, {"reply_to"}),
        ({"bounces": "x\r\n@y.example"}, {"bounces"}),
        ({"port": "70000"}, {"port"}),
        ({"port": "587"}, set()),
        ({"user": ""}, {"user"}),
        ({"user": "", "auth": "none"}, set()),
        ({"encryption": NONE}, {"encryption"}),
        ({"encryption": NONE, "host": "10.0.0.5"}, set()),
        ({"encryption": NONE, "host": "mailhost"}, set()),
        ({"encryption": NONE, "auth": "none"}, set()),
        ({"dkim_domain": "pars.example"}, {"dkim_selector", "dkim_key"}),
        ({"dkim_domain": "pars.example", "dkim_selector": "s", "dkim_key": "x"}, {"dkim_key"}),
        ({"dkim_domain": "pars.example", "dkim_selector": "s", "dkim_key": signing.new_key("ed25519").private}, set()),
    ],
)
def test_settings_are_checked(more, wrong):
    assert set(Smtp().problems(GOOD | more)) == wrong
