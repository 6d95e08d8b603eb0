"""Records that are finished (an issued invoice, a closed deal) and that nobody changes any more, with what they own.

    class Deal(Record):
        record_locked = "status in (\"won\", \"lost\")"
        record_locked_reason = _("This deal is closed. Reopen it to work on it.")
        record_locked_open = ("tags",)                     # may be changed all the same
        record_locked_right = "action:reopen"              # who holds it is not kept out; "" keeps everybody out
    record_locked_files = "add"                        # new files may come; "free": all may change, "none": none may

The stored record decides, by SQL: what a change would make of it opens nothing. Records that live under a locked one
(`record_parent`, but for remarks such as notes) are locked with it, and so are its files, those in its fields too, but for
what `record_locked_files` leaves open. Elevated code is not kept out, unless it takes something back for somebody
(`env.taking_back`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.errors import Invalid, ValidationFailed
from core.query.among import among
from core.records.fields import FILE, AnyLinkField, LinkField
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env


def locked(env: Env, rtype: RecordType, ids: Iterable[int], *, hold: bool = False) -> dict[int, str]:
    """Those of the records that the actor may not change because they are locked, each with the reason.

    One statement for each type on the way up; `hold` keeps those above from being changed until the transaction ends.
    """
    keys = list(dict.fromkeys(ids))
    person = env.held_for or env
    if person.access.trusted or not keys or not guarded(env, rtype):
        return {}
    table, lock = rtype.table, rtype.lock
    chosen = among(env.dialect, table.c.id, keys)
    found: dict[int, str] = {}
    if hold:
        env.execute(select(table.c.id).where(chosen).order_by(table.c.id).with_for_update(key_share=True))
    if lock is not None and not (lock.right and person.can(lock.right, rtype.name)):
        condition = env.access.compiled(rtype, table, lock.where)
        found = dict.fromkeys(env.execute(select(table.c.id).where(chosen, condition)).scalars(), lock.reason)
    link = _above(env, rtype)
    if link is not None:
        column = table.c[link.column_name]
        under: dict[int, list[int]] = {}
        for key, parent in env.execute(select(table.c.id, column).where(chosen, column.is_not(None))):
            under.setdefault(parent, []).append(key)
        above = locked(env, env.registry.record(link.target), under, hold=hold)
        found.update({key: reason for parent, reason in above.items() for key in under[parent]})
    for target, held in _holders(env, rtype, keys).items():
        above = locked(env, env.registry.record(target), held, hold=hold)
        found.update({key: reason for holder, reason in above.items() for key in held[holder]})
    return found


def guarded(env: Env, rtype: RecordType) -> bool:
    """Whether records of a type can be locked at all."""
    return rtype.lock is not None or _above(env, rtype) is not None or bool(_loose(env, rtype))


def _loose(env: Env, rtype: RecordType) -> list[str]:
    """The types with locks on whose records files (and nothing else) may hang; those whose lock leaves files free do not count."""
    link = rtype.fields.get(rtype.parent or "")
    if rtype.name != FILE or not isinstance(link, AnyLinkField):
        return []
    found = [env.registry.record(n) for n in link.targets or env.registry.records]
    return [r.name for r in found if r.lock is not None and r.lock.files != "free"]


def _holders(env: Env, rtype: RecordType, keys: list[int]) -> dict[str, dict[int, list[int]]]:
    """On which records these hang: numbers under the number of the record, by type; one statement, and one for each
    field for files that stands on a type with a lock."""
    names = _loose(env, rtype)
    if not names:
        return {}
    table, link = rtype.table, rtype.field(rtype.parent or "")
    kind, column = table.c[f"{link.name}_type"], table.c[link.column_name]
    pairs = list(env.execute(select(table.c.id, kind, column).where(among(env.dialect, table.c.id, keys), kind.in_(names))))
    for name, field in rtype.inbound:
        if name in names:
            source = env.registry.record(name)
            holding = source.table.c[source.fields[field].column_name]
            held = select(holding, source.table.c.id).where(among(env.dialect, holding, keys), source.table.c.deleted_at.is_(None))
            pairs += [(key, name, holder) for key, holder in env.execute(held)]
    found: dict[str, dict[int, list[int]]] = {}
    for key, name, holder in pairs:
        found.setdefault(name, {}).setdefault(holder, []).append(key)
    return found


def open_fields(rtype: RecordType) -> set[str]:
    """The fields of a locked record that may be changed all the same."""
    return set(rtype.lock.open) if rtype.lock is not None else set()


def _above(env: Env, rtype: RecordType) -> LinkField | None:
    """The link to the record that a record lives and is locked under."""
    link = rtype.fields.get(rtype.parent or "")
    if rtype.remarks or not isinstance(link, LinkField):
        return None
    return link if guarded(env, env.registry.record(link.target)) else None


def refuse(env: Env, rtype: RecordType, ids: Collection[int], fields: Iterable[str] = ()) -> None:
    """ValidationFailed if one of the records is locked, unless only `fields` that stay open are to be changed."""
    names = set(fields)
    if names and names <= open_fields(rtype):
        return
    found = locked(env, rtype, ids, hold=_above(env, rtype) is not None or bool(_loose(env, rtype)))
    if found:
        raise ValidationFailed([Invalid(i, None, found[key]) for i, key in enumerate(ids) if key in found])


def under_locked(env: Env, rtype: RecordType, records: Iterable[Any]) -> Iterator[Invalid]:
    """An error for each of these new states that would come to stand under a locked record."""
    for target in _loose(env, rtype):
        lock, field = env.registry.record(target).lock, rtype.field(rtype.parent or "")
        if lock is not None and lock.files == "none":
            rows = [r.__dict__ if r.__dict__.get(f"{field.name}_type") == target else {} for r in records]
            yield from _shut(env, target, field.name, [row.get(field.column_name) for row in rows])
    link = _above(env, rtype)
    if link is None:
        return
    yield from _shut(env, link.target, link.name, [r.__dict__.get(link.column_name) for r in records])


def _shut(env: Env, target: str, name: str, parents: list[int | None]) -> Iterator[Invalid]:
    found = locked(env, env.registry.record(target), [p for p in parents if p is not None], hold=True)
    for i, parent in enumerate(parents):
        if parent in found:
            yield Invalid(i, name, found[parent])


def refuse_files(env: Env, rtype: RecordType, key: int) -> None:
    """ValidationFailed if a record is locked and takes no new files either."""
    if rtype.lock is not None and rtype.lock.files == "none":
        refuse(env, rtype, [key])
