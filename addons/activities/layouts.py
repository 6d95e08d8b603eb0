"""How activities are shown."""

from core.api import ME, NOW, TODAY, Button, Calendar, Card, F, Form, Kanban, List, Place, Quick, Related, Search, Section, _, on

from .choices import CALL, CUSTOM, DONE, EMAIL, MEETING, MONTHLY, NEVER, PLANNED, WEEKLY, YEARLY

WORKED_ON = "trait:noted+shared_owners"
"""What several people work on: leads, deals, accounts, contacts, tickets."""
IS_PLANNED = F.status == PLANNED
TIMED = ~F.all_day
BY_CHOICE = ~F.repeat.isin((NEVER, CUSTOM))
HELD = F.kind.isin((CALL, MEETING))
OVERDUE = IS_PLANNED & (F.due_at < NOW)
ON_TODAY = IS_PLANNED & (F.due_at == TODAY)

LAYOUTS = [
    Form("activities.activity",
         Button("done", style="primary"), Button("cancel"), Button("reopen"),
         Section("main", "kind", "status", Place("subject", span=2), Place("about", span=2), "all_day", "private",
                 Place("first_day", visible=F.all_day, required=F.all_day), Place("last_day", visible=F.all_day),
                 Place("starts_at", visible=TIMED, required=TIMED & (F.kind == MEETING)),
                 Place("ends_at", visible=TIMED & HELD), Place("duration", visible=TIMED & HELD),
                 Place("direction", visible=F.kind.isin((CALL, EMAIL))),
                 "priority", "owner", "co_owners", columns=2),
         Section("place", Place("location", visible=F.kind == MEETING), Place("online_url", visible=HELD),
                 Place("participants", span=2), columns=2, visible=HELD),
         Section("about_it", Place("description", span=2), columns=2),
         Section("result", "outcome", Place("outcome_text", span=2), "done_at", "done_by", columns=2, visible=F.status == DONE),
         Related("guests", columns=["contact", "name", "email", "answer"]),
         Section("repetition", "repeat", Place("repeat_every", visible=BY_CHOICE), Place("repeat_days", visible=F.repeat == WEEKLY, span=2),
                 Place("repeat_by", visible=F.repeat.isin((MONTHLY, YEARLY)), span=2),
                 Place("repeat_rule", visible=F.repeat == CUSTOM, span=2),
                 Place("repeat_until", visible=F.repeat != NEVER), Place("repeat_count", visible=F.repeat != NEVER),
                 Place("series_scope", visible=F.series.not_null(), span=2), columns=2, label=_("Repetition")),
         Related("reminders", columns=["before", "unit", "at", "user", "remind_at"])),
    List("activities.activity", "kind", Place("subject", pinned=True, pixels=280), "about", "due_at", "status", "priority", "owner",
         "outcome", order=["-due_at"]),
    Card("activities.activity", "kind", "about", "due_at", "status", "owner", title="subject"),
    Quick("activities.activity", Place("subject", span=2), "kind", "priority", Place("about", span=2), Place("all_day", help=""), "private",
          Place("first_day", visible=F.all_day, required=F.all_day), Place("starts_at", visible=TIMED),
          Place("duration", visible=TIMED & HELD), Place("location", visible=F.kind == MEETING), Place("online_url", visible=HELD),
          Place("direction", visible=F.kind.isin((CALL, EMAIL))), "owner", "co_owners",
          Place("participants", span=2, visible=F.kind == MEETING), Place("description", span=2)),
    Kanban("activities.activity", column="status", card=["kind", "about", "due_at", "priority", "owner"], order=["due_at", "id"],
           title="subject", colour="kind", also=["kind", "priority"], stale=OVERDUE),
    Calendar("activities.activity", start="starts_at", end="ends_at", day="first_day", last_day="last_day", all_day="all_day",
             colour="kind", people="owner", title="subject", card=["about", "location", "status"]),
    Search("activities.activity", text=["subject", "description", "location"],
           quick=["kind", "status", "due_at", "owner", "priority", "outcome", "done_at", "done_by", "private"],
           filters={"mine": (_("Mine"), (F.owner == ME) & IS_PLANNED),
                    "overdue": (_("Overdue"), OVERDUE),
                    "today": (_("Today"), ON_TODAY),
                    "undated": (_("Without a day"), IS_PLANNED & F.due_at.is_null()),
                    "taking_part": (_("I take part"), IS_PLANNED & (F.co_owners.any(F.id == ME) | F.participants.any(F.id == ME))),
                    "done": (_("Done this week"), 'status == "done" and done_at in this_week()')}),
    Form("activities.guest", Section("main", "activity", "contact", "name", "email", "answer", columns=2)),
    List("activities.guest", "activity", "contact", "name", "email", "answer"),
    Quick("activities.guest", "activity", "contact", "name", "email"),
    Form("activities.reminder", Section("main", "activity", "before", "unit", "at", "user", "remind_at", "sent_at", columns=2)),
    List("activities.reminder", "activity", "before", "unit", "user", "remind_at", "sent_at"),
    Quick("activities.reminder", "activity", "before", "unit", "at", "user"),
    List("activities.series", "rule", "calendar", "first_day", "until", "owner"),
    Form("activities.outcome", Section("main", "name", "kind", "position", "colour", "follow_up_days", "active", columns=2)),
    List("activities.outcome", Place("name", pinned=True, pixels=240), "kind", "position", "colour", "follow_up_days", "active",
         order=["kind", "position"]),
    Search("activities.outcome", text=["name"], quick=["kind", "active"]),
    on(WORKED_ON, "list").insert("next_activity", after=["stage", "status", "account", "type", "company", "name", "number"]),
    on(WORKED_ON, "kanban").insert("next_activity").set_layout(bar="next_activity"),
    on(WORKED_ON, "card").insert("next_activity"),
    on("trait:noted", "search").insert(Place("next_activity", quick=True)),
    on(WORKED_ON, "form").insert(
        Related("activities", columns=["kind", "subject", "due_at", "status", "owner", "outcome"], order=["-due_at"])),
]
