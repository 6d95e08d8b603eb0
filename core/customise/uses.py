"""What uses a field or a record type, so that nothing is deleted from under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import String, cast, or_, select

from core.customise.pieces import Piece, Rows
from core.customise.words import Word
from core.errors import Invalid
from core.i18n.messages import Message, _
from core.registry.own.sources import is_made, steps_of
from core.registry.registry import Registry

if TYPE_CHECKING:
    from core.env import Env

MOST = 20


def uses_of(env: Env, kind: str, target: str) -> list[Message]:
    """What speaks of a field or record type: other customising, saved views, moves, templates."""
    rows = env.registry.customising.rows
    keys = {*_pieces(kind, target, rows), *(_made(env.registry, target) if kind == "field" else ())}
    return [*(_("customising: {kind} {target}", kind=k, target=t) for k, t in sorted(keys)), *_records(env, kind, target)]


def still_used(env: Env, pieces: Sequence[Piece], before: Rows) -> list[Invalid]:
    """An error for each piece that would be deleted although something else still uses it."""
    gone = {piece.key for piece in pieces if piece.data is None}
    made: list[Invalid] = []
    changed = {piece.key: piece.data for piece in pieces if piece.data is not None}
    for index, piece in enumerate(pieces):
        if piece.data is not None or piece.kind not in ("field", "record") or piece.key not in before:
            continue
        rows = {key: data for key, data in {**before, **changed}.items() if key not in gone}
        uses = [_("customising: {kind} {target}", kind=k, target=t) for k, t in _pieces(piece.kind, piece.target, rows)]
        uses += _records(env, piece.kind, piece.target)
        if uses:
            listed = "; ".join(env.t(one) for one in uses[:MOST])
            made.append(Invalid(index, piece.target, _("{target} is still used: {uses}", target=piece.target, uses=listed)))
    return made


def _pieces(kind: str, target: str, rows: Rows) -> Iterator[tuple[str, str]]:
    """Keys of the customising that speaks of something."""
    word = Word(kind, target)
    return (key for key, data in sorted(rows.items(), key=lambda row: row[0])
            if key != (kind, target) and word.meant_by(key[1], data))


def _made(registry: Registry, target: str) -> Iterator[tuple[str, str]]:
    """Keys of own formulas and roll-ups that read a field, whatever they reach it by."""
    record, _dot, name = target.rpartition(".")
    for rtype in registry.records.values():
        for made in filter(is_made, rtype.fields.values()):
            if (record, name) in steps_of(registry.records, rtype.name, made):
                yield "field", f"{rtype.name}.{made.name}"


def _records(env: Env, kind: str, target: str) -> list[Message]:
    """Records of the configuration that speak of it, each by its name. The database finds the letters, we the words."""
    word = Word(kind, target)
    escaped = word.name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found: list[Message] = []
    for rtype in env.registry.records.values():
        columns = [rtype.table.c[rtype.fields[n].column_name] for n in rtype.cls.record_mentions]
        if not columns:
            continue
        title = rtype.table.c.get(rtype.title, rtype.table.c.id)
        statement = select(title, *columns).where(rtype.table.c.deleted_at.is_(None), or_(
            *(cast(column, String).like(f"%{escaped}%", escape="\\") for column in columns)))
        rows = env.execute(statement.execution_options(yield_per=200))
        speaking = (row for row in rows if word.stands_in(list(row[1:])))
        found += [_("{record}: {title}", record=rtype.label, title=str(row[0])) for row in islice(speaking, MOST)]
        rows.close()
    return found
