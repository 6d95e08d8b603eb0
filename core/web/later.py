"""Small notes written after an answer has gone out: when a session was last used, what somebody looked at, how often a
record was.

They wait in memory for a thread, so that reading a page never waits for the database's write lock; losing the last few
in a crash does no harm. What is counted is gathered for some seconds and added up before it is written.
"""

from __future__ import annotations

import datetime as dt
import queue
import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError

from core.installation import Installation
from core.security import sessions
from core.security.actor import SYSTEM

if TYPE_CHECKING:
    from core.web.request import Request, Response


@dataclass(frozen=True)
class Note:
    """One session's use."""

    token_hash: str
    at: dt.datetime
    recent: tuple[str, int] | None


@dataclass(frozen=True)
class Count:
    """One more for a whole number that a record holds: (record type, field, number of the record)."""

    record: str
    field: str
    key: int


@dataclass(frozen=True)
class Stamp:
    """Stored values of a record that nobody waits for: (record type, number of the record, values by field)."""

    record: str
    key: int
    values: dict[str, Any]


GATHER = 5.0
"""Seconds for which counts are gathered."""


class Later:
    """The waiting notes of one process and the thread that writes them."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self._notes: queue.Queue[Note | Count | Stamp] = queue.Queue(maxsize=10_000)
        self._hurry = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def note(self, request: Request, response: Response) -> None:
        """Remember a request when there is something worth writing."""
        session = request.session
        if session is None or request.env is None or session.stage:
            return
        recent = request.recent if response.status_code < 400 else None
        known = session.data.get("recent") or []
        if recent is not None and known and known[0] == list(recent):
            recent = None
        if recent is None and request.env.now - session.last_seen_at < sessions.TOUCH:
            return
        self._put(Note(session.token_hash, request.env.now, recent))

    def count(self, record: str, field: str, key: int) -> None:
        """Add one to a whole number of a record, outside of its history: the record was not changed, only looked at."""
        self._put(Count(record, field, key))

    def stamp(self, record: str, key: int, values: dict[str, Any]) -> None:
        """Write stored values of a record, outside of its history; of several for one record the last counts."""
        self._put(Stamp(record, key, values))

    def _put(self, note: Note | Count | Stamp) -> None:
        try:
            self._notes.put_nowait(note)
        except queue.Full:
            return
        self._start()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="later", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            try:
                first = self._notes.get(timeout=30)
            except queue.Empty:
                return
            if not isinstance(first, Note):
                self._hurry.wait(GATHER)
            self._write([first, *self._waiting()])

    def _waiting(self) -> list[Note | Count | Stamp]:
        found: list[Note | Count | Stamp] = []
        while True:
            try:
                found.append(self._notes.get_nowait())
            except queue.Empty:
                return found

    def flush(self) -> None:
        """Write what waits, now (tests, and before the end)."""
        self._hurry.set()
        self._write(self._waiting())
        self._notes.join()
        self._hurry.clear()

    def _write(self, notes: list[Note | Count | Stamp]) -> None:
        if not notes:
            return
        try:
            self._store(notes)
        finally:
            for _note in notes:
                self._notes.task_done()

    def _store(self, notes: list[Note | Count | Stamp]) -> None:
        hours = self.installation.settings.security.session_hours
        stamps = {(note.record, note.key): note.values for note in notes if isinstance(note, Stamp)}
        counts = Counter(note for note in notes if isinstance(note, Count))
        try:
            with self.installation.env(SYSTEM) as env:
                for note in notes:
                    if isinstance(note, Note):
                        sessions.touch(env.connection, note.token_hash, note.at, hours, note.recent)
                for (record, key), values in stamps.items():
                    known = env.registry.records.get(record)
                    if known is not None:
                        env.execute(known.table.update().where(known.table.c.id == key).values(
                            {known.fields[name].column_name: value for name, value in values.items() if name in known.fields}))
                for count, times in counts.items():
                    rtype = env.registry.records.get(count.record)
                    if rtype is not None and count.field in rtype.fields:
                        column = rtype.table.c[rtype.fields[count.field].column_name]
                        env.execute(rtype.table.update().where(rtype.table.c.id == count.key).values(
                            {column: func.coalesce(column, 0) + times}))
        except SQLAlchemyError:
            self.installation.log.warning("session notes lost", count=len(notes))
