"""What an installation arranges for its people, as plain data: home pages and menus, and whether such data can be.

They are rows of customising with the target `installation` or `profile:<number>`. `core.web.blocks.home_page` and
`core.web.menu` draw them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from core.errors import DefinitionError
from core.i18n.catalogs import LANGUAGES
from core.i18n.messages import Message, _
from core.layouts.links import is_safe
from core.layouts.props import is_id, is_json

OWNER = re.compile(r"installation|profile:[1-9][0-9]{0,17}")
ENTRIES = ("entry", "group", "link")
MOST_ENTRIES = 200
_KEYS = frozenset({"id", "kind", "level", "label", "icon", "href", "hidden"})
_BLOCK = frozenset({"id", "widget", "label", "icon", "options"})
SHAPES: dict[str, tuple[Message, int]] = {
    "main_side": (_("Wide, then narrow"), 2), "even": (_("Two equal columns"), 2), "side_main": (_("Narrow, then wide"), 2),
    "three": (_("Three columns"), 3), "one": (_("One column"), 1)}
"""How many columns there are, and how wide."""
MOST_BLOCKS = 40


def home_shape_faults(data: Any) -> list[Message]:
    """What is wrong with a home page, whatever its blocks mean."""
    if not isinstance(data, Mapping) or set(data) - {"shape", "columns"} or data.get("shape") not in SHAPES:
        return [_("A home page needs a shape, one of: {words}", words=", ".join(SHAPES))]
    columns = data.get("columns")
    if not isinstance(columns, list) or len(columns) != SHAPES[data["shape"]][1] or not all(isinstance(c, list) for c in columns):
        return [_("A home page needs as many columns as its shape has.")]
    found = [b for column in columns for b in column]
    if len(found) > MOST_BLOCKS:
        return [_("A home page has room for {count} blocks.", count=MOST_BLOCKS)]
    if not all(_is_block(b) for b in found):
        return [_("A block needs an id of letters, digits, dot, dash and underscore.")]
    if len({b["id"] for b in found}) < len(found):
        return [_("Two blocks have the same id.")]
    return []


def _is_block(block: Any) -> bool:
    return (isinstance(block, Mapping) and is_id(block.get("id")) and is_id(block.get("widget")) and set(block) <= _BLOCK
            and isinstance(block.get("options", {}), Mapping) and is_json(block))


def menu_faults(data: Any) -> list[Message]:
    """What is wrong with an arrangement."""
    entries = data.get("entries") if isinstance(data, Mapping) and set(data) == {"entries"} else None
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        return [_("A menu is a list of at most {count} entries.", count=MOST_ENTRIES)]
    found: list[Message] = []
    seen: set[str] = set()
    for at, entry in enumerate(entries):
        found += _entry_faults(entry, first=at == 0)
        name = str(entry.get("id")) if isinstance(entry, Mapping) else ""
        if name in seen:
            found.append(_("“{name}” is in the menu twice.", name=name))
        seen.add(name)
    return found


def _entry_faults(entry: Any, first: bool) -> list[Message]:
    if not isinstance(entry, Mapping) or not is_id(entry.get("id")) or entry.get("kind") not in ENTRIES or set(entry) - _KEYS:
        return [_("An entry of the menu needs an id and a kind: entry, group or link.")]
    name, label, icon = entry["id"], entry.get("label"), entry.get("icon")
    if type(entry.get("level", 0)) is not int or entry.get("level", 0) not in (0, 1) or (first and entry.get("level")):
        return [_("“{name}” cannot stand at this level.", name=name)]
    if entry["kind"] == "group" and entry.get("level"):
        return [_("A group cannot stand in another one.")]
    if label is not None and not (isinstance(label, Mapping) and all(k in LANGUAGES and isinstance(v, str) and len(v) <= 120
                                                                  for k, v in label.items())):
        return [_("“{name}” needs texts by language.", name=name)]
    if icon is not None and (not isinstance(icon, str) or len(icon) > 60):
        return [_("“{name}” has an icon that is none.", name=name)]
    if entry["kind"] == "link" and (not isinstance(entry.get("href"), str) or len(entry["href"]) > 2000 or not is_safe(entry["href"])):
        return [_("“{address}” is not a web, mail or phone address, nor a page of this site.", address=str(entry.get("href"))[:120])]
    if entry["kind"] != "entry" and not label:
        return [_("“{name}” needs a name in at least one language.", name=name)]
    return []


def checked(faults: Callable[[Any], list[Message]], target: re.Pattern[str] = OWNER) -> Callable[[str, Any], None]:
    """A check for rows of customising: raises DefinitionError for a target or data that cannot be."""
    def check(name: str, data: Any) -> None:
        found = [_("It can be for everybody or a profile.")] if target.fullmatch(name) is None else faults(data)
        if found:
            raise DefinitionError(_("{where}: {fault}"), where=name[:120], fault=found[0])
    return check
