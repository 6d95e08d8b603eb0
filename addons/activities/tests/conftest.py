"""What the tests of activities share."""

import datetime as dt

import pytest

ACTIVITY, CONTACT, ACCOUNT = "activities.activity", "contacts.contact", "contacts.account"


@pytest.fixture
def accounts(env_as):
    """Sara's account and Reza's."""
    with env_as("sara") as env:
        first = env.create(ACCOUNT, {"name": "Pars"})
    with env_as("reza") as env:
        return first, env.create(ACCOUNT, {"name": "Alborz"})


def call(env, key, *, hours=2, **values):
    """A call about an account, planned in so many hours."""
    at = env.now + dt.timedelta(hours=hours)
    return env.create(ACTIVITY, {"kind": "call", "subject": "Talk", "about": (ACCOUNT, key), "starts_at": at, **values})
