"""What people do: done, planned and overdue activities by person, kind and time; each number opens the records it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from core.api import NOW, Env, F, _
from core.web_api import (
    Cell,
    Column,
    EmptyState,
    FieldView,
    FormPage,
    Option,
    Panel,
    Period,
    ReportPage,
    Request,
    Response,
    Row,
    Section,
    Series,
    SimpleTable,
    Tile,
    chart,
    list_link,
    months,
    period,
    period_field,
)

from . import agenda
from .choices import CANCELLED, DONE, KINDS, PLANNED
from .doing import ACTIVITY, URL

PAGE = f"{URL}/figures"
OFFERED = ("this_month", "last_month", "this_quarter", "last_quarter", "this_year", "last_year", "last_12")
GROUPS = 20_000
Key = tuple[int, str]
Counted = dict[Key, int]


class Figures:
    """Counts by person and kind for a time and some people (all that the actor may see without them)."""

    def __init__(self, env: Env, chosen: Period, people: Sequence[int]) -> None:
        self.env, self.people = env, tuple(people)
        start = dt.datetime.combine(chosen.first, dt.time(), env.tz).astimezone(dt.UTC)
        end = dt.datetime.combine(chosen.last + dt.timedelta(days=1), dt.time(), env.tz).astimezone(dt.UTC)
        self.conditions: dict[str, tuple[str, list[Any]]] = {
            "done": ("done_by", [F.status == DONE, F.done_at >= start, F.done_at < end]),
            "planned": ("owner", [F.status == PLANNED, F.due_at >= start, F.due_at < end]),
            "overdue": ("owner", [F.status == PLANNED, F.due_at < NOW]),
            "cancelled": ("owner", [F.status == CANCELLED, F.due_at >= start, F.due_at < end])}
        self.counts = {name: self._count(name) for name in self.conditions}
        self.names = env.labels(agenda.USER, {person for found in self.counts.values() for person, _kind in found if person})

    def _count(self, name: str) -> Counted:
        by, conditions = self.conditions[name]
        rows = self.env.query(ACTIVITY).where(*conditions, *self.only(by)).order("id").aggregate([by, "kind"], limit=GROUPS)
        return {(row[by].id if row[by] else 0, row["kind"]): row["count"] for row in rows}

    def only(self, by: str) -> list[Any]:
        """The condition that narrows to the chosen people."""
        return [F[by].isin(list(self.people))] if self.people else []

    def total(self, name: str, person: int | None = None, kind: str = "") -> int:
        """How many: of one person, of one kind, or of all."""
        return sum(n for (p, k), n in self.counts[name].items() if person in (None, p) and kind in ("", k))

    def url(self, name: str, person: int | None = None, kind: str = "") -> str:
        """The list of what was counted."""
        by, conditions = self.conditions[name]
        who = self.only(by) if person is None else [F[by] == person if person else F[by].is_null()]
        return list_link(self.env, ACTIVITY, *conditions, *who, F.kind == kind if kind else None)

    def everybody(self) -> list[int]:
        """The people there are figures of, by name."""
        found = {person for counted in self.counts.values() for person, _kind in counted}
        return sorted(found, key=lambda p: self.env.sort_key(self.names.get(p, "")))


def show(env: Env, request: Request) -> Response:
    """The page."""
    chosen = period(env, request.arg("period"), "this_month")
    who = agenda.whose(env, request.arg("who")) if request.arg("who") else None
    figures = Figures(env, chosen, who.people if who else ())
    page = ReportPage(env.t(_("Activities by person")), filters=_filters(env, request, chosen), tiles=_tiles(env, figures))
    if figures.everybody():
        page.panels = [_people(env, figures), _kinds(env, figures), _months(env, chosen, figures)]
    else:
        page.empty = EmptyState(env.t(_("Nothing to count")), env.t(_("Choose another time or other people.")), "bar-chart")
    return request.render("report.html", page, title=page.title, active=PAGE)


def _filters(env: Env, request: Request, chosen: Period) -> FormPage:
    people, teams = agenda.offered(env)
    now = request.arg("who")
    options = [Option("", env.t(_("Everybody")), selected=not now),
               *(Option(f"user:{k}", name, selected=now == f"user:{k}") for k, name in people),
               *(Option(f"team:{k}", env.t(_("Team: {name}", name=name)), selected=now == f"team:{k}") for k, name in teams)]
    fields = [period_field(env, chosen, offered=OFFERED),
              FieldView("who", env.t(_("Person or team")), "select", now, options=options, required=True, attrs={"data-submit": ""})]
    return FormPage("", PAGE, [Section("filters", fields=fields)], method="get")


HEADS = {"done": _("Done"), "planned": _("Planned"), "overdue": _("Overdue"), "cancelled": _("Cancelled")}


def _tiles(env: Env, figures: Figures) -> list[Tile]:
    icons = {"done": "check2", "planned": "calendar-event", "overdue": "exclamation-circle", "cancelled": "x-lg"}
    return [Tile(env.t(label), env.format.number(figures.total(name)), url=figures.url(name), icon=icons[name])
            for name, label in HEADS.items()]


def _cell(env: Env, figures: Figures, name: str, person: int | None = None, kind: str = "") -> Cell:
    number = figures.total(name, person, kind)
    return Cell("integer", env.format.number(number), figures.url(name, person, kind) if number else "")


def _people(env: Env, figures: Figures) -> Panel:
    columns = [Column("person", env.t(_("Person"))), *(Column(n, env.t(h), "integer", align="end") for n, h in HEADS.items()),
               *(Column(f"done_{o.value}", env.t(o.label), "integer", align="end") for o in KINDS)]
    rows = [Row(person, "", [Cell("text", figures.names.get(person) or env.t(_("Nobody")), dir="auto"),
                             *(_cell(env, figures, name, person) for name in HEADS),
                             *(_cell(env, figures, "done", person, o.value) for o in KINDS)])
            for person in figures.everybody()]
    return Panel(env.t(_("People")), table=SimpleTable(columns, rows), wide=True, icon="people",
                 note=env.t(_("The last columns count what was done, by kind. Overdue is what is overdue now.")))


def _kinds(env: Env, figures: Figures) -> Panel:
    series = [Series(env.t(HEADS[name]), [figures.total(name, kind=o.value) for o in KINDS],
                     [figures.url(name, kind=o.value) for o in KINDS]) for name in ("done", "planned", "overdue")]
    title = env.t(_("By kind"))
    return Panel(title, chart=chart(env, "columns", title, [env.t(o.label) for o in KINDS], series), icon="bar-chart")


def _months(env: Env, chosen: Period, figures: Figures) -> Panel:
    """What was done month by month, in the reader's calendar: one statement."""
    spans = months(env, chosen.first, chosen.last)
    starts = [dt.datetime.combine(m.first, dt.time(), env.tz).astimezone(dt.UTC) for m in spans]
    by, conditions = figures.conditions["done"]
    rows = env.query(ACTIVITY).where(*conditions, *figures.only(by)).order("id").aggregate([], spans=("done_at", starts))
    counted = {row["span"]: row["count"] for row in rows}
    edges = [*starts, dt.datetime.combine(spans[-1].last + dt.timedelta(days=1), dt.time(), env.tz).astimezone(dt.UTC)]
    urls = [list_link(env, ACTIVITY, *conditions, *figures.only(by), F.done_at >= edges[i], F.done_at < edges[i + 1])
            for i in range(len(spans))]
    title = env.t(_("Done, by month"))
    series = [Series(env.t(_("Done")), [counted.get(i + 1, 0) for i in range(len(spans))], urls)]
    return Panel(title, chart=chart(env, "columns", title, [m.label for m in spans], series), icon="graph-up")
