"""Home pages as they are kept: columns of blocks, one arrangement for everybody and others for profiles.

    {"shape": "main_side", "columns": [[block, ...], [block, ...]]}

They are rows of customising of the kind "home", with the target `installation` or `profile:<number>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.arrangements import SHAPES, home_shape_faults
from core.i18n.messages import Message
from core.web.blocks.arranged import chosen
from core.web.blocks.kinds import faults

if TYPE_CHECKING:
    from core.env import Env

KIND = "home"
SHIPPED: dict[str, Any] = {"shape": "main_side", "columns": [
    [{"id": "tiles", "widget": "tiles"}, {"id": "work", "widget": "work"}, {"id": "news", "widget": "news"}],
    [{"id": "recent", "widget": "recent"}, {"id": "apps", "widget": "apps"}]]}
"""What a home page shows where nobody arranged it; an arrangement begins with it."""


def home_of(env: Env) -> Mapping[str, Any] | None:
    """The reader's arrangement; None where nobody made one."""
    found = chosen(env, KIND)
    return found if isinstance(found, Mapping) and isinstance(found.get("columns"), list) else None


def shape_of(home: Mapping[str, Any]) -> str:
    """The shape of an arrangement; that of the shipped one for a shape that is no longer there."""
    found = home.get("shape")
    return found if isinstance(found, str) and found in SHAPES else str(SHIPPED["shape"])


def columns_of(home: Mapping[str, Any]) -> list[list[Mapping[str, Any]]]:
    """The blocks of an arrangement by columns; what is no block, however it came there, is left out."""
    found = home.get("columns")
    return [[b for b in column if isinstance(b, Mapping) and isinstance(b.get("id"), str)] if isinstance(column, list) else []
            for column in (found if isinstance(found, list) else ())]


def blocks_of(home: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All blocks of an arrangement."""
    for column in columns_of(home):
        yield from column


def block_of_home(env: Env, name: str) -> Mapping[str, Any] | None:
    """One block of the reader's home page."""
    home = home_of(env)
    return next((b for b in blocks_of(home) if b.get("id") == name), None) if home is not None else None


def home_faults(env: Env, data: Any) -> list[Message]:
    """What is wrong with an arrangement, its blocks' options included."""
    return home_shape_faults(data) or [m for b in blocks_of(data) for _option, m in faults(env, b)]
