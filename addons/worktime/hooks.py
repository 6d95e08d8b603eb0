"""What the working time addon answers when the core asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from core.api import ActionLink, CalendarDay, ChangeSet, Env, F, Installation, Invalid, MenuItem, _, hookimpl
from core.web_api import list_link

from . import demo, holiday_days, hours_page, rota_page, seeds
from .choices import ABSENCE, CALENDAR, CALENDARS_CHANGED, COUNTED, HOLIDAY, HOLIDAY_SET, PEOPLE_CHANGED, ROTA, SHIFT
from .menu import MENU
from .official import touched


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Pages under /x/worktime."""
    return [hours_page.pages, rota_page.pages]


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """The hours of a calendar, the coming days of holidays, the weeks of a rota's team."""
    if record_name == CALENDAR:
        return [ActionLink(_("Hours of the week"), f"/x/worktime/hours/{record.id}", icon="clock", primary=True)]
    if record_name == HOLIDAY_SET:
        url = list_link(env, HOLIDAY, F.holiday_set == record.id, F.day >= env.today)
        return [ActionLink(_("Coming holidays"), url, icon="calendar-event")]
    if record_name == ROTA and env.can("read", SHIFT):
        team = f"?team={record.team.id}" if record.team else ""
        return [ActionLink(_("Week by week"), f"/x/worktime/rota{team}", icon="calendar2-week")]
    return []


@hookimpl
def calendar_days(env: Env, first: dt.date, last: dt.date) -> dict[dt.date, CalendarDay]:
    """Holidays, exceptions, days off and working hours, in every calendar."""
    return holiday_days.days(env, first, last)


@hookimpl
def menus(env: Env) -> list[MenuItem]:
    """The Working time app."""
    return list(MENU)


@hookimpl
def before_changes(env: Env, changes: ChangeSet) -> None:
    """Clocks are made anew in every process when calendars change; shifts and absences are written one after the other, so
    that checks see what others just wrote."""
    if any(change.record in COUNTED for change in changes.changes):
        env.changed(CALENDARS_CHANGED)
    if any(change.record in (SHIFT, ABSENCE) for change in changes.changes):
        env.changed(PEOPLE_CHANGED)
    for change in changes.of(HOLIDAY, "update"):
        touched(change)


@hookimpl
def validate_changes(env: Env, changes: ChangeSet) -> Iterable[Invalid]:
    """What comes back from the recycle bin still fits."""
    found: list[Invalid] = []
    for change in changes.changes:
        if change.action == "restore" and change.record in (ABSENCE, SHIFT):
            for validator in change.rtype.validators:
                found.extend(validator.run(change.records, env) or ())
    return found


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """Holidays, the organisation's calendar, kinds of shifts; the sets for the first profiles."""
    if addon == "worktime":
        seeds.create(env)


@hookimpl
def language_chosen(env: Env, lang: str) -> None:
    """What was shipped follows."""
    seeds.translate(env, lang)


@hookimpl
def demo_data(env: Env) -> None:
    """Hours in two countries, a hotline in shifts, absences."""
    demo.create(env)
