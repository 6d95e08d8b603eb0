"""What stays the same while a person comes back to the same page: navigation, saved views, a list's toolbar and heads.

A slot is good for one actor object and one stamp of what else it was made from: whenever permissions change the
installation makes a new actor, and whenever the rest changes the stamp is another one, so nothing stale can be shown. It
is no store of records: rows, counts and sums are made anew for every page.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

MOST = 1024


class Memo:
    """The slots of one registry, the least recently used going first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._slots: OrderedDict[Hashable, tuple[Any, Any, dict[str, Any]]] = OrderedDict()
        self._lock = threading.Lock()

    def slot(self, key: Hashable, actor: Any, stamp: Any = None) -> dict[str, Any]:
        """The slot of a key, empty when it is new or was made for another actor object or another stamp."""
        with self._lock:
            found = self._slots.get(key)
            if found is None or found[0] is not actor or found[1] != stamp:
                found = self._slots[key] = (actor, stamp, {})
            self._slots.move_to_end(key)
            while len(self._slots) > self._most:
                self._slots.popitem(last=False)
            return found[2]

    def clear(self) -> None:
        """Forget everything: for whoever puts another state of the database under a process."""
        with self._lock:
            self._slots.clear()
