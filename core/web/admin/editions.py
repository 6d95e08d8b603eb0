"""The edition of this installation: what of its limits is used, and moving to another one without losing data."""

from __future__ import annotations

from core.editions.limits import Usage, in_force, usage
from core.editions.moving import move, plan_move
from core.editions.plans import Plan, plans
from core.env import Env
from core.errors import NotFound, SarnakhError
from core.i18n.messages import _
from core.web.admin.frame import admin_page
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.small_forms import form
from core.web.viewmodels import Action, AdminPage, CatalogueCard, Column, Flash, Panel, Row, SimpleTable, Tile
from core.web.viewmodels import Cell as CellView

pages = Pages("editions")
BASE = "/admin/edition"


@pages.route(BASE, area="addons")
def edition(env: Env, request: Request) -> Response:
    """The edition in force and the others."""
    present, found = in_force(env), plans(env.installation)
    page = AdminPage("", intro=env.t(_("An edition is a set of addons with limits. Moving to another one loses nothing: addons that "
                                       "are not in it are disabled, and come back with their data when they are enabled again.")))
    if present is not None:
        page.tiles = [_tile(env, one) for one in usage(env, present)]
        page.notices = [_warning(env, one) for one in usage(env, present) if one.over]
    elif found:
        page.notices = [Flash(env.t(_("No edition is in force: everything may be enabled, nothing is limited.")), "info")]
    page.cards = [_card(env, plan, plan == present) for plan in found.values()]
    return admin_page(env, request, _("Edition"), page)


def _tile(env: Env, one: Usage) -> Tile:
    most = env.format.number(one.most or 0)
    return Tile(env.t(one.label), env.format.number(one.used), env.t(_("of {count}", count=most)), trend="up" if one.over else "",
                trend_text=env.t(_("full")) if one.most is not None and one.used >= one.most else "", good=False)


def _warning(env: Env, one: Usage) -> Flash:
    return Flash(env.t(_("{what}: {used} of {count}. What is there stays; nothing can be added before there is room.",
                         what=env.t(one.label), used=env.format.number(one.used), count=env.format.number(one.most or 0))), "warning")


def _limits(env: Env, plan: Plan) -> list[str]:
    made = [env.t(_("{count} users", count=env.format.number(plan.users)))] if plan.users is not None else []
    if plan.storage_mb is not None:
        made.append(env.t(_("{size} of files", size=env.format.filesize(plan.storage_mb << 20))))
    for name, most in plan.records.items():
        rtype = env.registry.records.get(name)
        made.append(f"{env.format.number(most)} {env.t(rtype.plural) if rtype is not None else name}")
    return made or [env.t(_("no limits"))]


def _card(env: Env, plan: Plan, present: bool) -> CatalogueCard:
    made = CatalogueCard(plan.name, plan.title(env.lang), plan.summary(env.lang), "box-seam", state="enabled" if present else "available",
                         state_label=env.t(_("In force") if present else _("Available")), adds=_limits(env, plan))
    if not present and env.installation.settings.addons.edition_in_browser:
        made.actions = [Action(env.t(_("Look at the move")), f"{BASE}/{plan.name}")]
    return made


@pages.route(f"{BASE}/<name>", methods=("GET", "POST"), area="addons")
def change(env: Env, request: Request, name: str) -> Response:
    """What moving would do; doing it."""
    if name not in plans(env.installation) or not env.installation.settings.addons.edition_in_browser:
        raise NotFound(_("There is no such edition, or it is not chosen here."))
    made = plan_move(env.installation, name)
    errors: list[str] = []
    if request.posted:
        env.commit()  # the move writes in transactions of its own, which must not wait for this one
        try:
            move(env.installation, name, env.actor, lang=env.lang)
            request.flash(env.t(_("The edition is now “{edition}”.", edition=made.plan.title(env.lang))))
            return request.redirect(BASE)
        except SarnakhError as error:
            errors = [env.t(error.message)]
    page = AdminPage("", intro=made.plan.summary(env.lang), notices=[_warning(env, one) for one in made.over])
    titles = {n: env.t(m.title) for n, m in env.installation.manifests.items()}
    for title, names in ((_("Will be enabled"), made.added), (_("Will be disabled, with all data kept"), made.removed)):
        if names:
            rows = [Row(i, "", [CellView(text=titles.get(n, n))]) for i, n in enumerate(names)]
            page.panels.append(Panel(env.t(title), table=SimpleTable([Column("addon", env.t(_("Addon")))], rows)))
    page.form = form(env, f"{BASE}/{name}", [], submit=_("Move to this edition"), errors=errors, cancel=BASE,
                     confirm=_("Move to this edition now? Other people work on.") if made.removed else "")
    return admin_page(env, request, _("Edition “{edition}”", edition=made.plan.title(env.lang)), page, active=BASE,
                      status=422 if errors else 200)
