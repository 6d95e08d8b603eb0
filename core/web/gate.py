"""How many requests one person, program or address may make in a minute.

Counted in this process, or in Redis when that is the jobs' engine: then the limit is that of all processes together.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from core.installation import Installation

log = logging.getLogger(__name__)
MINUTE = 60
MOST_CALLERS = 50_000

Counter = Callable[[str, int], int]
"""Counts one more of a caller in a minute and returns how many there are now."""


@dataclass(frozen=True)
class Taken:
    """What became of a request: whether it is let in, and what is left until the minute is over in `reset` seconds."""

    lets_in: bool
    limit: int
    remaining: int
    reset: int


class Gate:
    """Counts by caller in the running minute; a limit of 0 lets everything in. `programs` is the limit of a program with a token."""

    def __init__(self, limit: int, shared: Counter | None = None, programs: int = 0) -> None:
        self.limit = limit
        self.programs = programs
        self._shared = shared
        self._minute = 0
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def lets_in(self, caller: str) -> bool:
        """Whether one more request of this caller is taken."""
        return self.take(caller, self.limit).lets_in

    def take(self, caller: str, limit: int) -> Taken:
        """Count one more request of a caller against a limit."""
        now = int(time.time())
        minute, reset = now // MINUTE, MINUTE - now % MINUTE
        if not limit:
            return Taken(True, 0, 0, reset)
        count = self._count(caller, minute)
        return Taken(count <= limit, limit, max(0, limit - count), reset)

    def _count(self, caller: str, minute: int) -> int:
        if self._shared is not None:
            try:
                return self._shared(caller, minute)
            except Exception:  # noqa: BLE001 - whatever keeps us from the shared count, this process still counts its own
                log.warning("requests are counted by this process alone", exc_info=True)
        with self._lock:
            if minute != self._minute or len(self._counts) > MOST_CALLERS:
                self._minute, self._counts = minute, {}
            count = self._counts[caller] = self._counts.get(caller, 0) + 1
        return count


def shared_counter(installation: Installation) -> Counter | None:
    """Counting in Redis for all processes, through the connection that wakes workers; None without Redis."""
    if installation.settings.jobs.engine != "redis":
        return None
    redis = installation.jobs.huey.storage.conn

    def count(caller: str, minute: int) -> int:
        key = f"sarnakh:{installation.name}:gate:{minute}:{caller}"
        found, _kept = redis.pipeline().incr(key).expire(key, 2 * MINUTE).execute()
        return int(found)

    return count
