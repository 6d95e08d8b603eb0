"""Finding records by what else than their number is theirs alone: unique fields, unique sets of fields, numbers of other programs.

A key is written `email`, `currency,on` or `external:erp` (what the program "erp" calls the record).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.api import AccessDenied, Env, Invalid, Link, ValidationFailed, _, externals

from .rest_problems import BadParameter
from .rest_shape import is_told
from .rest_values import value_in

EXTERNAL = "external:"
_SOURCE = re.compile(r"[a-z][a-z0-9_.-]{0,59}")


@dataclass(frozen=True)
class Key:
    """One way to find records of a type: a set of fields, or the name of another program."""

    record: str
    fields: tuple[str, ...]
    source: str = ""

    @property
    def name(self) -> str:
        """The key as it is written; what rows call the value of an external one."""
        return EXTERNAL + self.source if self.source else ",".join(self.fields)


def keys_of(env: Env, record: str) -> list[Key]:
    """The keys that consist of fields the caller may read."""
    rtype = env.registry.record(record)
    sets: list[tuple[str, ...]] = [(name,) for name, field in rtype.fields.items() if field.unique and field.stored]
    sets += [tuple(names) for names in rtype.cls.record_unique]
    return [Key(record, names) for names in sets if all(is_told(env, record, rtype.fields[n]) for n in names)]


def key_named(env: Env, record: str, text: str, parameter: str = "key") -> Key:
    """The key that a text means; BadParameter for none."""
    if text.startswith(EXTERNAL) and _SOURCE.fullmatch(text.removeprefix(EXTERNAL)):
        return Key(record, (), text.removeprefix(EXTERNAL))
    names = set(text.split(","))
    found = next((key for key in keys_of(env, record) if set(key.fields) == names), None)
    if found is None:
        raise BadParameter(parameter, _("“{key}” is no key of these records: take a unique field, or external:<name of a program>.",
                                        key=text[:80]))
    return found


def find(env: Env, key: Key, rows: Sequence[dict[str, Any]]) -> list[int | None]:
    """The number of the record of each row, None where there is none yet. Rows hold the key's values as JSON has them; two or three
    statements, however many rows."""
    if key.source:
        return _find_external(env, key, rows)
    wanted = [_values(env, key, row, i) for i, row in enumerate(rows)]
    if len(set(wanted)) < len(wanted):
        twice = next(i for i, value in enumerate(wanted) if value in wanted[:i])
        raise ValidationFailed([Invalid(twice, key.fields[-1], _("Another row has the same key."))])
    query = env.query(key.record).archived(None)
    for at, name in enumerate(key.fields):
        query = query.holding(name, [values[at] for values in wanted])
    found = {tuple(_plain(row[n]) for n in key.fields): row["id"] for row in query.select(*key.fields).rows()}
    return [found.get(values) for values in wanted]


def _values(env: Env, key: Key, row: dict[str, Any], index: int) -> tuple[Any, ...]:
    """A row's key in its stored form."""
    fields, made = env.registry.record(key.record).fields, []
    for name in key.fields:
        try:
            value = value_in(env, fields[name], row.get(name))
            made.append(fields[name].clean(value, env) if value is not None else None)
        except ValueError as error:
            raise ValidationFailed([Invalid(index, name, error.args[0])]) from None
        if made[-1] is None:
            raise ValidationFailed([Invalid(index, name, _("“{field}” is part of the key.", field=fields[name].label))])
    return tuple(made)


def _plain(value: Any) -> Any:
    return value.id if isinstance(value, Link) else value


def _find_external(env: Env, key: Key, rows: Sequence[dict[str, Any]]) -> list[int | None]:
    names = [row.get(key.name) for row in rows]
    for i, name in enumerate(names):
        if not isinstance(name, str) or not 0 < len(name) <= 255:
            raise ValidationFailed([Invalid(i, None, _("“{field}” is part of the key.", field=key.name))])
        if name in names[:i]:
            raise ValidationFailed([Invalid(i, None, _("Another row has the same key."))])
    known = externals.taken(env, key.record, key.source, names)  # type: ignore[arg-type]  # checked above
    if set(known.values()) - set(env.visible_ids(key.record, known.values())):
        raise AccessDenied(_("One of these records exists, but you may not see it."))
    return [known.get(str(name)) for name in names]


def remember(env: Env, key: Key, rows: Sequence[dict[str, Any]], ids: Sequence[int]) -> None:
    """What another program calls these new records."""
    if key.source:
        externals.put(env, key.record, key.source, {str(row[key.name]): number for row, number in zip(rows, ids, strict=True)})


def without_key(key: Key, row: dict[str, Any]) -> dict[str, Any]:
    """A row without the name that another program gives the record."""
    return {name: value for name, value in row.items() if not key.source or name != key.name}
