"""What a process keeps until a change counter moves: seen at once by who changes it, by others after the commit."""

import pytest

from core.errors import SarnakhError
from core.security.actor import SYSTEM

pytestmark = pytest.mark.addons("base")


def test_all_work_shares_what_is_kept(installation, env_as):
    with installation.env(SYSTEM) as env:
        env.kept("prices", "shop")["answer"] = 42
    with env_as("sara") as env:
        assert env.kept("prices", "shop") == {"answer": 42} and env.kept("others", "shop") == {}
        with env.elevated("looking") as sudo:
            assert sudo.kept("prices", "shop") is env.kept("prices", "shop")


def test_a_change_is_seen_by_its_own_transaction_first(installation):
    with installation.env(SYSTEM) as env:
        env.kept("prices", "shop")["answer"] = 1
    with installation.env(SYSTEM) as env:
        assert env.kept("prices", "shop") == {"answer": 1}
        env.changed("shop")
        assert env.kept("prices", "shop") == {}
        env.kept("prices", "shop")["answer"] = 2
        env.changed("shop")
        assert env.kept("prices", "shop") == {}
        env.commit()
        assert env.kept("prices", "shop") == {}
        env.kept("prices", "shop")["answer"] = 3
    with installation.env(SYSTEM) as env:
        assert env.kept("prices", "shop") == {"answer": 3}


def test_what_is_taken_back_is_kept_nowhere(installation):
    def fail():
        with installation.env(SYSTEM) as env:
            env.changed("shop")
            env.kept("prices", "shop")["answer"] = 9
            raise SarnakhError("No.")

    with installation.env(SYSTEM) as env:
        env.kept("prices", "shop", "access")["answer"] = 1
    with pytest.raises(SarnakhError):
        fail()
    with installation.env(SYSTEM) as env:
        assert env.kept("prices", "shop", "access") == {"answer": 1}
        env.changed("access")
        assert env.kept("prices", "shop", "access") == {}
