"""The page of analysis: velocity, funnel, time on stages, win rate and reasons; each figure opens what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.api import Env, F, _, n_
from core.web_api import (
    Cell,
    Column,
    EmptyState,
    FieldView,
    Option,
    Panel,
    ReportPage,
    Request,
    Row,
    Series,
    SimpleTable,
    Tile,
    chart,
    list_link,
    months,
    period,
    period_field,
)

from . import report_filters
from .analysis import (
    DIMENSIONS,
    STAY,
    Cause,
    Results,
    Step,
    average_discount,
    causes,
    funnel,
    over_time,
    results,
    stay_conditions,
)
from .choices import LOST, OPEN, WON
from .figures import Chosen, money, short

URL = "/x/deals/analysis"
DEAL, PIPELINE = "deals.deal", "deals.pipeline"
TOP = 12


def page(env: Env, request: Request) -> ReportPage:
    """Everything about the chosen deals of the chosen time."""
    chosen = report_filters.chosen_of(env, request, period(env, request.arg("period"), "this_year"))
    by = request.arg("by") if request.arg("by") in DIMENSIONS else "owner"
    whole = results(env, chosen)[0]
    made = ReportPage(env.t(_("Analysis of sales")), tabs=report_filters.tabs(env, URL, request),
                      filters=report_filters.form(env, URL, _filters(env, request, chosen, by)), tiles=_tiles(env, chosen, whole))
    made.panels = [_months(env, chosen), *_pipeline(env, chosen), _comparison(env, chosen, by),
                   _causes(env, chosen, LOST, "reason", _("Why deals were lost"), "red"),
                   _causes(env, chosen, WON, "reason", _("Why deals were won"), "green"),
                   _causes(env, chosen, LOST, "lost_to", _("Lost to competitors"), "orange")]
    return made


def _filters(env: Env, request: Request, chosen: Chosen, by: str) -> list[FieldView]:
    made = [period_field(env, chosen.period, offered=("this_month", "last_month", "this_quarter", "last_quarter", "this_year",
                                                      "last_year", "last_12")),
            report_filters.choice(env, request, "pipeline", _("Pipeline"), report_filters.offered(env, PIPELINE), _("All pipelines"))]
    people = report_filters.people(env)
    if len(people) > 1:
        made += [report_filters.choice(env, request, "person", _("Person"), people, _("Everybody")),
                 report_filters.choice(env, request, "team", _("Team"), report_filters.offered(env, "base.team"), _("All teams"))]
    if env.can("read", "leads.source"):
        made.append(report_filters.choice(env, request, "source", _("Source"), report_filters.offered(env, "leads.source"),
                                          _("All sources")))
    fields = env.registry.record(DEAL).fields
    made.append(FieldView("by", env.t(_("Compare by")), "select", by, required=True, attrs={"data-submit": ""}, options=[
        Option(n, env.t(fields[n].label), selected=n == by) for n in DIMENSIONS]))
    return made


# ---------------------------------------------------------------- tiles
def _closed(chosen: Chosen, status: str | None = None) -> list[Any]:
    return [F.status == status if status else F.status != OPEN, chosen.within("closed_on")]


def _days(env: Env, value: Decimal | None) -> str:
    return "" if value is None else env.t(_("{days} days", days=env.format.number(value, 1 if value < 10 else 0)))


def _percent(env: Env, value: Decimal | None) -> str:
    return "–" if value is None else env.format.percent(value, 0)


def _tiles(env: Env, chosen: Chosen, whole: Results) -> list[Tile]:
    won = chosen.url(env, *_closed(chosen, WON))
    made = [
        Tile(env.t(_("Won")), short(env, whole.won_amount), _average(env, whole), won, "trophy"),
        Tile(env.t(_("Win rate")), _percent(env, whole.win_rate), env.t(_("{won} of {closed} that ended", won=env.format.number(whole.won),
             closed=env.format.number(whole.closed))), chosen.url(env, *_closed(chosen)), "percent"),
        Tile(env.t(_("Sales cycle")), _days(env, whole.cycle) or "–", env.t(_("from the making of a deal to won")), won, "hourglass-split"),
        Tile(env.t(_("Sales velocity")), short(env, whole.velocity) or "–", env.t(_("a day: {open} open deals × win rate × average ÷ cycle",
             open=env.format.number(whole.open))), chosen.url(env, F.status == OPEN), "speedometer2")]
    if whole.from_leads:
        made.append(Tile(env.t(_("Lead to cash")), _days(env, whole.lead_to_cash), env.t(_(
            "from the first touch of the lead to won")), chosen.url(env, *_closed(chosen, WON), F.lead_days.not_null()),
            "arrow-right-circle"))
    discount = average_discount(env, chosen)
    if discount is not None:
        made.append(Tile(env.t(_("Average discount")), env.format.percent(discount, 1), env.t(_("of the lines of won deals")),
                         chosen.url(env, *_closed(chosen, WON), F.lines_count > 0), "tags"))
    return made


def _average(env: Env, whole: Results) -> str:
    count = env.t(n_("{count} deal", "{count} deals", whole.won))
    return count if whole.average is None else env.t(_("{count}, {amount} on average", count=count, amount=short(env, whole.average)))


# ---------------------------------------------------------------- panels
def _empty(env: Env) -> EmptyState:
    return EmptyState(env.t(_("Nothing closed in this time")), env.t(_("Choose a longer period, or other deals.")), "bar-chart")


def _months(env: Env, chosen: Chosen) -> Panel:
    shown = months(env, chosen.period.first, chosen.period.last)
    found = over_time(env, chosen, [m.first for m in shown])
    urls = [chosen.url(env, F.status == WON, f'closed_on in days(date("{m.first}"), date("{m.last}"))') for m in shown]
    title = env.t(_("Won in each month"))
    return Panel(title, wide=True, chart=chart(
        env, "columns", title, [m.label for m in shown], [Series(env.t(_("Won")), [s.won for s in found], urls, colour="green", details=[
            env.t(_("{won} won, {lost} lost", won=env.format.number(s.won_count), lost=env.format.number(s.lost_count))) for s in found])],
        show=lambda v: money(env, v), short=lambda v: short(env, v), category_label=env.t(_("Month")), empty=_empty(env)))


def _pipeline(env: Env, chosen: Chosen) -> list[Panel]:
    """The funnel of the chosen pipeline, of the first when none is chosen, and the time on its stages."""
    pipelines = report_filters.offered(env, PIPELINE, F.active)
    key = chosen.pipeline or (pipelines[0][0] if pipelines else None)
    if key is None:
        return []
    one = Chosen(chosen.period, key, chosen.people, chosen.source)
    steps = funnel(env, one)
    name = dict(pipelines).get(key, "") or env.labels(PIPELINE, [key]).get(key, "")
    title = env.t(_("Funnel: {pipeline}", pipeline=name))
    drawn = chart(env, "funnel", title, [s.name for s in steps], [Series(
        env.t(_("Deals")), [s.reached for s in steps], [one.url(env, F.furthest.isin(s.onward), one.within("created_at")) for s in steps],
        colours=[s.colour for s in steps], details=["", *(_conversion(env, s) for s in steps[:-1])])], empty=_empty(env))
    note = env.t(_("Deals made in this time that came to a stage or past it, and the share that came on."))
    return [Panel(title, chart=drawn, note=note),
            _times(env, one, [s for s in steps if s.id != steps[-1].id or s.stays])]


def _conversion(env: Env, step: Step) -> str:
    return "" if step.conversion is None else env.t(_("{percent} came on", percent=env.format.percent(step.conversion, 0)))


def _times(env: Env, chosen: Chosen, steps: Sequence[Step]) -> Panel:
    title = env.t(_("Time on each stage"))
    urls = [list_link(env, STAY, *stay_conditions(chosen), F.stage == s.id) for s in steps]
    drawn = chart(env, "bars", title, [s.name for s in steps], [Series(
        env.t(_("Days")), [s.days for s in steps], urls, texts=[_days(env, s.days) for s in steps], colours=[s.colour for s in steps],
        details=[env.t(n_("{count} stay", "{count} stays", s.stays)) for s in steps])], empty=_empty(env))
    return Panel(title, chart=drawn, note=env.t(_("The mean of stays that ended in this time, whoever ended them.")))


def _comparison(env: Env, chosen: Chosen, by: str) -> Panel:
    field = env.registry.record(DEAL).field(by)
    found = [r for r in results(env, chosen, by) if r.closed or r.open][:TOP]
    labels = getattr(field, "labels", {})
    rows = []
    for i, one in enumerate(found):
        own = F[by].is_null() if one.key is None else F[by] == one.key
        won = chosen.url(env, own, *_closed(chosen, WON))
        name = env.t(labels[one.key]) if one.key in labels else one.label or env.t(_("(none)"))
        rows.append(Row(i, "", [
            Cell(text=name, dir="auto"), _cell(env, one.open, chosen.url(env, own, F.status == OPEN)),
            _cell(env, one.won, won), _cell(env, one.lost, chosen.url(env, own, *_closed(chosen, LOST))),
            Cell(text=_percent(env, one.win_rate), url=chosen.url(env, own, *_closed(chosen)) if one.closed else ""),
            Cell(text=short(env, one.won_amount) if one.won else "", title=money(env, one.won_amount), url=won if one.won else ""),
            Cell(text=short(env, one.average), title=money(env, one.average)), Cell(text=_days(env, one.cycle)),
            Cell(text=short(env, one.velocity))]))
    headings = (_("Open deals"), _("Won"), _("Lost"), _("Win rate"), _("Won amount"), _("Average"), _("Sales cycle"), _("Velocity a day"))
    columns = [Column("name", env.t(field.label)), *(Column(f"c{i}", env.t(h), align="end") for i, h in enumerate(headings))]
    title = env.t(_("Compared by {field}", field=env.t(field.label)))
    return Panel(title, wide=True, table=SimpleTable(columns, rows) if rows else None, empty=_empty(env), icon="people")


def _cell(env: Env, count: int, url: str) -> Cell:
    return Cell(text=env.format.number(count), url=url if count else "")


def _causes(env: Env, chosen: Chosen, status: str, by: str, title: str, colour: str) -> Panel:
    found = causes(env, chosen, status, by)[:TOP]
    if by == "lost_to":
        found = [c for c in found if c.key is not None]
    drawn = chart(env, "bars", env.t(title), [c.label or env.t(_("(none)")) for c in found], [Series(
        env.t(_("Deals")), [c.count for c in found], [_cause_url(env, chosen, status, by, c) for c in found], colour=colour,
        details=[short(env, c.amount) for c in found])], empty=_empty(env))
    return Panel(env.t(title), chart=drawn)


def _cause_url(env: Env, chosen: Chosen, status: str, by: str, cause: Cause) -> str:
    return chosen.url(env, *_closed(chosen, status), F[by].is_null() if cause.key is None else F[by] == cause.key)
