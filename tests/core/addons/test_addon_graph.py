"""Addons come after what they depend on; what does not fit is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.addons.discovery import BrokenManifest
from core.addons.graph import dependants, resolve
from core.addons.manifest import Manifest
from core.errors import DefinitionError


def _addons(*specs: tuple[str, list[str]], **keys: dict[str, Any]) -> dict[str, Manifest | BrokenManifest]:
    return {name: Manifest(**{"name": name, "version": "1.0", "title": name, "path": Path(name), "package": name,
                              "depends": tuple(depends), **keys.get(name, {})}) for name, depends in specs}


def _names(found: list[Manifest]) -> list[str]:
    return [manifest.name for manifest in found]


def test_order_is_by_depth_then_name() -> None:
    addons = _addons(("zoo", []), ("base", []), ("leads", ["base"]), ("deals", ["leads", "base"]), ("art", ["base"]))
    assert _names(resolve(addons, ["deals", "zoo", "art"])) == ["base", "zoo", "art", "leads", "deals"]


def test_automatic_addons_follow_their_dependencies() -> None:
    addons = _addons(("base", []), ("sms", []), ("glue", ["base", "sms>=1"]), ("more", ["glue"]),
                     ("misfit", ["base>=9"]), glue={"auto": True}, more={"auto": True}, misfit={"auto": True})
    assert _names(resolve(addons, ["base"])) == ["base"]
    assert _names(resolve(addons, ["base", "sms"])) == ["base", "sms", "glue", "more"]


@pytest.mark.parametrize(("wanted", "words"), [
    ("nobody", ["nobody", "Known are"]),
    ("needy", ["needy", "ghost"]),
    ("round", ["round → trip → round"]),
    ("young", ["young", "base>=2", "1.0"]),
    ("future", ["future", "API version 9"]),
    ("snake", ["snake", "no-such-package-at-all"]),
    ("python_old", ["python_old", "sqlalchemy>=99"]),
    ("leaning", ["hurt", "broken", "it hurts"]),
])
def test_what_does_not_fit_is_named(wanted: str, words: list[str]) -> None:
    addons = _addons(("base", []), ("needy", ["ghost"]), ("round", ["trip"]), ("trip", ["round"]),
                     ("young", ["base>=2"]), ("future", []), ("snake", []), ("python_old", []), ("leaning", ["hurt"]),
                     future={"api": "9"}, snake={"python": ("no-such-package-at-all",)},
                     python_old={"python": ("sqlalchemy>=99",)})
    addons["hurt"] = BrokenManifest("hurt", None, "it hurts")
    with pytest.raises(DefinitionError) as caught:
        resolve(addons, [wanted])
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_dependants_reach_through() -> None:
    addons = _addons(("base", []), ("leads", ["base"]), ("deals", ["leads"]), ("alone", []))
    assert dependants(addons, "base") == ["deals", "leads"]
    assert dependants(addons, "alone") == []
