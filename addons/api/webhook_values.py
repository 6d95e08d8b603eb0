"""Field values as JSON: dates as ISO texts, exact numbers as texts, links as number and name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.api import Env, Link

LEFT_OUT = frozenset({"secret", "children", "file", "image"})


def names_for(person: Env, record: str, chosen: Sequence[str]) -> list[str]:
    """The fields of a type that go along: those chosen (or all) that the person may read and that are no secrets."""
    fields = person.registry.record(record).fields
    return [n for n, f in fields.items() if (not chosen or n in chosen) and f.type_name not in LEFT_OUT and not f.sensitive
            and person.access.readable(record, n)]


def plain(value: Any) -> Any:
    """One value for JSON."""
    if isinstance(value, Link):
        return {"id": value.id, "label": value.label, "record": value.record}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return int(value.total_seconds())
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)
