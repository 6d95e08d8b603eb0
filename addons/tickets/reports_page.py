"""The page of figures of service: each opens the tickets that it counts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.api import Env, F, _
from core.web_api import (
    Cell,
    Column,
    EmptyState,
    FieldView,
    FormPage,
    Option,
    Panel,
    ReportPage,
    Request,
    Row,
    Section,
    Series,
    SimpleTable,
    Tile,
    chart,
    months,
    period,
    period_field,
)

from .choices import SLA_STATES
from .reports import DIMENSIONS, OPEN, Chosen, Results, conditions, open_at, over_time, promises, results, together, within
from .service_tabs import REPORTS, tabs
from .sla_choices import PRIORITIES, QUEUE, TICKET
from .working_time import written

OFFERED = ("this_month", "last_month", "this_quarter", "last_quarter", "this_year", "last_year", "last_12")
TOP = 15
USER, TEAM, CATEGORY = "base.user", "base.team", "tickets.category"


def page(env: Env, request: Request) -> ReportPage:
    """Figures of the chosen tickets of the chosen time."""
    chosen = chosen_of(env, request)
    by = request.arg("by") if request.arg("by") in DIMENSIONS else "owner"
    found = results(env, chosen, by)
    made = ReportPage(env.t(_("Service figures")), tabs=tabs(env, REPORTS), tiles=_tiles(env, chosen, together(found)),
                      filters=FormPage("", REPORTS, [Section("filters", fields=_filters(env, request, chosen, by))], method="get"))
    made.panels = [*_months(env, chosen), _promises(env, chosen), _comparison(env, chosen, by, found)]
    return made


# ---------------------------------------------------------------- what is chosen
def chosen_of(env: Env, request: Request) -> Chosen:
    """What the address asks for; what may not be seen or does not exist is as good as nothing."""
    person, team = _known(env, USER, request.arg_int("person")), _known(env, TEAM, request.arg_int("team"))
    people: tuple[int, ...] | None = (person,) if person else None
    if people is None and team:
        rows = env.query(TEAM).with_ids([team]).select("members").rows()
        people = tuple(m.id for m in rows[0]["members"]) if rows else ()
    category = _known(env, CATEGORY, request.arg_int("category"))
    path = env.query(CATEGORY).archived(None).with_ids([category]).select("path").rows()[0]["path"] if category else ""
    priority = request.arg("priority") if request.arg("priority") in dict(p[:2] for p in PRIORITIES) else ""
    return Chosen(period(env, request.arg("period"), "this_month"), _known(env, QUEUE, request.arg_int("queue")), path, people, priority)


def _known(env: Env, record: str, key: int) -> int | None:
    return key if key and key in env.visible_ids(record, [key]) else None


def _filters(env: Env, request: Request, chosen: Chosen, by: str) -> list[FieldView]:
    fields = env.registry.record(TICKET).fields
    return [period_field(env, chosen.period, offered=OFFERED),
            _choice(env, request, "queue", _("Queue"), _offered(env, QUEUE, "name"), _("All queues")),
            _choice(env, request, "category", _("Category"), _offered(env, CATEGORY, "path"), _("All categories")),
            _choice(env, request, "person", _("Agent"), _offered(env, USER, "name", F.active), _("Everybody")),
            _choice(env, request, "team", _("Team"), _offered(env, TEAM, "name"), _("All teams")),
            _choice(env, request, "priority", _("Priority"), [(p[0], env.t(p[1])) for p in PRIORITIES], _("All priorities")),
            FieldView("by", env.t(_("Compare by")), "select", by, required=True, attrs={"data-submit": ""}, options=[
                Option(n, env.t(fields[n].label), selected=n == by) for n in DIMENSIONS])]


def _choice(env: Env, request: Request, name: str, label: str, options: Sequence[tuple[Any, str]], nothing: str) -> FieldView:
    now = request.arg(name)
    return FieldView(name, env.t(label), "select", now, attrs={"data-submit": ""}, required=True, options=[
        Option("", env.t(nothing), selected=not now), *(Option(str(k), t, selected=str(k) == now) for k, t in options)])


def _offered(env: Env, record: str, title: str, where: Any = None) -> list[tuple[Any, str]]:
    if not env.can("read", record):
        return []
    return [(r["id"], str(r[title])) for r in env.query(record).where(where).order(title).select(title).rows(500)]


# ---------------------------------------------------------------- tiles
def _tiles(env: Env, chosen: Chosen, whole: Results) -> list[Tile]:
    number, working = env.format.number, env.t(_("on average, in working time"))

    def tile(label: str, value: str, note: str, name: str, icon: str) -> Tile:
        return Tile(env.t(label), value, note, chosen.url(env, *conditions(chosen, name)), icon)

    return [
        tile(_("Backlog"), number(whole.count("backlog")), env.t(_(
            "open now, {count} without an owner", count=number(whole.count("unowned")))), "backlog", "inboxes"),
        tile(_("Missed and open"), number(whole.count("late")), env.t(_("open tickets whose promise was missed")), "late", "alarm"),
        tile(_("First response"), written(env, whole.mean("answered")) or "–", working, "answered", "reply"),
        tile(_("Resolution"), written(env, whole.mean("resolved")) or "–", working, "resolved", "check2-circle"),
        tile(_("Promises missed"), _percent(env, whole.share("missed", "promised")), env.t(_("{missed} of {promised} resolved",
             missed=number(whole.count("missed")), promised=number(whole.count("promised")))), "missed", "stopwatch"),
        tile(_("Reopened"), _percent(env, whole.share("reopened", "resolved")), env.t(_("{reopened} of {resolved} resolved",
             reopened=number(whole.count("reopened")), resolved=number(whole.count("resolved")))), "reopened", "arrow-counterclockwise"),
        tile(_("Satisfaction"), _mark(env, whole), env.t(_("of 5, by {count} ratings", count=number(whole.count("rated")))),
             "rated", "star")]


def _percent(env: Env, value: Decimal | None) -> str:
    return "–" if value is None else env.format.percent(value, 0)


def _mark(env: Env, one: Results) -> str:
    mean = one.mean("rated")
    return "–" if mean is None else env.format.number(mean, 1)


# ---------------------------------------------------------------- panels
def _empty(env: Env) -> EmptyState:
    return EmptyState(env.t(_("No tickets in this time")), env.t(_("Choose a longer period, or other tickets.")), "bar-chart")


def _months(env: Env, chosen: Chosen) -> list[Panel]:
    spans = months(env, chosen.period.first, chosen.period.last)
    found = over_time(env, chosen, spans)
    names = [s.label for s in spans]

    def urls(moment: str, *more: Any) -> list[str]:
        return [chosen.url(env, within(moment, s.first, s.last), *more) for s in spans]

    month = env.t(_("Month"))
    flow = chart(env, "columns", env.t(_("Opened and resolved")), names, [
        Series(env.t(_("Opened")), [m.opened for m in found], urls("created_at"), colour="blue"),
        Series(env.t(_("Resolved")), [m.resolved for m in found], urls("resolved_at"), colour="green")],
        category_label=month, empty=_empty(env))
    backlog = chart(env, "line" if len(spans) > 1 else "columns", env.t(_("Backlog at the end of the month")), names, [
        Series(env.t(_("Open", context="ticket")), [m.backlog for m in found], [
            chosen.url(env, *open_at(env, s.last)) for s in spans], colour="violet")],
        category_label=month, empty=_empty(env))
    times = chart(env, "columns", env.t(_("Working time")), names, [
        Series(env.t(_("First response")), [m.response for m in found], urls(
            "first_responded_at", F.response_used.not_null()), colour="teal"),
        Series(env.t(_("Resolution")), [m.resolution for m in found], urls("resolved_at"), colour="blue")],
        show=lambda v: written(env, v), short=lambda v: env.format.number(Decimal(str(v)) / 3600, 1),
        category_label=month, empty=_empty(env))
    missed = chart(env, "columns", env.t(_("Promises missed")), names, [
        Series(env.t(_("Missed")), [m.missed for m in found], urls("resolved_at", F.breach_at.not_null()), colour="red", details=[
            _percent(env, Decimal(100 * m.missed) / m.resolved if m.resolved else None) for m in found])],
        category_label=month, empty=_empty(env))
    return [Panel(env.t(_("Opened and resolved")), chart=flow), Panel(env.t(_("Backlog at the end of the month")), chart=backlog),
            Panel(env.t(_("Average times in working hours")), chart=times), Panel(env.t(_("Promises missed")), chart=missed)]


def _promises(env: Env, chosen: Chosen) -> Panel:
    found = promises(env, chosen)
    field: Any = env.registry.record(TICKET).field("sla_state")
    shown = [value for value in field.labels if found.get(value)]
    colours = {value: colour for value, _label, colour in SLA_STATES}
    title = env.t(_("Promises of open tickets, now"))
    drawn = chart(env, "bars", title, [env.t(field.labels[v]) for v in shown], [Series(
        env.t(_("Tickets")), [found[v] for v in shown], [chosen.url(env, OPEN, F.sla_state == v) for v in shown],
        colours=[colours[v] for v in shown])], empty=_empty(env))
    return Panel(title, chart=drawn, wide=True)


def _comparison(env: Env, chosen: Chosen, by: str, found: Sequence[Results]) -> Panel:
    field = env.registry.record(TICKET).field(by)
    labels = getattr(field, "labels", {})
    rows = []
    for at, one in enumerate(found[:TOP]):
        own = F[by].is_null() if one.key is None else F[by] == one.key
        name = env.t(labels[one.key]) if one.key in labels else one.label or env.t(_("(none)"))

        def cell(text: str, what: str, key: str, own: Any = own, one: Results = one) -> Cell:
            return Cell(text=text, url=chosen.url(env, own, *conditions(chosen, what)) if one.count(key) else "")

        rows.append(Row(at, "", [
            Cell(text=name, dir="auto"), *(cell(env.format.number(one.count(n)), n, n) for n in ("backlog", "late", "opened", "resolved")),
            cell(written(env, one.mean("answered")) or "–", "answered", "answered"),
            cell(written(env, one.mean("resolved")) or "–", "resolved", "resolved"),
            cell(_percent(env, one.share("missed", "promised")), "missed", "missed"),
            cell(_percent(env, one.share("reopened", "resolved")), "reopened", "reopened"), cell(_mark(env, one), "rated", "rated")]))
    headings = (_("Backlog"), _("Missed and open"), _("Opened"), _("Resolved"), _("First response"), _("Resolution"), _("Promises missed"),
                _("Reopened"), _("Satisfaction"))
    columns = [Column("name", env.t(field.label)), *(Column(f"c{i}", env.t(h), align="end") for i, h in enumerate(headings))]
    return Panel(env.t(_("Compared by {field}", field=env.t(field.label))), wide=True, icon="people",
                 table=SimpleTable(columns, rows) if rows else None, empty=_empty(env))
