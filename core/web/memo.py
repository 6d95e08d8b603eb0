"""What stays the same when a person comes back to the same list: its toolbar and heads, kept with their HTML.

A slot is good for one actor object and one set of saved views: whenever permissions change the installation makes a new
actor, and a changed view is another view, so nothing stale can be drawn. It is no store of records: rows, counts, sums
and chips are made anew for every page.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

MOST = 64


class Memo:
    """The slots of one site, the least recently used going first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._slots: OrderedDict[Hashable, tuple[Any, Any, dict[str, Any]]] = OrderedDict()
        self._lock = threading.Lock()

    def slot(self, key: Hashable, actor: Any, views: Any) -> dict[str, Any]:
        """The slot of a key, empty when it is new or was made for another actor object or other views."""
        with self._lock:
            found = self._slots.get(key)
            if found is None or found[0] is not actor or found[1] != views:
                found = self._slots[key] = (actor, views, {})
            self._slots.move_to_end(key)
            while len(self._slots) > self._most:
                self._slots.popitem(last=False)
            return found[2]
