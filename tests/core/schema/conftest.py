"""Databases for the tests of the schema: a plain SQLite file, one set up as the product does, and PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError

SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a database of our own, or a skip."""
    name = f"sarnakh_schema_{uuid.uuid4().hex[:12]}"
    admin = create_engine(SERVER + "postgres", isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        pytest.skip("PostgreSQL is not reachable")
    yield SERVER + name
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def as_in_the_product(file: Path) -> Engine:
    """A SQLite engine that begins its transactions itself and enforces links."""
    engine = create_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode = WAL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@pytest.fixture(params=["sqlite", "product", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on an empty database, once for each kind."""
    if request.param == "postgresql":
        made = create_engine(request.getfixturevalue("postgresql"))
        with made.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    elif request.param == "product":
        made = as_in_the_product(tmp_path / "data.sqlite3")
    else:
        made = create_engine(f"sqlite:///{tmp_path / 'data.sqlite3'}")
    yield made
    made.dispose()
