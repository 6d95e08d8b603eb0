"""Texts of messages as safe HTML. Whatever came from outside is text to us, unless its channel knows how to show it safely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from core.api import Env

from . import accounts

SHORT = 220
PLAIN = Markup('<div class="msg-text" dir="auto">{}</div>')
CUT = Markup('<details class="msg-more"><summary dir="auto">{}</summary><div class="msg-text" dir="auto">{}</div></details>')


def body(env: Env, row: Mapping[str, Any]) -> Markup:
    """The whole text of a message."""
    channel = accounts.channels(env).get(row["channel"])
    if row.get("html") and channel is not None and channel.show is not None:
        return Markup(channel.show(env, row))  # noqa: S704 - made safe by its channel
    return PLAIN.format(row["body"] or "")


def short(row: Mapping[str, Any]) -> Markup:
    """The text, its beginning first where it is long: the rest opens in place."""
    text = str(row["body"] or "").strip()
    if len(text) <= SHORT and text.count("\n") < 4:
        return PLAIN.format(text) if text else Markup()
    return CUT.format(beginning(text), escape(text))


def beginning(text: str, most: int = SHORT) -> str:
    """How a text begins, on one line and at the end of a word."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    cut = words[:most].rpartition(" ")[0] or words[:most]
    return f"{cut}…"
