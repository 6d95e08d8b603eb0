"""The look of an installation as plain data: accent colours, logos, pictures of its texts; and whether such data can be.

Pictures are raster ones of moderate size, kept whole (as base64) so that they travel in backups, packages and history with
what shows them.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

import filetype

from core.i18n.messages import Message, _

KIND, TARGET = "theme", "installation"
PICTURE = "picture"
MEDIA = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}
MOST_BYTES = 256 * 1024
LOGOS = ("logo", "logo_dark")
COLOURS = ("accent", "accent_dark")
HEX = re.compile(r"#[0-9a-f]{6}")
PICTURE_NAME = re.compile(r"[0-9a-f]{24}\.(png|jpeg|webp|gif)")


def is_colour(text: object) -> bool:
    """Whether a text is a colour as `#0d766e`."""
    return isinstance(text, str) and HEX.fullmatch(text) is not None


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
             if n in data and not is_colour(data[n])]
    return found + picture_faults(*(data[n] for n in LOGOS if n in data))


def picture_faults(*pictures: Any) -> list[Message]:
    """What is wrong with kept pictures."""
    return [_("This is not a picture (PNG, JPEG, WebP or GIF of at most {size} KB).", size=MOST_BYTES // 1024)
            for one in pictures if unpacked(one) is None]


def picture_row_faults(data: Any) -> list[Message]:
    """What is wrong with a picture of texts."""
    if not isinstance(data, Mapping) or set(data) - {"name", "media", "data"} or not isinstance(data.get("name", ""), str):
        return [_("A picture has a name, its type and its content.")]
    return picture_faults(data)
