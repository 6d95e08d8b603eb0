"""Who is free: overlaps, absences, hours and holidays; subjects are told to those who may see them alone."""

import datetime as dt
import re

import pytest

from addons.activities import freebusy
from addons.activities.tests.conftest import ACTIVITY
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("activities")]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def monday(env_as):
    """Ten o'clock UTC on a Monday in a year without surprises, which is working time everywhere."""
    with env_as("boss") as env, env.elevated("test") as sudo:
        sudo.update("base.user", sudo.query("base.user").ids(), {"time_zone": "UTC"})
        calendar = sudo.query("worktime.calendar").where("is_default").ids()[0]
        sudo.update("worktime.calendar", calendar, {"time_zone": "UTC", "holiday_sets": []})
    return dt.datetime(2027, 6, 7, 10, tzinfo=dt.UTC)


def test_busy_without_a_subject(env_as, installation, monday):
    sara, reza = user_id(installation, "sara"), user_id(installation, "reza")
    with env_as("reza") as env:
        env.create(ACTIVITY, {"subject": "Secret", "starts_at": monday, "ends_at": monday + HOUR, "private": True})
        env.create(ACTIVITY, {"subject": "With Sara", "starts_at": monday + HOUR, "ends_at": monday + 2 * HOUR, "participants": [sara]})
        env.create(ACTIVITY, {"subject": "Done", "starts_at": monday, "ends_at": monday + 9 * HOUR, "status": "done"})
    with env_as("sara") as env:
        found = {p.user: p for p in freebusy.people(env, [sara, reza], monday - HOUR, monday + 4 * HOUR)}
        assert [(b.begins, b.subject, b.key is None) for b in found[reza].busy] == [(monday, "", True), (monday + HOUR, "With Sara", False)]
        assert [b.subject for b in found[sara].busy] == ["With Sara"]
        at = freebusy.next_free(env, [sara, reza], monday, HOUR)
        assert at >= monday + 2 * HOUR and at.date() == monday.date()
        assert freebusy.next_free(env, [sara], monday, HOUR) == monday
    page = Visitor(installation, sara).get(f"/x/activities/free?people={sara}&people={reza}&day=2027-06-07&minutes=60")
    assert page.status_code == 200 and "With Sara" in page.text and "Secret" not in page.text
    for wrong in ("people=999999", "day=nonsense", "minutes=-5", "people=x", "day=9999-12-31"):
        assert Visitor(installation, sara).get(f"/x/activities/free?{wrong}").status_code == 200


def test_absences_and_nights(env_as, installation, monday):
    sara, reza = user_id(installation, "sara"), user_id(installation, "reza")
    with env_as("boss") as env, env.elevated("test") as sudo:
        sudo.create("worktime.absence", {"owner": reza, "first_day": monday.date(), "last_day": monday.date()})
    with env_as("sara") as env:
        found = freebusy.people(env, [reza], monday, monday + HOUR)[0]
        assert [(b.away, b.subject) for b in found.busy] == [(True, "")]
        at = freebusy.next_free(env, [sara, reza], monday, HOUR)
        assert at.date() == monday.date() + dt.timedelta(days=1) and at.hour >= 6
        night = monday.replace(hour=23)
        assert freebusy.problems(freebusy.people(env, [sara], night, night + HOUR)[0], night, night + HOUR)
        assert freebusy.next_free(env, [sara], night, HOUR).date() > monday.date()
        assert freebusy.next_free(env, [sara], monday, dt.timedelta(hours=30)) is None


def test_beside_the_participants(env_as, installation, monday):
    sara, reza = user_id(installation, "sara"), user_id(installation, "reza")
    with env_as("reza") as env:
        key = env.create(ACTIVITY, {"subject": "Secret", "starts_at": monday, "ends_at": monday + HOUR, "private": True})
    page = Visitor(installation, sara)
    form = {"owner": str(sara), "participants": [str(reza)], "starts_at": "2027-06-07 10:30", "duration": "30"}
    text = page.post("/x/activities/free/beside", form).text
    assert re.search(r"Reza.*busy", text, re.DOTALL) and "Secret" not in text and "Next time" in text
    assert "All are free" in page.post("/x/activities/free/beside", form | {"starts_at": "2027-06-07 14:30"}).text
    assert "All are free" in Visitor(installation, reza).post("/x/activities/free/beside", form | {"key": str(key)}).text
    assert page.post("/x/activities/free/beside", form | {"starts_at": "nonsense"}).text == ""
    assert page.post("/x/activities/free/beside", form | {"participants": []}).text == ""
    for far in ({"starts_at": "9999-12-31 23:00"}, {"ends_at": "9999-12-31 23:00"}, {"duration": "9" * 30}):
        assert page.post("/x/activities/free/beside", form | far).status_code == 200


def test_statements_are_few(env_as, installation, monday):
    with env_as("boss") as env:
        users = env.query("base.user").where("active").ids()
        env.create(ACTIVITY, [{"subject": "x", "starts_at": monday + n * HOUR, "ends_at": monday + (n + 1) * HOUR, "participants": users}
                              for n in range(200)])
        freebusy.people(env, users, monday, monday + HOUR)
        with query_budget(installation, 9):
            freebusy.people(env, users, monday, monday + 200 * HOUR)
