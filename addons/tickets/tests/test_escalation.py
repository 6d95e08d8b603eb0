"""Escalation: each level once, several rules together, one notice for many, nothing twice after a crash."""

import datetime as dt

import pytest

from addons.tickets import alerts, escalating, service_jobs
from addons.tickets.tests.test_service_levels import HOUR, TICKET, WEDNESDAY, Work, at, shown, status, tehran, ticket
from core.api import SYSTEM, AccessDenied, F, ValidationFailed
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

__all__ = ["tehran"]
pytestmark = pytest.mark.addons("tickets")
RULE, LEVEL, STEP, ALERT, NOTICE = ("tickets.escalation", "tickets.escalation_level", "tickets.escalation_step", "tickets.alert",
                                    "base.notification")
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def rules(installation, tehran):
    """`rules(*levels, **rule)` replaces what was shipped by a rule with these levels; gives the numbers of the levels."""
    def make(env, *levels, **values):
        env.delete(RULE, env.query(RULE).where(F.name == "Promises at risk").ids())
        key = env.create(RULE, {"name": f"Rule {env.query(RULE).count()}", "aim": "resolution", **values})
        return env.create(LEVEL, [{"rule": key, "name": f"Level {n}", **level} for n, level in enumerate(levels)])
    return make


def swept(env):
    return service_jobs.minute(env, Work())["escalated"]


def steps(env, key):
    return [r["name"] for r in env.query(STEP).where(F.ticket == key).order("id").select("name").rows()]


def test_levels_before_and_after_by_working_time(installation, rules):
    """An urgent ticket of Wed 10:30 has 4 working hours: 10:30–12, 13–15:30, due 15:30. Two working hours before that is 13:30;
    two after it 08:30 on Thursday, for the day ends at 17:00 after 1 h 30."""
    with installation.env(SYSTEM) as env:
        rules(env, {"side": "before", "offset": 2 * HOUR, "tell_owner": True}, {"side": "after", "offset": 0, "tell_owner": True},
              {"side": "after", "offset": 2 * HOUR, "tell_owner": True})
        key = ticket(at(env, WEDNESDAY), priority="urgent", owner=user_id(installation, "sara"))
        day = WEDNESDAY.replace(hour=0, minute=0)
        assert shown(env, key, "resolution_due")["resolution_due"] == day + dt.timedelta(hours=12)
        for before, moment, names in (
                (0, day + dt.timedelta(hours=9, minutes=59), 0), (0, day + dt.timedelta(hours=10), 1),
                (1, day + dt.timedelta(hours=11, minutes=59), 1),
                (1, day + dt.timedelta(hours=12), 2), (2, day + dt.timedelta(days=1, hours=4, minutes=59), 2),
                (2, day + dt.timedelta(days=1, hours=5), 3)):
            assert len(steps(env, key)) == before
            assert swept(at(env, moment)) == names - before, moment
            assert swept(at(env, moment)) == 0, "each level once"


def test_what_a_level_does(installation, rules, desk):
    with installation.env(SYSTEM) as env:
        rules(env, {"tell_superior": True, "raises": True, "hand": "superior"}, condition='priority == "high"')
        key = ticket(at(env, WEDNESDAY), priority="high", owner=desk["sara"], queue=desk["billing"])
        other = ticket(at(env, WEDNESDAY), priority="low", owner=desk["sara"])
        late = at(env, WEDNESDAY + dt.timedelta(days=3))
        assert swept(late) == 1
        row = shown(late, key, "priority", "owner")
        assert (row["priority"], row["owner"].id) == ("urgent", desk["mina"]), "Mina's role is above Sara's"
        assert shown(late, other, "priority")["priority"] == "low"
        told = {r["user"].id for r in late.query(NOTICE).where(F.kind == "escalation").select("user").rows()}
        assert told == {desk["mina"]}
        done = late.query(STEP).where(F.ticket == key).select("done").rows()[0]["done"]
        assert [what for what, _name in done] == ["tell_superior", "raised", "person"]


def test_several_rules_work_together_and_hand_to_a_queue(installation, rules, desk):
    with installation.env(SYSTEM) as env:
        rules(env, {"raises": True})
        rules(env, {"hand": "queue", "queue": desk["support"], "tell_queue": True}, aim="response", condition='queue.name == "Billing"')
        key = ticket(at(env, WEDNESDAY), owner=desk["sara"], queue=desk["billing"], priority="low")
        assert swept(at(env, WEDNESDAY + dt.timedelta(days=20))) == 2
        row = shown(env, key, "owner", "queue.name", "priority")
        assert (row["owner"], row["queue.name"], row["priority"]) == (None, "Support", "normal")
        assert len(steps(env, key)) == 2


def test_paused_answered_and_resolved_tickets_are_left_alone(installation, rules):
    with installation.env(SYSTEM) as env:
        rules(env, {"tell_owner": True})
        rules(env, {"tell_owner": True}, aim="response")
        paused, done, answered = (ticket(at(env, WEDNESDAY)) for _n in range(3))
        soon = at(env, WEDNESDAY + dt.timedelta(minutes=5))
        soon.update(TICKET, paused, {"status": status(env, "waiting_customer")})
        soon.update(TICKET, done, {"status": status(env, "resolved")})
        soon.create("tickets.message", {"ticket": answered, "kind": "public", "body": "x", "author": 1})
        assert swept(at(env, WEDNESDAY + dt.timedelta(days=30))) == 2
        assert [steps(env, k) for k in (paused, done)] == [["Rule 1: Level 0"], []], "a first response is awaited while it waits"
        assert steps(env, answered) == ["Rule 0: Level 0"]


def test_a_reopened_ticket_escalates_once_more(installation, rules):
    with installation.env(SYSTEM) as env:
        rules(env, {"tell_owner": True})
        key = ticket(at(env, WEDNESDAY), priority="urgent")
        late = at(env, WEDNESDAY + dt.timedelta(days=4))
        assert swept(late) == 1
        late.update(TICKET, key, {"status": status(env, "resolved")})
        late.update(TICKET, key, {"status": status(env, "open")})
        assert swept(late) == 1 and swept(late) == 0
        assert len(steps(env, key)) == 2, "what was done before stays on the timeline"


def test_alerts_are_gathered(installation, rules, desk):
    """Forty tickets at once are one line; what comes within a quarter of an hour waits and is then one line."""
    with installation.env(SYSTEM) as env:
        rules(env, {"tell": [desk["mina"]]})
        early = at(env, WEDNESDAY)
        env_keys = [early.create(TICKET, [{"subject": str(n), "requester_email": "a@b.example", "priority": "urgent"} for n in range(40)])]
        now = at(env, WEDNESDAY + dt.timedelta(days=4))

        def lines():
            return [r["text"] for r in env.query(NOTICE).where(F.user == desk["mina"]).order("id").select("text").rows()]

        assert service_jobs.minute(now, Work()) == {"escalated": 40, "given": 0, "told": 1}
        assert len(lines()) == 1 and lines()[0].startswith("40 tickets escalated")
        for minute in range(1, 15):
            ticket(early, priority="urgent")
            assert service_jobs.minute(at(env, now.now + MINUTE * minute), Work())["told"] == 0
        assert service_jobs.minute(at(env, now.now + MINUTE * 15 + dt.timedelta(seconds=1)), Work())["told"] == 1
        assert lines()[1:] == ["14 tickets escalated (Rule 0: Level 0)"] and len(env_keys[0]) == 40
        url = env.query(NOTICE).where(F.user == desk["mina"]).order("id").select("url").rows(1)[0]["url"]
    page = Visitor(installation, desk["mina"]).get(url, follow_redirects=True)
    assert page.status_code == 200 and "54" in page.get_data(as_text=True), "the way to all of them"
    with installation.env(SYSTEM) as env:
        early = at(env, WEDNESDAY)
        one = ticket(early, priority="urgent")
        assert service_jobs.minute(at(env, now.now + MINUTE * 40), Work())["told"] == 1
        about = env.query(NOTICE).where(F.user == desk["mina"]).order("-id").select("about").rows(1)[0]["about"]
        assert (about.record, about.id) == (TICKET, one), "a single ticket is named"


def test_a_step_is_unique(installation, rules):
    with installation.env(SYSTEM) as env:
        level = rules(env, {"tell_owner": True})[0]
        key = ticket(at(env, WEDNESDAY))
        values = {"ticket": key, "level": level, "round": 0, "at": env.now}
        env.create(STEP, values)
        with pytest.raises(ValidationFailed):
            env.create(STEP, values)


def test_on_the_timeline_and_beside_the_ticket(installation, rules, desk):
    with installation.env(SYSTEM) as env:
        rules(env, {"raises": True})
        key = ticket(at(env, WEDNESDAY), owner=desk["sara"])
        swept(at(env, env.now))
    page = Visitor(installation, desk["sara"]).get(f"/r/tickets.ticket/{key}").get_data(as_text=True)
    if WEDNESDAY + dt.timedelta(days=5) < dt.datetime.now(dt.UTC):
        assert "Escalated: Rule 0: Level 0" in page
    assert "Promise" in page and "Standard" in page


def test_a_broken_condition_stops_no_other_rule(installation, rules):
    with installation.env(SYSTEM) as env:
        rules(env, {"tell_owner": True})
        bad = env.create(RULE, {"name": "Bad", "position": 1, "condition": 'subject == "x"'})
        env.create(LEVEL, {"rule": bad, "name": "Bad level"})
        rtype = env.registry.record(RULE)
        env.execute(rtype.table.update().where(rtype.table.c.id == bad).values(condition="gone == 1"))
        key = ticket(at(env, WEDNESDAY), priority="urgent")
        assert swept(at(env, WEDNESDAY + dt.timedelta(days=4))) == 1 and len(steps(env, key)) == 1


def test_few_statements_however_many_tickets(installation, rules, desk):
    with installation.env(SYSTEM) as env:
        rules(env, {"tell_owner": True, "tell_superior": True, "raises": True})
        at(env, WEDNESDAY).create(TICKET, [
            {"subject": str(n), "requester_email": "a@b.example", "owner": desk["sara"]} for n in range(300)])
    with installation.env(SYSTEM) as env, query_budget(installation, 60):
        assert sum(escalating.sweep(at(env, WEDNESDAY + dt.timedelta(days=30)))) == 300
        alerts.send(env)


# ---------------------------------------------------------------- attacks
def test_agents_write_no_rules_steps_or_alerts_and_read_only_their_own(installation, env_as, rules, desk):
    with installation.env(SYSTEM) as env:
        level = rules(env, {"tell": [desk["mina"]]})[0]
        key = ticket(at(env, WEDNESDAY), owner=desk["sara"], priority="urgent")
        swept(at(env, WEDNESDAY + dt.timedelta(days=4)))
    with env_as("sara") as env:
        assert env.query(STEP).count() == 1 and env.query(ALERT).count() == 0
        for record, values in ((RULE, {"name": "x"}), (LEVEL, {"rule": 1, "name": "x"}),
                               (STEP, {"ticket": key, "level": level, "at": env.now, "round": 7})):
            with pytest.raises(AccessDenied):
                env.create(record, values)
    with env_as("reza") as env:
        assert env.query(STEP).count() == 0, "who may not see the ticket sees nothing of it"
