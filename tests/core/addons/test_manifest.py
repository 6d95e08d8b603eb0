"""A manifest is read as data, and every mistake in one is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.addons.manifest import load_manifest
from core.addons.versions import Requirement, compare
from core.errors import DefinitionError

MakeAddon = Callable[..., Path]


def test_everything_is_read(make_addon: MakeAddon) -> None:
    path = make_addon("deals", version="1.4.0", depends=["base>=1.0", "leads>=1.2,<2"], auto=True, quality="silver",
                      languages=["en", "fa"], **{"with": ["sms"]})
    manifest = load_manifest(path, "addons.deals")
    assert (manifest.name, manifest.version, manifest.auto, manifest.with_) == ("deals", "1.4.0", True, ("sms",))
    assert [one.name for one in manifest.requirements] == ["base", "leads"]
    assert manifest.package == "addons.deals"
    assert manifest.path == path
    assert manifest.as_dict()["with"] == ["sms"]


@pytest.mark.parametrize(("line", "named"), [
    ('colour = "red"', ["addon.toml", "colour", "summary"]),
    ("auto = 1", ["auto", "true or false"]),
    ('depends = "base"', ["depends", "list"]),
    ('depends = ["base=>1"]', ["depends", "base=>1"]),
    ('quality = "best"', ["quality", "best", "bronze"]),
    ("a = [", ["not valid TOML"]),
])
def test_mistakes_name_file_key_and_what_is_allowed(make_addon: MakeAddon, line: str, named: list[str]) -> None:
    path = make_addon("toy", toml=f'name = "toy"\nversion = "1"\ntitle = "Toy"\n{line}\n')
    with pytest.raises(DefinitionError) as caught:
        load_manifest(path)
    assert all(word in str(caught.value) for word in named), str(caught.value)


@pytest.mark.parametrize(("toml", "key"), [
    ('version = "1"\ntitle = "T"', "name"), ('name = "Toy"\nversion = "1"\ntitle = "T"', "name"),
    ('name = "toy"\nversion = "new"\ntitle = "T"', "version"), ('name = "toy"\nversion = "1"', "title"),
])
def test_required_keys(make_addon: MakeAddon, toml: str, key: str) -> None:
    with pytest.raises(DefinitionError, match=key):
        load_manifest(make_addon("toy", toml=toml))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="cannot be read"):
        load_manifest(tmp_path / "nowhere")


@pytest.mark.parametrize(("left", "right", "order"), [
    ("1.0", "1", 0), ("1.10", "1.9", 1), ("1.0rc1", "1.0", -1), ("1.0a2", "1.0b1", -1), ("1.0.post1", "1.0", 1),
])
def test_versions(left: str, right: str, order: int) -> None:
    assert compare(left, right) == order


def test_requirements() -> None:
    requirement = Requirement.parse("leads >= 1.2, < 2")
    assert requirement.met_by("1.2.0")
    assert not requirement.met_by("2.0")
    assert Requirement.parse("leads").met_by("0.1")
