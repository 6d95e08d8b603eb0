"""What went wrong, as problem+json (RFC 9457): a kind to program against, words to read, and never how the inside looks."""

from __future__ import annotations

import json
from typing import Any

from core.api import AccessDenied, Conflict, Env, ExpressionError, SarnakhError, ValidationFailed, _
from core.web_api import Request, Response, TooMany

TYPE = "application/problem+json"
KINDS: dict[int, tuple[str, str]] = {
    400: ("bad-request", _("This request could not be understood")), 401: ("unauthorised", _("Send a good token")),
    403: ("forbidden", _("You may not do this")), 404: ("not-found", _("There is nothing here")),
    405: ("method-not-allowed", _("This address is not for that")), 409: ("conflict", _("Somebody else was faster")),
    413: ("too-large", _("This is too large")), 415: ("unsupported-media-type", _("Send JSON")),
    422: ("invalid", _("This was refused")), 429: ("too-many-requests", _("Too many requests")),
    500: ("internal", _("Something went wrong")), 503: ("busy", _("The server is busy"))}


class Changed(Conflict):
    """The record has another version; `further` tells what is different."""

    def __init__(self, further: dict[str, Any]) -> None:
        super().__init__()
        self.further = further


class BadParameter(ExpressionError):
    """A parameter of the address that means nothing."""

    def __init__(self, name: str, message: str, position: int = 0) -> None:
        super().__init__(message, position)
        self.name = name


class Unsupported(SarnakhError):
    """A body that is not JSON (HTTP 415 is told by the kind)."""


def described(env: Env, code: int, error: SarnakhError | None = None, reference: str = "") -> dict[str, Any]:
    """A problem as plain values; also what is told of one row of a bulk request."""
    kind, title = KINDS.get(code) or KINDS[400 if code < 500 else 500]
    found: dict[str, Any] = {"type": f"/api/problems/{kind}", "title": env.t(title), "status": code}
    if error is not None:
        found["detail"] = env.t(error.message)
    if reference:
        found["reference"] = reference
    if isinstance(error, ValidationFailed):
        found["errors"] = [{"field": e.field, "message": env.t(e.message), **({} if e.index is None else {"row": e.index})}
                           for e in error.errors[:1000]]
        if len(error.errors) > 1:
            found["detail"] = " ".join(dict.fromkeys(env.t(e.message) for e in error.errors[:10]))
    elif isinstance(error, Changed):
        found |= error.further
    elif isinstance(error, BadParameter):
        found |= {"parameter": error.name, "position": error.position}
    return found


def problem(env: Env, request: Request, code: int, error: SarnakhError | None = None, reference: str = "") -> Response:
    """The answer for a problem."""
    if isinstance(error, Unsupported):
        code = 415
    body = described(env, code, error, reference) | {"instance": request.path[:500]}
    if isinstance(error, ExpressionError) and "parameter" not in body and request.arg("filter"):
        body |= {"parameter": "filter", "position": error.position}
    response = Response(json.dumps(body, ensure_ascii=False), body["status"], content_type=TYPE)
    if code == 401:
        known = request.raw.headers.get("Authorization")
        response.headers["WWW-Authenticate"] = 'Bearer realm="Sarnakh"' + (', error="invalid_token"' if known else "")
    elif isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.seconds)
    elif code == 503:
        response.headers["Retry-After"] = "1"
    elif isinstance(error, AccessDenied) and env.actor.bounds is not None:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Sarnakh", error="insufficient_scope"'
    return response
