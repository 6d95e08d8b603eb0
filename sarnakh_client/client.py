"""An installation of Sarnakh, over its REST interface."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

from .auth import Auth, Token
from .base import Names, joined
from .records import Records
from .schema import Schema
from .transport import Retry, Transport
from .values import Link


class Sarnakh:
    """One installation, acting as the owner of a token.

        crm = Sarnakh("https://crm.example.com", "snk_…")
        for lead in crm["leads.lead"].list('rating == "hot"', sort="-created_at"):
            print(lead["name"], lead["owner"])

    `auth` is a token's text, or :class:`ClientCredentials` or :class:`RefreshToken`. `language` is that of messages and labels
    (`fa`, `en`, `tr`; the user's own by default). May be shared by threads.
    """

    def __init__(self, address: str, auth: str | Auth, *, language: str = "", timeout: float = 30.0, retry: Retry | None = None,
                 allow_http: bool = False, session: requests.Session | None = None) -> None:
        self.transport = Transport(address, Token(auth) if isinstance(auth, str) else auth, language=language, timeout=timeout,
                                   retry=retry, allow_http=allow_http, session=session)
        self.schema = Schema(self.transport)
        self._records: dict[str, Records] = {}

    def __getitem__(self, record: str) -> Records:
        """The records of a type, such as `leads.lead`, custom types included."""
        if record not in self._records:
            self._records[record] = Records(self.transport, self.schema, record)
        return self._records[record]

    def me(self) -> dict[str, Any]:
        """Who the key acts as, and its scopes."""
        return dict(self.transport.json("GET", ""))

    def types(self) -> list[dict[str, Any]]:
        """The record types that the key may see."""
        return self.schema.types()

    def search(self, words: str, types: Names = (), limit: int = 10) -> list[Link]:
        """The newest records of each type that hold every word."""
        found = self.transport.json("GET", "/search", {"q": words, "types": joined(types), "limit": limit})["results"]
        return [Link(int(one["id"]), str(one["record"]), one["label"]) for one in found]

    def download(self, file: int | Link, to: Path | None = None) -> bytes:
        """A file's content; also written to a path."""
        content = self.transport.send("GET", f"/files/{file.id if isinstance(file, Link) else file}/content").content
        if to is not None:
            to.write_bytes(content)
        return content

    def undo(self, batch: str) -> dict[str, Any]:
        """Take back what an action or a bulk request did, as far as nobody touched it since."""
        return dict(self.transport.json("POST", "/undo", body={"batch": batch}))

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document of this installation, as the key sees it."""
        return dict(self.transport.json("GET", "/openapi.json"))

    def close(self) -> None:
        """Close the connections that are kept open."""
        self.transport.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Sarnakh {self.transport.address}>"
