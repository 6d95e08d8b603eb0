"""Configuration records of packages: what is here, and writing what a package says.

Everything goes through the acting person's rights: who may not change a profile cannot do so by a package either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from core.customise.package_diff import ABSENT, Change
from core.customise.package_names import NUMBER, Names, NotHere, portable_of, travelling
from core.errors import SarnakhError
from core.expressions import F
from core.i18n.messages import _
from core.records import portable
from core.records.fields import USER, Field, LinkField, ManyField
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

MOST_RECORDS = 5000
"""Of one type; configuration is not data."""


def portable_types(env: Env) -> list[RecordType]:
    """The record types whose records travel, as far as the actor sees them, in the order of what they need."""
    return [t for t in env.registry.records.values() if (p := portable_of(t)) is not None and not p.named and env.can("read", t.name)]


def records_here(env: Env, names: Names, records: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The configuration records of some types as a package would hold them, by name."""
    found: dict[str, dict[str, Any]] = {}
    for record in records:
        rtype = env.registry.records.get(record)
        declared = portable_of(rtype) if rtype is not None else None
        if rtype is None or declared is None or declared.named or not env.can("read", record):
            continue
        fields = travelling(env, rtype)
        query = env.query(record).where(declared.only) if declared.only is not None else env.query(record)
        rows = query.archived(None).order("id").select(*(f.name for f in fields)).rows(limit=MOST_RECORDS + 1)
        if len(rows) > MOST_RECORDS:
            raise SarnakhError(_("There are more than {most} {records}: they are data, not configuration.", most=MOST_RECORDS,
                                 records=rtype.plural))
        known = names.names(record)
        found |= {known[row["id"]]: names.data(rtype, row, fields) for row in rows if row["id"] in known}
    return found


def write_records(env: Env, changes: Collection[Change], coming: Collection[str] = ()) -> None:
    """Create, change and delete configuration records as decided; what others need comes first. What waits for records that
    are `coming` later is left out (when it is only tried)."""
    names = Names(env)
    waiting = [c for c in changes if portable.is_name(c.item) and c.writes]
    _delete(env, names, [c.item for c in waiting if c.result is ABSENT])
    waiting = [c for c in waiting if c.result is not ABSENT]
    while waiting:
        later = _wave(env, names, waiting)
        if len(later) == len(waiting):
            for _change, why in later:
                if why.name not in coming:
                    raise why
            return
        waiting = [change for change, _why in later]


def _delete(env: Env, names: Names, items: list[str]) -> None:
    by_record: dict[str, list[int]] = {}
    for item in items:
        by_record.setdefault(portable.read(item)[0], []).append(names.number(item))
    for record, keys in reversed(by_record.items()):
        env.delete(record, keys)
        names.forget(record)


def _wave(env: Env, names: Names, changes: list[Change]) -> list[tuple[Change, NotHere]]:
    """Write all those whose links lead somewhere already; returns the others, each with what it waits for."""
    made: dict[str, list[dict[str, Any]]] = {}
    changed: dict[str, dict[int, dict[str, Any]]] = {}
    later: list[tuple[Change, NotHere]] = []
    for change in changes:
        record, key = portable.read(change.item)
        rtype = env.registry.record(record)
        declared = portable_of(rtype)
        if declared is None or declared.named:
            raise SarnakhError(_("{records} do not travel in packages.", records=rtype.plural))
        try:
            values = _values(env, names, rtype, key, change)
            if change.here is ABSENT:
                if set(key) - {NUMBER} != set(declared.key) & set(key):
                    raise SarnakhError(_("{item} is shipped with an addon and cannot be made by a package.", item=change.item))
                made.setdefault(record, []).append(values)
            else:
                changed.setdefault(record, {})[names.number(change.item)] = values
        except NotHere as waits:
            later.append((change, waits))
    for record, rows in made.items():
        if env.actor.id is None and env.registry.record(record).owned:
            owner = env.query(USER).where(F.is_super & F.active).order("id").ids(limit=1)
            rows = [{"owner": owner[0], **row} for row in rows] if owner else rows  # the command line is nobody
        env.create(record, rows)
        names.forget(record)
    for record, each in changed.items():
        env.update_each(record, each)
        names.forget(record)
    return later


def _values(env: Env, names: Names, rtype: RecordType, key: Mapping[str, str], change: Change) -> dict[str, Any]:
    """The values to write: for a new record all, its key among them, for another those that differ."""
    declared = portable_of(rtype)
    assert declared is not None
    fields = {f.name: f for f in travelling(env, rtype)}
    given: dict[str, Any] = dict(change.result)
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise SarnakhError(_("{record} has no field “{field}” that travels.", record=rtype.label, field=unknown[0][:80]))
    if change.here is ABSENT:
        wanted = {**{n: given.get(n) for n in fields if n not in declared.key}, **{n: v for n, v in key.items() if n != NUMBER}}
    else:
        wanted = {n: given.get(n) for n in fields if n not in declared.key and given.get(n) != change.here.get(n)}
    whole = {**{n: v for n, v in {**given, **key}.items() if n != NUMBER}, **wanted}
    if declared.numbers is not None:
        whole = declared.numbers(env, whole, names.resolve)
    return {n: _typed(env, names, rtype.fields[n], whole.get(n)) for n in wanted if n in rtype.fields}


def _typed(env: Env, names: Names, field: Field, value: Any) -> Any:
    """A value of a package as the record layer takes it, whatever the actor's calendar and digits are."""
    if value is None:
        return [] if isinstance(field, ManyField) else None
    try:
        if isinstance(field, ManyField):
            return [names.number(one) for one in value]
        if isinstance(field, LinkField):
            return names.number(value)
        if field.type_name == "date":
            return dt.date.fromisoformat(value)
        if field.type_name == "datetime":
            return dt.datetime.fromisoformat(value)
    except (TypeError, ValueError, AttributeError):
        raise SarnakhError(_("{field}: “{value}” does not fit.", field=field.label, value=str(value)[:80])) from None
    return value
