"""Installations for tests, used again: opening one, building its web application and compiling its statements take ten
times as long as a test does.

After a test its installation's database and folder are put back to the template's state. One whose registry, settings or
schema a test changed is thrown away instead. PostgreSQL keeps the template's rows in a schema of its own beside the
tables, where triggers note which tables a test wrote to; the rows of those are put back.
"""

from __future__ import annotations

import copy
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.installation import Installation
from core.testing.browser import forget_host

KEPT = frozenset({"cache", "secrets.json"})
TABLES = """SELECT c.relname, pg_get_serial_sequence(quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname)
 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id' WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1"""
SHAPE = """SELECT string_agg(table_name || '.' || column_name || ' ' || data_type, ',' ORDER BY table_name, ordinal_position)
 FROM information_schema.columns WHERE table_schema = 'public'"""


@dataclass
class Loan:
    """An installation and what it looked like when it was made."""

    inst: Installation
    url: str
    template: str
    parts: dict[str, Any] = field(default_factory=dict)
    settings: Any = None
    restore: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, inst: Installation, url: str, template: str) -> Loan:
        """Remember the state to which it goes back."""
        made = cls(inst, url, template, dict(vars(inst)), copy.deepcopy(inst.settings))
        if not template.startswith("sqlite"):
            made.restore = _keep_rows(inst)
            with inst.engine.connect() as connection:
                made.parts["shape"] = connection.exec_driver_sql(SHAPE).scalar_one()
        return made

    @property
    def is_as_made(self) -> bool:
        """Whether a test left everything but the data alone."""
        now = vars(self.inst)
        same = all(now.get(name) is value for name, value in self.parts.items() if name in ("registry", "settings", "engine", "log"))
        return same and self.inst.settings == self.settings and not self.inst.broken

    def put_back(self) -> bool:
        """Give database and folder the template's state; False when that is not possible any more."""
        inst = self.inst
        forget_host(inst)
        if not self.is_as_made:
            return False
        try:
            (self._sqlite if self.template.startswith("sqlite") else self._postgresql)()
        except (sa.exc.SQLAlchemyError, sqlite3.Error):
            return False
        if inst._jobs is not None:  # noqa: SLF001 - of one piece with the installation
            inst._jobs.close()  # noqa: SLF001
            inst._jobs = None  # noqa: SLF001
        for path in inst.settings.data.iterdir():
            if path.name not in KEPT:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        inst._forget()  # noqa: SLF001
        inst.registry.memo.clear()  # change counters went back, too
        with inst.reading() as connection:
            inst.refresh(connection)
        return inst.registry is self.parts["registry"]

    def _sqlite(self) -> None:
        with closing(sqlite3.connect(_path(self.template))) as source, closing(sqlite3.connect(_path(self.url), timeout=5)) as target:
            source.backup(target)

    def _postgresql(self) -> None:
        with self.inst.engine.connect() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
            touched = sorted(set(connection.exec_driver_sql("SELECT name FROM pristine.touched").scalars()))
            back = [self.restore[name] for name in touched if name in self.restore]
            connection.exec_driver_sql("; ".join([self.restore[""], *back, "DELETE FROM pristine.touched"]))
            if connection.exec_driver_sql(SHAPE).scalar_one() != self.parts["shape"]:
                raise sa.exc.InvalidRequestError("the schema was changed")
            connection.commit()


NOTES = """CREATE SCHEMA IF NOT EXISTS pristine; CREATE UNLOGGED TABLE pristine.touched (name text);
CREATE FUNCTION pristine.touch() RETURNS trigger LANGUAGE plpgsql AS
 $$BEGIN INSERT INTO pristine.touched VALUES (TG_TABLE_NAME); RETURN NULL; END$$"""


def _keep_rows(inst: Installation) -> dict[str, str]:
    """Copy all rows aside; returns the statement that puts back the rows of each table, and under "" the one that comes first: no
    triggers, no foreign keys, and all sequences as they were (they move in transactions that leave no rows, too)."""
    sequences, restore = [], {}
    with inst.engine.connect() as connection:
        connection.exec_driver_sql(NOTES)
        for table, sequence in connection.exec_driver_sql(TABLES).all():
            connection.exec_driver_sql(f'CREATE UNLOGGED TABLE pristine."{table}" AS TABLE public."{table}"')
            connection.exec_driver_sql(f'CREATE TRIGGER pristine_touch AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public."{table}" '
                                       "FOR EACH STATEMENT EXECUTE FUNCTION pristine.touch()")
            restore[table] = f'DELETE FROM public."{table}"'
            if connection.exec_driver_sql(f'SELECT EXISTS (SELECT 1 FROM pristine."{table}")').scalar_one():  # noqa: S608
                restore[table] += f'; INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE SELECT * FROM pristine."{table}"'  # noqa: S608
            if sequence:
                last, called = connection.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence}").one()  # noqa: S608
                sequences.append(f"setval('{sequence}', {last}, {called})")
        connection.commit()
    restore[""] = "SET LOCAL session_replication_role = replica" + (f"; SELECT {', '.join(sequences)}" if sequences else "")
    return restore


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))
