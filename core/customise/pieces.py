"""Pieces of customising: as they are given, and as they are stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.errors import AccessDenied
from core.i18n.messages import _
from core.registry.registry import Customising

if TYPE_CHECKING:
    from core.env import Env

AREA = "layouts"
"""The admin area whose holders customise."""
Rows = Mapping[tuple[str, str], Any]


@dataclass(frozen=True)
class Piece:
    """One piece: its kind, what it is about, and its data (None takes it away).

    A record type may be named as its table is (`x_visit` for `x.visit`).
    """

    kind: str
    target: str
    data: Any = None

    def __post_init__(self) -> None:
        if self.kind == "record" and isinstance(self.target, str) and self.target.startswith("x_"):
            object.__setattr__(self, "target", "x." + self.target.removeprefix("x_"))

    @property
    def key(self) -> tuple[str, str]:
        """Under what it is stored."""
        return self.kind, self.target


@dataclass(frozen=True)
class StoredPiece(Piece):
    """A piece that an installation has: whose layer it is in ("installation", "profile:3"), when it was changed and by whom."""

    owner: str = "installation"
    updated_at: dt.datetime | None = None
    updated_by: int | None = None


def pieces_of(env: Env, kinds: Iterable[str] | None = None) -> list[StoredPiece]:
    """The installation's customising, of these kinds or of all, in order of kind and target. Needs the area "layouts"."""
    require(env)
    table = env.registry.system.custom
    statement = select(table).order_by(table.c.kind, table.c.target)
    if kinds is not None:
        statement = statement.where(table.c.kind.in_(list(kinds)))
    return [StoredPiece(r.kind, r.target, r.data, owner_of(r.kind, r.target), r.updated_at, r.updated_by_id)
            for r in env.execute(statement)]


def owner_of(kind: str, target: str) -> str:
    """Whose layer a piece is in: layouts, home pages and menus may be a profile's."""
    owner = target.rpartition("|")[2] if kind == "layout" else target
    return owner if owner.startswith(("profile:", "kind:")) else "installation"


def require(env: Env) -> None:
    """AccessDenied unless the actor may customise."""
    if not env.access.area(AREA):
        raise AccessDenied(_("You may not change fields, layouts and rules."))


def merged(rows: Rows, pieces: Sequence[Piece]) -> Customising:
    """Customising with some pieces put in or taken away."""
    made = dict(rows)
    for piece in pieces:
        if piece.data is None:
            made.pop(piece.key, None)
        else:
            made[piece.key] = piece.data
    return Customising(made)
