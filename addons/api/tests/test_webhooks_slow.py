"""Receivers that are slow, or that drip an answer for ever, hold up nobody."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest

from addons.api import webhook_post, webhook_send
from addons.api.tests.receiving import HOST, Receiver, deliveries, reachable, subscribe
from core.testing.jobs import run_jobs
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("api", "contacts"), pytest.mark.database("sqlite")]
CONTACT = "contacts.contact"


class Dripping:
    """A server that sends a byte of an endless header now and then."""

    def __enter__(self):
        self.server, self.over = socket.create_server((HOST, 0)), threading.Event()
        self.secret, self.url = "", f"http://{HOST}:{self.server.getsockname()[1]}/hook"
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.over.set()
        self.server.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._drip, args=(self.server.accept()[0],), daemon=True).start()

    def _drip(self, made):
        with contextlib.suppress(OSError), made:
            made.recv(65536)
            made.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not self.over.wait(0.1):
                made.sendall(b"x")


def test_a_receiver_that_drips_is_left_after_the_time_limit(installation, env_as, monkeypatch):
    monkeypatch.setattr(webhook_post, "TOTAL", 0.8)
    sara = user_id(installation, "sara")
    with Dripping() as bad, Receiver() as good, reachable(installation):
        first = subscribe(installation, bad, sara)
        second = subscribe(installation, good, sara)
        with env_as("sara") as env:
            env.create(CONTACT, [{"last_name": f"A{i}"} for i in range(20)])
        began = time.monotonic()
        run_jobs(installation)
        assert time.monotonic() - began < 15
        assert len(good.got) == 20 and {d["state"] for d in deliveries(installation, second)} == {"delivered"}
        log = deliveries(installation, first)
        assert {d["state"] for d in log} == {"waiting"} and any("time limit" in (d["problem"] or "") for d in log)
        tried = sum(d["attempts"] for d in log)
        assert 0 < tried <= webhook_send.THREADS, "as soon as it is known to be slow nothing more is tried"


def test_a_slow_receiver_gives_others_their_turn(installation, env_as, monkeypatch):
    monkeypatch.setattr(webhook_send, "SLICE", 0.3)
    monkeypatch.setattr(webhook_send, "BATCH", 8)
    sara = user_id(installation, "sara")
    with Receiver() as slow, Receiver() as quick, reachable(installation):
        slow.pause = 0.4
        first = subscribe(installation, slow, sara)
        second = subscribe(installation, quick, sara)
        with env_as("sara") as env:
            env.create(CONTACT, [{"last_name": f"A{i}"} for i in range(32)])
        run_jobs(installation)
        assert quick.got and 0 < len(slow.got) < 32, "one worker, and the slow one came first"
        ends = time.monotonic() + 40
        while len(slow.got) + len(quick.got) < 64 and time.monotonic() < ends:
            time.sleep(0.2)
            run_jobs(installation)
        for hook, receiver in ((first, slow), (second, quick)):
            assert len(set(receiver.keys)) == len(receiver.keys) == 32
            assert {d["state"] for d in deliveries(installation, hook)} == {"delivered"}
