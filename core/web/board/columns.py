"""What the columns of a board are: the options of a choice, the records of a link in their order, or months of a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.env import Env
from core.expressions import F, Node, all_of, as_node
from core.i18n.messages import _
from core.layouts import Layout
from core.records.fields import ChoiceField, Field, Link, LinkField
from core.registry.compose import RecordType
from core.web.cells import value_cell
from core.web.liststate import BY, WITHIN, ListState
from core.web.showing import kind_of, layout_for, resolve
from core.web.viewmodels import Action, BoardPicker

MOST = 40
MONTHS = 6
"""Months that a board by a date shows, the present one first; what is earlier or later stands together."""
EMPTY, BEFORE, AFTER, OTHER = "n", "before", "after", "other"
TINTS = frozenset({"grey", "red", "orange", "yellow", "green", "teal", "blue", "violet", "pink"})


@dataclass(frozen=True)
class Division:
    """One column: its records are those for which `condition` holds, a card dropped there gets `value`."""

    key: str
    label: str
    condition: Node
    value: Any = None
    colour: str = ""
    fixed: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    kept: bool = True                # shown also when it is empty


@dataclass
class Axis:
    """How a board is divided. `condition` holds for all of its records (those of one pipeline)."""

    by: Field
    divisions: list[Division]
    key_of: Callable[[Any], str]
    pickers: list[BoardPicker] = field(default_factory=list)
    condition: Node | None = None

    def division(self, key: str) -> Division | None:
        """A column by its key."""
        return next((d for d in self.divisions if d.key == key), None)


def offered(env: Env, rtype: RecordType) -> list[Field]:
    """The fields that the type's board may be arranged by, the usual one first; none: there is no board."""
    layout = layout_for(env, rtype, "kanban")
    names = [layout.get("column"), *(layout.get("also") or ())]
    found = (resolve(env, rtype, n) for n in dict.fromkeys(names) if isinstance(n, str) and "." not in n)
    return [f[1] for f in found if f is not None and _divides(env, f[1])] if layout.get("column") else []


def _divides(env: Env, one: Field) -> bool:
    if isinstance(one, LinkField):
        return one.stored and one.filterable and env.can("read", one.target)
    return type(one) is ChoiceField or one.type_name == "date"


def axis_of(env: Env, rtype: RecordType, state: ListState) -> Axis | None:
    """The columns that an address asks for."""
    fields = offered(env, rtype)
    if not fields:
        return None
    wanted = dict(state.extra).get(BY, "")
    chosen = next((f for f in fields if f.name == wanted), fields[0])
    if isinstance(chosen, LinkField):
        made = _linked(env, rtype, chosen, state, layout_for(env, rtype, "kanban"))
    else:
        made = _months(env, chosen) if chosen.type_name == "date" else _options(env, chosen)
    if len(fields) > 1:
        made.pickers.append(_arranged_by(env, fields, chosen, state))
    return made


def _arranged_by(env: Env, fields: list[Field], chosen: Field, state: ListState) -> BoardPicker:
    rest = [p for p in state.extra if p[0] != BY]
    options = [Action(env.t(f.label), state.url(extra=(*rest, *([(BY, f.name)] if i else []))), active=f is chosen)
               for i, f in enumerate(fields)]
    return BoardPicker(env.t(_("Columns: {field}", field=chosen.label)), options, "kanban")


def _none(env: Env, one: Field) -> Division:
    reason = env.t(_("“{field}” must not be empty.", field=one.label)) if one.required else ""
    label = _("Without a date") if one.type_name == "date" else _("None")
    return Division(EMPTY, env.t(label), as_node(F[one.name].is_null()), None, "", reason, kept=one.type_name == "date")


# ---------------------------------------------------------------- choices
def _options(env: Env, one: Field) -> Axis:
    options = one.options if isinstance(one, ChoiceField) else ()
    made = [Division(f"v{o.value}", env.t(o.label), as_node(F[one.name] == o.value), o.value, o.colour,
                     "" if o.active else env.t(_("This option is no longer used.")), kept=o.active) for o in options]
    return Axis(one, [*made, _none(env, one), _other(env, one, [o.value for o in options])],
                lambda value: EMPTY if value is None else f"v{value}")


def _other(env: Env, one: Field, known: list[Any]) -> Division:
    """What has a value that makes no column: an option that is gone, a record that the reader may not see."""
    rest = [~F[one.name].is_null(), *([~F[one.name].isin(known)] if known else [])]
    return Division(OTHER, env.t(_("Other")), as_node(all_of(*rest)), None, "grey",
                    env.t(_("These stand for several columns that are not shown here.")), kept=False)


# ---------------------------------------------------------------- links
def _linked(env: Env, rtype: RecordType, one: LinkField, state: ListState, layout: Layout) -> Axis:
    axis = Axis(one, [], lambda value: EMPTY if value is None else f"v{value.id if isinstance(value, Link) else value}")
    target = env.registry.record(one.target)
    query = env.query(target.name)
    for own, theirs in (getattr(one, "within", None) or {}).items():
        if "." in own:
            continue
        chosen = _picked(env, rtype, own, state, axis)
        if chosen is not None:
            query = query.where(F[theirs] == chosen)
            axis.condition = as_node(all_of(*filter(None, (axis.condition, as_node(F[own] == chosen)))))
    figures = [n for n in layout.get("figures") or () if resolve(env, target, n)]
    extra = ["colour"] if (found := resolve(env, target, "colour")) and found[1].type_name in ("choice", "text") else []
    named = [target.title] if resolve(env, target, target.title) else []
    for row in query.select(*named, *extra, *figures).rows(limit=MOST):
        told = tuple((env.t(target.field(n).label), value_cell(env, target.field(n), row[n], row).text) for n in figures)
        colour = str(row.get("colour") or "")
        axis.divisions.append(Division(
            f"v{row['id']}", str(row.get(target.title) or f"#{row['id']}"), as_node(F[one.name] == row["id"]), row["id"],
            colour if colour in TINTS else "", figures=tuple(t for t in told if t[1])))
    axis.divisions.append(_none(env, one))
    known = [d.value for d in axis.divisions if d.key != EMPTY]
    axis.divisions.append(_other(env, one, known))
    return axis


def _picked(env: Env, rtype: RecordType, own: str, state: ListState, axis: Axis) -> int | None:
    """Which pipeline: the one that the address names, or the first that one would choose for a new record."""
    found = resolve(env, rtype, own)
    if found is None or not isinstance(found[1], LinkField) or not env.can("read", found[1].target):
        return None
    target = env.registry.record(found[1].target)
    rows = env.query(target.name).select(target.title).rows(limit=MOST)
    if not rows:
        return None
    usual = env.query(target.name).where(found[1].where).ids(1) if found[1].where is not None else []
    first = next((r["id"] for r in rows if r["id"] in usual), rows[0]["id"])
    name = WITHIN + own
    asked = dict(state.extra).get(name, "")
    chosen = next((r["id"] for r in rows if str(r["id"]) == asked), first)
    rest = [p for p in state.extra if p[0] != name]
    options = [Action(str(r[target.title] or f"#{r['id']}"), state.url(extra=(*rest, (name, str(r["id"])))),
                      active=r["id"] == chosen) for r in rows]
    shown = next(o.label for o in options if o.active)
    if len(options) > 1:
        axis.pickers.append(BoardPicker(f"{env.t(found[1].label)}: {shown}", options, target.icon))
    return int(chosen)


# ---------------------------------------------------------------- months
def _months(env: Env, one: Field) -> Axis:
    """The months of the reader's calendar from this one on; dropping a card there sets the month's last day."""
    calendar, at = env.calendar, F[one.name]
    start = calendar.month_bounds(env.today)[0]
    first, bounds = start, []
    for _month in range(MONTHS):
        bounds.append(calendar.month_bounds(start))
        start = bounds[-1][1] + dt.timedelta(days=1)
    far = env.t(_("Set a date that far away on the record itself."))
    made = [Division(BEFORE, env.t(_("Earlier")), as_node(at < first), None, "red", far)]
    made += [Division(f"m{a.isoformat()}", env.format.date(a, "month"), as_node(all_of(at >= a, at <= b)), b, "")
             for a, b in bounds]
    made += [Division(AFTER, env.t(_("Later")), as_node(at >= start), None, "grey", far), _none(env, one)]

    def key_of(value: Any) -> str:
        if value is None:
            return EMPTY
        if value < first:
            return BEFORE
        return next((f"m{a.isoformat()}" for a, b in bounds if a <= value <= b), AFTER)

    return Axis(one, made, key_of)


def is_movable(env: Env, rtype: RecordType, one: Field) -> bool:
    """Whether this reader may change the field of any card at all."""
    return env.can("update", rtype.name) and env.access.writable(rtype.name, one.name) and not one.readonly


def sum_field(env: Env, rtype: RecordType) -> Field | None:
    """What is added up in the heads."""
    name = layout_for(env, rtype, "kanban").get("sum")
    found = resolve(env, rtype, name) if isinstance(name, str) and "." not in name else None
    fits = found is not None and found[1].stored and kind_of(found[1]) in ("money", "integer", "decimal", "duration")
    return found[1] if found is not None and fits else None


