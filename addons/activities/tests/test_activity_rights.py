"""Attacks on activities: who sees them, who may change them, and that private ones tell nobody anything."""

import datetime as dt

import pytest

from addons.activities.tests.conftest import ACCOUNT, ACTIVITY, call
from core.api import AccessDenied, NotFound, SarnakhError
from core.security.shares import share
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("activities")]
REFUSED = (AccessDenied, NotFound, SarnakhError)


def test_open_through_what_they_are_about(env_as, accounts, installation):
    first, _second = accounts
    with env_as("sara") as env:
        about, alone = call(env, first), env.create(ACTIVITY, {"subject": "alone", "all_day": True, "first_day": env.today})
    with env_as("reza") as env:
        for key in (about, alone):
            with pytest.raises(NotFound):
                env.get(ACTIVITY, key, "subject")
    with env_as("sara") as env:
        share(env, ACCOUNT, [first], f"user:{user_id(installation, 'reza')}")
    with env_as("reza") as env:
        assert env.query(ACTIVITY).ids() == [about]
        for values in ({"subject": "mine now"}, {"status": "done"}, {"about": None}, {"private": True}):
            with pytest.raises(REFUSED):
                env.update(ACTIVITY, about, values)
        with pytest.raises(REFUSED):
            env.delete(ACTIVITY, about)
        with pytest.raises(REFUSED):
            env.run_action(ACTIVITY, "cancel", [about])


def test_nothing_is_written_about_what_one_may_not_see(env_as, accounts):
    first, second = accounts
    with env_as("reza") as env:
        mine = call(env, second)
        with pytest.raises(SarnakhError):
            call(env, first)
        with pytest.raises(SarnakhError):
            env.update(ACTIVITY, mine, {"about": (ACCOUNT, first)})
    with env_as("sara") as env:
        assert env.get(ACCOUNT, first, "next_activity_at").next_activity_at is None


@pytest.mark.parametrize("who", ["reza", "mina", "boss", "omid", "nobody"])
def test_private_ones_are_closed(env_as, accounts, installation, who):
    first, _second = accounts
    with env_as("sara") as env:
        share(env, ACCOUNT, [first], f"user:{user_id(installation, 'reza')}")
        secret = call(env, first, private=True, subject="Salary talk")
        share(env, ACTIVITY, [secret], f"user:{user_id(installation, 'reza')}")
        assert env.get(ACCOUNT, first, "next_activity", "next_activity_at").next_activity_at is None, "the roll-up would tell"
    with env_as(who) as env:
        if env.can("read", ACTIVITY):
            assert not env.query(ACTIVITY).exists() and not env.query(ACTIVITY).search("Salary").exists()
            assert env.query(ACTIVITY).aggregate(["kind"]) == []
            with pytest.raises(REFUSED):
                env.update(ACTIVITY, secret, {"private": False})
            with pytest.raises(REFUSED):
                env.delete(ACTIVITY, secret)
    page = Visitor(installation, user_id(installation, who))
    assert page.get(f"/r/{ACTIVITY}/{secret}").status_code in (403, 404)
    for url in (f"/r/{ACTIVITY}", f"/r/{ACCOUNT}/{first}", "/search?q=Salary", f"/r/{ACCOUNT}/{first}/related/activities"):
        assert "Salary talk" not in page.get(url).text


def test_private_ones_are_open_to_those_who_take_part(env_as, accounts, installation):
    first, _second = accounts
    reza, omid = user_id(installation, "reza"), user_id(installation, "omid")
    with env_as("sara") as env:
        secret = call(env, first, private=True, participants=[reza], co_owners=[omid])
    with env_as("reza") as env:
        assert env.get(ACTIVITY, secret, "subject").subject == "Talk"
        with pytest.raises(REFUSED):
            env.update(ACTIVITY, secret, {"subject": "changed"})
    with env_as("omid") as env:
        env.update(ACTIVITY, secret, {"status": "done"})
    with env_as("sara") as env:
        env.update(ACTIVITY, secret, {"participants": [], "co_owners": []})
    for who in ("reza", "omid"):
        with env_as(who) as env, pytest.raises(NotFound):
            env.get(ACTIVITY, secret, "subject")


def test_guests_and_reminders_follow_their_activity(env_as, accounts, installation):
    first, _second = accounts
    with env_as("sara") as env:
        secret = call(env, first, private=True)
        guest = env.create("activities.guest", {"activity": secret, "name": "Dr Karimi"})
        share(env, ACCOUNT, [first], f"user:{user_id(installation, 'reza')}")
    with env_as("reza") as env:
        assert not env.query("activities.guest").exists()
        with pytest.raises(REFUSED):
            env.create("activities.guest", {"activity": secret, "name": "me too"})
        with pytest.raises(REFUSED):
            env.delete("activities.guest", guest)
        with pytest.raises(REFUSED):
            env.create("activities.reminder", {"activity": secret, "before": 5})


def test_what_code_keeps_is_not_written_by_hand(env_as, accounts):
    first, _second = accounts
    with env_as("sara") as env:
        key = call(env, first)
        for name, value in (("due_at", env.now), ("done_at", env.now - dt.timedelta(days=9)), ("done_by", 1), ("uid", "x")):
            with pytest.raises(SarnakhError):
                env.update(ACTIVITY, key, {name: value})
