"""Small notes written after an answer has gone out: when a session was last used, what somebody looked at.

They wait in memory for a thread, so that reading a page never waits for the database's write lock; losing the last few
in a crash does no harm.
"""

from __future__ import annotations

import datetime as dt
import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

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


class Later:
    """The waiting notes of one process and the thread that writes them."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self._notes: queue.Queue[Note] = queue.Queue(maxsize=1000)
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
        try:
            self._notes.put_nowait(Note(session.token_hash, request.env.now, recent))
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
            self._write([first, *self._waiting()])

    def _waiting(self) -> list[Note]:
        found: list[Note] = []
        while True:
            try:
                found.append(self._notes.get_nowait())
            except queue.Empty:
                return found

    def flush(self) -> None:
        """Write what waits, now (tests, and before the end)."""
        self._write(self._waiting())
        self._notes.join()

    def _write(self, notes: list[Note]) -> None:
        if not notes:
            return
        try:
            self._store(notes)
        finally:
            for _note in notes:
                self._notes.task_done()

    def _store(self, notes: list[Note]) -> None:
        hours = self.installation.settings.security.session_hours
        try:
            with self.installation.env(SYSTEM) as env:
                for note in notes:
                    sessions.touch(env.connection, note.token_hash, note.at, hours, note.recent)
        except SQLAlchemyError:
            self.installation.log.warning("session notes lost", count=len(notes))
