"""The page of one record: header, sections by layout, actions, related lists, timeline, files."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any
from urllib.parse import parse_qsl

from markupsafe import Markup

from core.env import Env
from core.errors import NotFound
from core.expressions import ast, to_python
from core.filing import FILE
from core.i18n.messages import _
from core.layouts import Node, text_in
from core.layouts.conditions import State
from core.layouts.links import fill_link
from core.records import locks
from core.records.fields import Field, Link
from core.registry.compose import RecordType
from core.web import files, lists, listviews, related, statuspath, timeline
from core.web.blocks import draw as blocks
from core.web.blocks.shown import Shown
from core.web.cells import value_cell
from core.web.formlayout import FormLayout, MakeBlock, Values, draw
from core.web.forms import form_for
from core.web.list_parts import editable_inline
from core.web.money import with_currencies
from core.web.people import person
from core.web.record_forms import load
from core.web.request import Request, same_page
from core.web.showing import hidden_actions, kind_row, label_of, layout_for, may_create, resolve
from core.web.timeline import FOLLOW
from core.web.urls import list_url, record_url, with_query
from core.web.viewmodels import (
    Action,
    Badge,
    Cell,
    FieldView,
    FileView,
    Flash,
    FormPage,
    RecordPage,
    Section,
)

FIGURES = 4


def build(env: Env, request: Request, rtype: RecordType, key: int, kind: str = "form", *, lazily: bool = True) -> RecordPage:
    """The view model of a record's page, by its layout `kind` ("print" for paper); not `lazily`, heavy blocks are drawn at once."""
    known = kind_row(env, rtype, key, "form", "card", kind)
    form = form_for(env, rtype, kind, row=known)
    form.put_away = hidden_actions(env, rtype, kind, known)
    card = layout_for(env, rtype, "card", known)
    row = load(env, rtype, key, _paths(env, rtype, form, card.field_names()))
    allowed = {op for op in ("update", "delete") if env.access.unlimited or key in env.allowed_ids(op, rtype.name, [key])}
    shut = env.locked(rtype.name, [key]).get(key, "")
    pens = locks.open_fields(rtype) if shut else set(rtype.fields)
    if "update" in allowed:
        allowed.add("attach")
    if shut:
        allowed -= {"update", "delete"}
    if "attach" not in allowed:
        pens = set()
    url = record_url(rtype.name, key)
    record = rtype.cls.from_row(dict(row))
    title = _title(env, rtype, record)
    shown = Shown(env, rtype, key, request)

    def block(node: Node) -> list[Any]:
        shown.url = f"{url}/block/{node.id}" if lazily else ""
        return blocks.placed(env, blocks.of_node(node), shown)

    page = RecordPage(rtype.name, key, title, _view_form(env, request, form, row, key, pens, block), url,
                      env.t(rtype.label), rtype.icon)
    nodes, states = form.layout.of_kind("block"), form.states(row)
    if nodes:
        page.blocks = [p for n in nodes if n.get("aside") and states[n.id].visible for p in block(n)]
        page.charts = blocks.has_charts(env, map(blocks.of_node, nodes))
    page.notices = [*([Flash(env.t(shut), "locked")] if shut else []), *_notices(env, rtype, row, url, allowed)]
    page.steps = statuspath.steps(env, rtype, row, url, pens)
    _header(env, rtype, row, page, card.field_names(), pens)
    _actions(env, rtype, row, record, page, allowed | ({"edit"} if pens else set()), form)
    _neighbours(env, request, rtype, key, page)
    page.related = [related.head(env, rtype, key, r, shut=bool(shut)) for r in related.relations(env, rtype, known)
                    if states.get(r.node.id, State()).visible]
    page.timeline = timeline.build(env, rtype, key, request.arg("t"))
    files_open = rtype.lock.files if shut and rtype.lock is not None else "free"
    page.files = attached(env, rtype, key, kept=files_open != "free")
    page.timeline.attach = (FILE in env.registry.records and env.can("create", FILE) and "attach" in allowed
                            and files_open != "none")
    if page.timeline.attach:
        page.file_upload_url = f"{url}/file"
    page.form.sections += _panels(env, rtype, record)
    page.links = _links(env, form, row, states)
    page.created = _stamp(env, row, "created", _("Created by {name} {when}"), _("Created {when}"))
    page.updated = _stamp(env, row, "updated", _("Changed by {name} {when}"), _("Changed {when}"))
    return page


def block_of(env: Env, rtype: RecordType, key: int, name: str) -> dict[str, Any]:
    """A block of a record's page by its id; NotFound for one that this reader does not have there."""
    form = form_for(env, rtype, row=kind_row(env, rtype, key, "form"))
    row = load(env, rtype, key, form.paths())
    node = next((n for n in form.layout.of_kind("block") if n.id == name), None)
    if node is None or not form.states(row)[name].visible:
        raise NotFound
    return blocks.of_node(node)


def _paths(env: Env, rtype: RecordType, form: FormLayout, card: tuple[str, ...]) -> list[str]:
    wanted = [*form.paths(), *with_currencies(env, rtype, card), "created_at", "created_by", "updated_at", "updated_by"]
    if rtype.owned:
        wanted.append("owner")
    status = statuspath.status_field(env, rtype)
    if status is not None:
        wanted += [status.name, *getattr(status, "beside", ())]
    for action in rtype.actions.values():
        if action.where is not None:
            wanted += ast.paths(env.registry.node(rtype.name, action.where))
    known = ((p, resolve(env, rtype, p)) for p in dict.fromkeys(wanted))
    return [p for p, found in known if found and found[1].type_name != "children" or p == "version"]


# ---------------------------------------------------------------- sections
def _title(env: Env, rtype: RecordType, record: Any) -> str:
    """The record's name, in the reader's language where it has one."""
    if getattr(rtype.fields.get(rtype.title), "spoken", ""):
        return env.labels(rtype.name, [record.id]).get(record.id) or str(record.display_title())
    return str(record.display_title())


def _view_form(env: Env, request: Request, form: FormLayout, row: dict[str, Any], key: int, pens: Set[str],
               block: MakeBlock | None = None) -> FormPage:
    rtype = form.rtype

    def make(field: Field, node: Node, state: State) -> FieldView:
        made = field_reading(env, rtype, field, node, row)
        if field.name in pens and not state.readonly and "." not in node.id and editable_inline(env, rtype, field):
            made.edit_url = f"{record_url(rtype.name, key)}/field/{field.name}"
        return made

    page = FormPage("", "", mode="view", record=rtype.name, record_id=key, version=int(row["version"]))
    page.sections, page.tabs = draw(form, form.states(row), make, live=False, block=None if block is None else lambda node: (
        [] if node.get("aside") else block(node)))
    for section in page.sections:  # line items are edited in the form; here related lists show them
        section.fields = [f for f in section.fields if f.kind != "children"]
    page.sections = [s for s in page.sections if s.fields or s.panels]
    chosen = request.arg("tab")
    for tab in page.tabs:
        tab.url = same_page(request, tab=tab.id)
        tab.active = tab.id == chosen
    if page.tabs and any(not s.tab for s in page.sections):
        first = type(page.tabs[0])("", env.t(_("Overview")), url=same_page(request, tab=""),
                                   active=not any(t.active for t in page.tabs))
        page.tabs.insert(0, first)
        for section in page.sections:
            section.tab = section.tab or "overview"
        first.id = "overview"
    elif page.tabs and not any(t.active for t in page.tabs):
        page.tabs[0].active = True
    return page


def field_reading(env: Env, rtype: RecordType, field: Field, node: Node, row: Mapping[str, Any]) -> FieldView:
    """A field to be read."""
    said = node.get("label") or (label_of(env, rtype, node.id) if "." in node.id else field.label)
    made = FieldView(node.id, text_in(said, env.lang, env.t), field.type_name)
    made.display = value_cell(env, field, row.get(node.id), dict(row), node.id)
    made.width = int(node.get("span") or (2 if field.type_name in ("richtext", "longtext") else 1))
    return made


def _panels(env: Env, rtype: RecordType, record: Any) -> list[Section]:
    found = env.registry.collected("record_panels", env=env, record_name=rtype.name, record=record)
    return [Section(f"panel-{i}", env.t(p.title), html=Markup(p.html), tab="")  # noqa: S704 - the addon's own template
            for i, p in enumerate(sorted(found, key=lambda p: p.order))]


# ---------------------------------------------------------------- header
def _header(env: Env, rtype: RecordType, row: dict[str, Any], page: RecordPage, card: tuple[str, ...],
            pens: Set[str]) -> None:
    owner = row.get("owner")
    if rtype.owned and isinstance(owner, Link):
        page.owner = person(owner.id, owner.label or env.t(_("Somebody")))
        if "owner" in pens and env.can("transfer", rtype.name):
            page.owner_action = Action(env.t(_("Change owner")), f"{page.url}/owner", "pencil", kind="dialog")
    if row.get("archived"):
        page.badges.append(Badge(env.t(_("Archived")), "grey", "archive"))
    status = statuspath.status_field(env, rtype)
    for name in card:
        known = resolve(env, rtype, name)
        if known is None or name in (rtype.title, "owner") or known[1] is status or len(page.figures) >= FIGURES:
            continue
        cell = value_cell(env, known[1], row.get(name), row, name)
        if cell.text and known[1].type_name not in ("longtext", "richtext", "image", "file"):
            page.figures.append(Cell(cell.kind, cell.text, cell.url, cell.colour, env.t(known[1].label), cell.dir,
                                     badges=cell.badges))


def _stamp(env: Env, row: Mapping[str, Any], which: str, named: Any, plain: Any) -> str:
    moment, who = row.get(f"{which}_at"), row.get(f"{which}_by")
    if moment is None:
        return ""
    when = env.format.relative(moment, env.now)
    name = who.label if isinstance(who, Link) else None
    return env.t(_(str(named), name=name, when=when) if name else _(str(plain), when=when))


def _notices(env: Env, rtype: RecordType, row: Mapping[str, Any], url: str, allowed: set[str]) -> list[Flash]:
    if not row.get("archived"):
        return []
    back = Action(env.t(_("Bring back")), f"{url}/archive", "archive", kind="post", fields={"archived": "0"})
    return [Flash(env.t(_("This record is archived: it leaves lists and pickers.")), "info",
                  back if "update" in allowed else None)]


# ---------------------------------------------------------------- actions
def _actions(env: Env, rtype: RecordType, row: dict[str, Any], record: Any, page: RecordPage, allowed: set[str],
             form: FormLayout) -> None:
    url = page.url
    found = [Action(env.t(a.label), a.url, a.icon, kind=a.kind, style="primary" if a.primary else "",
                    confirm=env.t(a.confirm) if a.confirm else "", title=env.t(a.help) if a.help else "")
             for a in env.registry.collected("record_actions", env=env, record_name=rtype.name, record=record)]
    states = form.states(row)
    buttons = {n.get("action"): n for n in form.layout.of_kind("button")}
    hidden = {name for name, n in buttons.items() if not states.get(n.id, State()).visible} | form.put_away
    order = {name: place for place, name in enumerate(buttons)}
    for action in sorted(rtype.actions.values(), key=lambda a: order.get(a.name, len(order))):
        if action.name not in hidden and _fits(env, rtype, action, row) and env.can_run(rtype.name, action.name) and (
                action.needs == "read" or action.needs in allowed or action.needs not in ("update", "delete")):
            said = buttons[action.name].props if action.name in buttons else {}
            confirm = said.get("confirm") or action.confirm
            found.append(Action(text_in(said.get("label") or action.label, env.lang, env.t), f"{url}/run/{action.name}",
                                said.get("icon") or action.icon, kind="post",
                                style=_style(said.get("style") or ("primary" if action.primary else "plain")),
                                confirm=text_in(confirm, env.lang, env.t) if confirm else ""))
    found.sort(key=lambda a: a.style != "primary")
    if "edit" in allowed:
        found.insert(1 if found and found[0].style == "primary" else 0,
                     Action(env.t(_("Edit")), f"{url}/edit", "pencil", shortcut="e", id="edit"))
    page.actions = found
    page.menu = _menu(env, rtype, row, url, allowed)
    page.presence_url = f"{url}/presence"
    if FOLLOW in env.registry.records and env.can("create", FOLLOW):
        following, page.followers = followers(env, rtype, page.id)
        page.follow = Action(env.t(_("Stop following") if following else _("Follow")), f"{url}/follow",
                             "bell-fill" if following else "bell", kind="post", active=following)


def _style(chosen: str) -> str:
    return "" if chosen == "plain" else chosen


def _fits(env: Env, rtype: RecordType, action: Any, row: Mapping[str, Any]) -> bool:
    if action.where is None:
        return True
    run = to_python(env.registry.node(rtype.name, action.where, "flag"))
    return bool(run(Values(row), env.context))


def _menu(env: Env, rtype: RecordType, row: Mapping[str, Any], url: str, allowed: set[str]) -> list[Action]:
    made = []
    if may_create(env, rtype):
        made.append(Action(env.t(_("Clone")), f"{url}/clone", "copy"))
    if "attach" in allowed and rtype.owned and env.can("share", rtype.name):
        made.append(Action(env.t(_("Share…")), f"{url}/share", "share", kind="dialog"))
    made += [Action(env.t(_("Print")), f"{url}/print", "printer"), Action(env.t(_("History")), f"{url}/history", "clock-history")]
    if "update" in allowed:
        archived = bool(row.get("archived"))
        made.append(Action(env.t(_("Bring back") if archived else _("Archive")), f"{url}/archive", "archive", kind="post",
                           fields={"archived": "0" if archived else "1"}))
    if "delete" in allowed:
        made += [Action("", kind="divider"), Action(env.t(_("Delete")), f"{url}/delete", "trash", kind="post", style="danger")]
    return made


def followers(env: Env, rtype: RecordType, key: int) -> tuple[bool, list[Any]]:
    """Whether the reader follows a record, and who else does."""
    rows = timeline.about(env, FOLLOW, rtype.name, key).select("user").order("id").rows(limit=20)
    people = [person(r["user"].id, r["user"].label or "") for r in rows if r["user"] and r["user"].label]
    return any(r["user"] and r["user"].id == env.actor.id for r in rows), people


def _links(env: Env, form: FormLayout, row: Mapping[str, Any], states: Mapping[str, State]) -> list[Action]:
    found = []
    for node in form.layout.of_kind("link"):
        href = fill_link(node.get("href", ""), row)
        if href is not None and states[node.id].visible:
            found.append(Action(text_in(node.get("label"), env.lang, env.t), href, node.get("icon") or "box-arrow-up-right"))
    return found


def attached(env: Env, rtype: RecordType, key: int, kept: bool = False) -> list[FileView]:
    """Files that hang on a record, newest first; `kept`: its lock keeps them."""
    if FILE not in env.registry.records or not env.can("read", FILE):
        return []
    rows = timeline.about(env, FILE, rtype.name, key).order("-created_at").select(
        "name", "size", "media_type", "created_at", "created_by").rows(limit=50)
    base = record_url(rtype.name, key)
    return [FileView(r["name"], f"/files/{r['id']}", env.format.filesize(r["size"]), r["media_type"] or "",
                     files.icon_of(r["media_type"] or ""), thumbnail_url=f"/files/{r['id']}?inline=1"
                     if (r["media_type"] or "").startswith("image/") and r["media_type"] in files.SHOWN else "",
                     by=(r["created_by"].label or "") if r["created_by"] else "",
                     when=env.format.relative(r["created_at"], env.now),
                     delete=Action(env.t(_("Delete")), f"{base}/file/{r['id']}/delete", "trash", kind="post", style="danger",
                                   confirm=env.t(_("Delete this file?")))
                     if not kept and (r["created_by"] and r["created_by"].id == env.actor.id or env.access.unlimited) else None)
            for r in rows]


# ---------------------------------------------------------------- neighbours
def _neighbours(env: Env, request: Request, rtype: RecordType, key: int, page: RecordPage) -> None:
    """The records before and after this one in the list one came from (`l` in the address is that list's query)."""
    context = request.arg("l")[:6000]
    pairs = parse_qsl(context, max_num_fields=60) if context else []
    views = listviews.views_of(env, rtype.name) if any(k == "view" for k, _v in pairs) else []
    made = lists.listing(env, rtype, pairs, views)
    page.back_url = made.state.url() if context else list_url(rtype.name)
    suffix = with_query("", {"l": context})
    for name, token in zip(("next_url", "previous_url"), made.query.tokens_of(key) or (), strict=False):
        found = made.query.select("id").page(1, token).rows
        if found:
            setattr(page, name, record_url(rtype.name, found[0]["id"]) + suffix)
