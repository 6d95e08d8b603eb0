"""What was customised when and by whom, and the way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from core.customise.applying import PLACE, run
from core.customise.pieces import Piece, require
from core.customise.plan import MOST_PIECES
from core.errors import Conflict, NotFound
from core.i18n.messages import _
from core.security.actor import Actor

if TYPE_CHECKING:
    from core.env import Env
    from core.installation import Installation

MOST = 200


@dataclass(frozen=True)
class HistoryRow:
    """One change of one piece; `before` or `after` is None where there was or is none. `who` is a user's number, `kept` are
    the files in which what was lost with it stands."""

    batch: str
    at: dt.datetime
    who: int | None
    kind: str
    target: str
    before: Any
    after: Any
    note: str = ""
    kept: tuple[str, ...] = ()


def history(env: Env, kind: str = "", target: str = "", *, batch: str = "", about: str = "", until: dt.datetime | None = None,
            limit: int = MOST) -> list[HistoryRow]:
    """The latest changes first: all, those of a kind, of one piece, `about` one record type, or of one batch; only those
    before the moment `until`. Needs the area "layouts"."""
    require(env)
    table = env.registry.system.audit
    statement = select(table).where(table.c.record == PLACE, table.c.action == "customised").order_by(table.c.id.desc())
    if kind and target:
        statement = statement.where(table.c.note == f"{kind} {target}")
    elif kind:
        statement = statement.where(table.c.note.startswith(f"{kind} ", autoescape=True))
    elif target:
        statement = statement.where(table.c.note.endswith(f" {target}", autoescape=True))
    if batch:
        statement = statement.where(table.c.batch == batch)
    if about:
        statement = statement.where(or_(table.c.note.endswith(f" {about}", autoescape=True), *(
            table.c.note.contains(f" {about}{mark}", autoescape=True) for mark in (".", "|"))))
    if until is not None:
        statement = statement.where(table.c.at < until)
    return [_row(row) for row in env.execute(statement.limit(limit))]


def _row(row: Any) -> HistoryRow:
    kind, _space, target = (row.note or "").partition(" ")
    changes = row.changes or {}
    before, after = changes.get("data") or (None, None)
    return HistoryRow(row.batch, row.at, row.actor_id, kind, target, before, after, str((changes.get("note") or [None, ""])[1] or ""),
                      tuple((changes.get("kept") or [None, ()])[1]))


def revert(installation: Installation, actor: Actor, batch: str) -> str:
    """Take a batch back: every piece becomes what it was. Refused when a piece was changed again since; returns the new batch.

    A deleted field or record type comes back with what it held, out of the file that was written when it went; where the
    file is gone it comes back empty.
    """
    with installation.env(actor, write=False) as env:
        rows = rows_of(env, batch)
    pieces, note, back = reversed_pieces(installation, rows)
    return run(installation, actor, pieces, note, back, first=lambda env: unchanged(env, rows))


def rows_of(env: Env, batch: str) -> list[HistoryRow]:
    """What a batch changed; NotFound when there is no such batch, Conflict when a piece was changed again."""
    rows = history(env, batch=batch, limit=MOST_PIECES)
    if not rows:
        raise NotFound(_("There is no such change of the customising."))
    unchanged(env, rows)
    return rows


def unchanged(env: Env, rows: Sequence[HistoryRow]) -> tuple[Piece, ...]:
    """Conflict when something of a batch was changed again since; asked once more when nobody else can change anything."""
    present = env.installation.customising(env.connection).rows
    changed = [row for row in rows if present.get((row.kind, row.target)) != row.after]
    if changed:
        raise Conflict(_("{target} was changed again since: take that back first."), target=changed[0].target)
    return ()


def reversed_pieces(installation: Installation, rows: Sequence[HistoryRow]) -> tuple[list[Piece], str, list[Path]]:
    """What takes a batch back, with the note for it and the files of what it deleted."""
    files = [installation.settings.dropped / Path(name).name for name in sorted({name for row in rows for name in row.kept})]
    note = rows[0].note and f"↶ {rows[0].note}"
    return [Piece(row.kind, row.target, row.before) for row in rows], note, [file for file in files if file.is_file()]
