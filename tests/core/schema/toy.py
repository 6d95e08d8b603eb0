"""The tables of a toy addon in two versions, and of one that extends it, as a registry would declare them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    inspect,
    text,
)

from core.records.types import BigId, Fixed, JsonType, Moment, Span
from core.schema import ledger
from core.schema.apply import apply
from core.schema.lock import upgrading
from core.schema.plan import Plan, plan

FTS = {
    "sqlite": {
        "toy_lead_fts": "CREATE VIRTUAL TABLE toy_lead_fts USING fts5(search_text, content='toy_lead',"
                        " content_rowid='id')",
        "toy_lead_fts_add": "CREATE TRIGGER toy_lead_fts_add AFTER INSERT ON toy_lead BEGIN"
                            " INSERT INTO toy_lead_fts(rowid, search_text) VALUES (new.id, new.search_text); END"},
    "postgresql": {
        "pg_trgm": "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "ix_toy_lead_fts": "CREATE INDEX ix_toy_lead_fts ON toy_lead USING gin (search_text gin_trgm_ops)"},
}


class Declared:
    """What declares tables, as a registry does."""

    def __init__(self) -> None:
        self.metadata = MetaData()
        ledger.define(self.metadata)


def version_1(*, ddl: dict[str, dict[str, str]] | None = None, **changes: Any) -> Declared:
    """People and leads, with every kind of column and index; `changes` replace a column of the leads by name."""
    made = Declared()
    person = Table("toy_person", made.metadata, Column("id", BigId, nullable=False), Column("name", String(40)),
                   Column("best_lead_id", BigId), PrimaryKeyConstraint("id", name="pk_toy_person"),
                   ForeignKeyConstraint(["best_lead_id"], ["toy_lead.id"], name="fk_toy_person_best_lead"))
    columns = {
        "id": Column("id", BigId, nullable=False), "name": Column("name", String(40)),
        "owner_id": Column("owner_id", BigId), "amount": Column("amount", Fixed(4)), "at": Column("at", Moment),
        "span": Column("span", Span), "data": Column("data", JsonType), "count": Column("count", Integer),
        "flag": Column("flag", Boolean, nullable=False, server_default=text("false")),
        "search_text": Column("search_text", Text), "closing": Column("closing", String(10)), **changes}
    lead = Table("toy_lead", made.metadata, *[column for column in columns.values() if column is not None],
                 PrimaryKeyConstraint("id", name="pk_toy_lead"),
                 ForeignKeyConstraint(["owner_id"], ["toy_person.id"], name="fk_toy_lead_owner"))
    Index("ix_toy_lead_owner", lead.c.owner_id, lead.c.id)
    Index("ix_toy_lead_flagged", lead.c.owner_id, sqlite_where=text("flag"), postgresql_where=text("flag"))
    Index("ix_toy_lead_data", lead.c.data, postgresql_using="gin")
    if "name" in lead.c:
        Index("ix_toy_lead_lower", func.lower(lead.c.name))
        Index("uq_toy_lead_name", lead.c.name, unique=True, sqlite_where=text("flag"), postgresql_where=text("flag"))
    for table in (person, lead):
        table.info["addon"] = "toy"
    lead.info["ddl"] = FTS if ddl is None else ddl
    return made


def with_column(column: Column[Any], *constraints: Any, addon: str = "toy") -> Declared:
    """Version 1 with one more column on the leads, which may belong to another addon."""
    made = version_1(**{column.name: column})
    column.info["addon"] = addon
    for constraint in constraints:
        made.metadata.tables["toy_lead"].append_constraint(constraint)
    return made


def unique_names() -> Declared:
    """Version 1 with a unique constraint."""
    made = version_1()
    made.metadata.tables["toy_lead"].append_constraint(UniqueConstraint("name", name="uq_toy_lead_whole"))
    return made


def install(engine: Engine, declared: Declared, rows: int = 0) -> None:
    """Bring the database to `declared` and add so many leads."""
    with upgrading(engine) as connection:
        apply(connection, plan(connection, declared.metadata))
        if rows:
            connection.execute(text("INSERT INTO toy_person (name) VALUES ('Zahra')"))
            connection.execute(text(
                "INSERT INTO toy_lead (name, owner_id, closing, search_text) VALUES (:name, 1, :closing, :search)"),
                [{"name": f"lead {n}", "search": f"lead {n}", "closing": str(n)} for n in range(1, rows + 1)])


def change(engine: Engine, declared: Declared, destructive: bool = False) -> Plan:
    """Plan and apply in one go; gives the plan that was carried out."""
    with upgrading(engine) as connection:
        found = plan(connection, declared.metadata)
        apply(connection, found, destructive)
    return found


def look(engine: Engine, declared: Declared, **options: Any) -> Plan:
    """Only plan."""
    with engine.connect() as connection:
        return plan(connection, declared.metadata, **options)


def kinds(steps: Any) -> list[tuple[str, str]]:
    """Steps as (kind, name)."""
    return [(step.kind, step.name) for step in steps]


def leads(engine: Engine, column: str = "name") -> list[Any]:
    """One column of all leads, by id."""
    with engine.connect() as connection:
        return list(connection.scalars(text(f"SELECT {column} FROM toy_lead ORDER BY id")))


def facts(engine: Engine, column: str) -> dict[str, Any]:
    """What the database reports of a column of the leads."""
    return next(dict(one) for one in inspect(engine).get_columns("toy_lead") if one["name"] == column)


def found_by(connection: Connection, word: str) -> int:
    """How many leads the full-text table of SQLite finds."""
    return len(connection.execute(text("SELECT rowid FROM toy_lead_fts WHERE toy_lead_fts MATCH :word"),
                                  {"word": word}).all())
