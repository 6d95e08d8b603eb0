"""The page of the forecast: tiles, the months around, and the tree of people with figures that open their deals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.api import Env, F, _, n_
from core.web_api import (
    Action,
    EmptyState,
    FieldView,
    Flash,
    Option,
    Panel,
    Period,
    ReportPage,
    Request,
    Series,
    Tile,
    chart,
    list_link,
    with_query,
)

from . import planning, report_filters
from .choices import BEST_CASE, CATEGORIES, COMMIT, LOST, OPEN, OPEN_CATEGORIES, PIPELINE, WON
from .figures import DEAL, ZERO, Chosen, bare, between, money, short
from .forecast import CATEGORIES as COLUMNS
from .forecast import Forecast, Node, forecast

URL = "/x/deals/forecast"
KINDS = ("month", "quarter")
AROUND = {"month": (5, 6), "quarter": (3, 2)}
"""How many periods before and after are drawn."""
LABELS = {value: label for value, label, _colour in CATEGORIES}
COLOURS = {WON: "green", COMMIT: "teal", BEST_CASE: "blue", PIPELINE: "grey"}


@dataclass
class Figure:
    """A number of the table: what counts, what the deals say if that is something else, and where it leads."""

    text: str = ""
    url: str = ""
    title: str = ""
    was: str = ""
    adjust: str = ""


@dataclass
class Line:
    """A line of the table."""

    label: str
    kind: str
    level: int
    detail: str = ""
    cells: list[Figure] = field(default_factory=list)
    attained: int | None = None
    attained_text: str = ""


# ---------------------------------------------------------------- periods
def kind_of(request: Request) -> str:
    """Months or quarters."""
    return request.arg("kind") if request.arg("kind") in KINDS else "month"


def day_of(env: Env, request: Request) -> dt.date:
    """A day in the period that is shown."""
    try:
        return dt.date.fromisoformat(request.arg("at")) if request.arg("at") else env.today
    except ValueError:
        return env.today


def period_of(env: Env, kind: str, day: dt.date) -> Period:
    """The month or quarter of the reader's calendar in which a day lies."""
    first, last = planning.bounds(env.actor.calendar, kind, day)
    return Period(f"{first.isoformat()}..{last.isoformat()}", planning.period_name(env, kind, first), first, last)


def around(env: Env, kind: str, middle: Period) -> list[Period]:
    """The periods before and after one, and itself."""
    before, after = AROUND[kind]
    found = [middle]
    for _turn in range(before):
        found.insert(0, period_of(env, kind, found[0].first - dt.timedelta(days=1)))
    for _turn in range(after):
        found.append(period_of(env, kind, found[-1].last + dt.timedelta(days=1)))
    return found


# ---------------------------------------------------------------- the page
def page(env: Env, request: Request) -> tuple[ReportPage, list[Line], list[str]]:
    """The page, and the lines and headings of its table."""
    kind = kind_of(request)
    shown = period_of(env, kind, day_of(env, request))
    chosen = report_filters.chosen_of(env, request, shown)
    team = None if request.arg("person") else report_filters.team_of(env, request)
    found = forecast(env, chosen, team)
    kept = {"kind": kind, **{n: request.arg(n) for n in ("pipeline", "person", "team") if request.arg(n)}}
    made = ReportPage(
        env.t(_("Forecast: {period}", period=shown.label)), intro=_weighted(env, found),
        tabs=report_filters.tabs(env, URL, request),
        filters=report_filters.form(env, URL, _filters(env, request, kind), {"at": shown.first.isoformat()}),
        actions=_steps(env, kind, shown, kept), tiles=_tiles(env, chosen, found), notices=_undated(env, chosen),
        panels=[Panel(env.t(_("What is won and what may come")), chart=_chart(env, chosen, kind, kept), wide=True,
                    note=env.t(_("In the base currency, by the day on which deals close. Choose a column to see its deals.")))])
    nodes = [n for n in found.walk() if n.sums or n.quota is not None or n.adjusted or n.kind == "role"] or found.lines
    lines = [_line(env, chosen, node, kept, shown) for node in (*nodes, *([found.whole] if len(nodes) > 1 else []))]
    return made, lines, _headings(env)


def _filters(env: Env, request: Request, kind: str) -> list[FieldView]:
    kinds = FieldView("kind", env.t(_("By", context="forecast")), "select", kind, required=True, attrs={"data-submit": ""}, options=[
        Option("month", env.t(_("Month")), selected=kind == "month"), Option("quarter", env.t(_("Quarter")), selected=kind == "quarter")])
    made = [kinds, report_filters.choice(env, request, "pipeline", _("Pipeline"), report_filters.offered(env, "deals.pipeline"),
                                         _("All pipelines"))]
    people = report_filters.people(env)
    if len(people) > 1:
        made.append(report_filters.choice(env, request, "person", _("Person"), people, _("Everybody")))
        made.append(report_filters.choice(env, request, "team", _("Team"), report_filters.offered(env, "base.team"), _("All teams")))
    return made


def _steps(env: Env, kind: str, shown: Period, kept: dict[str, str]) -> list[Action]:
    """To the period before, today's, and the next; to the board by closing month."""
    def at(day: dt.date) -> str:
        return with_query(URL, {**kept, "at": day.isoformat()})
    today = period_of(env, kind, env.today)
    before, after = period_of(env, kind, shown.first - dt.timedelta(days=1)), period_of(env, kind, shown.last + dt.timedelta(days=1))
    made = [Action(before.label, at(before.first), icon="chevron-left", style="quiet"),
            Action(after.label, at(after.first), icon="chevron-right", style="quiet")]
    if today.first != shown.first:
        made.insert(1, Action(env.t(_("Today")), at(today.first), style="quiet"))
    made.append(Action(env.t(_("Board by closing month")), list_link(env, DEAL, F.status == OPEN, board=True, extra=(("by", "closes_on"),)),
                       icon="kanban"))
    return made


def _undated(env: Env, chosen: Chosen) -> list[Flash]:
    """Open deals that are in no period, or whose day has passed, are said, not lost."""
    made = []
    is_open = F.category.isin(OPEN_CATEGORIES)
    for condition, told in ((F.closes_on.is_null(), _no_day), (F.closes_on < env.today, _past_day)):
        count = chosen.deals(env, is_open, condition).count(cap=None)
        if count:
            made.append(Flash(env.t(told(count)), "info", action=Action(env.t(_("Show")), chosen.url(env, is_open, condition))))
    return made


def _no_day(count: int) -> Any:
    return n_("{count} open deal has no day of close and is in no forecast.",
              "{count} open deals have no day of close and are in no forecast.", count)


def _past_day(count: int) -> Any:
    return n_("{count} open deal should have been closed already: give it a new day.",
              "{count} open deals should have been closed already: give them a new day.", count)


# ---------------------------------------------------------------- tiles and chart
def _weighted(env: Env, found: Forecast) -> str:
    """What the period comes to when each deal counts by its probability."""
    return env.t(_("Weighted by probability, this period comes to {amount}.", amount=short(env, found.whole.weighted)))


def _tiles(env: Env, chosen: Chosen, found: Forecast) -> list[Tile]:
    whole = found.whole
    made = []
    for category in COLUMNS:
        count = whole.sums[category].count if category in whole.sums else 0
        detail = env.t(n_("{count} deal", "{count} deals", count))
        if category == WON and whole.attainment is not None:
            detail = env.t(_("{percent} of the quota of {quota}", percent=env.format.percent(whole.attainment, 0),
                             quota=short(env, whole.quota)))
        made.append(Tile(env.t(LABELS[category]), short(env, whole.figures.get(category, ZERO)), detail,
                         chosen.url(env, F.category == category, chosen.within("closes_on")), colour=COLOURS[category]))
    return made


def _chart(env: Env, chosen: Chosen, kind: str, kept: dict[str, str]) -> Any:
    """Columns for the periods around, from one statement."""
    periods = around(env, kind, chosen.period)
    amounts: dict[str, list[Decimal]] = {c: [ZERO] * len(periods) for c in COLUMNS}
    for row in chosen.deals(env, F.category != LOST, between("closes_on", periods[0].first, periods[-1].last)).aggregate(
            ["category"], ["amount_base"], spans=("closes_on", [p.first for p in periods])):
        if row["span"] and row["category"] in amounts:
            amounts[row["category"]][row["span"] - 1] = row["sum:amount_base"] or ZERO
    series = [Series(env.t(LABELS[c]), amounts[c], colour=COLOURS[c], urls=[
        chosen.url(env, F.category == c, between("closes_on", p.first, p.last)) for p in periods]) for c in COLUMNS]
    return chart(env, "stacked", env.t(_("What is won and what may come")), [p.label for p in periods], series,
                 show=lambda v: money(env, v), short=lambda v: short(env, v), category_label=env.t(_("Period")),
                 empty=EmptyState(env.t(_("No deals close in this time")), env.t(_("Give deals a day of close to see them here.")),
                                  "graph-up"))


# ---------------------------------------------------------------- the table
def _headings(env: Env) -> list[str]:
    return [env.t(_("Person")), env.t(_("Quota")), *(env.t(LABELS[c]) for c in COLUMNS), env.t(_("Won and commit")),
            env.t(_("Everything")), env.t(_("Weighted")), env.t(_("Attainment"))]


def _line(env: Env, chosen: Chosen, node: Node, kept: dict[str, str], shown: Period) -> Line:
    label = env.t(_("Altogether")) if node.kind == "all" else node.label
    owners = [] if node.kind == "all" else [F.owner.isin(sorted(set(node.people)))]
    within = chosen.within("closes_on")
    cells = [_told(env, node.quota)]
    for category in COLUMNS:
        cells.append(_figure(env, chosen, node, category, [*owners, F.category == category, within], kept, shown))
    some = any(s.count for s in node.sums.values())
    everything = chosen.url(env, *owners, F.category != LOST, within) if some else ""
    cells += [_told(env, node.expected, chosen.url(env, *owners, F.category.isin((WON, COMMIT)), within) if some else ""),
              _told(env, node.total, everything), _told(env, node.weighted, everything)]
    done = node.attainment
    return Line(label, node.kind, node.level, cells=cells, attained=None if done is None else min(100, int(done)),
                attained_text="" if done is None else env.format.percent(done, 0))


def _told(env: Env, amount: Decimal | None, url: str = "") -> Figure:
    """An amount with three digits that count, exactly on hover; nothing is left blank."""
    return Figure(bare(env, amount), url, money(env, amount)) if amount else Figure()


def _figure(env: Env, chosen: Chosen, node: Node, category: str, conditions: Sequence[Any], kept: dict[str, str],
            shown: Period) -> Figure:
    deals = node.sums[category].amount if category in node.sums else ZERO
    counted = node.figures.get(category, ZERO)
    made = _told(env, counted, chosen.url(env, *conditions) if deals else "")
    if category in node.sums:
        made.title = env.t(n_("{count} deal", "{count} deals", node.sums[category].count)) + (f": {money(env, deals)}" if deals else "")
    one = node.adjusted.get(category)
    if one is not None:
        made.title = env.t(_("Adjusted by {person}", person=one.by)) + (f": {one.note}" if one.note else "")
    if counted != deals:
        made.text = made.text or bare(env, counted)
        made.was = bare(env, deals)
    if category in OPEN_CATEGORIES and may_adjust(env, node):
        made.adjust = with_query(f"{URL}/adjust", {**kept, "at": shown.first.isoformat(), "line": node.key, "category": category})
    return made


def may_adjust(env: Env, node: Node) -> bool:
    """Whether the person may write their own figure over a line: those of their people, roles below them and their own."""
    if not env.can("create", "deals.adjustment") or node.kind == "all":
        return False
    mine = {env.actor.id, *env.actor.subordinate_ids}
    return env.access.unlimited or set(node.people) <= mine

