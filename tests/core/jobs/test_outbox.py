"""The outbox: jobs exist exactly when the change does, once per key, in the order asked for."""

from __future__ import annotations

import datetime as dt
import threading

from core.jobs.admin import counts, list_jobs
from core.jobs.outbox import NewJob, enqueue, enqueue_many
from core.jobs.worker import Worker
from tests.core.jobs.standin import EFFECTS, Installation


def test_a_rollback_leaves_neither_job_nor_change(installation, worker, effects):
    with installation.engine.connect() as connection:
        connection.execute(EFFECTS.insert().values(job_id=0, what="business"))
        enqueue(connection, "note", {"text": "x"})
        connection.rollback()
    with installation.engine.connect() as connection:
        assert list_jobs(connection) == []
    assert worker.run_pending(installation) == 0
    assert effects() == {}


def test_a_job_is_run_as_its_actor_in_its_language_and_leaves_its_result(installation, worker, status):
    with installation.engine.begin() as connection:
        job_id = enqueue(connection, "note", {"text": "سلام"}, actor_id=7, lang="fa")
    assert worker.run_pending(installation) == 1
    done = status(job_id)
    assert (done.state, done.result, done.attempts, done.error) == ("done", {"noted": "سلام"}, 1, None)
    assert done.finished_at is not None
    assert done.finished_at.tzinfo is not None
    with installation.engine.connect() as connection:
        assert connection.scalar(EFFECTS.select().with_only_columns(EFFECTS.c.what)) == "user 7 fa"


def test_a_key_is_queued_once_until_its_job_is_finished(installation, worker):
    with installation.engine.begin() as connection:
        first = enqueue(connection, "note", {"text": "1"}, dedupe="k")
        assert enqueue(connection, "note", {"text": "2"}, dedupe="k") == first
        assert enqueue(connection, "slow", {}, dedupe="k") != first
        assert enqueue_many(connection, [NewJob(topic="note", dedupe="k")]) == []
    worker.run_pending(installation)
    with installation.engine.begin() as connection:
        assert enqueue(connection, "note", {"text": "3"}, dedupe="k") > first


def test_a_key_queued_by_two_transactions_at_once_gives_one_job(installation):
    found: list[int] = []
    start = threading.Barrier(2)

    def add() -> None:
        start.wait()
        with installation.engine.begin() as connection:
            found.append(enqueue(connection, "note", {"text": "x"}, dedupe="k"))

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert found[0] == found[1]


def test_many_jobs_are_queued_at_once_and_ids_ascend(installation, worker, effects):
    with installation.engine.begin() as connection:
        ids = enqueue_many(connection, [NewJob(topic="note", payload={"text": str(n)}) for n in range(50)])
    assert len(set(ids)) == 50
    assert ids == sorted(ids)
    assert worker.run_pending(installation) == 50
    assert effects() == dict.fromkeys(ids, 1)


def test_urgent_jobs_come_first_and_future_ones_wait(installation: Installation, worker: Worker, status):
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)
    with installation.engine.begin() as connection:
        normal = enqueue(connection, "note", {"text": "n"})
        urgent = enqueue(connection, "note", {"text": "u"}, priority=5)
        future = enqueue(connection, "note", {"text": "f"}, run_at=soon, priority=9)
    assert worker.run_pending(installation) == 2
    assert status(urgent).started_at < status(normal).started_at
    assert status(future).state == "queued"
    assert status(future).run_at == soon


def test_an_event_gives_each_subscriber_a_job_of_its_own(installation, worker):
    with installation.engine.begin() as connection:
        enqueue(connection, "note.taken", {"text": "a"}, actor_id=3, is_event=True)
        enqueue(connection, "nobody.cares", {}, is_event=True)
    worker.run_pending(installation)
    with installation.engine.connect() as connection:
        heard = set(connection.scalars(EFFECTS.select().with_only_columns(EFFECTS.c.what)))
        assert counts(connection)["done"] == 4
    assert heard == {"first heard a", "second heard a as system"}


def test_an_id_is_never_used_again(installation, worker):
    with installation.engine.begin() as connection:
        first = enqueue(connection, "note", {"text": "x"})
        connection.exec_driver_sql("DELETE FROM sys_job")
    with installation.engine.begin() as connection:
        assert enqueue(connection, "note", {"text": "y"}) > first
