"""Working hours, holidays, who has which calendar; shifts and the rotas that make them; absences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from addons.base.one_default import OneDefault
from core.api import TODAY, Change, Env, Extension, F, Invalid, Record, _, action, change, fields, validates

from . import absences, calendar_checks, choices, rotas, shift_checks
from .choices import CALENDAR


class Calendar(OneDefault, Record):
    """When people work: the hours of a week in a time zone, with holidays and exceptions."""

    record_name = "worktime.calendar"
    record_label = _("Working time calendar")
    record_plural = _("Working time calendars")
    record_icon = "clock-history"
    record_order = ("name",)

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True)
    time_zone = fields.Text(_("Time zone"), size=60, required=True, default=lambda env: env.actor.tz,
                            help=_("Hours are those of clocks there, such as Asia/Tehran or Europe/Istanbul."))
    is_default = fields.Flag(_("The organisation's calendar"), help=_(
        "It counts wherever no other one is chosen. There is exactly one: to change it, choose another one here."))
    holiday_sets = fields.Many("worktime.holiday_set", _("Holidays"))
    intervals = fields.Children("worktime.interval", _("Hours of the week"), by="calendar", owned=True)
    exceptions = fields.Children("worktime.exception", _("Exceptions"), by="calendar", owned=True)
    assignments = fields.Children("worktime.assignment", _("Teams and people"), by="calendar", owned=True)

    @validates("time_zone")
    def known_zone(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """The time zone is one that the system knows."""
        yield from calendar_checks.zones(records)


class Interval(Record):
    """A stretch of open hours on a weekday."""

    record_name = "worktime.interval"
    record_label = _("Interval")
    record_plural = _("Intervals")
    record_title = "begins"
    record_order = ("calendar", "weekday", "begins")
    record_parent = "calendar"

    calendar = fields.Link(CALENDAR, _("Calendar"), required=True, on_delete="cascade")
    weekday = fields.Choice(_("Weekday"), required=True, options=choices.WEEKDAYS)
    begins = fields.Text(_("From"), size=5, required=True, help=_("A time of day, such as 08:30."))
    ends = fields.Text(_("Until"), size=5, required=True, help=_("24:00 is midnight; a time that is not after the beginning is "
                                                               "meant on the next day."))

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Times are stored as 08:30, however they were typed."""
        super().before_save(env, change)
        calendar_checks.clean_times(change, "begins", "ends")

    @validates()
    def sound(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """Times are times, and intervals of a calendar do not overlap."""
        yield from calendar_checks.intervals(records, env)


class HolidaySet(Record):
    """Holidays that belong together: those of a country, of a trade, of a company."""

    record_name = "worktime.holiday_set"
    record_label = _("Holiday set")
    record_plural = _("Holiday sets")
    record_icon = "balloon"
    record_order = ("name",)

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True)
    country = fields.Choice(_("Official holidays of"), options=choices.COUNTRIES, help=_(
        "Years are then added by a button; what is filled in may be changed, and stays as you changed it."))
    years = fields.Text(_("Years"), size=400, readonly=True, copyable=False, help=_("Gregorian years whose official holidays were added."))
    holidays = fields.Children("worktime.holiday", _("Holidays"), by="holiday_set", owned=True)

    @action(_("Add the next years"), icon="calendar-plus", where=F.country.not_null(), primary=True)
    def add_years(records: Sequence[Any], env: Env) -> Any:
        """Add official holidays of the years that are missing until three years ahead."""
        return calendar_checks.add_years(env, records)


class Holiday(Record):
    """A holiday: the whole day, or the rest of the day from a time on."""

    record_name = "worktime.holiday"
    record_label = _("Holiday")
    record_plural = _("Holidays")
    record_icon = "balloon"
    record_order = ("day",)
    record_parent = "holiday_set"
    record_unique = (("holiday_set", "day", "name"),)
    record_indexes = (("holiday_set", "day"),)

    holiday_set = fields.Link("worktime.holiday_set", _("Holiday set"), required=True, on_delete="cascade")
    day = fields.Date(_("Day"), required=True, index=True)
    name = fields.Text(_("Name"), size=250, required=True, search=True)
    closed_from = fields.Text(_("Closed from"), size=5, help=_("Empty: the whole day. 13:00: until one o'clock it is a working day."))
    estimated = fields.Flag(_("Estimated"), help=_("A day of the lunar calendar that is not officially confirmed yet."))
    known_as = fields.Text(_("Official name"), size=250, readonly=True, tracked=False, copyable=False)
    official = fields.Text(_("Official key"), size=250, readonly=True, tracked=False, copyable=False, index=True)
    by_hand = fields.Flag(_("Changed by hand"), readonly=True, tracked=False, copyable=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Times are stored as 08:30."""
        super().before_save(env, change)
        calendar_checks.clean_times(change, "closed_from")

    @validates("closed_from")
    def time_of_day(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """Times are times."""
        yield from calendar_checks.times(records, "closed_from")


class DayException(Record):
    """Days of a calendar on which other hours hold than on their weekdays; it goes before holidays."""

    record_name = "worktime.exception"
    record_label = _("Exception")
    record_plural = _("Exceptions")
    record_icon = "calendar-x"
    record_order = ("-first_day",)
    record_parent = "calendar"
    record_indexes = (("calendar", "first_day"),)

    calendar = fields.Link(CALENDAR, _("Calendar"), required=True, on_delete="cascade")
    name = fields.Text(_("Reason"), size=120, required=True, search=True)
    kind = fields.Choice(_("Kind"), required=True, default="closed", options=choices.EXCEPTIONS)
    first_day = fields.Date(_("First day"), required=True, default=TODAY, index=True)
    last_day = fields.Date(_("Last day"), help=_("Empty: one day."))
    hours = fields.Text(_("Hours"), size=120, help=_("Such as 8-12, 13-15."))
    weekday = fields.Choice(_("As on"), options=choices.WEEKDAYS, help=_("For a working day: the hours of this weekday."))

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Hours are stored in one way of writing."""
        super().before_save(env, change)
        calendar_checks.clean_exceptions(change)

    @validates()
    def sound(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """It says what holds on its days, and no other exception of the calendar speaks of them."""
        yield from calendar_checks.exceptions(records, env)


class Assignment(Record):
    """Which calendar a team or a person has. A person's own one goes before that of their team."""

    record_name = "worktime.assignment"
    record_label = _("Calendar of a team or person")
    record_plural = _("Calendars of teams and people")
    record_title = "name"
    record_icon = "person-gear"
    record_order = ("name",)
    record_parent = "calendar"

    calendar = fields.Link(CALENDAR, _("Calendar"), required=True, on_delete="cascade")
    team = fields.Link("base.team", _("Team"), on_delete="cascade", unique=True)
    user = fields.Link("base.user", _("Person"), on_delete="cascade", unique=True)
    name = fields.Text(_("Name"), size=250, readonly=True, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """It is called as whom it is for."""
        super().before_save(env, change)
        calendar_checks.name_assignments(env, change)

    @validates("team", "user")
    def one_of_both(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """It is for a team or for a person."""
        for record in records:
            if bool(record.team) == bool(record.user):
                yield Invalid(record, "user" if record.user else "team", _("Choose either a team or a person."))


class ShiftType(Record):
    """A kind of shift, such as morning, evening or night."""

    record_name = "worktime.shift_type"
    record_label = _("Kind of shift")
    record_plural = _("Kinds of shifts")
    record_icon = "brightness-high"
    record_order = ("begins",)

    code = fields.Text(_("Code"), size=6, required=True, unique=True, help=_("A letter or two, for patterns: M."))
    name = fields.Text(_("Name"), size=60, required=True, search=True)
    begins = fields.Text(_("From"), size=5, required=True)
    ends = fields.Text(_("Until"), size=5, required=True, help=_("24:00 is midnight; a time that is not after the beginning is "
                                                               "meant on the next day."))
    colour = fields.Choice(_("Colour"), required=True, default="blue", options=choices.COLOURS)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Times are stored as 08:30."""
        super().before_save(env, change)
        calendar_checks.clean_times(change, "begins", "ends")

    @validates()
    def sound(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """Times are times, and the code can stand in a pattern."""
        yield from calendar_checks.times(records, "begins", "ends")
        yield from rotas.codes(records)


class Rota(Record):
    """A pattern of shifts that is repeated: each member goes through it, beginning at a place of their own."""

    record_name = "worktime.rota"
    record_label = _("Rota")
    record_plural = _("Rotas")
    record_icon = "arrow-repeat"
    record_order = ("name",)

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True)
    team = fields.Link("base.team", _("Team"))
    time_zone = fields.Text(_("Time zone"), size=60, required=True, default=lambda env: env.actor.tz)
    pattern = fields.LongText(_("Pattern"), size=2000, required=True, help=_(
        "Codes of shifts, one for each day, and - for a free day: M M E E N N - -. After the last day it begins again."))
    first_day = fields.Date(_("Begins on"), required=True, default=TODAY)
    last_day = fields.Date(_("Ends on"))
    weeks_ahead = fields.Integer(_("Weeks planned ahead"), required=True, default=6, minimum=1, maximum=53)
    skips_holidays = fields.Flag(_("No shifts on holidays"), help=_("Holidays of the organisation's calendar or the member's own."))
    active = fields.Flag(_("Active"), default=True)
    made_until = fields.Date(_("Shifts are made until"), readonly=True, copyable=False, tracked=False)
    members = fields.Children("worktime.rota_member", _("Members"), by="rota", owned=True)
    shifts = fields.Children("worktime.shift", _("Shifts"), by="rota")

    @validates()
    def sound(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """The pattern speaks of shifts that there are, in a time zone that there is."""
        yield from calendar_checks.zones(records)
        yield from rotas.problems(records, env)

    @action(_("Plan shifts"), icon="calendar-plus", where=F.active == True, primary=True)  # noqa: E712
    def plan(records: Sequence[Any], env: Env) -> Any:
        """Make the shifts of the weeks ahead; what people changed by hand stays as they left it."""
        return rotas.plan_by_hand(env, [r.id for r in records])


class RotaMember(Record):
    """Somebody in a rota, and with which day of the pattern they begin."""

    record_name = "worktime.rota_member"
    record_label = _("Member of a rota")
    record_plural = _("Members of rotas")
    record_title = "user"
    record_order = ("rota", "offset")
    record_parent = "rota"
    record_unique = (("rota", "user"),)

    rota = fields.Link("worktime.rota", _("Rota"), required=True, on_delete="cascade")
    user = fields.Link("base.user", _("Person"), required=True, on_delete="cascade")
    offset = fields.Integer(_("Begins with day"), required=True, default=1, minimum=1, maximum=1000,
                            help=_("1 is the first day of the pattern. Give each member another one to have every shift filled."))


class Shift(Record):
    """Somebody is on duty from one moment to another."""

    record_name = "worktime.shift"
    record_label = _("Shift")
    record_plural = _("Shifts")
    record_icon = "calendar2-week"
    record_title = "title"
    record_order = ("begins_at",)
    record_indexes = (("user", "begins_at"), ("rota", "day"))

    user = fields.Link("base.user", _("Person"), required=True, on_delete="cascade")
    shift_type = fields.Link("worktime.shift_type", _("Kind"))
    begins_at = fields.DateTime(_("From"), required=True, index=True)
    ends_at = fields.DateTime(_("Until"), required=True, index=True)
    remark = fields.Text(_("Remark"), size=250)
    title = fields.Text(_("Title"), size=250, readonly=True, tracked=False, search=True)
    rota = fields.Link("worktime.rota", _("Rota"), readonly=True, copyable=False)
    day = fields.Date(_("Day of the rota"), readonly=True, copyable=False)
    planned_for = fields.Link("base.user", _("Planned for"), readonly=True, copyable=False)
    as_planned = fields.Flag(_("As the rota planned it"), readonly=True, copyable=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """What people touch is no longer the rota's; a shift is called as who has it."""
        super().before_save(env, change)
        shift_checks.before(env, change)

    @validates("user", "begins_at", "ends_at")
    def sound(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """It ends after it begins, and nobody is on two shifts at once."""
        yield from shift_checks.problems(records, env)


class Absence(Record):
    """Somebody is away, and who stands in for them."""

    record_name = "worktime.absence"
    record_label = _("Absence")
    record_plural = _("Absences")
    record_icon = "airplane"
    record_title = "title"
    record_order = ("-first_day",)
    record_traits = ("owned", "noted")
    record_indexes = (("owner", "first_day"), ("stand_in", "first_day"))

    first_day = fields.Date(_("First day"), required=True, default=TODAY, index=True)
    last_day = fields.Date(_("Last day"), required=True, default=TODAY, index=True)
    from_time = fields.Text(_("From"), size=5, help=_("For a part of one day only, such as 10:00."))
    until_time = fields.Text(_("Until"), size=5)
    kind = fields.Choice(_("Kind"), required=True, default="leave", options=choices.ABSENCES)
    stand_in = fields.Link("base.user", _("Stand-in"))
    remark = fields.Text(_("Remark"), size=250)
    title = fields.Text(_("Title"), size=250, readonly=True, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Times are stored as 08:30; an absence is called as who is away."""
        super().before_save(env, change)
        absences.before(env, change)

    @validates()
    def sound(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """Nobody is away twice at once, and who stands in is there."""
        yield from absences.problems(records, env)


class AbsenceOwner(Extension):
    """The owner of an absence is who is away, so that they and their superiors see it."""

    extends = "worktime.absence"

    owner = change(label=_("Who is away"))
