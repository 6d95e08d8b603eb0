"""A provider that speaks HTTP with a server of the tests' own, and is the same object in worker processes."""

from __future__ import annotations

import threading
import time
from collections import Counter

from addons.messaging.contract import (
    ACCEPTED,
    BY_HAND,
    BY_KEY,
    BY_QUERY,
    CALLBACK,
    SECRET,
    SEND,
    STATUS,
    Later,
    Provider,
    Report,
    Sent,
    Setting,
    Unclear,
)
from addons.messaging.testing import ProviderServer
from core.api import hookimpl


class Probe(Provider):
    """Batches of messages as JSON. Each class below repeats in its own way."""

    channel = "sms"
    settings = (Setting("address", "Address", required=True), Setting("key", "Key", kind=SECRET, required=True))
    can = frozenset({SEND, STATUS, CALLBACK})
    batch = 100

    def _ask(self, account, path, payload):
        try:
            got = account.http.post(account.get("address") + path, json=payload, timeout=20)
        except OSError as error:
            raise (Later("not reached") if "Connection refused" in str(error) else Unclear("lost")) from None
        if got.status_code != 200:
            raise Unclear(f"status {got.status_code}")
        return got.json()

    def send(self, account, messages):
        ids = self._ask(account, "/send", [{"key": m.key, "to": m.to, "text": m.text, "number": m.number} for m in messages])
        return [Sent(ACCEPTED, i, parts=1) for i in ids]

    def known(self, account, messages):
        there = self._ask(account, "/known", [m.key for m in messages])
        return {m.number: Sent(ACCEPTED, there[m.key]) for m in messages if m.key in there}

    def status(self, account, ids):
        return [Report(state, i) for i, state in self._ask(account, "/status", list(ids)).items()]

    def callback(self, account, call):
        return [Report(call.values["state"], call.values["id"])]


class ByKey(Probe):
    name, label, repeats = "probe_key", "By key", BY_KEY


class ByQuery(Probe):
    name, label, repeats = "probe_query", "By query", BY_QUERY


class ByHand(Probe):
    name, label, repeats = "probe_hand", "By hand", BY_HAND


class Plugin:
    """Registers all three."""

    made = (ByKey(), ByQuery(), ByHand())

    @hookimpl
    def providers(self, kind):
        return list(self.made) if kind == "sms" else []


class Server(ProviderServer):
    """The conformance server. `got`: how often each message reached its phone, by key; with `drops` the same key is sent once."""

    def __init__(self, drops=False, pause=0.0):
        super().__init__()
        self.drops, self.pause = drops, pause
        self.got, self.states, self.texts = Counter(), {}, {}
        self.lock, self.busy = threading.Lock(), 0

    def answer(self, asked):
        given = asked.json
        if asked.path == "/send":
            with self.lock:
                self.busy += 1
                for one in given:
                    self.got[one["key"]] = 1 if self.drops else self.got[one["key"]] + 1
                    self.states["id" + one["key"]], self.texts[one["key"]] = "sent", one["text"]
            time.sleep(self.pause)
            with self.lock:
                self.busy -= 1
            return 200, {}, ["id" + one["key"] for one in given]
        if asked.path == "/known":
            return 200, {}, {key: "id" + key for key in given if key in self.got}
        if asked.path == "/status":
            return 200, {}, {key: self.states[key] for key in given if key in self.states}
        return 404, {}, {}
