"""Activities about any record, with what came of them, guests, reminders and series."""

from collections.abc import Iterator
from typing import Any

from core.api import NOW, TODAY, Change, Env, Extension, F, Invalid, Message, Portable, Record, _, action, fields, rollup, validates

from .. import choices, doing, timing


class Outcome(Record):
    """What may come of an activity: reached, no answer, took place ..."""

    record_name = "activities.outcome"
    record_label = _("Outcome")
    record_plural = _("Outcomes")
    record_icon = "chat-square-dots"
    record_order = ("kind", "position", "id")
    record_unique = (("kind", "name"),)
    record_help = _("What may come of a call, a meeting or a task. The dialog for doing one offers those of its kind.")
    record_portable = Portable(("kind", "name"))

    name = fields.Text(_("Name"), size=120, required=True, search=True)
    kind = fields.Choice(_("Kind"), options=choices.KINDS, required=True, default=choices.CALL)
    position = fields.Integer(_("Position"), default=10, required=True)
    colour = fields.Choice(_("Colour"), options=choices.COLOURS, default="grey", required=True, semantic="colour")
    follow_up_days = fields.Integer(_("Follow up after days"), minimum=0, maximum=365,
                                    help=_("A further activity is offered on that day; empty: none."))
    active = fields.Flag(_("Active"), default=True)


class Activity(Record):
    """Something to do, or done, with or for somebody."""

    record_name = "activities.activity"
    record_label = _("Activity")
    record_plural = _("Activities")
    record_icon = "check2-square"
    record_title = "subject"
    record_order = ("-due_at",)
    record_traits = ("owned", "shared_owners", "noted")
    record_read_by = ("about", "participants")
    record_indexes = (("owner", "status", "due_at"), ("status", "due_at"), ("about", "status", "due_at"),
                      ("done_by", "done_at"), ("series", "series_at"), ("starts_at", "ends_at"), ("first_day", "last_day"))
    record_help = _("A task, call, meeting, e-mail or note to follow up, about any record.")

    kind = fields.Choice(_("Kind"), options=choices.KINDS, required=True, default=choices.TASK)
    subject = fields.Text(_("Subject"), size=200, required=True, search=True)
    status = fields.Choice(_("Status"), options=choices.STATUSES, required=True, default=choices.PLANNED, copyable=False)
    priority = fields.Choice(_("Priority"), options=choices.PRIORITIES, required=True, default="normal")
    about = fields.AnyLink(_("About"))
    all_day = fields.Flag(_("All day"), help=_("On days instead of at a time; the days are the same in every time zone."))
    first_day = fields.Date(_("Day"))
    last_day = fields.Date(_("Last day"))
    starts_at = fields.DateTime(_("Date and time"))
    ends_at = fields.DateTime(_("Ends"))
    due_at = fields.DateTime(_("Due"), readonly=True, copyable=False, tracked=False,
                             help=_("When it begins; of a whole day, the end of the last day where its owner is."))
    duration = fields.Duration(_("Duration"))
    direction = fields.Choice(_("Direction"), options=choices.DIRECTIONS)
    location = fields.Text(_("Location"), size=255, search=True)
    online_url = fields.Url(_("Online meeting"))
    description = fields.LongText(_("Description"), search=True)
    private = fields.Flag(_("Private"), help=_("Only the owner, further assignees and participants see it."))
    participants = fields.Many("base.user", _("Participants"))
    guests = fields.Children("activities.guest", _("Guests"), by="activity", owned=True)
    reminders = fields.Children("activities.reminder", _("Reminders"), by="activity", owned=True)
    outcome = fields.Link("activities.outcome", _("Outcome"), on_delete="restrict", copyable=False, where=F.active,
                          within={"kind": "kind"})
    outcome_text = fields.LongText(_("What came of it"), size=4000, search=True, copyable=False)
    done_at = fields.DateTime(_("Done on"), readonly=True, copyable=False)
    done_by = fields.Link("base.user", _("Done by"), readonly=True, copyable=False, index=False)
    series = fields.Link("activities.series", _("Series"), readonly=True, copyable=False, index=False, tracked=False)
    series_at = fields.DateTime(_("Planned originally"), readonly=True, copyable=False, tracked=False)
    uid = fields.Text(_("Calendar identifier"), readonly=True, copyable=False, tracked=False, index=True)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Times, the moment it is due, and who did it when, hang together."""
        super().before_save(env, change)
        timing.fill(env, change)
        doing.fill(env, change)

    @validates("all_day", "first_day", "last_day", "starts_at", "ends_at", "duration")
    def in_order(records: list[Any], env: Env) -> Iterator[Invalid]:
        """What ends does not end before it begins."""
        yield from timing.problems(records)

    @validates("kind", "status", "outcome", "direction")
    def told_whole(records: list[Any], env: Env) -> Iterator[Invalid]:
        """An outcome is one of something done; a direction is one of a call or an e-mail."""
        yield from doing.problems(records)

    @action(_("Done", context="button"), icon="check2", primary=True, where=F.status == choices.PLANNED)
    def done(records: list[Any], env: Env) -> Message | str:
        """To the page that asks what came of them and what follows."""
        return doing.page_for(records)

    @action(_("Cancel", context="activity"), icon="x-lg", where=F.status == choices.PLANNED, bulk=True)
    def cancel(records: list[Any], env: Env) -> Message | str:
        """They will not take place."""
        return doing.cancel(env, records)

    @action(_("Plan again"), icon="arrow-counterclockwise", where=F.status != choices.PLANNED)
    def reopen(records: list[Any], env: Env) -> Message | str:
        """They are still to be done."""
        return doing.reopen(env, records)


class Guest(Record):
    """Somebody from outside who is invited: a contact, or just a name and an address."""

    record_name = "activities.guest"
    record_label = _("Guest")
    record_plural = _("Guests")
    record_icon = "person-plus"
    record_order = ("id",)
    record_parent = "activity"

    activity = fields.Link("activities.activity", _("Activity"), required=True, on_delete="cascade")
    contact = fields.Link("contacts.contact", _("Contact"))
    name = fields.Text(_("Name"), size=200, search=True)
    email = fields.Email(_("E-mail"))
    answer = fields.Choice(_("Answer"), options=choices.ANSWERS, default="waiting", required=True, copyable=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Name and address come from the contact unless somebody wrote others."""
        super().before_save(env, change)
        timing.name_guests(env, change)

    @validates("contact", "name", "email")
    def somebody(records: list[Any], env: Env) -> Iterator[Invalid]:
        """A guest is somebody."""
        for record in records:
            if not (record.contact or record.name or record.email):
                yield Invalid(record, "contact", _("Choose a contact, or write a name or an e-mail address."))


class WithActivities(Extension):
    """The next and the last activity of every record that one can be about. Private ones are not told of."""

    extends_trait = "noted"

    activities = fields.Children("activities.activity", _("Activities"), by="about")
    next_activity_at = rollup("activities", "min", F.due_at, _("Next activity on"), type="datetime",
                              where=(F.status == choices.PLANNED) & ~F.private, index=True)
    last_activity_at = rollup("activities", "max", F.done_at, _("Last activity"), type="datetime",
                              where=(F.status == choices.DONE) & ~F.private)
    next_activity = fields.Cases(_("Next activity"), cases=[
        ("overdue", _("Overdue"), "red", F.next_activity_at < NOW),
        ("today", _("Today"), "orange", (F.next_activity_at >= NOW) & (F.next_activity_at == TODAY)),
        ("planned", _("Planned"), "green", F.next_activity_at > TODAY),
        ("none", _("None", context="activity"), "grey", F.next_activity_at.is_null())])
