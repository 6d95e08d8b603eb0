"""A copy of an installation to try something: an upgrade, a package, a training; with personal data masked if wanted.

The copy has a database, a data folder and settings of its own. It never speaks to the world: what `record_outward` names is
switched off (accounts that send and fetch), nothing is queued, nobody is signed in, and mails stay in its folder.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, bindparam, create_engine, delete, func, insert, inspect, select, text, update
from sqlalchemy.engine import make_url

from core import backup
from core.errors import SarnakhError
from core.expressions import register_sqlite_functions
from core.i18n.messages import _
from core.installation import Installation
from core.masking import Mask, Plan
from core.query.search import search_text
from core.registry.compose import RecordType
from core.registry.registry import Registry
from core.settings import Settings, load

BATCH = 2000
SETTINGS = "sarnakh.toml"
EMPTIED = ("sys_job", "sys_session", "sys_login_failure", "sys_presence")
"""What belongs to the running original: queued work, people who are signed in."""
MASKED_AWAY = ("sys_import_row", "sys_import_memory", "sys_import", "sys_share_link")
"""Raw files of imports and the like, which a masked copy does not have."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Cloned:
    """What was made: the copy's settings, how many files came along, rows that were masked, switched off accounts, seconds."""

    settings: Settings
    files: int
    masked: int
    switched_off: int
    seconds: float


def clone(settings: Settings, target: Path, *, mask: bool = False, database: str = "", files: bool = True,
          say: Say = lambda _what: None) -> Cloned:
    """Copy an installation into the empty folder `target`; on PostgreSQL into a new database called `database`.

    The original is only read, and may go on running. Whatever goes wrong, nothing of the copy stays. Masked copies have no
    uploaded files, no keys and no passwords.
    """
    began = time.monotonic()
    target = target.expanduser().resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise SarnakhError(_("The folder {folder} is not empty.", folder=str(target)))
    if target.is_relative_to(settings.files):
        raise SarnakhError(_("The folder {folder} is inside of the original's files.", folder=str(target)))
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = f"sqlite:///{target / 'sarnakh.sqlite3'}" if settings.is_sqlite else _new_database(settings, database or _named(settings, target))
    try:
        say("database")
        _copy_database(settings, target, url)
        count = 0
        if files and not mask:
            say("files")
            count = _copy_files(settings.files, target / "files")
        keys = Path(settings.security.secrets_file)
        if not mask and keys.is_file():
            shutil.copy(keys, target / "secrets.json")
            (target / "secrets.json").chmod(0o600)
        _write_settings(target, url)
        made = load([target / SETTINGS], {}, {"storage.data": str(target), "database.url": url,
                                              "addons.folders": list(settings.addons.folders), "log.level": settings.log.level})
        say("masking" if mask else "quieting")
        masked, off = _settle(made, mask)
        return Cloned(made, count, masked, off, time.monotonic() - began)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        if not settings.is_sqlite:
            drop_database(url)
        raise


def remove(cloned: Cloned) -> None:
    """Take a copy away again, with its database."""
    if not cloned.settings.is_sqlite:
        drop_database(cloned.settings.database.url)
    shutil.rmtree(cloned.settings.data, ignore_errors=True)


# ---------------------------------------------------------------- copying
def _named(settings: Settings, target: Path) -> str:
    word = re.sub(r"[^a-z0-9]+", "_", target.name.lower()).strip("_") or "copy"
    return f"{make_url(settings.database.url).database}_{word}"[:60]


def _new_database(settings: Settings, name: str) -> str:
    """Make an empty database on the same server; its address."""
    url = make_url(settings.database.url)
    with _server(settings.database.url) as connection:
        if connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).first():
            raise SarnakhError(_("There is a database “{name}” already; give another name with --database.", name=name))
        connection.execute(text(f"CREATE DATABASE {connection.dialect.identifier_preparer.quote(name)}"))
    return url.set(database=name).render_as_string(hide_password=False)


def drop_database(address: str) -> None:
    """Drop a database that a copy had."""
    url = make_url(address)
    with _server(url.set(database="postgres").render_as_string(hide_password=False)) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {connection.dialect.identifier_preparer.quote(str(url.database))} WITH (FORCE)"))


@contextlib.contextmanager
def _server(address: str) -> Iterator[Connection]:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _copy_database(settings: Settings, target: Path, url: str) -> None:
    """The whole database as it is at one moment."""
    if settings.is_sqlite:
        backup.dump_sqlite(settings, target).replace(target / "sarnakh.sqlite3")
        return
    dump = backup.dump_postgresql(settings, target)
    copy = load((), {}, {"database.url": url, "storage.data": str(target)})
    backup.run_tool(copy, ["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
                           f"--dbname={make_url(url).database}", str(dump)])
    dump.unlink()


def _copy_files(source: Path, target: Path) -> int:
    """Uploaded files, which are never changed in place: the same ones by a second name where the disk allows it."""
    count = 0
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                os.link(path, copy)
            except FileNotFoundError:  # taken away since we listed it
                continue
            except OSError:
                shutil.copy2(path, copy)
            count += 1
    return count


def _write_settings(target: Path, url: str) -> None:
    """Settings that are read when the copy's folder is named as the data folder."""
    lines = ["# A copy to try something. Mails are kept in the data folder instead of being sent.", "[mail]", 'host = ""', "",
             "[server]", 'public_url = ""']
    if not url.startswith("sqlite"):
        quoted = url.replace("\\", "\\\\").replace('"', '\\"')
        lines += ["", "[database]", f'url = "{quoted}"']
    file = target / SETTINGS
    file.touch(0o600)
    file.write_text("\n".join(lines) + "\n", "utf-8")


# ---------------------------------------------------------------- settling
def _settle(settings: Settings, mask: bool) -> tuple[int, int]:
    """Switch off what reaches out, empty what belongs to the original, mask; how many rows and accounts that were."""
    found = Installation(settings)
    try:
        found.discover()
        with found.reading() as connection:
            registry = found.compile_working(found.enabled_names(connection), found.customising(connection), found.found)
            tables = set(inspect(connection).get_table_names())
        with found.engine.connect() as connection, connection.begin():
            if settings.is_sqlite:
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            for name in (*EMPTIED, *(MASKED_AWAY if mask else ())):
                if name in tables and name in registry.metadata.tables:
                    connection.execute(delete(registry.metadata.tables[name]))
            off = sum(_switch_off(connection, t) for t in registry.records.values() if t.table.name in tables)
            _call_it_a_copy(connection, registry)
            masked = _mask(connection, registry, tables) if mask else 0
    finally:
        found.close()
    if mask:
        _sweep(settings)
    return masked, off


def _sweep(settings: Settings) -> None:
    """What was written over is gone from the files, too."""
    if not settings.is_sqlite:
        with _server(settings.database.url) as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
        return
    with contextlib.closing(sqlite3.connect(settings.data / "sarnakh.sqlite3", isolation_level=None)) as raw:
        register_sqlite_functions(raw)  # indexes are built upon some of them
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'").fetchall():
            raw.execute(f'INSERT INTO "{name}"("{name}") VALUES (\'rebuild\')')  # the old words are still in its pages
        raw.execute("VACUUM")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _switch_off(connection: Connection, rtype: RecordType) -> int:
    """Switch off the records of a type that reaches out."""
    name = rtype.cls.record_outward
    column = rtype.table.c.get(name) if name else None
    return 0 if column is None else connection.execute(update(rtype.table).where(column).values({name: False})).rowcount


def _call_it_a_copy(connection: Connection, registry: Registry) -> None:
    """The name at the top says that this is not the original."""
    table = registry.system.custom
    at = (table.c.kind == "setting") & (table.c.target == "app_name")
    name = connection.execute(select(table.c.data).where(at)).scalar()
    connection.execute(delete(table).where(at))
    connection.execute(insert(table).values(kind="setting", target="app_name", data=f"{name or 'Sarnakh'} ⧉"))


def _mask(connection: Connection, registry: Registry, tables: set[str]) -> int:
    mask, count = Mask(), 0
    plans = {t.name: Plan(t, mask) for t in registry.records.values()}
    for rtype in registry.records.values():
        if rtype.table.name in tables:
            there = {c["name"] for c in inspect(connection).get_columns(rtype.table.name)}
            count += _mask_type(connection, plans[rtype.name], there)
    return count + _mask_history(connection, registry.system.audit, plans, mask)


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
        return changes if row.action == "customised" else mask.data(changes)
    fields = {f.name: f for f in plan.fields}
    return {name: [plan.in_text(fields[name], v) if isinstance(v, str) else mask.data(v) for v in pair]
            if name in fields and isinstance(pair, list) else pair for name, pair in changes.items()}
