"""Deleting a field with its values: what uses it is told first, what goes along, and where the values are kept."""

from __future__ import annotations

from core.api import Env, Piece, _, plan_pieces
from core.web_api import Action, AdminPage, Flash, Panel, Request, Response, WorkItem, admin_page, form, text

from . import fields_placing
from .fields_applying import apply_now, told
from .fields_typed import text_in
from .site import pages
from .types_info import BASE, known_type, own_field, stored
from .types_pages import filled


@pages.route("/types/<record>/fields/<name>/delete", methods=("GET", "POST"), area="layouts")
def delete(env: Env, request: Request, record: str, name: str) -> Response:
    """Delete a field with its values: what uses it is told first, the values are written to a file."""
    data = own_field(env, record, name)
    rtype = known_type(env, record)
    label = text_in(env, data.get("labels"), name)
    url = f"{BASE}/{record}/fields/{name}/delete"
    pieces = [Piece("field", f"{record}.{name}", None), *fields_placing.without(env, record, name)]
    for other, its in lists_of(env, record, name):
        pieces += [Piece("field", f"{other}.{its}", None), *fields_placing.without(env, other, its)]
    errors: list[str] = []
    if request.posted:
        if request.value("confirm").strip() != name:
            errors = [env.t(_("Write “{word}” to confirm.", word=name))]
        elif apply_now(env, request, pieces, f"{record}.{name}", _("The field is deleted; its values are in a file on the server.")):
            return request.redirect(f"{BASE}/{record}")
        else:
            return request.redirect(url)
    plan = plan_pieces(env, pieces)
    page = AdminPage("", intro=filled(env, record, name) if name in rtype.fields else "")
    page.notices = [Flash(line, "error") for line in told(env, plan.errors)]
    page.actions = [Action(env.t(_("Back to the field")), f"{BASE}/{record}/fields/{name}", "arrow-left")] if plan.errors else []
    lines = [env.t(_("The list “{list}” on the other side goes too.", list=f"{other}.{its}")) for other, its in lists_of(env, record, name)]
    lines += [env.t(step) for step in plan.destructive]
    if not plan.errors:
        page.notices.append(Flash(env.t(_("All its values are deleted. They are written to a file on the server first.")), "warning"))
        page.form = form(env, url, [text(env, request, "confirm", _("Write “{word}” to confirm", word=name), required=True,
                                         autocomplete="off", dir="ltr")], submit=_("Delete this field"), errors=errors,
                         cancel=f"{BASE}/{record}/fields/{name}", danger=True)
        page.panels = [Panel(env.t(_("What will happen")), items=[WorkItem(line, url, icon="dot") for line in lines])] if lines else []
    title = _("Delete “{field}”", field=label)
    return admin_page(env, request, title, page, active=BASE, status=422 if errors else 200)


def lists_of(env: Env, record: str, name: str) -> list[tuple[str, str]]:
    """Own related lists on the other side of a link, as (record type, field)."""
    return [(target.rpartition(".")[0], target.rpartition(".")[2]) for target, data in stored(env, "field").items()
            if data.get("type") == "children" and data.get("target") == record and data.get("by") == name]
