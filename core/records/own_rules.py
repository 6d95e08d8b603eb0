"""Rules that an installation made, and choices that hang on others: checked where every write passes.

A rule is worked out in Python on the new values of a whole batch; what it reads of linked records comes with one
statement for each link, elevated, for a rule holds whatever its reader may see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from core.errors import Invalid
from core.expressions import Node, to_python
from core.expressions.ast import paths
from core.i18n.messages import _
from core.records.fields import ChoiceField, FormulaField, Link
from core.registry.compose import RecordType, Validator
from core.registry.own.rules import Rule

if TYPE_CHECKING:
    from core.env import Env

Values = dict[tuple[int, tuple[str, ...]], Any]


def validators(rtype: RecordType, rules: Sequence[Rule]) -> Iterator[Validator]:
    """The validators of a record type's rules and of its choices that hang on others."""
    for rule in rules:
        yield Validator(tuple(sorted(own_paths(rtype, rule.where))), _Holds(rtype, rule))
    for field in rtype.fields.values():
        if isinstance(field, ChoiceField) and field.depends is not None:
            yield Validator((field.name, field.depends.field), _Fits(field))


def own_paths(rtype: RecordType, node: Node) -> set[str]:
    """The fields of the record that an expression begins with, those behind its formulas as well."""
    found: set[str] = set()
    for path in paths(node):
        name = path.partition(".")[0]
        field = rtype.fields.get(name)
        found |= own_paths(rtype, field.expression) if isinstance(field, FormulaField) else {name}
    return found


class _Fits:
    """Whether an option goes with what stands in the other choice; retired ways stay until one of the two is changed."""

    def __init__(self, field: ChoiceField) -> None:
        assert field.depends is not None
        self.field, self.depends = field, field.depends

    def __call__(self, records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        other = env.registry.record(self.field.record).fields[self.depends.field]
        for record in records:
            value, by = record.__dict__.get(self.field.name), record.__dict__.get(self.depends.field)
            chosen = value if isinstance(value, list) else [value] if value is not None else []
            allowed = self.depends.allowed.get(by, frozenset()) if by is not None else frozenset()
            if any(one not in allowed for one in chosen):
                yield Invalid(record, self.field.name, _("“{field}”: choose one that belongs to what stands in “{others}”.",
                                                         field=self.field.label, others=other.label))


class _Holds:
    """Whether a rule holds; what it cannot tell (an empty value) does not break it."""

    def __init__(self, rtype: RecordType, rule: Rule) -> None:
        self.rtype, self.rule, self.run = rtype, rule, to_python(rule.where)

    def __call__(self, records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        values = _Values(env, self.rtype, self.rule.where, records)
        for index, record in enumerate(records):
            if self.run(values.getter(index), env.context) is False:
                for field in self.rule.fields or (None,):
                    yield Invalid(record, field, self.rule.message)


class _Values:
    """What an expression reads of a batch of records on their way into the database."""

    def __init__(self, env: Env, rtype: RecordType, node: Node, records: Sequence[Any]) -> None:
        self.env, self.rtype, self.records = env, rtype, records
        self.runs: dict[str, Any] = {}
        self.linked: dict[str, dict[int, dict[str, Any]]] = {}
        wanted: dict[str, set[str]] = {}
        self._collect(node, wanted)
        for name, rest in wanted.items():
            self.linked[name] = self._fetch(name, rest)

    def _collect(self, node: Node, wanted: dict[str, set[str]]) -> None:
        for path in paths(node):
            name, _dot, rest = path.partition(".")
            field = self.rtype.fields[name]
            if isinstance(field, FormulaField) and name not in self.runs:
                self.runs[name] = to_python(field.expression)
                self._collect(field.expression, wanted)
            elif rest:
                wanted.setdefault(name, set()).add(rest)

    def _fetch(self, name: str, rest: set[str]) -> dict[int, dict[str, Any]]:
        field = self.rtype.fields[name]
        ids = {record.__dict__.get(field.column_name) for record in self.records} - {None}
        if not ids:
            return {}
        with self.env.elevated("checking a rule") as env:
            query = env.query(field.target).with_ids(ids).archived(None).deleted(None)  # type: ignore[attr-defined]
            return {row["id"]: row for row in query.select(*sorted(rest)).rows()}

    def getter(self, index: int) -> Any:
        """What an expression asks for values of one record."""
        row = self.records[index].__dict__

        def get(path: tuple[str, ...]) -> Any:
            name = path[0]
            if name in self.runs:
                return self.runs[name](get, self.env.context)
            value = row.get(self.rtype.fields[name].column_name)
            if len(path) == 1:
                return value
            found = self.linked[name].get(value, {}).get(".".join(path[1:])) if value is not None else None
            return found.id if isinstance(found, Link) else found
        return get
