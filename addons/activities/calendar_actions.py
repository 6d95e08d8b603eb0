"""What an activity's page offers for calendars: its file, invitations, reminders, its series; and what its panel says."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from core.api import ActionLink, Env, F, Panel, _

from . import rule_words
from .choices import CANCELLED, PLANNED
from .doing import ACTIVITY, URL


def of_record(env: Env, record_name: str, key: int) -> list[ActionLink]:
    """Buttons on the page of an activity."""
    if record_name != ACTIVITY:
        return []
    one = env.get(ACTIVITY, key, "status", "starts_at", "first_day", "series", "organizer", "owner")
    found = []
    if one.status == PLANNED and (one.starts_at or one.first_day):
        found.append(ActionLink(_("Remind me"), f"{URL}/{key}/remind", icon="alarm", sheet=True))
    guests = env.query("activities.guest").where(F.activity == key, F.email.not_null())
    if one.status != CANCELLED and guests.exists() and env.allowed_ids("update", ACTIVITY, [key]):
        found.append(ActionLink(_("Invite guests"), f"{URL}/{key}/invite", icon="envelope-paper", post=True,
                                help=env.t(_("A file for each guest's calendar. Answers are taken under “My calendar”."))))
    if one.organizer and one.owner and one.owner.id == env.actor.id and one.status == PLANNED:
        found.append(ActionLink(_("Answer the invitation"), f"{URL}/{key}/answer", icon="reply", sheet=True))
    if one.series:
        found.append(ActionLink(_("Calendar file of the series"), f"{URL}/{key}/file.ics", icon="calendar-plus"))
    found.append(ActionLink(_("Calendar file"), f"{URL}/{key}/file.ics?one=1", icon="calendar-plus"))
    if one.series and env.can("delete", ACTIVITY):
        found.append(ActionLink(_("End the series"), f"{URL}/{key}/end-series", icon="calendar-x", sheet=True))
    return found


def panels(env: Env, record_name: str, record: Any) -> list[Panel]:
    """How an activity repeats, in words."""
    if record_name != ACTIVITY:
        return []
    rule = env.get(ACTIVITY, record.id, "repeat_rule", "series")
    if not rule.series or not (said := rule_words.sentence(env, rule.repeat_rule)):
        return []
    return [Panel(env.t(_("Repetition")), Markup("<p>{}</p>").format(said), icon="repeat", order=20)]
