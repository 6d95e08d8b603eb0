"""A small real installation over a real database, and the handlers the tests use (also in worker processes)."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, create_engine, event, insert

from core.errors import NotFound
from core.jobs.definitions import GiveUp, JobDefinitions, Postpone, Schedule, compile_jobs, job, on_event
from core.jobs.hosting import WorkerOptions
from core.jobs.tables import define

METADATA = MetaData()
define(METADATA)
EFFECTS = Table("effect", METADATA, Column("id", Integer, primary_key=True), Column("job_id", Integer),
                Column("what", String(100)))

QUICK = WorkerOptions(threads=2, lease=1.0, beat=0.1, sweep=0.2, backoff=0.4, backoff_limit=0.4, stop=5.0)


class Env:
    """An environment with nothing but an actor and a transaction."""

    def __init__(self, connection: Connection, actor: str, lang: str | None) -> None:
        self.connection = connection
        self.actor = actor
        self.lang = lang

    def commit(self) -> None:
        self.connection.commit()

    def note(self, job_id: int, what: str) -> None:
        """The effect whose number of rows tells how often a job took effect."""
        self.connection.execute(insert(EFFECTS).values(job_id=job_id, what=what))


class Installation:
    """What the runner needs of an installation."""

    def __init__(self, url: str, registry: JobDefinitions, name: str = "main", deferred: bool = False) -> None:
        self.name = name
        self.registry = registry
        self.engine = open_engine(url, deferred)

    def current(self):
        return self

    def load_actor(self, actor_id: int | None) -> str:
        if actor_id == 404:
            raise NotFound
        return "system" if actor_id is None else f"user {actor_id}"

    @contextmanager
    def env(self, actor: str, lang: str | None = None) -> Iterator[Env]:
        with self.engine.connect() as connection:
            yield Env(connection, actor, lang)
            connection.commit()


def open_engine(url: str, deferred: bool) -> Engine:
    """An engine; on SQLite with WAL and a write lock from the start of what will write, as installations have it."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        @event.listens_for(engine, "connect")
        def prepare(connection: Any, record: Any) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA busy_timeout=5000")
            connection.execute("PRAGMA synchronous=NORMAL")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            write = connection.get_execution_options().get("sarnakh_write", not deferred)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
    return engine


@job("note")
def take_note(env: Env, job: Any) -> dict[str, Any]:
    env.note(job.id, f"{env.actor} {env.lang}")
    return {"noted": job.payload["text"]}


@job("slow")
def slow(env: Env, job: Any) -> None:
    time.sleep(job.payload.get("before", 0.02))
    env.note(job.id, "slow")
    time.sleep(job.payload.get("after", 0.02))


@job("flaky", retries=3)
def flaky(env: Env, job: Any) -> None:
    env.note(job.id, f"attempt {job.attempt}")
    if job.attempt < job.payload["succeeds_at"]:
        raise ValueError("not yet")


@job("hopeless", retries=3)
def hopeless(env: Env, job: Any) -> None:
    env.note(job.id, "hopeless")
    raise GiveUp("never")


@job("later")
def later(env: Env, job: Any) -> None:
    raise Postpone(3600)


@job("steps", retries=0)
def steps(env: Env, job: Any) -> None:
    for step in range(job.state.get("next", 0), job.payload["steps"]):
        env.note(job.id, f"step {step}")
        time.sleep(job.payload.get("pause", 0))
        job.progress(step + 1, job.payload["steps"], "working")
        job.checkpoint({"next": step + 1})


@job("patient")
def patient(env: Env, job: Any) -> None:
    for done in range(200):
        job.progress(done, 200, "waiting to be cancelled")
        if job.cancelled():
            return
        time.sleep(0.02)
    env.note(job.id, "never cancelled")


@job("hasty", timeout=0.2, retries=0)
def hasty(env: Env, job: Any) -> None:
    env.note(job.id, "too late")
    time.sleep(0.4)


class Crowd:
    """Counts how many of its jobs run at the same time."""

    def __init__(self) -> None:
        self.now = 0
        self.most = 0
        self.lock = threading.Lock()

    def handle(self, env: Env, job: Any) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.05)
        with self.lock:
            self.now -= 1


@on_event("note.taken")
def first_listener(env: Env, job: Any) -> None:
    env.note(job.id, f"first heard {job.payload['text']}")


@on_event("note.taken", as_actor="system")
def second_listener(env: Env, job: Any) -> None:
    env.note(job.id, f"second heard {job.payload['text']} as {env.actor}")


EVERY_MINUTE = Schedule("minutely", "* * * * *", "note", {"text": "tick"})

DEFINITIONS = (take_note, slow, flaky, hopeless, later, steps, patient, hasty, first_listener, second_listener)


def registry(*more: Any) -> JobDefinitions:
    """The handlers above and `more` definitions, compiled."""
    marks = [mark for fn in DEFINITIONS for mark in fn.__sarnakh_jobs__]
    return compile_jobs([*marks, *more])


def minutes_ago(number: int) -> dt.datetime:
    """A past moment."""
    return dt.datetime.now(dt.UTC) - dt.timedelta(minutes=number)
