"""Automatic answers, and what keeps two machines from talking to each other for ever."""

import datetime as dt

import pytest

from addons.messaging import accounts, auto_rules, receiving
from addons.messaging.choices import MESSAGE
from addons.messaging.contract import Incoming
from addons.messaging.queueing import Draft, queue
from core.api import SYSTEM, F, ValidationFailed

pytestmark = [pytest.mark.addons("messaging", "leads")]
NIMA = "+989121234567"


def rule(installation, **values):
    with installation.env(SYSTEM) as env:
        return env.create("messaging.autoresponder", {"name": "Away", "text": "We answer tomorrow.", **values})


def come(installation, pigeon, *incoming):
    with installation.env(SYSTEM) as env:
        return receiving.receive(env, accounts.rows(env, [pigeon.account])[0], incoming)


def test_it_answers_once_and_in_the_conversation(pigeon, work, installation):
    rule(installation)
    (came,) = come(installation, pigeon, Incoming("1", NIMA, text="Hello?"))
    work()
    come(installation, pigeon, Incoming("2", NIMA, text="Anybody?"))
    work()
    assert [(m.to, m.text) for m in pigeon.provider.taken] == [(NIMA, "We answer tomorrow.")]
    with installation.env(SYSTEM) as env:
        row = env.query(MESSAGE).where(F.direction == "out").select("automatic", "answers", "thread").rows()[0]
        assert row["automatic"] and row["answers"].id == came
        assert row["thread"].id == env.query(MESSAGE).with_ids([came]).select("thread").rows()[0]["thread"].id


def test_whom_it_never_answers(pigeon, work, installation):
    rule(installation)
    come(installation, pigeon, Incoming("1", "+100", text="Our own line"), Incoming("2", NIMA, text="out of office", automatic=True),
         Incoming("3", "+989120000001", text="STOP"))
    work()
    assert pigeon.provider.taken == []
    for address in ("noreply@x.example", "No-Reply+7@x.example", "mailer-daemon@x.example", "do_not_reply@x.example", "BANKMELLI"):
        assert auto_rules.is_machine(address), address
    for address in ("nima@example.com", NIMA, "norell@x.example"):
        assert not auto_rules.is_machine(address), address


def test_two_machines_end(pigeon, work, installation):
    """One that answers each of our answers at once, without saying that it is a machine."""
    rule(installation, hours=1)
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", pigeon.other, {"sender": "+200"})
    for n in range(12):
        come(installation, pigeon, Incoming(f"r{n}", NIMA, text="I am away."))
        work()
    assert len(pigeon.provider.taken) == 1


def test_two_of_our_own_lines_end(pigeon, work, installation):
    """Each writes to the other: our own numbers are not answered at all."""
    rule(installation)
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", pigeon.other, {"sender": "+200"})
    for n in range(3):
        come(installation, pigeon, Incoming(f"a{n}", "+200", text="I am away."))
        work()
    assert pigeon.provider.taken == []


def test_limits_an_hour(env_as, pigeon, work, installation, monkeypatch):
    rule(installation)
    with installation.env(SYSTEM) as env:
        queue(env, [Draft("pigeon", NIMA, f"x{n}", account=pigeon.other, automatic=True) for n in range(auto_rules.EACH_HOUR)])
    come(installation, pigeon, Incoming("1", NIMA, text="Hello?"))
    work()
    assert [m for m in pigeon.provider.taken if m.text.startswith("We")] == [], "three an hour to one number, whatever the account"
    monkeypatch.setattr(auto_rules, "ALL_HOUR", auto_rules.EACH_HOUR + 2)
    come(installation, pigeon, *(Incoming(f"m{n}", f"+9893000000{n:02}", text="Hello?") for n in range(9)))
    work()
    assert len([m for m in pigeon.provider.taken if m.text.startswith("We")]) == 2


def test_languages_dates_and_hours(env_as, pigeon, work, installation):
    key = rule(installation, when="closed")
    with installation.env(SYSTEM) as env:
        env.create("messaging.autoresponder_text", {"answer": key, "language": "fa", "text": "فردا پاسخ می‌دهیم."})
        calendar = env.create("worktime.calendar", {"name": "Never open", "time_zone": "UTC"})
        env.update("messaging.autoresponder", key, {"calendar": calendar})
    with env_as("sara") as env:
        env.create("leads.lead", {"last_name": "Karimi", "mobile": NIMA, "preferred_language": "fa"})
    come(installation, pigeon, Incoming("1", NIMA, text="سلام"))
    work()
    assert [m.text for m in pigeon.provider.taken] == ["فردا پاسخ می‌دهیم."]
    with installation.env(SYSTEM) as env:
        env.update("messaging.autoresponder", key, {"begins_on": env.today + dt.timedelta(days=3)})
    come(installation, pigeon, Incoming("2", "+989350000000", text="Hello"))
    work()
    assert len(pigeon.provider.taken) == 1


def test_what_a_rule_needs(pigeon, installation):
    with pytest.raises(ValidationFailed):
        rule(installation, text="")
    with pytest.raises(ValidationFailed):
        rule(installation, channel="owl")
