"""The guide for users: the Persian one says what the English one says, and both name what is really on the screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.i18n.catalogs import parse_catalogue
from core.i18n.extract import catalogue_path
from tests.docs.packages import ROOT

ENGLISH = ROOT / "docs" / "user"
PERSIAN = ENGLISH / "fa"
PAGES = sorted(page.name for page in ENGLISH.glob("*.md"))
HEADING = re.compile(r"^#+ ", re.MULTILINE)
LABEL = re.compile(r"(?<![\w*])\*([^*|]+?)\*(?!\*)")
NO_LABELS = {"and", "or", "this month", "in the last … days", "و", "یا", "این ماه"}
"""Emphasised words that are no labels of the program by themselves."""


def texts(page: Path) -> str:
    """A page without code."""
    return re.sub(r"```.*?```|`[^`]*`", "", page.read_text("utf-8"), flags=re.DOTALL)


def names(lang: str) -> set[str]:
    """Every text of the program in a language."""
    found: set[str] = set()
    for folder in (ROOT / "core", *sorted(manifest.parent for manifest in ROOT.glob("addons/*/addon.toml"))):
        for english, forms in parse_catalogue(catalogue_path(folder, "fa")).items():
            found.update((english.rpartition("\x04")[2],) if lang == "en" else (form for form in forms if form))
    return found


def test_both_languages_have_the_same_pages_and_headings() -> None:
    assert sorted(page.name for page in PERSIAN.glob("*.md")) == PAGES
    for name in PAGES:
        english, persian = ((folder / name).read_text("utf-8") for folder in (ENGLISH, PERSIAN))
        assert HEADING.findall(english) == HEADING.findall(persian), name
        assert len(re.findall(r"^\|", english, re.MULTILINE)) == len(re.findall(r"^\|", persian, re.MULTILINE)), name


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_labels_are_those_on_the_screen(lang: str) -> None:
    known, wrong = names(lang), []
    for name in PAGES:
        for label in LABEL.findall(texts((PERSIAN if lang == "fa" else ENGLISH) / name)):
            for part in " ".join(label.split()).split(" > "):
                if part not in known | NO_LABELS and part + "…" not in known:
                    wrong.append(f"{name}: {part}")
    assert not wrong
