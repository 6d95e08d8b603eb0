"""Accounts: strength of passwords, codes, who may change whom, the people of the demo company."""

from __future__ import annotations

import datetime as dt

import pyotp
import pytest

from addons.base import demo, passwords
from addons.base.accounts import BaseAccounts
from core.api import DEMO_PASSWORD, AccessDenied, SarnakhError, ValidationFailed
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.plugin import PASSWORD, user_id

pytestmark = pytest.mark.addons("base")


@pytest.mark.parametrize("password", ["short", "password", "aaaaaaaaaaaa", "1234567890", "x" * 501, "Sara Seller", "sara@example.com"])
def test_weak_passwords_are_refused(installation: Installation, password: str) -> None:
    key = user_id(installation, "sara")
    with installation.env(SYSTEM) as env, pytest.raises(SarnakhError):
        passwords.set_password(env, key, password)


def test_a_password_is_checked_by_name_and_mail_whatever_the_case(installation: Installation) -> None:
    key = user_id(installation, "sara")
    with installation.env(SYSTEM) as env:
        passwords.set_password(env, key, PASSWORD)
        assert passwords.check_login(env, " SARA ", PASSWORD) == key
        assert passwords.check_login(env, "sara@example.com", PASSWORD) == key
        assert passwords.check_login(env, "sara", PASSWORD + "x") is None
        assert passwords.check_login(env, "reza", "") is None
        assert passwords.check_login(env, "", "") is None


def test_the_stamp_changes_with_every_password(installation: Installation) -> None:
    key, keeper = user_id(installation, "sara"), BaseAccounts()
    with installation.env(SYSTEM) as env:
        stamps = [keeper.password_stamp(env, key)]
        for _i in range(2):
            passwords.set_password(env, key, PASSWORD)
            stamps.append(keeper.password_stamp(env, key))
    assert len(set(stamps)) == 3


def test_codes_of_neighbouring_steps_work_once_and_older_ones_never(installation: Installation) -> None:
    key, keeper, secret = user_id(installation, "sara"), BaseAccounts(), pyotp.random_base32()
    code = pyotp.TOTP(secret)
    start = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
    with installation.env(SYSTEM, now=start) as env:
        assert keeper.enable_second_factor(env, key, secret, "000000") == []
        assert len(set(keeper.enable_second_factor(env, key, secret, code.at(start)))) == 10
        assert not keeper.check_second_factor(env, key, code.at(start))
        assert not keeper.check_second_factor(env, key, code.at(start - dt.timedelta(seconds=30)))
        assert keeper.check_second_factor(env, key, code.at(start + dt.timedelta(seconds=30)))
        assert not keeper.check_second_factor(env, key, code.at(start + dt.timedelta(seconds=90)))
        assert not keeper.check_second_factor(env, key, "")
        keeper.disable_second_factor(env, key)
        assert not keeper.has_second_factor(env, key)


def test_login_names_are_kept_in_lower_case_and_once(installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        key = env.create("base.user", {"name": "New", "login": " NewOne "})
        assert env.get("base.user", key, "login").login == "newone"
        with pytest.raises(ValidationFailed):
            env.create("base.user", {"name": "Other", "login": "NEWONE"})


def test_people_admins_cannot_reach_super_administrators(installation: Installation) -> None:
    admin = user_id(installation, "admin")
    with installation.env(installation.load_actor(user_id(installation, "boss"))) as env:
        for values in ({"email": "boss@example.com"}, {"login": "x"}, {"active": False}, {"is_super": False}):
            with pytest.raises(AccessDenied):
                env.update("base.user", admin, values)
        with pytest.raises(AccessDenied):
            env.delete("base.user", admin)
        with pytest.raises(AccessDenied):
            env.create("base.user", {"name": "Evil", "login": "evil", "is_super": True})
        env.update("base.user", user_id(installation, "sara"), {"job_title": "Seller"})


def test_archiving_the_administrator_lets_nobody_in_or_out(installation: Installation) -> None:
    admin = user_id(installation, "admin")
    with installation.env(SYSTEM) as env:
        env.archive("base.user", [admin])
    assert installation.load_actor(admin).is_super


def test_demo_people_come_once(installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        demo.create(env)
        first = env.query("base.user").count(), env.query("base.team").count(), env.query("base.role").count()
        demo.create(env)
        assert (env.query("base.user").count(), env.query("base.team").count(), env.query("base.role").count()) == first
        assert passwords.check_login(env, "ayse", DEMO_PASSWORD)
        teams = {r["name"]: len(r["members"]) for r in env.query("base.team").select("name", "members").rows()}
    assert teams == {"Tehran": 3, "Export sales": 3}
    ayse = installation.load_actor(user_id(installation, "ayse"))
    assert (ayse.lang, ayse.tz) == ("tr", "Europe/Istanbul")
