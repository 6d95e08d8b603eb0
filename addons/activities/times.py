"""When an activity is, in words: a day of a whole day, a moment of what has one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import Env, _


def when(env: Env, row: Mapping[str, Any]) -> str:
    """“tomorrow”, “today 14:30”, “3 March – 5 March”; whole days are the same days in every zone."""
    if row["all_day"]:
        first, last = row["first_day"], row["last_day"]
        if first is None:
            return ""
        if last and last != first:
            return env.t(_("{first} – {last}", first=env.format.date(first), last=env.format.date(last)))
        return env.format.relative(first, env.now)
    return env.format.relative(row["starts_at"], env.now) if row["starts_at"] else ""


def exact(env: Env, row: Mapping[str, Any]) -> str:
    """The same with day and time written out."""
    if row["all_day"]:
        return env.format.date(row["first_day"], "long")
    return env.format.datetime(row["starts_at"]) if row["starts_at"] else ""
