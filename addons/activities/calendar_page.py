"""One's own calendar settings: usual reminders, the address for calendar programs, taking a file."""

from __future__ import annotations

from core.api import Env, F, SarnakhError, _
from core.web_api import Action, AdminPage, FormPage, RecordForm, Request, Response, Section

from . import feeds
from .doing import URL

PAGE = f"{URL}/calendar-settings"
USUAL = ("activities_reminder", "activities_day_reminder")


def show(env: Env, request: Request) -> Response:
    """The page; a new address is shown here once, and never again."""
    token, errors = "", []
    if request.posted and request.value("do") in ("make", "revoke"):
        if request.value("do") == "make":
            token = feeds.make(env)
        else:
            feeds.revoke(env)
            request.flash(env.t(_("The address does not work any more.")))
            return request.redirect(PAGE)
    with env.elevated("own settings") as sudo:
        user = env.actor.id or 0
        form = RecordForm(sudo, request, "base.user", USUAL, dict(vars(sudo.get("base.user", user, *USUAL))))
        if request.posted and not request.has("do"):
            values = form.values()
            try:
                with request.attempt():
                    sudo.update("base.user", user, values)
                request.flash(env.t(_("Saved.")))
                return request.redirect(PAGE)
            except SarnakhError as error:
                errors = form.take(error)
        fields = form.fields()
        held = sudo.query(feeds.FEED).where(F.user == user).order("-id").select("hint", "created_at").rows(1)
    page = AdminPage(env.t(_("My calendar")), form=FormPage(
        env.t(_("Reminders")), PAGE, [Section("main", env.t(_("Reminders")), fields=fields)], errors=errors,
        actions=[Action(env.t(_("Save")), kind="submit", style="primary")]))
    page.actions = [Action(env.t(_("Take a calendar file (.ics)")), f"{URL}/import", "upload")]
    if token:
        page.code = f"{request.base_url}{URL}/feed/{token}.ics"
        page.code_label = env.t(_("Add this address to your calendar program. It is shown only now: whoever has it can read "
                                  "your calendar."))
    page.intro = env.t(_("Calendar programs read your activities under a private address.")) if not held else env.t(_(
        "Your calendar has a private address, made on {day}, that ends with {hint}.", day=env.format.date(
            env.format.local(held[0]["created_at"]).date()), hint=held[0]["hint"]))
    page.actions.insert(0, Action(env.t(_("Make a new address") if held else _("Make an address")), PAGE, "link-45deg", kind="post",
                                  fields={"do": "make"}, confirm=env.t(_("The old address stops working. Go on?")) if held else ""))
    if held:
        page.actions.insert(1, Action(env.t(_("Withdraw the address")), PAGE, "x-octagon", kind="post", fields={"do": "revoke"},
                                      confirm=env.t(_("Calendar programs will not be able to read your calendar. Go on?"))))
    return request.render("admin/page.html", page, title=page.title, status=422 if errors else 200, active=PAGE)
