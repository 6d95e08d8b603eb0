"""The life of a request, the same for every page, and the only place that commits.

    checks of the request itself  ->  CSRF  ->  transaction: session -> actor -> env -> area -> view  ->  commit
                                                                        |
                                                    what a view raises becomes a page

The request is read whole before the transaction begins, so that a slow upload holds no lock. A process that learns from
the change counters that addons changed raises `Stale`, and the host gives the request to a freshly built application.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import flask
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from core.env import Env
from core.errors import (
    AccessDenied,
    Conflict,
    DefinitionError,
    ExpressionError,
    NotFound,
    SarnakhError,
    ValidationFailed,
)
from core.i18n.messages import _
from core.security import sessions
from core.security.actor import ANONYMOUS, Actor
from core.web import csrf, fault_pages
from core.web.headers import secure
from core.web.pages import Route
from core.web.request import (
    LANG_COOKIE,
    MOST_FIELDS,
    SESSION_COOKIE,
    VISITOR_COOKIE,
    BadRequest,
    Request,
    Response,
    TooMany,
    Unauthorised,
)

if TYPE_CHECKING:
    from core.web.app import Site

READING = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_QUERY = 16_000
BIGGEST = 2**62
"""No record has a larger number, and no database takes one."""


class Stale(Exception):
    """This application belongs to an older registry than the database's."""


class Refused(Exception):
    """Carries an answer out of the transaction, so that it is rolled back."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__()


STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotFound, 404), (AccessDenied, 403), (BadRequest, 400), (Unauthorised, 401), (TooMany, 429), (Conflict, 409), (ValidationFailed, 422),
    (ExpressionError, 400), (DefinitionError, 404), (SarnakhError, 422), (IntegrityError, 409), (OperationalError, 503))


def run(site: Site, route: Route, arguments: dict[str, Any]) -> Response:
    """Answer one request to a route; never raises but for `Stale`."""
    raw = flask.request
    cookie = raw.cookies.get(SESSION_COOKIE, "")
    visitor = raw.cookies.get(VISITOR_COOKIE, "")
    request = Request(site, raw, route, cookie or visitor)
    try:
        if route.door is not None and raw.method == "OPTIONS":
            return _finish(site, request, route.door.options(request, route.methods), new_visitor=False)
        _check_request(request, arguments)
        response = _in_transaction(site, request, arguments, cookie)
    except Stale:
        raise
    except Refused as refused:
        response = refused.response
    except Exception as error:  # noqa: BLE001 - whatever a view raises, people get a page without internals
        response = _answer_error(site, request, error)
    return _finish(site, request, response, new_visitor=not (cookie or visitor or route.door))


def run_error(site: Site, route: Route, code: int) -> Response:
    """Answer a request that no route takes."""
    raw = flask.request
    request = Request(site, raw, route, raw.cookies.get(SESSION_COOKIE, ""))
    return _finish(site, request, _fault(site, request, code), new_visitor=False)


def _check_request(request: Request, arguments: dict[str, Any]) -> None:
    raw = request.raw
    if len(raw.query_string) > MOST_QUERY:
        raise BadRequest(_("The address is too long."))
    raw.max_content_length = _limit(request)
    raw.max_form_parts = MOST_FIELDS
    texts = [raw.path, *(t for pair in raw.args.items(multi=True) for t in pair), *map(str, arguments.values())]
    if raw.method not in READING:
        texts.extend(t or "" for pair in raw.form.items(multi=True) for t in pair)  # a part of a form may have no name
    if any(isinstance(number, int) and number > BIGGEST for number in arguments.values()):
        raise NotFound
    if any("\x00" in text or _has_lone_surrogate(text) for text in texts):
        raise BadRequest(_("The request holds characters that no text has."))
    if not request.cookie:
        request.cookie = uuid.uuid4().hex
    if raw.method not in READING and request.route.csrf and request.route.door is None and not _is_genuine(request):
        raise BadRequest(_("This form was open too long, or came from elsewhere. Reload the page and send it again."))


def _limit(request: Request) -> int:
    return request.route.max_bytes or (request.site.installation.settings.security.max_upload_mb + 1) << 20


def _has_lone_surrogate(text: str) -> bool:
    return any(0xD800 <= ord(c) <= 0xDFFF for c in text) if not text.isascii() else False


def _is_genuine(request: Request) -> bool:
    token = request.raw.headers.get(csrf.HEADER, "") or request.raw.form.get(csrf.FIELD, "")
    return csrf.is_valid(request.site.installation.secrets.session_key, request.cookie, token)


def _in_transaction(site: Site, request: Request, arguments: dict[str, Any], cookie: str) -> Response:
    writes = request.method not in READING or request.route.writes
    installation = site.installation
    with installation.env(ANONYMOUS, write=writes) as outer:
        counters = installation.refresh(outer.connection)
        if installation.registry is not site.registry:
            raise Stale
        outer.learn(counters)
        env = _enter(site, request, outer, cookie)
        env.learn(counters)
        response = _answer(site, request, env, arguments)
        response = request.finish(response)
        if response.status_code >= 400 and not request.keeps:
            raise Refused(response)
    return response


def _enter(site: Site, request: Request, outer: Env, cookie: str) -> Env:
    """The env of whoever has this session, or of whom the route's door lets in."""
    door = request.route.door
    if door is not None:
        known, lang = door.enter(outer, request)
        env = _env(site, request, outer, known, lang)
        env.note = request.kept.get("note", "")
        return env
    found = sessions.find(outer.connection, cookie, outer.now) if cookie else None
    actor = ANONYMOUS
    if found is not None and found.stage == "":
        actor = site.installation.load_actor(found.user_id)
    if found is not None and (found.stage == request.route.stage or actor is not ANONYMOUS):
        request.session = found
    lang = actor.lang if actor is not ANONYMOUS else visitor_language(site, request.raw)
    return _env(site, request, outer, site.visitor(lang) if actor is ANONYMOUS else actor, lang)


def _env(site: Site, request: Request, outer: Env, known: Actor, lang: str) -> Env:
    env = Env(site.installation, outer.connection, site.registry, known, lang=lang)
    env.queued, env.on_commit = outer.queued, outer.on_commit
    request.env = env
    return env


def visitor_language(site: Site, raw: flask.Request) -> str:
    """The language of somebody who is not signed in: that of the address (`/<lang>/...`), asked for, remembered, the
    browser's, the installation's."""
    known = site.installation.catalogs.languages()
    for wanted in ((raw.view_args or {}).get("lang", ""), raw.args.get("lang", ""), raw.cookies.get(LANG_COOKIE, "")):
        if wanted in known:
            return wanted
    default = site.installation.settings.locale.default_language
    return raw.accept_languages.best_match(known, default) if raw.headers.get("Accept-Language") else default


def _answer(site: Site, request: Request, env: Env, arguments: dict[str, Any]) -> Response:
    route = request.route
    signed_in = env.actor.id is not None
    staged = route.stage != "" and request.session is not None and request.session.stage == route.stage
    if not (signed_in or route.public or staged or route.door):
        return fault_pages.ask_to_sign_in(request)
    if route.door is None and not site.gate.lets_in(f"user {env.actor.id}" if signed_in else f"address {request.ip}"):
        raise TooMany(_("Wait a minute and try again."))
    if route.area and not env.access.area(route.area):
        raise AccessDenied(_("This part of the administration is not open to you."))
    try:
        answer: Response = route.view(env, request, **arguments)
        return answer
    except (HTTPException, SarnakhError, OperationalError, IntegrityError) as error:
        env.connection.rollback()
        raise Refused(request.finish(_answer_error(site, request, error))) from error


def _answer_error(site: Site, request: Request, error: Exception) -> Response:
    """The page for what went wrong; the cause of an unexpected error goes to the log under a reference."""
    if isinstance(error, HTTPException):
        code = error.code or 500
        if code < 400:
            return flask.Response(b"", code, headers={"Location": getattr(error, "new_url", "/")})
        return _fault(site, request, code)
    for kind, code in STATUS:
        if isinstance(error, kind):
            if isinstance(error, (IntegrityError, OperationalError)):
                site.installation.log.warning("database refused", path=request.path, error=str(error.orig))
            return _fault(site, request, code, error if isinstance(error, SarnakhError) else None)
    reference = uuid.uuid4().hex[:8]
    site.installation.log.exception("request failed", path=request.path, reference=reference)
    return _fault(site, request, 500, reference=reference)


def _fault(site: Site, request: Request, code: int, error: SarnakhError | None = None, reference: str = "") -> Response:
    """What is told of a fault: a page to people, the door's own answer to programs."""
    door = request.route.door
    if door is None:
        return fault_pages.page(site, request, code, error, reference)
    if request.env is None:
        request.env = site.visitor_env(request.raw)
    return door.fault(request, code, error, reference)


def _finish(site: Site, request: Request, response: Response, *, new_visitor: bool) -> Response:
    if new_visitor and request.session is None and not response.cache_control.public:
        request._cookie(response, VISITOR_COOKIE, request.cookie, None)  # noqa: SLF001 - of one piece with Request
    if request.route.door is not None:
        response = request.route.door.finish(request, response)
    https = request.raw.is_secure or site.installation.settings.server.secure_cookies
    site.later.note(request, response)
    return secure(response, https=https, framed_by=request.route.framed_by)
