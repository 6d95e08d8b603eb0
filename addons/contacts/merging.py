"""Making several records into one, with everything that links to them, and taking that back.

    with inst.env(actor) as env:
        done = merge(env, "contacts.account", keep=12, gone=[31, 40], values={"phone": "+98..."})
    ...
    take_back(env, done.merge)

The person needs the right to update and delete each of the records. Links of *all* record types are moved, also those
the person may not see or change: otherwise these would point into the recycle bin, and their owners would lose sight of
the company through no doing of theirs. That part runs elevated, its reason stands in the history of every record, and
neither the page nor the result says anything of records the person may not see. What other programs call the records that go
leads to the kept one.

Shares by hand and co-owners' access are not widened: the co-owners chosen on the page stay, shares of the records that
go are left on them, so that a merge never opens the kept record to anybody without a decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.api import AccessDenied, Env, NotFound, SarnakhError, _, externals

from .linked import MANY, Inbound, inbound, linking

MERGEABLE = ("contacts.account", "contacts.contact")
MOST = 10
MEMORY = "contacts.merge"
ONCE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("contacts.contact_point", "contact"): ("kind", "value"), ("contacts.account_point", "account"): ("kind", "value"),
    ("contacts.address", "account"): ("kind", "name", "street"), ("contacts.contact_role", "account"): ("contact", "role"),
    ("contacts.contact_role", "contact"): ("account", "role"), ("base.follow", "about"): ("user",)}
"""What may stand on the kept record once only: by (type, link), the fields that tell. A second one stays behind."""
LOWERED: Mapping[str, Mapping[str, Any]] = {"contacts.contact_point": {"primary": False},
                                            "contacts.contact_role": {"primary": False}}
"""Values set on what is moved: the kept record's own primary ones stay primary."""


@dataclass
class Merged:
    """What a merge did: the kept record, the remembered merge, moved records by type (those the actor may see)."""

    kept: int
    merge: int
    batch: str
    moved: dict[str, int] = field(default_factory=dict)


def merge(env: Env, record: str, keep: int, gone: Iterable[int], values: Mapping[str, Any] | None = None) -> Merged:
    """Move everything from the records `gone` to `keep`, give it `values`, and put the others into the recycle bin.

    `values` are field values for the kept record; many-to-many fields that are not named hold the links of all.
    Raises NotFound, AccessDenied, ValidationFailed; nothing is half-done when the transaction is rolled back.
    """
    losers = [k for k in dict.fromkeys(gone) if k != keep]
    check(env, record, [keep, *losers])
    labels = env.labels(record, [keep, *losers])
    changes = _own_values(env, record, keep, losers, dict(values or {}))
    if changes:
        env.update(record, keep, changes)
    reason = env.t(_("merge into “{name}”: links must not end in the recycle bin", name=labels.get(keep, f"#{keep}")))
    moved = _move_all(env, record, keep, losers, reason)
    if "merged_into" in env.registry.record(record).fields:
        with env.elevated(reason) as sudo:
            sudo.update(record, losers, {"merged_into": keep})
    names = externals.names_of(env, record, losers)
    for loser, given in names.items():
        externals.hand_over(env, record, given, loser, keep)
    env.delete(record, losers)
    return Merged(keep, _remember(env, record, keep, losers, labels, names), env.batch, moved)


def check(env: Env, record: str, ids: Sequence[int]) -> None:
    """Refuse what cannot be merged: fewer than two or too many records, hidden ones, ones that may not be deleted."""
    if record not in env.registry.records or not 2 <= len(set(ids)) <= MOST:
        raise SarnakhError(_("Choose two to {most} records to merge.", most=MOST))
    if len(set(env.visible_ids(record, ids))) < len(set(ids)):
        raise NotFound()
    for operation in ("update", "delete"):
        env.require(operation, record)
        if env.allowed_ids(operation, record, ids) != set(ids):
            raise AccessDenied(_("To merge records you need the right to change and delete each of them."))
    for reason in env.locked(record, ids).values():
        raise AccessDenied(reason)


def _own_values(env: Env, record: str, keep: int, losers: list[int], values: dict[str, Any]) -> dict[str, Any]:
    """The kept record's new values: those given, united many-to-many links, and no link to what goes."""
    rtype = env.registry.record(record)
    many = [n for n, f in rtype.fields.items() if f.type_name in MANY and n not in values and env.can("update", record, n)]
    own_links = [n for n, f in rtype.fields.items() if f.type_name == "link" and getattr(f, "target", "") == record
                 and not f.system and not f.readonly and env.can("read", record, n)]
    rows = {r["id"]: r for r in env.query(record).with_ids([keep, *losers]).archived(None).select(*many, *own_links).rows()}
    for name in many:
        united = list(dict.fromkeys(link.id for k in [keep, *losers] for link in rows[k][name]))
        if set(united) != {link.id for link in rows[keep][name]}:
            values[name] = united
    group = {keep, *losers}
    for name in own_links:
        chosen = _key(values[name]) if name in values else _key(rows[keep][name])
        if chosen in group:
            values[name] = next((k for k in (_key(rows[i][name]) for i in losers) if k and k not in group), None)
    return values


def _key(link: Any) -> int | None:
    return int(getattr(link, "id", link)) if link else None


# ---------------------------------------------------------------- moving what links here
def _move_all(env: Env, record: str, keep: int, losers: list[int], reason: str) -> dict[str, int]:
    """Point every link at the kept record; each linking record is written once, whatever number of its fields link."""
    seen: dict[str, int] = {}
    with env.elevated(reason) as sudo:
        for source, fields in _by_type(inbound(sudo, record)).items():
            changes = _changes(sudo, source, fields, record, keep, losers)
            if changes:
                visible = env.visible_ids(source, changes) if env.can("read", source) else []
                if visible:
                    seen[source] = len(visible)
                sudo.update_each(source, changes, source="merge")
    return seen


def _by_type(found: Iterable[Inbound]) -> dict[str, list[Inbound]]:
    made: dict[str, list[Inbound]] = {}
    for one in found:
        if (one.record, one.field) not in ((MEMORY, "kept"),) and one.field != "merged_into":
            made.setdefault(one.record, []).append(one)
    return made


def _changes(
    sudo: Env, source: str, fields: list[Inbound], record: str, keep: int, losers: list[int]
) -> dict[int, dict[str, Any]]:
    changes: dict[int, dict[str, Any]] = {}
    for one in fields:
        rows = linking(sudo, one, record, losers).select(*_paths(sudo, one)).rows()
        own = [r for r in rows if not (source == record and r["id"] in (keep, *losers))]
        staying = _repeated(sudo, one, record, keep, own)
        for row in own:
            if row["id"] in staying:
                continue
            value: Any = keep
            if one.kind == "anylink":
                value = (record, keep)
            elif one.kind == "many":
                value = list(dict.fromkeys(keep if link.id in losers else link.id for link in row[one.field]))
            changes.setdefault(row["id"], {}).update({**LOWERED.get(source, {}), one.field: value})
    return changes


def _paths(sudo: Env, one: Inbound) -> list[str]:
    return list(dict.fromkeys((one.field, *_telling(sudo, one))))


def _telling(sudo: Env, one: Inbound) -> tuple[str, ...]:
    """The fields that together with this link must be unique: declared here, or by the type itself."""
    known = ONCE.get((one.record, one.field))
    if known is not None:
        return known
    for names in sudo.registry.record(one.record).cls.record_unique:
        if one.field in names:
            return tuple(n for n in names if n != one.field)
    return ()


def _repeated(sudo: Env, one: Inbound, record: str, keep: int, rows: list[dict[str, Any]]) -> set[int]:
    """Records that would stand on the kept record a second time: they stay, and go to the recycle bin along."""
    telling = _telling(sudo, one)
    if not telling or not rows:
        return set()
    there = linking(sudo, one, record, [keep]).select(*telling).rows()
    taken = {tuple(_plain(r[n]) for n in telling) for r in there}
    staying = set()
    for row in rows:
        key = tuple(_plain(row[n]) for n in telling)
        if key in taken:
            staying.add(row["id"])
        taken.add(key)
    return staying


def _plain(value: Any) -> Any:
    return getattr(value, "id", value)


# ---------------------------------------------------------------- the way back
def _remember(env: Env, record: str, keep: int, losers: list[int], labels: dict[int, str],
              names: Mapping[int, list[tuple[str, str]]]) -> int:
    gone = [{"id": k, "label": labels.get(k, f"#{k}"), **({"externals": names[k]} if k in names else {})} for k in losers]
    title = f"{' + '.join(labels.get(k, f'#{k}') for k in losers)} → {labels.get(keep, f'#{keep}')}"[:500]
    with env.elevated("remembering a merge") as sudo:
        return int(sudo.create(MEMORY, {"title": title, "kept": (record, keep), "gone": gone,
                                        "batch": env.batch}))


def take_back(env: Env, merge_id: int) -> tuple[int, int]:
    """Undo a merge the actor made: (records taken back, records left because they were changed since).

    What was moved without the actor's rights is moved back the same way; the actor must still be allowed to change the
    kept record.
    """
    found = env.get(MEMORY, merge_id, "kept", "batch", "gone", "created_by")
    mine = found.created_by is not None and found.created_by.id == env.actor.id
    if not (env.actor.is_super or mine):
        raise NotFound()
    if found.kept.id not in env.allowed_ids("update", found.kept.record, [found.kept.id]):
        raise AccessDenied(_("To take a merge back you need the right to change the kept record."))
    for reason in env.locked(found.kept.record, [found.kept.id]).values():
        raise AccessDenied(reason)
    with env.elevated("taking a merge back") as sudo:
        done = sudo.undo(found.batch)
        _names_back(sudo, found.kept.record, found.kept.id, found.gone)
    return done.undone, done.left


def _names_back(sudo: Env, record: str, kept: int, gone: Sequence[Mapping[str, Any]]) -> None:
    """What other programs call the records that came back leads to these again, unless it was given to others since."""
    back = set(sudo.visible_ids(record, [one["id"] for one in gone]))
    for one in gone:
        if one["id"] in back:
            externals.hand_over(sudo, record, [(source, name) for source, name in one.get("externals", ())], kept, one["id"])


def merges_of(env: Env, record: str, key: int) -> list[dict[str, Any]]:
    """Merges into a record that the actor may take back, newest first: rows with id, title, created_at."""
    if not env.can("read", MEMORY):
        return []
    return env.query(MEMORY).holding("kept", [key], record).order("-created_at").select("title", "created_at", "gone").rows(20)
