"""What the installation says about its record types; asked once for each type and kept."""

from __future__ import annotations

import threading
from typing import Any

from .transport import Transport


class Schema:
    """The types and fields that your key may see. :meth:`forget` after somebody customised the CRM."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._known: dict[str, dict[str, Any]] = {}
        self._fields: dict[str, dict[str, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def types(self) -> list[dict[str, Any]]:
        """All record types with their labels."""
        return list(self._transport.json("GET", "/types")["types"])

    def type(self, record: str) -> dict[str, Any]:
        """One record type with its fields."""
        with self._lock:
            if record not in self._known:
                found = self._transport.json("GET", f"/types/{record}")
                self._fields[record] = {field["name"]: field for field in found["fields"]}
                self._known[record] = found
            return self._known[record]

    def fields(self, record: str) -> dict[str, dict[str, Any]]:
        """The fields of a type, by name."""
        self.type(record)
        return self._fields[record]

    def kind(self, record: str, path: str) -> str:
        """The type of a field's values; a path leads over links, as `account.created_at`."""
        name, _dot, rest = path.partition(".")
        field = self.fields(record).get(name)
        if field is None:
            return ""
        if rest:
            return self.kind(str(field["target"]), rest) if field.get("target") else ""
        return str(field["values"])

    def forget(self) -> None:
        """Ask again from now on."""
        with self._lock:
            self._known.clear()
            self._fields.clear()
