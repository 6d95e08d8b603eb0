"""Customising that addons ship in their folder `customising/`: a package that became an addon.

It lies beneath what the installation says itself, under the same names (`x_…`, `x.…`), so the columns and their data stay
where they are when a package turns into an addon, and come back when the addon is enabled again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from core.errors import DefinitionError
from core.i18n.messages import _

FOLDER = "customising"
Key = tuple[str, str]


def shipped(folders: Mapping[str, Path]) -> dict[Key, tuple[str, Any]]:
    """What addons (by name, with their folders) ship: by kind and target the addon and the data; two with the same are refused."""
    found: dict[Key, tuple[str, Any]] = {}
    for addon, folder in folders.items():
        for key, data in _of(addon, (folder / FOLDER / "custom").rglob("*.json")):
            if key in found:
                raise DefinitionError(_("{target} is shipped by {one} and by {other}: rename one.", target=key[1], one=found[key][0],
                                        other=addon))
            found[key] = (addon, data)
    return found


def _of(addon: str, files: Iterable[Path]) -> Iterable[tuple[Key, Any]]:
    for file in sorted(files):
        try:
            content = json.loads(file.read_text("utf-8"))
            key, data = (str(content["kind"]), str(content["target"])), content["data"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            raise DefinitionError(_("{addon}: {file} is not in the form of a package's file.", addon=addon, file=file.name)) from None
        if "@" not in key[1]:  # those of one profile are put in when the addon is enabled
            yield key, data
