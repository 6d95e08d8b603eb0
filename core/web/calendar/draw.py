"""From entries to what stands in a calendar: weeks of a month, columns of hours, an agenda."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.env import Env
from core.i18n.messages import _, n_
from core.web.calendar.colours import Painter
from core.web.calendar.days import DayNote
from core.web.calendar.entries import MINUTES, Entry, Piece, pieces
from core.web.calendar.fields import When
from core.web.calendar.lanes import pack, side_by_side
from core.web.calendar.span import Span, other_day
from core.web.people import person
from core.web.viewmodels import CalendarColumn, CalendarDayView, CalendarEntry, CalendarWeek, Person

ROWS = 4
"""Lines of a day in a month, the last of which says how many more there are."""
WHOLE_ROWS = 5
MOST_LANES = 20
SHORTEST = 20
"""Minutes that the shortest entry takes on the page."""
DOTS = 4
COMMA = (", ", "، ")
"""Between parts of what is said, in Latin and in Persian."""
AGENDA_LINES = 40


@dataclass
class Drawing:
    """What drawing needs to know. `told` gives the card's lines of a row as one text."""

    env: Env
    when: When
    span: Span
    notes: dict[dt.date, DayNote]
    paint: Painter
    base: str
    suffix: str
    told: Any
    can_create: bool = False
    day_urls: Any = None
    known: dict[int, CalendarEntry] = field(default_factory=dict)
    drawn: list[CalendarEntry] = field(default_factory=list)

    # ---------------------------------------------------------------- one entry
    def entry(self, one: Entry, place: str = "", *, piece: Piece | None = None, who: int = 0, bar: bool = False,
              first: dt.date | None = None, last: dt.date | None = None) -> CalendarEntry:
        """An entry, or the part of it between two days."""
        known = self.known.get(one.id)
        if known is None:
            known = self.known[one.id] = self._made(one)
        begins = (piece.day if piece else first or one.first) <= one.first
        ends = (piece.day if piece else last or one.last) >= one.last
        made = CalendarEntry(
            known.id, known.url, known.title, place, known.time if begins else "", known.until, known.label, known.detail,
            self.paint.colour(one.row, who), bar, begins, ends, False, known.was, known.begin, known.end,
            str(who) if who else "", known.people)
        self.drawn.append(made)
        return made

    def _made(self, one: Entry) -> CalendarEntry:
        row = one.row
        title = str(row.get(self.when.title) or f"#{one.id}") if self.when.title else f"#{one.id}"
        people = _people(self.when, row)
        begin, end, time, until, said = self._when(one)
        comma = COMMA[self.env.lang == "fa"]
        label = comma.join(filter(None, [title, said, *(p.name for p in people[:3])]))
        return CalendarEntry(one.id, f"{self.base}{one.id}{self.suffix}", title, "", time, until, label, self.told(row),
                             was=seen_place(self.when, row), begin=begin, end=end, people=people)

    def _when(self, one: Entry) -> tuple[str, str, str, str, str]:
        """Beginning and end for scripts, then the times and all of it in words."""
        show = self.env.format
        days = show.date(one.first, "long") if one.first == one.last else f"{show.date(one.first)} – {show.date(one.last)}"
        if one.begin is None or one.end is None:
            return one.first.isoformat(), one.last.isoformat(), "", "", days
        start = one.row[self.when.start.name]
        begins = start.astimezone(self.env.tz).replace(tzinfo=None)
        end = one.row[self.when.end.name] if self.when.end else None
        ends = end.astimezone(self.env.tz).replace(tzinfo=None) if end else begins + dt.timedelta(minutes=one.end - one.begin)
        time, until = show.time(begins.time()), show.time(ends.time()) if end else ""
        words = f"{time} – {until}" if until else time
        words = COMMA[self.env.lang == "fa"].join([days, words])
        return begins.isoformat(timespec="minutes"), ends.isoformat(timespec="minutes"), time, until, words

    # ---------------------------------------------------------------- one day
    def day(self, day: dt.date, month: int = 0) -> CalendarDayView:
        """A day without its entries."""
        env, note = self.env, self.notes.get(day) or DayNote()
        _year, own, number = env.calendar.parts(day)
        long, short = (env.calendar.weekday_names(env.lang, short=s)[day.weekday()] for s in (False, True))
        made = CalendarDayView(day.isoformat(), env.format.number(number), env.format.date(day, "long"), self.day_urls(day, "day"),
                               long, short, other_day(env, day), day == env.today, bool(month) and own != month,
                               note.off, day == self.span.day, note.label,
                               pick_url=self.day_urls(day, ""))
        if self.can_create:
            made.create_url = self.day_urls(day, "new")
        return made

    def more(self, count: int) -> str:
        """How many entries are not drawn."""
        return self.env.t(_("+{count} more", count=self.env.format.number(count))) if count > 0 else ""

    # ---------------------------------------------------------------- weeks
    def weeks(self, entries: list[Entry]) -> list[CalendarWeek]:
        """The weeks of a month."""
        days = self.span.days()
        month = self.env.calendar.parts(self.span.day)[1]
        return [self.week(entries, days[i:i + 7], ROWS, month) for i in range(0, len(days), 7)]

    def week(self, entries: list[Entry], days: list[dt.date], rows: int, month: int = 0) -> CalendarWeek:
        """Days with entries over them, of which at most `rows` stand in a day."""
        inside = [e for e in entries if e.first <= days[-1] and e.last >= days[0]]
        inside.sort(key=lambda e: (not _spans(e), *e.order))
        stretches = [(max(0, (e.first - days[0]).days), min(len(days), (e.last - days[0]).days + 1)) for e in inside]
        lanes = pack(stretches)
        depth = [0] * len(days)
        for (first, end), lane in zip(stretches, lanes, strict=True):
            for i in range(first, end):
                depth[i] = max(depth[i], lane + 1)
        made, hidden, by_day = [], [0] * len(days), [[] for _day in days]  # type: ignore[var-annotated]
        for one, (first, end), lane in zip(inside, stretches, lanes, strict=True):
            for i in range(first, end):
                by_day[i].append(one)
            if lane < rows - 1 or (lane < rows and max(depth[first:end]) <= rows):
                made.append(self.entry(one, f"c{first} n{end - first} l{lane}", bar=_spans(one), first=days[first], last=days[end - 1]))
            else:
                for i in range(first, end):
                    hidden[i] += 1
        views = [self.day(d, month) for d in days]
        for view, some, left in zip(views, by_day, hidden, strict=True):
            view.more, view.dots = self.more(left), [self.paint.colour(e.row) for e in some[:DOTS]]
            view.count_label = self.entries_text(len(some)) if some else ""
        made.sort(key=lambda e: (e.begin, e.id))
        return CalendarWeek(views, made)

    def entries_text(self, count: int) -> str:
        """"3 entries"."""
        return self.env.t(n_("{shown} entry", "{shown} entries", count, shown=self.env.format.number(count)))

    # ---------------------------------------------------------------- hours
    def columns(self, entries: list[Entry], people: dict[int, str], ids_of: Any) -> list[CalendarColumn]:
        """A column of hours for each day, or for each day and person."""
        days = self.span.days()
        cut = pieces(entries, days)
        views = {d: self.day(d) for d in days}
        found = []
        for day in days:
            for n, (key, name) in enumerate(people.items() if people else [(0, "")]):
                mine = [p for p in cut if p.day == day and (not key or key in ids_of(p.entry.row))]
                column = self._column(views[day], day, mine, key)
                column.first = n == 0
                if key:
                    column.person, column.key = person(key, name), str(key)
                    whole = [e for e in entries if (e.begin is None or e.long) and e.first <= day <= e.last and key in ids_of(e.row)]
                    column.whole = [self.entry(e, who=key, bar=True, first=day, last=day) for e in whole[:WHOLE_ROWS]]
                    column.more = self.more(len(whole) - WHOLE_ROWS) or column.more
                found.append(column)
        return found

    def _column(self, view: CalendarDayView, day: dt.date, mine: list[Piece], who: int) -> CalendarColumn:
        stretches = [(min(p.begin, MINUTES - SHORTEST), max(p.end, min(p.begin, MINUTES - SHORTEST) + SHORTEST)) for p in mine]
        column = CalendarColumn(view, shut=[clock(a, b) for a, b in (self.notes.get(day) or DayNote()).shut])
        hidden = 0
        for piece, (begin, end), place in zip(mine, stretches, side_by_side(stretches), strict=True):
            if place.lane >= MOST_LANES:
                hidden += 1
                continue
            lanes = min(place.lanes, MOST_LANES)
            where = f"{clock(begin, end)} l{place.lane} w{lanes} n{min(place.span, lanes - place.lane)}"
            made = self.entry(piece.entry, where, piece=piece, who=who)
            if end - begin < 40:
                made.place += " brief"
            column.entries.append(made)
        column.more = self.more(hidden)
        if day == self.env.today:
            local = self.env.now.astimezone(self.env.tz)
            column.now = f"a{local.hour} m{local.minute}"
        column.entries.sort(key=lambda e: e.begin)
        return column

    # ---------------------------------------------------------------- agenda
    def agenda(self, entries: list[Entry], days: Iterable[dt.date], most: int = 10_000) -> list[CalendarDayView]:
        """The days on which there is something, with what there is."""
        found, left = [], most
        for day in days:
            some = [e for e in entries if e.first <= day <= e.last]
            if some and left > 0:
                view = self.day(day)
                view.other = other_day(self.env, day, "medium")
                view.entries = [self.entry(e, bar=_spans(e), first=day, last=day) for e in some[:left]]
                left -= len(view.entries)
                found.append(view)
        return found


def _spans(one: Entry) -> bool:
    """Whether an entry is drawn as a bar over days."""
    return one.begin is None or one.last > one.first


def clock(begin: int, end: int) -> str:
    """The place of a stretch of minutes."""
    return f"a{begin // 60} m{begin % 60} H{end // 60} M{end % 60}"


def _people(when: When, row: dict[str, Any]) -> list[Person]:
    value = row.get(when.people.name) if when.people else None
    links = value if isinstance(value, list) else [value] if value is not None else []
    return [person(link.id, link.label) for link in links if link.label]


def seen_place(when: When, row: Mapping[str, Any]) -> str:
    """When an entry is, as one text: what a move compares with what its person saw."""
    return "|".join("" if row[f.name] is None else str(int(row[f.name]) if isinstance(row[f.name], bool) else row[f.name].isoformat())
                    for f in when.placing())
