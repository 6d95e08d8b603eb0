"""Connections to services of other companies: set up, connect, test, cut off, and who used them."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlsplit

from addons.base import connecting, connection_oauth
from addons.base.connection_rules import BASIC, CLIENT, CONNECTION, HEALTH, KEY, KINDS, NEW, OAUTH, USE
from core.api import Env, F, NotFound, SarnakhError, _
from core.web_api import (
    Action,
    AdminPage,
    CatalogueCard,
    Cell,
    Column,
    EmptyState,
    FieldView,
    Flash,
    FormPage,
    Panel,
    RecordForm,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    admin_page,
)

from .site import pages
from .webhook_pages import badge

URL = "/x/api/connections"
OAUTH_FIELDS = ("token_url", "client", "secret", "scopes")
FIELDS = {KEY: ("header", "secret"), BASIC: ("username", "secret"), OAUTH: ("authorise_url", *OAUTH_FIELDS), CLIENT: OAUTH_FIELDS}
EXPLAINED = {
    KEY: _("The service gave you a key that goes along in a header of its own."), BASIC: _("The service asks for a name and a password."),
    "bearer": _("The service gave you a token."), OAUTH: _("You sign in at the service and agree there."),
    CLIENT: _("The service gave you a client ID and a secret, and nobody has to agree.")}
LOOK_AGAIN, MOST, USES = 2, 500, 25


@pages.route("/connections")
def connections(env: Env, request: Request) -> Response:
    """All connections."""
    env.require("create", CONNECTION)
    rows = env.query(CONNECTION).archived(None).order("name", "id").select("name", "kind", "address", "health", "active").rows(MOST)
    page = AdminPage("", intro=env.t(_("Keys, passwords and tokens for services of other companies. They are sealed, shown to nobody, "
                                       "and sent to the address of their service only; addons use them.")))
    page.actions = [Action(env.t(_("New connection")), f"{URL}/new", "plus-lg", style="primary")]
    if rows:
        page.table = SimpleTable(
            [Column("name", env.t(_("Name"))), Column("kind", env.t(_("Kind"))), Column("address", env.t(_("Address of the service"))),
             Column("health", env.t(_("Health", context="connection")))],
            [Row(r["id"], "", [Cell("title", r["name"], f"{URL}/{r['id']}"), Cell("choice", badges=[badge(env, KINDS, r["kind"])]),
                               Cell(text=r["address"], dir="ltr"), Cell("choice", badges=[badge(env, HEALTH, r["health"])])],
                 muted=not r["active"]) for r in rows], caption=env.t(_("Connections")))
    else:
        page.empty = EmptyState(env.t(_("No connections yet")), env.t(_("Keep the key to a service here, and addons can use it.")), "plug")
    return admin_page(env, request, _("Connections"), page)


@pages.route("/connections/new", methods=("GET", "POST"))
def new_connection(env: Env, request: Request) -> Response:
    """First the kind, then the rest."""
    env.require("create", CONNECTION)
    kind = request.arg("kind")
    if kind not in {k for k, *_rest in KINDS}:
        page = AdminPage("", cards=[CatalogueCard(
            k, env.t(label), env.t(EXPLAINED[k]), "plug", state="enabled", state_label=env.t(_("Kind")), url=f"{URL}/new?kind={k}",
            actions=[Action(env.t(_("Choose")), f"{URL}/new?kind={k}", "arrow-right")]) for k, label, _colour in KINDS])
        return admin_page(env, request, _("New connection"), page, active=URL)
    made = RecordForm(env, request, CONNECTION, _names(kind)).begin({})
    errors: list[str] = []
    if request.posted:
        errors, key = _saved(env, request, made, {"kind": kind}, None)
        if key is not None:
            request.flash(env.t(_("Saved. Connect or test it before anybody relies on it.")))
            return request.redirect(f"{URL}/{key}")
    page = AdminPage("", env.t(EXPLAINED[kind]), form=_form(env, made, kind, f"{URL}/new?kind={kind}", errors))
    page.notices = _return_address(env, kind)
    return admin_page(env, request, _("New connection"), page, active=URL, status=422 if request.posted else 200)


def _names(kind: str) -> tuple[str, ...]:
    return ("name", "address", *FIELDS.get(kind, ("secret",)), "test_path", "active")


def _saved(env: Env, request: Request, made: RecordForm, more: dict[str, Any], key: int | None) -> tuple[list[str], int | None]:
    """What is wrong with the whole, and the connection's number when all was right."""
    values = made.values()
    if made.errors:
        return [], None
    try:
        with request.attempt():
            return [], connecting.save(env, key, {**values, **more}, request.value("secret").strip())
    except SarnakhError as error:
        return made.take(error), None


def _form(env: Env, made: RecordForm, kind: str, url: str, errors: list[str], stored: bool = False) -> FormPage:
    views = {f.name: f for f in made.fields()}
    field = env.registry.record(CONNECTION).field("secret")
    views["secret"] = FieldView("secret", env.t(field.label), "password", required=kind != OAUTH and not stored,
                                attrs={"autocomplete": "new-password"}, errors=made.errors.get("secret", []),
                                placeholder=env.t(_("stored; leave empty to keep it")) if stored else "")
    return FormPage("", url, [Section("main", columns=1, fields=[views[n] for n in _names(kind) if n in views])], errors=errors,
                    cancel_url=URL, actions=[Action(env.t(_("Save")), kind="submit", style="primary")])


def _return_address(env: Env, kind: str) -> list[Flash]:
    if kind != OAUTH:
        return []
    back = connection_oauth.redirect_address(env)
    if not back:
        return [Flash(env.t(_("This server has no address for the outside yet: set server.public_url in the settings file.")), "warning")]
    return [Flash(env.t(_("Register this address at the service, to come back to: {address}", address=back)), "info")]


# ---------------------------------------------------------------- one connection
def _may_change(env: Env, key: int) -> None:
    if env.allowed_ids("update", CONNECTION, [key]) != {key}:
        raise NotFound


@pages.route("/connections/<int:key>", methods=("GET", "POST"))
def one_connection(env: Env, request: Request, key: int) -> Response:
    """One connection, how it is, and who used it."""
    env.require("update", CONNECTION)
    _may_change(env, key)
    row = env.query(CONNECTION).archived(None).with_ids([key]).select(
        "name", "kind", "address", "header", "username", "client", "authorise_url", "token_url", "scopes", "test_path", "active", "health",
        "problem", "connected_at").rows(1)[0]
    with env.elevated("whether a connection has secrets") as sudo:
        held = sudo.query(CONNECTION).archived(None).with_ids([key]).select("secret", "tokens", "pending").rows(1)[0]
    made = RecordForm(env, request, CONNECTION, _names(row["kind"]), row)
    errors: list[str] = []
    if request.posted:
        errors, saved = _saved(env, request, made, {}, key)
        if saved is not None:
            request.flash(env.t(_("Saved.")))
            return request.redirect(f"{URL}/{key}")
    page = AdminPage("", env.t(next(label for k, label, _c in KINDS if k == row["kind"])))
    page.form = _form(env, made, row["kind"], f"{URL}/{key}", errors, held["secret"] is not None)
    page.notices = _return_address(env, row["kind"])
    if row["problem"]:
        page.notices.append(Flash(row["problem"], "error"))
    page.facts = [(env.t(_("Health", context="connection")), Cell("choice", badges=[badge(env, HEALTH, row["health"])]))]
    if row["connected_at"] is not None:
        page.facts.append((env.t(_("Connected on")), Cell(text=env.format.datetime(row["connected_at"]))))
    page.actions = _actions(env, key, row, held["tokens"] is not None)
    page.panels = [_uses(env, key)]
    waits = row["health"] == NEW and (held["pending"] is not None or request.arg("tried") == "1")
    page.refresh_seconds = LOOK_AGAIN if waits and request.arg("tried") == "1" else 0
    return admin_page(env, request, row["name"], page, active=URL, status=422 if request.posted else 200)


def _actions(env: Env, key: int, row: dict[str, Any], connected: bool) -> list[Action]:
    found = [Action(env.t(_("Test")), f"{URL}/{key}/test", "activity", kind="post")]
    if row["kind"] == OAUTH:
        found.insert(0, Action(env.t(_("Connect anew") if connected else _("Connect")), f"{URL}/{key}/connect", "plug", kind="post"))
    if connected:
        found.append(Action(env.t(_("Cut off")), f"{URL}/{key}/cut", "scissors", kind="post",
                            confirm=env.t(_("Forget the tokens? Addons cannot use the service then."))))
    found.append(Action(env.t(_("Delete")), f"{URL}/{key}/delete", "trash3", kind="post", style="danger",
                        confirm=env.t(_("Delete this connection? Addons cannot use the service then."))))
    return found


def _uses(env: Env, key: int) -> Panel:
    paths = ("created_at", "user", "purpose", "calls", "status", "problem")
    rows = env.query(USE).where(F.service == key).order("-id").select(*paths).rows(USES)
    table = SimpleTable(
        [Column("at", env.t(_("When"))), Column("who", env.t(_("Person"))), Column("purpose", env.t(_("What for"))),
         Column("calls", env.t(_("Requests")), align="end"), Column("status", env.t(_("Answer")), align="end")],
        [Row(r["id"], "", [Cell(text=env.format.datetime(r["created_at"])),
                           Cell(text=r["user"].label if r["user"] else env.t(_("The program"))),
                           Cell(text=r["purpose"]), Cell(text=env.format.number(r["calls"] or 0)),
                           Cell(text=r["problem"] or (env.format.number(r["status"]) if r["status"] else ""))]) for r in rows])
    return Panel(env.t(_("Who used it")), table=table if rows else None, icon="clock-history",
                 empty=None if rows else EmptyState(env.t(_("Nobody has used it yet")), "", "clock-history"))


# ---------------------------------------------------------------- connecting
def _session(request: Request) -> str:
    """What binds a sign-in to this session and cannot be guessed from outside."""
    held = request.session
    return hashlib.sha256(f"connection {held.token_hash if held else ''}".encode()).hexdigest()


@pages.route("/connections/<int:key>/connect", methods=("POST",))
def connect(env: Env, request: Request, key: int) -> Response:
    """The way to the service, where somebody agrees."""
    _may_change(env, key)
    kind = env.get(CONNECTION, key, "kind").kind
    if kind != OAUTH:
        raise NotFound
    if not connection_oauth.redirect_address(env):
        raise SarnakhError(_("This server has no address for the outside yet: set server.public_url in the settings file."))
    address = connection_oauth.begin(env, key, _session(request))
    host = urlsplit(address).hostname or ""
    page = AdminPage("", env.t(_("You go on to {host}. Sign in there and agree; then you come back here.", host=host)))
    page.actions = [Action(env.t(_("Go to the sign-in")), address, "box-arrow-up-right", style="primary")]
    return admin_page(env, request, _("Connect"), page, active=URL)


@pages.route("/connections/back", writes=True)
def come_back(env: Env, request: Request) -> Response:
    """Somebody comes back from the service. Only the session that went there may bring the code."""
    state = request.arg("state")[:200]
    number = state.partition(".")[0]
    if not (number.isascii() and number.isdecimal()) or len(number) > 17:
        raise NotFound
    key = int(number)
    _may_change(env, key)
    code = request.arg("code")[:4000]
    if not connection_oauth.take_code(env, key, state, _session(request), code):
        raise NotFound
    if code:
        request.flash(env.t(_("Agreed. The tokens are being fetched.")))
        return request.redirect(f"{URL}/{key}?tried=1")
    request.flash(env.t(_("The service let nobody in: {reason}", reason=request.arg("error")[:200] or "?")), "error")
    return request.redirect(f"{URL}/{key}")


@pages.route("/connections/<int:key>/test", methods=("POST",))
def test_connection(env: Env, request: Request, key: int) -> Response:
    """Have it tested, and look at what comes of it."""
    _may_change(env, key)
    with env.elevated("a connection is tested") as sudo:
        sudo.derive(CONNECTION, {key: {"health": NEW, "problem": None}})
    env.enqueue("base.connection_test", {"connection": key})
    return request.redirect(f"{URL}/{key}?tried=1")


@pages.route("/connections/<int:key>/cut", methods=("POST",))
def cut_connection(env: Env, request: Request, key: int) -> Response:
    """Forget its tokens."""
    connecting.cut_off(env, key)
    request.flash(env.t(_("It is cut off.")))
    return request.redirect(f"{URL}/{key}")


@pages.route("/connections/<int:key>/delete", methods=("POST",))
def delete_connection(env: Env, request: Request, key: int) -> Response:
    """Into the recycle bin."""
    env.delete(CONNECTION, key)
    request.flash(env.t(_("Deleted.")), undo=env.batch)
    return request.redirect(URL)
