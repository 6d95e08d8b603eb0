"""A forgotten password by mail: the link is made when the mail is sent, and is in the mail only."""

from __future__ import annotations

import dataclasses
import re
from types import SimpleNamespace

import pytest

from core import mail
from core.installation import Installation
from core.jobs.tables import JOBS
from core.security.actor import SYSTEM

pytestmark = pytest.mark.addons("base")


@pytest.fixture
def sent(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> list:
    """What reaches the mail server of an installation that has one."""
    settings = installation.settings
    installation.settings = dataclasses.replace(
        settings, mail=dataclasses.replace(settings.mail, host="mail.example", sender="crm@example.com"),
        server=dataclasses.replace(settings.server, public_url="https://crm.example.com"))
    found: list = []
    monkeypatch.setattr(mail, "_to_server", lambda _settings, message: found.append(message))
    return found


def work(installation: Installation) -> list[dict]:
    """Do the queued mails; returns what their jobs held."""
    with installation.env(SYSTEM) as env:
        rows = env.execute(JOBS.select().where(JOBS.c.topic == mail.PASSWORD_TOPIC)).all()
        for row in rows:
            mail.send_password_mail(env, SimpleNamespace(id=row.id, payload=row.payload))
    return [row.payload for row in rows]


def test_the_mail_has_a_link_that_works(installation: Installation, browser, sent: list) -> None:
    answer = browser().send("/forgot", {"login": "sara"})
    assert answer.status_code == 200
    payloads = work(installation)
    [message] = sent
    assert message["To"] == "sara@example.com"
    link = re.search(r"https://crm\.example\.com(/reset/\S+)", message.get_content())
    assert link and link[1] not in str(payloads)
    stranger = browser()
    assert stranger.send(link[1], {"password": "brand new words", "repeat": "brand new words"}).status_code == 303
    assert stranger.sign_in("sara", "brand new words").status_code == 303


def test_unknown_names_get_the_same_answer_and_no_mail(installation: Installation, browser, sent: list) -> None:
    known, unknown = browser().send("/forgot", {"login": "sara"}), browser().send("/forgot", {"login": "nobody-here"})
    tokens = re.compile(r'(value|data-csrf)="[^"]+"')
    assert tokens.sub("", known.text) == tokens.sub("", unknown.text)
    work(installation)
    assert len(sent) == 1


def test_asking_again_and_again_sends_no_flood(installation: Installation, browser, sent: list) -> None:
    for _i in range(installation.settings.security.login_attempts + 5):
        browser().send("/forgot", {"login": "sara"})
    assert len(work(installation)) <= installation.settings.security.login_attempts


def test_without_a_server_mails_are_kept_as_files(installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        mail.send(env, "x@example.com", "Hello", "سلام")
        row = env.execute(JOBS.select().where(JOBS.c.topic == mail.TOPIC)).one()
        mail.send_mail(env, SimpleNamespace(id=row.id, payload=row.payload))
    [file] = (installation.settings.data / "mail").glob("*.eml")
    assert b"Subject: Hello" in file.read_bytes()
