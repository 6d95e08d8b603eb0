"""Moving a card: where it may go, why not elsewhere, and the move itself, which is an ordinary change of one field.

The write pipeline decides; what is said here beforehand only saves people from dropping a card in vain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.env import Env
from core.errors import Conflict
from core.i18n.messages import Message, _
from core.records import locks
from core.records.fields import ChoiceField, Field, Link, LinkField
from core.registry.compose import RecordType
from core.web.board.columns import Axis, Division
from core.web.conflicts import changes_since
from core.web.statuspath import status_field

MOST_VERSIONS = 20


@dataclass(frozen=True)
class Drop:
    """What happens when a card is dropped somewhere: refused with a reason, or first decided on the page at `url`."""

    reason: str = ""
    url: str = ""


def open_moves(env: Env, rtype: RecordType, axis: Axis, row: Mapping[str, Any]) -> dict[str, Drop]:
    """For each column other than the card's own what dropping the card there would mean.

    `row` holds the card's number and the value of the field that makes the columns.
    """
    here = axis.key_of(row[axis.by.name])
    if row["id"] not in env.allowed_ids("update", rtype.name, [row["id"]]):
        refused = Drop(env.t(_("You may see this record but not change it.")))
        return {d.key: refused for d in axis.divisions if d.key != here}
    shut = env.locked(rtype.name, [row["id"]]).get(row["id"], "")
    if shut and axis.by.name not in locks.open_fields(rtype):
        return {d.key: Drop(env.t(shut)) for d in axis.divisions if d.key != here}
    judged = _judged(env, rtype, axis.by, row)
    found = {d.key: Drop(d.fixed) for d in axis.divisions if d.key != here}
    for one in axis.divisions:
        if one.key != here and not one.fixed and one.value in judged:
            found[one.key] = judged[one.value]
    return found


def _judged(env: Env, rtype: RecordType, one: Field, row: Mapping[str, Any]) -> dict[Any, Drop]:
    """What is known beforehand of moves to each value of a field. This is the one place that asks whatever knows the moves
    of a record type; values that nobody judges are tried."""
    current = row[one.name]
    if not isinstance(one, (ChoiceField, LinkField)) or current is None:
        return {}
    pages = None
    if one is status_field(env, rtype):
        held = str(current.id) if isinstance(current, Link) else current
        pages = env.registry.plugins.hook.status_moves(env=env, record_name=rtype.name, record_id=row["id"], status=held)
    found = {}
    for end, why in env.moves(rtype.name, [row["id"]], one.name).get(row["id"], {}).items():
        page = (pages or {}).get(end, "")
        if not page and pages is not None and end not in pages:
            why = why or [_("Not allowed from here.")]
        found[int(end) if isinstance(one, LinkField) else end] = Drop("", page) if page else Drop(" ".join(env.t(w) for w in why))
    return found


def move(env: Env, rtype: RecordType, axis: Axis, row: Mapping[str, Any], came: str, to: Division) -> None:
    """Put a card into another column. `came` is the column in which the person saw it: when it is not there any more,
    somebody was faster, and :class:`Conflict` says who. Other changes of the record meanwhile do not matter."""
    if axis.key_of(row[axis.by.name]) != came:
        raise Conflict(_faster(env, rtype, axis.by, row), record_id=row["id"])
    env.update(rtype.name, row["id"], {axis.by.name: to.value}, {row["id"]: row["version"]})


def _faster(env: Env, rtype: RecordType, one: Field, row: Mapping[str, Any]) -> Message:
    """Who moved the card before, as far as history tells."""
    last = next((c for c in changes_since(env, rtype, row["id"], MOST_VERSIONS) if one.name in (c.changes or {})), None)
    who = env.labels("base.user", [last.actor_id]).get(last.actor_id) if last is not None and last.actor_id else None
    value = row[one.name]
    shown = (value.label or "") if isinstance(value, Link) else env.format.date(value) if hasattr(value, "year") else str(
        one.labels.get(value, value) if isinstance(one, ChoiceField) else value or "")
    where = env.t(shown) if shown else env.t(_("None"))
    if who:
        return _("{name} was faster: this card is in “{column}” now.", name=who, column=where)
    return _("Somebody was faster: this card is in “{column}” now.", column=where)
