"""How one wants to be told of what: a page of one's own settings."""

from __future__ import annotations

from core.api import Env, _
from core.web_api import Action, AdminPage, Matrix, MatrixCell, MatrixRow, Request, Response, form, select, settings_page

from . import accounts, notice_choices
from .notice_choices import SMS, WAYS, Wish

URL = "/x/messaging/notifications"


def settings(env: Env, request: Request) -> Response:
    """The matrix of kinds and ways, and the hour of the daily summary."""
    kinds = notice_choices.kinds(env)
    mails, hour = notice_choices.my_settings(env)
    if request.posted and request.has("hour"):
        chosen = request.value_int("hour", hour)
        notice_choices.save_settings(env, {"hour": chosen if 0 <= chosen <= 23 else hour, "mails": True})
        return _saved(env, request)
    if request.posted:
        on = set(request.values("on"))
        notice_choices.save(env, {kind: Wish(**{name: f"{kind} {name}" in on for name, _label in WAYS}) for kind, _label in kinds})
        return _saved(env, request)
    return settings_page(env, request, _("Notifications"), _page(env, request, kinds, mails, hour))


def _saved(env: Env, request: Request) -> Response:
    request.flash(env.t(_("Saved.")))
    return request.redirect(URL)


def _page(env: Env, request: Request, kinds: list[tuple[str, str]], mails: bool, hour: int) -> AdminPage:
    mine = notice_choices.mine(env)
    offered = [(name, label) for name, label in WAYS if name != SMS or SMS in accounts.channels(env)]
    rows = [MatrixRow(label, cells=[
        MatrixCell("on", name in notice_choices.wish(mine, kind).names(), f"{kind} {name}", label=f"{label}: {env.t(way)}")
        for name, way in offered]) for kind, label in kinds]
    page = AdminPage("", matrix=Matrix([env.t(_("Told of")), *(env.t(label) for _name, label in offered)], rows, URL,
                                       env.t(_("How you are told of what"))))
    page.intro = env.t(_("The daily summary has what is still unread. An SMS waits until the morning; a mail “at once” does not."))
    hours = [(str(h), env.format.time(env.now.astimezone(env.tz).replace(hour=h, minute=0))) for h in range(24)]
    page.form = form(env, URL, [select(env, request, "hour", _("The daily summary comes at"), hours, str(hour))],
                     submit=_("Save") if mails else _("Send me mails again"))
    if mails:
        page.actions.append(Action(env.t(_("No more mails")), f"{URL}/off", "envelope-slash", kind="post"))
    else:
        page.intro = env.t(_("You get no mails from here, whatever is chosen below."))
    return page


def off(env: Env, request: Request) -> Response:
    """No mails of notifications any more."""
    notice_choices.save_settings(env, {"mails": False})
    request.flash(env.t(_("You get no more mails of notifications.")))
    return request.redirect(URL)
