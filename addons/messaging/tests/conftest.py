"""A channel of the tests' own, with a provider that stays in this process: messaging must need no change for a new channel."""

import datetime as dt
from decimal import Decimal

import pytest

from addons.messaging import accounts
from addons.messaging.contract import (
    ACCEPTED,
    BALANCE,
    BY_KEY,
    CALLBACK,
    CANCEL,
    INBOX,
    SECRET,
    SEND,
    STATUS,
    TEMPLATE,
    Balance,
    Channel,
    Forged,
    Incoming,
    Measure,
    Provider,
    Report,
    Sent,
    Setting,
    Taker,
)
from core.api import SYSTEM, hookimpl
from core.testing.jobs import run_jobs


class Loopback(Provider):
    """Takes everything, and does as the test says."""

    channel, name, label, currency = "pigeon", "loopback", "Loopback", "IRR"
    settings = (Setting("name", "Name"), Setting("secret", "Secret", kind=SECRET, required=True))
    can = frozenset({SEND, TEMPLATE, STATUS, BALANCE, INBOX, CANCEL, CALLBACK})
    batch, signed = 50, True

    def __init__(self):
        self.taken, self.calls, self.answers, self.incoming, self.states = [], 0, [], [], {}
        self.repeats, self.same_text, self.per_minute = BY_KEY, False, 0

    def send(self, account, messages):
        self.calls += 1
        todo = self.answers.pop(0) if self.answers else None
        if isinstance(todo, Exception):
            raise todo
        if callable(todo):
            return todo(messages)
        self.taken += messages
        return todo or [Sent(ACCEPTED, f"p{m.number}", cost=Decimal(120), currency="IRR", parts=1) for m in messages]

    send_template = send

    def known(self, account, messages):
        there = {m.number for m in self.taken}
        return {m.number: Sent(ACCEPTED, f"p{m.number}") for m in messages if m.number in there}

    def status(self, account, ids):
        return [Report(self.states[i], i) for i in ids if i in self.states]

    def balance(self, account):
        return Balance(Decimal(5000), "IRR")

    def inbox(self, account):
        found, self.incoming = self.incoming, []
        return found

    def callback(self, account, call):
        if call.values.get("secret") != account.get("secret"):
            raise Forged("forged")
        if "from" in call.values:
            return [Incoming(call.values["id"], call.values["from"], text=call.values.get("text", ""), at=dt.datetime.now(dt.UTC))]
        return [Report(call.values["state"], call.values["id"])]

    def answer(self, account, call):
        return "coo"


def normal(text, region):
    if not text.startswith("+"):
        raise ValueError("no address")
    return text.replace(" ", "")


def wants(text):
    return {"stop": "stop", "start": "start"}.get(text.strip().lower(), "")


class Plugin:
    def __init__(self):
        self.provider, self.second = Loopback(), Loopback()
        self.second.name = "second"
        self.channel = Channel("pigeon", "Pigeon", "feather", normal, ("mobile", "phone"), "sms_opt_out", wants=wants,
                               measure=lambda text: Measure(1 + len(text) // 70, "UCS-2"))

    @hookimpl
    def providers(self, kind):
        return [self.provider, self.second] if kind == "pigeon" else [self.channel] if kind == "channel" else []

    @hookimpl
    def message_takers(self, env):
        return [Taker("contact", "A contact", contacts)]


def contacts(env, messages):
    owner = env.query("base.user").ids()[0]
    ids = env.create("contacts.contact", [{"last_name": m["body"], "mobile": m["counterpart"], "owner": owner} for m in messages])
    return {m["id"]: ("contacts.contact", key) for m, key in zip(messages, ids, strict=True)}


@pytest.fixture
def pigeon(installation):
    """The plug-in of the test's channel, with an account."""
    made = Plugin()
    plugins = installation.registry.plugins
    plugins.register(made)
    installation.registry.memo.clear()
    with installation.env(SYSTEM) as env:
        made.account = accounts.save(env, None, made.provider, {"name": "Loft", "sender": "+100"}, {"secret": "s3"})
        made.other = accounts.save(env, None, made.second, {"name": "Second loft", "position": 20}, {"secret": "s4"})
        made.token = env.query("messaging.account").with_ids([made.account]).select("token").rows()[0]["token"]
    yield made
    plugins.unregister(made)
    installation.registry.memo.clear()


@pytest.fixture
def work(installation):
    """Do what is queued until nothing is due."""
    def run():
        return run_jobs(installation)
    return run
