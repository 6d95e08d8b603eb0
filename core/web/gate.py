"""How many requests one person or address may make in a minute, counted in this process."""

from __future__ import annotations

import threading
import time


class Gate:
    """Counts by caller in the running minute; a limit of 0 lets everything in."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._minute = 0
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def lets_in(self, caller: str) -> bool:
        """Whether one more request of this caller is taken."""
        if not self.limit:
            return True
        minute = int(time.monotonic() // 60)
        with self._lock:
            if minute != self._minute or len(self._counts) > 50_000:
                self._minute, self._counts = minute, {}
            count = self._counts[caller] = self._counts.get(caller, 0) + 1
        return count <= self.limit
