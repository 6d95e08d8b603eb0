"""Workers are killed in the middle of sending: nothing is lost, each record's events come in order, and what comes twice says so."""

import contextlib
import pickle
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from addons.api.tests.receiving import Receiver, deliveries, reachable, subscribe
from core.testing.plugin import user_id

pytestmark = pytest.mark.addons("api", "contacts")
ROOT = Path(__file__).parents[3]
CONTACT, RECORDS, CHANGES, KILLS = "contacts.contact", 40, 4, 1


@contextlib.contextmanager
def worker(settings, queue_url):
    process = subprocess.Popen([sys.executable, "-m", "addons.api.tests.sender", settings, queue_url], cwd=ROOT, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def test_killed_workers_lose_nothing_and_keep_the_order(installation, env_as, tmp_path):
    chance, interrupted = random.Random(7), 0
    with Receiver() as receiver, reachable(installation):
        receiver.pause = 0.02
        hook = subscribe(installation, receiver, user_id(installation, "sara"))
        with env_as("sara") as env:
            keys = env.create(CONTACT, [{"last_name": f"0 {i}"} for i in range(RECORDS)])
            for round_ in range(1, CHANGES + 1):
                env.update_each(CONTACT, {key: {"last_name": f"{round_} {key}"} for key in keys})
        wanted = [d["key"] for d in deliveries(installation, hook)]
        assert len(wanted) == RECORDS * (CHANGES + 1)
        settings, queue_url = tmp_path / "settings", f"sqlite:///{tmp_path}/queue.db"
        settings.write_bytes(pickle.dumps(installation.settings))
        for _round in range(KILLS):
            with worker(str(settings), queue_url):
                before, ends = len(receiver.keys), time.monotonic() + 60
                while len(receiver.keys) <= before + 5 and time.monotonic() < ends:
                    time.sleep(0.005)
                time.sleep(chance.uniform(0.0, 0.1))
            interrupted += 0 < len(set(receiver.keys)) < len(wanted)
        assert interrupted == KILLS, "the workers were too quick for this test to say anything"
        with worker(str(settings), queue_url):
            ends = time.monotonic() + 90
            while waiting := sum(d["state"] != "delivered" for d in deliveries(installation, hook)):
                assert time.monotonic() < ends, f"{waiting} deliveries hang"
                time.sleep(0.3)
        assert set(receiver.keys) == set(wanted), "nothing is lost, and no ID is new"
        first = list(dict.fromkeys(receiver.keys))
        place = {key: i for i, key in enumerate(first)}
        of_record: dict[int, list[str]] = {}
        for one in deliveries(installation, hook):
            of_record.setdefault(one["record_id"], []).append(one["key"])
        assert all([place[k] for k in own] == sorted(place[k] for k in own) for own in of_record.values()), "out of order"
        assert len(receiver.keys) - len(wanted) <= KILLS * 64, "more came twice than was interrupted"
