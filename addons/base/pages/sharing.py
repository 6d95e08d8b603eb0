"""Sharing: how far each record type is open to everybody, and the rules that open records to some."""

from __future__ import annotations

from typing import Any

from core.api import Env, Message, _
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    EmptyState,
    Matrix,
    MatrixCell,
    MatrixRow,
    Pages,
    Panel,
    Request,
    Response,
    Row,
    SimpleTable,
    admin_page,
)

pages = Pages("sharing")

RULE, DEFAULT = "base.sharing_rule", "base.access_default"
ACCESS: dict[str, Message] = {"private": _("Private"), "read": _("Everybody reads"), "write": _("Everybody reads and writes")}
RULE_ACCESS = (("read", _("Read")), ("write", _("Read and write")))
WORDS = {"user": _("{name}"), "role": _("Role {name}"), "below": _("Role {name} and below"), "team": _("Team {name}")}


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
        Cell(badges=[Badge(env.t(_("On", context="rule")), "green") if r["active"] else Badge(env.t(_("Off")))])],
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
