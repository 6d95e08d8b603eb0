"""The pages of fields: choosing a type, adding, changing, switching off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from core.api import LANGUAGES, Env, NotFound, Piece, Words, _, fields
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Flash,
    FormPage,
    Panel,
    Request,
    Response,
    WorkItem,
    admin_page,
)

from . import fields_depends, fields_forms, fields_placing, fields_reading
from .fields_applying import Change, Refused, apply_now, attempted, seen, with_errors
from .fields_kinds import GROUPS, KINDS, label_of
from .fields_options import made_up
from .fields_typed import Typed, text_in
from .site import pages
from .types_info import BASE, fields_of, known_type, layer, own_field
from .types_pages import filled

NAME_MOST = 40


@pages.route("/types/<record>/fields/new", area="layouts")
def choose(env: Env, request: Request, record: str) -> Response:
    """Which type the new field has, each explained in a line."""
    rtype = known_type(env, record)
    groups = [(env.t(label), [(kind, f"{BASE}/{record}/fields/new/{kind.name}") for kind in KINDS.values() if kind.group == group])
              for group, label in GROUPS.items()]
    page = AdminPage("", intro=env.t(_("What kind of value is it? The type cannot be changed afterwards.")))
    page.html = Markup(request.render_text("studio/fields_chooser.html", groups=groups, t=env.t))
    return admin_page(env, request, _("{record}: new field", record=env.t(rtype.plural)), page, active=BASE)


@pages.route("/types/<record>/fields/new/<kind>", methods=("GET", "POST"), area="layouts")
def add(env: Env, request: Request, record: str, kind: str) -> Response:
    """The properties of a new field, what will happen, and doing it."""
    rtype = known_type(env, record)
    if kind not in KINDS:
        raise NotFound(_("There is no such type of field."))
    typed = Typed(request)
    url = f"{BASE}/{record}/fields/new/{kind}"
    title = _("{record}: new field ({type})", record=env.t(rtype.plural), type=env.t(KINDS[kind].label))

    def make() -> Change:
        data = fields_reading.read(env, record, kind, typed, {})
        name = _name(env, record, typed, data)
        pieces = [Piece("field", f"{record}.{name}", data), *_inverse(env, record, name, typed, data),
                  *fields_placing.place(env, record, name, typed.value("after") if kind != "children" else "", typed.on("listed"))]
        label = text_in(env, data["labels"], name)
        return Change(title, url, pieces, f"{rtype.name}.{name}", env.t(_("“{field}” is there.", field=label)),
                      f"{BASE}/{record}?new={name}", cancel=f"{BASE}/{record}")

    def show(errors: Mapping[str, list[str]], status: int) -> Response:
        sections = fields_forms.sections(env, record, kind, typed, {}, new=True)
        page = AdminPage("", form=FormPage("", url, sections, cancel_url=f"{BASE}/{record}", actions=[
            Action(env.t(_("Go on")), kind="submit", style="primary", name="do", value="plan")]))
        return with_errors(env, request, title, page, errors, status)

    return attempted(env, typed, request, make, show)


def _name(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> str:
    """The name for programs: typed, or made from the label."""
    known = own_names(env, record)
    wanted = typed.value("name").lower().removeprefix("x_")
    if wanted and wanted in known:
        raise Refused({"name": [env.t(_("There is a field of this name already."))]})
    name = f"x_{wanted or made_up(data['labels'], known, 'field')}"
    if len(name) > NAME_MOST:
        raise Refused({"name": [env.t(_("A name has at most {count} letters.", count=NAME_MOST))]})
    return name


def own_names(env: Env, record: str) -> set[str]:
    """Names that own fields of a type have already, without their `x_`."""
    return {n.removeprefix("x_") for n in (*fields_of(env, record), *env.registry.record(record).fields) if n.startswith("x_")}


def _inverse(env: Env, record: str, name: str, typed: Typed, data: Mapping[str, Any]) -> list[Piece]:
    """The related list on the other side of a new link."""
    if data["type"] != "link" or not typed.on("inverse"):
        return []
    target = data["target"]
    labels = typed.words("inverse_label")
    if not labels:
        plural = env.registry.record(record).plural
        labels = dict(plural.words) if isinstance(plural, Words) else {
            lang: env.installation.catalogs.translate(plural, lang) for lang in LANGUAGES}
    made = made_up({"en": record.replace(".", "_").removeprefix("x_") + "_" + name.removeprefix("x_")}, own_names(env, target))
    return [Piece("field", f"{target}.x_{made}", {"type": "children", "labels": labels, "target": record, "by": name})]


@pages.route("/types/<record>/fields/<name>", methods=("GET", "POST"), area="layouts")
def one(env: Env, request: Request, record: str, name: str) -> Response:
    """A field: an own one to be changed, a shipped one to be read."""
    rtype = known_type(env, record)
    data = fields_of(env, record).get(name)
    if data is None:
        return _shipped(env, request, rtype, name)
    typed = Typed(request)
    target, url, kind = f"{record}.{name}", f"{BASE}/{record}/fields/{name}", str(data.get("type", ""))
    label = text_in(env, data.get("labels"), name)
    title = _("{record}: {field}", record=env.t(rtype.plural), field=label)
    state = seen(env, typed, "field", target)

    def make() -> Change:
        made = fields_reading.read(env, record, kind, typed, data)
        return Change(title, url, [Piece("field", target, made)], target, env.t(_("Saved.")), f"{BASE}/{record}")

    def show(errors: Mapping[str, list[str]], status: int) -> Response:
        sections = fields_forms.sections(env, record, kind, typed, data, new=False)
        page = AdminPage("", intro=f"{env.t(label_of(kind))} · {name}", actions=_actions(env, rtype, name, data))
        page.form = FormPage("", url, sections, hidden={"seen": state}, cancel_url=f"{BASE}/{record}", actions=[
            Action(env.t(_("Go on")), kind="submit", style="primary", name="do", value="plan")])
        if not data.get("active", True):
            page.notices.append(Flash(env.t(_("This field is switched off: nobody sees it, its values are kept.")), "warning"))
        return with_errors(env, request, title, page, errors, status)

    return attempted(env, typed, request, make, show)


def _actions(env: Env, rtype: Any, name: str, data: Mapping[str, Any]) -> list[Action]:
    url = f"{BASE}/{rtype.name}/fields/{name}"
    made = []
    if data.get("type") in ("choice", "multichoice") and data.get("active", True) and fields_depends.others(env, rtype.name, name):
        made.append(Action(env.t(_("Options by another field")), f"{url}/depends", icon="diagram-2"))
    if data.get("active", True):
        made.append(Action(env.t(_("Switch off")), f"{url}/active", "eye-slash", kind="post", fields={"active": "0"}, confirm=env.t(_(
            "Hide this field everywhere? Its values are kept and come back when it is switched on again."))))
    else:
        made.append(Action(env.t(_("Switch on")), f"{url}/active", "eye", kind="post", fields={"active": "1"}))
    made.append(Action(env.t(_("Delete…")), f"{url}/delete", "trash3", style="danger"))
    return made


def _shipped(env: Env, request: Request, rtype: Any, name: str) -> Response:
    """What a shipped field is, and where what can be changed about it is changed."""
    field = rtype.fields.get(name)
    if field is None:
        raise NotFound(_("There is no such field."))
    page = AdminPage("", intro=env.t(_(
        "This field is shipped. What it is stays as it is, so that upgrades fit; how it is shown can be changed.")))
    page.facts = [(env.t(_("Label")), Cell(text=env.t(field.label))), (env.t(_("Type")), Cell(text=env.t(label_of(field.type_name)))),
                  (env.t(_("Name for programs")), Cell(text=name, dir="ltr")),
                  (env.t(_("Origin")), Cell(badges=[layer(env, field.addon or rtype.addon)]))]
    if field.help:
        page.facts.append((env.t(_("Help")), Cell(text=env.t(field.help))))
    if getattr(field, "target", ""):
        page.facts.append((env.t(_("Leads to")), Cell(text=env.t(known_type(env, field.target).plural), url=f"{BASE}/{field.target}")))
    if isinstance(field, fields.Choice):
        page.facts.append((env.t(_("Options")), Cell(badges=[Badge(env.t(o.label), o.colour) for o in field.options if o.active][:30])))
    filled_in = filled(env, rtype.name, name)
    if filled_in:
        page.facts.append((env.t(_("In use")), Cell(text=filled_in)))
    items = [WorkItem(env.t(_("Options: words, colours, order")), f"/admin/picklists/{rtype.name}.{name}", icon="list-check")
             ] if isinstance(field, fields.Choice) and field.type_name != "formula" else []
    items.append(WorkItem(env.t(_("Who may see and change it")), "/admin/profiles", icon="lock"))
    page.panels = [Panel(env.t(_("What can be changed")), items=items)]
    title = _("{record}: {field}", record=env.t(rtype.plural), field=env.t(field.label))
    return admin_page(env, request, title, page, active=BASE)


@pages.route("/types/<record>/fields/<name>/active", methods=("POST",), area="layouts")
def switch(env: Env, request: Request, record: str, name: str) -> Response:
    """Hide a field and keep its values, or bring it back."""
    data = own_field(env, record, name)
    on = request.value("active") == "1"
    apply_now(env, request, [Piece("field", f"{record}.{name}", {**data, "active": on})], f"{record}.{name}",
              _("The field is switched on.") if on else _("The field is switched off; its values are kept."))
    return request.redirect(f"{BASE}/{record}/fields/{name}")
