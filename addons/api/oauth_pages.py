"""Applications: those that managers know, and those that a person connected."""

from __future__ import annotations

from typing import Any

from core.api import Env, F, NotFound, SarnakhError, _
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    EmptyState,
    FieldView,
    FormPage,
    Option,
    RecordForm,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    admin_page,
    settings_page,
)

from . import oauth_rules, oauth_tokens, tokens_scopes
from .oauth_rules import CLIENT, CONSENT
from .site import pages

URL, MINE = "/x/api/apps", "/x/api/connected"
PLAIN = ("name", "about", "website", "public", "active")
MOST = 500


@pages.route("/apps")
def applications(env: Env, request: Request) -> Response:
    """All applications, with how many people connected each."""
    env.require("create", CLIENT)
    rows = env.query(CLIENT).archived(None).order("name", "id").select("name", "client_id", "active", "user", "redirects").rows(MOST)
    with env.elevated("count connected people") as sudo:
        live = sudo.query(CONSENT).where(F.revoked_at.is_null()).aggregate(["client"], limit=MOST)
    counts = {r["client"].id: r["count"] for r in live if r["client"]}
    states = {True: Badge(env.t(_("Active")), "green"), False: Badge(env.t(_("Switched off")))}
    page = AdminPage("", intro=env.t(_("Programs of others that people may connect with their account. They get what a person agrees to, "
                                       "never more than the person may, and can be cut off at any time.")))
    page.actions = [Action(env.t(_("New application")), f"{URL}/new", "plus-lg", style="primary")]
    if rows:
        page.table = SimpleTable(
            [Column("name", env.t(_("Name"))), Column("id", env.t(_("Client ID"))), Column("state", env.t(_("State"))),
             Column("people", env.t(_("Connected")), align="end")],
            [Row(r["id"], "", [Cell("title", r["name"], f"{URL}/{r['id']}"), Cell(text=r["client_id"], dir="ltr"),
                               Cell("choice", badges=[states[bool(r["active"])]]),
                               Cell(text=env.format.number(counts.get(r["id"], 0)))]) for r in rows], caption=env.t(_("Applications")))
    else:
        page.empty = EmptyState(env.t(_("No applications yet")), env.t(_("Register one to let a program of somebody else in by OAuth 2.")),
                                "app-indicator")
    return admin_page(env, request, _("Applications"), page)


class _Form:
    """The inputs of an application."""

    def __init__(self, env: Env, request: Request, row: dict[str, Any] | None) -> None:
        self.env, self.request, self.key = env, request, row["id"] if row else None
        self.form = RecordForm(env, request, CLIENT, PLAIN, row)
        if row is None:
            self.form.begin({})
        stored = row or {}
        posted = request.posted
        self.redirects = request.value("redirects").split() if posted else list(stored.get("redirects") or ())
        self.scopes = list(dict.fromkeys([*request.values("scopes"), *request.value("further").split()])) if posted else list(
            stored.get("scopes") or (() if row else (tokens_scopes.READ_ALL,)))
        self.user = request.value_int("user") if posted else stored["user"].id if stored.get("user") else 0
        self.errors: list[str] = []
        self.wrong: dict[str, list[str]] = {}

    def save(self) -> int | None:
        values = {**self.form.values(), "redirects": self.redirects, "scopes": self.scopes, "user": self.user or None}
        if self.form.errors:
            return None
        try:
            with self.request.attempt():
                if self.key is None:
                    return int(self.env.create(CLIENT, values))
                self.env.update(CLIENT, self.key, values)
                return int(self.key)
        except SarnakhError as error:
            self.errors = self.form.take(error)
        return None

    def page(self, url: str) -> FormPage:
        env = self.env
        rtype = env.registry.record(CLIENT)
        common = (tokens_scopes.READ_ALL, tokens_scopes.WRITE_ALL, tokens_scopes.ADMIN)
        redirects = FieldView("redirects", env.t(rtype.field("redirects").label), "code", "\n".join(self.redirects), attrs={"rows": "3"},
                              help=env.t(_("One a line; compared letter by letter. Behind http://127.0.0.1 and http://[::1] any port will "
                                           "do.")))
        scopes = FieldView("scopes", env.t(rtype.field("scopes").label), "multichoice", options=[
            Option(s, text, selected=s in self.scopes) for s, text in zip(common, tokens_scopes.in_words(env, common), strict=True)])
        further = FieldView("further", env.t(_("Further scopes")), "text", " ".join(s for s in self.scopes if s not in common),
                            attrs={"dir": "ltr"}, help=env.t(_("For single types, such as leads.lead:write contacts.*:read.")))
        fields = [*self.form.fields(), redirects, scopes, further]
        users = self._users()
        if users:
            fields.append(FieldView("user", env.t(rtype.field("user").label), "select", str(self.user or ""), options=users,
                                    help=env.t(rtype.field("user").help)))
        return FormPage("", url, [Section("main", columns=1, fields=fields)], errors=self.errors, cancel_url=URL,
                        actions=[Action(env.t(_("Save")), kind="submit", style="primary")])

    def _users(self) -> list[Option]:
        rows = self.env.query("base.user").where(F.integration & F.active).order("name").select("name").rows(MOST)
        return [Option(str(r["id"]), r["name"], selected=r["id"] == self.user) for r in rows]


@pages.route("/apps/new", methods=("GET", "POST"))
def new_application(env: Env, request: Request) -> Response:
    """An application; its secret is shown once."""
    env.require("create", CLIENT)
    made = _Form(env, request, None)
    if request.posted:
        key = made.save()
        if key is not None:
            return _shown(env, request, key)
    page = AdminPage("", form=made.page(f"{URL}/new"))
    return admin_page(env, request, _("New application"), page, active=URL, status=422 if request.posted else 200)


def _shown(env: Env, request: Request, key: int) -> Response:
    """The ID, and a new secret for programs that can keep one."""
    row = env.get(CLIENT, key, "name", "client_id", "public")
    page = AdminPage("", facts=[(env.t(_("Client ID")), Cell(text=row.client_id, dir="ltr", raw=row.client_id))])
    if not row.public:
        page.code, page.code_label = oauth_rules.renew_secret(env, key), env.t(_("Secret: it is shown only now."))
    page.actions = [Action(env.t(_("Continue")), f"{URL}/{key}", "arrow-right", style="primary")]
    return admin_page(env, request, row.name, page, active=URL)


@pages.route("/apps/<int:key>", methods=("GET", "POST"))
def application(env: Env, request: Request, key: int) -> Response:
    """One application."""
    env.require("update", CLIENT)
    row = vars(env.get(CLIENT, key, *PLAIN, "client_id", "redirects", "scopes", "user"))
    made = _Form(env, request, row)
    if request.posted and made.save() is not None:
        request.flash(env.t(_("Saved.")))
        return request.redirect(f"{URL}/{key}")
    base = request.base_url
    page = AdminPage("", form=made.page(f"{URL}/{key}"), facts=[
        (env.t(_("Client ID")), Cell(text=row["client_id"], dir="ltr", raw=row["client_id"])),
        (env.t(_("Metadata")), Cell(text=f"{base}/.well-known/oauth-authorization-server", dir="ltr"))])
    if not row["public"]:
        page.actions.append(Action(env.t(_("New secret")), f"{URL}/{key}/secret", "key", kind="post",
                                   confirm=env.t(_("The present secret ends at once. Go on?"))))
    page.actions.append(Action(env.t(_("Delete")), f"{URL}/{key}/delete", "trash3", kind="post", style="danger",
                               confirm=env.t(_("Delete this application? Everybody who connected it is disconnected."))))
    return admin_page(env, request, row["name"], page, active=URL, status=422 if request.posted else 200)


@pages.route("/apps/<int:key>/secret", methods=("POST",))
def renew_application(env: Env, request: Request, key: int) -> Response:
    """A new secret, shown once."""
    env.require("update", CLIENT)
    if env.get(CLIENT, key, "public").public:
        raise NotFound
    return _shown(env, request, key)


@pages.route("/apps/<int:key>/delete", methods=("POST",))
def delete_application(env: Env, request: Request, key: int) -> Response:
    """Into the recycle bin, with all that it was given."""
    env.delete(CLIENT, key)
    request.flash(env.t(_("Deleted.")))
    return request.redirect(URL)


@pages.route("/connected", methods=("GET", "POST"))
def connected(env: Env, request: Request) -> Response:
    """What a person connected, with a way to cut each off."""
    if request.posted:
        oauth_tokens.cut_off(env, request.value_int("consent"))
        request.flash(env.t(_("It is cut off.")))
        return request.redirect(MINE)
    rows = env.query(CONSENT).where((F.user == env.actor.id) & F.revoked_at.is_null()).order("-id").select(
        "client", "scopes", "created_at", "last_used_at").rows(MOST)
    with env.elevated("names of applications") as sudo:
        names = sudo.labels(CLIENT, [r["client"].id for r in rows if r["client"]])
    page = AdminPage("", intro=env.t(_("These programs may act in your name. Cut off those that you do not know or need any more.")))
    if rows:
        page.table = SimpleTable(
            [Column("name", env.t(_("Application"))), Column("scopes", env.t(_("May do"))), Column("since", env.t(_("Connected"))),
             Column("last", env.t(_("Last used")))],
            [Row(r["id"], "", [Cell(text=names.get(r["client"].id, "?") if r["client"] else "?"),
                               Cell(text=env.format.list(tokens_scopes.in_words(env, r["scopes"] or ()))),
                               Cell(text=env.format.datetime(r["created_at"])),
                               Cell(text=env.format.relative(r["last_used_at"], env.now) if r["last_used_at"] else env.t(_("never")))])
             for r in rows],
            row_actions={r["id"]: [Action(env.t(_("Cut off")), MINE, "plug", kind="post", fields={"consent": str(r["id"])})] for r in rows},
            caption=env.t(_("Connected applications")))
    else:
        page.empty = EmptyState(env.t(_("Nothing is connected")), env.t(_("When you let a program in, it stands here.")), "plug")
    return settings_page(env, request, _("Connected applications"), page)
