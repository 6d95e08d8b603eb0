"""Home pages as they are kept: columns of blocks, one arrangement for everybody and others for profiles.

    {"shape": "main_side", "columns": [[block, ...], [block, ...]]}

They are rows of customising of the kind "home", with the target `installation` or `profile:<number>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.i18n.messages import Message, _
from core.web.blocks.arranged import chosen
from core.web.blocks.kinds import faults

if TYPE_CHECKING:
    from core.env import Env

KIND = "home"
SHAPES: dict[str, tuple[Message, int]] = {
    "main_side": (_("Wide, then narrow"), 2), "even": (_("Two equal columns"), 2), "side_main": (_("Narrow, then wide"), 2),
    "three": (_("Three columns"), 3), "one": (_("One column"), 1)}
"""How many columns there are, and how wide."""
MOST_BLOCKS = 40
SHIPPED: dict[str, Any] = {"shape": "main_side", "columns": [
    [{"id": "tiles", "widget": "tiles"}, {"id": "work", "widget": "work"}, {"id": "news", "widget": "news"}],
    [{"id": "recent", "widget": "recent"}, {"id": "apps", "widget": "apps"}]]}
"""What a home page shows where nobody arranged it; an arrangement begins with it."""


def home_of(env: Env) -> Mapping[str, Any] | None:
    """The reader's arrangement; None where nobody made one."""
    found = chosen(env, KIND)
    return found if isinstance(found, Mapping) and isinstance(found.get("columns"), list) else None


def blocks_of(home: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All blocks of an arrangement."""
    for column in home.get("columns") or ():
        yield from (b for b in column if isinstance(b, Mapping))


def block_of_home(env: Env, name: str) -> Mapping[str, Any] | None:
    """One block of the reader's home page."""
    home = home_of(env)
    return next((b for b in blocks_of(home) if b.get("id") == name), None) if home is not None else None


def home_faults(env: Env, data: Any) -> list[Message]:
    """What is wrong with an arrangement."""
    if not isinstance(data, Mapping) or set(data) - {"shape", "columns"} or data.get("shape") not in SHAPES:
        return [_("A home page needs a shape, one of: {words}", words=", ".join(SHAPES))]
    columns = data.get("columns")
    if not isinstance(columns, list) or len(columns) != SHAPES[data["shape"]][1] or not all(isinstance(c, list) for c in columns):
        return [_("A home page needs as many columns as its shape has.")]
    found = [b for column in columns for b in column]
    if len(found) > MOST_BLOCKS:
        return [_("A home page has room for {count} blocks.", count=MOST_BLOCKS)]
    ids = [b.get("id") for b in found if isinstance(b, Mapping)]
    if len(set(map(str, ids))) < len(ids):
        return [_("Two blocks have the same id.")]
    return [m for b in found for _option, m in faults(env, b)]
