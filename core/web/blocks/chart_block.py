"""A chart over records: by a choice, link, flag or month, counting or adding up; each bar opens its records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.errors import ExpressionError
from core.expressions import F, Node, as_node
from core.i18n.messages import Message, _
from core.layouts import text_in
from core.records.fields import ChoiceField, Link
from core.ui import BlockKind, OptionSpec
from core.web import charts, periods
from core.web.blocks.measures import MEASURE, Measure, measure_faults
from core.web.blocks.shown import Shown, bound
from core.web.links import list_link
from core.web.showing import kind_of, resolve
from core.web.viewmodels import Chart, Panel, Series

if TYPE_CHECKING:
    from core.env import Env
    from core.registry.compose import RecordType

GROUPED = frozenset({"choice", "link", "flag", "date", "datetime"})
DATES = frozenset({"date", "datetime"})
BARS = 12
MOST_GROUPS = 500


def draw(env: Env, block: Mapping[str, Any], shown: Shown) -> Panel | None:
    """The chart under its title."""
    options = block["options"]
    rtype = env.registry.records[options["record"]]
    where = bound(shown, options.get("where"))
    title = text_in(block.get("label"), env.lang, env.t) or env.t(rtype.plural)
    known = resolve(env, rtype, options["group"])
    if known is None:
        raise ExpressionError(_("There is no field “{field}”."), field=options["group"])
    made = (_by_month if kind_of(known[1]) in DATES else _by_value)(env, rtype, known[1], options, where)
    made.title = title
    return Panel(title, chart=made, url=list_link(env, rtype.name, where), icon=block.get("icon") or "bar-chart", note=made.note)


def _by_value(env: Env, rtype: RecordType, field: Any, options: Mapping[str, Any], where: Node | None) -> Chart:
    path, measure = options["group"], Measure.of(env, rtype, options.get("measure"))
    by = [path, *([measure.currency] if measure.currency else [])]
    rows = env.query(rtype.name).where(where).order("id").aggregate(by, measure.sums, limit=MOST_GROUPS)
    rows, note = _one_currency(env, measure, rows)
    if not isinstance(field, ChoiceField):
        rows.sort(key=lambda row: -(row.get(measure.key) or 0))
    most = int(options.get("limit") or BARS)
    if len(rows) > most:
        note = " ".join(filter(None, [note, env.t(_("The {count} largest are shown.", count=env.format.number(most)))]))
        rows = sorted(rows, key=lambda row: -(row.get(measure.key) or 0))[:most]
    series = Series(env.t(rtype.plural), [row.get(measure.key) or 0 for row in rows],
                    [list_link(env, rtype.name, where, _is(path, row[path])) for row in rows],
                    [measure.show(row.get(measure.key), row) for row in rows], colours=_colours(field, path, rows))
    names = [_name(env, field, row[path]) for row in rows]
    return charts.chart(env, options.get("style") or "bars", "", names, [series], category_label=env.t(field.label), note=note)


def _by_month(env: Env, rtype: RecordType, field: Any, options: Mapping[str, Any], where: Node | None) -> Chart:
    path, measure = options["group"], Measure.of(env, rtype, options.get("measure"))
    period = periods.period(env, options.get("over") or "last_12")
    months = periods.months(env, period.first, period.last)
    begins: list[Any] = [m.first for m in months]
    if kind_of(field) == "datetime":
        begins = [_midnight(env, day) for day in begins]
    after = F[path] >= begins[0]
    rows = env.query(rtype.name).where(where, after).order("id").aggregate(
        [measure.currency] if measure.currency else [], measure.sums, spans=(path, begins))
    rows, note = _one_currency(env, measure, rows)
    found = {row["span"]: row for row in rows}
    values = [found.get(i + 1, {}) for i in range(len(months))]
    series = Series(env.t(rtype.plural), [row.get(measure.key) or 0 for row in values],
                    [list_link(env, rtype.name, where, filters={path: m.quick}) for m in months],
                    [measure.show(row.get(measure.key), row or rows[0] if rows else row) for row in values])
    style = options.get("style") or "columns"
    return charts.chart(env, "columns" if style in ("bars", "funnel") else style, "", [m.label for m in months], [series],
                        category_label=env.t(_("Month")), note=note)


def _midnight(env: Env, day: Any) -> Any:
    return dt.datetime.combine(day, dt.time(), env.tz).astimezone(dt.UTC)


def _one_currency(env: Env, measure: Measure, rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """Amounts in one currency, the most frequent one: those in others cannot stand beside them."""
    if not measure.currency:
        return rows, ""
    counts: dict[str, int] = {}
    for row in rows:
        counts[measure.code(row)] = counts.get(measure.code(row), 0) + int(row["count"])
    if len(counts) < 2:
        return rows, ""
    chosen = max(counts, key=lambda code: counts[code])
    return [r for r in rows if measure.code(r) == chosen], env.t(_("Amounts in {currency} only.", currency=chosen))


def _is(path: str, value: Any) -> Node:
    at = F[path]
    if value is None:
        return as_node(at.is_null())
    return as_node(at == (value.id if isinstance(value, Link) else value))


def _name(env: Env, field: Any, value: Any) -> str:
    if value is None:
        return env.t(_("None"))
    if isinstance(value, Link):
        return value.label or env.t(_("Restricted"))
    if isinstance(value, bool):
        return env.t(_("Yes") if value else _("No"))
    return env.t(field.called(env).get(value, str(value))) if isinstance(field, ChoiceField) else str(value)


def _colours(field: Any, path: str, rows: list[dict[str, Any]]) -> list[str]:
    known = {o.value: o.colour for o in field.options} if isinstance(field, ChoiceField) else {}
    return [known.get(row[path], "grey") for row in rows] if known else []


def faults(env: Env, rtype: RecordType, options: Mapping[str, Any]) -> Iterator[tuple[str, Message]]:
    """What cannot be grouped or added up."""
    yield from measure_faults(env, rtype, options)
    known = resolve(env, rtype, str(options.get("group")))
    if known is not None and kind_of(known[1]) not in GROUPED:
        yield "group", _("Charts cannot be grouped by “{field}”.", field=known[1].label)


KIND = BlockKind("chart", _("Chart"), draw, icon="bar-chart", help=_("Records by stage, source, person or month."), lazy=True,
                 check=faults, options=(
    OptionSpec("record", _("Record type"), "record", required=True),
    OptionSpec("group", _("Grouped by"), "field", required=True, help=_("A choice, link, yes/no or date field.")),
    OptionSpec("style", _("Drawn as"), "choice", choices=(
        ("bars", _("Bars")), ("columns", _("Columns")), ("line", _("Line", context="chart")), ("funnel", _("Funnel")))), MEASURE,
    OptionSpec("where", _("Only records for which"), "where"),
    OptionSpec("over", _("Months of"), "choice", choices=tuple((k, v) for k, v in periods.NAMES.items()),
               help=_("For charts by a date.")),
    OptionSpec("limit", _("At most"), "number", least=2, most=40)))
