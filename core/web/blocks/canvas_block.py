"""A free text with headings, tables, pictures and values of the shown record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import nh3
from markupsafe import Markup, escape

from core.i18n.messages import _
from core.layouts import text_in
from core.layouts.links import SCHEMES, fill_link
from core.ui import BlockKind, OptionSpec
from core.web.blocks.shown import PLACEHOLDER, Shown, placeholders
from core.web.viewmodels import Panel

if TYPE_CHECKING:
    from core.env import Env

PICTURES = "/picture/"
"""Where pictures of this installation are; a text shows no others, so that reading it tells nobody outside."""


def filled(html: str, shown: Shown) -> str:
    """Markup that may stand in a page, its placeholders filled with what the reader may see: no scripts, no styles, pictures of this
    site only, and addresses that are still web, mail or phone addresses or pages of this site when values stand in them."""
    asked = placeholders(html) if shown.rtype is not None else ()
    shown.read(asked)

    def keep(_tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if value.startswith((PICTURES, "/files/")) else None
        if name == "href" and asked and PLACEHOLDER.search(value):
            href = PLACEHOLDER.sub(lambda match: f"{{{match.group(1)}}}", value)
            return fill_link(href, shown.values(p for p in placeholders(value) if shown.sees(p)))
        return value

    clean = nh3.clean(html, link_rel="noopener noreferrer nofollow", url_schemes=SCHEMES, attribute_filter=keep)
    return PLACEHOLDER.sub(lambda match: str(escape(shown.text(match.group(1)))), clean) if asked else clean


def draw(env: Env, block: Mapping[str, Any], shown: Shown) -> Panel | None:
    """The text in the reader's language."""
    text = filled(text_in(block["options"].get("text"), env.lang, env.t), shown)
    title = text_in(block.get("label"), env.lang, env.t)
    return Panel(title, html=Markup('<div class="prose" dir="auto">{}</div>').format(Markup(text)),  # noqa: S704 - cleaned
                 icon=block.get("icon") or "")


KIND = BlockKind("canvas", _("Text and pictures"), draw, icon="card-text",
                 help=_("A free text; {{field}} is filled from the record."), options=(
                     OptionSpec("text", _("Text"), "rich", required=True),))
