"""The page of the day's work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.api import Env, F, _
from core.web_api import Action, EmptyState, FieldView, Option, Request, Response, Tab, list_link, list_url, record_url, with_query

from . import agenda, times
from .agenda import OVERDUE, SHOWN, Bucket, Whose
from .choices import ICONS, KINDS, PLANNED, PRIORITIES, TASK
from .doing import ACTIVITY, URL

PAGE = f"{URL}/today"
HIGH = "high"


@dataclass
class Item:
    """One activity on the page."""

    id: int
    subject: str
    url: str
    icon: str
    kind: str
    when: str
    exact: str
    about: str = ""
    about_url: str = ""
    place: str = ""
    online_url: str = ""
    owner: str = ""
    high: str = ""
    private: bool = False
    open: bool = True


@dataclass
class Part:
    """One part of the day's work."""

    name: str
    label: str
    count: str
    items: list[Item]
    url: str = ""
    more: str = ""


@dataclass
class TodayPage:
    """Everything the template draws."""

    title: str
    who: list[FieldView]
    parts: list[Part]
    counts: list[Tab]
    next: str
    actions: list[Action] = field(default_factory=list)
    empty: EmptyState | None = None


def show(env: Env, request: Request) -> Response:
    """The page of one's own work, or of whom the address names."""
    env.require("read", ACTIVITY)
    who = agenda.whose(env, request.arg("who"))
    found = agenda.buckets(env, who)
    changeable = env.allowed_ids("update", ACTIVITY, [r["id"] for one in found for r in one.rows])
    here = with_query(PAGE, {"who": who.key} if who.key != "me" else {})
    parts = [_part(env, who, one, changeable) for one in found if one.count]
    counts = [Tab(one.name, one.label, env.format.number(one.count), f"{here}#{one.name}", icon="exclamation-circle"
                  if one.name == OVERDUE and one.count else "") for one in found]
    page = TodayPage(env.t(_("Today")), _chooser(env, who), parts, counts, here, _actions(env, here))
    if not parts:
        page.empty = EmptyState(env.t(_("Nothing is waiting")), env.t(_(
            "Plan a task, a call or a meeting here or on the page of any record.")), "check2-circle", actions=page.actions[:1])
    return request.render("activities/today.html", page, title=page.title, active=PAGE)


def _actions(env: Env, here: str) -> list[Action]:
    if not env.can("create", ACTIVITY):
        return []
    begin = {"kind": TASK, "all_day": "1", "first_day": env.today.isoformat(), "next": here}
    return [Action(env.t(_("New task")), with_query(f"{list_url(ACTIVITY)}/quick", begin), "plus-lg", kind="sheet", style="primary"),
            Action(env.t(_("Log a call")), with_query(f"{URL}/log/call", {"next": here}), "telephone", kind="sheet")]


def _chooser(env: Env, who: Whose) -> list[FieldView]:
    people, teams = agenda.offered(env)
    options = [Option("me", env.t(_("Me")), selected=who.key == "me")]
    options += [Option(f"user:{k}", name, selected=who.key == f"user:{k}") for k, name in people if k != env.actor.id]
    options += [Option(f"team:{k}", env.t(_("Team: {name}", name=name)), selected=who.key == f"team:{k}") for k, name in teams]
    if who.key not in [o.value for o in options]:
        options.append(Option(who.key, who.label, selected=True))
    if len(options) < 2:
        return []
    return [FieldView("who", env.t(_("Whose work")), "select", who.key, options=options, required=True, attrs={"data-submit": ""})]


def _part(env: Env, who: Whose, one: Bucket, changeable: set[int]) -> Part:
    items = [_item(env, who, row, row["id"] in changeable) for row in one.rows[:SHOWN]]
    url = list_link(env, ACTIVITY, F.status == PLANNED, F.owner.isin(list(who.people)) if len(who.people) != 1
                    else F.owner == who.people[0], one.condition) if who.people else ""
    more = env.t(_("All {count}", count=env.format.number(one.count))) if one.count > len(items) else ""
    return Part(one.name, one.label, env.format.number(one.count), items, url, more)


def _item(env: Env, who: Whose, row: dict[str, Any], may: bool) -> Item:
    about, owner = row["about"], row["owner"]
    made = Item(row["id"], row["subject"], record_url(ACTIVITY, row["id"]), ICONS.get(row["kind"], "circle"),
                env.t(next((o.label for o in KINDS if o.value == row["kind"]), row["kind"])), times.when(env, row),
                times.exact(env, row), private=row["private"], open=may, online_url=row["online_url"] or "", place=row["location"] or "")
    if about and about.label:
        made.about, made.about_url = about.label, record_url(about.record, about.id)
    if row["priority"] == HIGH:
        made.high = env.t(next(o.label for o in PRIORITIES if o.value == HIGH))
    if owner and owner.label and (len(who.people) > 1 or owner.id not in who.people):
        made.owner = owner.label
    return made
