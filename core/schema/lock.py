"""One upgrade at a time, in one transaction that leaves the old state whole when anything goes wrong.

PostgreSQL: an advisory lock and transactional DDL. SQLite: the write lock of `BEGIN IMMEDIATE`, foreign keys off while
tables are copied, and a copy of the file that is put back should something have been committed behind our back.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from core.errors import UpgradeError
from core.i18n.messages import _
from core.schema.apply import CHECK_LINKS

#: Any number, the same for everybody who upgrades a Sarnakh database.
_ADVISORY_KEY = 7_246_153_901
_BUSY = _("Another upgrade of this database is running.")


@contextlib.contextmanager
def upgrading(engine: Engine, wait: float = 30.0, copy: bool = True, shape: bool = True) -> Iterator[Connection]:
    """A connection in a transaction that nobody else upgrades in; committed on clean exit, undone on any error.

    `wait` is how many seconds to wait for another upgrade, or for statements in flight. `copy` (SQLite files only)
    takes a copy of the file first and puts it back should undoing the transaction not be enough. `shape=False`
    promises that only rows are changed: links stay enforced.
    """
    if engine.dialect.name == "sqlite":
        with _sqlite(engine, wait, copy, shape) as connection:
            yield connection
    else:
        with _postgresql(engine, wait) as connection:
            yield connection


@contextlib.contextmanager
def _postgresql(engine: Engine, wait: float) -> Iterator[Connection]:
    with engine.connect() as connection, connection.begin():
        until = time.monotonic() + wait
        while not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _ADVISORY_KEY}):
            if time.monotonic() > until:
                raise UpgradeError(_BUSY)
            time.sleep(0.1)
        # A long query must make the upgrade give up, not make everybody queue behind the upgrade.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text(f"SET LOCAL lock_timeout = {int(max(wait, 1.0) * 1000)}"))
        yield connection


@contextlib.contextmanager
def _sqlite(engine: Engine, wait: float, copy: bool, shape: bool) -> Iterator[Connection]:
    file = _file(engine)
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        before = raw.isolation_level
        raw.isolation_level = None
        patience = raw.execute("PRAGMA busy_timeout").fetchone()[0]
        linked = raw.execute("PRAGMA foreign_keys").fetchone()[0]
        if shape:
            raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute(f"PRAGMA busy_timeout={int(wait * 1000)}")
        try:
            with _whole(file if copy else None) as watch:
                _begin(connection, raw)
                try:
                    watch.start()
                    yield connection
                    if shape:
                        _check_links(connection, file)
                    connection.commit()
                except BaseException:
                    connection.rollback()
                    raise
        finally:
            connection.info.pop(CHECK_LINKS, None)
            raw.execute("PRAGMA legacy_alter_table=OFF")
            raw.execute(f"PRAGMA foreign_keys={linked}")
            raw.execute(f"PRAGMA busy_timeout={patience}")
            raw.isolation_level = before


def _begin(connection: Connection, raw: Any) -> None:
    try:
        connection.begin()
        if raw.in_transaction:  # the engine opened a transaction that may only read so far
            raw.execute("COMMIT")
        raw.execute("BEGIN IMMEDIATE")
    except (sqlite3.OperationalError, OperationalError) as error:
        raise UpgradeError(_BUSY) from error


def _file(engine: Engine) -> Path | None:
    name = engine.url.database
    return None if not name or name == ":memory:" or name.startswith("file:") else Path(name)


class _Watch:
    """Notices commits to a SQLite file while the upgrade holds the write lock: only the upgrade can have made them."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.copy = file.with_name(file.name + ".before-upgrade") if file is not None else None
        self.reader: sqlite3.Connection | None = None
        self.seen = 0

    def start(self) -> None:
        """Copy the file and begin to watch; call it with the write lock held."""
        if self.file is None or self.copy is None or not self.file.exists():
            return
        reader = sqlite3.connect(self.file, isolation_level=None)
        try:
            self.copy.unlink(missing_ok=True)
            with contextlib.closing(sqlite3.connect(self.copy)) as target:
                reader.backup(target)
        except (OSError, sqlite3.Error) as error:
            reader.close()
            raise UpgradeError(_("The database could not be copied to {file} before the upgrade: {reason}"),
                               file=str(self.copy), reason=str(error)) from error
        self.reader = reader
        self.seen = self._version()

    def _version(self) -> int:
        assert self.reader is not None
        return int(self.reader.execute("PRAGMA data_version").fetchone()[0])

    def restore(self) -> None:
        """Put the copy back if anything was committed since."""
        if self.reader is None or self.copy is None or self._version() == self.seen:
            return
        try:
            with contextlib.closing(sqlite3.connect(f"{self.copy.absolute().as_uri()}?mode=ro", uri=True)) as source:
                source.backup(self.reader)
        except sqlite3.Error as error:
            self.reader, copy = None, self.copy
            raise UpgradeError(_("The upgrade failed and could not be undone ({reason}). The database as it was "
                                 "before is in {file}."), reason=str(error), file=str(copy)) from error

    def close(self) -> None:
        """Stop watching and remove the copy, if it is ours: another upgrade may have made one in its turn."""
        if self.reader is not None and self.copy is not None:
            self.reader.close()
            self.copy.unlink(missing_ok=True)


@contextlib.contextmanager
def _whole(file: Path | None) -> Iterator[_Watch]:
    watch = _Watch(file)
    try:
        yield watch
    except BaseException:
        watch.restore()
        raise
    finally:
        watch.close()


def _check_links(connection: Connection, file: Path | None) -> None:
    """Refuse to commit rows that point at nothing, if there are more of them than before."""
    if not connection.info.get(CHECK_LINKS):
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if not broken:
        return
    before = 0
    if file is not None:
        with contextlib.closing(sqlite3.connect(file)) as reader:
            before = len(reader.execute("PRAGMA foreign_key_check").fetchall())
    if len(broken) > before:
        raise UpgradeError(_("The upgrade would leave {count} rows of {table} that point at nothing."),
                           count=len(broken) - before, table=str(broken[0][0]))
