"""Activities follow what they are about: when a lead is converted, when accounts are merged, and back again."""

import pytest

from addons.activities.tests.conftest import ACCOUNT, ACTIVITY, call
from addons.contacts.merging import merge, take_back
from addons.leads.conversion import convert
from addons.leads.reversing import undo_conversion

pytestmark = [pytest.mark.addons("activities", "leads")]
LEAD = "leads.lead"


def test_conversion_and_the_way_back(env_as):
    with env_as("admin") as env:
        lead = env.create(LEAD, {"last_name": "Karimi", "company": "Pars"})
        key = env.create(ACTIVITY, {"kind": "call", "subject": "Talk", "about": (LEAD, lead), "starts_at": env.now})
        secret = env.create(ACTIVITY, {"kind": "call", "subject": "Mine", "about": (LEAD, lead), "starts_at": env.now, "private": True})
        assert env.get(LEAD, lead, "next_activity_at").next_activity_at == env.now
        done = convert(env, lead)
        place = env.get(ACTIVITY, key, "about").about
        assert place.record != LEAD and done.results[place.record] == place.id
        assert env.get(ACTIVITY, secret, "about").about == place
        assert env.get(place.record, place.id, "next_activity_at").next_activity_at == env.now
        assert env.get(LEAD, lead, "next_activity_at").next_activity_at is None
        undo_conversion(env, lead)
        assert env.get(ACTIVITY, key, "about").about.id == lead
        assert env.get(LEAD, lead, "next_activity_at").next_activity_at == env.now


def test_merging_and_the_way_back(env_as):
    with env_as("admin") as env:
        keep, gone = env.create(ACCOUNT, [{"name": "Pars"}, {"name": "Pars Co"}])
        key = call(env, gone)
    with env_as("admin") as env:
        done = merge(env, ACCOUNT, keep, [gone])
        assert env.get(ACTIVITY, key, "about").about.id == keep
        assert env.get(ACCOUNT, keep, "next_activity_at").next_activity_at is not None
    with env_as("admin") as env:
        take_back(env, done.merge)
        assert env.get(ACTIVITY, key, "about").about.id == gone
        assert env.get(ACCOUNT, keep, "next_activity_at").next_activity_at is None
        assert env.get(ACCOUNT, gone, "next_activity_at").next_activity_at is not None
