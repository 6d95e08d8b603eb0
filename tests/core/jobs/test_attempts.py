"""Attempts: failing, trying again, giving up, timing out, being cancelled, going on from a checkpoint."""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from core.jobs.admin import cancel, counts, list_jobs, purge_done, retry
from core.jobs.definitions import Handler
from core.jobs.engine import JobEngine
from core.jobs.hosting import OneInstallation
from core.jobs.leases import LeaseLost, claim, finish, reading, utcnow
from core.jobs.outbox import enqueue
from core.jobs.run import Job
from core.jobs.tables import JOBS
from core.jobs.worker import Worker
from tests.core.jobs.standin import EFFECTS, QUICK, Crowd, Env, Installation, registry


def queue(installation: Installation, topic: str, payload: dict | None = None, **options) -> int:
    with installation.engine.begin() as connection:
        return enqueue(connection, topic, payload or {}, **options)


def until(condition, seconds: float = 5.0) -> None:
    """Wait for a condition, fail after `seconds`."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


def drain(worker: Worker, installation: Installation, seconds: float = 2.0) -> None:
    """Run pending jobs again and again, so that tries after a pause are included."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        worker.run_pending(installation)
        with reading(installation.engine) as connection:
            left = counts(connection)
        if not left["queued"] + left["failed"] + left["running"]:
            return
        time.sleep(0.02)


def test_a_failed_attempt_leaves_nothing_and_is_tried_again_after_a_pause(installation, worker, effects, status):
    job_id = queue(installation, "flaky", {"succeeds_at": 3})
    worker.options = replace(QUICK, backoff=600, backoff_limit=600)
    worker.run_pending(installation)
    failed = status(job_id)
    assert (failed.state, failed.attempts, failed.max_attempts) == ("failed", 1, 4)
    assert failed.error.startswith("ValueError: not yet (flaky:")
    assert failed.run_at > utcnow() + dt.timedelta(seconds=60)
    assert effects() == {}
    worker.options = QUICK
    with installation.engine.begin() as connection:
        connection.execute(update(JOBS).where(JOBS.c.id == job_id).values(run_at=utcnow()))
    drain(worker, installation)
    assert (status(job_id).state, status(job_id).attempts, effects()) == ("done", 3, {job_id: 1})


def test_after_the_last_attempt_a_job_is_dead_until_an_admin_retries_it(installation, worker, effects, status):
    job_id = queue(installation, "flaky", {"succeeds_at": 6}, dedupe="k")
    drain(worker, installation)
    assert (status(job_id).state, status(job_id).attempts, effects()) == ("dead", 4, {})
    other = queue(installation, "flaky", {"succeeds_at": 1}, dedupe="k")
    with installation.engine.begin() as connection:
        connection.execute(update(JOBS).where(JOBS.c.id == job_id).values(payload={"succeeds_at": 2}))
        assert [info.id for info in list_jobs(connection, state="dead")] == [job_id]
        assert retry(connection, [job_id]) == 1
    drain(worker, installation)
    assert effects() == {job_id: 1, other: 1}


def test_whoever_queues_may_limit_the_attempts(installation, worker, status):
    job_id = queue(installation, "flaky", {"succeeds_at": 9}, max_attempts=1)
    worker.run_pending(installation)
    assert (status(job_id).state, status(job_id).attempts) == ("dead", 1)


def test_giving_up_is_final_at_once(installation, worker, effects, status):
    job_id = queue(installation, "hopeless")
    worker.run_pending(installation)
    assert (status(job_id).state, status(job_id).attempts, effects()) == ("dead", 1, {})
    assert status(job_id).error.startswith("GiveUp: never")


def test_postponing_costs_no_attempt(installation, worker, status):
    job_id = queue(installation, "later")
    worker.run_pending(installation)
    assert (status(job_id).state, status(job_id).attempts) == ("queued", 0)
    assert status(job_id).run_at > utcnow() + dt.timedelta(minutes=50)


@pytest.mark.parametrize(("topic", "actor", "reason"), [
    ("unknown.topic", None, "No enabled addon handles unknown.topic."),
    ("note", 404, "NotFound"),
])
def test_a_job_that_cannot_be_started_is_kept_and_explained(installation, worker, status, topic, actor, reason):
    job_id = queue(installation, topic, {"text": "x"}, actor_id=actor, max_attempts=1)
    worker.run_pending(installation)
    assert status(job_id).state == "dead"
    assert reason in status(job_id).error


def test_an_attempt_over_its_time_is_refused_and_rolled_back(installation, worker, effects, status):
    job_id = queue(installation, "hasty")
    worker.run_pending(installation)
    assert status(job_id).state == "dead"
    assert "longer than 0.2 seconds" in status(job_id).error
    assert effects() == {}


def test_a_waiting_job_can_be_cancelled_and_retried(installation, worker, effects, status):
    job_id = queue(installation, "note", {"text": "x"})
    with installation.engine.begin() as connection:
        assert cancel(connection, [job_id]) == 1
    assert worker.run_pending(installation) == 0
    assert status(job_id).state == "cancelled"
    with installation.engine.begin() as connection:
        assert retry(connection, [job_id]) == 1
    worker.run_pending(installation)
    assert effects() == {job_id: 1}
    with installation.engine.begin() as connection:
        assert cancel(connection, [job_id]) == 0


def test_progress_is_seen_while_it_runs_and_a_running_job_hears_of_its_cancellation(installation, worker, bell,
                                                                                    effects, status):
    worker.start()
    job_id = queue(installation, "patient")
    bell.wake(installation.name, [job_id])
    until(lambda: (status(job_id).progress_done or 0) > 3)
    assert status(job_id).progress_total == 200
    assert status(job_id).progress_note == "waiting to be cancelled"
    with installation.engine.begin() as connection:
        assert cancel(connection, [job_id]) == 1
    seen = utcnow()
    worker.stop()
    assert status(job_id).state == "cancelled"
    assert effects() == {}
    assert utcnow() - seen < dt.timedelta(seconds=2)


def test_work_of_a_job_cancelled_meanwhile_is_rolled_back(installation, worker, effects, status):
    job_id = queue(installation, "slow", {"before": 0.3, "after": 0})
    thread = threading.Thread(target=worker.run_pending, args=(installation,))
    thread.start()
    until(lambda: status(job_id).state == "running")
    with installation.engine.begin() as connection:
        cancel(connection, [job_id])
    thread.join()
    assert status(job_id).state == "cancelled"
    assert effects() == {}


def test_a_stopped_worker_leaves_off_at_a_checkpoint_and_another_goes_on(installation, worker, bell, effects, status):
    job_id = queue(installation, "steps", {"steps": 12, "pause": 0.03})
    worker.start()
    bell.wake(installation.name, [job_id])
    until(lambda: (status(job_id).progress_done or 0) >= 2)
    worker.stop()
    halted = status(job_id)
    assert halted.state == "queued"
    assert 2 <= halted.progress_done < 12
    assert halted.attempts == 0
    assert effects() == {job_id: halted.progress_done}
    Worker(OneInstallation(installation), bell, QUICK).run_pending(installation)
    assert status(job_id).state == "done"
    assert effects() == {job_id: 12}


def test_a_writing_handler_holds_up_neither_looks_nor_its_own_end(database_url, installation, bell, effects, status):
    """On SQLite the handler has the only write lock for longer than its lease: nobody takes its job meanwhile."""
    def write_long(env: Env, job: Job) -> None:
        env.note(job.id, "written")
        job.progress(1, 2)
        time.sleep(1.5)

    busy = Installation(database_url, registry(Handler("long", write_long)))
    job_id = queue(busy, "long")
    workers = [Worker(OneInstallation(busy), bell, QUICK) for _ in range(2)]
    for worker in workers:
        worker.start()
    until(lambda: status(job_id).state == "running")
    began = time.monotonic()
    status(job_id)
    assert time.monotonic() - began < 0.5
    until(lambda: status(job_id).state == "done")
    for worker in workers:
        worker.stop()
    assert (status(job_id).attempts, status(job_id).progress_done, effects()) == (1, 1, {job_id: 1})
    busy.engine.dispose()


def test_who_lost_the_lease_cannot_finish(installation, worker, status):
    job_id = queue(installation, "note", {"text": "x"})
    handlers = installation.registry.job_handlers
    with installation.engine.begin() as connection:
        old = claim(connection, handlers, "one", lease=-1)
        assert claim(connection, handlers, "two", lease=1) is None
    worker.sweep(installation)
    assert (status(job_id).state, status(job_id).error) == ("failed", "The worker vanished while it ran this job.")
    with installation.engine.begin() as connection:
        new = claim(connection, handlers, "two", lease=1)
    with pytest.raises(LeaseLost), installation.engine.begin() as connection:
        finish(connection, job_id, old.lease_owner)
    with installation.engine.begin() as connection:
        finish(connection, job_id, new.lease_owner)
    assert status(job_id).state == "done"


def test_a_job_that_kills_its_workers_ends_with_the_dead_letters(installation, worker, status):
    job_id = queue(installation, "note", {"text": "x"}, max_attempts=2)
    for expected in ("failed", "dead"):
        with installation.engine.begin() as connection:
            claim(connection, installation.registry.job_handlers, "victim", lease=-1)
        worker.sweep(installation)
        assert status(job_id).state == expected


def test_a_topic_runs_no_more_at_a_time_than_it_allows(database_url, installation, queue_url, bell):
    crowd, limited = Crowd(), Crowd()
    busy = Installation(database_url, registry(Handler("free", crowd.handle), Handler("two", limited.handle,
                                                                                     concurrency=2)))
    workers = [Worker(OneInstallation(busy), bell, QUICK) for _ in range(4)]
    with busy.engine.begin() as connection:
        for _ in range(6):
            enqueue(connection, "two", {})
            enqueue(connection, "free", {})
    threads = [threading.Thread(target=drain, args=(worker, busy, 5)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with busy.engine.connect() as connection:
        assert counts(connection)["done"] == 12
    assert limited.most == 2
    busy.engine.dispose()


def test_two_workers_never_do_a_job_twice(installation, bell, effects):
    with installation.engine.begin() as connection:
        ids = [enqueue(connection, "slow", {"before": 0, "after": 0.002}) for _ in range(60)]
    workers = [Worker(OneInstallation(installation), bell, QUICK) for _ in range(2)]
    for worker in workers:
        worker.start()
    for _ in range(10):
        bell.wake(installation.name, ids)
    until(lambda: len(effects()) == 60, seconds=15)
    for worker in workers:
        worker.stop()
    assert effects() == dict.fromkeys(ids, 1)


def test_a_writer_in_between_costs_no_attempt(database_url, installation, bell, effects, status):
    """On SQLite a transaction that has read cannot write once somebody else did: the handler is simply run again."""
    def read_then_write(env: Env, job: Job) -> None:
        env.connection.execute(select(EFFECTS)).all()
        if 0 not in effects():
            with crowded.engine.begin() as other:
                other.execute(EFFECTS.insert().values(job_id=0, what="in between"))
        env.note(job.id, "written")

    crowded = Installation(database_url, registry(Handler("crowded", read_then_write)), deferred=True)
    job_id = queue(crowded, "crowded")
    Worker(OneInstallation(crowded), bell, QUICK).run_pending(crowded)
    assert (status(job_id).state, status(job_id).attempts, effects()) == ("done", 1, {0: 1, job_id: 1})
    crowded.engine.dispose()


def test_lists_go_page_by_page_and_old_jobs_are_purged(installation, worker):
    ids = [queue(installation, "note", {"text": str(number)}) for number in range(5)]
    worker.run_pending(installation)
    waiting = queue(installation, "later")
    with installation.engine.begin() as connection:
        first = list_jobs(connection, topic="note", limit=2)
        second = list_jobs(connection, topic="note", after=first[-1].id, limit=2)
        assert [info.id for info in first + second] == ids[:0:-1]
        assert counts(connection) == {"queued": 1, "running": 0, "done": 5, "failed": 0, "dead": 0, "cancelled": 0}
        assert purge_done(connection, utcnow() - dt.timedelta(hours=1)) == 0
        assert purge_done(connection, utcnow() + dt.timedelta(hours=1)) == 5
        assert [info.id for info in list_jobs(connection)] == [waiting]


def test_a_dead_bell_never_fails_the_business(installation, tmp_path):
    bell = JobEngine(f"sqlite:///{tmp_path / 'gone.sqlite3'}")
    bell.huey.storage.sql("drop table task")
    bell.wake(installation.name, [1])
