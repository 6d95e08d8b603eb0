"""The page of options that hang on another choice: a matrix of which goes with which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Env, NotFound, Piece, _, fields
from core.web_api import Action, AdminPage, Flash, FormPage, Matrix, MatrixCell, MatrixRow, Request, Response, Section, admin_page

from .fields_applying import apply_now
from .fields_typed import Typed, choice, text_in
from .site import pages
from .types_info import BASE, own_field


def others(env: Env, record: str, name: str) -> list[tuple[str, str]]:
    """The other choices of the record type, on which options can hang."""
    return [(f.name, env.t(f.label)) for f in env.registry.record(record).fields.values()
            if isinstance(f, fields.Choice) and f.type_name == "choice" and f.name != name and not f.system]


def page(env: Env, request: Request, record: str, name: str, data: Mapping[str, Any], url: str) -> AdminPage:
    """First the other field, then the matrix."""
    stored = data.get("depends") or {}
    known = others(env, record, name)
    on = request.arg("on") or stored.get("field", "")
    made = AdminPage("", intro=env.t(_(
        "For each value of the other field, tick the options that may be chosen. Forms offer these only, and imports and programs are "
        "held to it as well.")))
    made.filters = FormPage("", url, [Section("on", fields=[choice(env, Typed(request), "on", _("The other field"), known, on)])],
                            method="get", actions=[Action(env.t(_("Show")), kind="submit")])
    if stored:
        made.actions = [Action(env.t(_("Offer all options always")), url, kind="post", icon="x-lg", fields={"on": ""}, confirm=env.t(_(
            "Take this dependence away?")))]
    other = env.registry.record(record).fields.get(on)
    if on not in dict(known) or not isinstance(other, fields.Choice):
        return made
    allowed = stored.get("allowed", {}) if stored.get("field") == on else None
    columns = [o for o in data.get("options", ()) if o.get("active", True)]
    rows = [MatrixRow(env.t(o.label), cells=[_cell(env, o, one, allowed) for one in columns]) for o in other.options if o.active]
    made.matrix = Matrix([env.t(other.label), *(text_in(env, o.get("labels"), o["value"]) for o in columns)], rows, f"{url}?on={on}",
                         env.t(_("Which options go with which value")))
    if allowed is None:
        made.notices.append(Flash(env.t(_("Nothing is limited yet: all options are ticked."))))
    return made


def _cell(env: Env, value: Any, option: Mapping[str, Any], allowed: Mapping[str, Sequence[str]] | None) -> MatrixCell:
    label = f"{env.t(value.label)}: {text_in(env, option.get('labels'), option['value'])}"
    checked = allowed is None or option["value"] in allowed.get(value.value, ())
    return MatrixCell("pair", checked, f"{value.value}:{option['value']}", label=label)


def read(env: Env, record: str, name: str, data: Mapping[str, Any], on: str, pairs: Sequence[str]) -> dict[str, Any]:
    """The field's data with the dependence that was ticked, or without one."""
    made = {key: value for key, value in data.items() if key != "depends"}
    other = env.registry.record(record).fields.get(on)
    if on in dict(others(env, record, name)) and isinstance(other, fields.Choice):
        ticked = {pair.partition(":")[::2] for pair in pairs}
        retired = [o["value"] for o in data.get("options", ()) if not o.get("active", True)]
        before = (data.get("depends") or {}).get("allowed", {})
        made["depends"] = {"field": on, "allowed": {
            o.value: [one["value"] for one in data.get("options", ()) if (o.value, one["value"]) in ticked
                      or (one["value"] in retired and one["value"] in before.get(o.value, ()))] for o in other.options}}
    return made


@pages.route("/types/<record>/fields/<name>/depends", methods=("GET", "POST"), area="layouts")
def depends(env: Env, request: Request, record: str, name: str) -> Response:
    """Which options go with which value of another choice."""
    data = own_field(env, record, name)
    if data.get("type") not in ("choice", "multichoice"):
        raise NotFound(_("Only options of choices can hang on another field."))
    url = f"{BASE}/{record}/fields/{name}"
    if request.posted:
        on = request.value("on") or request.arg("on")
        made = read(env, record, name, data, on, request.values("pair"))
        if apply_now(env, request, [Piece("field", f"{record}.{name}", made)], f"{record}.{name}", _("Saved.")):
            return request.redirect(url)
        return request.redirect(f"{url}/depends?on={on}")
    title = _("{field}: options by another field", field=text_in(env, data.get("labels"), name))
    return admin_page(env, request, title, page(env, request, record, name, data, f"{url}/depends"), active=BASE)
