"""Values that the database keeps only sealed: passwords of gateways, authenticator secrets.

The key is in the file of keys, outside the database (:mod:`core.secrets`), so whoever reads the database or a dump of it
alone has nothing. Rows carry a :class:`Sealed`, which tells nothing by itself: it shows dots, and only elevated code
opens it (`env.unseal`). After a change of keys old values stay readable with the old ones until they are sealed anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Column, Engine, Table, Text, bindparam, func, select, update
from sqlalchemy.types import TypeDecorator

from core.errors import SarnakhError
from core.i18n.messages import _
from core.records.types import BigId
from core.secrets import load_secrets

if TYPE_CHECKING:
    from core.registry.registry import Registry

DOTS = "•••"
MARK = "sealed:"
"""How every sealed text begins in the database; what does not was written before its field became a secret."""
BATCH = 500


class SealBroken(SarnakhError):
    """A sealed value cannot be opened: its key is not in the file of keys."""


class Sealed:
    """A sealed value as rows carry it. Nothing that shows, logs, exports or compares it learns what is inside."""

    __slots__ = ("token",)

    def __init__(self, token: str) -> None:
        self.token = token

    def __str__(self) -> str:
        return DOTS

    def __repr__(self) -> str:
        return "Sealed(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.token == self.token

    def __hash__(self) -> int:
        return hash(self.token)


class SealedText(TypeDecorator[Sealed]):
    """The column of a sealed value."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, dialect: Any) -> str | None:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError("this column takes sealed values only")  # a programming error: never store it in the clear
        return None if value is None else value.token

    def process_result_value(self, value: str | None, dialect: Any) -> Sealed | None:
        return None if value is None else Sealed(value)


class Vault:
    """Seals and opens with the keys of one installation's file, read again whenever the file was changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._ring: MultiFernet
        self._newest: Fernet

    def seal(self, text: str) -> Sealed:
        """A text, sealed with the newest key."""
        self._refresh()
        return Sealed(MARK + self._ring.encrypt(text.encode()).decode())

    def open(self, value: Sealed) -> str:
        """The text inside; SealBroken when none of the keys fits."""
        self._refresh()
        try:
            return self._ring.decrypt(_inner(value)).decode()
        except InvalidToken:
            raise SealBroken(_("A stored secret cannot be read: it was sealed with a key that is not in the file of keys. "
                               "Put the file of keys of that time back, or enter the secret anew.")) from None

    def is_current(self, value: Sealed) -> bool:
        """Whether the newest key opens it."""
        self._refresh()
        try:
            self._newest.decrypt(_inner(value))
        except InvalidToken:
            return False
        return True

    def reseal(self, value: Sealed) -> Sealed:
        """The same content under the newest key; what was never sealed is sealed now."""
        return self.seal(self.open(value) if value.token.startswith(MARK) else value.token)

    def _refresh(self) -> None:
        """Use the keys that the file has now: a worker must not go on sealing with a key that was retired."""
        with self._lock:
            stamp = self._look()
            if self._stamp is None or stamp not in (self._stamp, None):  # a file that is gone is no reason for new keys
                found = load_secrets(self._path)
                keys = [Fernet(_padded(key)) for key in (found.encryption_key, *found.old_encryption_keys)]
                self._newest, self._ring, self._stamp = keys[0], MultiFernet(keys), self._look()

    def _look(self) -> tuple[int, int] | None:
        try:
            facts = self._path.stat()
        except FileNotFoundError:
            return None
        return facts.st_mtime_ns, facts.st_ino


def _inner(value: Sealed) -> bytes:
    return value.token.removeprefix(MARK).encode("utf-8", "replace")


def _padded(key: str) -> str:
    """Keys are kept without the padding that the library asks for."""
    return key + "=" * (-len(key) % 4)


# ---------------------------------------------------------------- all sealed values of a database
def sealed_columns(registry: Registry) -> list[Column[Any]]:
    """Every column of the registry's tables that holds sealed values."""
    return [column for table in registry.metadata.sorted_tables for column in table.columns
            if isinstance(column.type, SealedText)]


def batches(connection: Any, column: Column[Any]) -> Iterator[list[Any]]:
    """(id, value) of all sealed values in a column, by number, in batches; locked where the database can."""
    table, last = column.table, 0
    while True:
        statement = select(table.c.id, column).where(column.is_not(None), table.c.id > last).order_by(table.c.id)
        rows = list(connection.execute(statement.limit(BATCH).with_for_update()))
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def put(connection: Any, column: Column[Any], values: dict[int, Sealed]) -> None:
    """Write sealed values over those that are there."""
    if not values:
        return
    assert isinstance(column.table, Table)
    statement = update(column.table).where(column.table.c.id == bindparam("at", type_=BigId)).values(
        {column.name: bindparam("sealed", type_=column.type)})
    connection.execute(statement, [{"at": key, "sealed": value} for key, value in values.items()])


def reseal_all(engine: Engine, registry: Registry, vault: Vault, told: Callable[[int, int], None] | None = None) -> int:
    """Seal everything with the newest key; returns how many could not be opened. Each batch is committed: stopped at any
    point, it is simply run again."""
    columns = sealed_columns(registry)
    with engine.connect() as connection:
        total = sum(connection.scalar(select(func.count(column)).select_from(column.table)) or 0 for column in columns)
    done = unreadable = 0
    for column in columns:
        with engine.connect() as connection:
            for rows in batches(connection, column):
                fresh, lost = _resealed(vault, rows)
                put(connection, column, fresh)
                connection.commit()
                done, unreadable = done + len(rows), unreadable + lost
                if told is not None:
                    told(done, total)
    return unreadable


def _resealed(vault: Vault, rows: list[Any]) -> tuple[dict[int, Sealed], int]:
    fresh: dict[int, Sealed] = {}
    lost = 0
    for key, value in rows:
        try:
            if not vault.is_current(value):
                fresh[key] = vault.reseal(value)
        except SealBroken:
            lost += 1
    return fresh, lost


def unreadable(connection: Any, registry: Registry, vault: Vault, most: int = 5000) -> int:
    """How many sealed values none of the keys opens, of the first `most` of each column."""
    lost = 0
    for column in sealed_columns(registry):
        for value in connection.execute(select(column).where(column.is_not(None)).limit(most)).scalars():
            try:
                vault.open(value)
            except SealBroken:
                lost += 1
    return lost
