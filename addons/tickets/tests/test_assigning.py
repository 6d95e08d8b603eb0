"""Handing out: in turn, by least open work, by skill and shift; two workers at once, restarts, and people who leave."""

import datetime as dt
import threading
from collections import Counter

import pytest

from addons.tickets import assigning, service_jobs
from addons.tickets.tests.test_service_levels import TICKET, Work, status, ticket
from core.api import SYSTEM, F, SarnakhError
from core.testing.browser import Visitor

pytestmark = pytest.mark.addons("tickets")
QUEUE, AGENT, SKILL, TURN = "tickets.queue", "tickets.agent", "tickets.skill", "tickets.turn"


@pytest.fixture
def queue(installation, desk):
    """`queue(env, method, *names, **values)` makes a queue of these people."""
    def make(env, method, *names, **values):
        return env.create(QUEUE, {"name": f"Queue {env.query(QUEUE).count()}", "method": method, "on_duty_only": False,
                                  "members": [desk[n] for n in names], **values})
    return make


def owners(env, keys):
    found = {r["id"]: r["owner"].id if r["owner"] else None for r in env.query(TICKET).with_ids(keys).select("owner").rows()}
    return [found[k] for k in keys]


def test_in_turn_and_after_a_restart(installation, desk, queue):
    with installation.env(SYSTEM) as env:
        key = queue(env, "round_robin", "sara", "reza", "omid")
        first = [ticket(env, queue=key) for _n in range(4)]
    with installation.env(SYSTEM) as env:   # nothing is kept in memory: another process goes on where this one was
        rest = env.create(TICKET, [{"subject": "x", "requester_email": "a@b.example", "queue": key} for _n in range(5)])
        given = owners(env, first + rest)
        assert given == [given[0], given[1], given[2]] * 3 and set(given) == {desk["sara"], desk["reza"], desk["omid"]}


def test_somebody_back_from_leave_is_given_one_not_all_that_they_missed(installation, desk, queue):
    with installation.env(SYSTEM) as env:
        key = queue(env, "round_robin", "sara", "reza")
        away = env.create(AGENT, {"user": desk["reza"], "takes": False})
        assert set(owners(env, [ticket(env, queue=key) for _n in range(6)])) == {desk["sara"]}
        env.update(AGENT, away, {"takes": True})
        assert owners(env, [ticket(env, queue=key) for _n in range(4)]) == [desk["reza"], desk["sara"]] * 2


def test_least_open_work_counts_open_tickets_only(installation, desk, queue):
    with installation.env(SYSTEM) as env:
        key = queue(env, "least_open", "sara", "reza")
        done = [ticket(env, owner=desk["sara"]) for _n in range(5)]
        env.update(TICKET, done, {"status": status(env, "resolved")})
        for _n in range(2):
            ticket(env, owner=desk["reza"])
        assert Counter(owners(env, [ticket(env, queue=key) for _n in range(4)])) == {desk["sara"]: 3, desk["reza"]: 1}


def test_by_skill_and_room(installation, desk, queue):
    with installation.env(SYSTEM) as env:
        key = queue(env, "round_robin", "sara", "reza")
        network = env.create(SKILL, {"name": "Network"})
        env.create(AGENT, {"user": desk["reza"], "skills": [network], "most_open": 2})
        category = env.create("tickets.category", {"name": "Network", "skills": [network]})
        keys = [ticket(env, queue=key, category=category) for _n in range(3)]
        assert owners(env, keys) == [desk["reza"], desk["reza"], None], "full: it waits where all can see it"
        env.update(TICKET, keys[0], {"status": status(env, "closed")})
        assert service_jobs.minute(env, Work())["given"] == 1 and owners(env, keys)[2] == desk["reza"]


def test_nobody_on_shift_leaves_it_in_the_queue_until_somebody_is(installation, desk, queue):
    with installation.env(SYSTEM) as env:
        key = queue(env, "round_robin", "sara", "reza", on_duty_only=True)
        now = dt.datetime(2026, 11, 26, 20, 0, tzinfo=dt.UTC)
        hour = dt.timedelta(hours=1)
        env.create("worktime.shift", [{"user": desk[n], "begins_at": now + hour * h, "ends_at": now + hour * (h + 8)}
                                      for n, h in (("sara", 2), ("reza", 10))])
        waiting = ticket(env.back_then(now, None), queue=key)
        assert owners(env, [waiting]) == [None]
        assert service_jobs.minute(env.back_then(now + dt.timedelta(hours=1), None), Work())["given"] == 0
        assert service_jobs.minute(env.back_then(now + dt.timedelta(hours=3), None), Work())["given"] == 1
        assert owners(env, [waiting]) == [desk["sara"]]
        assert owners(env, [ticket(env.back_then(now + dt.timedelta(hours=11), None), queue=key)]) == [desk["reza"]]
    page = Visitor(installation, desk["mina"]).get("/x/service/queues").get_data(as_text=True)
    assert "Queue " in page and "Sara" in page


def test_a_stand_in_takes_what_an_absent_one_would(installation, desk, queue):
    with installation.env(SYSTEM) as env:
        nights = env.create("worktime.calendar", {"name": "Always", "time_zone": "UTC", "is_default": True})
        env.create("worktime.interval", [{"calendar": nights, "weekday": str(d), "begins": "00:00", "ends": "24:00"} for d in range(7)])
        key = queue(env, "round_robin", "sara", on_duty_only=True)
        day = dt.timedelta(days=1)
        env.create("worktime.absence", {"owner": desk["sara"], "first_day": env.today - day, "last_day": env.today + day * 2,
                                        "kind": "leave", "stand_in": desk["omid"]})
        assert owners(env, [ticket(env, queue=key)]) == [desk["omid"]]


def test_new_tickets_find_their_queue(installation, desk, queue):
    with installation.env(SYSTEM) as env:
        web = queue(env, "round_robin", "reza", condition='channel == "web"', position=1)
        queue(env, "hand", "sara", condition='subject != ""', position=2)
        keys = [ticket(env, channel="web"), ticket(env), ticket(env, channel="web", queue=desk["billing"])]
        rows = {r["id"]: r["queue"].id for r in env.query(TICKET).with_ids(keys).select("queue").rows()}
        assert rows[keys[0]] == web and rows[keys[2]] == desk["billing"] and rows[keys[1]] not in (web, desk["billing"])
        assert owners(env, keys) == [desk["reza"], None, None]


def test_a_ticket_that_is_somebodys_stays_theirs(installation, desk, queue):
    with installation.env(SYSTEM) as env:
        key = queue(env, "round_robin", "sara")
        mine = ticket(env, owner=desk["reza"], queue=key)
        assert owners(env, [mine]) == [desk["reza"]] and assigning.hand_out(env, [mine]) == 0


def test_who_leaves_gives_back(installation, desk, queue):
    with installation.env(SYSTEM) as env:
        key = queue(env, "least_open", "reza", "omid")
        mine = [ticket(env, owner=desk["omid"], queue=q) for q in (key, key, desk["billing"])]
        done = ticket(env, owner=desk["omid"], queue=key)
        env.update(TICKET, done, {"status": status(env, "closed")})
        env.update("base.user", desk["omid"], {"active": False})
        assert env.queued
        assert service_jobs.left(env, Work(users=[desk["omid"]])) == {"given": 3}
        assert owners(env, mine) == [desk["reza"], desk["reza"], None]
        assert owners(env, [done]) == [desk["omid"]], "what is done stays as it was"
        assert service_jobs.left(env, Work(users=[desk["reza"]])) == {"given": 0}, "somebody who is there keeps theirs"


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("method", ["round_robin", "least_open"])
def test_two_writers_at_once_hand_out_fairly(installation, desk, queue, method):
    """Six writers, ten tickets each: everybody gets the same number, nobody two while another gets none."""
    with installation.env(SYSTEM) as env:
        key = queue(env, method, "sara", "reza", "omid", "mina")
    gate, failed = threading.Barrier(6), []

    def write():
        try:
            gate.wait(20)
            for _n in range(10):
                with installation.env(SYSTEM) as env:
                    ticket(env, queue=key)
        except SarnakhError as error:
            failed.append(error)

    writers = [threading.Thread(target=write) for _n in range(6)]
    for one in writers:
        one.start()
    for one in writers:
        one.join(120)
    assert not failed
    with installation.env(SYSTEM) as env:
        rows = env.query(TICKET).where(F.queue == key).order("id").select("owner").rows()
        assert set(Counter(r["owner"].id for r in rows).values()) == {15}
        given = {r["user"].id: r["given"] for r in env.query(TURN).where(F.queue == key).select("user", "given").rows()}
        assert set(given.values()) == {15}
