"""What can go wrong, by class: the server's problem documents (RFC 9457) as exceptions, and what never reached a server."""

from __future__ import annotations

from typing import Any


class SarnakhError(Exception):
    """The ancestor of everything this package raises on purpose."""


class Unreachable(SarnakhError):
    """No answer came, after all tries; the cause is `__cause__`."""


class BadAnswer(SarnakhError):
    """The answer is none of this interface: another program listens there, or a proxy stands between."""


class SignatureInvalid(SarnakhError):
    """A webhook that does not prove where it comes from."""


class Problem(SarnakhError):
    """The server said no. `status`, `title` and `detail` are its words in your language; `body` is the whole document."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status = status
        self.body = body
        self.title = str(body.get("title") or f"HTTP {status}")
        self.detail = str(body.get("detail") or "")
        super().__init__(f"{self.title}: {self.detail}" if self.detail and self.detail != self.title else self.title)

    @property
    def kind(self) -> str:
        """The last part of the problem's type, such as `conflict`."""
        return str(self.body.get("type") or "").rsplit("/", 1)[-1].rsplit(":", 1)[-1]


class BadRequest(Problem):
    """400: a parameter that cannot be read, such as a filter with a typing error."""


class Unauthorised(Problem):
    """401: no key, or one that is unknown, expired or revoked."""


class Forbidden(Problem):
    """403: the key's person or scopes do not allow this."""


class NotFound(Problem):
    """404: there is no such thing, or it is hidden from you."""


class Invalid(Problem):
    """422: values that are refused; `fields` has the reasons by field name."""

    @property
    def fields(self) -> dict[str, list[str]]:
        """The reasons, by field; those of the whole record are under an empty name."""
        found: dict[str, list[str]] = {}
        for entry in self.body.get("errors") or ():
            found.setdefault(str(entry.get("field") or ""), []).append(str(entry.get("message") or ""))
        return found


class Conflict(Problem):
    """409: the record changed since it was read. `difference` has all sides by field."""

    @property
    def difference(self) -> dict[str, dict[str, Any]]:
        """By field: `before` (in the version you knew), `current`, and `yours` where you sent a value."""
        return {str(one["field"]): {side: one[side] for side in ("before", "current", "yours") if side in one}
                for one in self.body.get("difference") or ()}

    @property
    def version(self) -> int | None:
        """The version that stands now."""
        found = self.body.get("version")
        return None if found is None else int(found)


class TooMany(Problem):
    """429: over the published limit, still after waiting; `retry_after` in seconds, where the server said."""

    retry_after: float | None = None


class ServerFault(Problem):
    """5xx: a fault of the server, still after all tries."""


BY_STATUS: dict[int, type[Problem]] = {400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound, 409: Conflict,
                                       412: Conflict, 422: Invalid, 429: TooMany}


def problem(status: int, body: dict[str, Any]) -> Problem:
    """The exception that fits an answer."""
    return BY_STATUS.get(status, ServerFault if status >= 500 else Problem)(status, body)
