"""SIGKILL at random moments: nothing is lost, and what a job did to the database it did once."""

from __future__ import annotations

import dataclasses
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from core.jobs.admin import counts
from core.jobs.engine import JobEngine
from core.jobs.leases import reading
from core.jobs.outbox import NewJob, enqueue_many
from tests.core.jobs.standin import Installation

ROOT = Path(__file__).parents[3]
ROUNDS = 5
JOBS_A_ROUND = 30


def worker_process(url: str, queue: str) -> subprocess.Popen[str]:
    """A real worker in a process of its own, ready when this returns."""
    process = subprocess.Popen([sys.executable, "-m", "tests.core.jobs.worker_process", url, queue], cwd=ROOT,
                               stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def queue_round(installation: Installation, bell: JobEngine) -> list[int]:
    """A round of short jobs and a job of many steps, whose workers may be killed as often as it takes."""
    short = NewJob(topic="slow", payload={"before": 0.005, "after": 0.005}, max_attempts=99)
    long = NewJob(topic="steps", payload={"steps": 40, "pause": 0.01}, max_attempts=99)
    heard = NewJob(topic="note.taken", payload={"text": "x"}, is_event=True, max_attempts=99)
    with installation.engine.begin() as connection:
        ids = enqueue_many(connection, [long, heard] + [dataclasses.replace(short)] * JOBS_A_ROUND)
    bell.wake(installation.name, ids)
    return ids


def unfinished(installation: Installation) -> int:
    with reading(installation.engine) as connection:
        found = counts(connection)
    assert found["dead"] == 0
    return found["queued"] + found["failed"] + found["running"]


def test_killed_workers_lose_nothing_and_do_nothing_twice(database_url, installation, queue_url, bell, effects):
    chance = random.Random(20261123)
    left_over = 0
    for _ in range(ROUNDS):
        process = worker_process(database_url, queue_url)
        queue_round(installation, bell)
        time.sleep(chance.uniform(0.05, 0.45))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        left_over += unfinished(installation) > 0
    assert left_over == ROUNDS, "the workers were too quick for this test to say anything"
    process = worker_process(database_url, queue_url)
    ends = time.monotonic() + 30
    while unfinished(installation):
        assert time.monotonic() < ends, "jobs were lost"
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 0
    done = sorted(effects().values())
    # For each round: the short jobs and the two listeners once each, and every step of the long job once.
    assert done == [1] * (ROUNDS * (JOBS_A_ROUND + 2)) + [40] * ROUNDS
