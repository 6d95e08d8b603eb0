"""The rota of a team by week: who has which shift on which day, who is away, who is on duty now."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from core.api import Env, F, _
from core.web_api import (
    Action,
    EmptyState,
    FieldView,
    FormPage,
    Option,
    Pages,
    Request,
    Response,
    Section,
    list_url,
    record_url,
    with_query,
)

from . import absences, drawing, loading, service
from .choices import ROTA, SHIFT, SHIFT_TYPE
from .drawing import ONE_DAY

pages = Pages("worktime")
URL = "/x/worktime/rota"
MOST_PEOPLE = 200
TINTS = {"amber": "yellow", "purple": "violet"}
"""Colours of picklists that tints call otherwise."""


@dataclass
class Chip:
    """A shift in a cell."""

    text: str
    title: str
    url: str
    tint: str


@dataclass
class DayCell:
    """A day of a person."""

    chips: list[Chip] = field(default_factory=list)
    away: str = ""
    usual: str = ""
    add: str = ""


@dataclass
class PersonRow:
    """A week of a person."""

    name: str
    total: str
    cells: list[DayCell]


@dataclass
class Now:
    """Somebody who works or is away at the moment."""

    name: str
    detail: str = ""


@dataclass
class RotaPage:
    """What the page shows."""

    title: str
    filters: FormPage
    actions: list[Action]
    days: list[drawing.DrawnDay] = field(default_factory=list)
    rows: list[PersonRow] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)
    duty: list[Now] = field(default_factory=list)
    away: list[Now] = field(default_factory=list)
    notice: str = ""
    empty: EmptyState | None = None


@pages.route("/rota")
def rota(env: Env, request: Request) -> Response:
    """A week of a team, or of everybody who has shifts in it."""
    env.require("read", SHIFT)
    first = drawing.first_of_week(env, _day(env, request))
    team = request.arg_int("team")
    teams = env.query("base.team").order("name").select("name", "members").rows(limit=200)
    team = team if any(t["id"] == team for t in teams) else 0
    shown = _Week(env, first, next(([m.id for m in t["members"]] for t in teams if t["id"] == team), None))
    last = first + 6 * ONE_DAY
    page = RotaPage(env.t(_("Rota")), _filters(env, teams, team, first), _actions(env, team, first),
                    days=_days(env, first, last))
    page.rows = [shown.row(env, user, name) for user, name in shown.people]
    page.covered = shown.covered(env)
    page.duty, page.away = _now(env, shown)
    if shown.left_out:
        page.notice = env.t(_("Only the first {count} people are shown: choose a team.", count=env.format.number(MOST_PEOPLE)))
    if not page.rows:
        page.empty = _empty(env)
    return request.render("worktime/rota.html", page, title=page.title, active=URL)


def _day(env: Env, request: Request) -> dt.date:
    try:
        return dt.date.fromisoformat(request.arg("week")) if request.arg("week") else env.today
    except ValueError:
        return env.today


def _days(env: Env, first: dt.date, last: dt.date) -> list[drawing.DrawnDay]:
    names, special = env.calendar.weekday_names(env.lang, short=True), service.days(env, first, last)
    return [drawing.DrawnDay(names[day.weekday()], detail=env.format.date(day, "day"), today=day == env.today,
                             label=special[day].label if special else "", closed=bool(special) and bool(special[day].off))
            for day in (first + ONE_DAY * number for number in range(7))]


class _Week:
    """Shifts and absences of a week, read in three statements."""

    def __init__(self, env: Env, first: dt.date, members: list[int] | None) -> None:
        self.days = [first + ONE_DAY * number for number in range(7)]
        begins, ends = (dt.datetime.combine(day, dt.time(), env.tz).astimezone(dt.UTC) for day in (first, first + 7 * ONE_DAY))
        query = env.query(SHIFT).where(F.begins_at < ends, F.begins_at >= begins)
        if members is not None:
            query = query.where(F.user.isin(members))
        self.shifts: dict[tuple[int, dt.date], list[Any]] = {}
        self.hours: Counter[int] = Counter()
        for shift in query.order("begins_at").records("user", "shift_type", "begins_at", "ends_at", "remark", "as_planned"):
            self.shifts.setdefault((shift.user.id, shift.begins_at.astimezone(env.tz).date()), []).append(shift)
            self.hours[shift.user.id] += round((shift.ends_at - shift.begins_at).total_seconds())
        chosen = sorted({user for user, _day in self.shifts} if members is None else set(members))
        names = env.labels("base.user", chosen)
        people = sorted(((user, names[user]) for user in chosen if user in names), key=lambda one: env.sort_key(one[1]))
        self.people, self.left_out = people[:MOST_PEOPLE], len(people) > MOST_PEOPLE
        self.users = [user for user, _name in self.people]
        self.away = absences.around(env, first, first + 6 * ONE_DAY, self.users)
        with env.elevated("colours of shifts") as sudo:
            rows = sudo.query(SHIFT_TYPE).archived(None).deleted(None).select("code", "name", "colour").rows()
        self.kinds = {row["id"]: row for row in rows}
        self.clocks, self.calendars = loading.all_clocks(env), service.calendar_of(env, self.users) if self.users else {}
        self.may_plan = env.can("create", SHIFT)

    def row(self, env: Env, user: int, name: str) -> PersonRow:
        """A person's week."""
        return PersonRow(name, drawing.told(env, self.hours[user]) if self.hours[user] else "",
                         [self._cell(env, user, day) for day in self.days])

    def _cell(self, env: Env, user: int, day: dt.date) -> DayCell:
        begins, ends = (dt.datetime.combine(one, dt.time(), env.tz) for one in (day, day + ONE_DAY))
        cell = DayCell([self._chip(env, shift) for shift in self.shifts.get((user, day), ())])
        for away in self.away:
            if away.user == user and away.begins < ends and begins < away.ends:
                whole = away.begins <= begins and ends <= away.ends
                cell.away = env.t(_("Away")) if whole else env.t(_("Away {hours}", hours=_range(env, away.begins, away.ends)))
        if not self.hours[user]:
            cell.usual = drawing.shown_hours(env, self.clocks[self.calendars[user]].hours(day))
        if self.may_plan:
            cell.add = with_query(f"/r/{SHIFT}/new", {"user": str(user), "begins_at": f"{day.isoformat()} 08:00"})
        return cell

    def _chip(self, env: Env, shift: Any) -> Chip:
        kind = self.kinds.get(shift.shift_type.id) if shift.shift_type else None
        colour = kind["colour"] if kind else "grey"
        title = " · ".join(text for text in (kind["name"] if kind else "", shift.remark or "",
                                             "" if shift.as_planned else env.t(_("changed by hand"))) if text)
        return Chip(_range(env, shift.begins_at, shift.ends_at), title, record_url(SHIFT, shift.id), TINTS.get(colour, colour))

    def covered(self, env: Env) -> list[str]:
        """How many people each kind of shift has on each day."""
        made = []
        for day in self.days:
            counts = Counter(self.kinds[s.shift_type.id]["code"] for (_user, on), shifts in self.shifts.items() if on == day
                             for s in shifts if s.shift_type and s.shift_type.id in self.kinds)
            made.append(" · ".join(f"{code} {env.format.number(count)}" for code, count in sorted(counts.items())))
        return made if any(made) else []


def _range(env: Env, begins: dt.datetime, ends: dt.datetime) -> str:
    """Times of day, in their direction within right-to-left text."""
    return f"⁦{env.format.time(begins)}–{env.format.time(ends)}⁩"


def _now(env: Env, shown: _Week) -> tuple[list[Now], list[Now]]:
    """Who of these people works at the moment, and who is away today with who stands in."""
    names = dict(shown.people)
    working = service.on_duty(env, shown.users, env.now)
    duty = [Now(name, _until(env, shown, user)) for user, name in shown.people if user in working]
    today = absences.around(env, env.today, env.today, shown.users)
    stand_ins = env.labels("base.user", [a.stand_in for a in today if a.stand_in is not None])
    away = [Now(names[a.user], env.t(_("{person} stands in", person=stand_ins[a.stand_in])) if a.stand_in in stand_ins else "")
            for a in today if a.begins <= env.now < a.ends]
    return duty, away


def _until(env: Env, shown: _Week, user: int) -> str:
    for day in (env.today - ONE_DAY, env.today):
        for shift in shown.shifts.get((user, day), ()):
            if shift.begins_at <= env.now < shift.ends_at:
                return env.t(_("until {time}", time=env.format.time(shift.ends_at)))
    return ""


def _filters(env: Env, teams: list[dict[str, Any]], team: int, first: dt.date) -> FormPage:
    options = [Option(str(t["id"]), t["name"], selected=t["id"] == team) for t in teams]
    chosen = FieldView("team", env.t(_("Team")), "select", str(team or ""), options=options, attrs={"data-submit": ""},
                       placeholder=env.t(_("Everybody with shifts")))
    return FormPage("", URL, [Section("main", fields=[chosen])], method="get", hidden={"week": first.isoformat()})


def _actions(env: Env, team: int, first: dt.date) -> list[Action]:
    def at(day: dt.date) -> str:
        return with_query(URL, {"week": day.isoformat(), **({"team": str(team)} if team else {})})
    made = [Action(env.t(_("Week before")), at(first - 7 * ONE_DAY), icon="chevron-left", style="quiet"),
            Action(env.t(_("Today")), at(env.today), style="quiet", active=drawing.first_of_week(env, env.today) == first),
            Action(env.t(_("Week after")), at(first + 7 * ONE_DAY), icon="chevron-right", style="quiet")]
    if env.can("create", SHIFT):
        made.append(Action(env.t(_("Rotas")), list_url(ROTA), icon="arrow-repeat"))
    return made


def _empty(env: Env) -> EmptyState:
    if env.can("create", ROTA):
        return EmptyState(env.t(_("No shifts in this week")), env.t(_(
            "Make a rota: a pattern of shifts and the people who go through it. It then plans weeks ahead by itself.")), "calendar2-week",
            actions=[Action(env.t(_("New rota")), f"/r/{ROTA}/new", icon="plus", style="primary")])
    return EmptyState(env.t(_("No shifts in this week")), env.t(_("Choose a team to see its usual hours, or another week.")),
                      "calendar2-week")
