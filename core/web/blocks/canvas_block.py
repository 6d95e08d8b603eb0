"""A free text with headings, tables, pictures and values of the shown record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import nh3
from markupsafe import Markup, escape

from core.i18n.messages import _
from core.layouts import text_in
from core.ui import BlockKind, OptionSpec
from core.web.blocks.shown import PLACEHOLDER, Shown
from core.web.viewmodels import Panel

if TYPE_CHECKING:
    from core.env import Env

PICTURES = "/picture/"
"""Where pictures of this installation are; a text shows no others, so that reading it tells nobody outside."""


def cleaned(html: str) -> str:
    """Markup that may stand in a page: no scripts, no styles, pictures of this site only."""
    def keep(tag: str, name: str, value: str) -> str | None:
        return None if tag == "img" and name == "src" and not value.startswith((PICTURES, "/files/")) else value

    return nh3.clean(html, link_rel="noopener noreferrer nofollow", attribute_filter=keep)


def draw(env: Env, block: Mapping[str, Any], shown: Shown) -> Panel | None:
    """The text in the reader's language, its placeholders filled with what they may see."""
    text = text_in(block["options"].get("text"), env.lang, env.t)
    filled = PLACEHOLDER.sub(lambda match: str(escape(shown.text(match.group(1)))), text) if shown.rtype is not None else text
    title = text_in(block.get("label"), env.lang, env.t)
    return Panel(title, html=Markup('<div class="prose" dir="auto">{}</div>').format(Markup(cleaned(filled))),  # noqa: S704 - cleaned
                 icon=block.get("icon") or "")


KIND = BlockKind("canvas", _("Text and pictures"), draw, icon="card-text",
                 help=_("A free text; {{field}} is filled from the record."), options=(
                     OptionSpec("text", _("Text"), "rich", required=True),))
