"""The recycle bin: what was deleted, by record type, to bring back or to delete for good."""

from __future__ import annotations

from sqlalchemy import exists, select

from core.env import Env
from core.errors import AccessDenied
from core.i18n.messages import _, n_
from core.registry.compose import RecordType
from core.web import lists
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.urls import with_query
from core.web.viewmodels import Action, AdminPage, Cell, Column, Crumb, EmptyState, Row, SimpleTable, Tab

pages = Pages("bin")

SIZE = 50
HIDDEN = frozenset({"base.view", "base.follow", "base.note"})


def _types(env: Env) -> list[RecordType]:
    found = [t for n, t in env.registry.records.items() if n not in HIDDEN and env.can("read", n) and env.can("delete", n)]
    return sorted(found, key=lambda t: env.t(t.plural))


def _filled(env: Env, types: list[RecordType]) -> list[RecordType]:
    """Those of which anything was deleted at all, by whomever: one statement, so that only these are counted as the reader sees
    them."""
    held = [exists(select(1).where(t.table.c.deleted_at.is_not(None))) for t in types]
    row = env.execute(select(*held)).one() if held else ()
    return [rtype for rtype, is_held in zip(types, row, strict=True) if is_held]


@pages.route("/bin")
def overview(env: Env, request: Request) -> Response:
    """How much lies in the bin, by record type."""
    found = []
    for rtype in _filled(env, _types(env)):
        count = env.query(rtype.name).deleted(True).archived(None).for_operation("delete").count(99)
        if count:
            found.append((rtype, count))
    rows = [Row(i, f"/bin/{t.name}", [Cell("title", env.t(t.plural), f"/bin/{t.name}"),
                                      Cell("integer", env.format.number(min(n, 99)) + ("+" if n > 99 else ""))])
            for i, (t, n) in enumerate(found)]
    heads = [Column("type", env.t(_("Kind"))), Column("count", env.t(_("Deleted")), align="end")]
    title = env.t(_("Recycle bin"))
    model = AdminPage(title, env.t(_("What is deleted waits here and can be brought back.")),
                      table=SimpleTable(heads, rows, caption=title, empty=EmptyState(env.t(_("The bin is empty")), icon="trash")))
    return request.render("admin/page.html", model, title=title)


@pages.route("/bin/<record>")
def deleted(env: Env, request: Request, record: str) -> Response:
    """Deleted records of one type."""
    rtype = lists.record_type(env, record)
    env.require("delete", record)
    query = env.query(record).deleted(True).archived(None).for_operation("delete").order("-deleted_at")
    names = [rtype.title] if env.access.readable(record, rtype.title) else []
    page = query.select(*names, "deleted_at", "updated_by").page(SIZE, request.arg("after") or request.arg("before") or None)
    rows, actions = [], {}
    for row in page.rows:
        who = row["updated_by"]
        rows.append(Row(row["id"], "", [
            Cell("text", str((row.get(rtype.title) if names else None) or f"#{row['id']}"), dir="auto"),
            Cell("datetime", env.format.datetime(row["deleted_at"])), Cell("text", (who.label or "") if who else "")]))
        one = f"/bin/{record}/{row['id']}"
        actions[row["id"]] = _choices(env, one)
    heads = [Column("name", env.t(rtype.label)), Column("at", env.t(_("Deleted"))), Column("by", env.t(_("By")))]
    title = env.t(_("Deleted {records}", records=rtype.plural))
    table = SimpleTable(heads, rows, actions, title, EmptyState(env.t(_("Nothing here")), icon="trash"),
                        with_query(request.path, {"after": page.next or ""}) if page.next else "",
                        with_query(request.path, {"before": page.previous or ""}) if page.previous else "")
    menu = [Tab(t.name, env.t(t.plural), url=f"/bin/{t.name}", active=t.name == record, icon=t.icon) for t in _types(env)]
    model = AdminPage(title, table=table, menu=menu, menu_title=env.t(_("Recycle bin")))
    return request.render("admin/page.html", model, title=title, crumbs=[Crumb(env.t(_("Recycle bin")), "/bin")])


def _choices(env: Env, url: str) -> list[Action]:
    found = [Action(env.t(_("Bring back")), url, "arrow-counterclockwise", kind="post", fields={"do": "restore"})]
    if may_purge(env):
        found.append(Action(env.t(_("Delete for good")), url, "x-octagon", kind="post", style="danger", fields={"do": "purge"},
                            confirm=env.t(_("Delete this for good? Nothing brings it back."))))
    return found


def may_purge(env: Env) -> bool:
    """Whether the person may delete for good: administrators of the settings."""
    return env.access.area("settings")


@pages.route("/bin/<record>/<int:key>", methods=("POST",))
def decide(env: Env, request: Request, record: str, key: int) -> Response:
    """Bring a record back, or delete it for good."""
    lists.record_type(env, record)
    if request.value("do") == "purge":
        if not may_purge(env):
            raise AccessDenied(_("Only administrators delete for good."))
        env.purge(record, key)
        request.flash(env.t(_("Deleted for good.")))
        return request.redirect(f"/bin/{record}")
    count = env.restore(record, key)
    request.flash(env.t(n_("{shown} record is back.", "{shown} records are back.", count, shown=env.format.number(count))))
    return request.redirect(f"/r/{record}/{key}")
