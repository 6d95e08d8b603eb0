"""What programs can do, for people: record types with their fields and addresses, as far as the reader may see them."""

from __future__ import annotations

from core.api import Env, NotFound, _
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    Panel,
    Request,
    Response,
    Row,
    SimpleTable,
    WorkItem,
    settings_page,
    with_query,
)

from . import console_pages
from .openapi_pages import answer_document
from .openapi_paths import general_paths, record_paths
from .rest_meta import described_field, types_of
from .rest_shape import is_told
from .site import pages

URL = "/x/api/docs"
GENERAL = "general"
METHODS = {"get": "blue", "post": "green", "put": "orange", "patch": "orange", "delete": "red"}


@pages.route("/docs")
def overview(env: Env, request: Request) -> Response:
    """The record types, by addon."""
    groups: dict[str, list[WorkItem]] = {}
    for name in types_of(env):
        rtype = env.registry.record(name)
        groups.setdefault(rtype.addon, []).append(WorkItem(env.t(rtype.plural), f"{URL}/{name}", name, icon=rtype.icon))
    page = AdminPage("", intro=env.t(_("Other programs reach every record under /api/v1, with a token and the rights of its user.")))
    page.actions = [
        Action(env.t(_("Addresses of all types")), f"{URL}/{GENERAL}", "signpost-2", style="primary"),
        Action(env.t(_("Try requests")), console_pages.URL, "terminal"), Action("OpenAPI 3.1", "/x/api/openapi.json", "filetype-json")]
    for addon, items in groups.items():
        manifest = env.registry.addons[addon].manifest if addon in env.registry.addons else None
        page.panels.append(Panel(env.t(manifest.title) if manifest else addon, items=items))
    return settings_page(env, request, _("API"), page)


@pages.route("/docs/<record>")
def one_type(env: Env, request: Request, record: str) -> Response:
    """The addresses and fields of one record type."""
    if record != GENERAL and record not in types_of(env):
        raise NotFound()
    rtype = env.registry.records.get(record)
    title = env.t(rtype.plural) if rtype is not None else env.t(_("Addresses of all types"))
    page = AdminPage("", intro=env.t(rtype.label) if rtype is not None else "")
    page.actions = [Action(env.t(_("All record types")), URL, "arrow-left"),
                    Action(env.t(_("Try requests")), _try("get", f"/records/{record}" if rtype is not None else ""), "terminal")]
    page.panels.append(Panel(env.t(_("Addresses")), table=_operations(env, record), wide=True))
    if rtype is not None:
        page.panels.append(Panel(env.t(_("Fields")), table=_fields(env, record), wide=True))
    return settings_page(env, request, title, page)


def _operations(env: Env, record: str) -> SimpleTable:
    """What may be asked, each with its parameters."""
    rows: list[Row] = []
    paths = general_paths(env, types_of(env)) if record == GENERAL else record_paths(env, record)
    for path, item in paths.items():
        for method, one in item.items():
            if method in METHODS:
                named = [p["name"] for p in one.get("parameters", ())]
                rows.append(Row(len(rows), "", [
                    Cell(badges=[Badge(method.upper(), METHODS[method])]),
                    Cell("title", f"/api/v1{path or '/'}", _try(method, path), dir="ltr"),
                    Cell(text=one["summary"], dir="auto"), Cell(text=" ".join(named), dir="ltr")]))
    return SimpleTable([Column("method", ""), Column("path", env.t(_("Address"))), Column("does", env.t(_("Does"))),
                        Column("parameters", env.t(_("Parameters")))], rows, caption=env.t(_("Addresses")))


def _try(method: str, path: str) -> str:
    """The console with this request; the parts in braces are still to be filled in."""
    return with_query(console_pages.URL, {"method": method.upper(), "path": f"/api/v1{path}"})


def _fields(env: Env, record: str) -> SimpleTable:
    rows = []
    told = [f for f in env.registry.record(record).fields.values() if is_told(env, record, f)]
    for i, field in enumerate(told):
        one = described_field(env, field)
        about = [Badge(env.t(_("required")), "amber")] if one["required"] else []
        about += [] if one["writable"] else [Badge(env.t(_("read-only")))]
        kind = one["type"] + (f" → {one['target']}" if "target" in one else "")
        rows.append(Row(i, "", [Cell(text=one["name"], dir="ltr"), Cell(text=one["label"]), Cell(text=kind, dir="ltr"),
                                Cell(badges=about)]))
    heads = [Column("name", env.t(_("Name"))), Column("label", env.t(_("Label"))), Column("type", env.t(_("Type"))), Column("about", "")]
    return SimpleTable(heads, rows, caption=env.t(_("Fields")))


@pages.route("/openapi.json")
def for_people(env: Env, request: Request) -> Response:
    """The document as a download for who is signed in."""
    return answer_document(env, request)
