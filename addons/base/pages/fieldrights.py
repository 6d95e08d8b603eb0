"""A profile's rights to single fields of a record type, and to its actions."""

from __future__ import annotations

from core.api import Access, Env, _, access_by_sets
from core.web_api import (
    AdminPage,
    FieldView,
    FormPage,
    Matrix,
    MatrixCell,
    MatrixRow,
    Option,
    Pages,
    Request,
    Response,
    Section,
    admin_page,
)

from .profiles import PROFILE, right_cell, tabs

pages = Pages("fieldrights")

MODES = {"edit": _("May edit"), "read": _("May read"), "hidden": _("Hidden")}


@pages.route("/admin/profiles/<int:key>/fields", methods=("GET", "POST"), area="profiles")
def fields(env: Env, request: Request, key: int) -> Response:
    """Choose a record type; each of its fields as the sets say, editable, read-only or hidden."""
    found = env.get(PROFILE, key, "name", "sets", "field_rights", "record_rights")
    types = sorted(((n, env.t(r.plural)) for n, r in env.registry.records.items()), key=lambda pair: pair[1])
    record = request.arg("record") if request.arg("record") in env.registry.records else types[0][0]
    url = f"/admin/profiles/{key}/fields?record={record}"
    if request.posted:
        env.update(PROFILE, key, {"field_rights": _posted_modes(env, request, record, found.field_rights or {}),
                                  "record_rights": _posted_actions(env, request, record, found.record_rights or {})})
        request.flash(env.t(_("Saved.")))
        return request.redirect(url)
    choose = FieldView("record", env.t(_("Record type")), "select", record, required=True,
                       options=[Option(v, t, selected=v == record) for v, t in types])
    page = AdminPage("", tabs=tabs(env, key, "fields"), intro=env.t(_(
        "A hidden field is nowhere: not on pages, in lists, filters, exports or messages.")))
    page.filters = FormPage("", f"/admin/profiles/{key}/fields", [Section("f", fields=[choose])], method="get")
    plain = access_by_sets(env, {*(found.sets or ()), "base.user"})
    stored = (found.field_rights or {}).get(record, {})
    rights = (found.record_rights or {}).get(record, {})
    page.matrix = Matrix([env.t(_("Field")), env.t(_("Right"))],
                         _field_rows(env, plain, record, stored) + _action_rows(env, plain, record, rights), url,
                         env.t(_("Rights by field")))
    return admin_page(env, request, env.t(found.name), page, active="/admin/profiles")


def _field_rows(env: Env, plain: Access, record: str, stored: dict[str, str]) -> list[MatrixRow]:
    modes, own = plain.field_modes(record), env.access.field_modes(record)
    rows = []
    for name, field in env.registry.record(record).fields.items():
        if field.system or own[name] == "hidden":
            continue
        first = env.t(_("By sets: {mode}", mode=MODES[modes[name]]))
        label = env.t(field.label)
        rows.append(MatrixRow(label, name, [MatrixCell(f"field|{name}", value=stored.get(name, ""), label=label, options=[
            ("", first), *((m, env.t(t)) for m, t in MODES.items())])]))
    return rows


def _action_rows(env: Env, plain: Access, record: str, rights: dict[str, bool]) -> list[MatrixRow]:
    actions = env.registry.record(record).actions
    if not actions:
        return []
    return [MatrixRow(env.t(_("Actions")), heading=True)] + [
        MatrixRow(env.t(a.label), name, [right_cell(env, f"action|{name}", rights.get(f"action:{name}"),
                                                    plain.can(a.needs, record),
                                                    env.t(a.label))]) for name, a in actions.items()]


def _posted_modes(env: Env, request: Request, record: str, stored: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    own = env.access.field_modes(record)
    chosen = {n: request.value(f"field|{n}") for n in env.registry.record(record).fields if own[n] != "hidden"}
    kept = {n: m for n, m in stored.get(record, {}).items() if n not in chosen}
    made = {r: dict(m) for r, m in stored.items() if r != record}
    modes = kept | {n: m for n, m in chosen.items() if m in MODES}
    return made | ({record: modes} if modes else {})


def _posted_actions(env: Env, request: Request, record: str,
                    stored: dict[str, dict[str, bool]]) -> dict[str, dict[str, bool]]:
    made = {r: dict(v) for r, v in stored.items()}
    own = {o: v for o, v in made.pop(record, {}).items() if not o.startswith("action:")}
    for name in env.registry.record(record).actions:
        if request.value(f"action|{name}") in ("0", "1"):
            own[f"action:{name}"] = request.value(f"action|{name}") == "1"
    return made | ({record: own} if own else {})
