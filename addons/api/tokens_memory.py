"""What a process remembers of the tokens that come in: whose they are, and when their use was last written down.

Tokens of people and integrations and those of OAuth applications are remembered in this one way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from core.api import Env
from core.web_api import Request

TOUCH = dt.timedelta(minutes=2)
"""The last use of a token is written at most this often."""
MOST_KEPT = 10_000
_touched: dict[str, dt.datetime] = {}
"""When the use of a token, by its digest, was last handed on to be written."""
Row = dict[str, Any]


def known(env: Env, record: str, counter: str, held: str, read: Callable[[Env], Row | None]) -> Row | None:
    """The row of the token with this digest, asked of the database (by `read`, with an elevated env) once in each process until
    the counter moves."""
    kept = env.kept(record, counter)
    if held not in kept:
        with env.elevated("whose token this is") as trusted:
            row = read(trusted)
        if row is None:
            return None  # not kept: whoever guesses does not fill the memory
        if len(kept) > MOST_KEPT:
            kept.clear()
        kept[held] = row
    return dict(kept[held])


def used(env: Env, request: Request, held: str, last: dt.datetime | None, record: str, key: int, **further: Any) -> None:
    """Have it written on a record that the token with this digest is used now; `last`: what the record knows of its last use."""
    last = _touched.get(held) or last
    if last is None or env.now - last > TOUCH:
        if len(_touched) > MOST_KEPT:
            _touched.clear()
        _touched[held] = env.now
        request.stamp(record, key, last_used_at=env.now, **further)
