"""Requests are counted by caller and minute: here, or where all processes count together."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest
import redis

from core.jobs.engine import JobEngine
from core.web.gate import Gate, shared_counter


@pytest.fixture
def clock(monkeypatch):
    found = SimpleNamespace(now=90.0)
    monkeypatch.setattr("core.web.gate.time", SimpleNamespace(time=lambda: found.now))
    return found


def test_a_minute_has_so_many(clock):
    gate = Gate(2)
    assert [gate.take("a", 2).remaining for _i in range(2)] == [1, 0]
    refused = gate.take("a", 2)
    assert not refused.lets_in and refused.reset == 30
    assert gate.lets_in("b")
    clock.now = 120.0
    assert gate.lets_in("a")


def test_no_limit_counts_nothing(clock):
    assert all(Gate(0).lets_in("a") for _i in range(100))


def test_what_all_count_together_counts(clock):
    counts = {}

    def count(caller, minute):
        counts[caller, minute] = counts.get((caller, minute), 0) + 1
        return counts[caller, minute]

    one, other = Gate(2, count), Gate(2, count)
    assert one.lets_in("a") and other.lets_in("a") and not one.lets_in("a") and not other.lets_in("a")


def test_redis_counts_for_all_processes(clock):
    try:
        redis.Redis().ping()
    except redis.ConnectionError:
        pytest.skip("Redis is not reachable")
    name = f"test_{uuid.uuid4().hex}"
    gates = []
    for _process in range(2):
        engine = JobEngine("redis://127.0.0.1:6379/0", name=name)
        found = SimpleNamespace(settings=SimpleNamespace(jobs=SimpleNamespace(engine="redis")), jobs=engine, name=name)
        gates.append(Gate(2, shared_counter(found)))
    assert [gate.take("a", 2).remaining for gate in gates] == [1, 0]
    assert not gates[0].lets_in("a") and not gates[1].lets_in("a")


def test_without_the_shared_count_a_process_counts_alone(clock):
    def broken(_caller, _minute):
        raise ConnectionError("gone")

    gate = Gate(1, broken)
    assert gate.lets_in("a") and not gate.lets_in("a")


@pytest.mark.addons("base")
@pytest.mark.database("sqlite")
def test_only_redis_is_shared(installation):
    assert shared_counter(installation) is None
