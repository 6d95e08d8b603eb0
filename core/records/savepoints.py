"""Work that may be taken back without ending the transaction, together with what waited for its commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.env import Env


@contextmanager
def savepoint(env: Env) -> Iterator[None]:
    """An exception inside takes back what was written in it, and forgets what was to happen after the commit."""
    queued, waiting = len(env.queued), len(env.on_commit)
    try:
        with env.connection.begin_nested():
            yield
    except BaseException:
        del env.queued[queued:]
        del env.on_commit[waiting:]
        raise
