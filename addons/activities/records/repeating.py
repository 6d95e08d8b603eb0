"""Series, reminders and addresses of calendars, and what they add to activities and people."""

from collections.abc import Iterator
from typing import Any

from core.api import Change, Env, Extension, Invalid, Record, _, fields, validates

from .. import choices, invitations, remind_times, repeating


class Series(Record):
    """A rule by which activities come again, and what they are like; written by the program."""

    record_name = "activities.series"
    record_label = _("Series")
    record_plural = _("Series")
    record_icon = "repeat"
    record_title = "rule"
    record_order = ("-id",)
    record_traits = ("owned",)
    record_by_hand = False
    record_indexes = (("finished", "made_until"),)

    rule = fields.Text(_("Rule"), size=500, required=True)
    calendar = fields.Choice(_("Calendar"), options=choices.CALENDARS, required=True, default="gregorian")
    time_zone = fields.Text(_("Time zone"), size=60, required=True, default=lambda env: env.actor.tz)
    starts_at = fields.DateTime(_("Begins"))
    first_day = fields.Date(_("First day"))
    until = fields.Date(_("Until"))
    exceptions = fields.Data(_("Exceptions"))
    template = fields.Data(_("What they are like"), tracked=False)
    made_until = fields.Date(_("Made until"), readonly=True, tracked=False)
    finished = fields.Flag(_("All are made"), readonly=True, tracked=False)
    uid = fields.Text(_("Calendar identifier"), readonly=True, copyable=False, tracked=False, index=True)
    activities = fields.Children("activities.activity", _("Activities"), by="series")


class Reminder(Record):
    """When somebody is reminded of an activity."""

    record_name = "activities.reminder"
    record_label = _("Reminder")
    record_plural = _("Reminders")
    record_icon = "alarm"
    record_title = "unit"
    record_order = ("id",)
    record_parent = "activity"
    record_indexes = (("sent_at", "remind_at"),)

    activity = fields.Link("activities.activity", _("Activity"), required=True, on_delete="cascade")
    before = fields.Integer(_("How long"), minimum=0, maximum=1000, default=15, required=True)
    unit = fields.Choice(_("Before"), options=choices.UNITS, default="minutes", required=True)
    at = fields.Text(_("At (whole days)"), size=5, help=_("The time of day for whole days, such as 9:00."))
    user = fields.Link("base.user", _("Only for"), on_delete="cascade", index=False, help=_("Empty: everybody who takes part."))
    usual = fields.Flag(_("By the person's own setting"), readonly=True, tracked=False)
    remind_at = fields.DateTime(_("On"), readonly=True, copyable=False, tracked=False)
    sent_at = fields.DateTime(_("Sent"), readonly=True, copyable=False, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """The moment follows from the activity."""
        super().before_save(env, change)
        remind_times.fill(env, change)

    @validates("at", "user")
    def sensible(records: list[Any], env: Env) -> Iterator[Invalid]:
        """A time of day, and somebody who takes part."""
        yield from remind_times.problems(env, records)


class Feed(Record):
    """A private address under which a calendar program reads somebody's activities. Only a digest of it is kept."""

    record_name = "activities.feed"
    record_label = _("Calendar address")
    record_plural = _("Calendar addresses")
    record_icon = "calendar2-week"
    record_title = "hint"
    record_by_hand = False

    user = fields.Link("base.user", _("User"), required=True, on_delete="cascade")
    digest = fields.Text(_("Digest"), size=64, required=True, unique=True, tracked=False, sensitive=True)
    hint = fields.Text(_("Ends with"), size=8)


class Repeating(Extension):
    """How an activity comes again, and whom a change of one of a series is for."""

    extends = "activities.activity"

    repeat = fields.Choice(_("Repeat"), options=choices.REPEATS, default=choices.NEVER, required=True, copyable=False, tracked=False)
    repeat_every = fields.Integer(_("Every"), minimum=1, maximum=400, default=1, copyable=False, tracked=False,
                                  help=_("1: every one; 2: every second day, week, month or year."))
    repeat_days = fields.MultiChoice(_("On these weekdays"), options=choices.WEEKDAYS, copyable=False, tracked=False)
    repeat_by = fields.Choice(_("Which day"), options=choices.REPEAT_BY, default=choices.ON_DATE, copyable=False, tracked=False)
    repeat_until = fields.Date(_("Until"), copyable=False, tracked=False)
    repeat_count = fields.Integer(_("How many times"), minimum=1, maximum=1000, copyable=False, tracked=False)
    repeat_rule = fields.Text(_("Rule (iCalendar)"), size=500, copyable=False, tracked=False,
                              help=_("Such as FREQ=MONTHLY;BYDAY=2SA; with RSCALE=PERSIAN by months of the Jalali calendar."))
    series_scope = fields.Choice(_("What is changed"), options=choices.SCOPES, copyable=False, tracked=False)
    sequence = fields.Integer(_("Version of the invitation"), readonly=True, copyable=False, tracked=False)
    invited_at = fields.DateTime(_("Invited"), readonly=True, copyable=False, tracked=False)
    organizer = fields.Email(_("Invited by"), readonly=True, copyable=False, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """A rule follows from what was chosen."""
        super().before_save(env, change)  # type: ignore[misc]  # the activity's own, below in the order of classes
        repeating.fill(env, change)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """Series begin and change; reminders follow times and people; who was invited learns of it."""
        super().after_save(env, change)  # type: ignore[misc]
        repeating.follow(env, change)
        remind_times.follow(env, change)
        invitations.follow(env, change)

    @validates("repeat", "repeat_until", "repeat_count", "repeat_rule", "repeat_days", "repeat_by", "repeat_every")
    def can_repeat(records: list[Any], env: Env) -> Iterator[Invalid]:
        """What repeats has a beginning and a rule by which it takes place."""
        yield from repeating.problems(env, records)


class UsualReminders(Extension):
    """What somebody is reminded of unless they say otherwise."""

    extends = "base.user"

    activities_reminder = fields.Choice(_("Reminder of what has a time"), options=choices.USUAL, default="15m")
    activities_day_reminder = fields.Choice(_("Reminder of whole days"), options=choices.USUAL_DAYS, default="none")


class GuestAnswer(Extension):
    """When a guest answered, so that an older answer does not replace a newer one."""

    extends = "activities.guest"

    answered_at = fields.DateTime(_("Answered"), readonly=True, copyable=False)
