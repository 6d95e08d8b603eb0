"""Applying pieces: everything is looked at first, then rows, tables, history and counters change together.

    examine (reads)  →  prepare (PostgreSQL: columns and indexes of large tables, invisible)  →  one transaction  →  adopt

The transaction is the schema's own (core/schema/lock.py), so it is undone whole on both databases. It waits for nobody
long: on a busy table it gives up after two seconds and comes again, so that readers never queue behind it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, inspect, select, text, tuple_
from sqlalchemy.exc import DBAPIError

from core.addons import lifecycle
from core.customise import pieces as stored
from core.customise.pieces import Piece, Rows
from core.customise.plan import Candidate, PiecesPlan, examine
from core.customise.preparing import Prepared, is_locked, prepare
from core.env import Env
from core.errors import Conflict, Invalid, UpgradeError, ValidationFailed
from core.i18n.messages import _
from core.records import audit
from core.records.fields import AutoNumberField, Field, RollupField
from core.records.filling import SEARCH, fill
from core.registry.compose import RecordType
from core.registry.own.fields import filled_with
from core.registry.own.names import OWN
from core.registry.registry import Registry
from core.schema import ledger
from core.schema.apply import apply
from core.schema.export import keep_rows
from core.schema.lock import upgrading
from core.schema.plan import Plan, plan
from core.schema.putting_back import go_on, put_all_back
from core.security.actor import SYSTEM, Actor

if TYPE_CHECKING:
    from core.installation import Installation

PLACE = "customising"
"""Stands as the record type in history rows about customising."""
TRIES = 8
First = Callable[[Env], Sequence[Piece]]
Then = Callable[[Env], object]
PATIENCE = "2s"


def check_pieces(env: Env, pieces: Sequence[Piece]) -> list[Invalid]:
    """Everything that is wrong with some pieces: `record` is the piece's index, `field` its target. Writes nothing.

    Needs the area "layouts".
    """
    return _looked_at(env, pieces).errors


def plan_pieces(env: Env, pieces: Sequence[Piece]) -> PiecesPlan:
    """What applying some pieces would do to the database, to be shown first. Needs the area "layouts"."""
    return _looked_at(env, pieces).plan()


def _looked_at(env: Env, pieces: Sequence[Piece]) -> Candidate:
    stored.require(env)
    rows = env.installation.customising(env.connection).rows
    return examine(env, pieces, rows, env.installation.enabled_names(env.connection))


def apply_pieces(installation: Installation, actor: Actor, pieces: Sequence[Piece], *, note: str = "",
                 expected: Rows | None = None, first: First | None = None, then: Then | None = None) -> str:
    """Apply pieces as the actor, all or nothing; returns the batch under which history has them.

    `expected` is what the caller saw of some pieces (None: nothing), by kind and target: Conflict when something else holds
    by now. In the same transaction `first` may write records before anything else and give further pieces, and `then` after
    everything else, with the new definitions; both may be called again when a table was busy.

    It works in transactions of its own: whoever has an open one commits it first (`env.commit()`). Raises ValidationFailed
    with every reason, or UpgradeError when the database refuses; then nothing is changed. What is deleted is written to a
    file in the folder `dropped` of the data folder before.
    """
    return run(installation, actor, pieces, note, expected=expected, first=first, then=then)


@dataclass(frozen=True)
class _Order:
    """What is to be done, whenever its turn comes."""

    actor: Actor
    pieces: list[Piece]
    note: str
    back: Sequence[Path]
    expected: Rows
    first: First | None
    then: Then | None


def run(installation: Installation, actor: Actor, pieces: Sequence[Piece], note: str = "", back: Sequence[Path] = (), *,
        expected: Rows | None = None, first: First | None = None, then: Then | None = None) -> str:
    """:func:`apply_pieces`, with the values in files `back` put back where they stood."""
    installation.current()
    with installation.env(actor, write=False) as env:
        candidate = _looked_at(env, pieces)
    if candidate.errors and first is None and not expected:  # what `first` does may be what is missing
        raise ValidationFailed(candidate.errors)
    order = _Order(actor, list(candidate.pieces), note, back, expected or {}, first, then)
    prepared = Prepared() if candidate.errors else prepare(installation, candidate)
    try:
        return _patiently(installation, order, candidate, bool(prepared.columns or prepared.indexes))
    except BaseException:
        prepared.undo(installation)
        raise


def _patiently(installation: Installation, order: _Order, candidate: Candidate, prepared: bool) -> str:
    """The transaction, tried again as long as others hold a table, or were quicker with a change of their own."""
    for turn in range(TRIES):
        try:
            kept: list[Path] = []
            try:
                return _in_turn(installation, order, candidate, prepared, kept)
            except BaseException:
                for file in kept:  # nothing went
                    file.unlink(missing_ok=True)
                raise
        except (UpgradeError, DBAPIError, lifecycle.Overtaken) as error:
            overtaken = isinstance(error, lifecycle.Overtaken)
            if turn + 1 == TRIES or not (overtaken or is_locked(error)):
                raise
            if overtaken:
                installation.current()
            else:
                time.sleep(0.2 * (turn + 1))
    raise AssertionError


def _in_turn(installation: Installation, order: _Order, candidate: Candidate, prepared: bool, kept: list[Path]) -> str:
    """One try; `kept` gets the files that what goes is written to. The change counter is moved first of all: whoever else
    changes definitions is through, or waits for us."""
    with upgrading(installation.engine, copy=False) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
        counters = lifecycle.bump_state(connection)
        registry, known = installation.in_use()
        if counters["registry"] != known + 1:
            raise lifecycle.Overtaken
        env = Env(installation, connection, registry, order.actor, trusted=order.actor is SYSTEM)
        stored.require(env)
        if any(registry.customising.rows.get(key) != data for key, data in order.expected.items()):
            raise Conflict(_("Somebody else changed this meanwhile."))
        more = order.first(env) if order.first is not None else ()
        _apply(env, candidate, [*order.pieces, *more], order, prepared, kept)
        if order.then is not None:
            order.then(env.speaking(env.lang))
    installation.adopt(env.registry, counters)
    env.after_commit()
    return env.batch


def _apply(env: Env, candidate: Candidate, pieces: Sequence[Piece], order: _Order, prepared: bool,
           kept: list[Path]) -> None:
    """Everything that is written; the environment has the new definitions afterwards."""
    installation, connection = env.installation, env.connection
    now = installation.customising(connection)
    if candidate.errors or candidate.is_outdated(pieces, now.rows, ledger.registry_version(connection)):
        fresh = examine(env, pieces, now.rows, installation.enabled_names(connection))
        if fresh.errors:
            raise ValidationFailed(fresh.errors)
        vars(candidate).update(vars(fresh))
    registry, found = candidate.registry, candidate.schema
    assert registry is not None and found is not None
    if prepared:
        found = plan(connection, registry.metadata, forgetting=OWN, only=candidate.tables)
    _keep(env, candidate, found, kept)
    apply(connection, found, candidate.goes)
    put_all_back(connection, order.back)
    _go_on(env, registry, found)
    _write(env, candidate.pieces, now.rows, order.note, kept)
    _fill(env, registry, found)
    ledger.bump(connection, lifecycle.fingerprint(registry))
    env.registry = registry


def _keep(env: Env, candidate: Candidate, found: Plan, kept: list[Path]) -> None:
    """Write what goes to files."""
    for table, columns in candidate.dropped.items():
        there = [c for c in columns if c in {facts["name"] for facts in found.extra.get(table, [])}]
        if inspect(env.connection).has_table(table) and (there or not columns):
            kept.append(keep_rows(env.connection, table, env.installation.settings.dropped, there))


def _go_on(env: Env, registry: Registry, found: Plan) -> None:
    """Numbers of records are never given twice, not even those of a type that was there before under the same name."""
    new = {step.table for step in found.safe if step.kind == "create_table"}
    history = registry.system.audit
    for rtype in registry.records.values():
        if rtype.table.name in new and env.dialect == "postgresql":
            last = env.connection.scalar(select(func.max(history.c.record_id)).where(history.c.record == rtype.name))
            go_on(env.connection, rtype.table.name, last or 0)


def _fill(env: Env, registry: Registry, found: Plan) -> None:
    """Work out what the new definitions say of the records that are there."""
    new = {(step.table, step.name) for step in found.safe if step.kind in ("add_column", "create_table")}
    present = env.registry
    env.registry = registry
    with env.elevated("values of new definitions") as there:
        for rtype in registry.records.values():
            names = filling_needed(present.records.get(rtype.name), rtype, new)
            if names and (rtype.table.name, rtype.table.name) not in new:
                fill(there, rtype.name, names)


def filling_needed(was: RecordType | None, now: RecordType, new: set[tuple[str, str]]) -> list[str]:
    """The fields of a record type whose values follow from a definition that is another than it was."""
    names: list[str] = []
    for name, field in now.fields.items():
        if field.addon != OWN:
            continue
        old = was.fields.get(name) if was is not None else None
        if isinstance(field, AutoNumberField) and old is None or isinstance(field, RollupField) and (old is None or _differs(old, field)):
            names.append(name)
    before = set(was.search_fields) if was is not None else set()
    changed = before ^ set(now.search_fields)
    if any((now.table.name, name) not in new or _comes_filled(now.fields[name]) for name in changed):
        names.append(SEARCH)
    return names


def _comes_filled(field: Field) -> bool:
    """Whether the records that are there have a value in a new field at once."""
    return isinstance(field, AutoNumberField) or filled_with(field) is not None


def _differs(old: Any, new: RollupField) -> bool:
    keys = ("children", "function", "expression", "where")
    return not isinstance(old, RollupField) or any(getattr(old, key) != getattr(new, key) for key in keys)


def _write(env: Env, pieces: Sequence[Piece], before: Rows, note: str, kept: Sequence[Path]) -> None:
    """The rows of what changes, and its history."""
    changed = [piece for piece in pieces if before.get(piece.key) != piece.data]
    if not changed:
        return
    table = env.registry.system.custom
    env.execute(delete(table).where(tuple_(table.c.kind, table.c.target).in_([piece.key for piece in changed])))
    rows = [{"kind": p.kind, "target": p.target, "data": p.data, "updated_at": env.now, "updated_by_id": env.actor.id}
            for p in changed if p.data is not None]
    if rows:
        env.execute(insert(table), rows)
    said = {"note": [None, note[:500]]} if note else {}
    lost = {"kept": [None, sorted(file.name for file in kept)]} if kept else {}
    audit.log_each(env, "customised", {
        f"{p.kind} {p.target}": {"data": [before.get(p.key), p.data], **said, **(lost if p.data is None else {})} for p in changed}, PLACE)
