"""A package that became an addon: it conforms, takes over what the package made, and the data stays where it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.addons import lifecycle
from core.customise import Piece, packages
from core.customise.package_addon import write_addon
from core.customise.packages import Package
from core.errors import DefinitionError, SarnakhError
from core.expressions import F
from core.installation import ROOT, Installation
from core.testing import conformance
from core.testing.plugin import create_people, open_installation, user_id

LAYOUT = {"format": 1, "record": "leads.lead", "kind": "form", "changes": [
    {"do": "insert", "target": "x_code", "anchors": [{"after": "email"}], "node": {"id": "x_code", "kind": "field"}}]}
CODE = Piece("field", "leads.lead.x_code", {"type": "text", "labels": {"en": "Code", "fa": "کد", "tr": "Kod"}})
PACKAGE = Package("acme", "1.2", title='The "Acme" way', needs={"base": "0.1", "leads": "0.1"}, items={
    "field leads.lead.x_code": CODE.data,
    "record x.visit": {"labels": {"en": "Visit", "fa": "بازدید", "tr": "Ziyaret"},
                       "plurals": {"en": "Visits", "fa": "بازدیدها", "tr": "Ziyaretler"}, "traits": ["owned"]},
    "layout leads.lead|form|profile:@base.profile(name=Visitors)": LAYOUT,
    "@base.profile(name=Visitors)": {"sets": ["base.user"], "areas": []}})


def opened(folder: Path, addons: Path) -> Installation:
    return open_installation(f"sqlite:///{folder / 'acme.sqlite3'}", folder, ("leads",), (str(addons),))


def test_it_takes_over_what_the_package_made(tmp_path: Path) -> None:
    root = write_addon(PACKAGE, tmp_path)
    addons = tmp_path / "addons"
    addons.mkdir()
    (root / "sarnakh_acme").rename(addons / "acme")
    (tmp_path / "data").mkdir()
    inst = opened(tmp_path / "data", addons)
    create_people(inst)
    actor = inst.load_actor(user_id(inst, "admin"))
    packages.apply(inst, actor, PACKAGE)
    with inst.env(actor) as env:
        key = env.create("leads.lead", {"last_name": "Karimi", "x_code": "K-1"})
        env.create("x.visit", {"name": "First"})
    lifecycle.enable(inst, ["acme"])
    inst.current()
    with inst.env(actor) as env:
        assert not [piece for piece in packages.parts(env) if piece.item.startswith(("field ", "record "))], "they are the addon's now"
        assert env.get("leads.lead", key, "x_code").x_code == "K-1" and env.query("x.visit").count() == 1
        profile = env.query("base.profile").where(F.name == "Visitors").ids()
        assert len(profile) == 1 and "x_code" in env.registry.layout("leads.lead", "form", str(profile[0])).layout.field_names()
    assert not list(conformance.check(inst, "acme") or ())
    lifecycle.disable(inst, "acme")
    assert "x_code" not in inst.registry.record("leads.lead").fields
    lifecycle.enable(inst, ["acme"])
    with inst.env(actor) as env:
        assert env.get("leads.lead", key, "x_code").x_code == "K-1", "the data stayed"
    inst.close()


def test_its_own_test_passes_and_nothing_is_overwritten(tmp_path: Path) -> None:
    root = write_addon(PACKAGE, tmp_path)
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", str(root / "tests")],
                          cwd=root, env={"PYTHONPATH": f"{root}:{ROOT}", "PATH": "/usr/bin"}, capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    with pytest.raises(SarnakhError, match="not empty"):
        write_addon(PACKAGE, tmp_path)
    with pytest.raises(DefinitionError):
        write_addon(PACKAGE, tmp_path, "import")
