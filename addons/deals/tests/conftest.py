"""People with rights over deals, and numbers of what they work with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.api import SYSTEM, Installation
from core.testing.browser import Visitor
from core.testing.plugin import user_id

DEAL = "deals.deal"


@pytest.fixture
def manager(installation: Installation) -> None:
    """Mina manages deals."""
    with installation.env(SYSTEM) as env:
        profile = env.create("base.profile", {"name": "Deal managers", "sets": ["deals.manager"], "areas": []})
        env.update("base.user", user_id(installation, "mina"), {"profile": profile})


@pytest.fixture
def at(installation: Installation) -> dict[str, int]:
    """Numbers of the shipped stages and reasons by name, of currencies by code."""
    with installation.env(SYSTEM, write=False) as env:
        found = {r["name"]: r["id"] for n in ("deals.stage", "deals.reason", "deals.pipeline") for r in env.query(n).select("name").rows()}
        return found | {r["code"]: r["id"] for r in env.query("base.currency").select("code").rows()}


@pytest.fixture
def deal(env_as: Any) -> Callable[..., int]:
    """`deal(amount=100)` makes a deal of Sara's with an account of hers and gives its number."""
    def make(login: str = "sara", **values: Any) -> int:
        with env_as(login) as env:
            if "account" not in values:
                values["account"] = env.create("contacts.account", {"name": values.pop("company", "Pars Tech")})
            return int(env.create(DEAL, {"name": "Hall", **values}))
    return make


@pytest.fixture
def browser(installation: Installation) -> Callable[[str], Visitor]:
    """`browser("sara")` is that person's browser."""
    return lambda login: Visitor(installation, user_id(installation, login))
