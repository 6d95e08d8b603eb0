"""Work that is done for the look of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.records.savepoints import savepoint

if TYPE_CHECKING:
    from core.env import Env


class _TakeBack(Exception):
    """Leaves a savepoint without keeping anything."""


@contextmanager
def tried(env: Env, keep: bool = False) -> Iterator[None]:
    """Run for the look of it: whatever is written inside is taken back at its end (unless `keep`)."""
    try:
        with savepoint(env):
            yield
            if not keep:
                raise _TakeBack
    except _TakeBack:
        return
