"""Working time as people read it: in hours, never in days, for a day of work is no day of the calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.api import Env, _, n_


def written(env: Env, value: Any) -> str:
    """A length of working time (seconds or timedelta): 30 h 15 min; nothing for None."""
    if value is None:
        return ""
    total = int(value.total_seconds()) if isinstance(value, dt.timedelta) else int(value)
    sign = "-" if total < 0 else ""
    hours, minutes = divmod(abs(total) // 60, 60)
    if not hours:
        return sign + env.t(n_("{count} min", "{count} min", minutes))
    if not minutes:
        return sign + env.t(n_("{count} h", "{count} h", hours))
    return sign + env.t(_("{hours} h {minutes} min", hours=env.format.number(hours), minutes=env.format.number(minutes)))
