"""The plan of an upgrade: everything that differs between the declared tables and the database, to be read first.

`plan(connection, metadata)` only looks. What it finds is safe (done by itself), destructive (only on explicit request)
or blocked (the data stand in the way, with how many rows).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, Dialect, ForeignKeyConstraint, MetaData, Table, inspect, text
from sqlalchemy.types import NullType

from core.i18n.messages import Message, _
from core.schema import indexes, objects
from core.schema import ledger as ledgers
from core.schema.compare import Comparison, compare, left_tables
from core.schema.ledger import Ledger
from core.schema.work import ORDER, Rebuild, Step, offline, rebuild, run

#: Which destructive steps to run: all, none, or those a function picks.
Choice = bool | Callable[[Step], bool]


@dataclass(frozen=True)
class Plan:
    """Steps in the order in which they run, and what is needed to run them."""

    steps: tuple[Step, ...]
    metadata: MetaData
    dialect: Dialect
    ledger: Ledger
    extra: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    links: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    only: frozenset[str] | None = None
    """The tables that were looked at; None for all."""

    @property
    def safe(self) -> tuple[Step, ...]:
        """What `apply` does by itself."""
        return tuple(step for step in self.steps if not step.destructive and step.blocked is None)

    @property
    def destructive(self) -> tuple[Step, ...]:
        """What loses data, hence is left as it is unless asked for."""
        return tuple(step for step in self.steps if step.destructive)

    @property
    def blocked(self) -> tuple[Step, ...]:
        """What the data do not allow."""
        return tuple(step for step in self.steps if step.blocked is not None)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do by itself."""
        return not self.safe

    def describe(self) -> list[Message]:
        """The plan in words, one line for each step."""
        lines = [step.detail for step in self.safe]
        lines += [_("Not done, the data are in the way: {step} ({reason})", step=step.detail.english(),
                    reason=step.blocked.english()) for step in self.blocked if step.blocked is not None]
        lines += [_("Left as it is: {step}", step=step.detail.english()) for step in self.destructive]
        return lines

    def sql(self, dialect: Dialect | None = None, destructive: Choice = False) -> str:
        """The SQL of the safe steps (and of the chosen destructive ones), as it would be run."""
        return self._written(self.chosen(destructive), dialect or self.dialect)

    def sql_of(self, step: Step) -> str:
        """The SQL of one step alone; for one that copies the table on SQLite, the copying."""
        return self._written((step,), self.dialect)

    def _written(self, steps: tuple[Step, ...], dialect: Dialect) -> str:
        operations, buffer = offline(dialect)
        rebuilt: set[str] = set()
        for step in steps:
            if not (step.rebuild and dialect.name == "sqlite"):
                for item in step.work:
                    run(operations, item)
            elif step.table not in rebuilt:
                rebuilt.add(step.table)
                rebuild(operations, Rebuild(self.final_table(step.table, steps)))
        return buffer.getvalue()

    def chosen(self, destructive: Choice) -> tuple[Step, ...]:
        """The steps that `apply` will run: the safe ones, and the destructive ones that are wanted."""
        wanted = destructive if callable(destructive) else lambda _step: bool(destructive)
        return tuple(step for step in self.steps
                     if step.blocked is None and (not step.destructive or wanted(step)))

    def final_table(self, name: str, running: Collection[Step]) -> Table:
        """The shape of a table once `running` has run: as declared, less what is not run, plus what is left there."""
        skipped = [step for step in self.steps if step.table == name and step not in running]
        table = _copy(self.metadata.tables[name], skipped)
        dropped = {step.name for step in running if step.kind == "drop_column" and step.table == name}
        kept = [facts for facts in self.extra.get(name, []) if facts["name"] not in dropped]
        for facts in kept:
            default = facts.get("default")
            table.append_column(Column(facts["name"], facts["type"], nullable=facts["nullable"] or default is None,
                                       server_default=None if default is None else text(default)))
        for link in self.links.get(name, []):
            if set(link["constrained_columns"]) <= {facts["name"] for facts in kept}:
                targets = [f"{link['referred_table']}.{one}" for one in link["referred_columns"]]
                table.append_constraint(ForeignKeyConstraint(link["constrained_columns"], targets, name=link["name"],
                                                             **link.get("options", {})))
        return table


def _copy(declared: Table, skipped: Collection[Step]) -> Table:
    table = declared.to_metadata(MetaData())
    table.indexes.clear()
    for step in skipped:
        if step.kind == "require":
            table.c[step.name].nullable = True
        elif step.kind in ("retype", "narrow"):
            table.c[step.name].type = getattr(step.work[0], "existing_type", None) or NullType()
        elif step.kind == "add_constraint":
            for constraint in [one for one in table.constraints if one.name == step.name]:
                table.constraints.discard(constraint)
    return table


def plan(connection: Connection, metadata: MetaData, *, declared_renames: Iterable[tuple[str, str, str]] = (),
         owned: Callable[[str], bool] | None = None, disabled: Iterable[str] = (),
         forgetting: str | None = None, only: Iterable[str] | None = None) -> Plan:
    """Compare the declared tables with the database.

    `declared_renames` are (table, old field or column, new one), so that a rename is not seen as drop and add. `owned`
    tells which undeclared tables are ours (default: those the ledger remembers). `disabled` names addons that count
    as switched off besides those that `sys_addon` says so of: what they own is kept and is no drift.
    `forgetting` names one whose objects are to go for all that. `only` are the tables to look at, for somebody who knows
    that nothing else has changed.
    """
    ledger = ledgers.read(connection, disabled)
    ledger.disabled -= {forgetting or ""}
    ledger.forgetting = forgetting or ""
    inspector = inspect(connection)
    existing = set(inspector.get_table_names())
    some = None if only is None else frozenset(only)
    both = sorted(existing & set(metadata.tables) & (existing if some is None else some))
    reflected = inspector.get_multi_columns(filter_names=both) if both else {}
    columns = {name: {facts["name"]: dict(facts) for facts in found} for (_schema, name), found in reflected.items()}
    names = objects.present(connection)
    found = Comparison(connection, metadata, ledger, existing, set(both))
    compare(found, list(declared_renames), columns)
    ours = {name for name in existing if (owned(name) if owned else ledger.get("table", name) is not None)}
    steps = [*found.steps, *left_tables(found, ours),
             *indexes.index_steps(connection, metadata, ledger, names, existing, found.waiting | _renamed(found)),
             *objects.object_steps(metadata, connection.dialect, ledger, names)]
    links = {name: [dict(link) for link in inspector.get_foreign_keys(name)] for name in found.extra}
    return Plan(tuple(sorted(steps, key=lambda step: ORDER.index(step.kind))), metadata, connection.dialect, ledger,
                found.extra, links, some)


def _renamed(found: Comparison) -> set[tuple[str, str]]:
    return {(table, new) for (table, _old), new in found.renamed.items()}
