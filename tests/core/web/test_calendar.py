"""Calendars: what stands on which day for whom, moves and refusals, creating, people, rights, and what they cost."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id
from tests.core.web.conftest import Visit

pytestmark = [pytest.mark.addons("diary"), pytest.mark.folders("tests/fixtures/addons")]
NAME = "diary.appointment"
CALENDAR = "/r/diary.appointment/calendar"
TEHRAN = ZoneInfo("Asia/Tehran")


def utc(text: str, zone: str = "UTC") -> dt.datetime:
    """A moment of a place's clock."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def like(installation: Installation, login: str, **values: Any) -> int:
    """How somebody reads; returns their number."""
    key = user_id(installation, login)
    with installation.env(SYSTEM) as env:
        env.update("base.user", key, values)
    return key


def add(installation: Installation, login: str, subject: str, starts: str = "", ends: str = "", zone: str = "UTC", **values: Any) -> int:
    """An appointment of somebody's."""
    with installation.env(SYSTEM) as env:
        timed = {"starts_at": utc(starts, zone), "ends_at": utc(ends, zone) if ends else None} if starts else {}
        return int(env.create(NAME, {"subject": subject, "owner": user_id(installation, login), **timed, **values}))


def entries(page: str) -> list[dict[str, str]]:
    """What is drawn: title, classes and data of each entry."""
    found = []
    for tag, inner in re.findall(r'<a class="(cal-entry .*?)>(.*?)</a>', page, re.S):
        values = dict(re.findall(r'data-([a-z]+)="([^"]*)"', tag))
        title = re.search(r'class="cal-title"[^>]*>([^<]*)<', inner)
        time = re.search(r'class="cal-time num">([^<]*)<', inner)
        found.append({**values, "classes": tag.partition('"')[0], "title": unescape(title[1]) if title else "",
                      "time": time[1] if time else ""})
    return found


def titled(page: str, title: str) -> list[dict[str, str]]:
    """The pieces of one entry."""
    return [e for e in entries(page) if e["title"] == title]


def move(visitor: Visitor, entry: dict[str, str], query: str = "", **values: str) -> Any:
    """Let go of an entry somewhere."""
    return visitor.post(f"{CALENDAR}/move{query}", {"id": entry["id"], "was": unescape(entry["was"]), **values})


def row(installation: Installation, key: int | str) -> dict[str, Any]:
    """What is stored."""
    with installation.env(SYSTEM, write=False) as env:
        return env.query(NAME).with_ids([int(key)]).select("starts_at", "ends_at", "first_day", "last_day", "all_day", "owner",
                                                           "version").rows()[0]


@pytest.fixture
def sara(visit: Visit, installation: Installation) -> Visitor:
    """Sara in London, with a week of appointments; Reza has one she may not see."""
    like(installation, "sara", language="en", time_zone="Europe/London", calendar="gregorian", digits="latn")
    add(installation, "sara", "Standup", "2026-11-24T09:00", "2026-11-24T09:30", kind="call", place="Room 3")
    add(installation, "sara", "Review", "2026-11-24T09:15", "2026-11-24T10:00", kind="meeting")
    add(installation, "sara", "Fair", all_day=True, first_day=dt.date(2026, 11, 26), last_day=dt.date(2026, 12, 2))
    add(installation, "sara", "Night watch", "2026-11-26T22:00", "2026-11-27T06:00")
    add(installation, "reza", "Secret of Reza", "2026-11-24T11:00", "2026-11-24T12:00")
    return visit("sara")


# ---------------------------------------------------------------- what is shown
def test_a_month_shows_each_entry_once_a_week(sara: Visitor) -> None:
    page = sara.get(f"{CALENDAR}?date=2026-11-24").text
    assert "November 2026" in page and "Secret of Reza" not in page
    assert [e["time"] for e in titled(page, "Standup")] == ["09:00"]
    assert [e["classes"].split()[2:5] for e in titled(page, "Fair")] == [["c3", "n4", "l0"], ["c0", "n3", "l0"]]
    assert "cut-end" in titled(page, "Fair")[0]["classes"] and "cut-start" in titled(page, "Fair")[1]["classes"]
    assert len(titled(page, "Night watch")) == 1 and " n2 " in titled(page, "Night watch")[0]["classes"]
    assert "4 entries" in page and "Founders&#39; day" in page


def test_a_week_cuts_at_midnight_and_sets_side_by_side(sara: Visitor) -> None:
    page = sara.get(f"{CALENDAR}?mode=week&date=2026-11-24").text
    assert "23 Nov – 29 Nov 2026" in page
    assert "a9 m0 H9 M30 l0 w2 n1" in titled(page, "Standup")[0]["classes"]
    assert "a9 m15 H10 M0 l1 w2 n1" in titled(page, "Review")[0]["classes"]
    night = [e["classes"] for e in titled(page, "Night watch")]
    assert len(night) == 2 and "a22 m0 H24 M0" in night[0] and "a0 m0 H6 M0" in night[1]
    assert "c3 n4 l0" in titled(page, "Fair")[0]["classes"]
    assert '<span class="cal-shut a0 m0 H8 M0">' in page, "the hours of the 26th are closed before eight"
    assert '<span class="cal-shut a12 m0 H14 M0">' in page


def test_a_day_and_an_agenda(sara: Visitor) -> None:
    page = sara.get(f"{CALENDAR}?mode=day&date=2026-11-24").text
    assert {e["title"] for e in entries(page)} == {"Standup", "Review"}
    page = sara.get(f"{CALENDAR}?mode=agenda&date=2026-11-24").text
    assert page.count("cal-agenda-day") == 8 and page.index("Standup") < page.index("Review") < page.index("Fair")
    assert "Nothing in these days" in sara.get(f"{CALENDAR}?mode=agenda&date=2020-01-01").text


def test_filters_search_and_views_are_those_of_the_list(sara: Visitor) -> None:
    page = sara.get(f"{CALENDAR}?s=1&date=2026-11-24&filter.kind=meeting").text
    assert {e["title"] for e in entries(page)} == {"Review"} and 'class="chip"' in page
    assert {e["title"] for e in entries(sara.get(f"{CALENDAR}?s=1&date=2026-11-24&q=stand").text)} == {"Standup"}
    assert "Nothing fits" in sara.get(f"{CALENDAR}?s=1&date=2026-11-24&q=nowhere").text
    assert 'id="as-list"' in page and 'id="as-calendar"' in sara.get(f"/r/{NAME}").text
    assert "date=2026-11-24" in unescape(re.search(r'id="as-week" href="([^"]*)"', page)[1])  # type: ignore[index]


def test_a_saved_view_keeps_the_mode_but_no_day(sara: Visitor) -> None:
    sara.post(f"/r/{NAME}/views/new", {"name": "Meetings", "s": "1", "filter.kind": "meeting", "face": "calendar", "mode": "week",
                                       "date": "2026-11-24"})
    tab = re.search(rf'href="(/r/{NAME}/calendar\?view=\d+[^"]*)"[^>]*>\s*(?:<i[^>]*></i>)?Meetings', sara.get(f"/r/{NAME}").text)
    assert tab and "mode=week" in tab[1] and "date" not in tab[1]
    page = sara.get(f"{unescape(tab[1])}&date=2026-11-24").text
    assert {e["title"] for e in entries(page)} == {"Review"} and "changed-dot" not in page


def test_which_types_have_a_calendar(sara: Visitor) -> None:
    assert sara.get("/r/diary.trip/calendar").status_code == 200
    assert sara.get("/r/diary.run/calendar").status_code == 200, "it has a field starts_at"
    assert sara.get("/r/diary.memo/calendar").status_code == 404
    assert 'id="as-calendar"' not in sara.get("/r/diary.memo").text


@pytest.mark.parametrize("address", ["mode=nonsense", "date=nonsense", "date=9999-12-31", "date=0001-01-01&mode=week", "date=1405-9-5",
                                     "people=x,9999999999999999999", "colour=none", "mode=agenda&date=2350-01-01"])
def test_nonsense_in_an_address_is_a_calendar_still(sara: Visitor, address: str) -> None:
    assert sara.get(f"{CALENDAR}?{address}").status_code == 200


def test_jalali_months_begin_on_saturday_with_the_other_day_small(sara: Visitor, installation: Installation) -> None:
    like(installation, "sara", language="fa", calendar="jalali", digits="arabext", time_zone="Asia/Tehran")
    page = sara.get(f"{CALENDAR}?date=1405-09-03").text
    assert "آذر ۱۴۰۵" in page and "نوامبر" in page
    first = re.search(r'data-slot data-day="([^"]*)"', page)
    assert first and dt.date.fromisoformat(first[1]).weekday() == 5
    assert re.search(r'data-day="2026-11-22".*?cal-number"[^>]*>۱<.*?cal-other">۲۲<', page, re.S)
    assert re.search(r'cal-day c6[^"]* off"', page), "Friday is off"
    assert titled(page, "Standup")[0]["time"] == "۱۲:۳۰"


def test_more_than_fits_in_a_day_is_counted(sara: Visitor, installation: Installation) -> None:
    for i in range(9):
        add(installation, "sara", f"Busy {i}", f"2026-11-10T{8 + i:02d}:00", f"2026-11-10T{8 + i:02d}:30")
    page = sara.get(f"{CALENDAR}?date=2026-11-24").text
    drawn = [e for e in entries(page) if e["title"].startswith("Busy")]
    assert len(drawn) == 3 and "+6 more" in page
    assert len([e for e in entries(sara.get(f"{CALENDAR}?mode=day&date=2026-11-10").text) if e["title"].startswith("Busy")]) == 9


# ---------------------------------------------------------------- zones and clocks
@pytest.mark.parametrize("zone", ["Asia/Tehran", "Europe/Istanbul", "America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize("mode", ["month", "week"])
def test_whole_days_never_slip_between_zones(sara: Visitor, installation: Installation, zone: str, mode: str) -> None:
    like(installation, "sara", time_zone=zone)
    fair = titled(sara.get(f"{CALENDAR}?mode={mode}&date=2026-11-26").text, "Fair")
    assert {(e["begin"], e["end"]) for e in fair} == {("2026-11-26", "2026-12-02")}
    assert " c3 n4 " in fair[0]["classes"]


def test_hours_are_those_of_the_readers_clock(sara: Visitor, installation: Installation) -> None:
    like(installation, "sara", time_zone="America/New_York")
    page = sara.get(f"{CALENDAR}?mode=week&date=2026-11-24").text
    assert "a4 m0 H4 M30" in titled(page, "Standup")[0]["classes"]
    assert "a17 m0" in titled(page, "Night watch")[0]["classes"] and len(titled(page, "Night watch")) == 2


def test_days_on_which_clocks_change(sara: Visitor, installation: Installation) -> None:
    zone = "America/New_York"
    like(installation, "sara", time_zone=zone)
    add(installation, "sara", "Over spring", "2026-03-08T01:00", "2026-03-08T04:00", zone)
    add(installation, "sara", "Over autumn", "2026-11-01T00:30", "2026-11-01T04:00", zone)
    with installation.env(SYSTEM) as env:     # from the first half past one to the second quarter past one: 45 minutes
        env.create(NAME, {"subject": "Back", "owner": user_id(installation, "sara"), "starts_at": utc("2026-11-01T05:30"),
                          "ends_at": utc("2026-11-01T06:15")})
    spring = titled(sara.get(f"{CALENDAR}?mode=day&date=2026-03-08").text, "Over spring")
    assert "a1 m0 H4 M0" in spring[0]["classes"]
    page = sara.get(f"{CALENDAR}?mode=day&date=2026-11-01").text
    assert "a0 m30 H4 M0" in titled(page, "Over autumn")[0]["classes"]
    assert "a1 m30 H2 M15" in titled(page, "Back")[0]["classes"]
    assert move(sara, spring[0], begin="2026-03-15T01:00").status_code == 200
    moved = row(installation, spring[0]["id"])
    assert moved["ends_at"] - moved["starts_at"] == dt.timedelta(hours=2), "a move keeps how long it really lasts"
    assert moved["starts_at"] == utc("2026-03-15T01:00", zone)


# ---------------------------------------------------------------- moving
def test_moving_by_hours_by_days_and_resizing(sara: Visitor, installation: Installation) -> None:
    one = titled(sara.get(f"{CALENDAR}?mode=week&date=2026-11-24").text, "Standup")[0]
    answer = move(sara, one, begin="2026-11-25T14:15")
    assert answer.status_code == 200 and "14:15" in answer.json["message"]
    assert row(installation, one["id"])["ends_at"] == utc("2026-11-25T14:45")
    one = titled(sara.get(f"{CALENDAR}?date=2026-11-24").text, "Standup")[0]
    assert move(sara, one, begin="2026-11-30").status_code == 200
    assert row(installation, one["id"])["starts_at"] == utc("2026-11-30T14:15"), "a day keeps the hour"
    one = titled(sara.get(f"{CALENDAR}?date=2026-11-24").text, "Standup")[0]
    assert move(sara, one, end="2026-11-30T16:00").status_code == 200
    assert row(installation, one["id"])["ends_at"] == utc("2026-11-30T16:00")
    fair = titled(sara.get(f"{CALENDAR}?date=2026-11-24").text, "Fair")[0]
    assert move(sara, fair, begin="2026-11-20").status_code == 200
    found = row(installation, fair["id"])
    assert (found["first_day"], found["last_day"]) == (dt.date(2026, 11, 20), dt.date(2026, 11, 26))


def test_hours_become_a_day_and_a_day_hours(sara: Visitor, installation: Installation) -> None:
    one = titled(sara.get(f"{CALENDAR}?mode=week&date=2026-11-24").text, "Standup")[0]
    assert move(sara, one, begin="2026-11-25", whole="1").status_code == 200
    found = row(installation, one["id"])
    assert found["all_day"] and found["first_day"] == found["last_day"] == dt.date(2026, 11, 25) and found["starts_at"] is None
    one = titled(sara.get(f"{CALENDAR}?mode=week&date=2026-11-24").text, "Standup")[0]
    assert move(sara, one, begin="2026-11-25T10:00").status_code == 200
    found = row(installation, one["id"])
    assert not found["all_day"] and found["ends_at"] == utc("2026-11-25T11:00") and found["first_day"] is None


def test_what_lasts_over_days_is_a_bar_and_stays_one(sara: Visitor, installation: Installation) -> None:
    key = add(installation, "sara", "Long watch", "2026-11-24T08:00", "2026-11-26T00:00")
    week = f"{CALENDAR}?mode=week&date=2026-11-24"
    one = titled(sara.get(week).text, "Long watch")[0]
    assert "bar" in one["classes"] and "c1 n2" in one["classes"]
    assert move(sara, one, begin="2026-11-25", whole="1").status_code == 200
    found = row(installation, key)
    assert not found["all_day"] and (found["starts_at"], found["ends_at"]) == (utc("2026-11-25T08:00"), utc("2026-11-27T00:00"))
    assert move(sara, titled(sara.get(week).text, "Long watch")[0], end="2026-11-28").status_code == 200
    assert row(installation, key)["ends_at"] == utc("2026-11-29T00:00"), "midnight ends the last day"


def test_a_move_can_be_undone(sara: Visitor, installation: Installation) -> None:
    one = titled(sara.get(f"{CALENDAR}?date=2026-11-24").text, "Standup")[0]
    batch = move(sara, one, begin="2026-11-30").json["batch"]
    sara.post("/undo", {"batch": batch})
    assert row(installation, one["id"])["starts_at"] == utc("2026-11-24T09:00")


def test_who_was_faster_is_told_and_nothing_is_overwritten(sara: Visitor, installation: Installation) -> None:
    one = titled(sara.get(f"{CALENDAR}?date=2026-11-24").text, "Standup")[0]
    mina = user_id(installation, "mina")
    with installation.env(installation.load_actor(mina)) as env:
        env.update(NAME, int(one["id"]), {"starts_at": utc("2026-11-27T08:00"), "ends_at": utc("2026-11-27T09:00")})
    answer = move(sara, one, begin="2026-11-30")
    assert answer.status_code == 409 and "27 November" in answer.json["message"]
    assert row(installation, one["id"])["starts_at"] == utc("2026-11-27T08:00")
    fresh = titled(sara.get(f"{CALENDAR}?date=2026-11-24").text, "Standup")[0]
    with installation.env(SYSTEM) as env:
        env.update(NAME, int(one["id"]), {"place": "Room 9"})
    assert move(sara, fresh, begin="2026-11-30").status_code == 200, "another place does not matter to when"


@pytest.mark.parametrize("values", [{}, {"begin": "nonsense"}, {"begin": "2026-13-01"}, {"end": "2026-11-24T08:00"},
                                    {"begin": "2026-11-25T03:00"}])
def test_what_cannot_be_goes_back_with_a_reason(sara: Visitor, installation: Installation, values: dict[str, str]) -> None:
    one = titled(sara.get(f"{CALENDAR}?date=2026-11-24").text, "Standup")[0]
    answer = move(sara, one, **values)
    assert answer.status_code == 422 and answer.json["message"]
    assert row(installation, one["id"])["version"] == 1


def test_locked_ones_and_those_without_the_pen_stay(sara: Visitor, installation: Installation, visit: Visit) -> None:
    done = add(installation, "sara", "Done", "2026-11-25T09:00", kind="done")
    page = sara.get(f"{CALENDAR}?date=2026-11-24").text
    one = titled(page, "Done")[0]
    assert "movable" not in one["classes"] and "movable" in titled(page, "Standup")[0]["classes"]
    answer = move(sara, one, begin="2026-11-26")
    assert answer.status_code in (403, 422) and "done" in answer.json["message"]
    with installation.env(SYSTEM) as env:
        secret = env.query(NAME).where('subject == "Secret of Reza"').ids()[0]
    assert sara.post(f"{CALENDAR}/move", {"id": str(secret), "was": "", "begin": "2026-11-26"}).status_code == 404
    assert row(installation, done)["starts_at"] == utc("2026-11-25T09:00")
    assert visit("nobody").get(CALENDAR).status_code == 404
    assert visit("nobody").post(f"{CALENDAR}/move", {"id": str(done), "begin": "2026-11-26"}).status_code == 404


# ---------------------------------------------------------------- creating
def test_an_empty_place_opens_quick_create_filled_in(sara: Visitor, installation: Installation) -> None:
    form = sara.get(f"{CALENDAR}/new?begin=2026-11-25T10:30&end=2026-11-25T11:15", headers={"X-Fragment": "sheet"}).text
    assert 'name="starts_at"' in form and "2026-11-25 10:30" in form and "2026-11-25 11:15" in form
    action = unescape(re.search(r'action="([^"]*)"', form)[1])  # type: ignore[index]
    fields = dict(re.findall(r'name="(starts_at|ends_at)"[^>]*value="([^"]*)"', form)) or {
        n: v for v, n in re.findall(r'value="([^"]*)"[^>]*name="(starts_at|ends_at)"', form)}
    answer = sara.post(action, {"subject": "Made", "kind": "call", **fields}, headers={"X-Fragment": "sheet"})
    assert answer.status_code == 200, answer.text
    made = row(installation, answer.json["id"])
    assert (made["starts_at"], made["ends_at"]) == (utc("2026-11-25T10:30"), utc("2026-11-25T11:15"))
    form = sara.get(f"{CALENDAR}/new?begin=2026-11-25&end=2026-11-27", headers={"X-Fragment": "sheet"}).text
    action = unescape(re.search(r'action="([^"]*)"', form)[1])  # type: ignore[index]
    made = row(installation, sara.post(action, {"subject": "Days"}, headers={"X-Fragment": "sheet"}).json["id"])
    assert made["all_day"] and (made["first_day"], made["last_day"]) == (dt.date(2026, 11, 25), dt.date(2026, 11, 27))
    assert sara.get(f"{CALENDAR}/new?begin=nonsense").status_code == 200


# ---------------------------------------------------------------- people and colours
def test_people_stand_side_by_side(installation: Installation, visit: Visit) -> None:
    like(installation, "mina", language="en", time_zone="Europe/London", calendar="gregorian", digits="latn")
    keys = [user_id(installation, n) for n in ("sara", "reza")]
    for login in ("sara", "reza", "mina"):
        add(installation, login, f"Of {login}", "2026-11-24T09:00", "2026-11-24T10:00")
    add(installation, "reza", "Away", all_day=True, first_day=dt.date(2026, 11, 24))
    mina = visit("mina")
    page = mina.get(f"{CALENDAR}?mode=day&date=2026-11-24&people={keys[0]},{keys[1]}").text
    assert page.count("data-hours") == 2
    assert [(e["title"], e["person"]) for e in entries(page)] == [
        ("Away", str(keys[1])), ("Of sara", str(keys[0])), ("Of reza", str(keys[1]))]
    one = titled(page, "Of sara")[0]
    answer = move(mina, one, f"?people={keys[0]},{keys[1]}", begin="2026-11-24T11:00", **{"from": str(keys[0]), "person": str(keys[1])})
    assert answer.status_code == 200, answer.text
    assert row(installation, one["id"])["owner"].id == keys[1]
    month = mina.get(f"{CALENDAR}?date=2026-11-24&people={keys[1]}").text
    assert {e["title"] for e in entries(month)} == {"Of sara", "Of reza", "Away"}
    strangers = ",".join(str(k) for k in range(1, 40))
    assert mina.get(f"{CALENDAR}?mode=week&date=2026-11-24&people={strangers}").text.count("cal-person") <= 8 * 7


def test_colours_by_field_or_by_person(sara: Visitor) -> None:
    page = sara.get(f"{CALENDAR}?date=2026-11-24").text
    assert "tint-blue" in titled(page, "Standup")[0]["classes"] and "tint-orange" in titled(page, "Review")[0]["classes"]
    assert 'class="cal-legend"' in page
    page = sara.get(f"{CALENDAR}?date=2026-11-24&colour=people").text
    assert len({re.search(r"tint-\w+", e["classes"])[0] for e in entries(page)}) == 1  # type: ignore[index]


def test_trips_have_days_only_and_several_people(sara: Visitor, installation: Installation) -> None:
    ids = [user_id(installation, n) for n in ("sara", "reza")]
    with installation.env(SYSTEM) as env:
        key = env.create("diary.trip", {"name": "Tabriz", "leaves": "2026-11-20", "returns": "2026-11-25", "travellers": ids})
        env.create("diary.trip", {"name": "Yazd", "leaves": "2026-11-20", "travellers": ids[1:]})
    page = sara.get(f"/r/diary.trip/calendar?mode=week&date=2026-11-24&people={ids[0]}").text
    assert {e["title"] for e in entries(page)} == {"Tabriz"} and 'class="cal-line cal-body"' not in page
    page = sara.get(f"/r/diary.trip/calendar?date=2026-11-24&people={ids[0]}").text
    one = titled(page, "Tabriz")[0]
    answer = sara.post("/r/diary.trip/calendar/move", {"id": key, "was": unescape(one["was"]), "end": "2026-11-22"})
    assert answer.status_code == 200, answer.text
    assert sara.post("/r/diary.trip/calendar/move", {"id": key, "was": "", "begin": "2026-11-22T10:00"}).status_code == 422


# ---------------------------------------------------------------- rights and cost
def test_a_hidden_beginning_is_no_calendar(sara: Visitor, installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        env.update("base.profile", profile, {"field_rights": {NAME: {"starts_at": "hidden"}}})
    assert sara.get(CALENDAR).status_code == 404 and 'id="as-calendar"' not in sara.get(f"/r/{NAME}").text
    assert sara.post(f"{CALENDAR}/move", {"id": "1", "was": "", "begin": "2026-11-24"}).status_code == 404


@pytest.mark.parametrize("mode", ["month", "week", "day", "agenda"])
def test_the_same_few_statements_whatever_the_days_hold(sara: Visitor, installation: Installation, mode: str) -> None:
    url = f"{CALENDAR}?mode={mode}&date=2026-11-24&people={user_id(installation, 'sara')}"
    counts = []
    for many in (0, 200):
        with installation.env(SYSTEM) as env:
            start, sara_id = utc("2026-11-24T08:00"), user_id(installation, "sara")
            env.create(NAME, [{"subject": f"Many {i}", "owner": sara_id, "starts_at": start + dt.timedelta(minutes=i),
                               "ends_at": start + dt.timedelta(minutes=i + 60)} for i in range(many)])
        sara.get(url)
        with query_budget(installation, 14) as seen:
            assert sara.get(url).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_cap_is_told(sara: Visitor, installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.web.calendar.entries.MOST", 2)
    page = sara.get(f"{CALENDAR}?date=2026-11-24").text
    assert "There are more entries than a calendar can show: these are the first 2." in page
    assert {e["title"] for e in entries(page)} == {"Standup", "Review", "Fair"}
