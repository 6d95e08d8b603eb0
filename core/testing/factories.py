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
from core.records.name_fields import NameField

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
    nothing_known = isinstance(field, NameField) and not field.offered(env)  # such as channels, where no addon brings one
    if nothing_known or field.type_name in ("text", "longtext", "richtext", "secret"):
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
        options = [o.value for o in field.offered(env) if o.active]
        return None if not options else ([options[0]] if field.type_name == "multichoice" else options[0])
    if field.type_name in PLAIN:
        return PLAIN[field.type_name]
    if isinstance(field, AnyLinkField) and field.required:
        targets = field.targets or [n for n, t in env.registry.records.items() if t.parent is None and t.owned]
        return (targets[0], make(env, targets[0], marker, depth=depth + 1))
    if isinstance(field, LinkField) and field.required and field.target == USER:
        return env.actor.id or env.query(USER).ids(limit=1)[0]
    if isinstance(field, LinkField) and field.required and depth < 4:
        return make(env, field.target, depth=depth + 1)
    return None


def _mark(env: Env, target: str, marker: str) -> str:
    """The marker of a record made along with another one: what is everybody's (a stage, a currency) has none to hide."""
    rtype = env.registry.record(target)
    return marker if rtype.owned or rtype.parent else "Zz"


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
        value = _fitting(env, field, values, marker, depth) or value_for(env, field, marker, depth)
        if value is not None:
            values[name] = value
    tried: dict[str, int] = {}
    for _attempt in range(40):
        try:
            return int(env.create(record, values))
        except ValidationFailed as failed:
            wrong = {e.field for e in failed.errors if e.field in values and e.field not in given} - {None}
            asked = {n: _asked(env, rtype.fields[n], depth) for e in failed.errors
                     if (n := str(e.field)) in rtype.fields and n not in values and n not in tried}
            values |= {name: value for name, value in asked.items() if value is not None}
            if not wrong and not any(asked.values()):
                raise
            for name in wrong:
                values.pop(str(name))
                tried[str(name)] = tried.get(str(name), 0) + 1
                if rtype.fields[str(name)].required and tried[str(name)] <= len(OTHERS):
                    values[str(name)] = OTHERS[tried[str(name)] - 1].format(marker=marker.lower(), number=next(_numbers))
    raise AssertionError(f"{record} cannot be made")


def _fitting(env: Env, field: Field, values: dict[str, Any], marker: str, depth: int) -> int | None:
    """A target for a required link that must fit the fields beside it."""
    if not isinstance(field, LinkField) or not field.required or not field.within or depth >= 4:
        return None
    given = {theirs: values[own] for own, theirs in field.within.items() if own in values}
    return make(env, field.target, _mark(env, field.target, marker), depth=depth + 1, **given)


def _asked(env: Env, field: Field, depth: int) -> Any:
    """A record for a link that a validator asks for although it is not always required."""
    if not isinstance(field, LinkField) or depth >= 4:
        return None
    if field.target == USER:
        return env.actor.id or env.query(USER).ids(limit=1)[0]
    return make(env, field.target, depth=depth + 1)
