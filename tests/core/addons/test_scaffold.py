"""What the scaffold writes is a small, complete addon that installs as a package of its own and works at once."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.addons.discovery import discover, load_modules
from core.addons.graph import resolve
from core.addons.manifest import Manifest
from core.addons.scaffold import scaffold
from core.errors import DefinitionError, SarnakhError


def test_it_is_small_and_every_file_can_be_read(tmp_path: Path) -> None:
    root = scaffold("geo", tmp_path)
    files = [file for file in root.rglob("*") if file.is_file()]
    assert sum(len(file.read_text("utf-8").splitlines()) for file in files) < 100
    assert {file.suffix for file in files} == {".py", ".toml", ".po"}
    for file in files:
        if file.suffix == ".py":
            ast.parse(file.read_text("utf-8"))
        elif file.suffix == ".toml":
            tomllib.loads(file.read_text("utf-8"))


@pytest.mark.parametrize(("name", "extends"), [("Geo", None), ("geo-code", None), ("import", None), ("geo", "lead")])
def test_wrong_names_are_refused(tmp_path: Path, name: str, extends: str | None) -> None:
    with pytest.raises(DefinitionError):
        scaffold(name, tmp_path, extends)
    assert not any(tmp_path.iterdir())


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    scaffold("geo", tmp_path)
    with pytest.raises(SarnakhError, match="not empty"):
        scaffold("geo", tmp_path)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of installed packages into which the scaffold's result was installed by pip."""
    place = tmp_path_factory.mktemp("scaffold")
    root = scaffold("geo_code", place, "base.company")
    done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps",
                           "--disable-pip-version-check", "--target", str(place / "site"), str(root)],
                          capture_output=True, text=True, check=False)
    if "No matching distribution" in done.stderr:
        pytest.skip("pip cannot fetch setuptools, with which the package is built")
    assert done.returncode == 0, done.stderr
    return place / "site"


@pytest.fixture
def site(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same, importable during one test."""
    monkeypatch.syspath_prepend(str(installed))
    yield installed
    for name in [name for name in sys.modules if name.startswith("sarnakh_geo_code")]:
        del sys.modules[name]


def test_it_installs_as_a_package_and_is_found(site: Path) -> None:
    assert importlib.metadata.version("sarnakh-geo-code") == "0.1.0"
    found = discover([Path(__file__).resolve().parents[3] / "addons"])
    manifest = found["geo_code"]
    assert isinstance(manifest, Manifest)
    assert [one.name for one in resolve(found, ["geo_code"])] == ["base", "geo_code"]
    loaded = load_modules(manifest)
    assert sorted(loaded.modules) == ["layouts", "records"]
    assert (manifest.path / "locale" / "fa" / "LC_MESSAGES" / "messages.po").is_file()


def test_its_own_test_passes(site: Path) -> None:
    root = site.parent / "sarnakh-geo-code"
    path = os.pathsep.join([str(site), str(Path(__file__).resolve().parents[3])])
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(root / "tests")], check=True,
                   cwd=root, env={**os.environ, "PYTHONPATH": path}, capture_output=True)
