"""What Alembic finds different between the declared tables and the database, judged: safe, destructive or blocked.

Nothing is dropped or narrowed by itself; what stands in the way of a change is counted before it is tried.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    String,
    Table,
    cast,
    func,
    literal,
    not_,
    select,
    text,
)
from sqlalchemy import column as lightweight_column
from sqlalchemy import table as lightweight_table
from sqlalchemy.schema import CreateIndex, CreateTable, DefaultClause, sort_tables_and_constraints
from sqlalchemy.sql.elements import TextClause

from core.i18n.messages import Message, _, n_
from core.lazy import Later
from core.schema import indexes
from core.schema.kinds import TypeChange, type_change
from core.schema.ledger import Ledger
from core.schema.work import Step, Work

if TYPE_CHECKING:
    from alembic.operations.ops import AlterColumnOp, DropConstraintOp

_LINK_PARTS = ("", "_id", "_record", "_type")

autogenerate, migration, aops = Later("alembic.autogenerate"), Later("alembic.migration"), Later("alembic.operations.ops")


@dataclass
class Comparison:
    """One comparison under way: the database, what is declared, and what was found so far."""

    connection: Connection
    metadata: MetaData
    ledger: Ledger
    existing: set[str]
    both: set[str]
    """The declared tables that exist and are looked at."""
    steps: list[Step] = field(default_factory=list)
    #: (table, old column) → new column of renames that the steps will carry out.
    renamed: dict[tuple[str, str], str] = field(default_factory=dict)
    #: Old → new name of the tables of renamed many-to-many fields.
    moved: dict[str, str] = field(default_factory=dict)
    #: (table, column) pairs that do not exist yet.
    waiting: set[tuple[str, str]] = field(default_factory=set)
    #: Columns in the database that are not declared, by table, as reflected.
    extra: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def sqlite(self) -> bool:
        """Whether the database is SQLite."""
        return self.connection.dialect.name == "sqlite"

    def quote(self, name: str) -> str:
        """The name as SQL wants it."""
        return self.connection.dialect.identifier_preparer.quote(name)


def compare(found: Comparison, renames: Collection[tuple[str, str, str]], columns: dict[str, dict[str, Any]]) -> None:
    """Fill `found` with steps for tables, columns and constraints; `columns` are those present, by table."""
    _renames(found, renames, columns)
    _extra_columns(found, columns)
    for operation in _differences(found):
        if isinstance(operation, aops.ModifyTableOps):
            for part in operation.ops:
                found.steps.extend(_judge(found, part))
    found.steps.extend(_new_tables(found))


def _differences(found: Comparison) -> list[Any]:
    """Alembic's findings about the tables that are both declared and present; indexes are compared elsewhere."""
    both = found.both
    if not both:
        return []

    def include_name(name: str | None, kind: str, parents: Any) -> bool:
        return kind != "table" or name in both

    def include_object(item: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
        return kind != "index" and (kind != "table" or name in both)

    def compare_type(context: Any, present: Any, declared: Any, present_type: Any, declared_type: Any) -> bool:
        return type_change(present_type, declared_type, found.connection.dialect) is not TypeChange.SAME

    context = migration.MigrationContext.configure(found.connection, opts={
        "compare_type": compare_type, "compare_server_default": False, "include_name": include_name,
        "include_object": include_object, "target_metadata": found.metadata})
    with warnings.catch_warnings():
        # Circles of links and expression indexes are handled here; both libraries would warn of each.
        warnings.simplefilter("ignore")
        upgrade = autogenerate.produce_migrations(context, found.metadata).upgrade_ops
    return [] if upgrade is None else list(upgrade.ops)


def _judge(found: Comparison, operation: Any) -> Iterator[Step]:
    if isinstance(operation, aops.AddColumnOp):
        if (operation.table_name, operation.column.name) not in _targets(found):
            yield from _add_column(found, found.metadata.tables[operation.table_name], operation.column.name)
    elif isinstance(operation, aops.AlterColumnOp):
        yield from _alter_column(found, operation)
    elif isinstance(operation, aops.CreateForeignKeyOp | aops.CreateUniqueConstraintOp):
        yield from _add_constraint(found, operation)
    elif isinstance(operation, aops.DropConstraintOp):
        yield from _drop_constraint(found, operation)


def _targets(found: Comparison) -> set[tuple[str, str]]:
    return {(table, new) for (table, _old), new in found.renamed.items()}


def _renames(found: Comparison, renames: Collection[tuple[str, str, str]], columns: dict[str, dict[str, Any]]) -> None:
    for table, old, new in renames:
        for before, after in column_renames(set(columns.get(table, {})), old, new):
            found.renamed[table, before] = after
            found.steps.append(Step(
                "rename", table, after, _("Rename {old} of {table} to {new}", table=table, old=before, new=after),
                (f"ALTER TABLE {found.quote(table)} RENAME COLUMN {found.quote(before)} TO {found.quote(after)}",)))
        before, after = f"{table}_{old}", f"{table}_{new}"
        if before in found.existing and after in found.metadata.tables and after not in found.existing:
            found.moved[before] = after
            found.steps.append(Step(
                "rename", before, after, _("Rename table {old} to {new}", old=before, new=after),
                (f"ALTER TABLE {found.quote(before)} RENAME TO {found.quote(after)}",)))


def column_renames(present: set[str], old: str, new: str) -> list[tuple[str, str]]:
    """The (old, new) columns of a renamed field: one for most, those of a link end in `_id`, `_type`."""
    return [(old + part, new + part) for part in _LINK_PARTS if old + part in present and new + part not in present]


def _extra_columns(found: Comparison, columns: dict[str, dict[str, Any]]) -> None:
    """Columns nobody declares stay; they only may not stand in the way of new rows."""
    for name in sorted(found.both):
        table = found.metadata.tables[name]
        for column, facts in columns.get(name, {}).items():
            if column in table.c or (name, column) in found.renamed:
                continue
            found.extra.setdefault(name, []).append(facts)
            if not facts["nullable"] and facts.get("default") is None:
                found.steps.append(Step(
                    "relax", name, column, _("Let {column} of {table} be empty, since nothing fills it any more",
                                             column=column, table=name),
                    (aops.AlterColumnOp(name, column, modify_nullable=True, existing_type=facts["type"],
                                        existing_nullable=False),), rebuild=True))
            if not found.ledger.kept("column", f"{name}.{column}"):
                found.steps.append(_left(
                    "drop_column", name, column, _("Column {column} of {table} is not declared by any addon",
                                                   column=column, table=name),
                    f"ALTER TABLE {found.quote(name)} DROP COLUMN {found.quote(column)}"))


def _left(kind: str, table: str, name: str, detail: Message, work: Work) -> Step:
    return Step(kind, table, name, detail, (work,), rebuild=kind == "drop_column", destructive=True)


def left_tables(found: Comparison, owned: Collection[str]) -> Iterator[Step]:
    """Tables of ours that nothing declares, unless a disabled addon owns them."""
    for name in sorted(owned):
        gone = name in found.existing and name not in found.metadata.tables and name not in found.moved
        if gone and not found.ledger.kept("table", name):
            yield _left("drop_table", name, name, _("Table {table} is not declared by any addon", table=name),
                        f"DROP TABLE {found.quote(name)}{'' if found.sqlite else ' CASCADE'}")


def _new_tables(found: Comparison) -> Iterator[Step]:
    new = [table for name, table in found.metadata.tables.items()
           if name not in found.existing and name not in found.moved.values()]
    late: list[ForeignKeyConstraint] = []
    for table, links in sort_tables_and_constraints(new):  # type: ignore[no-untyped-call]
        if table is None:
            late.extend(links)
            continue
        inline = None if found.sqlite else [link for link in table.foreign_key_constraints if link in links]
        work: list[Work] = [CreateTable(table, include_foreign_key_constraints=inline)]
        work += [CreateIndex(index) for index in indexes.declared(table, found.connection.dialect)]
        yield Step("create_table", table.name, table.name, _(
            "Create table {table} with {count} columns", table=table.name, count=len(table.c)), tuple(work))
    for link in late if not found.sqlite else []:
        yield Step("add_constraint", link.table.name, str(link.name), _constraint_detail(link.table.name, link),
                   (aops.CreateForeignKeyOp.from_constraint(link),))


def _add_column(found: Comparison, table: Table, name: str) -> Iterator[Step]:
    column = table.c[name]
    found.waiting.add((table.name, name))
    filled = constant(column)
    rows = 0
    if not column.nullable:
        rows = found.connection.scalar(select(func.count()).select_from(lightweight_table(table.name))) or 0
    at_once = column.nullable or (isinstance(column.server_default, DefaultClause) and filled is not None)
    if not column.nullable and not found.sqlite and not rows:
        at_once = True
    default: Any = column.server_default.arg if isinstance(column.server_default, DefaultClause) else None
    further: list[Work] = []
    if "filled" in column.info:  # a constant that the rows have from now on: neither database rewrites them for it
        default = text(literal_of(column.info["filled"], column).replace("\\", "\\\\").replace(":", "\\:"))
        further = [f"ALTER TABLE {found.quote(table.name)} ALTER COLUMN {found.quote(name)} " + (
            "DROP DEFAULT" if column.server_default is None else f"SET DEFAULT {constant(column)}")] if not found.sqlite else []
    links = [_reference(one) for one in table.foreign_key_constraints if _inline(one, name)]
    fresh: Column[Any] = Column(name, column.type, *links, nullable=column.nullable or not at_once,
                                server_default=default)
    added: Work = aops.AddColumnOp(table.name, fresh, inline_references=bool(links))
    if links and not found.sqlite:  # Alembic would leave the name of the constraint to the database
        added = f"ALTER TABLE {found.quote(table.name)} ADD COLUMN {_with_link(found, fresh)}"
    yield Step("add_column", table.name, name, _("Add column {column} to {table}", column=name, table=table.name), (added, *further))
    if not at_once:
        yield from _require(found, table, column, rows)


def _inline(link: ForeignKeyConstraint, name: str) -> bool:
    """Whether a link can be added together with its column: on SQLite without copying the table, on PostgreSQL without
    looking through all its rows.

    One with a rule for deletes cannot be read back when it was added so, and would seem to differ ever after.
    """
    column = link.columns[0]
    return (column.name == name and len(link.elements) == 1 and column.nullable is True
            and column.server_default is None and link.ondelete is None and link.onupdate is None)


def _with_link(found: Comparison, column: Column[Any]) -> str:
    link = next(iter(column.foreign_keys))
    table, _dot, target = link.target_fullname.rpartition(".")
    kind = column.type.compile(dialect=found.connection.dialect)
    return (f"{found.quote(column.name)} {kind} CONSTRAINT {found.quote(str(link.name))}"
            f" REFERENCES {found.quote(table)} ({found.quote(target)})")


def _reference(link: ForeignKeyConstraint) -> ForeignKey:
    return ForeignKey(link.elements[0].target_fullname, name=link.name)


def _require(found: Comparison, table: Table, column: Column[Any], empty: int) -> Iterator[Step]:
    """Steps to forbid NULL in a column of which `empty` rows have none."""
    filled = constant(column)
    blocked = None
    if empty and filled is not None:
        yield Step("fill", table.name, column.name, n_(
            "Fill {column} of {table} in {count} row", "Fill {column} of {table} in {count} rows", empty,
            column=column.name, table=table.name),
            (f"UPDATE {found.quote(table.name)} SET {found.quote(column.name)} = {filled}"
             f" WHERE {found.quote(column.name)} IS NULL",))
    elif empty:
        blocked = n_("{count} row has no value", "{count} rows have no value", empty)
    yield Step("require", table.name, column.name,
               _("Require a value in {column} of {table}", column=column.name, table=table.name),
               (aops.AlterColumnOp(table.name, column.name, modify_nullable=False, existing_type=column.type,
                                   existing_nullable=True),), rebuild=True, blocked=blocked)


def constant(column: Column[Any]) -> str | None:
    """The column's constant default as an SQL literal; None when it has none that every row could take."""
    if isinstance(column.server_default, DefaultClause):
        given = column.server_default.arg
        if isinstance(given, TextClause):
            return given.text if "(" not in given.text and not given.text.upper().startswith("CURRENT") else None
        return "'" + str(given).replace("'", "''") + "'" if isinstance(given, str) else None
    default: Any = column.default
    value = default.arg if default is not None and default.is_scalar else column.info.get("fill")
    if value is None:
        return None
    return literal_of(value, column)


def literal_of(value: Any, column: Column[Any]) -> str:
    """A value of the column as an SQL literal."""
    return str(literal(value, column.type).compile(compile_kwargs={"literal_binds": True}))


def _alter_column(found: Comparison, operation: AlterColumnOp) -> Iterator[Step]:
    table = found.metadata.tables[operation.table_name]
    column = table.c[operation.column_name]
    if operation.modify_type is not None and operation.existing_type is not None:
        yield _retype(found, table, column, operation.existing_type)
    if operation.modify_nullable is True:
        yield Step("relax", table.name, column.name,
                   _("Let {column} of {table} be empty", column=column.name, table=table.name),
                   (aops.AlterColumnOp(table.name, column.name, modify_nullable=True, existing_type=column.type,
                                       existing_nullable=False),), rebuild=True)
    elif operation.modify_nullable is False:
        probe: Any = lightweight_column(column.name)
        empty = found.connection.scalar(
            select(func.count()).select_from(lightweight_table(table.name, probe)).where(probe.is_(None))) or 0
        yield from _require(found, table, column, empty)


def _retype(found: Comparison, table: Table, column: Column[Any], present: Any) -> Step:
    dialect = found.connection.dialect
    change = type_change(present, column.type, dialect)
    words = {"column": column.name, "table": table.name, "old": present.compile(dialect=dialect),
             "new": column.type.compile(dialect=dialect)}
    using = f"{found.quote(column.name)}::{words['new']}"
    options: dict[str, Any] = {} if change is TypeChange.WIDEN else {"postgresql_using": using}
    work = aops.AlterColumnOp(table.name, column.name, modify_type=column.type, existing_type=present,
                              existing_nullable=None, **options)
    if change is TypeChange.WIDEN:
        return Step("widen", table.name, column.name, _("Widen {column} of {table} from {old} to {new}", **words),
                    (work,), rebuild=True)
    if change is TypeChange.NARROW and isinstance(column.type, String):
        longer = found.connection.scalar(select(func.count()).select_from(lightweight_table(table.name)).where(
            func.length(cast(lightweight_column(column.name), String)) > column.type.length)) or 0
        detail = n_("Narrow {column} of {table} from {old} to {new}; {count} row is longer",
                    "Narrow {column} of {table} from {old} to {new}; {count} rows are longer", longer, **words)
    else:
        detail = _("Change {column} of {table} from {old} to {new}", **words)
    kind = "narrow" if change is TypeChange.NARROW else "retype"
    return Step(kind, table.name, column.name, detail, (work,), rebuild=True, destructive=True)


def _constraint_detail(table: str, constraint: Any) -> Message:
    names = ", ".join(column.name for column in constraint.columns)
    if isinstance(constraint, ForeignKeyConstraint):
        return _("Link {columns} of {table} to {target}", columns=names, table=table,
                 target=constraint.elements[0].target_fullname)
    return _("Make {columns} of {table} unique", columns=names, table=table)


def _add_constraint(found: Comparison, operation: Any) -> Iterator[Step]:
    table = found.metadata.tables[operation.source_table if isinstance(operation, aops.CreateForeignKeyOp)
                                  else operation.table_name]
    constraint: Any = next(one for one in table.constraints if one.name == operation.constraint_name)
    names = [column.name for column in constraint.columns]
    if any((table.name, name) in _targets(found) for name in names):
        return
    blocked = None
    added = any((table.name, name) in found.waiting for name in names)
    if added and isinstance(constraint, ForeignKeyConstraint) and _inline(constraint, names[0]):
        return
    if not added:
        blocked = _dangling(found, constraint) if isinstance(constraint, ForeignKeyConstraint) else indexes.repeated(
            found.connection, table, list(constraint.columns))
    yield Step("add_constraint", table.name, str(constraint.name), _constraint_detail(table.name, constraint),
               (operation,), rebuild=True, blocked=blocked)


def _dangling(found: Comparison, link: ForeignKeyConstraint) -> Message | None:
    """Why a link cannot be enforced: rows that point at nothing."""
    target_name, _dot, target_column = link.elements[0].target_fullname.rpartition(".")
    if len(link.elements) != 1 or target_name not in found.existing:
        return None
    source = lightweight_table(link.table.name, lightweight_column(link.columns[0].name)).alias("source")
    target = lightweight_table(target_name, lightweight_column(target_column)).alias("target")
    value = source.c[link.columns[0].name]
    there = select(literal(1)).select_from(target).where(target.c[target_column] == value).exists()
    count = found.connection.scalar(
        select(func.count()).select_from(source).where(value.is_not(None), not_(there))) or 0
    return n_("{count} row points at nothing", "{count} rows point at nothing", count) if count else None


def _drop_constraint(found: Comparison, operation: DropConstraintOp) -> Iterator[Step]:
    constraint: Any = operation.to_constraint()
    names = {column.name for column in constraint.columns}
    undeclared = {facts["name"] for facts in found.extra.get(operation.table_name, [])}
    if undeclared & names or {name for table, name in found.renamed if table == operation.table_name} & names:
        return
    kind = _("link") if isinstance(constraint, ForeignKeyConstraint) else _("uniqueness")
    yield Step("drop_constraint", operation.table_name, str(operation.constraint_name),
               _("No longer enforce the {kind} of {columns} of {table}", kind=kind, columns=", ".join(sorted(names)),
                 table=operation.table_name), (operation,), rebuild=True)
