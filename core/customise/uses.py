"""What uses a field or a record type, so that nothing is deleted from under it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import String, cast, or_, select

from core.customise.pieces import Piece, Rows
from core.errors import Invalid
from core.i18n.messages import Message, _

if TYPE_CHECKING:
    from core.env import Env

MOST = 20


def uses_of(env: Env, kind: str, target: str) -> list[Message]:
    """What speaks of a field or record type: other customising, saved views, moves, templates."""
    rows = env.registry.customising.rows
    found = [_("customising: {kind} {target}", kind=k, target=t) for k, t in _pieces(kind, target, rows)]
    return [*found, *_records(env, kind, target)]


def still_used(env: Env, pieces: Sequence[Piece], before: Rows) -> list[Invalid]:
    """An error for each piece that would be deleted although something else still uses it."""
    gone = {piece.key for piece in pieces if piece.data is None}
    made: list[Invalid] = []
    changed = {piece.key: piece.data for piece in pieces if piece.data is not None}
    for index, piece in enumerate(pieces):
        if piece.data is not None or piece.kind not in ("field", "record") or piece.key not in before:
            continue
        rows = {key: changed.get(key, data) for key, data in before.items() if key not in gone}
        uses = [_("customising: {kind} {target}", kind=k, target=t) for k, t in _pieces(piece.kind, piece.target, rows)]
        uses += _records(env, piece.kind, piece.target)
        if uses:
            listed = "; ".join(env.t(one) for one in uses[:MOST])
            made.append(Invalid(index, piece.target, _("{target} is still used: {uses}", target=piece.target, uses=listed)))
    return made


def _pieces(kind: str, target: str, rows: Rows) -> Iterator[tuple[str, str]]:
    """Keys of the customising that speaks of something."""
    if kind == "record":
        about, word = target, re.compile(rf"(?<![\w.]){re.escape(target)}(?![\w])")
    else:
        about, _dot, name = target.rpartition(".")
        word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for (other, at), data in sorted(rows.items(), key=lambda row: row[0]):
        if (other, at) == (kind, target):
            continue
        text = json.dumps(data, ensure_ascii=False)
        mine = at == target or at.startswith((f"{about}|", f"{about}."))
        spoken = bool(word.search(text))
        if at == target or (mine or spoken if kind == "record" else spoken and (mine or _through_link(text, target))):
            yield other, at


def _through_link(text: str, target: str) -> bool:
    record, _dot, name = target.rpartition(".")
    return f".{name}" in text or f'"target": "{record}"' in text


def _records(env: Env, kind: str, target: str) -> list[Message]:
    """Records of the configuration that speak of it, each by its name."""
    needle = target if kind == "record" else target.rpartition(".")[2]
    found: list[Message] = []
    for rtype in env.registry.records.values():
        columns = [rtype.table.c[rtype.fields[n].column_name] for n in rtype.cls.record_mentions]
        if not columns:
            continue
        title = rtype.table.c.get(rtype.title, rtype.table.c.id)
        escaped = needle.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        statement = select(title).where(rtype.table.c.deleted_at.is_(None), or_(
            *(cast(column, String).like(f"%{escaped}%", escape="\\") for column in columns))).limit(MOST)
        found += [_("{record}: {title}", record=rtype.label, title=str(one)) for one in env.execute(statement).scalars()]
    return found
