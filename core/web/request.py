"""What a view gets and what it may answer: the one object between pages and the web framework.

A page is a function in a module of `core/web` (or of an addon, through `core.web_api`) registered on a `Pages`:

    pages = Pages("profiles")                       # core/web/app.py lists the Pages of the core in CORE_PAGES

    @pages.route("/admin/profiles/<int:key>", methods=("GET", "POST"), area="users")
    def profile(env: Env, request: Request, key: int) -> Response:
        if request.posted:
            with request.attempt():                 # a savepoint: what fails inside leaves nothing behind
                env.update("base.profile", key, {"name": request.value("name")})
            request.flash(env.t(_("Saved.")))
            return request.redirect(f"/admin/profiles/{key}")
        return request.render("admin/page.html", AdminPage(...), title="...", crumbs=[Crumb("Administration", "/admin")])

The lifecycle (core/web/lifecycle.py) of each request: the session is looked up, its user becomes the actor of `env`
(one transaction; it takes the write lock only when the method is not GET), area and CSRF are checked, the view runs, and
the transaction is committed there and nowhere else, unless the answer's status is 400 or more (then it is rolled back;
`request.keep()` commits all the same). Views raise: NotFound becomes a 404 page, AccessDenied 403, ValidationFailed and
other SarnakhErrors 422, Conflict 409. Every view is for signed-in people unless its route says `public=True`.

Sessions: `request.sign_in(user_id, stage="")` rotates, `request.sign_out()`, `request.session` (None for visitors; of
core.security.sessions.Session). With `stage="totp"` the person is not signed in yet: only routes with `stage="totp"`
see `request.session`; `request.sign_in(user_id)` completes. Throttling: `request.is_throttled(login)`,
`request.note_failure(login)`, `request.forget_failures(login)`.

Forms carry `<input type="hidden" name="csrf_token" value="{{ shell.csrf_token }}">`, which the theme's macros do.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import flask
from werkzeug.datastructures import FileStorage

from core.env import Env
from core.errors import SarnakhError
from core.i18n.messages import _
from core.security import sessions
from core.security.sessions import Session
from core.web import csrf
from core.web.pages import Route
from core.web.signing import sign, unsign
from core.web.urls import is_local, with_query
from core.web.viewmodels import Action, Crumb, Flash

if TYPE_CHECKING:
    from core.web.app import Site

Response = flask.Response

SESSION_COOKIE = "sarnakh"
VISITOR_COOKIE = "sarnakh_visitor"
FLASH_COOKIE = "sarnakh_flash"
LANG_COOKIE = "sarnakh_lang"
DEVICE_COOKIE = "sarnakh_device"
DEVICE_AGE = dt.timedelta(days=365)
MOST_NAMES = 6
MOST_FIELDS = 5000


class BadRequest(SarnakhError):
    """The request itself makes no sense (HTTP 400)."""


class Unauthorised(SarnakhError):
    """Nobody is known by what the request carries (HTTP 401)."""


class TooMany(SarnakhError):
    """More requests than the settings allow (HTTP 429); `seconds` until the next is taken."""

    def __init__(self, message: str, *, seconds: int = 60, **params: Any) -> None:
        super().__init__(message, **params)
        self.seconds = seconds


class Request:
    """See the module's text. Texts that come in hold no NUL; numbers that are none read as the default."""

    def __init__(self, site: Site, raw: flask.Request, route: Route, cookie: str) -> None:
        self.site = site
        self.raw = raw
        self.route = route
        self.cookie = cookie
        self.session: Session | None = None
        self.env: Env = None  # type: ignore[assignment]
        self.keeps = False
        self.kept: dict[str, Any] = {}
        """What a door or a page keeps of this request until it is answered."""
        self.recent: tuple[str, int] | None = None
        self._after: list[Callable[[Response], None]] = []
        self._flashes: list[list[str]] = []

    # ---------------------------------------------------------------- what came
    @property
    def method(self) -> str:
        """GET, POST ..."""
        return self.raw.method

    @property
    def posted(self) -> bool:
        """Whether this is a form being sent."""
        return self.raw.method == "POST"

    @property
    def path(self) -> str:
        """The path, without the query."""
        return self.raw.path

    @property
    def full_path(self) -> str:
        """Path and query."""
        return self.raw.full_path.rstrip("?")

    @property
    def ip(self) -> str:
        """The address of the caller (behind proxies that the settings trust, the real one)."""
        return self.raw.remote_addr or ""

    @property
    def base_url(self) -> str:
        """The address of this site without a slash at the end, for links in mails and embedded forms."""
        return self.env.installation.settings.server.public_url.rstrip("/") or self.raw.host_url.rstrip("/")

    def static_url(self, addon: str, path: str) -> str:
        """The address of a file in the `static/` of an addon, good for ever; those in folders there are on no page by
        themselves."""
        return f"{self.site.static.url(f'addon-{addon}')}/{path}"

    def session_of_script(self, env: Env) -> Session | None:
        """The session of a signed-in person whose script, from a page of ours, sends this request: it carries the token of this
        browser's forms in its header, which pages of other sites cannot know. For doors, at which sessions mean nothing otherwise;
        `env` is nobody's."""
        cookie = self.raw.cookies.get(SESSION_COOKIE, "")
        if not csrf.is_valid(self._key, cookie, self.raw.headers.get(csrf.HEADER, "")):
            return None
        found = sessions.find(env.connection, cookie, env.now)
        return found if found is not None and found.stage == "" else None

    def signed(self, purpose: str, data: Any, seconds: int) -> str:
        """Data that comes back unchanged within so many seconds, as a text; see :meth:`unsigned`."""
        return sign(self._key, purpose, data, seconds)

    def unsigned(self, purpose: str, text: str) -> Any:
        """What was :meth:`signed` for this purpose; None for anything else."""
        return unsign(self._key, purpose, text)

    def stamp(self, record: str, key: int, **values: Any) -> None:
        """Write stored values of a record some seconds later, without history and without touching its version: when it was
        last used."""
        self.site.later.stamp(record, key, values)

    def count(self, record: str, field: str, key: int) -> None:
        """Count that a record was looked at: one more in its whole number `field`, written some seconds later for all who
        looked, without history and without touching the record's version."""
        self.site.later.count(record, field, key)

    @property
    def fragment(self) -> str:
        """The fragment that a script asks for (`X-Fragment`), "" for a whole page."""
        return self.raw.headers.get("X-Fragment", "")[:40]

    @property
    def wants_json(self) -> bool:
        """Whether a script asked for JSON."""
        return self.raw.accept_mimetypes.best == "application/json"

    def arg(self, name: str, default: str = "") -> str:
        """A value of the query."""
        return self.raw.args.get(name, default)

    def args(self) -> list[tuple[str, str]]:
        """All (name, value) pairs of the query."""
        return list(self.raw.args.items(multi=True))

    def arg_int(self, name: str, default: int = 0) -> int:
        """A whole number of the query."""
        return _int(self.raw.args.get(name, ""), default)

    def value(self, name: str, default: str = "") -> str:
        """A posted value."""
        return self.raw.form.get(name, default)

    def value_int(self, name: str, default: int = 0) -> int:
        """A posted whole number."""
        return _int(self.raw.form.get(name, ""), default)

    def values(self, name: str) -> list[str]:
        """All posted values of a name."""
        return self.raw.form.getlist(name)

    def has(self, name: str) -> bool:
        """Whether a name was posted at all."""
        return name in self.raw.form

    def posted_pairs(self) -> list[tuple[str, str]]:
        """All posted (name, value) pairs."""
        return list(self.raw.form.items(multi=True))

    def ids(self, name: str = "ids") -> list[int]:
        """Posted record numbers (or those of the query), each once."""
        found = self.raw.form.getlist(name) or self.raw.args.getlist(name)
        return list(dict.fromkeys(k for k in (_int(v, 0) for v in found) if k > 0))

    def uploads(self, name: str = "file") -> list[FileStorage]:
        """Uploaded files: `.filename`, `.stream`, `.mimetype` (as claimed)."""
        return [f for f in self.raw.files.getlist(name) if f.filename]

    def body_as_upload(self, name: str) -> FileStorage:
        """The body itself as an uploaded file of this name."""
        return FileStorage(io.BytesIO(self.raw.get_data()), filename=name)

    def json_body(self) -> Any:
        """The JSON that was sent; BadRequest when it is none."""
        try:
            return json.loads(self.raw.get_data(as_text=True))
        except (ValueError, RecursionError):
            raise BadRequest(_("This is not JSON.")) from None

    # ---------------------------------------------------------------- answers
    def render(self, template: str, page: Any = None, *, title: str = "", crumbs: Sequence[Crumb] = (), status: int = 200,
               primary: Action | None = None, active: str = "", **context: Any) -> Response:
        """A page of a template with `shell` and `page`. `active` is the record type or address that navigation marks."""
        shell = self.site.shell(self, title=title, crumbs=crumbs, primary=primary, active=active)
        return self._html(template, {"page": page, "shell": shell, **context}, status)

    def render_fragment(self, template: str, page: Any = None, *, status: int = 200, **context: Any) -> Response:
        """A piece of a page for a script: the same templates, with a shell that has no navigation."""
        return self._html(template, {"page": page, "shell": self.site.bare_shell(self), **context}, status)

    def render_text(self, template: str, **context: Any) -> str:
        """The text of a template (an addon's panel), already escaped."""
        return self.site.templates(self.env).get_template(template).render(**context)

    def _html(self, template: str, context: dict[str, Any], status: int) -> Response:
        text = self.site.templates(self.env).get_template(template).render(context)
        return flask.Response(text, status, content_type="text/html; charset=utf-8")

    def json(self, data: Any, status: int = 200) -> Response:
        """Data for a script."""
        return flask.Response(json.dumps(data, ensure_ascii=False), status, content_type="application/json")

    def text(self, text: str, status: int = 200) -> Response:
        """Plain text."""
        return flask.Response(text, status, content_type="text/plain; charset=utf-8")

    def empty(self, status: int = 204) -> Response:
        """Nothing."""
        return flask.Response(b"", status)

    def redirect(self, url: str, fallback: str = "/") -> Response:
        """Go on to a path of this site (303); anything else becomes `fallback`.

        A dialog's script gets the address instead (204, `X-Location`): it goes there itself, and finds the messages there.
        """
        target = quote(url if is_local(url) else fallback, safe="/%:=&?~#+!$,;'@()*[]|")
        if self.posted and self.fragment in ("dialog", "sheet"):
            return flask.Response(b"", 204, headers={"X-Location": target})
        return flask.Response(b"", 303, headers={"Location": target})

    def next_url(self, fallback: str = "/") -> str:
        """The local address given as `next`, or the fallback."""
        found = self.raw.form.get("next") or self.raw.args.get("next") or ""
        return found if is_local(found) else fallback

    def stream(self, make: Callable[[Env], Iterable[bytes]], filename: str, content_type: str) -> Response:
        """A download made piece by piece in a read transaction of its own, after this view returned."""
        installation, actor, lang = self.env.installation, self.env.actor, self.env.lang

        def pieces() -> Iterator[bytes]:
            with installation.env(actor, lang=lang, write=False) as env:
                yield from make(env)

        return flask.Response(pieces(), content_type=content_type, headers={"Content-Disposition": disposition(filename)})

    def file(self, content: bytes, filename: str, content_type: str, *, inline: bool = False) -> Response:
        """A file that the server made itself; `inline` ones are shown in the browser where it can."""
        return flask.Response(content, content_type=content_type, headers={
            "Content-Disposition": disposition(filename, inline=inline), "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"})

    def toast(self, response: Response, text: str) -> Response:
        """Let a fragment's answer show a toast."""
        response.headers["X-Toast"] = quote(text)
        return response

    # ---------------------------------------------------------------- messages, cookies
    def flash(self, text: str, level: str = "success", undo: str = "") -> None:
        """Show a message on the next page; `undo` is the batch that its button takes back (`env.batch`)."""
        self._flashes.append([text[:500], level, undo])

    def flashes(self) -> list[Flash]:
        """Messages left for this page, and those given while it was made."""
        kept = unsign(self._key, "flash", self.raw.cookies.get(FLASH_COOKIE, "")) or []
        found = [Flash(text, level, _undo_action(self.env, batch)) for text, level, batch in [*kept, *self._flashes]]
        self._flashes = []
        if kept:
            self._after.append(lambda response: response.delete_cookie(FLASH_COOKIE))
        return found

    def set_language(self, lang: str) -> None:
        """Remember a visitor's language."""
        self._after.append(lambda response: self._cookie(response, LANG_COOKIE, lang, dt.timedelta(days=365)))

    def finish(self, response: Response) -> Response:
        """Put cookies on the answer; called once by the lifecycle."""
        for step in self._after:
            step(response)
        if self._flashes:
            self._cookie(response, FLASH_COOKIE, sign(self._key, "flash", self._flashes, 300), dt.timedelta(minutes=5))
        return response

    def _cookie(self, response: Response, name: str, value: str, age: dt.timedelta | None) -> None:
        response.set_cookie(name, value, max_age=age, httponly=True, samesite="Lax",
                            secure=self.raw.is_secure or self.site.installation.settings.server.secure_cookies)

    @property
    def _key(self) -> str:
        return self.site.installation.secrets.session_key

    @property
    def csrf_token(self) -> str:
        """The token for forms."""
        return csrf.make_token(self._key, self.cookie)

    # ---------------------------------------------------------------- transaction
    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A savepoint: an exception inside takes back what was done in it, and the page can still be made."""
        with self.env.attempt():
            yield

    def keep(self) -> None:
        """Commit although the answer says that something went wrong."""
        self.keeps = True

    # ---------------------------------------------------------------- sessions
    def sign_in(self, user_id: int, stage: str = "", data: dict[str, Any] | None = None) -> None:
        """Begin a new session for a user (the old one ends) and set its cookie."""
        if self.session is not None:
            sessions.end(self.env.connection, self.session.token_hash)
        settings = self.site.installation.settings
        token = sessions.start(self.env.connection, user_id, self.env.now, settings.security.session_hours, ip=self.ip,
                               agent=self.raw.headers.get("User-Agent", ""), stage=stage, data=data)
        self.cookie = token
        self._after.append(lambda response: self._cookie(response, SESSION_COOKIE, token, None))

    def sign_out(self) -> None:
        """End this session."""
        if self.session is not None:
            sessions.end(self.env.connection, self.session.token_hash)
            self.session = None
        self._after.append(lambda response: response.delete_cookie(SESSION_COOKIE))

    def is_throttled(self, login: str) -> bool:
        """Whether this name or address failed to sign in too often."""
        limit = self.site.installation.settings.security.login_attempts
        return sessions.is_throttled(self.env.connection, login, self.ip, self.env.now, limit, self._device(login))

    def note_failure(self, login: str) -> None:
        """Count a failed sign-in; kept even though the answer is an error."""
        sessions.note_failure(self.env.connection, login, self.ip, self.env.now, self._device(login))
        self.keep()

    def forget_failures(self, login: str) -> None:
        """Begin anew after a sign-in that worked."""
        sessions.forget_failures(self.env.connection, login, self._device(login))

    def remember_device(self, *logins: str) -> None:
        """Know this browser again as one in which somebody signed in under these names; it gives no right whatever."""
        device, names = self._devices()
        kept = list(dict.fromkeys([*(sessions.digest(name.strip().lower())[:16] for name in logins if name), *names]))[:MOST_NAMES]
        value = sign(self._key, "device", [device or uuid.uuid4().hex, kept], int(DEVICE_AGE.total_seconds()))
        self._after.append(lambda response: self._cookie(response, DEVICE_COOKIE, value, DEVICE_AGE))

    def _device(self, login: str) -> str:
        """The number of this browser when somebody signed in with this name in it before."""
        device, names = self._devices()
        return device if sessions.digest(login.strip().lower())[:16] in names else ""

    def _devices(self) -> tuple[str, list[str]]:
        found = unsign(self._key, "device", self.raw.cookies.get(DEVICE_COOKIE, "")[:1000])
        return (str(found[0]), list(found[1])) if isinstance(found, list) and len(found) == 2 else ("", [])


def _undo_action(env: Env, batch: str) -> Action | None:
    return Action(env.t(_("Undo")), "/undo", "arrow-counterclockwise", kind="post", fields={"batch": batch}) if batch else None


def _int(text: str, default: int) -> int:
    try:
        number = int(text) if len(text) < 20 else default
    except ValueError:
        return default
    return number if -(2**62) < number < 2**62 else default


def disposition(filename: str, inline: bool = False) -> str:
    """The header that names a download, safe for names in any script."""
    plain = "".join(c if 32 <= ord(c) < 127 and c not in '"\\;%' else "_" for c in filename)[:150] or "file"
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename[:200], safe='')}"


def same_page(request: Request, **changes: str) -> str:
    """The address of this page with some values of its query changed ("" removes one)."""
    pairs = [(k, v) for k, v in request.args() if k not in changes]
    return with_query(request.path, [*pairs, *((k, v) for k, v in changes.items())])
