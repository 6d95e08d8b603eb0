"""The records of one type: `crm["leads.lead"]`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from . import bulk
from .around import Around
from .base import Key, Names, choice, joined, match, showing
from .listing import Listing
from .values import Group, Record, group_of, to_json, values_out

MOST_GROUPS = 1000


class Records(Around):
    """Everything that is done with records of one type."""

    # ------------------------------------------------------------ reading
    def list(self, filter: str = "", *, fields: Names = (), expand: Names = (), sort: Names = (), search: str = "",
             archived: bool | None = False, deleted: bool = False, page: int = 200, limit: int | None = None) -> Listing:
        """Records that a filter holds for, such as `rating == "hot" and created_at >= today() - 30`. Without `fields` all that
        are stored with the record; `expand` brings along what links lead to and the first 100 records that fields of children hold;
        `sort` takes names, `-` for downwards; `archived` None for all."""
        chosen = {**choice(filter, search, archived, deleted), **showing(fields, expand), "sort": joined(sort)}
        return self._listing(self._path, self.record, chosen, page, limit)

    def get(self, key: Key, *, fields: Names = (), expand: Names = ()) -> Record:
        """One record; :class:`NotFound` when there is none or it is hidden from you."""
        return self._read(self._transport.json("GET", self._one(key), showing(fields, expand)))

    def count(self, filter: str = "", *, search: str = "", archived: bool | None = False, deleted: bool = False) -> int:
        """How many records there are."""
        return int(self._transport.json("GET", f"{self._path}/count", choice(filter, search, archived, deleted))["count"])

    def aggregate(self, group: Names = (), sum: Names = (), filter: str = "", *, search: str = "",
                  archived: bool | None = False) -> Iterator[Group]:
        """Counts and sums by up to three fields; of all records together without `group`."""
        asked = {**choice(filter, search, archived), "group": joined(group), "sum": joined(sum), "limit": MOST_GROUPS}
        for row in self._transport.json("GET", f"{self._path}/aggregate", asked)["groups"]:
            yield group_of(self.record, row, self._schema.kind)

    def metadata(self) -> dict[str, Any]:
        """The type with its labels and fields."""
        return self._schema.type(self.record)

    # ------------------------------------------------------------ writing
    def create(self, values: Mapping[str, Any] | None = None, /, *, fields: Names = (), expand: Names = (), key: str = "",
               **more: Any) -> Record:
        """A new record. `key` names this creation: a program that is started again within a day and creates the same with the
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
        path = f"{self._one(key)}/archive"
        return self._read(self._transport.json("POST", path, body={}) if archived else self._transport.json("DELETE", path))

    # ------------------------------------------------------------ by keys of their own
    def by(self, key: str, value: Any, *, fields: Names = (), expand: Names = ()) -> Record:
        """The record with a key: a unique field (`email`), or what another program calls it (`external:erp`)."""
        return self._read(self._transport.json("GET", self._by(key, value), showing(fields, expand)))

    def upsert(self, by: str, value: Any, values: Mapping[str, Any] | None = None, /, *, fields: Names = (), expand: Names = (),
               **more: Any) -> Record:
        """Change the record with a key, or create it: `crm["leads.lead"].upsert("external:erp", "K-17", last_name="Karimi")`."""
        sent = values_out({**(values or {}), **more})
        return self._read(self._transport.json("PUT", self._by(by, value), showing(fields, expand), sent))

    # ------------------------------------------------------------ many at once
    def bulk(self, operation: bulk.Operation, rows: Iterable[Mapping[str, Any] | int], *, mode: bulk.Mode = "all",
             key: str = "") -> bulk.Results:
        """Create, update (rows with `id`), upsert (by `key`), delete or restore many records. Mode `all`: up to 1,000 rows, done as
        a whole or refused as a whole (:class:`Invalid`). Mode `each`: any number of rows, what can be done is done, and the
        results tell what was refused and why."""
        return bulk.Results(bulk.send(self._transport, self.record, operation, rows, mode, key))

    def _by(self, key: str, value: Any) -> str:
        return f"{self._path}/by/{quote(key, safe='')}/{quote(str(to_json(value)), safe='')}"
