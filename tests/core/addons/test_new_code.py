"""Files of an addon replaced while processes run: nothing happens before the upgrade, and then everywhere."""

import contextlib
import re
import uuid

import pytest

from core.addons import lifecycle
from core.errors import SarnakhError
from core.security.actor import SYSTEM
from core.testing.plugin import open_installation, user_id

pytestmark = [pytest.mark.addons("base"), pytest.mark.folders("tests/fixtures/addons")]
RECORDS = """
from core.api import Record, fields
SAID = "first"
class Thing(Record):
    record_name = "toy.thing"
    name = fields.Text("Name")
"""
LEANING = """
from core.api import Extension, fields
from sarnakh_addons.toy.records import SAID
class ThingToo(Extension):
    extends = "toy.thing"
    toyleaning_note = fields.Text("Note", default=SAID)
"""


@pytest.fixture
def running(installation, make_addon):
    """Two processes with an addon and one that leans on it; and what replaces the first one's files."""
    name = f"toy{uuid.uuid4().hex[:8]}"  # another folder of the same name would get another package
    folder = make_addon(name, api="1", depends=["base"], files={"records.py": RECORDS.replace("toy", name)})
    make_addon(f"{name}leaning", api="1", depends=[name], files={"records.py": LEANING.replace("toy", name)})
    url = installation.settings.database.url
    with (contextlib.closing(open_installation(url, folder / "a", folders=(str(folder.parent),))) as one,
          contextlib.closing(open_installation(url, folder / "b", folders=(str(folder.parent),))) as two):
        lifecycle.enable(one, [f"{name}leaning"])
        fresh(two)

        def replace(version, records):
            (folder / "records.py").write_text(records.replace("toy", name))
            manifest = folder / "addon.toml"
            manifest.write_text(re.sub('version = ".*"', f'version = "{version}"', manifest.read_text()))
        yield name, one, two, replace


def fresh(inst) -> None:
    """What every request and job does first."""
    inst.current()


def thing(name, inst) -> list[str]:
    """Its fields."""
    return sorted(inst.registry.record(f"{name}.thing").fields)


def test_new_code_comes_with_the_upgrade_in_every_process(running):
    name, one, two, replace = running
    held = two.registry
    replace("2.0", RECORDS.replace("first", "second") + "    size = fields.Integer('Size')\n")
    with one.env(SYSTEM) as env:
        lifecycle.change_customising(env, "choice", "base.tag.colour", [{"value": "red"}])
    fresh(two)
    assert "size" not in thing(name, two), "files alone change nothing"
    assert {a.name: a.state for a in lifecycle.catalogue(one)}[name] == "needs_upgrade"
    assert lifecycle.upgrade_addons(one, [name]) == [name]
    fresh(two)
    for inst in (one, two):
        assert "size" in thing(name, inst) and inst.registry.addons[name].manifest.version == "2.0"
        assert inst.registry.record(f"{name}.thing").field(f"{name}leaning_note").default == "second"
        with inst.env(inst.load_actor(user_id(inst, "admin"))) as env:
            assert env.get(f"{name}.thing", env.create(f"{name}.thing", {"name": "x", "size": 3})).size == 3
    assert "size" not in held.record(f"{name}.thing").fields, "work under way keeps what it began with"


def test_broken_new_code_is_refused_and_the_old_goes_on(running):
    name, one, two, replace = running
    for wrong in ("raise RuntimeError('no')\n", RECORDS + "    other = fields.Link('toy.nothing', 'Other')\n"):
        replace("3.0", wrong)
        with pytest.raises(SarnakhError):
            lifecycle.upgrade_addons(one)
        for inst in (one, two):
            with inst.env(SYSTEM) as env:
                lifecycle.change_customising(env, "choice", "base.tag.colour", [{"value": "red"}])
            fresh(inst)
            with inst.env(inst.load_actor(user_id(inst, "admin"))) as env:
                env.create(f"{name}.thing", {"name": "x"})
            assert not inst.broken
    replace("3.1", RECORDS + "    size = fields.Integer('Size of it')\n")
    assert lifecycle.upgrade_addons(one) == [name] and "size" in thing(name, one)
