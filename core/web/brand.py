"""An installation's own look: accent colours, logos, pictures of its texts. Files like any other to a browser.

It is customising of the kind "theme" with the target `installation`: {"accent": "#0d766e", "accent_dark": "#2dad9f", "logo":
{"media", "data"}, "logo_dark": {...}}, and of the kind "picture": {"name", "media", "data"} (see `core.looks`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from core.looks import KIND, LOGOS, MEDIA, PICTURE, TARGET, theme_faults, unpacked
from core.registry.registry import Registry
from core.web import brand_colours as colours

Files = dict[str, tuple[bytes, str]]
Schemes = tuple[colours.Scheme, colours.Scheme, colours.Scheme, colours.Scheme]


def look(registry: Registry) -> Mapping[str, Any]:
    """The theme that is kept; empty for none, and without what is not sound."""
    data = registry.customising.of(KIND).get(TARGET)
    return {k: v for k, v in data.items() if not theme_faults({k: v})} if isinstance(data, Mapping) else {}


def schemes(accent: str, accent_dark: str, folders: Iterable[Path]) -> Schemes:
    """The accent's tokens in light and dark, and the theme's own in both."""
    light, dark = colours.grounds(folders)
    return colours.light_tokens(accent, light), colours.dark_tokens(accent_dark or accent, dark), light, dark


def files(registry: Registry, folders: Iterable[Path]) -> Files:
    """What a browser may fetch, by name: the style sheet and the logos."""
    data = look(registry)
    made: Files = {}
    if data.get("accent"):
        light, dark, *_grounds = schemes(data["accent"], data.get("accent_dark", ""), folders)
        made["brand.css"] = (colours.sheet(light, dark).encode(), "text/css; charset=utf-8")
    for name in LOGOS:
        found = unpacked(data.get(name)) if name in data else None
        if found is not None:
            made[f"{name}.{MEDIA[found[1]]}"] = found
    return made


def version(made: Files) -> str:
    """Changes with the content."""
    return hashlib.sha256(b"".join(name.encode() + content for name, (content, _media) in sorted(made.items()))).hexdigest()[:10]


def ratios(made: Schemes) -> tuple[list[colours.Pair], list[colours.Pair]]:
    """Where the accent meets other colours, in light and in dark, with the contrast there is."""
    light, dark, theme_light, theme_dark = made
    return colours.pairs(light, theme_light), colours.pairs(dark, theme_dark)


def picture(registry: Registry, name: str) -> tuple[bytes, str] | None:
    """A picture that texts of this installation show."""
    return unpacked(registry.customising.of(PICTURE).get(name))
