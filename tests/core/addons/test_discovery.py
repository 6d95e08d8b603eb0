"""Addons are found in folders and packages; a bad one hides nobody and is named."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.addons.discovery import AddonBroken, BrokenManifest, discover, load_modules
from core.addons.manifest import Manifest

MakeAddon = Callable[..., Path]


def _manifest(path: Path) -> Manifest:
    found = discover([path.parent], entry_points=False)[path.name]
    assert isinstance(found, Manifest)
    return found


def test_folders_are_searched_without_running_code(make_addon: MakeAddon) -> None:
    path = make_addon("quiet", files={"__init__.py": "raise SystemExit", "records.py": "raise SystemExit"})
    (path.parent / "not_an_addon").mkdir()
    found = discover([path.parent, path.parent / "missing"], entry_points=False)
    assert list(found) == ["quiet"]


def test_one_bad_manifest_hides_nobody(make_addon: MakeAddon) -> None:
    make_addon("good_one")
    path = make_addon("bad_one", toml="name = 3")
    found = discover([path.parent], entry_points=False)
    assert isinstance(found["good_one"], Manifest)
    assert isinstance(found["bad_one"], BrokenManifest)
    assert "addon.toml" in found["bad_one"].error.english()


def test_two_addons_of_one_name_are_named(make_addon: MakeAddon) -> None:
    first, second = make_addon("twin", folder="one"), make_addon("twin", folder="two")
    broken = discover([first.parent, second.parent], entry_points=False)["twin"]
    assert isinstance(broken, BrokenManifest)
    assert str(first) in broken.error.english()
    assert str(second) in broken.error.english()


def test_folder_and_name_must_agree(make_addon: MakeAddon) -> None:
    path = make_addon("house", toml='name = "home"\nversion = "1"\ntitle = "T"')
    assert isinstance(discover([path.parent], entry_points=False)["house"], BrokenManifest)


def test_modules_are_imported_with_relative_imports_and_companions(make_addon: MakeAddon) -> None:
    path = make_addon("loadable", **{"with": ["sms", "mail"]}, files={
        "shared.py": "WORD = 'hello'\n", "records.py": "from .shared import WORD\n", "hooks/__init__.py": "",
        "with_sms/records.py": "from ..shared import WORD\n", "with_mail/records.py": "raise ValueError\n"})
    before = list(sys.path)
    loaded = load_modules(_manifest(path), enabled=["sms"])
    assert sys.path == before
    assert sorted(loaded.modules) == ["hooks", "records"]
    assert loaded.modules["records"].__name__ == "sarnakh_addons.loadable.records"
    assert list(loaded.companions) == ["sms"]
    assert [module.WORD for module in loaded.named("records")] == ["hello", "hello"]
    assert load_modules(_manifest(path)).modules["records"] is loaded.modules["records"]


def test_two_copies_of_an_addon_in_one_process(make_addon: MakeAddon) -> None:
    one = make_addon("copied", folder="one", files={"records.py": "N = 1\n"})
    two = make_addon("copied", folder="two", files={"__init__.py": "", "records.py": "from . import records\nN = 2\n"})
    assert load_modules(_manifest(one)).modules["records"].N == 1
    loaded = load_modules(_manifest(two))
    assert loaded.modules["records"].N == 2
    assert loaded.modules["records"].__name__ == f"{loaded.manifest.package}.records"


@pytest.mark.parametrize("code", ["import nothing_like_this", "1 / 0", "def ("])
def test_code_that_fails_is_reported_with_its_traceback(make_addon: MakeAddon, code: str) -> None:
    path = make_addon("faulty", files={"records.py": code + "\n"})
    with pytest.raises(AddonBroken, match="faulty") as caught:
        load_modules(_manifest(path))
    broken = caught.value.as_broken()
    assert "records.py" in broken.detail
    path.joinpath("records.py").write_text("FINE = True\n", "utf-8")
    assert load_modules(_manifest(path)).modules["records"].FINE
    for name in [name for name in sys.modules if name.startswith("sarnakh_addons.faulty")]:
        del sys.modules[name]


def test_installed_packages_are_found(make_addon: MakeAddon, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_addon("partner", folder="site", files={"__init__.py": "", "records.py": "HERE = 1\n"})
    package = path.rename(path.parent / "sarnakh_partner")
    info = package.parent / "sarnakh_partner-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sarnakh-partner\nVersion: 1\n", "utf-8")
    (info / "entry_points.txt").write_text(
        "[sarnakh.addons]\npartner = sarnakh_partner\nlost = no_such_package_here\n", "utf-8")
    monkeypatch.syspath_prepend(str(package.parent))
    assert importlib.metadata.version("sarnakh-partner") == "1"
    found = discover([])
    manifest = found["partner"]
    assert isinstance(manifest, Manifest)
    assert manifest.package == "sarnakh_partner"
    assert load_modules(manifest).modules["records"].HERE == 1
    assert isinstance(found["lost"], BrokenManifest)
    monkeypatch.delitem(sys.modules, "sarnakh_partner")
    monkeypatch.delitem(sys.modules, "sarnakh_partner.records")
