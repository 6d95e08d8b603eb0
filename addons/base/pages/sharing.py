"""Sharing: how far each record type is open to everybody, and the rules that open records to some."""

from __future__ import annotations

from typing import Any

from core.api import Env, ExpressionError, F, Message, SarnakhError, _, n_
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    EmptyState,
    Flash,
    FormPage,
    Matrix,
    MatrixCell,
    MatrixRow,
    Pages,
    Panel,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    admin_page,
    flag,
    select,
    text,
    with_query,
)

from ..access import members_of

pages = Pages("sharing")

RULE, DEFAULT = "base.sharing_rule", "base.access_default"
ACCESS: dict[str, Message] = {"private": _("Private"), "read": _("Everybody reads"), "write": _("Everybody reads and writes")}
RULE_ACCESS = (("read", _("Read")), ("write", _("Read and write")))
WORDS = {"user": _("{name}"), "role": _("Role {name}"), "below": _("Role {name} and below"), "team": _("Team {name}")}
NAMES = ("name", "record_type", "kind", "owners", "criteria", "share_with", "access")


def owned_types(env: Env) -> list[tuple[str, str]]:
    """(name, plural) of record types whose records have owners."""
    return sorted(((n, env.t(r.plural)) for n, r in env.registry.records.items() if r.owned), key=lambda pair: pair[1])


@pages.route("/admin/sharing", methods=("GET", "POST"), area="sharing")
def sharing(env: Env, request: Request) -> Response:
    """The defaults as a grid, and the rules."""
    stored = {r["record_type"]: r for r in env.query(DEFAULT).select("record_type", "access", "role_tree").rows()}
    if request.posted:
        _save_defaults(env, request, stored)
        request.flash(env.t(_("Saved.")))
        return request.redirect("/admin/sharing")
    rows = []
    for name, label in owned_types(env):
        one = stored.get(name, {"access": "private", "role_tree": True})
        rows.append(MatrixRow(label, cells=[
            MatrixCell(f"access|{name}", value=one["access"], options=[(v, env.t(t)) for v, t in ACCESS.items()],
                       label=label),
            MatrixCell(f"tree|{name}", one["role_tree"],
                       label=env.t(_("Superiors see their people's records")) + ": " + label)]))
    page = AdminPage("", intro=env.t(_(
        "A record is always open to its owner. What is private here can be opened by rules and by hand.")))
    page.matrix = Matrix([env.t(_("Record type")), env.t(_("Open to everybody")),
                          env.t(_("Superiors see their people's records"))], rows,
                         "/admin/sharing", env.t(_("Organisation-wide defaults")))
    page.panels = [_rules_panel(env)]
    if env.can("create", RULE):
        page.actions = [Action(env.t(_("New sharing rule")), "/admin/sharing/rules/new", "plus-lg", style="primary")]
    return admin_page(env, request, _("Sharing"), page)


def _save_defaults(env: Env, request: Request, stored: dict[str, dict[str, Any]]) -> None:
    for name, _label in owned_types(env):
        access = request.value(f"access|{name}")
        if access not in ACCESS:
            continue
        values = {"access": access, "role_tree": request.value(f"tree|{name}") == "1"}
        if name in stored:
            env.update(DEFAULT, stored[name]["id"], values)
        elif values != {"access": "private", "role_tree": True}:
            env.create(DEFAULT, {"record_type": name, **values})


def _rules_panel(env: Env) -> Panel:
    found = env.query(RULE).select("name", "record_type", "owners", "criteria", "share_with", "access",
                                   "active").rows(limit=500)
    types, names = dict(owned_types(env)), dict(principals(env))
    levels = dict(RULE_ACCESS)
    rows = [Row(r["id"], "", [
        Cell("title", r["name"], f"/admin/sharing/rules/{r['id']}"), Cell(text=types.get(r["record_type"], r["record_type"])),
        Cell(text=env.t(_("owned by {who}", who=names.get(r["owners"], r["owners"]))) if r["owners"] else r["criteria"],
             dir="" if r["owners"] else "ltr"),
        Cell(text=names.get(r["share_with"], r["share_with"])), Cell(text=env.t(levels[r["access"]])),
        Cell(badges=[Badge(env.t(_("On")), "green") if r["active"] else Badge(env.t(_("Off")))])],
                muted=not r["active"]) for r in found]
    columns = [Column(n, env.t(t)) for n, t in (("name", _("Rule")), ("type", _("Record type")),
                                                ("which", _("Which records")),
                                                ("with", _("Opened to")), ("access", _("Access")), ("on", _("State")))]
    return Panel(env.t(_("Sharing rules")), icon="share", wide=True, table=SimpleTable(columns, rows) if rows else None,
                 empty=EmptyState(env.t(_("No rules yet")),
                                  env.t(_("A rule opens records of some owners, or those that meet criteria.")), "share"))


def principals(env: Env) -> list[tuple[str, str]]:
    """(value, label) of everybody that records can be shared with: roles, roles with those below, teams, people."""
    found: list[tuple[str, str]] = []
    for kind, record in (("below", "base.role"), ("role", "base.role"), ("team", "base.team"), ("user", "base.user")):
        rows = env.query(record).order("name").select("name").rows(limit=1000)
        found += [(f"{kind}:{r['id']}", env.t(Message(WORDS[kind], {"name": r["name"]}))) for r in rows]
    return found


# ---------------------------------------------------------------- one rule
@pages.route("/admin/sharing/rules/new", methods=("GET", "POST"), area="sharing")
def new_rule(env: Env, request: Request) -> Response:
    """A new rule."""
    env.require("create", RULE)
    return _rule(env, request, 0, {"active": True, "access": "read", "kind": "owners"})


@pages.route("/admin/sharing/rules/<int:key>", methods=("GET", "POST"), area="sharing")
def rule(env: Env, request: Request, key: int) -> Response:
    """One rule."""
    found = env.get(RULE, key, "name", "record_type", "owners", "criteria", "share_with", "access", "active")
    return _rule(env, request, key, {**vars(found), "kind": "owners" if found.owners else "criteria"})


@pages.route("/admin/sharing/rules/<int:key>/delete", methods=("POST",), area="sharing")
def remove(env: Env, request: Request, key: int) -> Response:
    """Delete a rule; what it opened is closed at once."""
    env.delete(RULE, key)
    request.flash(env.t(_("Deleted.")))
    return request.redirect("/admin/sharing")


def _rule(env: Env, request: Request, key: int, row: dict[str, Any]) -> Response:
    url = f"/admin/sharing/rules/{key}" if key else "/admin/sharing/rules/new"
    errors: dict[str | None, list[str]] = {}
    if request.posted and request.value("do") != "check":
        values = _posted(request)
        try:
            with request.attempt():
                if key:
                    env.update(RULE, key, values)
                else:
                    env.create(RULE, values)
            request.flash(env.t(_("Saved.")))
            return request.redirect("/admin/sharing")
        except SarnakhError as error:
            found = error.by_field() if hasattr(error, "by_field") else {None: [error.message]}
            errors = {name: [env.t(m) for m in messages] for name, messages in found.items()}
    page = AdminPage("", form=_rule_form(env, request, url, row, errors))
    if key and env.can("delete", RULE):
        page.actions = [Action(env.t(_("Delete")), f"/admin/sharing/rules/{key}/delete", "trash", kind="post", style="danger",
                               confirm=env.t(_("Delete this rule? What it opened is closed at once.")))]
    return admin_page(env, request, row.get("name") or _("New sharing rule"), page, active="/admin/sharing",
                      status=422 if errors else 200)


def _posted(request: Request) -> dict[str, Any]:
    values: dict[str, Any] = {n: request.value(n).strip()[:4000] or None for n in NAMES if n != "kind"}
    values["owners" if request.value("kind") == "criteria" else "criteria"] = None
    values["active"] = request.value("active") == "1"
    return values


def _rule_form(env: Env, request: Request, url: str, row: dict[str, Any], errors: dict[str | None, list[str]]) -> FormPage:
    who = principals(env)

    def stored(name: str) -> str:
        return str(row.get(name) or "")

    fields = [
        text(env, request, "name", _("Name"), stored("name"), required=True, maxlength="200"),
        select(env, request, "record_type", _("Record type"), owned_types(env), stored("record_type")),
        select(env, request, "kind", _("Which records"),
               (("owners", _("Those that somebody owns")), ("criteria", _("Those that meet criteria"))),
               stored("kind"), kind="radio"),
        select(env, request, "owners", _("Owned by"), who, stored("owners"), required=False),
        text(env, request, "criteria", _("Criteria"), stored("criteria"), "code",
             help=_("An expression, such as: status == \"new\" and amount > 1000")),
        select(env, request, "share_with", _("Opened to"), who, stored("share_with")),
        select(env, request, "access", _("Access"), RULE_ACCESS, stored("access")),
        flag(env, request, "active", _("On"), bool(row.get("active")))]
    for field in fields:
        field.errors = errors.get(field.name, [])
        field.width = 2 if field.name in ("criteria", "kind") else 1
    made = FormPage("", url, [Section("rule", fields=fields)], errors=errors.get(None, []), cancel_url="/admin/sharing",
                    actions=[
        Action(env.t(_("Save")), kind="submit", style="primary"),
        Action(env.t(_("How many records?")), kind="submit", name="do", value="check")])
    criteria = next(f for f in fields if f.name == "criteria")
    record = request.value("record_type") if request.posted else stored("record_type")
    criteria.check_url = with_query("/admin/sharing/check", {"record_type": record})
    if request.posted and request.value("do") == "check":
        message, good = count_text(env, request.value("record_type"), _posted(request))
        if good:
            made.warnings.append(Flash(message, "info"))
        else:
            criteria.errors.append(message)
    return made


@pages.route("/admin/sharing/check", area="sharing")
def check(env: Env, request: Request) -> Response:
    """How many records criteria meet, for the script that asks while one types."""
    if not request.arg("value").strip():
        return request.json({"message": "", "level": "info"})
    message, good = count_text(env, request.arg("record_type"), {"criteria": request.arg("value")[:4000]})
    return request.json({"message": message, "level": "info" if good else "error"})


def count_text(env: Env, record: str, values: dict[str, Any]) -> tuple[str, bool]:
    """How many records a rule is about, in words; or what is wrong with it."""
    if record not in dict(owned_types(env)):
        return env.t(_("Choose a record type whose records have an owner.")), False
    try:
        with env.elevated("count what a sharing rule meets") as trusted:
            query = trusted.query(record)
            if values.get("criteria"):
                query = query.where(values["criteria"])
            elif values.get("owners"):
                query = query.where(F.owner.isin(members_of(trusted, values["owners"]) or [0]))
            count = query.count()
    except ExpressionError as error:
        return env.t(_("{problem} (at character {position})", problem=error.message, position=error.position + 1)), False
    except SarnakhError as error:
        return env.t(error.message), False
    if count > 1000:
        return env.t(_("This meets more than a thousand records.")), True
    return env.t(n_("This meets {count} record.", "This meets {count} records.", count)), True
