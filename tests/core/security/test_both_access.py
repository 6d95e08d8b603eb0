"""A look at pages as another profile: it opens nothing to who is looking, in whatever language the page is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.api import Env, Installation
from core.security.actor import SYSTEM
from core.security.both import BothAccess
from core.security.grants import Profile

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons"), pytest.mark.database("sqlite")]
EVERYTHING = Profile(99, "Everything", frozenset({"base.user", "shop.seller"}), {}, {}, frozenset({"layouts"}))


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_what_both_may_do_stays_so_in_another_language(installation: Installation, env_as: Callable[..., Any], lang: str) -> None:
    with installation.env(SYSTEM) as env:
        standard = env.query("base.profile").where('name == "Standard"').ids()
        env.update("base.profile", standard, {"sets": ["base.user", "shop.seller"], "field_rights": {"shop.order": {"amount": "hidden"}}})
    with env_as("sara") as env:
        assert not env.access.readable("shop.order", "amount")
        made = Env(env.installation, env.connection, env.registry, replace(env.actor, profile=EVERYTHING), now=env.now)
        assert made.access.readable("shop.order", "amount"), "the profile by itself may see it"
        made.access = BothAccess(env.access, made.access)
        assert not made.access.readable("shop.order", "amount")
        said = made.speaking(lang)
        assert not said.access.readable("shop.order", "amount") and not said.access.area("layouts")
