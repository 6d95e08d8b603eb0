"""A package turned into the source of an addon: a pip package of its own that ships it.

Fields and record types keep their names (`x_…`, `x.…`), because the data stays in its columns: an installation on which the
package was applied enables the addon and goes on. From then on new versions come with the addon's upgrades.
"""

from __future__ import annotations

import keyword
from pathlib import Path
from string import Template

from core.addons.manifest import API_VERSION, NAME
from core.customise.package import Package, write_folder
from core.errors import DefinitionError, SarnakhError
from core.i18n.messages import _
from core.registry.shipped import FOLDER

_FILES = {
    "pyproject.toml": '''\
[build-system]
requires = ["setuptools>=80"]
build-backend = "setuptools.build_meta"

[project]
name = "sarnakh-$dashed"
version = "$version"
dependencies = ["sarnakh"]

[project.entry-points."sarnakh.addons"]
$name = "$package"

[tool.setuptools]
packages = ["$package"]

[tool.setuptools.package-data]
$package = ["addon.toml", "customising/**/*", "locale/*/LC_MESSAGES/*.po"]
''',
    "$package/__init__.py": '"""An addon for Sarnakh, made of the customisation package $name."""\n',
    "$package/addon.toml": '''\
name = "$name"
version = "$version"
api = "$api"
title = "$title"
summary = "$summary"
depends = [$depends]
languages = ["en", "fa", "tr"]
''',
    "$package/hooks.py": '''\
"""Puts in what the core does not read from `customising/` by itself: profiles, views and the like."""

from pathlib import Path

from core.api import Env, hookimpl, packages


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """What is not there yet is made; what is there stays as it is."""
    if addon == "$name":
        packages.settle_in(env, Path(__file__).parent / "customising")
''',
    "$package/locale/fa/LC_MESSAGES/messages.po": '''\
msgid ""
msgstr "Language: fa\\nContent-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"
$texts''',
    "$package/locale/tr/LC_MESSAGES/messages.po": '''\
msgid ""
msgstr "Language: tr\\nContent-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"
$texts''',
    "tests/test_$name.py": '''\
"""The package is whole."""

from pathlib import Path

import $package
from core.api import packages


def test_the_package_can_be_read():
    package = packages.read(Path($package.__file__).parent / "customising")
    assert package.name and package.items
''',
}


def write_addon(package: Package, folder: Path, name: str | None = None) -> Path:
    """Write the addon `sarnakh-<name>` below `folder`; its folder. Nothing is overwritten."""
    called = name or package.name
    if not NAME.match(called) or keyword.iskeyword(called):
        raise DefinitionError(_("“{name}” cannot be an addon's name: use lower-case letters, digits and single "
                                "underscores."), name=called)
    root = folder.expanduser() / f"sarnakh-{called.replace('_', '-')}"
    if root.exists() and any(root.iterdir()):
        raise SarnakhError(_("The folder {folder} is not empty."), folder=str(root))
    title = _line(package.title or called.replace("_", " ").capitalize())
    summary = _line(package.description or f"{title}: fields, layouts and rules")
    words = {"name": called, "dashed": called.replace("_", "-"), "package": f"sarnakh_{called}", "api": API_VERSION, "title": title,
             "version": ".".join([*package.version.split("."), "0", "0"][:3]), "summary": summary,
             "depends": ", ".join(f'"{one}>={version}"' for one, version in sorted({"base": "0.1", **package.needs}.items())),
             "texts": "".join(f'msgid "{text}"\nmsgstr "{text}"\n' for text in dict.fromkeys([title, summary]))}
    for path, text in _FILES.items():
        file = root / Template(path).substitute(words)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(text).substitute(words), "utf-8")
    write_folder(package, root / words["package"] / FOLDER)
    return root


def _line(text: str) -> str:
    """A text as it may stand between quotation marks in TOML and in a catalogue."""
    return " ".join(text.replace("\\", "/").replace('"', "”").split())[:200]
