"""Pages of activities: the day's work, sheets for doing, logging and moving, planning for many, figures; and their limits."""

import datetime as dt

import pytest

from addons.activities.tests.conftest import ACCOUNT, ACTIVITY, call
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("activities")]
TODAY = "/x/activities/today"


@pytest.fixture
def sara(installation):
    """Sara's browser."""
    return Visitor(installation, user_id(installation, "sara"))


def state(env, key, *names):
    return env.query(ACTIVITY).with_ids([key]).select(*names).rows()[0]


def test_the_day_in_parts(env_as, accounts, sara):
    first, _second = accounts
    with env_as("sara") as env:
        for subject, hours in (("late one", -3), ("soon one", 24 * 4), ("far one", 24 * 30)):
            call(env, first, hours=hours, subject=subject)
        env.create(ACTIVITY, [{"subject": "for today", "all_day": True, "first_day": env.today}, {"subject": "some day"}])
        call(env, first, subject="over", status="done")
    page = sara.get(TODAY).text
    places = [page.index(text) for text in ("late one", "for today", "soon one", "far one", "some day")]
    assert places == sorted(places) and ">over<" not in page
    parts = [page.index(f'id="{part}"') for part in ("overdue", "today", "week", "later", "undated")]
    assert all(part < place for part, place in zip(parts, places, strict=True))


def test_an_empty_day_says_so(sara):
    assert "Nothing is waiting" in sara.get(TODAY).text


def test_somebody_elses_day_shows_what_one_may_see(env_as, accounts, installation):
    first, second = accounts
    with env_as("reza") as env:
        call(env, second, subject="of Reza")
        call(env, second, subject="secret of Reza", private=True)
    reza = user_id(installation, "reza")
    for who, seen in (("mina", True), ("sara", False)):
        page = Visitor(installation, user_id(installation, who)).get(f"{TODAY}?who=user:{reza}").text
        assert ("of Reza" in page) is seen and "secret of Reza" not in page
    for wrong in ("user:999999", "team:0", "user:x", "team:99999999999999999999"):
        assert Visitor(installation, reza).get(f"{TODAY}?who={wrong}").status_code == 200


def test_taking_part_is_work_too(env_as, accounts, installation, sara):
    _first, second = accounts
    with env_as("reza") as env:
        call(env, second, subject="together", co_owners=[user_id(installation, "sara")])
    assert "together" in sara.get(TODAY).text


def test_the_day_costs_the_same_however_much_there_is(env_as, accounts, installation, sara):
    first, _second = accounts
    with env_as("sara") as env:
        env.create(ACTIVITY, [{"kind": "call", "subject": f"n {i}", "about": (ACCOUNT, first),
                               "starts_at": env.now + dt.timedelta(hours=i * 7 - 700)} for i in range(300)])
    sara.get(TODAY)
    with query_budget(installation, 24):
        assert sara.get(TODAY).text.count("data-item=") >= 120


def test_done_with_outcome_and_what_follows(env_as, accounts, sara):
    first, _second = accounts
    with env_as("sara") as env:
        key = call(env, first)
        outcomes = env.query("activities.outcome").where('kind == "call"').select("follow_up_days").rows()
        later = next(r for r in outcomes if r["follow_up_days"])
    sheet = sara.get(f"/x/activities/done?ids={key}&next={TODAY}", headers={"X-Fragment": "sheet"}).text
    assert f'value="{later["id"]}"' in sheet and "Done: Talk" in sheet
    answer = sara.post("/x/activities/done", {"ids": str(key), "outcome": str(later["id"]), "follow": "auto", "follow_kind": "call",
                                              "outcome_text": "will think", "next": TODAY})
    assert answer.status_code == 303
    with env_as("sara") as env:
        row = state(env, key, "status", "outcome", "outcome_text", "done_by")
        assert (row["status"], row["outcome"].id, row["outcome_text"]) == ("done", later["id"], "will think")
        next_one = env.query(ACTIVITY).where('status == "planned"').select("subject", "first_day", "kind", "about").rows()
        assert len(next_one) == 1 and next_one[0]["subject"] == "Follow up: Talk" and next_one[0]["about"].id == first
        assert next_one[0]["first_day"] >= env.today + dt.timedelta(days=later["follow_up_days"])


def test_undo_takes_back_the_follow_up_too(env_as, accounts, sara):
    first, _second = accounts
    with env_as("sara") as env:
        key = call(env, first)
    sent = {"ids": str(key), "go": "1", "follow": "3", "follow_kind": "task", "next": TODAY}
    page = sara.post("/x/activities/done", sent, follow_redirects=True).text
    batch = page.split('name="batch" value="')[1].split('"')[0]
    sara.post("/undo", {"batch": batch})
    with env_as("sara") as env:
        assert state(env, key, "status")["status"] == "planned" and env.query(ACTIVITY).ids() == [key]
        assert env.get(ACCOUNT, first, "next_activity_at").next_activity_at is not None


def test_a_call_is_logged_in_two_clicks(env_as, accounts, sara):
    first, _second = accounts
    page = sara.get(f"/r/{ACCOUNT}/{first}").text
    assert f"/x/activities/log/call?about={ACCOUNT}%3A{first}" in page or f"about={ACCOUNT}:{first}" in page
    with env_as("sara") as env:
        outcome = env.query("activities.outcome").where('kind == "call"').ids()[0]
    assert sara.post("/x/activities/log/call", {"record": ACCOUNT, "ids": str(first), "outcome": str(outcome), "follow": "1",
                                                "follow_kind": "call", "direction": "in", "duration": "0:10"}).status_code == 303
    with env_as("sara") as env:
        row = env.query(ACTIVITY).where('status == "done"').select("subject", "about", "direction", "duration").rows()[0]
        assert row["subject"] == "Call: Pars" and row["about"].id == first and row["direction"] == "in"
        assert row["duration"] == dt.timedelta(minutes=10)
        assert env.query(ACTIVITY).where('status == "planned"').count() == 1
    assert "Call: Pars" in sara.get(f"/r/{ACCOUNT}/{first}?t=activity").text


@pytest.mark.parametrize("to", ["hour", "evening", "tomorrow", "next_week"])
def test_snoozing(env_as, accounts, sara, to):
    first, _second = accounts
    with env_as("sara") as env:
        timed, whole = call(env, first, hours=-5), env.create(ACTIVITY, {"subject": "day", "all_day": True, "first_day": env.today})
        evening = env.now.astimezone(env.tz).hour < 18
    answer = sara.post("/x/activities/snooze", {"ids": [str(timed), str(whole)], "to": to, "next": TODAY})
    if to == "evening" and not evening:
        assert answer.status_code == 422
        return
    assert answer.status_code == 303
    with env_as("sara") as env:
        one, other = state(env, timed, "due_at", "all_day"), state(env, whole, "due_at", "all_day", "first_day")
        assert one["due_at"] > env.now and other["due_at"] > env.now
        assert other["all_day"] is (to in ("tomorrow", "next_week"))


def test_moving_many(env_as, accounts, sara, installation):
    first, _second = accounts
    with env_as("sara") as env:
        at = env.now.replace(microsecond=0) + dt.timedelta(hours=2)
        timed = call(env, first, starts_at=at, duration=1800)
        days = env.create(ACTIVITY, {"subject": "d", "all_day": True, "first_day": env.today, "last_day": env.today + dt.timedelta(days=1)})
        day = env.today + dt.timedelta(days=10)
    both = [str(timed), str(days)]
    assert sara.post("/x/activities/reschedule", {"ids": both, "go": "1", "how": "by", "days": "3"}).status_code == 303
    with env_as("sara") as env:
        assert state(env, timed, "starts_at", "ends_at") == {"id": timed, "starts_at": at + dt.timedelta(days=3),
                                                            "ends_at": at + dt.timedelta(days=3, minutes=30)}
        row = state(env, days, "first_day", "last_day")
        assert (row["first_day"] - env.today).days == 3 and (row["last_day"] - row["first_day"]).days == 1
    assert sara.post("/x/activities/reschedule", {"ids": both, "go": "1", "how": "to", "day": day.isoformat()}).status_code == 303
    with env_as("sara") as env:
        assert state(env, timed, "starts_at")["starts_at"].astimezone(env.tz).date() == day
        assert state(env, days, "first_day")["first_day"] == day
    for wrong in ({"how": "by", "days": "0"}, {"how": "to", "day": "no day"}, {"how": "by", "days": "99999999"}):
        assert sara.post("/x/activities/reschedule", {"ids": both, "go": "1", **wrong}).status_code == 422


def test_others_cannot_do_or_move_them(env_as, accounts, installation):
    first, _second = accounts
    with env_as("sara") as env:
        key = call(env, first, participants=[user_id(installation, "reza")])
    reza = Visitor(installation, user_id(installation, "reza"))
    for url, values in (("/x/activities/done", {"go": "1"}), ("/x/activities/snooze", {"to": "hour"}), (f"/x/activities/{key}/done", {}),
                        ("/x/activities/reschedule", {"go": "1", "how": "by", "days": "2"})):
        assert reza.post(url, {"ids": str(key), **values}).status_code == 422
    assert reza.post("/x/activities/log/call", {"about": f"{ACCOUNT}:{first}", "go": "1"}).status_code == 404
    assert reza.get(f"/x/activities/log/call?about={ACCOUNT}:{first}").status_code == 404
    assert reza.post("/x/activities/plan", {"record": ACCOUNT, "ids": str(first), "go": "1", "kind": "task"}).status_code in (404, 422)
    with env_as("sara") as env:
        assert state(env, key, "status")["status"] == "planned" and env.query(ACTIVITY).count() == 1


def test_planning_for_chosen_records(env_as, accounts, sara):
    with env_as("sara") as env:
        ids = env.create(ACCOUNT, [{"name": f"A {i}"} for i in range(5)])
    sheet = sara.post("/x/activities/plan?record=" + ACCOUNT, {"ids": [str(i) for i in ids]}).text
    assert "Plan an activity" in sheet and "5 records" in sheet
    sent = sara.post("/x/activities/plan", {"record": ACCOUNT, "ids": [str(i) for i in ids], "go": "1", "kind": "call", "whose": "owner",
                                            "first_day": "2030-01-02", "priority": "high", "next": f"/r/{ACCOUNT}"})
    assert sent.status_code == 303
    with env_as("sara") as env:
        rows = env.query(ACTIVITY).select("subject", "about", "first_day", "all_day", "priority").rows()
        assert {r["about"].id for r in rows} == set(ids) and {r["subject"] for r in rows} == {f"Call: A {i}" for i in range(5)}
        assert {(r["first_day"], r["all_day"], r["priority"]) for r in rows} == {(dt.date(2030, 1, 2), True, "high")}


def test_figures_open_what_they_count(env_as, accounts, installation, sara):
    first, _second = accounts
    with env_as("sara") as env:
        call(env, first, hours=-1)
        call(env, first, hours=-2, status="done")
        call(env, first, hours=-2, status="done", kind="meeting")
    page = sara.get("/x/activities/figures?period=last_12").text
    assert "Activities by person" in page
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:] if part.startswith(f"/r/{ACTIVITY}?")]
    assert links
    for link in links:
        assert sara.get(link).status_code == 200
    with query_budget(installation, 24):
        sara.get("/x/activities/figures")


def test_the_timeline_and_the_list_of_a_record(env_as, accounts, installation, sara):
    first, _second = accounts
    with env_as("sara") as env:
        call(env, first, hours=-4, subject="planned but late")
        call(env, first, hours=-30, subject="talked", status="done", outcome_text="liked it")
    page = sara.get(f"/r/{ACCOUNT}/{first}").text
    assert "planned but late" in page and "talked" in page and "liked it" in page and "Log a call" in page
    assert page.index("planned but late") < page.index("talked")
    shown = sara.get(f"/r/{ACCOUNT}?s=1&filter.next_activity=overdue").text
    assert f'data-id="{first}"' in shown and ">Overdue<" in shown
    assert f'data-id="{first}"' not in sara.get(f"/r/{ACCOUNT}?s=1&filter.next_activity=planned,none").text
    board = sara.get(f"/r/{ACCOUNT}/board")
    assert board.status_code == 404 or "data-bar" in board.text


def test_home_shows_the_day(env_as, accounts, sara):
    first, _second = accounts
    with env_as("sara") as env:
        call(env, first, hours=-1, subject="call them now")
    assert "call them now" in sara.get("/").text
