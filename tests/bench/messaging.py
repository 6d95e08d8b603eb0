"""Messages at scale: how fast they are queued about leads, and a campaign of 10,000 SMS through the job to a provider's server."""

from __future__ import annotations

import time
from collections.abc import Iterator

from addons.messaging import accounts
from addons.messaging.choices import MESSAGE, QUEUED
from addons.messaging.queueing import Draft, queue
from addons.sms.testing import reachable
from addons.sms.tests.probe import Plugin, Server
from core.addons import lifecycle
from core.api import F
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.jobs import run_jobs
from tests.bench.measure import Figure, figure

SMS, FEWER, BATCH = 10_000, 2_000, 1_000
QUEUEING, SENDING = SMS / 20, SMS / 60
"""Floors: 10,000 are queued within 20 seconds and gone within a minute."""


def campaign(inst: Installation, database: str, quick: bool) -> Iterator[Figure]:
    """Queue and send."""
    lifecycle.enable(inst, ["sms"])
    inst.registry.plugins.register(Plugin())
    inst.registry.memo.clear()
    count = FEWER if quick else SMS
    with Server() as server, reachable(inst):
        with inst.env(SYSTEM) as env:
            account = accounts.save(env, None, accounts.providers(env, "sms")["probe_key"], {"name": "Bench"},
                                    {"address": server.address, "key": "k"})
            leads = env.query("leads.lead").order("id").ids(limit=count)
        before = time.perf_counter()
        for start in range(0, count, BATCH):
            with inst.env(SYSTEM) as env:
                queue(env, [Draft("sms", f"+98912{i:07d}", f"سلام، سفارش {i} شما آماده است.", account=account,
                                  about=[("leads.lead", leads[i % len(leads)])]) for i in range(start, min(start + BATCH, count))])
        queued = time.perf_counter() - before
        before = time.perf_counter()
        run_jobs(inst, 600)
        sent = time.perf_counter() - before
        with inst.env(SYSTEM, write=False) as env:
            left = env.query(MESSAGE).where(F.state == QUEUED).count(cap=None)
        if left or len(server.got) != count or set(server.got.values()) != {1}:
            raise AssertionError(f"{left} of {count} messages are still queued, {len(server.got)} arrived")
    yield figure("sms_queued", database, count / queued, "messages/s", QUEUEING, more_is_better=True, messages=count)
    yield figure("sms_sent", database, count / sent, "messages/s", SENDING, more_is_better=True, messages=count)
