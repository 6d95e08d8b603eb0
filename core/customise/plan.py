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
from core.expressions import Node
from core.expressions.ast import paths
from core.i18n.messages import Message, _
from core.records.fields import FormulaField, RollupField
from core.registry.compose import RecordType
from core.registry.own.names import OWN, shown
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
            for s in found.schema.blocked if s.blocked is not None and any(_about(s, p) for p in found.pieces)]


def _about(step: Step, piece: Piece) -> Any:
    record, _dot, name = piece.target.rpartition(".")
    return piece.kind == "field" and step.table == record.replace(".", "_") and name in step.name


def unreadable(env: Env, registry: Registry, pieces: Sequence[Piece]) -> Iterator[Invalid]:
    """An error for each expression that reads what its maker may not read: others, or he himself, would see it through it."""
    for index, piece in enumerate(pieces):
        if piece.kind not in ("field", "rule") or piece.data is None:
            continue
        record = piece.target.rpartition("." if piece.kind == "field" else "|")[0]
        for start, expression in _expressions(registry, record, piece):
            for path in paths(expression):
                at: RecordType | None = registry.records.get(start)
                for name in path.split("."):
                    if at is None:
                        break
                    known = env.registry.records.get(at.name)
                    if known is not None and name in known.fields and not _open(env, at.name, name):
                        yield Invalid(index, piece.target, _("There is no field “{name}”.", name=path))
                    at = registry.records.get(getattr(at.fields.get(name), "target", None) or "")


def _open(env: Env, record: str, name: str) -> bool:
    """Whether the acting person may read a field, and anybody at all: what is reserved is so for elevated code, too."""
    reserved = {n for grant in env.registry.field_grants.get(record, ()) if grant.set == NOBODY for n in grant.fields}
    return name not in reserved and env.access.readable(record, name)


def _expressions(registry: Registry, record: str, piece: Piece) -> Iterator[tuple[str, Node]]:
    """The expressions of a piece, each with the record type that it is about."""
    if piece.kind == "rule":
        yield from ((record, rule.where) for rule in registry.own.rules.get(record, ()) if rule.target == piece.target)
        return
    rtype = registry.records.get(record)
    field = rtype.fields.get(piece.target.rpartition(".")[2]) if rtype is not None else None
    if isinstance(field, FormulaField):
        yield record, field.expression
    elif isinstance(field, RollupField) and rtype is not None:
        children = rtype.fields[field.children].target  # type: ignore[attr-defined]
        yield from ((children, node) for node in (field.expression, field.where) if node is not None)
