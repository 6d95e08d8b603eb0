"""Users: the list, a new one with a one-time link, and one person's account, rights and sessions."""

from __future__ import annotations

from typing import Any

from core.api import (
    Env,
    F,
    SarnakhError,
    _,
    asks_second_factor,
    disable_second_factors,
    end_session,
    end_sessions,
    password_token,
    sessions_of,
)
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    EmptyState,
    FieldView,
    Flash,
    FormPage,
    Option,
    Pages,
    Panel,
    RecordForm,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    Tab,
    admin_page,
    sessions_table,
    with_query,
)

from .. import guard

pages = Pages("users")

USER = "base.user"
PAGE = 50
ABOUT = ("name", "login", "email", "phone", "job_title")
RIGHTS = ("profile", "role", "manager", "companies", "is_super", "active")
PLACE = ("language", "time_zone", "calendar", "digits")
SHOWN = {"": _("Active"), "inactive": _("Switched off"), "all": _("All")}


@pages.route("/admin/users", area="users")
def users(env: Env, request: Request) -> Response:
    """All users by name, searched and paged."""
    which, words = request.arg("which") if request.arg("which") in SHOWN else "", request.arg("q")[:100]
    query = env.query(USER).archived(None).order("name").search(words)
    if which != "all":
        query = query.where(F.active if which == "" else ~F.active)
    names = [n for n in ("name", "login", "email", "profile", "role", "active", "is_super", "last_login_at")
             if env.access.readable(USER, n)]
    found = query.select(*names).page(PAGE, request.arg("page") or None)
    page = AdminPage("", tabs=[Tab(k, env.t(t), url=with_query("/admin/users", {"which": k, "q": words}), active=k == which)
                               for k, t in SHOWN.items()])
    page.filters = FormPage("", "/admin/users", [Section("f", fields=[FieldView("q", env.t(_("Search")), "text", words)])],
                            method="get", hidden={"which": which})
    page.table = SimpleTable(
        [Column("name", env.t(_("Name"))), Column("login", env.t(_("Login name"))), Column("profile", env.t(_("Profile"))),
         Column("role", env.t(_("Role"))), Column("state", env.t(_("State"))), Column("last", env.t(_("Last sign-in")))],
        [_row(env, r) for r in found.rows], caption=env.t(_("Users")),
        empty=EmptyState(env.t(_("Nobody was found")), icon="people"))
    for attribute, token in (("next_url", found.next), ("previous_url", found.previous)):
        if token:
            setattr(page.table, attribute, with_query("/admin/users", {"which": which, "q": words, "page": token}))
    if env.can("create", USER):
        page.actions = [Action(env.t(_("Invite a person")), "/admin/users/new", "person-plus", style="primary")]
    page.actions.append(Action(env.t(_("Open as a list")), f"/r/{USER}", "list", style="quiet"))
    return admin_page(env, request, _("Users"), page)


def _row(env: Env, row: dict[str, Any]) -> Row:
    state = [Badge(env.t(_("Active")), "green")] if row["active"] else [Badge(env.t(_("Switched off")))]
    if row.get("is_super"):
        state.append(Badge(env.t(_("Super-administrator")), "violet", "shield-fill-check"))
    last = row.get("last_login_at")
    return Row(row["id"], "", [
        Cell("title", row["name"], f"/admin/users/{row['id']}"), Cell(text=row["login"], dir="ltr"),
        Cell(text=env.t(str(row.get("profile") or ""))),
        Cell(text=env.t(str(row["role"] or ""))), Cell(badges=state),
        Cell(text=env.format.relative(last, env.now) if last else env.t(_("never")),
             title=env.format.datetime(last) if last else "")],
        muted=not row["active"])


@pages.route("/admin/users/new", methods=("GET", "POST"), area="users")
def invite(env: Env, request: Request) -> Response:
    """A new person; the answer shows the link with which they choose their password."""
    env.require("create", USER)
    locale = env.installation.settings.locale
    made = RecordForm(env, request, USER, (*ABOUT, *RIGHTS, *PLACE), {
        "language": locale.default_language, "time_zone": locale.time_zone, "calendar": locale.calendar, "active": True,
        "digits": "arabext" if locale.default_language == "fa" else "latn"})
    errors: list[str] = []
    if request.posted:
        values = made.values()
        if not made.errors:
            try:
                with request.attempt():
                    key = env.create(USER, values)
                    _set_teams(env, request, key)
                return _link_page(env, request, key)
            except SarnakhError as error:
                errors = made.take(error)
    page = AdminPage("", form=_form(env, request, made, "/admin/users/new", errors, 0))
    return admin_page(env, request, _("Invite a person"), page, active="/admin/users",
                      status=422 if errors or made.errors else 200)


@pages.route("/admin/users/<int:key>", methods=("GET", "POST"), area="users")
def user(env: Env, request: Request, key: int) -> Response:
    """One account."""
    found = env.get(USER, key, *(n for n in ("name", *ABOUT, *RIGHTS, *PLACE) if env.access.readable(USER, n)))
    made = RecordForm(env, request, USER, (*ABOUT, *RIGHTS, *PLACE), vars(found))
    errors: list[str] = []
    if request.posted:
        values = made.values()
        if not made.errors:
            try:
                with request.attempt():
                    env.update(USER, key, values)
                    _set_teams(env, request, key)
                request.flash(env.t(_("Saved.")))
                return request.redirect(f"/admin/users/{key}")
            except SarnakhError as error:
                errors = made.take(error)
    page = AdminPage("", form=_form(env, request, made, f"/admin/users/{key}", errors, key), actions=_actions(env, found))
    live = sessions_of(env, key)
    page.panels = [Panel(env.t(_("Sessions")), icon="laptop", wide=True,
                         table=sessions_table(env, live, f"/admin/users/{key}/sessions") if live else None,
                         empty=EmptyState(env.t(_("Signed in nowhere")), icon="laptop"))]
    return admin_page(env, request, found.name, page, active="/admin/users", status=422 if errors or made.errors else 200)


def _form(env: Env, request: Request, made: RecordForm, url: str, errors: list[str], key: int) -> FormPage:
    views = {f.name: f for f in made.fields()}

    def those(names: tuple[str, ...]) -> list[FieldView]:
        return [views[n] for n in names if n in views]

    return FormPage("", url, [
        Section("about", env.t(_("User account")), fields=those(ABOUT)),
        Section("rights", env.t(_("Place and rights")), fields=[*those(RIGHTS), *_teams(env, request, key)]),
        Section("place", env.t(_("Language, time and numbers")), fields=those(PLACE))], errors=errors,
        actions=[Action(env.t(_("Save") if key else _("Create the account")), kind="submit", style="primary")],
                    cancel_url="/admin/users")


def _actions(env: Env, found: Any) -> list[Action]:
    base = f"/admin/users/{found.id}"
    if not guard.may_touch(env, found) or not env.can("update", USER):
        return []
    made = [Action(env.t(_("Link for a new password")), f"{base}/link", "link-45deg", kind="post",
                   confirm=env.t(_("Make a one-time link with which a new password can be set?")))]
    with env.elevated("look for the second factor") as trusted:
        second = asks_second_factor(trusted, found.id)
    if second:
        made.append(Action(env.t(_("Switch off two-step sign-in")), f"{base}/second-factor", "shield-slash", kind="post",
                           style="danger",
                           confirm=env.t(_("Whoever has the password can then sign in. Are you sure who asks for this?"))))
    if found.id != env.actor.id:
        made.append(Action(env.t(_("Switch off") if found.active else _("Switch on")), f"{base}/active", kind="post",
                           icon="person-dash" if found.active else "person-check", style="danger" if found.active else "",
                           fields={"active": "" if found.active else "1"},
                           confirm=env.t(_("Sign this person out and let them in no more?")) if found.active else ""))
    return made


# ---------------------------------------------------------------- teams
def _teams(env: Env, request: Request, key: int) -> list[FieldView]:
    """The teams as boxes, for who may change teams."""
    if not env.can("update", "base.team"):
        return []
    rows = env.query("base.team").order("name").select("name", "members").rows(limit=200)
    held = {str(r["id"]) for r in rows if any(m.id == key for m in r["members"])}
    chosen = set(request.values("teams")) if request.posted else held
    options = [Option(str(r["id"]), r["name"], selected=str(r["id"]) in chosen) for r in rows]
    return [FieldView("teams", env.t(_("Teams")), "multichoice", options=options, width=2),
            FieldView("teams__present", "", "hidden", "1")] if options else []


def _set_teams(env: Env, request: Request, key: int) -> None:
    if not request.has("teams__present") or not env.can("update", "base.team"):
        return
    wanted = set(request.values("teams"))
    for row in env.query("base.team").select("members").rows(limit=200):
        members = [m.id for m in row["members"]]
        if (str(row["id"]) in wanted) != (key in members):
            env.update("base.team", row["id"], {"members": [*members,
                                                            key] if key not in members else [m for m in members if m != key]})


# ---------------------------------------------------------------- what an administrator does to an account
def _touchable(env: Env, key: int) -> Any:
    """The user, when the acting person may change them; raises otherwise."""
    env.require("update", USER)
    found = env.get(USER, key, "name", "active", "is_super") if env.access.readable(USER, "is_super") else None
    guard.require_touch(env, found)
    return found


@pages.route("/admin/users/<int:key>/link", methods=("POST",), area="users")
def link(env: Env, request: Request, key: int) -> Response:
    """A one-time link for a new password, shown once."""
    _touchable(env, key)
    return _link_page(env, request, key)


def _link_page(env: Env, request: Request, key: int) -> Response:
    found = env.get(USER, key, "name")
    env.log("password_link", record=USER, record_id=key)
    address = f"{request.base_url}/reset/{password_token(env, key)}"
    page = AdminPage("", code=address, code_label=env.t(_("Give this link to {name}. It is good for three days and once.",
                                                          name=found.name)),
                     notices=[Flash(env.t(_("Whoever has the link can sign in as {name}: send it on a way you trust.",
                                            name=found.name)), "warning")],
                     actions=[Action(env.t(_("To the account")), f"/admin/users/{key}", "person", style="primary")])
    return admin_page(env, request, _("Link for {name}", name=found.name), page, active="/admin/users")


@pages.route("/admin/users/<int:key>/second-factor", methods=("POST",), area="users")
def reset_second_factor(env: Env, request: Request, key: int) -> Response:
    """Two-step sign-in off, for who lost phone and codes."""
    _touchable(env, key)
    with env.elevated("second factor reset by an administrator") as trusted:
        disable_second_factors(trusted, key)
    env.log("second_factor_off", record=USER, record_id=key)
    end_sessions(env, key)
    request.flash(env.t(_("Two-step sign-in is off; all sessions are ended.")))
    return request.redirect(f"/admin/users/{key}")


@pages.route("/admin/users/<int:key>/active", methods=("POST",), area="users")
def activate(env: Env, request: Request, key: int) -> Response:
    """Let somebody in again, or no more."""
    _touchable(env, key)
    env.update(USER, key, {"active": request.value("active") == "1"})
    request.flash(env.t(_("Saved.")))
    return request.redirect(f"/admin/users/{key}")


@pages.route("/admin/users/<int:key>/sessions", methods=("POST",), area="users")
def end_one(env: Env, request: Request, key: int) -> Response:
    """End one session of a person."""
    _touchable(env, key)
    end_session(env, key, request.value("session")[:64])
    request.flash(env.t(_("Signed out there.")))
    return request.redirect(f"/admin/users/{key}")
