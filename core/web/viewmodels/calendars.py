"""A calendar of records: a month of weeks, a week or day of hours, or an agenda."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.web.viewmodels.boards import BoardPicker
from core.web.viewmodels.forms import FieldView
from core.web.viewmodels.parts import Action, EmptyState, Option, Person


@dataclass(slots=True)
class CalendarEntry:
    """One record, or the part of it that lies in one week or column. `place` are the classes that say where it is drawn (the
    content security policy allows no other way without scripts): in a month `c<column> n<days> l<lane>`, among hours
    `a<hour> m<minute> H<hour> M<minute>` (until) and `l<lane> w<lanes> n<lanes taken>`."""

    id: int
    url: str
    title: str
    place: str = ""
    time: str = ""                   # "14:30", "" for whole days
    until: str = ""
    label: str = ""                  # everything in words: title, when, whose
    detail: str = ""                 # what the layout's card tells
    colour: str = ""
    bar: bool = False                # of whole days, or over several
    begins: bool = True              # not cut off at its beginning
    ends: bool = True
    movable: bool = False
    was: str = ""                    # the place it had when it was drawn, sent along with a move
    begin: str = ""                  # where it begins, as the reader's clock shows: "2026-11-26" or "2026-11-26T14:30"
    end: str = ""                    # the last day, or the moment it ends
    person: str = ""                 # the column of the person it stands in
    people: list[Person] = field(default_factory=list)


@dataclass(slots=True)
class CalendarDayView:
    """One day: its number in the reader's calendar, `other` that of the other calendar, `holiday` the names of what is celebrated."""

    key: str                         # "2026-11-26"
    number: str
    label: str                       # "Thursday, 26 November 2026"
    url: str                         # the day alone
    weekday: str = ""                # its name, and the short one for narrow columns
    weekday_short: str = ""
    other: str = ""
    today: bool = False
    outside: bool = False            # of a neighbouring month
    off: bool = False
    chosen: bool = False
    holiday: str = ""
    dots: list[str] = field(default_factory=list)      # colours of its entries, for small screens
    count_label: str = ""            # "3 entries", for the ear
    more: str = ""                   # "+3 more"
    pick_url: str = ""               # the same calendar with this day chosen
    create_url: str = ""
    entries: list[CalendarEntry] = field(default_factory=list)     # in an agenda


@dataclass(slots=True)
class CalendarWeek:
    """Seven days, and entries over them."""

    days: list[CalendarDayView]
    entries: list[CalendarEntry] = field(default_factory=list)
    number: str = ""


@dataclass(slots=True)
class CalendarColumn:
    """The hours of one day (of one person). `shut` and `now` are places as in :class:`CalendarEntry`."""

    day: CalendarDayView
    entries: list[CalendarEntry] = field(default_factory=list)
    whole: list[CalendarEntry] = field(default_factory=list)       # of whole days, where people stand side by side
    shut: list[str] = field(default_factory=list)
    now: str = ""
    person: Person | None = None
    key: str = ""                    # the person's number
    more: str = ""
    first: bool = True               # the first column of its day


@dataclass(slots=True)
class CalendarHour:
    """A line of the hours' scale."""

    place: str
    label: str


@dataclass(slots=True)
class CalendarView:
    """The calendar. Posted to `move_url`: `id`, `was`, `begin` (a day, or a moment of the reader's clock) or `end`, and `person`
    with `from` where it changes hands; answered with JSON: `message` and `batch`, or 403, 409, 422 with `message`. GET of the
    page with `X-Fragment: calendar` gives `fragments/calendar.html`."""

    mode: str                        # month | week | day | agenda
    title: str
    subtitle: str
    date: FieldView
    previous: Action
    next: Action
    today: Action
    modes: list[Action]
    fragment_url: str
    move_url: str = ""
    create_url: str = ""             # of quick create; the day or moment is added as `begin`, `end`, `person`
    weekdays: list[tuple[str, bool]] = field(default_factory=list)   # name, off
    weeks: list[CalendarWeek] = field(default_factory=list)
    columns: list[CalendarColumn] = field(default_factory=list)
    whole: CalendarWeek | None = None
    lanes: int = 0                   # of whole-day entries over the hours
    hours: list[CalendarHour] = field(default_factory=list)
    agenda: list[CalendarDayView] = field(default_factory=list)
    pickers: list[BoardPicker] = field(default_factory=list)
    people: FieldView | None = None
    people_links: list[Action] = field(default_factory=list)
    people_label: str = ""
    people_url: str = ""
    people_hidden: dict[str, str] = field(default_factory=dict)
    side_by_side: bool = False
    legend: list[Option] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    empty: EmptyState | None = None
    count_text: str = ""
    can_move: bool = False
    zone: str = ""                   # the reader's time zone, by which the line of now goes on
    has_hours: bool = True           # entries have times, not days only
