"""What everything about the records of one type stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .listing import Listing
from .schema import Schema
from .transport import Transport
from .values import Record, from_json

Key = int | Record
"""A record, or its number. An update or deletion that is given the record refuses to overwrite somebody else's change."""
Names = str | Iterable[str]


class Base:
    """The records of one type: where they are, and how their rows are read."""

    def __init__(self, transport: Transport, schema: Schema, record: str) -> None:
        self._transport, self._schema, self.record = transport, schema, record
        self._path = f"/records/{record}"

    def _one(self, key: Key) -> str:
        return f"{self._path}/{number(key)}"

    def _read(self, row: Mapping[str, Any]) -> Record:
        return from_json(self.record, row, self._schema.kind)

    def _listing(self, path: str, record: str, chosen: Mapping[str, Any], page: int, limit: int | None) -> Listing:
        """The pages of a list at this path, of records of that type."""
        def fetch(after: str, size: int) -> tuple[list[Record], str]:
            found = self._transport.json("GET", path, {**chosen, "limit": size, "after": after or None})
            return [from_json(record, row, self._schema.kind) for row in found["records"]], str(found["next"] or "")

        return Listing(fetch, page, limit)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.record}>"


def number(key: Key) -> int:
    """The number of a record."""
    return key.id if isinstance(key, Record) else int(key)


def match(key: Key, version: int | None) -> dict[str, str]:
    """The header that guards against overwriting."""
    known = key.get("version") if version is None and isinstance(key, Record) else version
    return {} if known is None else {"If-Match": f'"{int(known)}"'}


def joined(names: Names) -> str | None:
    """Names separated by commas; None for none."""
    return (names if isinstance(names, str) else ",".join(names)) or None


def showing(fields: Names, expand: Names) -> dict[str, str | None]:
    """What is told of a record."""
    return {"fields": joined(fields), "expand": joined(expand)}


def choice(filter: str, search: str = "", archived: bool | None = False, deleted: bool = False) -> dict[str, str | None]:
    """Which records are meant."""
    return {"filter": filter or None, "q": search or None, "archived": {None: "all", True: "true", False: None}[archived],
            "deleted": "true" if deleted else None}
