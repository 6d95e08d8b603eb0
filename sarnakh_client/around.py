"""What is around a record: what it holds, its history, notes and files, what may be done with it, who shares it."""

from __future__ import annotations

import datetime as dt
import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .base import Base, Key, Names, choice, joined, number, showing
from .listing import Listing
from .values import Record, from_json, to_json, values_out

NOTE, FILE = "base.note", "base.file"
HISTORY_PAGE = 100


class Around(Base):
    """The part of :class:`Records` that is about what a record is tied to."""

    # ------------------------------------------------------------ what it holds
    def related(self, key: Key, field: str, filter: str = "", *, fields: Names = (), sort: Names = (), page: int = 200,
                limit: int | None = None) -> Listing:
        """The records that a field holds: children such as lines, or those tied many-to-many."""
        target = str(self._schema.fields(self.record)[field]["target"])
        chosen = {**choice(filter), **showing(fields, ()), "sort": joined(sort)}
        return self._listing(f"{self._one(key)}/links/{field}", target, chosen, page, limit)

    def relate(self, key: Key, field: str, other: Key) -> None:
        """Tie another record to this one; a child is moved here from where it was."""
        self._transport.json("PUT", f"{self._one(key)}/links/{field}/{number(other)}", body={})

    def unrelate(self, key: Key, field: str, other: Key) -> None:
        """Untie a record from this one."""
        self._transport.json("DELETE", f"{self._one(key)}/links/{field}/{number(other)}")

    # ------------------------------------------------------------ what happened and was written
    def history(self, key: Key) -> Iterator[dict[str, Any]]:
        """The entries of a record's history, newest first: `at`, `actor`, `action`, and `changes` with `field`, `old` and `new`."""
        before: int | None = None
        while True:
            found = self._transport.json("GET", f"{self._one(key)}/history", {"limit": HISTORY_PAGE, "before": before})
            for entry in found["entries"]:
                yield {**entry, "at": dt.datetime.fromisoformat(entry["at"])}
            before = found["next"]
            if before is None:
                return

    def notes(self, key: Key, *, limit: int | None = None) -> Listing:
        """The notes on a record."""
        return self._listing(f"{self._one(key)}/notes", NOTE, {}, 200, limit)

    def note(self, key: Key, body: str, **values: Any) -> int:
        """Write a note on a record; returns its number."""
        return int(self._transport.json("POST", f"{self._one(key)}/notes", body=values_out({"body": body, **values}))["id"])

    # ------------------------------------------------------------ files
    def files(self, key: Key, *, limit: int | None = None) -> Listing:
        """The files on a record."""
        return self._listing(f"{self._one(key)}/files", FILE, {}, 200, limit)

    def attach(self, key: Key, content: bytes | Path, name: str = "", *, field: str = "") -> Record:
        """Keep a file on a record; with `field` also in that field of the record."""
        body = content if isinstance(content, bytes) else content.read_bytes()
        name = name or (content.name if isinstance(content, Path) else "")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        answer = self._transport.send("POST", f"{self._one(key)}/files", {"name": name, "field": field or None}, data=body,
                                      headers={"Content-Type": kind})
        return from_json(FILE, answer.json(), self._schema.kind)

    # ------------------------------------------------------------ actions
    def actions(self) -> list[dict[str, Any]]:
        """What may be done with these records, and which values each action takes."""
        return list(self._transport.json("GET", f"{self._path}/actions")["actions"])

    def run(self, action: str, *keys: Key, **values: Any) -> dict[str, Any]:
        """Run an action on records, such as `leads.run("convert", lead)`; returns its `result`, `message` and `batch`, with which
        it can be undone."""
        sent = values_out(values)
        if len(keys) == 1:
            return dict(self._transport.json("POST", f"{self._one(keys[0])}/actions/{action}", body=sent))
        return dict(self._transport.json("POST", f"{self._path}/actions/{action}", body={"ids": [number(key) for key in keys], **sent}))

    # ------------------------------------------------------------ sharing
    def shares(self, key: Key) -> list[dict[str, Any]]:
        """With whom a record is shared."""
        return list(self._transport.json("GET", f"{self._one(key)}/shares")["shares"])

    def share(self, key: Key, principal: str, access: str = "read", expires_at: dt.datetime | None = None) -> None:
        """Share a record with `user:5`, `role:3`, `below:3` or `team:2`, for reading or to `write`."""
        sent: Mapping[str, Any] = {"access": access, **({"expires_at": to_json(expires_at)} if expires_at else {})}
        self._transport.json("PUT", f"{self._one(key)}/shares/{principal}", body=sent)

    def unshare(self, key: Key, principal: str) -> None:
        """Stop sharing a record."""
        self._transport.json("DELETE", f"{self._one(key)}/shares/{principal}")
