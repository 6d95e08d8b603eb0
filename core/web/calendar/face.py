"""The calendar of a record type: from the address to a month, a week, a day or an agenda.

The same filters, saved views and search as its list. Whatever the days hold it takes a fixed number of statements: one for
entries with hours, one for whole days (core/web/calendar/entries.py), names of the chosen people, which entries may be
moved, and which are locked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.env import Env
from core.errors import NotFound
from core.i18n.messages import _
from core.query.query import Query
from core.records.fields import USER
from core.registry.compose import RecordType
from core.web import list_parts, lists, listviews
from core.web.calendar import entries as reading
from core.web.calendar.colours import FIELD, PEOPLE, Painter
from core.web.calendar.days import notes
from core.web.calendar.draw import AGENDA_LINES, WHOLE_ROWS, Drawing
from core.web.calendar.entries import Entry, person_ids
from core.web.calendar.fields import When, is_movable, when_of
from core.web.calendar.span import Span, span_of, weekend
from core.web.calendar.tools import colour_picker, date_field, mode_links, people_tools
from core.web.cells import maker_for
from core.web.lists import Listing
from core.web.liststate import CALENDAR, FACE
from core.web.request import Request
from core.web.showing import may_create, resolve
from core.web.urls import with_query
from core.web.viewmodels import Action, CalendarHour, CalendarView, ListPage

MOST_PEOPLE = 8
"""People who stand side by side."""
LISTS_ONLY: dict[str, Any] = {"group_options": [], "sort_options": [], "all_columns": [], "page_sizes": [], "bulk_actions": []}
"""Tools that a calendar has no use for."""


@dataclass
class Calendaring:
    """A calendar being made. `people` are those chosen, by number; `by` says what colours mean."""

    made: Listing
    when: When
    span: Span
    people: dict[int, str]
    by: str
    query: Query

    @property
    def env(self) -> Env:
        """Whose calendar it is."""
        return self.made.env

    @property
    def rtype(self) -> RecordType:
        """What stands on it."""
        return self.made.rtype

    def url(self, what: str = "", **changes: str) -> str:
        """The address with other days, mode, people or colours ("" takes one away); `what` is one below it."""
        rest = [p for p in self.made.state.extra if p[0] not in changes]
        pairs = [p for p in self.made.state.pairs() if p not in self.made.state.extra]
        path = self.made.state.path + (f"/{what}" if what else "")
        return with_query(path, [*pairs, *rest, *changes.items()])


def prepare(env: Env, rtype: RecordType, pairs: Sequence[tuple[str, str]]) -> Calendaring:
    """The calendar that an address means; NotFound when the type has none."""
    when = when_of(env, rtype)
    if when is None:
        raise NotFound(_("There is no calendar of these records."))
    made = lists.listing(env, rtype, [*pairs, (FACE, CALENDAR)], listviews.views_of(env, rtype.name))
    extra = dict(made.state.extra)
    people = _people(env, ",".join(v for k, v in made.state.extra if k == "people")) if when.people is not None else {}
    extra["people"] = ",".join(map(str, people))     # a form gives each of them apart
    made.state = replace(made.state, extra=tuple((k, v) for k, v in extra.items() if v))
    query = made.query.holding(when.people.name, list(people)) if people and when.people is not None else made.query
    offered = [b for b, f in ((FIELD, when.colour), (PEOPLE, when.people)) if f is not None]
    by = extra.get("colour", "")
    by = by if by in offered else offered[0] if offered else ""
    return Calendaring(made, when, span_of(env, extra.get("mode", ""), extra.get("date", "")), people, by, query)


def _people(env: Env, text: str) -> dict[int, str]:
    """Chosen people whom the reader may see, in the order chosen."""
    ids = [int(k) for k in text.split(",")[:MOST_PEOPLE] if k.isdecimal() and len(k) < 18]
    names = env.labels(USER, ids) if ids and env.can("read", USER) else {}
    return {k: names[k] for k in dict.fromkeys(ids) if k in names}


def page(env: Env, request: Request, rtype: RecordType) -> ListPage:
    """The view model of a calendar."""
    cal = prepare(env, rtype, request.args())
    made = cal.made
    model = ListPage(rtype.name, env.t(rtype.plural), made.state.path, icon=rtype.icon)
    model.can_create, model.create_url = may_create(env, rtype), with_query(cal.url("new"), {"next": cal.url()})
    slot = lists.slot_of(made, request)
    if "tools" not in slot:
        slot["tools"] = {**list_parts.tools(made), **LISTS_ONLY}
        slot["html"] = {}
    for name, value in slot["tools"].items():
        setattr(model, name, value)
    model.kept = slot["html"]
    model.chips = list_parts.chips(made)
    model.clear_url = made.state.url(q="", criteria="", filters={}, show="") if model.chips or made.state.q else ""
    model.calendar = view(cal, model)
    return model


# ---------------------------------------------------------------- what is shown
def view(cal: Calendaring, model: ListPage) -> CalendarView:
    """The calendar with its tools and entries."""
    env, span = cal.env, cal.span
    entries, full = reading.read(env, cal.query, cal.rtype, cal.when, span)
    drawing = _drawing(cal, entries, model.can_create)
    made = CalendarView(
        span.mode, span.title, span.subtitle, date_field(env, span),
        Action(env.t(_("Earlier")), cal.url(date=span.previous.isoformat()), "chevron-left"),
        Action(env.t(_("Later")), cal.url(date=span.next.isoformat()), "chevron-right"),
        Action(env.t(_("Today")), cal.url(date=""), active=span.first <= env.today <= span.last),
        mode_links(cal), cal.url(), cal.url("move"), cal.url("new") if model.can_create else "")
    made.has_hours, made.zone = cal.when.timed, env.actor.tz
    made.side_by_side = bool(cal.people) and span.mode in ("week", "day")
    colour_picker(cal, made)
    people_tools(cal, made, MOST_PEOPLE)
    _draw(cal, made, drawing, entries)
    made.can_move = _mark_movable(cal, drawing)
    made.legend = drawing.paint.legend()
    made.count_text = drawing.entries_text(len(entries))
    _tell(cal, made, model, entries, full)
    return made


def _drawing(cal: Calendaring, entries: list[Entry], can_create: bool) -> Drawing:
    env, rtype, when = cal.env, cal.rtype, cal.when

    def day_url(day: dt.date, what: str) -> str:
        if what == "new":
            return with_query(cal.url("new"), {"begin": day.isoformat(), "next": cal.url()})
        return cal.url(date=day.isoformat(), **({"mode": what} if what else {}))

    return Drawing(env, when, cal.span, notes(env, cal.span), Painter(env, when, cal.by), f"/r/{rtype.name}/",
                   list_parts.context_suffix(cal.made), _teller(env, rtype, when), can_create, day_url)


def _mark_movable(cal: Calendaring, drawing: Drawing) -> bool:
    """Mark the drawn entries that the reader may move: of which they have the pen, and which are not locked."""
    env, name = cal.env, cal.rtype.name
    if not drawing.known or not is_movable(env, cal.rtype, cal.when) or cal.made.state.show == "archived":
        return False
    movable = env.allowed_ids("update", name, drawing.known) - set(env.locked(name, drawing.known))
    for one in drawing.drawn:
        one.movable = one.id in movable
    return bool(movable)


def _teller(env: Env, rtype: RecordType, when: When) -> Callable[[dict[str, Any]], str]:
    """The card's values of a row as one text."""
    makers = [(n, maker_for(env, found[1], n)) for n in when.card if (found := resolve(env, rtype, n))]

    def tell(row: dict[str, Any]) -> str:
        cells = (make(row[name], row) for name, make in makers)
        return " · ".join(c.text or ", ".join(b.label for b in c.badges) for c in cells if c.text or c.badges)
    return tell


def _draw(cal: Calendaring, made: CalendarView, drawing: Drawing, entries: list[Entry]) -> None:
    env, span = cal.env, cal.span
    days = span.days()
    if span.mode == "month":
        free, names = weekend(env.region), env.calendar.weekday_names(env.lang)
        made.weekdays = [(names[d.weekday()], d.weekday() in free) for d in days[:7]]
        made.weeks = drawing.weeks(entries)
        made.agenda = drawing.agenda(entries, [d for d in days if d >= span.day], AGENDA_LINES)
    elif span.mode == "agenda":
        made.agenda = drawing.agenda(entries, days)
    else:
        made.columns = drawing.columns(entries, cal.people, lambda row: person_ids(cal.when, row))
        if not cal.people:
            whole = [e for e in entries if e.begin is None or e.long]
            made.whole = drawing.week(whole, days, WHOLE_ROWS)
            made.lanes = min(WHOLE_ROWS, 1 + max((int(e.place.rpartition("l")[2]) for e in made.whole.entries), default=0))
        made.hours = [CalendarHour(f"a{h} m0", env.format.time(dt.time(h))) for h in range(1, 24)] if cal.when.timed else []


def _tell(cal: Calendaring, made: CalendarView, model: ListPage, entries: list[Entry], full: bool) -> None:
    """What there is to say besides: too much, nothing, what was not understood."""
    env = cal.env
    made.notices = list(cal.made.problems)
    if full:
        made.notices.append(env.t(_("There are more entries than a calendar can show: these are the first {count}. Filter them, choose "
                                    "people or fewer days.", count=env.format.number(reading.MOST))))
    if entries:
        return
    made.empty = lists.empty_state(cal.made, model)
    if not (model.chips or cal.made.state.q):
        made.empty.title = env.t(_("Nothing in these days"))
        made.empty.text = env.t(_("Choose a day to create something, or go to other days."))
