"""Making record types, changing them, switching them off and deleting them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import Env, NotFound, Piece, _, plan_pieces
from core.web_api import Action, AdminPage, Flash, FormPage, Panel, Request, Response, WorkItem, admin_page, form, text

from . import types_forms
from .fields_applying import Change, apply_now, attempted, seen, told, with_errors
from .fields_typed import Typed, text_in
from .site import pages
from .types_info import BASE, fields_of, is_own, stored
from .types_pages import tabs


@pages.route("/types/new", methods=("GET", "POST"), area="layouts")
def new_type(env: Env, request: Request) -> Response:
    """A new record type, with the fields that its board and calendar need."""
    typed = Typed(request)
    url, title = f"{BASE}/new", _("New record type")

    def make() -> Change:
        name, pieces = types_forms.read(env, typed, "", {})
        said = env.t(_("“{record}” is there.", record=text_in(env, pieces[0].data["plurals"], name)))
        return Change(title, url, pieces, name, said, f"{BASE}/{name}?new=type", cancel=BASE)

    def show(errors: Mapping[str, list[str]], status: int) -> Response:
        page = AdminPage("", form=FormPage("", url, types_forms.sections(env, request, typed, "", {}), cancel_url=BASE, actions=[
            Action(env.t(_("Go on")), kind="submit", style="primary", name="do", value="plan")]), intro=env.t(_(
                "Something of your own to keep: visits, devices, contracts. It gets lists, forms, filters, permissions, import and export "
                "like everything that is shipped.")))
        return with_errors(env, request, title, page, errors, status)

    return attempted(env, typed, request, make, show)


def _own(env: Env, record: str) -> Mapping[str, Any]:
    data = stored(env, "record").get(record)
    if data is None or not is_own(record):
        raise NotFound(_("This record type was not made here."))
    found: Mapping[str, Any] = data
    return found


@pages.route("/types/<record>/settings", methods=("GET", "POST"), area="layouts")
def settings(env: Env, request: Request, record: str) -> Response:
    """What an own record type is."""
    data = _own(env, record)
    typed = Typed(request)
    url = f"{BASE}/{record}/settings"
    title = text_in(env, data.get("plurals") or data.get("labels"), record)
    state = seen(env, typed, "record", record)
    active = data.get("active", True)

    def make() -> Change:
        _name, pieces = types_forms.read(env, typed, record, data)
        return Change(title, url, pieces, record, env.t(_("Saved.")), f"{BASE}/{record}" if active else BASE)

    def show(errors: Mapping[str, list[str]], status: int) -> Response:
        page = AdminPage("", tabs=tabs(env, record, "settings") if active else [], intro=record)
        page.form = FormPage("", url, types_forms.sections(env, request, typed, record, data), hidden={"seen": state},
                             cancel_url=f"{BASE}/{record}" if active else BASE,
                             actions=[Action(env.t(_("Go on")), kind="submit", style="primary", name="do", value="plan")])
        page.actions = [
            Action(env.t(_("Switch off")), f"{BASE}/{record}/active", "eye-slash", kind="post", fields={"active": "0"}, confirm=env.t(_(
                "Hide this record type everywhere? Its records are kept and come back when it is switched on again.")))
            if active else Action(env.t(_("Switch on")), f"{BASE}/{record}/active", "eye", kind="post", fields={"active": "1"}),
            Action(env.t(_("Delete…")), f"{BASE}/{record}/delete", "trash3", style="danger")]
        if not active:
            page.notices = [Flash(env.t(_("This record type is switched off: nobody sees it, its records are kept.")), "warning")]
        return with_errors(env, request, title, page, errors, status)

    return attempted(env, typed, request, make, show)


@pages.route("/types/<record>/active", methods=("POST",), area="layouts")
def switch_type(env: Env, request: Request, record: str) -> Response:
    """Hide a record type and keep its records, or bring it back."""
    data = _own(env, record)
    on = request.value("active") == "1"
    apply_now(env, request, [Piece("record", record, {**data, "active": on})], record,
              _("The record type is switched on.") if on else _("The record type is switched off; its records are kept."))
    return request.redirect(f"{BASE}/{record}/settings")


@pages.route("/types/<record>/delete", methods=("GET", "POST"), area="layouts")
def delete_type(env: Env, request: Request, record: str) -> Response:
    """Delete a record type with its records, fields and rules; its rows are written to a file first."""
    data = _own(env, record)
    url = f"{BASE}/{record}/delete"
    label = text_in(env, data.get("plurals") or data.get("labels"), record)
    pieces = [Piece("record", record, None), *parts_of(env, record)]
    errors: list[str] = []
    if request.posted:
        if request.value("confirm").strip() != record:
            errors = [env.t(_("Write “{word}” to confirm.", word=record))]
        elif apply_now(env, request, pieces, record, _("The record type is deleted; its records are in a file on the server.")):
            return request.redirect(BASE)
        else:
            return request.redirect(url)
    plan = plan_pieces(env, pieces)
    page = AdminPage("")
    page.notices = [Flash(line, "error") for line in told(env, plan.errors)]
    page.actions = [Action(env.t(_("Back to the record type")), f"{BASE}/{record}/settings", "arrow-left")] if plan.errors else []
    if not plan.errors:
        page.notices.append(Flash(env.t(_("All its records are deleted. They are written to a file on the server first.")), "warning"))
        page.form = form(env, url, [text(env, request, "confirm", _("Write “{word}” to confirm", word=record), required=True,
                                         autocomplete="off", dir="ltr")], submit=_("Delete this record type"), errors=errors,
                         cancel=f"{BASE}/{record}/settings", danger=True)
        page.panels = [Panel(env.t(_("What will happen")), items=[WorkItem(env.t(step), url, icon="dot") for step in plan.destructive])
                       ] if plan.destructive else []
    return admin_page(env, request, _("Delete “{record}”", record=label), page, active=BASE, status=422 if errors else 200)


def parts_of(env: Env, record: str) -> list[Piece]:
    """Everything that goes along with a record type: its fields, rules and layouts."""
    made = [Piece("field", f"{record}.{name}", None) for name in fields_of(env, record)]
    for kind in ("rule", "layout"):
        made += [Piece(kind, target, None) for target in stored(env, kind) if target.partition("|")[0] == record]
    return made + [Piece("choice", target, None) for target in stored(env, "choice") if target.rpartition(".")[0] == record]
