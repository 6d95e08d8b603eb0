"""What the tests of working time share."""

import datetime as dt

import pytest

from core.api import F
from core.security.actor import SYSTEM

UTC = dt.UTC
WEEK = [*((day, begins, ends) for day in "56012" for begins, ends in (("08:00", "12:30"), ("13:00", "16:30"))), ("3", "08:00", "12:00")]


def utc(*parts):
    """A moment."""
    return dt.datetime(*parts, tzinfo=UTC)


@pytest.fixture
def people(installation):
    """Numbers of users by login."""
    with installation.env(SYSTEM) as env:
        return {r["login"]: r["id"] for r in env.query("base.user").select("login").rows()}


@pytest.fixture
def plant(installation):
    """A calendar in Tehran: Saturday to Wednesday with a lunch break, half of Thursday; returns its number."""
    with installation.env(SYSTEM) as env:
        key = env.create("worktime.calendar", {"name": "Plant", "time_zone": "Asia/Tehran"})
        env.create("worktime.interval", [{"calendar": key, "weekday": d, "begins": b, "ends": e} for d, b, e in WEEK])
        return key


@pytest.fixture
def team(installation, people):
    """A team of sara and reza."""
    with installation.env(SYSTEM) as env:
        return env.create("base.team", {"name": "Helpers", "members": [people["sara"], people["reza"]]})


@pytest.fixture
def standing(installation):
    """Gives people of the tests permission sets beyond those of their profile: `standing("mina", "worktime.planner")`."""
    def give(login, *sets):
        with installation.env(SYSTEM) as env:
            key = env.query("base.user").where(F.login == login).ids()[0]
            env.update("base.user", key, {"extra_sets": list(sets)})
    return give
