"""The tree of roles: who stands above whom, moved by choosing another place."""

from __future__ import annotations

from typing import Any

from core.api import Env, SarnakhError, _
from core.web_api import (
    Action,
    AdminPage,
    EmptyState,
    FieldView,
    FormPage,
    Option,
    Pages,
    Person,
    RecordForm,
    Request,
    Response,
    Section,
    TreeNode,
    admin_page,
)

pages = Pages("roles")

ROLE = "base.role"


@pages.route("/admin/roles", area="roles")
def roles(env: Env, request: Request) -> Response:
    """The tree with the people in each place."""
    rows = env.query(ROLE).order("name").select("name", "parent").rows()
    people: dict[int, list[Person]] = {}
    for one in env.query("base.user").order("name").select("name", "role").where("active").rows():
        if one["role"]:
            people.setdefault(one["role"].id, []).append(Person(one["name"], one["name"][:1]))
    below: dict[int | None, list[dict[str, Any]]] = {}
    known = {r["id"] for r in rows}
    for row in rows:
        below.setdefault(row["parent"].id if row["parent"] and row["parent"].id in known else None, []).append(row)
    page = AdminPage("", intro=env.t(_(
        "People in a role see what the people in the roles below it own, where a record type allows it.")))
    page.tree = [_node(env, r, below, people, 0) for r in below.get(None, [])]
    if not rows:
        page.empty = EmptyState(env.t(_("No roles yet")), icon="diagram-2")
    if env.can("create", ROLE):
        page.actions = [Action(env.t(_("New role")), "/admin/roles/new", "plus-lg", style="primary")]
    return admin_page(env, request, _("Roles"), page)


def _node(env: Env, row: dict[str, Any], below: dict[int | None, list[dict[str, Any]]],
          people: dict[int, list[Person]], depth: int) -> TreeNode:
    key = row["id"]
    made = TreeNode(env.t(row["name"]), f"/admin/roles/{key}", people=people.get(key, []))
    made.detail = env.format.number(len(made.people)) if made.people else ""
    if env.can("create", ROLE):
        made.actions = [Action(env.t(_("Add below")), f"/admin/roles/new?parent={key}", "plus-lg")]
    if depth < 100:
        made.children = [_node(env, r, below, people, depth + 1) for r in below.get(key, [])]
    return made


@pages.route("/admin/roles/new", methods=("GET", "POST"), area="roles")
def new(env: Env, request: Request) -> Response:
    """A role below another."""
    env.require("create", ROLE)
    return _edit(env, request, 0, "", request.arg_int("parent"))


@pages.route("/admin/roles/<int:key>", methods=("GET", "POST"), area="roles")
def role(env: Env, request: Request, key: int) -> Response:
    """Name and place of a role."""
    found = env.get(ROLE, key, "name", "parent")
    return _edit(env, request, key, found.name, found.parent.id if found.parent else 0)


def _edit(env: Env, request: Request, key: int, name: str, parent: int) -> Response:
    url = f"/admin/roles/{key}" if key else "/admin/roles/new"
    made = RecordForm(env, request, ROLE, ("name",), {"name": name})
    errors: list[str] = []
    if request.posted:
        values = {**made.values(), "parent": request.value_int("parent") or None}
        try:
            if not made.errors:
                with request.attempt():
                    if key:
                        env.update(ROLE, key, values)
                    else:
                        env.create(ROLE, values)
                request.flash(env.t(_("Saved.")))
                return request.redirect("/admin/roles")
        except SarnakhError as error:
            errors = made.take(error)
    chosen = str(request.value_int("parent") if request.posted else parent or "")
    above = FieldView("parent", env.t(_("Above it")), "select", chosen, placeholder=env.t(_("Nobody: the top")),
                      options=[Option(str(k), label, selected=str(k) == chosen) for k, label in _places(env, key)],
                      help=env.t(_("Choosing another role moves this one with everything below it.")))
    page = AdminPage("", form=FormPage("", url, [Section("m", columns=1, fields=[*made.fields(), above])], errors=errors,
                                       cancel_url="/admin/roles"))
    if key and env.can("delete", ROLE):
        page.actions = [Action(env.t(_("Delete")), f"/admin/roles/{key}/delete", "trash", kind="post", style="danger",
                               confirm=env.t(_("Delete this role?")))]
    return admin_page(env, request, name or _("New role"), page, active="/admin/roles",
                      status=422 if errors or made.errors else 200)


def _places(env: Env, key: int) -> list[tuple[int, str]]:
    """Roles that may stand above, indented by depth; not the role itself nor what is below it."""
    rows = env.query(ROLE).order("name").select("name", "parent").rows()
    found: list[tuple[int, str]] = []

    def walk(parent: int | None, depth: int) -> None:
        for row in rows:
            at = row["parent"].id if row["parent"] else None
            if at == parent and row["id"] != key and depth < 100:
                found.append((row["id"], "\u2003" * depth + env.t(row["name"])))
                walk(row["id"], depth + 1)
    walk(None, 0)
    return found


@pages.route("/admin/roles/<int:key>/delete", methods=("POST",), area="roles")
def remove(env: Env, request: Request, key: int) -> Response:
    """Delete a role that nobody has and nothing is below of."""
    env.delete(ROLE, key)
    request.flash(env.t(_("Deleted.")))
    return request.redirect("/admin/roles")


@pages.route("/admin/roles/<int:key>/move", methods=("POST",), area="roles")
def move(env: Env, request: Request, key: int) -> Response:
    """Put a role below another (or at the top): what dragging does."""
    env.update(ROLE, key, {"parent": request.value_int("parent") or None})
    request.flash(env.t(_("Moved.")))
    return request.redirect("/admin/roles")
