"""What makes a copy of an installation one: it reaches nobody, and if that is wanted nobody can read personal data in it.

What `record_outward` names is switched off (accounts that send and fetch), nothing is queued, nobody is signed in. All that is in
the database is looked at, not only what is in use: addons that are disabled and own types and fields that are switched off are
compiled along with the others, and what nothing describes any more (an addon whose files are gone) loses its texts.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Inspector,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    cast,
    create_engine,
    delete,
    func,
    insert,
    inspect,
    literal,
    null,
    select,
    text,
    update,
)
from sqlalchemy.types import NullType

from core.expressions import register_sqlite_functions
from core.installation import Installation
from core.masking import Mask, Plan
from core.query.search import search_text
from core.registry.compose import RecordType
from core.registry.registry import Customising, Registry
from core.schema import ledger
from core.settings import Settings

BATCH = 2000
EMPTIED = ("sys_job", "sys_session", "sys_login_failure", "sys_presence")
"""What belongs to the running original: queued work, people who are signed in."""
MASKED_AWAY = ("sys_import_row", "sys_import_memory", "sys_import", "sys_replay", "sys_external")
"""Raw files of imports, answers to programs and the names that records have elsewhere, which a masked copy does not have."""
TEXTS = (String, JSON, LargeBinary, NullType)
"""Types of columns in which something about people can stand."""


def settle(settings: Settings, mask: bool) -> tuple[int, int]:
    """Switch off what reaches out, empty what belongs to the original, mask; how many rows and accounts that were."""
    found = Installation(settings)
    try:
        found.discover()
        with found.reading() as connection:
            registry = _whole(found, connection)
        with found.engine.connect() as connection, connection.begin():
            if settings.is_sqlite:
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            there = inspect(connection)
            for name in (*EMPTIED, *(MASKED_AWAY if mask else ())):
                if there.has_table(name):
                    connection.execute(delete(registry.metadata.tables[name]))
            off = sum(_switch_off(connection, rtype, there) for rtype in registry.records.values())
            _call_it_a_copy(connection, registry)
            masked = _mask(connection, registry, there) if mask else 0
    finally:
        found.close()
    if mask:
        _sweep(settings)
    return masked, off


def _whole(found: Installation, connection: Connection) -> Registry:
    """The definitions of all that the database may hold: those in use, then those of disabled addons; everything switched on."""
    stored = found.stored(connection)
    table = ledger.define(MetaData()).addon
    off = connection.execute(select(table.c.name).where(table.c.name.not_in(stored.names)).order_by(table.c.name)).scalars()
    rows = {key: {**data, "active": True} if key[0] in ("record", "field") and isinstance(data, dict) else data
            for key, data in stored.customising.rows.items()}
    return found.compile_working([*stored.names, *(n for n in off if n in found.manifests)], Customising(rows), found.found)


@contextlib.contextmanager
def alone(address: str) -> Iterator[Connection]:
    """A connection without transactions."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _sweep(settings: Settings) -> None:
    """What was written over is gone from the files, too."""
    if not settings.is_sqlite:
        with alone(settings.database.url) as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
        return
    with contextlib.closing(sqlite3.connect(settings.data / "sarnakh.sqlite3", isolation_level=None)) as raw:
        register_sqlite_functions(raw)  # indexes are built upon some of them
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'").fetchall():
            raw.execute(f'INSERT INTO "{name}"("{name}") VALUES (\'rebuild\')')  # the old words are still in its pages
        raw.execute("VACUUM")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _switch_off(connection: Connection, rtype: RecordType, there: Inspector) -> int:
    """Switch off the records of a type that reaches out."""
    name = rtype.cls.record_outward
    column = rtype.table.c.get(name) if name and name in _columns(there, rtype.table.name) else None
    return 0 if column is None else connection.execute(update(rtype.table).where(column).values({name: False})).rowcount


def _call_it_a_copy(connection: Connection, registry: Registry) -> None:
    """The name at the top says that this is not the original."""
    table = registry.system.custom
    at = (table.c.kind == "setting") & (table.c.target == "app_name")
    name = connection.execute(select(table.c.data).where(at)).scalar()
    connection.execute(delete(table).where(at))
    connection.execute(insert(table).values(kind="setting", target="app_name", data=f"{name or 'Sarnakh'} ⧉"))


def _columns(there: Inspector, table: str) -> dict[str, Any]:
    """The columns that a table has in the database, by name; none of a table that is not there."""
    return {facts["name"]: facts for facts in there.get_columns(table)} if there.has_table(table) else {}


def _mask(connection: Connection, registry: Registry, there: Inspector) -> int:
    mask, count = Mask(), 0
    plans = {t.name: Plan(t, mask) for t in registry.records.values()}
    for plan in plans.values():
        present = _columns(there, plan.rtype.table.name)
        if present:
            count += _mask_type(connection, plan, set(present))
    _empty_unknown(connection, registry, there)
    return count + _mask_history(connection, registry.system.audit, plans, mask)


def _empty_unknown(connection: Connection, registry: Registry, there: Inspector) -> None:
    """Take the texts out of columns that no definition describes any more."""
    derived = connection.execute(text("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'")).scalars().all() if (
        connection.dialect.name == "sqlite") else ()
    for name in there.get_table_names():
        declared = registry.metadata.tables.get(name)
        if any(name == one or name.startswith(f"{one}_") for one in derived):
            continue  # made anew of the table that it belongs to
        unknown = [column for column, facts in _columns(there, name).items() if not facts.get("primary_key")
                   and (declared is None or column not in declared.c) and isinstance(facts["type"], TEXTS)]
        if unknown:
            table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
            instead = cast(table.c.id, String) if "id" in table.c else literal("")
            connection.execute(update(table).values({column: null() if table.c[column].nullable else instead for column in unknown}))


def _mask_type(connection: Connection, plan: Plan, there: set[str]) -> int:
    """All rows of one record type, and what the search finds of them."""
    table, rtype = plan.rtype.table, plan.rtype
    fields = [f for f in plan.fields if f.column_name in there]
    searched = "search_text" in table.c and "search_text" in there
    if not fields:
        return 0
    columns = [c for c in table.c if c.name in there and c.name != "search_text"]
    statement = update(table).where(table.c.id == bindparam("b_id")).values(
        {f.column_name: bindparam(f"v_{f.column_name}") for f in fields} | ({"search_text": bindparam("v_search")} if searched else {}))
    count, last = 0, 0
    while rows := connection.execute(select(*columns).where(table.c.id > last).order_by(table.c.id).limit(BATCH)).mappings().all():
        last = rows[-1]["id"]
        made = []
        for row in rows:
            values = {f.column_name: plan.value(f, row[f.column_name], row["id"]) for f in fields}
            whole = {**row, **values}
            made.append({"b_id": row["id"], **{f"v_{name}": value for name, value in values.items()},
                         **({"v_search": search_text(rtype, whole)} if searched else {})})
        connection.execute(statement, made)
        count += len(made)
    return count


def _mask_history(connection: Connection, audit: Table, plans: dict[str, Plan], mask: Mask) -> int:
    """Old and new values in history."""
    statement = update(audit).where(audit.c.id == bindparam("b_id")).values(changes=bindparam("v_changes"), note=bindparam("v_note"))
    top = connection.execute(select(func.max(audit.c.id))).scalar() or 0
    count, last = 0, 0
    wanted = select(audit.c.id, audit.c.record, audit.c.action, audit.c.changes, audit.c.note).order_by(audit.c.id).limit(BATCH)
    while last < top and (rows := connection.execute(wanted.where(audit.c.id > last)).all()):
        last = rows[-1].id
        made = [{"b_id": r.id, "v_changes": _history_changes(r, plans.get(r.record), mask),
                 "v_note": mask.scrubbed(r.note) if r.note else r.note} for r in rows if r.changes is not None or r.note]
        if made:
            connection.execute(statement, made)
        count += len(made)
    return count


def _history_changes(row: Any, plan: Plan | None, mask: Mask) -> Any:
    changes = row.changes
    if plan is None or not isinstance(changes, dict):
        return changes if row.action == "customised" else mask.every(changes)
    return {name: plan.in_history(name, pair) for name, pair in changes.items()}
