"""Who calls: a list of verifiers looks at the bearer token of a request, the first that knows it answers.

    from addons.api.rest_auth import verifiers
    verifiers.append(my_verifier)                       # (env, request, token) -> Caller | None, or raises `refused(...)`
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.api import Env, _
from core.web_api import Request, Unauthorised

from .tokens_scopes import ADMIN, WRITE_ALL


@dataclass(frozen=True)
class Caller:
    """As whom a program acts, what it was given of that user's rights, the name under which its requests are counted, and what
    people call it: history says by whom something was written."""

    user_id: int
    scopes: frozenset[str]
    key: str
    name: str = ""


Verifier = Callable[[Env, Request, str], Caller | None]
verifiers: list[Verifier] = []
"""Asked in order; see the module's text. The env is nobody's: elevate it to look something up."""
LONGEST = 4096
EVERYTHING = frozenset({WRITE_ALL, ADMIN})
"""The scopes of people themselves: they may do what they may do."""


def refused(message: str) -> Unauthorised:
    """The refusal of a token that a verifier knows but that is not good."""
    return Unauthorised(message)


def authenticate(env: Env, request: Request) -> Caller:
    """Who calls; `Unauthorised` without a token, or with one that nobody knows. A session cookie by itself counts for nothing: the
    console in the product sends the token of its forms along."""
    if "Authorization" not in request.raw.headers:
        session = request.session_of_script(env)
        if session is not None:
            return Caller(session.user_id, EVERYTHING, f"person {session.user_id}", "console")
    kind, _space, token = request.raw.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if kind.lower() != "bearer" or not token or len(token) > LONGEST or not token.isascii():
        raise Unauthorised(_("Send a token: “Authorization: Bearer …”."))
    for verifier in verifiers:
        found = verifier(env, request, token)
        if found is not None:
            return found
    raise refused(_("This token is unknown, was revoked, or has run out."))
