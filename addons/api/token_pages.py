"""Pages about tokens: a person's own, and integrations with theirs."""

from __future__ import annotations

import secrets
from typing import Any

from core.api import ActionLink, Env, F, Invalid, NotFound, SarnakhError, ValidationFailed, _
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    EmptyState,
    Request,
    Response,
    Row,
    SimpleTable,
    admin_page,
    form,
    select,
    settings_page,
    text,
)

from . import tokens
from .site import LINKS, pages
from .token_form import TokenForm
from .tokens_scopes import in_words

MINE, INTEGRATIONS = "/x/api/tokens", "/x/api/integrations"
USER, PROFILE = "base.user", "base.profile"
MOST = 500
OWN = ActionLink(_("Access tokens"), MINE, "key")
LINKS.append(("users", ActionLink(_("Integrations"), INTEGRATIONS, "robot", help=_("Other programs with a user and rights of their own."))))


# ---------------------------------------------------------------- a person's own
@pages.route("/tokens", methods=("GET", "POST"))
def my_tokens(env: Env, request: Request) -> Response:
    """The tokens of who looks, with a way to end each."""
    if request.posted:
        return _revoked(env, request, MINE)
    page = AdminPage("", intro=env.t(_("Tokens let your own programs and scripts in, in your name. End those that you do not know or "
                                       "need any more.")))
    _fill(env, page, env.actor.id or 0, MINE)
    page.actions = [Action(env.t(_("New token")), f"{MINE}/new", "plus-lg", style="primary"),
                    Action(env.t(_("What programs can do")), "/x/api/docs", "book")]
    return settings_page(env, request, _("Access tokens"), page)


@pages.route("/tokens/new", methods=("GET", "POST"))
def new_token(env: Env, request: Request) -> Response:
    """Make a token; it is shown once."""
    asked = TokenForm(env, request, env.actor.id or 0, f"{MINE}/new", MINE)
    token = asked.made()
    page = asked.shown(token) if token else asked.page()
    return settings_page(env, request, _("New token"), page, 200 if token or not request.posted else 422)


def _revoked(env: Env, request: Request, back: str) -> Response:
    tokens.revoke(env, request.value_int("token"))
    request.flash(env.t(_("The token is ended.")))
    return request.redirect(back)


def _fill(env: Env, page: AdminPage, user: int, url: str) -> None:
    """The tokens of a user on a page."""
    rows = env.query(tokens.TOKEN).where((F.user == user) & F.revoked_at.is_null()).order("-id").select(
        "name", "start", "scopes", "expires_at", "last_used_at", "last_address", "addresses").rows(MOST)
    if not rows:
        page.empty = EmptyState(env.t(_("No tokens yet")), env.t(_("A token is a password for one program, with rights of its own.")),
                                "key")
        return
    page.table = SimpleTable(
        [Column("name", env.t(_("Name"))), Column("start", env.t(_("Begins with"))), Column("scopes", env.t(_("May do"))),
         Column("last", env.t(_("Last used"))), Column("ends", env.t(_("Ends")))],
        [_row(env, row) for row in rows], row_actions={r["id"]: [Action(
            env.t(_("End")), url, "x-lg", kind="post", fields={"token": str(r["id"])}, confirm=env.t(
                _("End this token? Programs that use it are shut out at once.")))] for r in rows}, caption=env.t(_("Access tokens")))


def _row(env: Env, row: dict[str, Any]) -> Row:
    used, ends = row["last_used_at"], row["expires_at"]
    last = Cell(text=env.format.relative(used, env.now) if used else env.t(_("never")), title=row["last_address"] or "")
    over = ends is not None and ends <= env.now
    return Row(row["id"], "", [
        Cell(text=row["name"], dir="auto"), Cell(text=f"{row['start']}…", dir="ltr"),
        Cell(text=env.format.list(in_words(env, row["scopes"] or ()))), last,
        Cell(badges=[Badge(env.t(_("Ran out")), "red")]) if over else Cell(text=env.format.datetime(ends) if ends else env.t(_("never")))])


# ---------------------------------------------------------------- integrations
@pages.route("/integrations", area="users")
def integrations(env: Env, request: Request) -> Response:
    """The users that programs act as."""
    rows = env.query(USER).archived(None).where(F.integration).order("name", "id").select("name", "login", "active", "profile").rows(MOST)
    page = AdminPage("", intro=env.t(_("An integration is a user that nobody signs in as. Its profile says what the program may do; its "
                                       "tokens let it in.")))
    page.actions = [Action(env.t(_("New integration")), f"{INTEGRATIONS}/new", "plus-lg", style="primary")]
    if rows:
        counts = _live(env, [r["id"] for r in rows])
        page.table = SimpleTable(
            [Column("name", env.t(_("Name"))), Column("profile", env.t(_("Profile"))), Column("state", env.t(_("State"))),
             Column("tokens", env.t(_("Tokens")), align="end")],
            [Row(r["id"], "", [Cell("title", r["name"], f"{INTEGRATIONS}/{r['id']}"), Cell(text=_profile_name(env, r)),
                               Cell("choice", badges=[_state(env, r["active"])]),
                               Cell(text=env.format.number(counts.get(r["id"], 0)))]) for r in rows], caption=env.t(_("Integrations")))
    else:
        page.empty = EmptyState(env.t(_("No integrations yet")), env.t(_("Make one for each program that works with your records.")),
                                "robot")
    return admin_page(env, request, _("Integrations"), page)


def _profile_name(env: Env, row: dict[str, Any]) -> str:
    return env.t(row["profile"].label or "") if row.get("profile") else ""


def _state(env: Env, active: bool) -> Badge:
    return Badge(env.t(_("Active")), "green") if active else Badge(env.t(_("Switched off")))


def _live(env: Env, users: list[int]) -> dict[int, int]:
    """How many tokens these users have."""
    rows = env.query(tokens.TOKEN).holding("user", users).where(F.revoked_at.is_null()).aggregate(["user"], limit=MOST)
    return {r["user"].id: r["count"] for r in rows if r["user"]}


@pages.route("/integrations/new", methods=("GET", "POST"), area="users")
def new_integration(env: Env, request: Request) -> Response:
    """A user for a program: a name, and the profile that says what it may do."""
    env.require("create", USER)
    errors: dict[str | None, list[str]] = {}
    if request.posted:
        try:
            with request.attempt():
                key = _make(env, request.value("name").strip(), request.value_int("profile"))
            return request.redirect(f"{INTEGRATIONS}/{key}")
        except ValidationFailed as error:
            errors = {name: [env.t(m) for m in found] for name, found in error.by_field().items()}
        except SarnakhError as error:
            errors = {None: [env.t(error.message)]}
    rows = env.query(PROFILE).order("name").select("name").rows(MOST)
    profiles = [("", _("Choose a profile")), *((str(r["id"]), r["name"]) for r in rows)]
    fields = [text(env, request, "name", _("Name"), required=True, maxlength="120", help=_("What the program is called.")),
              select(env, request, "profile", _("Profile"), profiles)]
    for field in fields:
        field.errors = errors.pop(field.name, [])
    page = AdminPage("", form=form(env, f"{INTEGRATIONS}/new", fields, submit=_("Create"), cancel=INTEGRATIONS,
                                   errors=[m for found in errors.values() for m in found]))
    return admin_page(env, request, _("New integration"), page, active=INTEGRATIONS, status=422 if request.posted else 200)


def _make(env: Env, name: str, profile: int) -> int:
    """The user, made with the rights of who makes it; nobody gives more than they have."""
    if not profile or not env.visible_ids(PROFILE, [profile]):
        raise ValidationFailed([Invalid(None, "profile", _("Choose a profile: without one a program may do nothing."))])
    key: int = env.create(USER, {"name": name, "login": f"program-{secrets.token_hex(4)}", "profile": profile})
    with env.elevated("integration made") as trusted:
        trusted.update(USER, key, {"integration": True})
    return key


@pages.route("/integrations/<int:key>", methods=("GET", "POST"), area="users")
def integration(env: Env, request: Request, key: int) -> Response:
    """One integration with its tokens."""
    row = _integration(env, key)
    url = f"{INTEGRATIONS}/{key}"
    if request.posted:
        return _revoked(env, request, url)
    page = AdminPage("", facts=[(env.t(_("Profile")), Cell(text=_profile_name(env, row))), (env.t(_("State")), Cell(
        badges=[_state(env, row["active"])]))])
    _fill(env, page, key, url)
    page.actions = [Action(env.t(_("New token")), f"{url}/new", "plus-lg", style="primary"),
                    Action(env.t(_("Its user")), f"/admin/users/{key}", "person-gear")]
    return admin_page(env, request, row["name"], page, active=INTEGRATIONS)


@pages.route("/integrations/<int:key>/new", methods=("GET", "POST"), area="users")
def new_integration_token(env: Env, request: Request, key: int) -> Response:
    """A token for an integration; it is shown once."""
    row = _integration(env, key)
    tokens.require_owner(env, key)
    url = f"{INTEGRATIONS}/{key}"
    asked = TokenForm(env, request, key, f"{url}/new", url)
    token = asked.made()
    page = asked.shown(token) if token else asked.page()
    return admin_page(env, request, _("New token of {name}", name=row["name"]), page, active=INTEGRATIONS,
                      status=200 if token or not request.posted else 422)


def _integration(env: Env, key: int) -> dict[str, Any]:
    found = env.query(USER).archived(None).with_ids([key]).where(F.integration).select("name", "active", "profile").rows(limit=1)
    if not found:
        raise NotFound()
    return found[0]
