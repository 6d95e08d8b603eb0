"""Pages: the week of a calendar, its calculator, the rota of a team."""

import datetime as dt
import re

import pytest

from addons.worktime import rotas
from addons.worktime.tests.conftest import utc
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = pytest.mark.addons("worktime")
WEEK = {"day5": "8-12, 13-17", "day6": "۸ تا ۱۲", "day0": "22-6", "day1": "", "day2": "", "day3": "", "day4": ""}


def who(installation, login):
    return Visitor(installation, user_id(installation, login))


def token(html):
    return re.search(r'name="was" value="([0-9a-f]+)"', html)[1]


@pytest.fixture
def boss(installation, standing):
    """Somebody who decides about hours."""
    standing("boss", "worktime.manager")
    return who(installation, "boss")


def test_a_week_is_written_as_people_write_it(installation, boss, plant):
    url = f"/x/worktime/hours/{plant}"
    page = boss.get(url).get_data(as_text=True)
    assert 'value="08:00–12:30, 13:00–16:30"' in page and "44 h" in page
    assert boss.post(url, {**WEEK, "was": token(page)}).status_code == 303
    with installation.env(SYSTEM) as env:
        rows = env.query("worktime.interval").where(f"calendar == {plant}").order("weekday", "begins").select(
            "weekday", "begins", "ends").rows()
    assert [(r["weekday"], r["begins"], r["ends"]) for r in rows] == [
        ("0", "22:00", "06:00"), ("5", "08:00", "12:00"), ("5", "13:00", "17:00"), ("6", "08:00", "12:00")]
    assert 'class="tail"' in boss.get(url).get_data(as_text=True)


def test_what_is_wrong_is_said_at_its_day_and_nothing_is_saved(installation, boss, plant):
    url = f"/x/worktime/hours/{plant}"
    was = token(boss.get(url).get_data(as_text=True))
    answer = boss.post(url, {**WEEK, "day1": "8-12, 11-13", "was": was})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "08:00–12:00 and 11:00–13:00 overlap." in page and 'value="8-12, 11-13"' in page
    answer = boss.post(url, {**WEEK, "day1": "4-9", "was": was})
    assert answer.status_code == 422 and "It overlaps" in answer.get_data(as_text=True)
    assert token(boss.get(url).get_data(as_text=True)) == was


def test_two_who_write_at_once_do_not_overwrite_each_other(boss, plant):
    url = f"/x/worktime/hours/{plant}"
    was = token(boss.get(url).get_data(as_text=True))
    assert boss.post(url, {**WEEK, "was": was}).status_code == 303
    answer = boss.post(url, {**WEEK, "day1": "9-10", "was": was})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "meanwhile" in page and 'value="22:00–06:00"' in page


def test_who_may_not_change_it_sees_it(installation, plant):
    sara, nobody = who(installation, "sara"), who(installation, "nobody")
    page = sara.get(f"/x/worktime/hours/{plant}").get_data(as_text=True)
    assert "08:00–12:30" in page and 'name="day0"' not in page
    assert sara.post(f"/x/worktime/hours/{plant}", {**WEEK, "was": token(page)}).status_code == 403
    assert nobody.get(f"/x/worktime/hours/{plant}").status_code == 404
    assert nobody.get("/x/worktime/rota").status_code == 403


def test_the_calculator(installation, plant):
    sara = who(installation, "sara")
    page = sara.get(f"/x/worktime/hours/{plant}?from=2026-11-25 12:00&hours=9").get_data(as_text=True)
    assert "9 h of working time after 25 Nov 2026 12:00 is 28 Nov 2026 08:30." in page and "closed" in page and "4 h" in page
    page = sara.get(f"/x/worktime/hours/{plant}?from=2026-11-25 12:00&until=2026-11-28 08:30").get_data(as_text=True)
    assert "there is 9 h of working time" in page
    assert "1 h 30 min of working time" in sara.get(f"/x/worktime/hours/{plant}?hours=90m").get_data(as_text=True)
    for wrong in ("hours=soon", "from=never", "hours=99999999999", "until=9999-12-31", "hours=-1", "from=0001-01-01&hours=2"):
        assert sara.get(f"/x/worktime/hours/{plant}?{wrong}").status_code == 200


def test_a_calendar_without_hours_says_so(installation, boss):
    with installation.env(SYSTEM) as env:
        key = env.create("worktime.calendar", {"name": "Never", "time_zone": "UTC"})
    assert "has no open hours there" in boss.get(f"/x/worktime/hours/{key}?hours=1").get_data(as_text=True)
    assert "Hours of the week" in boss.get(f"/r/worktime.calendar/{key}").get_data(as_text=True)


def test_the_rota_of_a_team(installation, people, team, plant):
    with installation.env(SYSTEM) as env:
        env.create("worktime.shift", [
            {"user": people["sara"], "begins_at": utc(2026, 11, 25, 6), "ends_at": utc(2026, 11, 25, 14), "remark": "Front desk"},
            {"user": people["omid"], "begins_at": utc(2026, 11, 26, 22), "ends_at": utc(2026, 11, 27, 6)}])
        env.create("worktime.absence", {"owner": people["reza"], "first_day": dt.date(2026, 11, 26), "last_day": dt.date(2026, 11, 27),
                                        "stand_in": people["sara"], "kind": "sick"})
        env.create("worktime.assignment", {"calendar": plant, "user": people["reza"]})
    sara = who(installation, "sara")
    page = sara.get("/x/worktime/rota?week=2026-11-25").get_data(as_text=True)
    assert "06:00–14:00" in page and "22:00–06:00" in page and "Front desk" in page and "wt-add" not in page
    page = sara.get(f"/x/worktime/rota?week=2026-11-25&team={team}").get_data(as_text=True)
    assert "Reza Seller" in page and "Omid Other" not in page and page.count('class="wt-away"') == 2 and "08:00–12:30" in page
    assert "Sick" not in page, "why somebody is away is not for everybody"
    assert "No shifts in this week" in sara.get("/x/worktime/rota?week=2020-01-01").get_data(as_text=True)
    assert sara.get("/x/worktime/rota?week=soon&team=77777").status_code == 200


def test_the_rota_reads_sets(installation, people, team):
    with installation.env(SYSTEM) as env:
        key = env.create("worktime.rota", {"name": "R", "pattern": "M E N -", "first_day": env.today, "time_zone": "UTC", "weeks_ahead": 2})
        env.create("worktime.rota_member", [{"rota": key, "user": people[n], "offset": i}
                                            for i, n in enumerate(("sara", "reza", "omid", "mina"), 1)])
        rotas.plan(env, [key])
    sara = who(installation, "sara")
    sara.get("/x/worktime/rota")
    with query_budget(installation, 16):
        assert sara.get("/x/worktime/rota").status_code == 200


@pytest.mark.parametrize("lang", ["en", "fa", "tr"])
def test_pages_speak(installation, plant, people, lang):
    with installation.env(SYSTEM) as env:
        env.update("base.user", people["sara"], {"language": lang, "calendar": "jalali" if lang == "fa" else "gregorian"})
    sara = who(installation, "sara")
    words = {"en": ("Hours of the week", "Rota"), "fa": ("ساعت‌های هفته", "برنامهٔ شیفت"), "tr": ("Haftanın saatleri", "Vardiya planı")}[lang]
    assert words[0] in sara.get(f"/x/worktime/hours/{plant}?hours=6").get_data(as_text=True)
    assert words[1] in sara.get("/x/worktime/rota").get_data(as_text=True)
