"""An addon's `records` may be a package: what its modules declare counts as if it stood in one file."""

import contextlib
import uuid

import pytest

from core.addons import lifecycle
from core.security.actor import SYSTEM
from core.testing.plugin import open_installation

pytestmark = [pytest.mark.addons("base"), pytest.mark.folders("tests/fixtures/addons")]
SHARED = """
from core.api import fields
NOTE = fields.Text("Note", default="from beside")
"""
EXTENDING = """
from core.api import Extension, fields
class Also(Extension):
    extends = "toy.thing"
    also = fields.Text("Also")
"""
PARTS = """
from core.api import Record, fields, rollup
class Part(Record):
    record_name = "toy.part"
    record_parent = "thing"
    thing = fields.Link("toy.thing", "Thing", required=True, on_delete="cascade")
    name = fields.Text("Name")
"""
THINGS = """
from core.api import Record, fields, rollup
from ._shared import NOTE
from .parts import Part
class Thing(Record):
    record_name = "toy.thing"
    name = fields.Text("Name")
    note = NOTE
    parts = fields.Children("toy.part", "Parts", by="thing", owned=True)
    count = rollup("parts", "count", label="Count")
"""
COMPANION = """
from core.api import Extension, fields
class Tagged(Extension):
    extends = "toy.thing"
    tagged = fields.Text("Tagged")
    def display_title(self):
        return f"{super().display_title()} (tagged)"
"""


@pytest.fixture
def toy(installation, make_addon):
    """A process with an addon whose records are a package, with a companion whose records are one, too; and its folder."""
    name = f"toy{uuid.uuid4().hex[:8]}"
    files = {"records/__init__.py": "", "records/_shared.py": SHARED, "records/also.py": EXTENDING, "records/parts.py": PARTS,
             "records/things.py": THINGS, "with_shop/records/__init__.py": "", "with_shop/records/more.py": COMPANION}
    folder = make_addon(name, api="1", depends=["base"], **{"with": ["shop"]},
                        files={path: text.replace("toy.", f"{name}.") for path, text in files.items()})
    fixtures = str(installation.settings.addons.folders[0])
    with contextlib.closing(open_installation(installation.settings.database.url, folder / "a",
                                              folders=(str(folder.parent), fixtures))) as inst:
        lifecycle.enable(inst, [name])
        yield name, inst, folder


def test_all_modules_are_read_and_extend_one_another(toy):
    name, inst, _folder = toy
    assert {n for n in inst.registry.records if n.startswith(name)} == {f"{name}.thing", f"{name}.part"}
    with inst.env(SYSTEM) as env:
        key = env.create(f"{name}.thing", {"name": "x", "also": "y"})
        env.create(f"{name}.part", [{"thing": key, "name": "p"}] * 2)
        found = env.get(f"{name}.thing", key, "note", "also", "count")
        assert (found.note, found.also, found.count) == ("from beside", "y", 2)


def test_a_companion_may_have_one_too_and_answers_first(toy):
    name, inst, _folder = toy
    lifecycle.enable(inst, ["shop"])
    with inst.env(SYSTEM) as env:
        found = env.get(f"{name}.thing", env.create(f"{name}.thing", {"name": "x", "tagged": "z"}))
        assert found.tagged == "z" and found.display_title() == "x (tagged)"


def test_its_code_is_renewed_by_the_upgrade(toy):
    name, inst, folder = toy
    (folder / "records" / "wheels.py").write_text(PARTS.replace("toy.", f"{name}.").replace(".part", ".wheel").replace("Part", "Wheel"))
    parts = folder / "records" / "parts.py"
    parts.write_text(parts.read_text() + "    size = fields.Integer('Size')\n")
    inst.current()
    assert "size" not in inst.registry.record(f"{name}.part").fields
    manifest = folder / "addon.toml"
    manifest.write_text(manifest.read_text().replace('version = "1.0"', 'version = "2.0"'))
    assert lifecycle.upgrade_addons(inst, [name]) == [name]
    assert "size" in inst.registry.record(f"{name}.part").fields and f"{name}.wheel" in inst.registry.records
