"""Browser libraries: what is copied, and that a list that no longer fits is noticed before anything is replaced."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from build_tools import assets


def fill(modules: Path) -> None:
    """A node_modules folder with everything the list names."""
    for copy in assets.FILES:
        path = modules / copy.package / copy.source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(copy.target)


def test_the_list_is_copied_with_its_licences(tmp_path: Path) -> None:
    fill(tmp_path / "node_modules")
    vendor = tmp_path / "vendor"
    assert not assets.is_current(vendor)
    assets.copy_files(tmp_path / "node_modules", vendor)
    assert assets.is_current(vendor)
    assert not assets.build_assets(vendor)
    folders = {path.name for path in vendor.iterdir() if path.is_dir()}
    licensed = {path.parent.name for path in vendor.rglob("*") if path.name.startswith(("LICENSE", "OFL"))}
    assert licensed == folders


def test_a_vanished_file_is_named_and_the_old_ones_stay(tmp_path: Path) -> None:
    fill(tmp_path / "node_modules")
    vendor = tmp_path / "vendor"
    assets.copy_files(tmp_path / "node_modules", vendor)
    (tmp_path / "node_modules" / "htmx.org" / "dist" / "htmx.min.js").unlink()
    with pytest.raises(assets.AssetsError, match=r"htmx\.org no longer has"):
        assets.copy_files(tmp_path / "node_modules", vendor)
    assert (vendor / "htmx" / "htmx.min.js").is_file()


def test_versions_are_exact_and_the_lock_names_no_registry() -> None:
    package = json.loads((assets.ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads(assets.LOCK.read_text(encoding="utf-8"))
    assert lock["packages"][""]["dependencies"] == package["dependencies"]
    for name, version in package["dependencies"].items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    assert not any("resolved" in found for found in lock["packages"].values())
    assert all("integrity" in found for name, found in lock["packages"].items() if name)
    assert {copy.package for copy in assets.FILES} - {"@popperjs/core"} == set(package["dependencies"])


def test_what_the_text_promises_is_in_the_list() -> None:
    text = assets.__doc__ or ""
    assert [copy.target for copy in assets.FILES
            if "LICENSE" not in copy.target and "OFL" not in copy.target and copy.target not in text] == []


def test_without_npm_it_says_so_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_npm_command", lambda folder, environment: ([str(tmp_path / "no-npm")], environment))
    with pytest.raises(assets.AssetsError, match="could not be started"):
        assets.build_assets(tmp_path / "vendor")
    assert list(tmp_path.iterdir()) == []
