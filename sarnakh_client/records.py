"""The records of one type: `crm["leads.lead"]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .listing import Listing
from .schema import Schema
from .transport import Transport
from .values import Record, from_json, values_out

Key = int | Record
"""A record, or its number. An update or deletion that is given the record refuses to overwrite somebody else's change."""
Names = str | Iterable[str]


class Records:
    """Everything that is done with records of one type."""

    def __init__(self, transport: Transport, schema: Schema, record: str) -> None:
        self._transport, self._schema, self.record = transport, schema, record
        self._path = f"/records/{record}"

    # ------------------------------------------------------------ reading
    def list(self, filter: str = "", *, fields: Names = (), expand: Names = (), sort: Names = (), search: str = "",
             archived: bool | None = False, deleted: bool = False, page: int = 200, limit: int | None = None) -> Listing:
        """Records that a filter holds for, such as `rating == "hot" and created_at >= today() - 30`. Without `fields` all that
        are stored with the record; `expand` brings the records that links lead to along; `sort` takes names, `-` for downwards;
        `archived` None for all."""
        chosen = {**self._choice(filter, search, archived, deleted), **showing(fields, expand), "sort": joined(sort)}

        def fetch(after: str, size: int) -> tuple[list[Record], str]:
            found = self._transport.json("GET", self._path, {**chosen, "limit": size, "after": after or None})
            return [self._read(row) for row in found["records"]], str(found["next"] or "")

        return Listing(fetch, page, limit)

    def get(self, key: Key, *, fields: Names = (), expand: Names = ()) -> Record:
        """One record; :class:`NotFound` when there is none or it is hidden from you."""
        return self._read(self._transport.json("GET", self._one(key), showing(fields, expand)))

    def count(self, filter: str = "", *, search: str = "", archived: bool | None = False, deleted: bool = False) -> int:
        """How many records there are."""
        return int(self._transport.json("GET", f"{self._path}/count", self._choice(filter, search, archived, deleted))["count"])

    def metadata(self) -> dict[str, Any]:
        """The type with its labels and fields."""
        return self._schema.type(self.record)

    # ------------------------------------------------------------ writing
    def create(self, values: Mapping[str, Any] | None = None, /, *, fields: Names = (), expand: Names = (), key: str = "",
               **more: Any) -> Record:
        """A new record. `key` names this creation for ever: a program that is started again after a crash and creates with the
        same key is given the record that is there."""
        sent = values_out({**(values or {}), **more})
        return self._read(self._transport.json("POST", self._path, showing(fields, expand), sent, key=key))

    def update(self, key: Key, values: Mapping[str, Any] | None = None, /, *, version: int | None = None, fields: Names = (),
               expand: Names = (), **more: Any) -> Record:
        """Change fields of a record. Given the record itself (or `version`), :class:`Conflict` with the difference when somebody
        changed it meanwhile; given its number, the last one wins."""
        sent = values_out({**(values or {}), **more})
        return self._read(self._transport.json("PATCH", self._one(key), showing(fields, expand), sent, headers=match(key, version)))

    def delete(self, key: Key, *, version: int | None = None) -> None:
        """Put a record into the recycle bin."""
        self._transport.json("DELETE", self._one(key), headers=match(key, version))

    def restore(self, key: Key) -> Record:
        """Bring a record back from the recycle bin."""
        return self._read(self._transport.json("POST", f"{self._one(key)}/restore", body={}))

    def archive(self, key: Key, archived: bool = True) -> Record:
        """Take a record out of the lists, or put it back into them."""
        return self._read(self._transport.json("POST" if archived else "DELETE", f"{self._one(key)}/archive", body={}))

    # ------------------------------------------------------------ inside
    def _one(self, key: Key) -> str:
        return f"{self._path}/{number(key)}"

    def _read(self, row: Mapping[str, Any]) -> Record:
        return from_json(self.record, row, self._schema.kind)

    def _choice(self, filter: str, search: str, archived: bool | None, deleted: bool) -> dict[str, Any]:
        return {"filter": filter or None, "q": search or None, "archived": {None: "all", True: "true", False: None}[archived],
                "deleted": "true" if deleted else None}

    def __repr__(self) -> str:
        return f"<Records {self.record}>"


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
