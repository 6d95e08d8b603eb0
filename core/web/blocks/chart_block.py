"""A chart over records: by a choice, link, flag or month, counting or adding up; each bar opens its records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.expressions import F, Node, as_node
from core.i18n.messages import Message, _
from core.layouts import text_in
from core.records.fields import ChoiceField, Link
from core.ui import BlockKind, OptionSpec
from core.web import charts, periods
from core.web.blocks.measures import MEASURE, Measure, is_value, measure_faults
from core.web.blocks.shown import Shown, bound, needed
from core.web.links import list_link
from core.web.showing import kind_of, resolve
from core.web.viewmodels import Chart, Panel, Series

if TYPE_CHECKING:
    from core.env import Env
    from core.registry.compose import RecordType

GROUPED = frozenset({"choice", "link", "flag", "date", "datetime"})
DATES = frozenset({"date", "datetime"})
BARS = 12


def draw(env: Env, block: Mapping[str, Any], shown: Shown) -> Panel | None:
    """The chart under its title."""
    options = block["options"]
    rtype = env.registry.records[options["record"]]
    where = bound(shown, options.get("where"))
    title = text_in(block.get("label"), env.lang, env.t) or env.t(rtype.plural)
    measure = Measure.of(env, rtype, options.get("measure"))
    code, only, note = measure.in_one_currency(env.query(rtype.name).where(where))
    counted = _Counted(env, rtype, options["group"], needed(env, rtype, options["group"]), measure, code, (where, only))
    made = (_by_month if kind_of(counted.field) in DATES else _by_value)(counted, options)
    made.title, made.note = title, " ".join(filter(None, [note, made.note]))
    return Panel(title, chart=made, url=list_link(env, rtype.name, where, only), icon=block.get("icon") or "bar-chart", note=made.note)


@dataclass(frozen=True)
class _Counted:
    """What is counted, by which field, in one currency, among which records."""

    env: Env
    rtype: RecordType
    path: str
    field: Any
    measure: Measure
    code: str
    among: tuple[Node | None, ...]

    def rows(self, *conditions: Node, **how: Any) -> list[dict[str, Any]]:
        """The groups."""
        return self.env.query(self.rtype.name).where(*self.among, *conditions).aggregate(**self.measure.asked, **how)

    def series(self, rows: list[dict[str, Any]], urls: list[str], colours: Sequence[str] = ()) -> Series:
        """The values of groups."""
        return Series(self.env.t(self.rtype.plural), [self.measure.value(row) for row in rows], urls,
                      [self.measure.show(row, self.code) for row in rows], colours=list(colours))


def _by_value(counted: _Counted, options: Mapping[str, Any]) -> Chart:
    env, path, key, most = counted.env, counted.path, counted.measure.key, int(options.get("limit") or BARS)
    rows = counted.rows(group_by=[path], limit=most + 1, largest=key)
    note = env.t(_("The {count} largest are shown.", count=env.format.number(most))) if len(rows) > most else ""
    rows = rows[:most]
    if isinstance(counted.field, ChoiceField):
        order = [o.value for o in counted.field.options]
        rows.sort(key=lambda row: order.index(row[path]) if row[path] in order else len(order))
    urls = [list_link(env, counted.rtype.name, *counted.among, is_value(path, row[path])) for row in rows]
    return charts.chart(env, options.get("style") or "bars", "", [_name(env, counted.field, row[path]) for row in rows],
                        [counted.series(rows, urls, _colours(counted.field, path, rows))],
                        category_label=env.t(counted.field.label), note=note)


def _by_month(counted: _Counted, options: Mapping[str, Any]) -> Chart:
    env, path = counted.env, counted.path
    period = periods.period(env, options.get("over") or "last_12")
    months = periods.months(env, period.first, period.last)
    begins: list[Any] = [*(m.first for m in months), months[-1].last + dt.timedelta(days=1)]
    if kind_of(counted.field) == "datetime":
        begins = [_midnight(env, day) for day in begins]
    rows = counted.rows(as_node(F[path] >= begins[0]), as_node(F[path] < begins[-1]), spans=(path, begins[:-1]))
    found = {row["span"]: row for row in rows}
    urls = [list_link(env, counted.rtype.name, *counted.among, F[path] >= first, F[path] < end)
            if "." in path else list_link(env, counted.rtype.name, *counted.among, filters={path: month.quick})
            for month, first, end in zip(months, begins, begins[1:], strict=False)]
    style = options.get("style") or "columns"
    return charts.chart(env, "columns" if style in ("bars", "funnel") else style, "", [m.label for m in months],
                        [counted.series([found.get(i + 1, {}) for i in range(len(months))], urls)], category_label=env.t(_("Month")))


def _midnight(env: Env, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), env.tz).astimezone(dt.UTC)


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


KIND = BlockKind("chart", _("Chart"), draw, icon="bar-chart", help=_("Records by stage, source, person or month."), lazy=True, charts=True,
                 check=faults, options=(
    OptionSpec("record", _("Record type"), "record", required=True),
    OptionSpec("group", _("Grouped by"), "field", required=True, help=_("A choice, link, yes/no or date field.")),
    OptionSpec("style", _("Drawn as"), "choice", choices=(
        ("bars", _("Bars")), ("columns", _("Columns")), ("line", _("Line", context="chart")), ("funnel", _("Funnel")))), MEASURE,
    OptionSpec("where", _("Only records for which"), "where"),
    OptionSpec("over", _("Months of"), "choice", choices=tuple((k, v) for k, v in periods.NAMES.items()),
               help=_("For charts by a date.")),
    OptionSpec("limit", _("At most"), "number", least=2, most=40)))
