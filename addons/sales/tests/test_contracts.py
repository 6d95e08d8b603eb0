"""Contracts come to their end: some go on by themselves, the others are over; reminders come once for each of them."""

import datetime as dt

import pytest

from addons.sales import jobs
from addons.sales.tests.conftest import ADDONS, customer
from core.api import SarnakhError, ValidationFailed
from core.testing.plugin import user_id

pytestmark = pytest.mark.addons(*ADDONS)
CONTRACT = "sales.contract"


def contract(env, things, **more):
    key = env.create(CONTRACT, {"subject": "Support", "account": customer(env), "currency": things["currency"], "amount": 1000, **more})
    env.run_action(CONTRACT, "activate", [key])
    return key


def test_over_is_over_and_what_renews_by_itself_goes_on(env_as, things):
    with env_as("boss") as env:
        end = env.today - dt.timedelta(days=1)
        start = env.calendar.add_months(env.today, -12)
        plain, lasting = (contract(env, things, starts=start, ends=end, automatic=flag) for flag in (False, True))
        running = contract(env, things, starts=start, ends=env.today, automatic=True)
        told = jobs.daily(env, None)
        assert (told["renewed"], told["ended"]) == (1, 1)
        assert [env.get(CONTRACT, k, "status").status for k in (plain, lasting, running)] == ["ended", "renewed", "active"]
        following = env.query(CONTRACT).where(f"renewal_of == {lasting}").ids()
        new = env.get(CONTRACT, following[0])
        assert (new.status, new.starts, new.ends) == ("active", env.today, env.calendar.add_months(env.today, 12) - dt.timedelta(days=1))
        assert new.automatic and new.amount == 1000 and new.number.startswith("CT-") and new.reminded_at is None
        again = jobs.daily(env, None)
        assert (again["renewed"], again["ended"]) == (0, 0) and len(following) == 1


def test_after_a_long_stand_still_every_term_is_caught_up(env_as, things):
    with env_as("boss") as env:
        start = env.calendar.add_months(env.today, -5)
        key = contract(env, things, starts=start, ends=env.calendar.add_months(start, 1) - dt.timedelta(days=1), automatic=True)
        jobs.daily(env, None)
        terms = env.query(CONTRACT).order("starts").select("status", "starts", "ends").rows()
        assert terms[0]["id"] == key and [t["status"] for t in terms[:-1]] == ["renewed"] * (len(terms) - 1)
        assert terms[-1]["status"] == "active" and terms[-1]["ends"] >= env.today
        assert all(b["starts"] == a["ends"] + dt.timedelta(days=1) for a, b in zip(terms, terms[1:], strict=False))


def test_a_notice_given_stops_the_renewal_while_all_else_is_locked(env_as, things):
    with env_as("boss") as env:
        key = contract(env, things, automatic=True)
        env.update(CONTRACT, key, {"automatic": False, "notice_days": 60})
        assert env.get(CONTRACT, key).notice_on == env.get(CONTRACT, key).ends - dt.timedelta(days=60)
        for change in ({"ends": env.today}, {"amount": 1}, {"status": "draft"}):
            with pytest.raises(ValidationFailed):
                env.update(CONTRACT, key, change)
        env.run_action(CONTRACT, "renew", [key])
        with pytest.raises(SarnakhError):
            env.run_action(CONTRACT, "renew", [key])


def test_its_owner_is_told_once_before_the_last_day_for_a_notice(env_as, things, installation):
    sara = user_id(installation, "sara")
    with env_as("boss") as env:
        near = contract(env, things, starts=env.today, ends=env.today + dt.timedelta(days=40), owner=sara)
        contract(env, things, starts=env.today, ends=env.today + dt.timedelta(days=400), owner=sara)
        assert [jobs.daily(env, None)["reminded"] for _night in range(2)] == [1, 0]
    with env_as("sara") as env:
        told = env.query("base.notification").select("kind", "about", "text").rows()
        assert [(t["kind"], t["about"].record, t["about"].id) for t in told if t["kind"] != "assigned"] == [
            ("sales.contract", CONTRACT, near)]


def test_it_does_not_end_before_it_begins(env_as, things):
    with env_as("boss") as env, pytest.raises(ValidationFailed):
        contract(env, things, starts=dt.date(2026, 5, 2), ends=dt.date(2026, 5, 1))
