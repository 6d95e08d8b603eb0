"""What a formula or roll-up would give, worked out on real records before there is a field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from core.customise.pieces import Piece, merged, require
from core.customise.plan import unreadable
from core.env import Env
from core.errors import DefinitionError
from core.i18n.messages import _
from core.query.among import among
from core.records.computing import rolled_up
from core.records.fields import RollupField
from core.registry.own.names import split_field

NAME = "x_preview"
MOST = 50
USUAL = 5


def preview(env: Env, record: str, field: Mapping[str, Any], ids: Iterable[int] = ()) -> list[dict[str, Any]]:
    """`[{"id", "title", "value"}]` for a definition of a formula or roll-up over records that the actor may see.

    Without `ids` the latest records are taken. Raises SarnakhError for a definition that cannot be (an ExpressionError
    has the position of the mistake). Needs the area "layouts"; writes nothing.
    """
    require(env)
    piece = Piece("field", f"{record}.{NAME}", dict(field))
    split_field(piece.target)
    env.require("read", env.registry.record(record).name)
    if field.get("type") not in ("formula", "rollup"):
        raise DefinitionError(_("Only formulas and roll-ups are worked out beforehand."))
    rows = merged(env.registry.customising.rows, [piece])
    registry = env.installation.compile([m.name for m in env.registry.manifests], rows)
    fault = registry.own.faults.get(piece.key)
    if fault is not None:
        raise fault.__cause__ or fault
    for error in unreadable(env, registry, [piece]):
        raise error
    return _values(env.over(registry), record, list(ids)[:MOST])


def _values(env: Env, record: str, ids: list[int]) -> list[dict[str, Any]]:
    rtype = env.registry.record(record)
    made = rtype.fields[NAME]
    query = env.query(record).with_ids(ids) if ids else env.query(record).order("-id")
    if not isinstance(made, RollupField):
        rows = query.select(rtype.title, NAME).rows(MOST if ids else USUAL)
        return [{"id": row["id"], "title": str(row[rtype.title] or f"#{row['id']}"), "value": row[NAME]} for row in rows]
    rows = query.select(rtype.title).rows(MOST if ids else USUAL)
    statement = select(rtype.table.c.id, rolled_up(env, rtype, made)).where(among(env.dialect, rtype.table.c.id, [r["id"] for r in rows]))
    values = dict(tuple(row) for row in env.execute(statement)) if rows else {}
    return [{"id": row["id"], "title": str(row[rtype.title] or f"#{row['id']}"), "value": values.get(row["id"])} for row in rows]
