"""Macros: choosing one for records, and writing them in the administration."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from core.api import Env, NotFound, SarnakhError, _, n_
from core.web_api import (
    Action,
    AdminPage,
    Cell,
    Column,
    Dialog,
    EmptyState,
    FieldView,
    FormPage,
    Option,
    Pages,
    RecordForm,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    admin_page,
    chosen_ids,
    dialog,
    list_url,
    record_url,
)

from .. import macros
from ..macros import MACRO

pages = Pages("macros")
BASE = "/admin/macros"
ROWS = 8
CHOICE = Markup('<button class="menu-item" name="macro" value="{}">{}</button>')


@pages.route("/macros/<record>", methods=("GET", "POST"))
def choose(env: Env, request: Request, record: str) -> Response:
    """The macros for one record or the chosen ones; pressing one does it."""
    if record not in env.registry.records:
        raise NotFound
    env.require("update", record)
    ids = chosen_ids(env, request, env.registry.record(record), "update") if request.posted else request.ids()
    back = request.next_url(record_url(record, ids[0]) if len(ids) == 1 else list_url(record))
    errors: list[str] = []
    if request.posted and request.value_int("macro"):
        try:
            with request.attempt():
                count = macros.run(env, record, request.value_int("macro"), ids)
            request.flash(env.t(n_("Done with {count} record.", "Done with {count} records.", count)), undo=env.batch)
            return request.redirect(back if env.visible_ids(record, ids[:1]) else list_url(record))
        except NotFound:
            raise
        except SarnakhError as error:
            errors = [env.t(error.message)]
    found = Markup("").join(CHOICE.format(m["id"], m["name"]) for m in macros.usable(env, record))
    hidden = [FieldView("ids", "", "hidden", str(i)) for i in ids] + [FieldView("next", "", "hidden", back)]
    title = env.t(_("Macros"))
    form = FormPage(title, f"/macros/{record}", [Section("top", html=found), Section("main", columns=1, fields=hidden)], errors=errors)
    text = env.t(n_("For {count} record; all steps or none.", "For {count} records; all steps or none.", len(ids)))
    return dialog(request, Dialog(title, text, form=form), 422 if errors else 200)


@pages.route(BASE, area="layouts")
def listed(env: Env, request: Request) -> Response:
    """All macros, and the record types for which one may be written."""
    rows = env.query(MACRO).order("record_type", "position", "name").select("name", "record_type", "user", "steps", "active").rows(500)
    types = {t.name: env.t(t.plural) for t in env.registry.records.values()}
    page = AdminPage("", intro=env.t(_("Several changes of a record in one click, on one record or on chosen ones. A macro does what the "
                                       "person who starts it may do, all of it or nothing.")))
    if rows:
        page.table = SimpleTable(
            [Column("name", env.t(_("Name"))), Column("type", env.t(_("Record type"))), Column("for", env.t(_("For"))),
             Column("steps", env.t(_("Steps")), align="end")],
            [Row(r["id"], "", [Cell("title", r["name"], f"{BASE}/{r['id']}"), Cell(text=types.get(r["record_type"], r["record_type"])),
                               Cell(text=r["user"].label or "" if r["user"] else env.t(_("Shared"))),
                               Cell(text=env.format.number(len(r["steps"] or ())))]) for r in rows], caption=env.t(_("Macros")))
    else:
        page.empty = EmptyState(env.t(_("No macros yet")), env.t(_("Write the first one, such as “answered and waiting”.")),
                                "lightning-charge")
    page.actions = [Action(env.t(_("New macro")), f"{BASE}/new", "plus-lg", style="primary")]
    return admin_page(env, request, _("Macros"), page)


@pages.route(f"{BASE}/new", methods=("GET", "POST"), area="layouts")
def new(env: Env, request: Request) -> Response:
    """First the record type, then the macro."""
    record = request.value("record_type") or request.arg("record_type")
    if record not in env.registry.records or not env.can("update", record):
        types = sorted(((t.name, env.t(t.plural)) for t in env.registry.records.values()
                        if env.can("update", t.name) and (t.owned or t.moves)), key=lambda pair: env.sort_key(pair[1]))
        field = FieldView("record_type", env.t(_("Record type")), "select", required=True,
                          options=[Option(name, label) for name, label in types])
        form = FormPage(env.t(_("New macro")), f"{BASE}/new", [Section("main", columns=1, fields=[field])],
                        actions=[Action(env.t(_("Continue")), kind="submit", style="primary")], cancel_url=BASE)
        return admin_page(env, request, _("New macro"), AdminPage("", form=form))
    return _edit(env, request, record, None)


@pages.route(f"{BASE}/<int:key>", methods=("GET", "POST"), area="layouts")
def edit(env: Env, request: Request, key: int) -> Response:
    """One macro: its name, for whom it is, its steps."""
    row = env.get(MACRO, key, "name", "record_type", "steps", "profiles", "teams", "user", "position", "active")
    return _edit(env, request, row.record_type, row)


def _edit(env: Env, request: Request, record: str, row: Any) -> Response:
    names = ["name", "user", "profiles", "teams", "position", "active"]
    own = RecordForm(env, request, MACRO, names)
    own.begin({"user": None} if row is None else {n: row[n] for n in names})
    steps = _posted(request) if request.posted else list(row.steps or ()) if row is not None else []
    errors: list[str] = []
    if request.posted and request.value("do") == "delete" and row is not None:
        env.delete(MACRO, row.id)
        request.flash(env.t(_("Deleted.")), undo=env.batch)
        return request.redirect(BASE)
    if request.posted and request.value("do"):
        values = {**({"user": None} if row is None else {}), **own.values(), "steps": steps, "record_type": record}
        try:
            with request.attempt():
                if not own.errors:
                    env.create(MACRO, values) if row is None else env.update(MACRO, row.id, values)
            if not own.errors:
                request.flash(env.t(_("Saved.")), undo=env.batch)
                return request.redirect(BASE)
        except SarnakhError as error:
            errors = own.take(error)
    fields: list[FieldView] = [FieldView("record_type", "", "hidden", record)]
    for i in range(max(ROWS, len(steps) + 2)):
        step = steps[i] if i < len(steps) else {}
        fields += _step_fields(env, record, i, step)
    url = f"{BASE}/new" if row is None else f"{BASE}/{row.id}"
    actions = [Action(env.t(_("Save")), kind="submit", style="primary", name="do", value="save")]
    if row is not None:
        actions.append(Action(env.t(_("Delete")), kind="submit", style="danger", name="do", value="delete",
                              confirm=env.t(_("Delete this macro?"))))
    label = env.t(env.registry.record(record).plural)
    form = FormPage(label, url, [Section("main", columns=2, fields=own.fields()),
                                 Section("steps", env.t(_("Steps, one after the other")), columns=2, fields=fields)],
                    errors=errors, actions=actions, cancel_url=BASE, intro=env.t(_(
                        "A value is written as in a form; links by their number, “me” for whoever starts it, “today” for the day. "
                        "After “=” comes an expression over the record. Notes take placeholders such as {{name}}.")))
    return admin_page(env, request, _("Macro"), AdminPage("", form=form), status=422 if errors else 200)


def _posted(request: Request) -> list[dict[str, str]]:
    found = []
    for i in range(macros.MOST_STEPS + 2):
        what, value = request.value(f"what{i}"), request.value(f"value{i}").strip()
        if what.startswith("set:"):
            found.append({"do": macros.SET, "field": what[4:], "value": value})
        elif what.startswith(("action:", "step:")) and ":" in what:
            head, _colon, rest = what.partition(":")
            name, _slash, chosen = rest.partition("/")
            found.append({"do": macros.ACTION, "value": name} if head == "action" else
                         {"do": f"{macros.STEP}{name}", "value": chosen or value})
        elif what in (macros.TAG, macros.NOTE):
            found.append({"do": what, "value": value})
    return found


def _step_fields(env: Env, record: str, i: int, step: dict[str, Any]) -> list[FieldView]:
    """What to do, and with which value."""
    do, value = str(step.get("do", "")), str(step.get("value", ""))
    now = {macros.SET: f"set:{step.get('field')}", macros.ACTION: f"action:{value}"}.get(do, do)
    options = [Option("", "—")]
    options += [Option(f"set:{f.name}", env.t(_("Set: {field}", field=f.label))) for f in macros.settable(env, record)]
    if macros.tags_of(env, record):
        options.append(Option(macros.TAG, env.t(_("Add tags"))))
    rtype = env.registry.record(record)
    if "noted" in rtype.traits:
        options.append(Option(macros.NOTE, env.t(_("Add a note"))))
    options += [Option(f"action:{a.name}", env.t(_("Do: {action}", action=a.label))) for a in rtype.actions.values() if a.bulk]
    for name, one in macros.contributed(env, record).items():
        if one.choices is None:
            options.append(Option(f"{macros.STEP}{name}", env.t(one.label)))
        else:
            options += [Option(f"{macros.STEP}{name}/{v}", env.t(_("{step}: {choice}", step=one.label, choice=text)))
                        for v, text in one.choices(env)]
            now = f"{do}/{value}" if do == f"{macros.STEP}{name}" else now
    for option in options:
        option.selected = option.value == now
    shown = "" if now.startswith(("action:",)) or "/" in now else value
    return [FieldView(f"what{i}", env.t(_("Step {number}", number=i + 1)), "select", now, options=options),
            FieldView(f"value{i}", env.t(_("Value")), "text", shown, attrs={"dir": "auto"})]
