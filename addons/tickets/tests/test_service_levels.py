"""Which service level a ticket has, when it is due, and that all of it follows what changes, without disturbing who edits."""

import datetime as dt

import pytest

from addons.tickets import policies, service_jobs, sla
from addons.worktime import service as worktime
from core.api import SYSTEM, AccessDenied, DefinitionError, F, ValidationFailed

pytestmark = pytest.mark.addons("tickets")
TICKET, POLICY, TARGET, MESSAGE = "tickets.ticket", "tickets.policy", "tickets.target", "tickets.message"
HOUR = 3600
WEDNESDAY = dt.datetime(2026, 11, 25, 7, 0, tzinfo=dt.UTC)   # 10:30 in Tehran
WEEK = [*((day, begins, ends) for day in "56012" for begins, ends in (("08:00", "12:00"), ("13:00", "17:00"))), ("3", "08:00", "12:00")]


class Work:
    """A job that is run here."""

    def __init__(self, **payload):
        self.payload, self.state = payload, {}

    def checkpoint(self, state):
        self.state = state

    def cancelled(self):
        return False


@pytest.fixture
def tehran(installation):
    """The organisation works Saturday to Wednesday 8–12 and 13–17, Thursday 8–12, in Tehran."""
    with installation.env(SYSTEM) as env:
        key = env.create("worktime.calendar", {"name": "Shop", "time_zone": "Asia/Tehran", "is_default": True})
        env.create("worktime.interval", [{"calendar": key, "weekday": d, "begins": b, "ends": e} for d, b, e in WEEK])
        return key


def at(env, moment):
    """An elevated environment at another moment."""
    return env.back_then(moment, env.actor.id)


def ticket(env, **values):
    return env.create(TICKET, {"subject": "It does not print", "requester_email": "a@b.example", **values})


def shown(env, key, *paths):
    return env.query(TICKET).with_ids([key]).select(*paths).rows()[0]


def status(env, category):
    return env.query("tickets.status").where(F.category == category).order("position").ids(1)[0]


def test_due_over_lunch_and_friday_through_the_records(installation, tehran):
    """By hand: normal is 4 h until the first response and 24 h until the resolution.

    Wed 25 Nov 2026 10:30–12:00 1 h 30, 13:00–15:30 2 h 30: the first response is due at 15:30 (12:00 UTC).
    Wed until 17:00 5 h 30; Thu 4 h: 9 h 30; Fri nothing; Sat 8 h: 17 h 30; Sun 6 h 30 more: Sunday 15:30 (12:00 UTC).
    """
    with installation.env(SYSTEM) as env:
        key = ticket(at(env, WEDNESDAY))
        row = shown(env, key, "first_response_due", "resolution_due", "next_due", "policy", "calendar")
        assert row["first_response_due"] == row["next_due"] == dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)
        assert row["resolution_due"] == dt.datetime(2026, 11, 29, 12, 0, tzinfo=dt.UTC)
        assert row["policy"].label == "Standard" and row["calendar"].id == tehran


def test_waiting_for_the_customer_moves_the_due_time(installation, tehran):
    with installation.env(SYSTEM) as env:
        key = ticket(at(env, WEDNESDAY))
        later = at(env, WEDNESDAY + dt.timedelta(hours=1))
        later.create(MESSAGE, {"ticket": key, "kind": "public", "body": "Which printer?", "author": 1})
        later.update(TICKET, key, {"status": status(env, "waiting_customer")})
        waiting = shown(later, key, "resolution_due", "paused_at", "sla_state", "first_responded_at", "response_used", "breach_at")
        assert waiting["resolution_due"] is None and waiting["sla_state"] == "paused" and waiting["paused_at"] == later.now
        assert waiting["first_responded_at"] == later.now and waiting["response_used"] == dt.timedelta(hours=1)
        # Two working hours later (13:00–13:30 is what is left of the lunch break): the due time is two and a half later.
        back = at(env, WEDNESDAY + dt.timedelta(hours=4))
        back.update(TICKET, key, {"status": status(env, "open")})
        row = shown(back, key, "resolution_due", "paused_at", "sla_state")
        clock = worktime.clock(env, tehran)
        stood = clock.between(WEDNESDAY + dt.timedelta(hours=1), back.now)
        assert row["resolution_due"] == clock.add(WEDNESDAY, 24 * HOUR + stood) and stood == 2 * HOUR
        assert row["paused_at"] is None and row["sla_state"] == "on_track"


def test_states_come_by_themselves(installation, tehran):
    """No job ran: the same row is on track, due soon and missed as time goes by, in lists and filters."""
    with installation.env(SYSTEM) as env:
        key = ticket(at(env, WEDNESDAY), priority="urgent")   # answered within 1 h, resolved within 4
        for minutes, state in ((0, "on_track"), (44, "on_track"), (45, "due_soon"), (59, "due_soon"), (60, "breached")):
            now = at(env, WEDNESDAY + dt.timedelta(minutes=minutes))
            assert shown(now, key, "sla_state")["sla_state"] == state, minutes
            assert now.query(TICKET).where(F.sla_state == state).ids() == [key]
        late = at(env, WEDNESDAY + dt.timedelta(minutes=90))
        assert shown(late, key, "missed_by")["missed_by"] == 30 * 60
        late.update(TICKET, key, {"status": status(env, "resolved")})
        row = shown(at(env, WEDNESDAY + dt.timedelta(days=9)), key, "sla_state", "missed_by", "resolution_used", "next_due")
        assert row["sla_state"] == "breached" and row["missed_by"] == 30 * 60, "what was missed stays as it was"
        assert row["resolution_used"] == dt.timedelta(minutes=90) and row["next_due"] is None


def test_resolved_in_time_and_reopened(installation, tehran):
    with installation.env(SYSTEM) as env:
        key = ticket(at(env, WEDNESDAY))
        at(env, WEDNESDAY + dt.timedelta(hours=1)).update(TICKET, key, {"status": status(env, "resolved")})
        assert shown(env, key, "sla_state")["sla_state"] == "met"
        again = at(env, WEDNESDAY + dt.timedelta(days=3))   # Saturday 10:30
        again.update(TICKET, key, {"status": status(env, "open")})
        row = shown(again, key, "resolution_due", "resolution_used", "reopened")
        assert row["resolution_due"] == worktime.clock(env, tehran).add(again.now, 23 * HOUR), "an hour was used before"
        assert row["resolution_used"] is None and row["reopened"] == 1


def test_the_first_whose_condition_holds_counts_and_by_hand_stays(installation, tehran):
    with installation.env(SYSTEM) as env:
        web = env.create(POLICY, {"name": "Web", "position": 5, "condition": 'channel == "web"'})
        urgent = env.create(POLICY, {"name": "Urgent", "position": 6, "condition": 'priority == "urgent"'})
        off = env.create(POLICY, {"name": "Off", "position": 1, "condition": 'subject != ""', "active": False})
        keys = [ticket(env, channel="web", priority="urgent"), ticket(env, priority="urgent"), ticket(env), ticket(env, chosen_policy=off)]
        found = {k: env.get(TICKET, k, "policy").policy.label for k in keys}
        assert list(found.values()) == ["Web", "Urgent", "Standard", "Off"]
        env.update(TICKET, keys[0], {"channel": "phone"})
        assert env.get(TICKET, keys[0], "policy").policy.id == urgent
        env.update(TICKET, keys[3], {"chosen_policy": None})
        assert env.get(TICKET, keys[3], "policy").policy.label == "Standard"
        assert policies.choose(env, keys)[keys[2]] not in (web, urgent, off)


def test_exactly_one_default_that_cannot_be_switched_off(installation):
    with installation.env(SYSTEM) as env:
        default = env.query(POLICY).where(F.is_default == True).ids()[0]  # noqa: E712
        for values in ({"active": False}, {"is_default": False}):
            with pytest.raises(ValidationFailed):
                env.update(POLICY, default, values)
        with pytest.raises(ValidationFailed):
            env.delete(POLICY, default)
        env.archive(POLICY, default)
        assert policies.choose(env, [ticket(env)]).popitem()[1] == default, "in the archive it goes on to count"
        other = env.create(POLICY, {"name": "Other", "is_default": True})
        assert env.query(POLICY).where(F.is_default == True).ids() == [other]  # noqa: E712
        env.delete(POLICY, default)


@pytest.mark.parametrize(("values", "field"), [
    ({"response": 3 * HOUR, "resolution": 2 * HOUR}, "response"), ({"resolution": 30}, "resolution"), ({"response": -60}, "response")])
def test_targets_that_make_no_sense(installation, values, field):
    with installation.env(SYSTEM) as env:
        key = env.create(POLICY, {"name": "New"})
        with pytest.raises(ValidationFailed) as refused:
            env.create(TARGET, {"policy": key, "priority": "low", **values})
        assert refused.value.errors[0].field == field


def test_a_condition_that_cannot_be_read_is_refused(installation):
    with installation.env(SYSTEM) as env, pytest.raises(ValidationFailed):
        env.create(POLICY, {"name": "New", "condition": "colour == 1"})


def test_holidays_and_targets_are_followed_in_bulk_without_a_new_version(installation, tehran):
    with installation.env(SYSTEM) as env:
        keys = [ticket(at(env, WEDNESDAY)) for _n in range(5)]
        done = ticket(at(env, WEDNESDAY))
        at(env, WEDNESDAY + dt.timedelta(hours=2)).update(TICKET, done, {"status": status(env, "resolved")})
        before = {k: shown(env, k, "version", "resolution_due", "updated_at") for k in (*keys, done)}
    with installation.env(SYSTEM) as env:
        env.create("worktime.exception", {"calendar": tehran, "name": "Closed", "first_day": dt.date(2026, 11, 26)})   # Thursday's 4 h
        assert service_jobs.recount(env, Work(choose=False)) == {"changed": 5}
        for key in keys:
            row = shown(env, key, "version", "resolution_due", "updated_at")
            assert row["version"] == before[key]["version"] and row["updated_at"] == before[key]["updated_at"]
            # Sunday until 17:00 is 1 h 30 of the four; the other 2 h 30 on Monday from 8: 10:30 (7:00 UTC).
            assert row["resolution_due"] == dt.datetime(2026, 11, 30, 7, 0, tzinfo=dt.UTC)
        assert shown(env, done, "resolution_due")["resolution_due"] == before[done]["resolution_due"], "what ended keeps its promise"
        # An edit that was begun before is not refused.
        env.update(TICKET, keys[0], {"subject": "Edited"}, versions={keys[0]: before[keys[0]]["version"]})
        policy = env.get(TICKET, keys[0], "policy").policy.id
        normal = env.query(TARGET).where(F.policy == policy, F.priority == "normal").ids()
        env.update(TARGET, normal, {"response": HOUR, "resolution": HOUR})
        assert service_jobs.recount(env, Work(choose=True)) == {"changed": 5}
        assert shown(env, keys[1], "resolution_due")["resolution_due"] == dt.datetime(2026, 11, 25, 8, 0, tzinfo=dt.UTC)


def test_the_job_is_queued_by_what_changes(installation, tehran):
    with installation.env(SYSTEM) as env:
        env.create("worktime.exception", {"calendar": tehran, "name": "Closed", "first_day": dt.date(2026, 12, 26)})
        env.create("worktime.exception", {"calendar": tehran, "name": "Closed", "first_day": dt.date(2026, 12, 27)})
        env.create(POLICY, {"name": "Another"})
        assert len(set(env.queued)) == 2, "one for calendars however many changes, one for service levels"


def test_in_the_customers_hours(installation, tehran):
    with installation.env(SYSTEM) as env:
        nights = env.create("worktime.calendar", {"name": "Always", "time_zone": "UTC"})
        env.create("worktime.interval", [{"calendar": nights, "weekday": str(d), "begins": "00:00", "ends": "24:00"} for d in range(7)])
        account = env.create("contacts.account", {"name": "Pars Steel", "owner": 1, "service_calendar": nights})
        env.update(POLICY, env.query(POLICY).ids(), {"customer_hours": True})
        key = ticket(at(env, WEDNESDAY), account=account)
        assert shown(env, key, "resolution_due")["resolution_due"] == WEDNESDAY + dt.timedelta(hours=24)
        env.update("contacts.account", account, {"service_calendar": None})
        service_jobs.recount(env, Work(choose=False, accounts=[account]))
        assert shown(env, key, "calendar")["calendar"].id == tehran


def test_only_an_agents_public_reply_is_the_first_response(installation, tehran):
    with installation.env(SYSTEM) as env:
        key = ticket(at(env, WEDNESDAY))
        for minutes, values in ((1, {"kind": "internal", "author": 1}), (2, {"kind": "public", "direction": "in"})):
            at(env, WEDNESDAY + dt.timedelta(minutes=minutes)).create(MESSAGE, {"ticket": key, "body": "x", **values})
            assert shown(env, key, "first_responded_at")["first_responded_at"] is None
        now = at(env, WEDNESDAY + dt.timedelta(minutes=3))
        now.create(MESSAGE, {"ticket": key, "body": "x", "kind": "public", "author": 1})
        at(env, WEDNESDAY + dt.timedelta(minutes=9)).create(MESSAGE, {"ticket": key, "body": "x", "kind": "public", "author": 1})
        assert shown(env, key, "first_responded_at")["first_responded_at"] == now.now


# ---------------------------------------------------------------- attacks
def test_agents_choose_no_service_level_and_nobody_writes_due_times(installation, env_as, desk):
    with env_as("mina") as env:
        key = ticket(env, owner=desk["sara"])
        policy = env.query(POLICY).ids(1)[0]
        env.update(TICKET, key, {"chosen_policy": policy})
        for name in ("resolution_due", "breach_at", "policy", "first_responded_at", "clock_log"):
            with pytest.raises((AccessDenied, ValidationFailed)):
                env.update(TICKET, key, {name: None})
    with env_as("sara") as env:
        for record, values in ((TICKET, {"chosen_policy": None}), (POLICY, {"active": True}), (TARGET, {"resolution": 1})):
            with pytest.raises((AccessDenied, ValidationFailed)):   # a field that is not theirs is none to them
                env.update(record, env.query(record).ids(1)[0], values)
        with pytest.raises(AccessDenied):
            env.derive(TICKET, {key: {"breach_at": None}})


def test_derived_values_are_read_only_fields_alone(installation):
    with installation.env(SYSTEM) as env:
        key = ticket(env)
        with env.elevated("a test") as sudo:
            for name in ("priority", "subject"):
                with pytest.raises(DefinitionError):
                    sudo.derive(TICKET, {key: {name: "low"}})
            assert sudo.derive(TICKET, {}) == 0 == sudo.derive(TICKET, {10**6: {"breach_at": None}})


def test_a_fixed_number_of_statements(installation, tehran):
    from core.testing.plugin import query_budget
    with installation.env(SYSTEM) as env:
        keys = env.create(TICKET, [{"subject": str(n), "requester_email": "a@b.example"} for n in range(300)])
        policies.shelf(env)
    with installation.env(SYSTEM) as env, query_budget(installation, 14):
        sla.assign(env, keys)
        sla.refresh(env, keys, env.now + dt.timedelta(days=1))
