"""Editions: every move between them keeps data, limits hold at every door, nothing outside can be enabled."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.addons import lifecycle
from core.api import NotFound, SarnakhError, keep_files
from core.cli.main import cli
from core.editions import limits, moving, plans
from core.errors import SettingsError
from core.installation import Installation
from core.security.actor import SYSTEM
from core.settings import load
from core.testing.browser import Visitor
from core.testing.plugin import user_id

TINY = '''
title = {en = "Tiny", fa = "ریز"}
addons = ["contacts"]
[limits]
users = 8
storage_mb = 1
[limits.records]
"contacts.contact" = 3
'''


def write(inst: Installation, name: str, text: str) -> None:
    folder = inst.settings.data / "editions"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text, "utf-8")


@pytest.fixture
def tiny(installation: Installation) -> Installation:
    write(installation, "tiny", TINY)
    moving.move(installation, "tiny")
    return installation


def contact(env: Any, name: str) -> int:
    return int(env.create("contacts.contact", {"last_name": name, "owner": user_id(env.installation, "admin")}))


@pytest.mark.addons("contacts")
def test_limits_of_records_hold_at_every_door(tiny: Installation, env_as: Callable[..., Any]) -> None:
    with env_as("admin") as env:
        keys = [contact(env, f"P{i}") for i in range(3)]
    with env_as("admin") as env, pytest.raises(SarnakhError, match="room for 3"):
        contact(env, "Fourth")
    with env_as("admin") as env:
        env.delete("contacts.contact", keys[0])
        contact(env, "In its place")
    with env_as("admin") as env, pytest.raises(SarnakhError, match="Tiny"):
        env.restore("contacts.contact", keys[0])
    with env_as("admin") as env:
        assert env.query("contacts.contact").count() == 3
        env.update("contacts.contact", keys[1], {"first_name": "still"})
        env.create("contacts.account", {"name": "not limited"})
    boss = Visitor(tiny, user_id(tiny, "admin"))
    answer = boss.post("/r/contacts.contact/new", {"last_name": "By form"})
    assert answer.status_code == 422 and "room for 3" in answer.get_data(as_text=True)


@pytest.mark.addons("contacts")
def test_users_and_files(tiny: Installation, env_as: Callable[..., Any]) -> None:
    with env_as("admin") as env:
        key = env.create("base.user", {"login": "eighth", "name": "Eighth"})
    with env_as("admin") as env, pytest.raises(SarnakhError, match="room for 8"):
        env.create("base.user", {"login": "ninth", "name": "Ninth"})
    with env_as("admin") as env:
        env.update("base.user", key, {"active": False})
        env.create("base.user", {"login": "ninth", "name": "Ninth"})
    with env_as("admin") as env, pytest.raises(SarnakhError, match="room for 8"):
        env.update("base.user", key, {"active": True})
    with env_as("admin") as env:  # those who cannot sign in take no place, however they come
        gone = env.create("base.user", {"login": "tenth", "name": "Tenth", "active": False})
        env.delete("base.user", gone)
        env.restore("base.user", gone)
    with env_as("admin") as env:
        keep_files(env, [("a.bin", b"x" * 900_000, None)])
    with env_as("admin") as env, pytest.raises(SarnakhError, match="1 MB"):
        keep_files(env, [("b.bin", b"y" * 300_000, None)])


@pytest.mark.addons("contacts")
def test_the_edition_is_read_by_itself(tiny: Installation) -> None:
    """Whoever has worked for long keeps to an edition that came meanwhile, and a mistake in another file harms nobody."""
    write(tiny, "wrong", "addons = 5")
    with tiny.env(SYSTEM) as env:
        contact(env, "One"), contact(env, "Two")
    write(tiny, "smaller", TINY.replace("= 3", "= 2").replace("Tiny", "Smaller"))
    registry = tiny.registry
    moving.move(tiny, "smaller")
    with tiny.env(SYSTEM) as env:
        env.registry = registry
        with pytest.raises(SarnakhError, match="Smaller"):
            contact(env, "Three")


@pytest.mark.addons("contacts")
@pytest.mark.database("postgresql")
def test_two_at_once_do_not_share_the_last_place(tiny: Installation) -> None:
    with tiny.env(SYSTEM) as env:
        contact(env, "One"), contact(env, "Two")
    said: list[str] = []
    ready = threading.Barrier(2)

    def one(name: str) -> None:
        ready.wait()
        try:
            with tiny.env(SYSTEM) as env:
                contact(env, name)
            said.append("made")
        except SarnakhError:
            said.append("refused")

    both = [threading.Thread(target=one, args=(n,)) for n in ("Three", "Four")]
    [t.start() for t in both]
    [t.join() for t in both]
    assert sorted(said) == ["made", "refused"]


@pytest.mark.addons("contacts", "leads")
def test_a_smaller_edition_disables_and_keeps(installation: Installation) -> None:
    write(installation, "tiny", TINY)
    with installation.env(SYSTEM) as env:
        lead = env.create("leads.lead", {"last_name": "Kept", "owner": user_id(installation, "admin")})
        for i in range(5):
            contact(env, f"P{i}")
    planned = moving.plan_move(installation, "tiny")
    assert planned.removed == ["leads"] and [u.used for u in planned.over] == [5]
    moving.move(installation, "tiny")
    assert "leads.lead" not in installation.registry.records
    with installation.env(SYSTEM) as env:
        assert env.query("contacts.contact").count() == 5, "what is there stays"
    with pytest.raises(SarnakhError, match="not in the edition"):
        lifecycle.enable(installation, ["leads"])
    moving.move(installation, "enterprise")
    with installation.env(SYSTEM) as env:
        assert env.get("leads.lead", lead, "last_name").last_name == "Kept"
        contact(env, "and more")


@pytest.mark.addons("contacts")
@pytest.mark.database("sqlite")
def test_every_move_between_the_shipped_ones(installation: Installation) -> None:
    names = list(plans.plans(installation))
    assert names == ["free", "professional", "enterprise"]
    with installation.env(SYSTEM) as env:
        kept = contact(env, "Kept")
    way = ["free", *itertools.chain(*(p for p in itertools.permutations(names, 2)))]
    for name in way:
        made = moving.move(installation, name)
        plan = plans.named(installation, name)
        enabled = {m.name for m in installation.registry.manifests}
        assert enabled == set(made.addons) <= moving.permitted(installation, plan) and set(plan.addons) <= enabled
        with installation.env(SYSTEM) as env:
            assert limits.in_force(env) == plan
            assert env.get("contacts.contact", kept, "last_name").last_name == "Kept"
    other = Installation.open(installation.settings)
    assert {m.name for m in other.registry.manifests} == enabled
    with other.env(SYSTEM, write=False) as env:
        assert limits.in_force(env) == plan
    other.close()


@pytest.mark.database("sqlite")
def test_a_new_installation_begins_with_one(tmp_path: Path) -> None:
    inst = Installation.open(load((), {}, {"storage.data": str(tmp_path), "addons.edition": "free", "addons.enabled_at_start": ["deals"]}))
    enabled = {m.name for m in inst.registry.manifests}
    assert "leads" in enabled and "deals" not in enabled
    with inst.env(SYSTEM, write=False) as env:
        assert limits.in_force(env) is not None
    inst.close()
    with pytest.raises(SettingsError, match="no edition"):
        Installation.open(load((), {}, {"storage.data": str(tmp_path / "other"), "addons.edition": "nothing"}))


@pytest.mark.parametrize("text", ["addons = 5", "x = 1", "[limits]\nusers = -1", "[limits]\nusers = 'many'", "[limits]\npages = 1",
                                  "addons = [", "[limits.records]\nx = 1.5", "order = 'first'", "title = 'x'"])
@pytest.mark.addons("base")
@pytest.mark.database("sqlite")
def test_wrong_files_are_refused(installation: Installation, text: str) -> None:
    write(installation, "wrong", text)
    with pytest.raises(SettingsError, match="wrong.toml"):
        plans.plans(installation)


@pytest.mark.addons("contacts")
@pytest.mark.database("sqlite")
def test_the_page(tiny: Installation) -> None:
    boss, sara = Visitor(tiny, user_id(tiny, "boss")), Visitor(tiny, user_id(tiny, "sara"))
    page = boss.get("/admin/edition").get_data(as_text=True)
    assert "Tiny" in page and "of 8" in page and "/admin/edition/free" in page
    assert "Leads" in boss.get("/admin/edition/free").get_data(as_text=True)
    assert boss.get("/admin/edition/none").status_code == 404
    assert sara.get("/admin/edition").status_code == 403 == sara.post("/admin/edition/free").status_code
    assert boss.post("/admin/edition/free").status_code == 303
    assert "leads.lead" in tiny.registry.records


def test_the_commands(tmp_path: Path) -> None:
    def run(*words: str) -> str:
        answer = CliRunner().invoke(cli, ["--data", str(tmp_path), "edition", *words])
        assert answer.exit_code == 0, (answer.output, answer.exception)
        return answer.output

    assert "professional" in run("list") and json.loads(run("show", "--json")) == {"edition": None, "limits": []}
    assert "Would move" in run("set", "free", "--plan") and "No edition" in run("show")
    assert "leads" in run("set", "free") and "Users" in run("show")


def test_what_is_not_there(tmp_path: Path) -> None:
    answer = CliRunner().invoke(cli, ["--data", str(tmp_path), "edition", "set", "gold"])
    assert isinstance(answer.exception, SettingsError) and not isinstance(answer.exception, NotFound)
