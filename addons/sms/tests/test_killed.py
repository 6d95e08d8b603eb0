"""Workers are killed in the middle of a campaign of 10,000: nothing is lost, and nobody gets a message twice."""

import contextlib
import pickle
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from addons.messaging import accounts
from addons.messaging.queueing import Draft, queue
from addons.sms.testing import reachable
from addons.sms.tests.probe import Plugin, Server
from core.api import SYSTEM, F

pytestmark = pytest.mark.addons("sms")
ROOT = Path(__file__).parents[3]
SHARES = {"probe_key": 0.4, "probe_query": 0.3, "probe_hand": 0.3}
KILLS = 6
SECONDS = 8
"""How long the first of them takes for all of its messages, a hundred with each call: longer than the workers live together."""


@contextlib.contextmanager
def worker(settings, queue_url):
    """A worker process that is up; killed afterwards."""
    process = subprocess.Popen([sys.executable, "-m", "addons.sms.tests.sender", settings, queue_url], cwd=ROOT, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def campaign(installation, servers, count):
    """Queue the messages, a part by each provider; keys of the messages by provider."""
    keys = {}
    with installation.env(SYSTEM) as env:
        for name, share in SHARES.items():
            provider = accounts.providers(env, "sms")[name]
            account = accounts.save(env, None, provider, {"name": name}, {"address": servers[name].address, "key": "k"})
            ids = []
            for start in range(0, int(count * share), 1000):
                ids += queue(env, [Draft("sms", f"+989{account % 10}{i:08d}", f"سلام {i}", account=account)
                                   for i in range(start, min(start + 1000, int(count * share)))])
            keys[name] = (account, {r["key"] for r in env.query("messaging.message").with_ids(ids).select("key").rows()})
    return keys


def states(installation, account):
    with installation.env(SYSTEM, write=False) as env:
        return {r["key"]: r["state"] for r in env.query("messaging.message").where(F.account == account).select("key", "state").rows()}


def test_killed_workers_lose_nothing_and_send_nothing_twice(installation, tmp_path):
    count = 10_000 if installation.engine.dialect.name == "sqlite" else 4_000
    installation.registry.plugins.register(Plugin())
    installation.registry.memo.clear()
    chance, interrupted = random.Random(11), 0
    with contextlib.ExitStack() as stack:
        pause = SECONDS / (count * SHARES["probe_key"] / 100)
        servers = {name: stack.enter_context(Server(drops=name == "probe_key", pause=pause)) for name in SHARES}
        stack.enter_context(reachable(installation))
        keys = campaign(installation, servers, count)
        settings, queue_url = tmp_path / "settings", f"sqlite:///{tmp_path}/queue.db"
        settings.write_bytes(pickle.dumps(installation.settings))

        def arrived():
            return sum(len(s.got) for s in servers.values())
        for _round in range(KILLS):
            with worker(str(settings), queue_url):
                before, ends = arrived(), time.monotonic() + 60
                while arrived() <= before and time.monotonic() < ends:
                    time.sleep(0.005)
                time.sleep(chance.uniform(0.0, 0.8))
                while _round == KILLS - 1 and not servers["probe_hand"].busy and time.monotonic() < ends:
                    time.sleep(0.001)  # one of the kills meets a call that nobody can ask about
            interrupted += 0 < arrived() < count
        assert interrupted == KILLS, "the workers were too quick for this test to say anything"
        with worker(str(settings), queue_url):
            ends = time.monotonic() + 240
            while waiting := sum(s in ("queued", "sending") for a, _k in keys.values() for s in states(installation, a).values()):
                assert time.monotonic() < ends, f"{waiting} messages hang"
                time.sleep(1)
        for name, (account, wanted) in keys.items():
            server, found = servers[name], states(installation, account)
            assert set(found) == wanted
            assert set(server.got) <= wanted and set(server.got.values()) == {1}, "somebody got a message twice"
            if name != "probe_hand":
                assert set(server.got) == wanted, "messages were lost"
                assert Counter(found.values()) == {"sent": len(wanted)}
            else:
                assert set(found.values()) == {"sent", "unknown"}, "what was interrupted is shown to people"
                assert wanted - set(server.got) <= {k for k, state in found.items() if state == "unknown"}, "messages were lost"
                assert sum(state == "unknown" for state in found.values()) <= 100 * KILLS, "more than was interrupted"
