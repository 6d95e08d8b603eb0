"""Workers are killed in the middle of escalating: every ticket is escalated, none twice, and nobody is told twice."""

import pickle
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from addons.tickets.tests.test_service_levels import WEDNESDAY, at, tehran
from core.api import SYSTEM, F

__all__ = ["tehran"]
pytestmark = [pytest.mark.addons("tickets")]
ROOT = Path(__file__).parents[3]
TICKETS, ROUNDS = 600, 3


def worker(settings, queue):
    process = subprocess.Popen([sys.executable, "-m", "addons.tickets.tests.sweeper", settings, queue], cwd=ROOT,
                               stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def done(installation):
    with installation.env(SYSTEM, write=False) as env:
        return env.query("tickets.escalation_step").count(cap=None)


def test_killed_workers_escalate_everything_once(installation, tehran, desk, tmp_path):
    with installation.env(SYSTEM) as env:
        env.update("tickets.escalation", env.query("tickets.escalation").ids(), {"active": False})
        rule = env.create("tickets.escalation", {"name": "Late", "aim": "resolution"})
        env.create("tickets.escalation_level", {"rule": rule, "name": "Raised", "raises": True, "tell": [desk["mina"]]})
        at(env, WEDNESDAY.replace(year=2025)).create("tickets.ticket", [
            {"subject": str(n), "requester_email": "a@b.example", "priority": "low", "owner": desk["sara"]} for n in range(TICKETS)])
        env.enqueue("tickets.minute", {})
    settings, queue = tmp_path / "settings", f"sqlite:///{tmp_path}/queue.db"
    settings.write_bytes(pickle.dumps(installation.settings))
    chance, interrupted = random.Random(4), 0
    for _round in range(ROUNDS):
        process, before = worker(str(settings), queue), done(installation)
        ends = time.monotonic() + 30
        while done(installation) <= before and time.monotonic() < ends:
            time.sleep(0.02)
        time.sleep(chance.uniform(0.0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        interrupted += 0 < done(installation) < TICKETS
    assert interrupted >= ROUNDS - 1, "the workers were too quick for this test to say anything"
    process = worker(str(settings), queue)
    ends = time.monotonic() + 90
    while done(installation) < TICKETS:
        assert time.monotonic() < ends, "escalations were lost"
        time.sleep(0.2)
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    with installation.env(SYSTEM) as env:
        steps = Counter(r["ticket"].id for r in env.query("tickets.escalation_step").select("ticket").rows())
        assert len(steps) == TICKETS and set(steps.values()) == {1}
        assert env.query("tickets.ticket").where(F.priority == "normal").count(cap=None) == TICKETS, "raised by one, not by two"
        assert env.query("tickets.alert").count(cap=None) == TICKETS
        assert env.query("base.notification").where(F.user == desk["mina"], F.kind == "escalation").count() == 1
