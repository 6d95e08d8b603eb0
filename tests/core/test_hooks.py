"""Hooks that no shipped addon needs, answered by a fixture: what they say is seen where it should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from core.addons import lifecycle
from core.api import SYSTEM, Installation, ValidationFailed, change_customising
from core.testing.browser import Visitor
from core.testing.plugin import user_id
from core.web.host import Host

pytestmark = [pytest.mark.addons("hooked"), pytest.mark.folders("tests/fixtures/addons"), pytest.mark.database("sqlite")]
SHOP = "shop.shop"


@pytest.fixture
def boss(installation: Installation) -> Visitor:
    """Somebody who sees everything."""
    return Visitor(installation, user_id(installation, "admin"))


def tags(env: Any) -> set[str]:
    """Names of all tags."""
    return {row["name"] for row in env.query("base.tag").select("name").rows()}


def test_the_change_pipeline(env_as: Callable[..., Any]) -> None:
    with env_as("admin") as env:
        key = env.create(SHOP, {"name": "Corner", "town": "tehran"})
        assert env.get(SHOP, key, "town").town == "Tehran"
        env.update(SHOP, key, {"town": "Yazd"})
        env.update(SHOP, key, {"town": "tehran"})
        assert env.get(SHOP, key, "town").town == "Tehran"
        assert "shop Corner" in tags(env)
        with pytest.raises(ValidationFailed, match="Shops stay"):
            env.delete(SHOP, key)
        assert env.get(SHOP, key, "town").id == key


def test_life_of_an_addon(installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        assert "came" in tags(env) and "went" not in tags(env)
    lifecycle.disable(installation, "hooked")
    with installation.env(SYSTEM) as env:
        assert "went" in tags(env)
        assert env.create(SHOP, {"name": "Corner", "town": "tehran", "owner": 1})
        assert "shop Corner" not in tags(env), "a disabled addon is asked nothing"


def test_changed_permissions_are_told(installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        audit = env.registry.system.audit
        told = select(func.count()).where(audit.c.action == "hooked")
        before = env.execute(told).scalar_one()
        env.update("base.user", user_id(installation, "reza"), {"role": None})
        assert env.execute(told).scalar_one() == before + 1


def test_pages(installation: Installation, boss: Visitor) -> None:
    with installation.env(SYSTEM) as env:
        key = env.create(SHOP, {"name": "Corner", "owner": user_id(installation, "admin")})
    shown = {path: boss.get(path).get_data(as_text=True) for path in
             ("/", f"/r/{SHOP}", f"/r/{SHOP}/{key}", f"/r/{SHOP}/new", "/admin", "/admin/health")}
    assert "4711" in shown["/"] and ">Hooked<" in shown["/"]
    assert "Hooked list action" in shown[f"/r/{SHOP}"]
    assert "Hooked action" in shown[f"/r/{SHOP}/{key}"] and "<p>panel of hooked</p>" in shown[f"/r/{SHOP}/{key}"]
    assert 'value="Yazd"' in shown[f"/r/{SHOP}/new"]
    assert "Hooked settings" in shown["/admin"]
    assert "Hooked health" in shown["/admin/health"]


def test_kinds_of_blocks(installation: Installation, boss: Visitor) -> None:
    with installation.env(SYSTEM) as env:
        change_customising(env, "home", "installation", {"shape": "one", "columns": [[{"id": "mine", "widget": "hooked"}]]})
    installation.current()
    page = boss.get("/").get_data(as_text=True)
    assert "Hooked block" in page and "<p>for admin</p>" in page


def test_commands(installation: Installation) -> None:
    (command,) = installation.registry.collected("cli_commands")
    assert CliRunner().invoke(command).output == "hello\n"


def test_figures_over_a_list(installation: Installation, boss: Visitor) -> None:
    page = boss.get(f"/r/{SHOP}?figures=1").get_data(as_text=True)
    assert "Hooked figure" in page


def test_the_theme_of_a_reader(installation: Installation) -> None:
    host = Host(installation)
    site = host.app.extensions["sarnakh"]
    with installation.env(SYSTEM, lang="tr") as env:
        assert site.theme_name(env) == "brand"
    with installation.env(SYSTEM, lang="en") as env:
        assert site.theme_name(env) == installation.settings.web.theme
