"""Which records are there already: the match keys of a whole batch against the database by one statement a key.

Only records that the person may see are ever found. A record of somebody else's that they may not see does not exist
for the import, so it can neither be learnt of nor overwritten by naming its e-mail address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select

from core.exchange.dedupe import MatchPolicy, keys, normalised
from core.exchange.fields import Several
from core.exchange.offered import NUMBER
from core.records.fields import AnyLinkField, Field, LinkField
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

    def find(self, rows: Sequence[Mapping[str, Any]], wanted: Sequence[Sequence[tuple[int, str]]]) -> list[Matches]:
        """The records that match each row by any alternative, each with the fields that agree."""
        known: dict[int, set[int]] = {}
        needed = {hash(key) for found in wanted for key in found}
        for number, names in enumerate(self.policy.alternatives):
            concerned = [row for row, found in zip(rows, wanted, strict=True) if any(n == number for n, _k in found)]
            for key, record in self._candidates(number, names, concerned):
                if key in needed:
                    known.setdefault(key, set()).add(record)
        return [self._matches(found, known) for found in wanted]

    def _matches(self, found: Sequence[tuple[int, str]], known: Mapping[int, set[int]]) -> Matches:
        matches: Matches = {}
        for key in found:
            for record in known.get(hash(key), ()):
                matches.setdefault(record, set()).update(self.policy.alternatives[key[0]])
        return matches

    def _candidates(self, number: int, names: Sequence[str],
                    rows: Sequence[Mapping[str, Any]]) -> Iterable[tuple[int, int]]:
        if not rows:
            return
        table = self.rtype.table
        fields = [self.rtype.fields[name] for name in names]
        conditions = [self._condition(field, [row[field.name] for row in rows]) for field in fields]
        statement = select(table.c.id, *(table.c[f.column_name] for f in fields)).where(
            table.c.deleted_at.is_(None), *conditions)
        seen = self.env.access.predicate("read", self.rtype, table)
        if seen is not None:
            statement = statement.where(seen)
        for record, *values in self.env.execute(statement):
            parts = [normalised(value, self.policy.kinds.get(name, "text"))
                     for name, value in zip(names, values, strict=True)]
            if all(parts):
                yield hash((number, "\x1f".join(parts))), record

    def _condition(self, field: Field, values: Sequence[Any]) -> ColumnElement[bool]:
        column = self.rtype.table.c[field.column_name]
        chosen = {value.first if isinstance(value, Several) else value for value in values}
        if field.type_name == "email":
            chosen |= {normalised(value, "email") for value in chosen}
        elif field.type_name == "phone":
            chosen |= {str(value).partition(";")[0] for value in chosen}
        elif field.type_name in _TEXTS:
            exact = {form for value in chosen for form in (value, value.lower(), value.upper(), value.title())}
            if field.unique or field.index:
                return column.in_(exact)
            return or_(column.in_(exact), func.lower(column).in_({value.lower() for value in chosen}))
        return column.in_(chosen)


def can_match(field: Field | None) -> bool:
    """Whether a field can tell that two rows are the same."""
    if field is None or isinstance(field, AnyLinkField) or not field.stored:
        return False
    return field.name == NUMBER or isinstance(field, LinkField) or field.type_name in (
        "text", "email", "phone", "url", "integer", "date", "choice", "autonumber")
