"""Addresses of one record besides its forms: its page, print, card, related lists, notes, files, steps, actions, fate."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from markupsafe import escape

from core.env import Env
from core.errors import NotFound, SarnakhError
from core.expressions import F
from core.filing import FILE
from core.i18n.messages import Message, _
from core.records.fields import USER
from core.security.shares import share, shares_of, unshare
from core.web import files, lists, record_page, related, timeline
from core.web.cells import value_cell
from core.web.list_pages import dialog
from core.web.money import with_currencies
from core.web.pages import Pages
from core.web.people import principal_names
from core.web.record_forms import load, require_open, require_update
from core.web.request import Request, Response
from core.web.showing import kind_row, label_of, layout_for, resolve
from core.web.statuspath import status_field
from core.web.timeline import FOLLOW, NOTE
from core.web.urls import is_local, list_url, record_url
from core.web.viewmodels import (
    Action,
    BusinessCard,
    Cell,
    Column,
    Crumb,
    Dialog,
    FieldView,
    FormPage,
    Option,
    Row,
    Section,
    SimpleTable,
)

pages = Pages("records")


def _again(request: Request, record: str, key: int) -> str:
    """The record's page as one left it: with the tab one was on and the list one came from."""
    url, before = record_url(record, key), urlsplit(request.raw.headers.get("Referer", ""))
    return f"{url}?{before.query}" if before.query and before.path == url else url


@pages.route("/r/<record>/<int:key>")
def show(env: Env, request: Request, record: str, key: int) -> Response:
    """A record."""
    rtype = lists.record_type(env, record)
    model = record_page.build(env, request, rtype, key)
    request.recent = (record, key)
    crumbs = [Crumb(env.t(rtype.plural), model.back_url or list_url(record)), Crumb(model.title)]
    return request.render("record.html", model, title=model.title, crumbs=crumbs, active=record)


@pages.route("/r/<record>/<int:key>/print")
def on_paper(env: Env, request: Request, record: str, key: int) -> Response:
    """A record on paper."""
    rtype = lists.record_type(env, record)
    kind = "print" if env.registry.has_layout(record, "print") else "form"
    model = record_page.build(env, request, rtype, key, kind, lazily=False)
    model.related = [related.build(env, rtype, key, r) for r in related.relations(env, rtype, kind_row(env, rtype, key, "form"))]
    model.form.tabs = []
    return request.render("print.html", model, title=model.title)


@pages.route("/card/<record>/<int:key>")
def card(env: Env, request: Request, record: str, key: int) -> Response:
    """The business card of a record."""
    rtype = lists.record_type(env, record)
    layout = layout_for(env, rtype, "card", kind_row(env, rtype, key, "card"))
    names = [n for n in layout.field_names() if resolve(env, rtype, n)]
    row = load(env, rtype, key, with_currencies(env, rtype, [rtype.title, *names, "archived"]))
    model = BusinessCard(str(row.get(rtype.title) or f"#{key}"), record_url(record, key), env.t(rtype.label), rtype.icon)
    for name in names:
        known = resolve(env, rtype, name)
        if known is not None and name != rtype.title:
            model.cells.append((label_of(env, rtype, name), value_cell(env, known[1], row.get(name), row, name)))
    if request.fragment:
        return request.render_fragment("fragments/card.html", model)
    return request.redirect(model.url)


@pages.route("/r/<record>/<int:key>/related/<name>")
def related_list(env: Env, request: Request, record: str, key: int, name: str) -> Response:
    """One related list."""
    rtype = lists.record_type(env, record)
    env.get(record, key, "id")
    relation = related.one(env, rtype, key, name)
    if not request.fragment:
        return request.redirect(related.head(env, rtype, key, relation).url or record_url(record, key))
    return request.render_fragment("fragments/related.html", related.build(env, rtype, key, relation))


@pages.route("/r/<record>/<int:key>/timeline")
def older(env: Env, request: Request, record: str, key: int) -> Response:
    """Older entries of the timeline."""
    rtype = lists.record_type(env, record)
    env.get(record, key, "id")
    model = timeline.build(env, rtype, key, request.arg("t"), request.arg("before"))
    if not request.fragment:
        return request.redirect(record_url(record, key))
    return request.render_fragment("fragments/timeline.html", model)


@pages.route("/r/<record>/<int:key>/history")
def history(env: Env, request: Request, record: str, key: int) -> Response:
    """The whole history of a record as a table."""
    rtype = lists.record_type(env, record)
    label = env.labels(record, [key])
    env.get(record, key, "id")
    model = timeline.build(env, rtype, key, "change", request.arg("before"))
    rows = []
    for i, entry in enumerate(model.entries):
        what = timeline.changes_text(env, entry.changes)
        rows.append(Row(i, "", [Cell("text", entry.when_exact), Cell("text", entry.who.name if entry.who else ""),
                                Cell("text", entry.title), Cell("longtext", what, dir="auto")]))
    heads = [Column("at", env.t(_("When")), "datetime"), Column("who", env.t(_("Who"))), Column("what", env.t(_("What"))),
             Column("changes", env.t(_("Changes")))]
    next_url = model.next_url.replace("/timeline?", "/history?") if model.next_url else ""
    table = SimpleTable(heads, rows, caption=env.t(_("History")), next_url=next_url)
    title = env.t(_("History of {name}", name=label.get(key, f"#{key}")))
    crumbs = [Crumb(env.t(rtype.plural), list_url(record)), Crumb(label.get(key, f"#{key}"), record_url(record, key))]
    return request.render("dialog.html", Dialog(title, table=table, wide=True), title=title, crumbs=crumbs, active=record)


# ---------------------------------------------------------------- notes, files, following
@pages.route("/r/<record>/<int:key>/note", methods=("POST",))
def add_note(env: Env, request: Request, record: str, key: int) -> Response:
    """Write a note, with mentions and files."""
    rtype = lists.record_type(env, record)
    env.get(record, key, "id")
    body = request.value("body").strip()[:50_000]
    if body and NOTE in env.registry.records:
        html = "<p>" + str(escape(body)).replace("\r\n", "\n").replace("\n", "<br>") + "</p>"
        mentions = env.visible_ids(USER, [int(v) for v in request.values("mention")[:50] if v.isdecimal() and len(v) < 18])
        env.create(NOTE, {"about": (record, key), "body": html, "mentions": mentions})
    _store_all(env, request, record, key)
    if not request.fragment:
        return request.redirect(_again(request, record, key))
    return request.render_fragment("fragments/timeline.html", timeline.build(env, rtype, key))


def _store_all(env: Env, request: Request, record: str, key: int) -> None:
    for upload in request.uploads("file")[:20]:
        try:
            files.store(env, upload, about=(record, key))
        except ValueError as error:
            raise SarnakhError(error.args[0]) from None


@pages.route("/r/<record>/<int:key>/note/<int:note>", methods=("POST",))
def delete_note(env: Env, request: Request, record: str, key: int, note: int) -> Response:
    """Take a note back."""
    lists.record_type(env, record)
    if not timeline.about(env, NOTE, record, key).with_ids([note]).exists():
        raise NotFound
    env.delete(NOTE, note)
    request.flash(env.t(_("Deleted.")), undo=env.batch)
    return request.redirect(_again(request, record, key))


@pages.route("/r/<record>/<int:key>/file", methods=("POST",))
def add_file(env: Env, request: Request, record: str, key: int) -> Response:
    """Attach files to a record."""
    lists.record_type(env, record)
    env.get(record, key, "id")
    env.require("create", FILE)
    _store_all(env, request, record, key)
    return request.redirect(_again(request, record, key))


@pages.route("/r/<record>/<int:key>/file/<int:file>/delete", methods=("POST",))
def delete_file(env: Env, request: Request, record: str, key: int, file: int) -> Response:
    """Take an attached file away."""
    lists.record_type(env, record)
    if not timeline.about(env, FILE, record, key).with_ids([file]).exists():
        raise NotFound
    env.delete(FILE, file)
    request.flash(env.t(_("Deleted.")), undo=env.batch)
    return request.redirect(_again(request, record, key))


@pages.route("/r/<record>/<int:key>/follow", methods=("POST",))
def follow(env: Env, request: Request, record: str, key: int) -> Response:
    """Follow a record, or stop."""
    lists.record_type(env, record)
    env.get(record, key, "id")
    mine = timeline.about(env, FOLLOW, record, key).where(F.user == env.actor.id).ids()
    if mine:
        env.delete(FOLLOW, mine)
    else:
        env.create(FOLLOW, {"about": (record, key), "user": env.actor.id})
    return request.redirect(request.next_url(_again(request, record, key)))


# ---------------------------------------------------------------- steps, actions, fate
@pages.route("/r/<record>/<int:key>/step", methods=("POST",))
def step(env: Env, request: Request, record: str, key: int) -> Response:
    """Move a record along its status path."""
    rtype = lists.record_type(env, record)
    field = status_field(env, rtype)
    if field is None:
        raise NotFound
    version = request.value_int("version")
    env.get(record, key, "id")
    env.update(record, key, {field.name: request.value("value")}, {key: version} if version else None)
    request.flash(env.t(_("Saved.")), undo=env.batch)
    return request.redirect(request.next_url(_again(request, record, key)))


@pages.route("/r/<record>/<int:key>/run/<action>", methods=("POST",))
def run(env: Env, request: Request, record: str, key: int, action: str) -> Response:
    """Run an action of the record type."""
    lists.record_type(env, record)
    env.get(record, key, "id")
    result = env.run_action(record, action, [key])
    if isinstance(result, Message):
        request.flash(env.t(result), undo=env.batch)
    elif isinstance(result, str) and is_local(result):
        return request.redirect(result)
    else:
        request.flash(env.t(_("Done.")), undo=env.batch)
    return request.redirect(_again(request, record, key))


@pages.route("/r/<record>/<int:key>/archive", methods=("POST",))
def archive(env: Env, request: Request, record: str, key: int) -> Response:
    """Archive a record, or bring it back."""
    lists.record_type(env, record)
    archived = request.value("archived", "1") == "1"
    env.archive(record, key, archived)
    request.flash(env.t(_("Archived.") if archived else _("Brought back.")), undo=env.batch)
    return request.redirect(_again(request, record, key))


@pages.route("/r/<record>/<int:key>/delete", methods=("POST",))
def delete(env: Env, request: Request, record: str, key: int) -> Response:
    """Put a record into the recycle bin."""
    rtype = lists.record_type(env, record)
    env.delete(record, key)
    request.flash(env.t(_("{record} is in the recycle bin.", record=rtype.label)), undo=env.batch)
    return request.redirect(list_url(record))


@pages.route("/r/<record>/<int:key>/owner", methods=("GET", "POST"))
def owner(env: Env, request: Request, record: str, key: int) -> Response:
    """Hand a record over to somebody else."""
    rtype = lists.record_type(env, record)
    row = load(env, rtype, key, ["owner", "version"])
    require_open(env, record, key, "owner")
    env.require("transfer", record)
    must = rtype.field("owner").required
    if request.posted and (request.value("owner") or not must):
        env.update(record, key, {"owner": request.value("owner") or None})
        request.flash(env.t(_("The owner was changed.")), undo=env.batch)
        visible = env.visible_ids(record, [key])
        return request.redirect(request.next_url(record_url(record, key)) if visible else list_url(record))
    chosen = [Option(str(row["owner"].id), row["owner"].label or "")] if row["owner"] else []
    field = FieldView("owner", env.t(_("Owner")), "user", selected=chosen, lookup_url=f"/lookup/{USER}", required=must)
    title = env.t(_("Change owner"))
    form = FormPage(title, f"{record_url(record, key)}/owner", [Section("main", columns=1, fields=[field])],
                    hidden={"next": request.next_url()} if request.next_url("") else {},
                    actions=[Action(title, kind="submit", style="primary")])
    return dialog(request, Dialog(title, form=form))


# ---------------------------------------------------------------- sharing by hand
@pages.route("/r/<record>/<int:key>/share", methods=("GET", "POST"))
def sharing(env: Env, request: Request, record: str, key: int) -> Response:
    """Share one record with a person, role or team, and see with whom it is shared."""
    rtype = lists.record_type(env, record)
    load(env, rtype, key, ["version"])
    require_update(env, record, key)
    env.require("share", record)
    if request.posted:
        if request.value("take_back"):
            unshare(env, record, [key], request.value("take_back")[:60])
            request.flash(env.t(_("No longer shared.")))
        else:
            access = 2 if request.value("access") == "write" else 1
            share(env, record, [key], _principal(request), access, _expiry(env, request))
            request.flash(env.t(_("Shared.")))
        return request.redirect(_again(request, record, key))
    return dialog(request, _share_dialog(env, request, record, key))


def _principal(request: Request) -> str:
    for kind, name in (("user", "user"), ("team", "team"), ("below", "role")):
        if request.value(name).isdecimal():
            return f"{kind}:{int(request.value(name)[:18])}"
    raise SarnakhError(_("Choose with whom to share."))


def _expiry(env: Env, request: Request) -> dt.datetime | None:
    text = request.value("until").strip()
    if not text:
        return None
    try:
        day = env.format.parse_date(text)
    except ValueError as error:
        raise SarnakhError(error.args[0]) from None
    try:
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), env.tz).astimezone(dt.UTC)
    except OverflowError:
        return None  # the end of the calendar is without an end


def _share_dialog(env: Env, request: Request, record: str, key: int) -> Dialog:
    url = f"{record_url(record, key)}/share"
    options = [Option("read", env.t(_("May read")), selected=True), Option("write", env.t(_("May read and change")))]
    fields = [FieldView("user", env.t(_("Person")), "user", lookup_url=f"/lookup/{USER}"),
              FieldView("team", env.t(_("Team")), "link", lookup_url="/lookup/base.team"),
              FieldView("role", env.t(_("Role and all below")), "link", lookup_url="/lookup/base.role"),
              FieldView("access", env.t(_("Access")), "select", "read", options=options, required=True),
              FieldView("until", env.t(_("Until")), "date", help=env.t(_("Empty: without an end.")))]
    fields = [f for f in fields if not f.lookup_url or env.can("read", f.lookup_url.rpartition("/")[2])]
    form = FormPage(env.t(_("Share")), url, [Section("main", columns=1, fields=fields)],
                    actions=[Action(env.t(_("Share")), kind="submit", style="primary")])
    shared = shares_of(env, record, key)
    who = principal_names(env, [one.principal for one in shared])
    rows, actions = [], {}
    for i, one in enumerate(shared):
        until = env.format.datetime(one.expires_at) if one.expires_at else ""
        rows.append(Row(i, "", [Cell("text", who.get(one.principal, one.principal)),
                                Cell("text", options[one.access - 1].label), Cell("text", until)]))
        actions[i] = [Action(env.t(_("Take back")), url, "x-lg", kind="submit", name="take_back", value=one.principal)
                      if request.fragment else   # inside the dialog's form there is no room for another one
                      Action(env.t(_("Take back")), url, "x-lg", kind="post", fields={"take_back": one.principal})]
    heads = [Column("who", env.t(_("Shared with"))), Column("access", env.t(_("Access"))), Column("until", env.t(_("Until")))]
    table = SimpleTable(heads, rows, actions) if rows else None
    text = "" if rows else env.t(_("Opens this one record to a person, a team or a role, whatever the sharing rules say."))
    return Dialog(env.t(_("Share")), text, form=form, table=table)
