"""Connections: one engine per installation, set up alike for both databases.

SQLite runs in WAL mode; a transaction that will write takes its lock at the start (BEGIN IMMEDIATE), because a lock
that is asked for later fails at once instead of waiting.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event

from core.expressions import register_sqlite_functions
from core.settings import Settings

WAIT_SECONDS = 15


def make_engine(settings: Settings) -> Engine:
    """The engine for the settings' database."""
    if settings.is_sqlite:
        return _sqlite(settings)
    engine = create_engine(settings.database.url, pool_size=settings.database.pool_size, max_overflow=10,
                           pool_pre_ping=True, query_cache_size=1200)
    milliseconds = settings.database.statement_timeout * 1000

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'UTC'")
            cursor.execute(f"SET statement_timeout = {int(milliseconds)}")
        connection.commit()

    return engine


def _sqlite(settings: Settings) -> Engine:
    engine = create_engine(settings.database.url, connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False},
                           pool_size=settings.database.pool_size, max_overflow=20, query_cache_size=1200)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", f"busy_timeout = {WAIT_SECONDS * 1000}",
                       "cache_size = -32000", "temp_store = MEMORY"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        register_sqlite_functions(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        write = connection.get_execution_options().get("sarnakh_write", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine
