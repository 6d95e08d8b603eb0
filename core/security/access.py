"""What an actor may do: operations, fields and the one predicate per record type that says to which records.

    predicate(read) = grants of the profile  AND  restrictions  AND  ( default OR owner OR tree OR shared OR rules )

The predicate is SQL and nothing else decides: a list, a count, a single read and a write use the same one, so they
cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, false, literal, or_, select, true
from sqlalchemy.sql.elements import True_
from sqlalchemy.sql.expression import FromClause

from core.errors import AccessDenied
from core.expressions.sql_value import NOW
from core.i18n.messages import Message, _
from core.records.fields import USER, AnyLinkField, ChildrenField, LinkField, ManyField
from core.records.types import Moment
from core.registry.compose import RecordType
from core.registry.own.sources import Sources
from core.registry.registry import Registry
from core.security.actor import READ, WRITE, Actor, Reach
from core.security.grants import NOBODY

Branch = tuple[Message, ColumnElement[bool]]
READS = frozenset({"read", "export"})


class Access:
    """One actor's permissions over one registry. `trusted` (elevated) access sees and may do everything."""

    def __init__(self, registry: Registry, actor: Actor, compile_where: Callable[..., Any], now: Any,
                 trusted: bool = False) -> None:
        self.registry = registry
        self.actor = actor
        self.trusted = trusted
        self._compile = compile_where
        self._now = now
        self._sets = closure(registry, actor)
        self._modes: dict[str, dict[str, str]] = {}
        self._given: dict[str, dict[str, str]] = {}

    @property
    def sets(self) -> frozenset[str]:
        """The actor's permission sets, with those that they imply."""
        return self._sets

    def compiled(self, rtype: RecordType, table: FromClause, where: Any) -> ColumnElement[bool]:
        """An expression as the condition it is for this actor."""
        return self._compile(rtype, table, where)  # type: ignore[no-any-return]

    def kept_in(self, fresh: Access) -> Access:
        """This access in an environment beside its own, for which `fresh` was made: the same actor in another language."""
        return fresh

    # ---------------------------------------------------------------- what may be done
    @property
    def unlimited(self) -> bool:
        """Whether nothing is refused (super-administrators, elevated code)."""
        return self.trusted or self.actor.is_super and self.actor.bounds is None

    @property
    def _full(self) -> bool:
        """Whether nothing is refused that is within the actor's bounds."""
        return self.trusted or self.actor.is_super

    def within(self, operation: str, record: str) -> bool:
        """Whether the operation is within what a program was given that acts for somebody; always, when a person acts."""
        return self.trusted or self.actor.bounds is None or self.actor.bounds.allow(operation, record)

    def can(self, operation: str, record: str) -> bool:
        """Whether the operation is allowed on some records of the type."""
        if not self.within(operation, record):
            return False
        if self._full:
            return True
        decided = self.actor.profile.records.get(record, {}).get(operation)
        if decided is not None:
            return decided
        return any(operation in g.names for g in self._grants(record))

    def require(self, operation: str, record: str) -> None:
        """Raise AccessDenied unless :meth:`can`."""
        if not self.can(operation, record):
            rtype = self.registry.records.get(record)
            raise AccessDenied(_("You may not do this with {record}."), record=rtype.plural if rtype else record)

    def area(self, name: str) -> bool:
        """Whether a part of the administration is open."""
        if not self.trusted and self.actor.bounds is not None and not self.actor.bounds.areas:
            return False
        return self._full or name in self.actor.profile.areas or "*" in self.actor.profile.areas

    def _grants(self, record: str) -> list[Any]:
        return [g for g in self.registry.grants.get(record, ()) if g.set in self._sets]

    # ---------------------------------------------------------------- fields
    def field_modes(self, record: str) -> dict[str, str]:
        """Mode of every field of a type: "edit", "read" or "hidden"."""
        modes = self._modes.get(record)
        if modes is None:
            modes = self._plain_modes(record)
            if not self.trusted:  # what is worked out is hidden with what it is worked out of, whatever is said of itself
                modes = modes | {n: "hidden" for n, made in self.registry.sources(record).items() if not self.sees(made)}
            self._modes[record] = modes
        return modes

    def sees(self, sources: Sources) -> bool:
        """Whether the actor may read everything that something is worked out of."""
        return all(self.can("read", name) for name in sources.records) and all(
            self._plain_modes(record).get(name, "hidden") != "hidden" for record, name in sources.fields)

    def _plain_modes(self, record: str) -> dict[str, str]:
        """The modes as they are given, own formulas and roll-ups taken by themselves."""
        modes = self._given.get(record)
        if modes is None:
            modes = self._given[record] = self._compute_modes(record)
        return modes

    def _compute_modes(self, record: str) -> dict[str, str]:
        rtype = self.registry.record(record)
        modes = {name: ("read" if f.readonly else "edit") for name, f in rtype.fields.items()}
        if self.trusted:
            return modes
        reserved = {n: "hidden" for g in self.registry.field_grants.get(record, ()) if g.set == NOBODY for n in g.fields}
        if self._full:
            return modes | reserved
        for name in {n for g in self.registry.field_grants.get(record, ()) for n in g.fields}:
            held = "".join(g.operations for g in self.registry.field_grants[record]
                           if name in g.fields and g.set in self._sets)
            if "r" not in held:
                modes[name] = "hidden"
            elif "u" not in held:
                modes[name] = "read"
        for name, mode in self.actor.profile.fields.get(record, {}).items():
            if name in modes and not rtype.fields[name].system:
                modes[name] = "read" if mode == "edit" and rtype.fields[name].readonly else mode
        return modes | reserved

    def readable(self, record: str, field: str) -> bool:
        """Whether the actor may see a field at all."""
        return self.field_modes(record).get(field, "hidden") != "hidden"

    def writable(self, record: str, field: str) -> bool:
        """Whether the actor may set a field."""
        return self.field_modes(record).get(field) == "edit"

    # ---------------------------------------------------------------- to which records
    def predicate(self, operation: str, rtype: RecordType, table: FromClause,
                  under: Collection[str] | None = None) -> ColumnElement[bool] | None:
        """The condition on `table` for an operation; None when all records are allowed. Where the statement already says of
        which types the parents are (`under`), the ways through others are left out: there may be fifty."""
        if not self.within(operation, rtype.name):
            return false()
        if self._full:
            closed = [] if self.trusted or self.actor.id is None else self._closed(operation, rtype, table, under)
            if not self.trusted and rtype.parent and self.actor.bounds is not None:
                closed.append(self._through_parent(operation, rtype, table, under))
            return and_(*closed) if closed else None
        if not self.can(operation, rtype.name) and operation in ("read", "update", "delete", "create"):
            return false()
        parts = self._grant_filters(operation, rtype, table)
        visible = self._visibility(operation, rtype, table, under)
        if visible is not None:
            parts.append(visible)
        return and_(*parts) if parts else None

    def _grant_filters(self, operation: str, rtype: RecordType, table: FromClause) -> list[ColumnElement[bool]]:
        parts: list[ColumnElement[bool]] = []
        decided = self.actor.profile.records.get(rtype.name, {}).get(operation)
        held = [g for g in self._grants(rtype.name) if operation in g.names]
        if decided is not True and held and all(g.where is not None for g in held):
            parts.append(or_(*(self._compile(rtype, table, g.where) for g in held)))
        return parts + self._restrictions(operation, rtype, table)

    def _restrictions(self, operation: str, rtype: RecordType, table: FromClause, closed: bool = False) -> list[ColumnElement[bool]]:
        """Conditions that hold whatever somebody's sets are; those that super-administrators keep to as well are `closed`."""
        return [self._compile(rtype, table, g.where) for g in self.registry.grants.get(rtype.name, ())
                if g.set is None and g.where is not None and operation in g.names and (g.closed or not closed)]

    def is_closed(self, record: str) -> bool:
        """Whether some records of a type are closed to super-administrators, too."""
        return any(g.closed for g in self.registry.grants.get(record, ()))

    def _closed(self, operation: str, rtype: RecordType, table: FromClause,
                under: Collection[str] | None) -> list[ColumnElement[bool]]:
        """What super-administrators keep to: closed restrictions of the type, and of what its records live under."""
        found = self._restrictions(operation, rtype, table, closed=True)
        field = rtype.field(rtype.parent) if rtype.parent else None
        if field is None:
            return found
        need = "read" if operation in READS or rtype.remarks else "update"
        key = table.c[field.column_name]
        if not isinstance(field, AnyLinkField):
            inner = self._in_parent(need, field.target, key, rtype.name)  # type: ignore[attr-defined]
            return found if isinstance(inner, True_) else [*found, inner]
        kind = table.c[field.type_column]
        return found + [or_(kind.is_(None), kind != literal(n), self._in_parent(need, n, key, rtype.name))
                        for n in self._parents(rtype, field, under) if self.is_closed(n)]

    def _parents(self, rtype: RecordType, field: AnyLinkField, under: Collection[str] | None) -> list[str]:
        """The record types under which records of a type may live."""
        return [n for n in field.targets or self.registry.records if n != rtype.name and (under is None or n in under)]

    def _visibility(self, operation: str, rtype: RecordType, table: FromClause,
                    under: Collection[str] | None) -> ColumnElement[bool] | None:
        if rtype.parent:
            return self._through_parent(operation, rtype, table, under)
        if not rtype.owned or operation == "create":
            return None
        branches = self.branches(operation, rtype, table)
        return None if branches is None else or_(false(), *(clause for _why, clause in branches))

    def branches(self, operation: str, rtype: RecordType, table: FromClause) -> list[Branch] | None:
        """The ways in which a record may be reached, each with its reason; None when all records are open."""
        writing = operation not in READS
        default = self.actor.defaults.get(rtype.name, "private")
        if default == "write" or (default == "read" and not writing):
            return None
        if self.can("edit_all", rtype.name) or (not writing and self.can("view_all", rtype.name)):
            return None
        reach = self.actor.reach.get(rtype.name, Reach())
        owners = reach.write_owners if writing else reach.read_owners
        table_id = table.c.id
        found: list[Branch] = [(_("owner of the record, above the owner, or reached by a sharing rule by owner"),
                                owned_by(table, (self.actor.id, *owners)))]
        if "co_owners" in rtype.many:
            link = rtype.many["co_owners"]
            found.append((_("co-owner"), table_id.in_(
                select(link.c.record_id).where(link.c.other_id == bindparam(None, self.actor.id, Integer)))))
        if self.actor.principals:
            found.append((_("shared by hand"), table_id.in_(self.shared_ids(rtype.name, WRITE if writing else READ))))
        if rtype.cls.record_unowned is not None:
            found.append((_("nobody's, and open to the person"), self.unowned(rtype, table)))
        if not writing:
            found += [(_("reached by {field}", field=rtype.field(name.partition(".")[0]).label), self._read_by(rtype, table, name))
                      for name in rtype.cls.record_read_by]
        for name, where in (reach.write_where if writing else reach.read_where):
            found.append((_("sharing rule “{rule}”", rule=name), self._compile(rtype, table, where)))
        return found

    def unowned(self, rtype: RecordType, table: FromClause) -> ColumnElement[bool]:
        """Whether a record is nobody's and the actor is one of those who take such records on."""
        return and_(table.c.owner_id.is_(None), self._compile(rtype, table, rtype.cls.record_unowned))

    def _read_by(self, rtype: RecordType, table: FromClause, name: str) -> ColumnElement[bool]:
        """Whether a person stands in a field of people, or may see what a link points to. Asked row by row (EXISTS): a list
        of all that may be seen there would be made for each page. `children.link` asks the records below."""
        head, _dot, rest = name.partition(".")
        field = rtype.field(head)
        if isinstance(field, ChildrenField):
            child = self.registry.record(field.target)
            below = self.registry.alias(child.name, "opens", rtype.name)
            return select(literal(1)).select_from(below).where(
                below.c[child.field(field.by).column_name] == table.c.id, below.c.deleted_at.is_(None),
                self._read_by(child, below, rest)).correlate_except(below).exists()
        if isinstance(field, ManyField):
            link = rtype.many[name]
            return table.c.id.in_(select(link.c.record_id).where(link.c.other_id == bindparam(None, self.actor.id, Integer)))
        column: ColumnElement[Any] = table.c[field.column_name]
        if isinstance(field, LinkField) and field.target == USER:
            return column == bindparam(None, self.actor.id, Integer)
        targets = (field.target,) if isinstance(field, LinkField) else field.targets or self.registry.records  # type: ignore[attr-defined]
        return or_(false(), *(and_(*field.pointing(table, n), self._exists("read", n, column, rtype.name))  # type: ignore[attr-defined]
                              for n in targets if n != rtype.name and self._opens(n)))

    def _opens(self, record: str) -> bool:
        """Whether records of a type may open others: they are not opened by others themselves (that might go in a circle)."""
        rtype = self.registry.record(record)
        return self.can("read", record) and rtype.parent is None and not rtype.cls.record_read_by

    def _exists(self, operation: str, record: str, key: ColumnElement[Any], child: str) -> ColumnElement[bool]:
        """Whether the live record numbered `key` may be reached."""
        target = self.registry.record(record)
        table = self.registry.alias(record, "opens", child)
        condition = self.predicate(operation, target, table)
        found = select(literal(1)).select_from(table).where(table.c.id == key, table.c.deleted_at.is_(None))
        return (found if condition is None else found.where(condition)).correlate_except(table).exists()

    def shared_ids(self, record: str, level: int) -> Any:
        """A subquery of the records shared with the actor by hand, at least at this level."""
        share = self.registry.system.share
        return select(share.c.record_id).where(
            share.c.principal.in_(bindparam(None, list(self.actor.principals), String, expanding=True)),
            share.c.record == record, share.c.access >= level,
            or_(share.c.expires_at.is_(None), share.c.expires_at > bindparam(NOW, self._now, Moment)))

    def _through_parent(self, operation: str, rtype: RecordType, table: FromClause,
                        under: Collection[str] | None) -> ColumnElement[bool]:
        """Records that live under another: seen when the parent is seen, changed when the parent may be changed; remarks
        on it (notes, followers) are made by whoever sees it."""
        field = rtype.field(rtype.parent or "")
        need = "read" if operation in READS or rtype.remarks else "update"
        if isinstance(field, AnyLinkField):
            names = [n for n in self._parents(rtype, field, under) if self.can(need, n) and self.registry.record(n).parent is None]
            kind, key = table.c[field.type_column], table.c[field.column_name]
            return or_(false(), *(and_(kind == literal(n), self._in_parent(need, n, key, rtype.name)) for n in names))
        return self._in_parent(need, field.target, table.c[field.column_name], rtype.name)  # type: ignore[attr-defined]

    def _in_parent(self, operation: str, record: str, key: ColumnElement[Any], child: str) -> ColumnElement[bool]:
        parent = self.registry.record(record)
        if not self.can(operation, record):
            return false()
        table = self.registry.alias(record, "parent of", child)
        condition = self.predicate(operation, parent, table)
        return true() if condition is None else key.in_(select(table.c.id).where(condition))


def owned_by(table: FromClause, owners: tuple[Any, ...]) -> ColumnElement[bool]:
    """Condition that a record belongs to one of these users."""
    ids = sorted({o for o in owners if o is not None})
    if len(ids) == 1:
        return table.c.owner_id == bindparam(None, ids[0], Integer)
    return table.c.owner_id.in_(bindparam(None, ids, Integer, expanding=True))


def closure(registry: Registry, actor: Actor) -> frozenset[str]:
    """The actor's permission sets and everything they imply."""
    found: set[str] = set()
    todo = list(actor.profile.sets)
    while todo:
        name = todo.pop()
        if name not in found and name in registry.permission_sets:
            found.add(name)
            todo.extend(registry.permission_sets[name].implies)
    return frozenset(found)
