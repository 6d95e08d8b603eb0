"""The example addon of the docs, and the scaffold's, are pip packages that enable and work."""

from __future__ import annotations

from pathlib import Path

from core.addons.scaffold import scaffold
from core.i18n.extract import TRANSLATED, missing, mistakes
from tests.docs.packages import ROOT, pip_install, run_with

EXAMPLE = ROOT / "docs" / "developer" / "example"


def files(folder: Path) -> list[Path]:
    return [f for f in folder.rglob("*") if f.is_file() and f.suffix in (".py", ".toml", ".po")]


def test_the_example_is_small_and_speaks_all_languages(tmp_path: Path) -> None:
    assert sum(len(f.read_text("utf-8").splitlines()) for f in files(EXAMPLE)) < 100
    for addon in (EXAMPLE / "sarnakh_visits", scaffold("geo", tmp_path) / "sarnakh_geo"):
        for lang in TRANSLATED:
            assert not missing(addon, lang)
            assert not mistakes(addon, lang)


def test_the_example_installs_enables_and_works(tmp_path: Path) -> None:
    run_with(pip_install(EXAMPLE, tmp_path), "try_example.py", str(tmp_path))


def test_what_the_scaffold_writes_installs_enables_and_works(tmp_path: Path) -> None:
    run_with(pip_install(scaffold("geo", tmp_path / "made"), tmp_path), "try_scaffold.py", str(tmp_path))
