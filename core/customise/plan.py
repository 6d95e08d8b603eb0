"""What some pieces would come to, found out without changing anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, Table

from core.customise import fitting
from core.customise.kinds import KINDS
from core.customise.pieces import Piece, Rows, merged
from core.customise.uses import still_used
from core.errors import Invalid, SarnakhError
from core.i18n.messages import Message, _
from core.registry.own.names import OWN, shown, split_field, split_rule
from core.registry.own.sources import Sources, is_made, readings, readings_of_field
from core.registry.own.weeding import columns_of
from core.registry.registry import Registry
from core.schema import ledger
from core.schema.plan import Plan, plan
from core.schema.work import Step
from core.security.grants import NOBODY

if TYPE_CHECKING:
    from core.env import Env

MOST_PIECES = 5000


@dataclass(frozen=True)
class PiecesPlan:
    """What applying some pieces would do: texts of its `steps`, of those that are `blocked` by the data, of those that take
    data away (`destructive`), and every reason against it (`errors`)."""

    steps: tuple[Message, ...] = ()
    blocked: tuple[Message, ...] = ()
    destructive: tuple[Message, ...] = ()
    errors: tuple[Invalid, ...] = ()


@dataclass
class Candidate:
    """Pieces looked at: the registry that they would make, and what the database would have to do."""

    pieces: list[Piece]
    before: Rows
    registry: Registry | None = None
    schema: Plan | None = None
    errors: list[Invalid] = field(default_factory=list)
    dropped: dict[str, list[str]] = field(default_factory=dict)
    """By table that loses something: its columns that go; all of it where there are none."""
    tables: set[str] = field(default_factory=set)
    version: int = -1
    """The state of the schema that it was planned for."""

    def goes(self, step: Step) -> bool:
        """Whether a destructive step is one that the pieces ask for."""
        if step.kind == "drop_table":
            return self.dropped.get(step.table) == []
        return step.kind == "drop_column" and step.name in self.dropped.get(step.table, ())

    def is_outdated(self, pieces: Sequence[Piece], rows: Rows, version: int) -> bool:
        """Whether it was made of other pieces, beside other customising or for another state of the schema."""
        return _last_of_each(pieces) != self.pieces or rows != self.before or version != self.version

    def plan(self) -> PiecesPlan:
        """In words."""
        if self.schema is None:
            return PiecesPlan(errors=tuple(self.errors))
        return PiecesPlan(tuple(step.detail for step in self.schema.safe),
                          tuple(_("{step} ({reason})", step=s.detail, reason=s.blocked) for s in self.schema.blocked if s.blocked),
                          tuple(s.detail for s in self.schema.destructive if self.goes(s)), tuple(self.errors))


def examine(env: Env, pieces: Sequence[Piece], before: Rows, names: Sequence[str]) -> Candidate:
    """Look at pieces beside what is there (`before`, with these addons enabled); changes nothing."""
    found = Candidate(_last_of_each(pieces), before)
    if len(pieces) > MOST_PIECES:
        found.errors.append(Invalid(None, None, _("At most {most} pieces at once.", most=MOST_PIECES)))
        return found
    for index, piece in enumerate(found.pieces):
        found.errors += _alone(index, piece)
    if found.errors:
        return found
    try:
        found.registry = env.installation.compile(names, merged(before, found.pieces))
    except SarnakhError as error:
        found.errors.append(Invalid(None, None, error.message))
        return found
    found.errors += _faults(env.registry, found)
    if not found.errors:
        found.errors += unreadable(env, found.registry, found.pieces)
        found.errors += still_used(env, found.pieces, found.before)
        found.errors += fitting.problems(env, found.registry, found.pieces, found.before)
        found.dropped = fitting.dropped(found.pieces, found.before, env.registry)
        found.version = ledger.registry_version(env.connection)
        found.tables = touched(env.registry.metadata, found.registry.metadata) | set(found.dropped)
        found.schema = plan(env.connection, found.registry.metadata, forgetting=OWN, only=found.tables)
        found.errors += _blocked(found)
    return found


def touched(now: MetaData, then: MetaData) -> set[str]:
    """The tables that are declared otherwise, are new, or are gone."""
    return {name for name in {*now.tables, *then.tables} if _shape(now.tables.get(name)) != _shape(then.tables.get(name))}


def _shape(table: Table | None) -> Any:
    if table is None:
        return None
    columns = [(c.name, repr(c.type), c.nullable, sorted(str(k.target_fullname) for k in c.foreign_keys)) for c in table.columns]
    return columns, sorted(f"{i.name} {i.unique} {[c.name for c in i.columns]}" for i in table.indexes), table.info.get("ddl")


def _last_of_each(pieces: Sequence[Piece]) -> list[Piece]:
    return list({piece.key: Piece(*piece.key, piece.data) for piece in pieces}.values())


def _alone(index: int, piece: Piece) -> list[Invalid]:
    """What is wrong with one piece whatever stands beside it."""
    kind = KINDS.get(piece.kind) if isinstance(piece.kind, str) else None
    if kind is None:
        return [Invalid(index, None, _("There is no kind “{kind}” of customising.", kind=shown(piece.kind)))]
    if not isinstance(piece.target, str) or not 0 < len(piece.target) <= 200:
        return [Invalid(index, None, _("“{target}” cannot be customised.", target=shown(piece.target)))]
    if piece.data is None:
        return []
    try:
        kind.check(piece.target, piece.data)
    except SarnakhError as error:
        return [Invalid(index, piece.target, error.message)]
    return []


def _faults(present: Registry, found: Candidate) -> list[Invalid]:
    """Definitions that the candidate had to leave out, but for those that are left out already and are not touched."""
    assert found.registry is not None
    places = {piece.key: index for index, piece in enumerate(found.pieces)}
    made = []
    for key, error in found.registry.own.faults.items():
        if key in places:
            made.append(Invalid(places[key], key[1], error.message))
        elif key not in present.own.faults:
            made.append(Invalid(None, key[1], _("{target} needs what would go: {reason}", target=key[1], reason=error.message)))
    known = {str(one) for one in present.faults}
    made += [Invalid(None, owner, message) for owner, message in found.registry.faults if str((owner, message)) not in known]
    return made


def _blocked(found: Candidate) -> list[Invalid]:
    assert found.schema is not None
    return [Invalid(None, f"{s.table}.{s.name}", _("{step} ({reason})", step=s.detail, reason=s.blocked))
            for s in found.schema.blocked if s.blocked is not None and _concerns(found, s)]


def _concerns(found: Candidate, step: Step) -> bool:
    """Whether a step is about a field of the pieces, and nothing that was wrong already."""
    assert found.registry is not None
    table = found.registry.metadata.tables[step.table]
    parts: list[Any] = [*table.indexes, *table.constraints]
    named = [item for item in parts if str(item.name) == step.name]
    columns = {column.name for item in named for column in item.columns} or {step.name}
    for piece in found.pieces:
        record, _dot, name = piece.target.rpartition(".")
        rtype = found.registry.records.get(record) if piece.kind == "field" else None
        if rtype is not None and rtype.table is table and name in rtype.fields and columns_of(rtype.fields[name]) & columns:
            return True
    return False


def unreadable(env: Env, registry: Registry, pieces: Sequence[Piece]) -> Iterator[Invalid]:
    """An error for each expression that reads what its maker may not read: others, or he himself, would see it through it."""
    access = env.over(registry).access
    for index, piece in enumerate(pieces):
        if piece.kind not in ("field", "rule") or piece.data is None:
            continue
        for path, sources in _readings(registry, piece):
            if not access.sees(sources) or any(name in _reserved(registry, record) for record, name in sources.fields):
                yield Invalid(index, piece.target, _("There is no field “{name}”.", name=path))


def _reserved(registry: Registry, record: str) -> set[str]:
    """Fields that nobody may read at all, not even what elevated code builds."""
    return {name for grant in registry.field_grants.get(record, ()) if grant.set == NOBODY for name in grant.fields}


def _readings(registry: Registry, piece: Piece) -> Iterator[tuple[str, Sources]]:
    """Each path that the expressions of a piece name, and what it comes from in the end."""
    if piece.kind == "rule":
        record, _key = split_rule(piece.target)
        for rule in registry.own.rules.get(record, ()):
            if rule.target == piece.target:
                yield from readings(registry.records, record, rule.where)
        return
    record, name = split_field(piece.target)
    rtype = registry.records.get(record)
    field = rtype.fields.get(name) if rtype is not None else None
    if field is not None and is_made(field):
        yield from readings_of_field(registry.records, record, field)
