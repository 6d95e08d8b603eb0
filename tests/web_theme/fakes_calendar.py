"""Calendars with made-up entries, for the gallery: a month, a week of hours, people side by side, an agenda."""

from __future__ import annotations

import datetime as dt

from core.web import viewmodels as vm
from tests.web_theme.fakes import Fakes

FIRST = dt.date(2026, 11, 21)


def entry(k: Fakes, key: int, place: str, colour: str = "blue", **values: object) -> vm.CalendarEntry:
    """An entry in a place."""
    title = (k.s("جلسه با پارس گستر", "Meeting with Pars"), k.s("تماس", "Call"), "Yıldız Tekstil A.Ş.")[key % 3]
    made = vm.CalendarEntry(key, "record.html", title, place, k.n("14:30"), k.n("15:30"), f"{title}, 14:30", k.s("اتاق ۳", "Room 3"), colour,
                            movable=key % 2 == 0, was="x", begin="2026-11-24T14:30", end="2026-11-24T15:30", people=k.people()[:1])
    for name, value in values.items():
        setattr(made, name, value)
    return made


def day(k: Fakes, i: int) -> vm.CalendarDayView:
    """A day."""
    on = FIRST + dt.timedelta(days=i)
    return vm.CalendarDayView(on.isoformat(), k.n(on.day), k.s("پنجشنبه ۵ آذر ۱۴۰۵", f"{on:%A %d %B %Y}"), "#day", k.s("شنبه", "Monday"),
                              k.s("ش", "Mon"), k.n(21 + i % 9), i == 3, i > 30, i % 7 == 6, i == 3, k.s("نوروز", "Holiday") if i == 4 else "",
                              ["blue", "red"], k.s("۲ مورد", "2 entries"), k.n("+3") if i == 5 else "", "#pick", "#new")


def calendar(k: Fakes, mode: str = "month", people: bool = False) -> vm.ListPage:
    """A list page with a calendar."""
    s, page = k.s, k.list_page()
    page.rows, page.group_options, page.all_columns, page.sort_options = [], [], [], []
    days = [day(k, i) for i in range(35)]
    bars = [entry(k, 2, "c1 n4 l0", "orange", bar=True, ends=False, time=""), entry(k, 3, "c0 n1 l1"), entry(k, 4, "c6 n1 l0", "red")]
    modes = [vm.Action(label, "#", icon, active=mode == name, shortcut=name[0], id=f"as-{name}") for name, label, icon in (
        ("month", s("ماه", "Month"), "calendar3"), ("week", s("هفته", "Week"), "calendar3-week"), ("agenda", s("برنامه", "Agenda"), "list-ul"))]
    made = vm.CalendarView(mode, s("آذر ۱۴۰۵", "November 2026"), s("نوامبر ۲۰۲۶", ""), vm.FieldView("date", s("رفتن به یک روز", "Go to a day"), "date"),
                           vm.Action(s("پیش از این", "Earlier"), "#", "chevron-left"), vm.Action(s("پس از این", "Later"), "#", "chevron-right"),
                           vm.Action(s("امروز", "Today"), "#"), modes, "#", "#move", "#new")
    made.can_move, made.count_text, made.legend = True, k.n("3"), [vm.Option("a", s("جلسه", "Meeting"), "blue"), vm.Option("b", s("تماس", "Call"), "red")]
    made.people = vm.FieldView("people", s("افراد", "People"), "many", multiple=True, lookup_url="#", help=s("حداکثر ۸ نفر", "At most 8"))
    made.people_label, made.people_url = s("همهٔ افراد", "Everybody"), "#"
    made.people_links = [vm.Action(made.people_label, "#", "people", active=True)]
    made.pickers = [vm.BoardPicker(s("رنگ‌ها: نوع", "Colours: Kind"), [vm.Action(s("نوع", "Kind"), "#", active=True)], "palette")]
    made.notices = [s("موردها بیش از آن‌اند که تقویم نشان دهد", "There are more entries than a calendar can show")] if people else []
    if mode == "month":
        made.weekdays = [(s("شنبه", "Monday"), i == 6) for i in range(7)]
        made.weeks = [vm.CalendarWeek(days[i:i + 7], bars if i == 7 else []) for i in range(0, 35, 7)]
    if mode == "week":
        made.hours = [vm.CalendarHour(f"a{h} m0", k.n(f"{h:02d}:00")) for h in range(1, 24)]
        who = k.people()[:2] if people else [None]
        made.columns = [vm.CalendarColumn(d, [entry(k, 10 * i + j, "a9 m0 H10 M30 l0 w2 n1") for j in range(2)], [], ["a0 m0 H8 M0"],
                                          "a14 m20" if i == 3 else "", p, str(n) if p else "", first=n == 0)
                        for i, d in enumerate(days[:7]) for n, p in enumerate(who)]
        if not people:
            made.whole, made.lanes = vm.CalendarWeek(days[:7], bars), 2
    for d in days[3:5] if mode != "week" else ():
        d.entries = [entry(k, 40 + i, "", bar=i == 0) for i in range(2)]
        made.agenda.append(d)
    if mode == "agenda" and people:
        made.agenda, made.empty = [], vm.EmptyState(s("در این روزها چیزی نیست", "Nothing in these days"), "", "calendar3")
    page.calendar = made
    return page
