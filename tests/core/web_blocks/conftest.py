"""A shop with orders, and record pages and home pages arranged by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.addons.lifecycle import change_customising
from core.api import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import user_id

FORM = "shop.shop|form|installation"
FRAGMENT = {"X-Fragment": "panel"}


@pytest.fixture
def customise(installation: Installation) -> Callable[..., None]:
    """Store customising and take it into use, as another process would."""
    def do(kind: str, target: str, data: Any) -> None:
        with installation.env(SYSTEM) as env:
            change_customising(env, kind, target, data)
        installation.current()
    return do


@pytest.fixture
def put(customise: Callable[..., None]) -> Callable[..., None]:
    """Put blocks on the page of a shop."""
    def do(*blocks: dict[str, Any]) -> None:
        customise("layout", FORM, {"format": 1, "record": "shop.shop", "kind": "form", "changes": [
            {"do": "insert", "target": b["id"], "anchors": [{"into": "@layout"}], "node": {
                "id": b["id"], "kind": "block", "props": {k: v for k, v in b.items() if k != "id"}}} for b in blocks]})
    return do


@pytest.fixture
def shop(installation: Installation) -> dict[str, int]:
    """Two shops of Sara's with orders, and an order of Omid's at the first."""
    with installation.env(SYSTEM) as env:
        sara, omid = user_id(installation, "sara"), user_id(installation, "omid")
        env.update("base.profile", env.query("base.profile").where('name == "Standard"').ids(), {"sets": ["base.user", "shop.seller"]})
        corner, market = env.create("shop.shop", [
            {"name": "Corner", "town": "Yazd & Co", "owner": sara}, {"name": "Market", "owner": sara}])
        env.create("shop.order", [{"name": f"Corner {i}", "shop": corner, "owner": sara, "amount": 100 + i,
                                   "status": "new" if i % 3 else "paid"} for i in range(12)])
        env.create("shop.order", {"name": "Hidden", "shop": corner, "owner": omid, "amount": 5000})
        env.create("shop.order", {"name": "Elsewhere", "shop": market, "owner": sara})
    return {"corner": corner, "market": market}


@pytest.fixture
def sara(installation: Installation, shop: dict[str, int]) -> Visitor:
    """A seller."""
    return Visitor(installation, user_id(installation, "sara"))
