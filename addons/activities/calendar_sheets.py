"""Small sheets about one activity: being reminded, ending its series, answering an invitation."""

from __future__ import annotations

from markupsafe import Markup

from core.api import Env, NotFound, SarnakhError, _, n_
from core.web_api import FieldView, Request, Response, record_url, select, text

from . import reminding, rule_words, series, sheets
from .choices import ALL, FOLLOWING, UNITS
from .doing import ACTIVITY, URL


def remind(env: Env, request: Request, key: int) -> Response:
    """A reminder of one's own, or the same again later."""
    activity = env.get(ACTIVITY, key, "subject", "all_day")
    errors: list[str] = []
    if request.posted:
        def work() -> None:
            if request.has("again"):
                reminding.again(env, key, request.value("again"))
            else:
                reminding.mine(env, key, request.value_int("before"), request.value("unit"), request.value("at").strip())
        errors = sheets.attempt(request, env, work)
        if not errors:
            request.flash(env.t(_("You will be reminded.")))
            return request.redirect(request.next_url(record_url(ACTIVITY, key)))
    buttons = Markup("").join(Markup('<button class="btn outcome" name="again" value="{}">{}</button>').format(name, env.t(label))
                              for name, (label, _length) in reminding.SNOOZES.items())
    fields = [text(env, request, "before", _("How long"), "15", "integer", min="0", max="1000"),
              select(env, request, "unit", _("Before"), [(o.value, o.label) for o in UNITS], "days" if activity.all_day else "minutes")]
    if activity.all_day:
        fields.append(text(env, request, "at", _("At (whole days)"), "09:00"))
    return sheets.show(request, env.t(_("Remind me")), fields, url=f"{URL}/{key}/remind", submit=env.t(_("Remind me")), errors=errors,
                       intro=activity.subject, top=Markup('<div class="outcomes">{}</div>').format(buttons))


def end_series(env: Env, request: Request, key: int) -> Response:
    """Which activities of a series go."""
    activity = env.get(ACTIVITY, key, "subject", "series", "repeat_rule")
    if activity.series is None:
        raise NotFound
    errors: list[str] = []
    if request.posted and request.has("go"):
        scope = request.value("scope")
        count: list[int] = []

        def work() -> None:
            if scope not in (FOLLOWING, ALL):
                raise SarnakhError(_("Choose which activities are meant."))
            count.append(series.end(env, key, scope))
        errors = sheets.attempt(request, env, work)
        if not errors:
            request.flash(env.t(n_("{count} activity was deleted.", "{count} activities were deleted.", count[0])), undo=env.batch)
            return request.redirect("/r/" + ACTIVITY)
    fields: list[FieldView] = [select(env, request, "scope", _("Which"), [
        (FOLLOWING, _("This and following ones")), (ALL, _("All that are planned"))], FOLLOWING, kind="radio")]
    return sheets.show(request, env.t(_("End the series")), fields, url=f"{URL}/{key}/end-series", submit=env.t(_("Delete")), errors=errors,
                       intro=f"{activity.subject}: {rule_words.sentence(env, activity.repeat_rule)}")


def answer(env: Env, request: Request, key: int) -> Response:
    """Yes, perhaps or no to an invitation."""
    activity = env.get(ACTIVITY, key, "subject", "organizer")
    if not activity.organizer:
        raise NotFound
    buttons = Markup("").join(Markup('<button class="btn outcome" name="answer" value="{}">{}</button>').format(name, env.t(label))
                              for name, label in (("accepted", _("Accept")), ("tentative", _("Maybe")), ("declined", _("Decline"))))
    return sheets.show(request, env.t(_("Answer the invitation")), [], url=f"{URL}/{key}/answer", submit="", top=Markup(
        '<div class="outcomes">{}</div>').format(buttons), intro=env.t(_(
            "{subject}: the answer is a file for {email}. It leaves by e-mail if you have an account to write from.",
            subject=activity.subject, email=activity.organizer)))
