"""Which records are there already: the match keys of a whole batch against the database by one statement a key.

A field may say (`further`) that more values of it stand in children of the record, as a person's second e-mail address
does: they count like the field's own, by one more statement.

Only records that the person may see are ever found. A record of somebody else's that they may not see does not exist
for the import, so it can neither be learnt of nor overwritten by naming its e-mail address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from core.exchange.dedupe import MatchPolicy, keys, normalised
from core.exchange.fields import Several
from core.exchange.offered import NUMBER
from core.query.among import among
from core.records.fields import AnyLinkField, ChildrenField, Field, LinkField
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

_KINDS = {"email": "email", "phone": "phone", "url": "url"}
_SEMANTIC = {"company": "company", "account_name": "company", "full_name": "person", "national_id": "code",
             "economic_code": "code"}
Matches = dict[int, set[str]]
_TEXTS = frozenset({"text", "autonumber"})


def policy_for(rtype: RecordType, alternatives: Iterable[Sequence[str]]) -> MatchPolicy:
    """The policy over these fields, each compared as its type and meaning say."""
    chosen = [tuple(names) for names in alternatives if names]
    return MatchPolicy(chosen, {name: kind_of(rtype.fields[name]) for names in chosen for name in names})


def kind_of(field: Field) -> str:
    """How values of a field are compared."""
    return _KINDS.get(field.type_name) or _SEMANTIC.get(field.semantic or field.name) or "text"


class Matcher:
    """Finds the visible records that share a match key with rows of a file."""

    def __init__(self, env: Env, rtype: RecordType, policy: MatchPolicy) -> None:
        self.env, self.rtype, self.policy = env, rtype, policy

    def keys(self, values: Mapping[str, Any]) -> list[tuple[int, str]]:
        """The match keys of one row."""
        return keys(values, self.policy)

    def find(self, rows: Sequence[Mapping[str, Any]], wanted: Sequence[Sequence[tuple[int, str]]],
             deleted: bool = False) -> list[Matches]:
        """The records (or those in the recycle bin) that match each row by any alternative, with the fields that agree."""
        known: dict[int, set[int]] = {}
        needed = {hash(key) for found in wanted for key in found}
        for number, names in enumerate(self.policy.alternatives):
            concerned = [row for row, found in zip(rows, wanted, strict=True) if any(n == number for n, _k in found)]
            for key, record in self._candidates(number, names, concerned, deleted):
                if key in needed:
                    known.setdefault(key, set()).add(record)
        return [self._matches(found, known) for found in wanted]

    def _matches(self, found: Sequence[tuple[int, str]], known: Mapping[int, set[int]]) -> Matches:
        matches: Matches = {}
        for key in found:
            for record in known.get(hash(key), ()):
                matches.setdefault(record, set()).update(self.policy.alternatives[key[0]])
        return matches

    def _candidates(self, number: int, names: Sequence[str], rows: Sequence[Mapping[str, Any]],
                    deleted: bool) -> Iterator[tuple[int, int]]:
        if not rows:
            return
        fields = [self.rtype.fields[name] for name in names]
        values = [[row[name] for row in rows] for name in names]
        statements = [self._statement(fields, values, deleted), *self._further(fields, values, deleted)]
        for record, *stored in (row for statement in statements for row in self.env.execute(statement)):
            parts = [normalised(value, self.policy.kinds.get(name, "text"))
                     for name, value in zip(names, stored, strict=True)]
            if all(parts):
                yield hash((number, "\x1f".join(parts))), record

    def _statement(self, fields: Sequence[Field], values: Sequence[Sequence[Any]], deleted: bool,
                   instead: Mapping[str, ColumnElement[Any]] = MappingProxyType({})) -> Select[Any]:
        """The visible records whose columns hold these values; `instead` has other columns for some of the fields."""
        table = self.rtype.table
        columns = [instead.get(field.name, table.c[field.column_name]) for field in fields]
        gone = table.c.deleted_at.is_not(None) if deleted else table.c.deleted_at.is_(None)
        conditions = [_condition(self.env.dialect, *one) for one in zip(fields, columns, values, strict=True)]
        statement = select(table.c.id, *columns).where(gone, *conditions)
        seen = self.env.access.predicate("read", self.rtype, table)
        return statement if seen is None else statement.where(seen)

    def _further(self, fields: Sequence[Field], values: Sequence[Sequence[Any]], deleted: bool) -> Iterator[Select[Any]]:
        """For each field with further values in children: the records of the visible children that hold one of them."""
        for field in fields:
            children, _dot, name = field.further.partition(".")
            if not name:
                continue
            link = self.rtype.fields[children]
            assert isinstance(link, ChildrenField)
            child = self.env.registry.record(link.target)
            if not (self.env.access.readable(self.rtype.name, children) and self.env.can("read", child.name)
                    and self.env.access.readable(child.name, name)):
                continue
            table = self.env.registry.alias(child.name, "further")
            statement = self._statement(fields, values, deleted, {field.name: table.c[child.fields[name].column_name]})
            statement = statement.where(*link.holding(child.fields[link.by], table, self.rtype.table.c.id))
            if not deleted:  # children go into the recycle bin together with their record
                statement = statement.where(table.c.deleted_at.is_(None))
                seen = self.env.access.predicate("read", child, table)
                statement = statement if seen is None else statement.where(seen)
            yield statement


def _condition(dialect: str, field: Field, column: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    chosen = {value.first if isinstance(value, Several) else value for value in values}
    if field.type_name == "email":
        chosen |= {normalised(value, "email") for value in chosen}
    elif field.type_name == "phone":
        chosen |= {str(value).partition(";")[0] for value in chosen}
    elif field.type_name in _TEXTS:
        exact = {form for value in chosen for form in (value, value.lower(), value.upper(), value.title())}
        if field.unique or field.index:
            return among(dialect, column, exact)
        lowered = {value.lower() for value in chosen}
        return or_(among(dialect, column, exact), among(dialect, func.lower(column), lowered))
    return among(dialect, column, chosen)


def can_match(field: Field | None) -> bool:
    """Whether a field can tell that two rows are the same."""
    if field is None or isinstance(field, AnyLinkField) or not field.stored:
        return False
    return field.name == NUMBER or isinstance(field, LinkField) or field.type_name in (
        "text", "email", "phone", "url", "integer", "date", "choice", "autonumber")
