"""Saved views that an administrator publishes: who gets them, what opens first, and who may not publish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.api import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
LIST = "/r/shop.shop"


@pytest.fixture
def ids(installation: Installation) -> dict[str, int]:
    """Shops, a view of the boss's, the profile of sellers, a team with Reza."""
    with installation.env(SYSTEM) as env:
        sara, boss, reza = (user_id(installation, p) for p in ("sara", "boss", "reza"))
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        env.update("base.profile", env.query("base.profile").ids(), {"sets": ["base.user", "base.setup_admin", "shop.seller"]})
        env.create("shop.shop", [{"name": "Corner", "town": "Yazd", "owner": sara}, {"name": "Market", "town": "Ray", "owner": sara}])
        view = env.create("base.view", {"name": "In Yazd", "record_type": "shop.shop", "owner": boss,
                                        "settings": {"filters": {"town": "Yazd"}, "order": ["-name"]}})
        team = env.create("base.team", {"name": "North", "members": [reza]})
    return {"view": view, "profile": profile, "team": team}


def body(visitor: Visitor, path: str = LIST) -> str:
    return str(visitor.get(path).get_data(as_text=True))


def test_a_view_for_a_profile_opens_first(installation: Installation, ids: dict[str, int]) -> None:
    boss, sara = (Visitor(installation, user_id(installation, p)) for p in ("boss", "sara"))
    assert "In Yazd" not in body(sara)
    url = f"{LIST}/views/{ids['view']}/publish"
    assert "Standard" in body(boss, url) and f"{ids['view']}/publish" in body(boss, f"{LIST}?view={ids['view']}")
    assert boss.post(url, {"profiles": [str(ids["profile"])], "opens_first": "1"}).status_code == 303
    opened = body(sara)
    assert "In Yazd" in opened and "Corner" in opened and "Market" not in opened
    assert f'href="{LIST}?view=all"' in opened and "Market" in body(sara, f"{LIST}?view=all")
    assert "Market" in body(sara, f"{LIST}?s=1"), "an address that says something is what it says"
    assert "Market" in body(boss), "it opens first for those it was published to"
    assert boss.post(url, {}).status_code == 303
    assert "In Yazd" not in body(sara)


def test_a_view_for_a_team_and_for_everybody(installation: Installation, ids: dict[str, int]) -> None:
    boss, sara, reza = (Visitor(installation, user_id(installation, p)) for p in ("boss", "sara", "reza"))
    url = f"{LIST}/views/{ids['view']}/publish"
    boss.post(url, {"teams": [str(ids["team"])], "pinned": "1"})
    assert "In Yazd" in body(reza) and "In Yazd" not in body(sara)
    boss.post(url, {"shared": "1"})
    assert "In Yazd" in body(sara)


def test_who_may_not_publish(installation: Installation, ids: dict[str, int], env_as: Callable[..., Any]) -> None:
    sara = Visitor(installation, user_id(installation, "sara"))
    url = f"{LIST}/views/{ids['view']}/publish"
    assert sara.get(url).status_code == 403 == sara.post(url, {"shared": "1"}).status_code
    with env_as("sara") as env:
        key = env.create("base.view", {"name": "Mine", "record_type": "shop.shop"})
    for values in ({"profiles": [ids["profile"]]}, {"opens_first": True}):
        with env_as("sara") as env, pytest.raises(Exception, match="may not|not allowed|cannot|no field|change"):
            env.update("base.view", key, values)
    boss = Visitor(installation, user_id(installation, "boss"))
    assert boss.get(f"{LIST}/views/{key}/publish").status_code == 404, "a private view of somebody else"
