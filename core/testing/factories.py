"""Records of any type, made from what the registry knows: so a new record type is tested without anybody writing a test.

`make(env, "leads.lead", marker="Xq7")` fills every writable field, required links recursively, and puts the marker
into every text, so that a test can look for it where it must not appear.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from core.env import Env
from core.errors import ValidationFailed
from core.records.fields import USER, AnyLinkField, ChoiceField, Field, LinkField

_numbers = itertools.count(1)
PLAIN: dict[str, Any] = {
    "integer": 3, "decimal": "1.5", "money": "125.50", "percent": "12.5", "flag": True, "date": dt.date(2026, 3, 21),
    "datetime": dt.datetime(2026, 3, 21, 8, 30, tzinfo=dt.UTC), "duration": dt.timedelta(minutes=90),
}

OTHERS = ("{marker}{number}@example.com", "+98912{number:07d}", "https://{marker}{number}.example.com/")
"""What a required text may have to be, when a validator refuses a plain one."""


def value_for(env: Env, field: Field, marker: str, depth: int) -> Any:
    """A valid value for a field, None when it is better left empty."""
    number = next(_numbers)
    if field.type_name in ("text", "longtext", "richtext"):
        size = getattr(field, "size", None) or 100
        text = f"{marker} {number}"
        return text[:size] if size >= len(text) else str(number)[-size:]
    if field.type_name == "email":
        return f"{marker.lower()}{number}@example.com"
    if field.type_name == "phone":
        return f"+98912{number % 10_000_000:07d}"
    if field.type_name == "url":
        return f"https://{marker.lower()}{number}.example.com/"
    if isinstance(field, ChoiceField):
        options = [o.value for o in field.options if o.active]
        return None if not options else ([options[0]] if field.type_name == "multichoice" else options[0])
    if field.type_name in PLAIN:
        return PLAIN[field.type_name]
    if isinstance(field, AnyLinkField) and field.required:
        targets = field.targets or [n for n, t in env.registry.records.items() if t.parent is None and t.owned]
        return (targets[0], make(env, targets[0], marker, depth=depth + 1))
    if isinstance(field, LinkField) and field.required and field.target == USER:
        return env.actor.id or env.query(USER).ids(limit=1)[0]
    if isinstance(field, LinkField) and field.required and depth < 4:
        return make(env, field.target, marker, depth=depth + 1)
    return None


def make(env: Env, record: str, marker: str = "Zz", depth: int = 0, **given: Any) -> int:
    """Create one record and return its number. What validators refuse is left out, one field at a time."""
    rtype = env.registry.record(record)
    values = dict(given)
    for name, field in rtype.fields.items():
        allowed = env.access.writable(record, name) or (env.access.trusted and field.required)
        if name in values or field.system or not allowed or not field.stored:
            continue
        if field.default is not None and field.type_name not in ("text", "longtext", "richtext", "link"):
            continue
        value = value_for(env, field, marker, depth)
        if value is not None:
            values[name] = value
    tried: dict[str, int] = {}
    for _attempt in range(40):
        try:
            return int(env.create(record, values))
        except ValidationFailed as failed:
            wrong = {e.field for e in failed.errors if e.field in values and e.field not in given} - {None}
            if not wrong:
                raise
            for name in wrong:
                values.pop(str(name))
                tried[str(name)] = tried.get(str(name), 0) + 1
                if rtype.fields[str(name)].required and tried[str(name)] <= len(OTHERS):
                    values[str(name)] = OTHERS[tried[str(name)] - 1].format(marker=marker.lower(), number=next(_numbers))
    raise AssertionError(f"{record} cannot be made")
