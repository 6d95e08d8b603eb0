"""Where themes are: folders in `themes/`, each with a parent whose files count where it has none of its own."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.env import Env

THEMES = Path(__file__).resolve().parents[1] / "themes"
FALLBACK = "default"


def folders(name: str, root: Path = THEMES) -> list[Path]:
    """A theme's folder and those of its parents; the default theme comes last in any case."""
    found: list[Path] = []
    while name and root / name not in found and (root / name / "theme.toml").is_file():
        found.append(root / name)
        name = str(tomllib.loads((root / name / "theme.toml").read_text("utf-8")).get("parent", ""))
    fallback = root / FALLBACK
    return found if fallback in found else [*found, fallback]


def chosen(env: Env) -> str:
    """The theme for a reader: what an addon says, or the setting's."""
    return env.registry.plugins.hook.choose_theme(env=env) or env.installation.settings.web.theme
