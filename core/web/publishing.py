"""Saved views for others: an administrator publishes one to profiles, teams or everybody, pinned or as what the list opens with."""

from __future__ import annotations

from core.env import Env
from core.errors import NotFound
from core.i18n.messages import _
from core.web import lists, listviews
from core.web.list_pages import dialog
from core.web.listviews import VIEW
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.small_forms import flag
from core.web.urls import list_url, with_query
from core.web.viewmodels import Action, Dialog, FieldView, FormPage, Option, Section

pages = Pages("publishing")

READERS = (("profiles", "base.profile", _("For profiles")), ("teams", "base.team", _("For teams")))
FLAGS = (("shared", _("For everybody")), ("pinned", _("Stands first among the tabs")), ("opens_first", _("The list opens with it")))
MOST = 200


@pages.route("/r/<record>/views/<int:key>/publish", methods=("GET", "POST"), area="layouts")
def publish(env: Env, request: Request, record: str, key: int) -> Response:
    """Choose for whom a view is, and how it stands there."""
    lists.record_type(env, record)
    view = next((v for v in listviews.views_of(env, record) if v.id == key and v.name != listviews.OWN), None)
    if view is None:
        raise NotFound(_("There is no such view."))
    with env.elevated("publishing a saved view") as sudo:
        row = sudo.get(VIEW, key, *(n for n, _label in FLAGS), *(n for n, *_rest in READERS))
        offered = {name: sudo.query(target).order("name").select("name").rows(MOST) for name, target, _label in READERS}
        if request.posted:
            chosen = {name: [r["id"] for r in offered[name] if str(r["id"]) in request.values(name)] for name in offered}
            sudo.update(VIEW, key, {**chosen, **{name: request.value(name) == "1" for name, _label in FLAGS}})
            request.flash(env.t(_("The view “{name}” is published.", name=view.name)), undo=env.batch)
            return request.redirect(with_query(list_url(record), {"view": str(key)}))
    fields = [FieldView(name, env.t(label), "multichoice", options=[
        Option(str(r["id"]), env.t(r["name"]), selected=r["id"] in {link.id for link in row[name]}) for r in offered[name]])
        for name, _target, label in READERS if offered[name]]
    fields += [flag(env, request, name, label, bool(row[name])) for name, label in FLAGS]
    title = env.t(_("Publish “{name}”", name=view.name))
    form = FormPage(title, f"{list_url(record)}/views/{key}/publish", [Section("main", columns=1, fields=fields)],
                    actions=[Action(env.t(_("Publish")), kind="submit", style="primary")])
    return dialog(request, Dialog(title, env.t(_("They see the view as a tab, with the records that they may see.")), form=form))
