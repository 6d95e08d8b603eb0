"""How other programs come in: a `Door` stands where people have a session, tokens in forms and pages about errors.

    pages = Pages("rest", prefix="/api/v1", door=ApiDoor())

The life cycle (core/web/lifecycle.py) stays the same: one transaction, one place that commits, what a view raises is
answered. The door says who acts and within which bounds, and how refusals are told; session cookies alone mean nothing there, so
that a page of another site can do nothing in somebody's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask

if TYPE_CHECKING:
    from core.env import Env
    from core.errors import SarnakhError
    from core.security.actor import Actor
    from core.web.request import Request


class Door:
    """Base of all doors; an addon overrides every method."""

    def enter(self, env: Env, request: Request) -> tuple[Actor, str]:
        """Who acts and in which language; raises `Unauthorised` or `TooMany`. The env is nobody's. `request.kept["note"]` goes into
        the history of what is written."""
        raise NotImplementedError

    def fault(self, request: Request, code: int, error: SarnakhError | None, reference: str) -> flask.Response:
        """The answer for what went wrong; `request.env` is always there, `reference` names an unexpected error in the log."""
        raise NotImplementedError

    def finish(self, request: Request, response: flask.Response) -> flask.Response:
        """The answer, with what each of them carries."""
        return response

    def options(self, request: Request, methods: tuple[str, ...]) -> flask.Response:
        """What a browser is told that asks before it sends a request of another site's script."""
        return flask.Response(b"", 204, headers={"Allow": ", ".join((*methods, "OPTIONS"))})


def door_of(doors: dict[str, Any], path: str) -> Door | None:
    """The door under whose prefix a path lies."""
    return next((door for prefix, door in doors.items() if path == prefix or path.startswith(f"{prefix}/")), None)
