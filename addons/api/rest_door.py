"""The door of the API: tokens instead of sessions, problem+json instead of pages, limits told in headers."""

from __future__ import annotations

from typing import Any

from core.api import Actor, Env, SarnakhError, _
from core.web_api import Door, Request, Response, TooMany, Unauthorised

from .rest_auth import authenticate
from .rest_problems import problem
from .tokens_scopes import bounds

FAILURES = 60
"""Requests a minute with no good token that one address may make."""
SECONDS = 60
HEADERS = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Accept-Language, Prefer"
SHOWN = ("ETag, Location, Link, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, RateLimit-Policy, "
         "Idempotent-Replayed")


class ApiDoor(Door):
    """See the module's text."""

    def enter(self, env: Env, request: Request) -> tuple[Actor, str]:
        """The user that a token acts as, within its scopes; the language that the caller asks for, else the user's."""
        gate = request.site.gate
        limit = gate.programs
        try:
            caller = authenticate(env, request)
        except Unauthorised:
            self._take(request, gate.take(f"api stranger {request.ip}", FAILURES if limit else 0))
            raise
        self._take(request, gate.take(f"api {caller.key}", limit))
        actor = env.installation.load_actor(caller.user_id)
        if actor.id is None:
            raise Unauthorised(_("The user that this token acts as is switched off."))
        if actor.profile.id is None and not actor.is_super:
            raise Unauthorised(_("The user that this token acts as has no profile."))
        request.kept |= {"caller": caller, "note": f"API: {caller.name or caller.key}"[:200]}
        return env.installation.bounded(actor, bounds(env, caller.scopes)), language(env, request) or actor.lang

    @staticmethod
    def _take(request: Request, taken: Any) -> None:
        request.kept["taken"] = taken
        if not taken.lets_in:
            raise TooMany(_("Too many requests. Wait as long as Retry-After says."), seconds=taken.reset)

    def fault(self, request: Request, code: int, error: SarnakhError | None, reference: str) -> Response:
        """What went wrong, as problem+json."""
        lang = language(request.env, request)
        return problem(request.env.speaking(lang) if lang else request.env, request, code, error, reference)

    def finish(self, request: Request, response: Response) -> Response:
        """Limits, language and, for other sites that the settings name, permission to read the answer."""
        headers = response.headers
        taken = request.kept.get("taken")
        if taken is not None and taken.limit:
            headers["RateLimit-Policy"] = f"{taken.limit};w={SECONDS}"
            headers["RateLimit-Limit"] = str(taken.limit)
            headers["RateLimit-Remaining"] = str(taken.remaining)
            headers["RateLimit-Reset"] = str(taken.reset)
        headers["Vary"] = "Authorization, Accept-Language, Prefer, Origin"
        headers.setdefault("Cache-Control", "private, no-cache")
        if request.env is not None:
            headers.setdefault("Content-Language", request.env.lang)
        self._allow(request, response)
        return response

    def options(self, request: Request, methods: tuple[str, ...]) -> Response:
        """Which methods and headers scripts of other sites may use, where the settings let them."""
        response = super().options(request, methods)
        if self._origin(request):
            response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
            response.headers["Access-Control-Allow-Headers"] = HEADERS
            response.headers["Access-Control-Max-Age"] = "600"
        return response

    @staticmethod
    def _origin(request: Request) -> str:
        """The caller's site when it is allowed; tokens come in a header, so cookies are never asked for."""
        origin, allowed = request.raw.headers.get("Origin", ""), request.site.installation.settings.web.cors_origins
        if "*" in allowed:
            return "*"
        return origin if origin and origin in allowed else ""

    def _allow(self, request: Request, response: Response) -> None:
        origin = self._origin(request)
        if origin:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = SHOWN


def language(env: Env, request: Request) -> str:
    """The best of the languages that the request asks for; "" when it asks for none that is known."""
    accepted, known = request.raw.accept_languages, env.installation.catalogs.languages()
    return accepted.best_match(known) or "" if request.raw.headers.get("Accept-Language") else ""
