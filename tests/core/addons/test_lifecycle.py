"""Enabling, disabling, purging and quarantine on whole installations, on both databases."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from core.addons import lifecycle
from core.errors import DefinitionError, SarnakhError
from core.security.actor import SYSTEM
from core.testing.plugin import open_installation, user_id

FIXTURES = Path(__file__).parents[2] / "fixtures" / "addons"
pytestmark = [pytest.mark.addons("base"), pytest.mark.folders("tests/fixtures/addons")]


def states(inst):
    return {a.name: a.state for a in lifecycle.catalogue(inst)}


def test_enable_extend_disable_and_back(installation):
    assert states(installation)["shop"] == "available"
    assert lifecycle.enable(installation, ["shop_sms"]) == ["shop", "shop_sms"]
    with installation.env(SYSTEM) as env:
        key = env.create("shop.order", {"name": "x" * 150, "phone": "09121234567", "sms_opt_in": True, "owner": 1})
        assert env.get("shop.order", key).display_title().endswith("!*")
    with pytest.raises(SarnakhError, match="needed by shop_sms"):
        lifecycle.disable(installation, "shop")
    lifecycle.disable(installation, "shop_sms")
    assert states(installation)["shop_sms"] == "disabled"
    with installation.env(SYSTEM) as env:
        order = env.get("shop.order", key)
        assert "sms_opt_in" not in order.__dict__ and order.display_title().endswith("!")
    assert lifecycle.planned(installation).empty
    lifecycle.enable(installation, ["shop_sms"])
    with installation.env(SYSTEM) as env:
        assert env.get("shop.order", key).sms_opt_in is True


def test_another_process_picks_it_up(installation, tmp_path):
    other = open_installation(installation.settings.database.url, tmp_path / "other", folders=(str(FIXTURES),))
    held = other.registry
    lifecycle.enable(installation, ["shop"])
    assert "shop.order" not in other.registry.records
    assert other.load_actor(user_id(other, "admin")).is_super
    assert "shop.order" in other.registry.records and "shop.order" not in held.records
    other.close()


def test_purging_asks_for_disabling_and_shows_what_goes(installation):
    lifecycle.enable(installation, ["shop_sms"])
    with installation.env(SYSTEM) as env:
        env.create("shop.order", {"name": "x", "owner": 1})
    with pytest.raises(SarnakhError, match="disable it first"):
        lifecycle.purge_plan(installation, "shop_sms")
    lifecycle.disable(installation, "shop_sms")
    assert lifecycle.purge(installation, "shop_sms").columns == [("shop_order", "sms_opt_in")]
    kept = {p.name.partition("-")[0] for p in installation.settings.dropped.iterdir()}
    assert kept == {"shop_order.sms_opt_in"}
    with installation.env(SYSTEM) as env:
        assert env.query("shop.order").count() == 1
    lifecycle.disable(installation, "shop")
    plan = lifecycle.purge(installation, "shop")
    assert plan.tables["shop_order"] == 1
    assert not [t for t in inspect(installation.engine).get_table_names() if t.startswith("shop_")]


def test_a_broken_addon_is_refused_and_quarantined(installation, tmp_path):
    with pytest.raises(DefinitionError, match="this addon does not work"):
        lifecycle.enable(installation, ["broken_code"])
    assert states(installation)["broken_code"] in ("available", "broken")
    folder = tmp_path / "mine"
    shutil.copytree(FIXTURES / "shop", folder / "shop")
    url = installation.settings.database.url
    second = open_installation(url, tmp_path / "d2", folders=(str(folder),))
    lifecycle.enable(second, ["shop"])
    second.close()
    folder = shutil.copytree(folder, tmp_path / "theirs")  # another process would import the changed file
    (folder / "shop" / "security.py").write_text("import nothing_of_that_name\n")
    third = open_installation(url, tmp_path / "d3", folders=(str(folder),))
    assert "nothing_of_that_name" in third.broken["shop"] and "base.user" in third.registry.records
    assert states(third)["shop"] == "broken"
    third.close()


def test_two_installations_in_one_process_share_nothing(installation, tmp_path):
    other = open_installation(f"sqlite:///{tmp_path / 'two.sqlite3'}", tmp_path / "two", ("shop",), (str(FIXTURES),))
    with installation.env(SYSTEM) as one, other.env(SYSTEM) as two:
        assert "shop.order" not in one.registry.records and "shop.order" in two.registry.records
        assert one.registry.record("base.user").cls is not two.registry.record("base.user").cls
    other.close()


def test_a_second_start_compares_nothing(installation):
    before = installation.registry.digest
    with installation.engine.connect() as connection:
        version = connection.execute(text("SELECT registry FROM sys_version")).scalar_one()
    again = open_installation(installation.settings.database.url, installation.settings.data, folders=(str(FIXTURES),))
    with again.engine.connect() as connection:
        assert connection.execute(text("SELECT registry FROM sys_version")).scalar_one() == version
    assert again.registry.digest == before
    again.close()


@pytest.mark.parametrize("code, reason", [
    ("class X(Record):\n    record_name = 'shop.order'\n    name = fields.Text()", "declared by shop and by"),
    ("class X(Record):\n    record_name = 'other.x'\n    name = fields.Text()", "must start with"),
    ("class X(Extension):\n    extends = 'shop.order'\n    name = fields.Text()", "rename one to clash_name"),
    ("class X(Extension):\n    extends = 'shop.nothing'", "no enabled addon declares"),
    ("class X(Extension):\n    extends = 'shop.order'\n    name = change(size=5)", "only widening"),
    ("class X(Extension):\n    extends = 'shop.order'\n    nothing = change(size=5)", "does not exist"),
    ("class X(Record):\n    record_name = 'clash.x'\n    name = fields.Link('no.where')", "no enabled addon declares"),
    ("class X(Record):\n    record_name = 'clash.x'\n    title = fields.Text()", "record_title names the field"),
    ("class X(Record):\n    record_name = 'clash.x'\n    name = fields.Text(further='notes.body')", "no field of its children"),
])
@pytest.mark.database("sqlite")
def test_clashes_name_both_parties(installation, tmp_path, code, reason):
    folder = tmp_path / "mine" / "clash"
    folder.mkdir(parents=True)
    (folder / "addon.toml").write_text('name = "clash"\nversion = "1.0"\ntitle = "Clash"\ndepends = ["shop"]\n')
    (folder / "records.py").write_text(f'"""A clash."""\n\nfrom core.api import Extension, Record, change, fields\n\n\n{code}\n')
    inst = open_installation(installation.settings.database.url, tmp_path / "d", folders=(str(FIXTURES), str(folder.parent)))
    with pytest.raises(DefinitionError, match=reason):
        lifecycle.enable(inst, ["clash"])
    inst.close()


@pytest.mark.parametrize(("body", "place"), [
    ("EXTRA = Form('toy.thing', Section('main', 'name'))", r"layouts\.EXTRA"),
    ("MORE = [on('base.tag', 'form').hide('name')]", r"layouts\.MORE"),
    ("on('base.tag', 'form').hide('name')", r"layouts\.py:2"),
])
@pytest.mark.database("sqlite")
def test_a_layout_that_is_not_listed_is_refused_with_the_mend(installation, make_addon, body, place):
    folder = make_addon("toy", api="1", depends=["base"], files={
        "records.py": "from core.api import Record, fields\nclass Thing(Record):\n    record_name = 'toy.thing'\n"
                      "    name = fields.Text('Name')",
        "layouts.py": "from core.api import Form, Section, on\n" + body + "\nLAYOUTS = []\n"}).parent
    inst = open_installation(installation.settings.database.url, folder / "data", folders=(str(folder),))
    with pytest.raises(DefinitionError, match=f"toy: the layout at .*{place} is not used.*LAYOUTS"):
        lifecycle.enable(inst, ["toy"])
    assert states(inst)["toy"] == "available"
    inst.close()
