"""An installation's own look: accent colours, logos, pictures of its texts. Files like any other to a browser.

It is customising of the kind "theme" with the target `installation`: {"accent": "#0d766e", "accent_dark": "#2dad9f", "logo":
{"media", "data"}, "logo_dark": {...}}, and of the kind "picture": {"name", "media", "data"}. Pictures are raster ones of
moderate size, kept whole (as base64) so that they travel in backups, packages and history with what shows them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import filetype

from core.i18n.messages import Message, _
from core.registry.registry import Registry
from core.web import brand_colours as colours

KIND, TARGET = "theme", "installation"
PICTURE = "picture"
MEDIA = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}
MOST_BYTES = 256 * 1024
LOGOS = ("logo", "logo_dark")
COLOURS = ("accent", "accent_dark")
Files = dict[str, tuple[bytes, str]]
Schemes = tuple[colours.Scheme, colours.Scheme, colours.Scheme, colours.Scheme]


def packed(content: bytes) -> dict[str, str] | None:
    """A picture as customising keeps it; None for what is none of the known kinds, or too large."""
    kind = filetype.guess(content[:8192])
    if kind is None or kind.mime not in MEDIA or len(content) > MOST_BYTES:
        return None
    return {"media": kind.mime, "data": base64.b64encode(content).decode()}


def unpacked(stored: Any) -> tuple[bytes, str] | None:
    """Content and type of a kept picture; None for what was not made by :func:`packed`."""
    if not isinstance(stored, Mapping) or stored.get("media") not in MEDIA or not isinstance(stored.get("data"), str):
        return None
    try:
        content = base64.b64decode(stored["data"], validate=True)
    except (ValueError, binascii.Error):
        return None
    again = packed(content)
    return (content, again["media"]) if again is not None and again["media"] == stored["media"] else None


def theme_faults(data: Any) -> list[Message]:
    """What is wrong with a theme."""
    if not isinstance(data, Mapping) or set(data) - {*LOGOS, *COLOURS}:
        return [_("A theme has colours (accent, accent_dark) and logos (logo, logo_dark).")]
    found = [_("“{colour}” is no colour: write it as #0d766e.", colour=str(data[n])[:40]) for n in COLOURS
             if n in data and not colours.is_colour(data[n])]
    return found + picture_faults(*(data[n] for n in LOGOS if n in data))


def picture_faults(*pictures: Any) -> list[Message]:
    """What is wrong with kept pictures."""
    return [_("This is not a picture (PNG, JPEG, WebP or GIF of at most {size} KB).", size=MOST_BYTES // 1024)
            for one in pictures if unpacked(one) is None]


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
