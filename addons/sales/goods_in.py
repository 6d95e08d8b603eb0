"""What came of purchase orders: all of it at once, or some of each line, until the rest came or is given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from addons.catalogue.lines import SETTLE
from core.api import Env, F, Message, SarnakhError, _

from .choices import PARTLY, SENT
from .life import locked

PURCHASE, LINE, DONE = "sales.purchase", "sales.purchase_line", "received"
COMING = (SENT, PARTLY)
ZERO = Decimal(0)


def open_lines(env: Env, key: int) -> list[dict[str, Any]]:
    """Lines of which something is still to come, with how much (`left`)."""
    rows = env.query(LINE).where(F.paper == key).order("position", "id").select("description", "quantity", "unit", "received").rows()
    return [row | {"left": left} for row in rows if (left := (row["quantity"] or ZERO) - (row["received"] or ZERO)) > 0]


def receive_all(env: Env, records: Sequence[Any]) -> Message:
    """All that was still to come is there."""
    ids = [r.id for r in records]
    with env.elevated("goods of purchase orders came") as sudo:
        _still_coming(sudo, ids)
        rows = sudo.query(LINE).holding("paper", ids).select("quantity", "received").rows()
        sudo.update_each(LINE, {r["id"]: {"received": r["quantity"]} for r in rows if r["received"] != r["quantity"]}, source=SETTLE)
        sudo.update(PURCHASE, ids, {"status": DONE})
    return _("Marked as received.")


def receive_part(env: Env, key: int, amounts: Mapping[int, Decimal], last: bool) -> Message:
    """Some of it came; with `last` nothing more will. Never more than was ordered, whoever else receives at the same time."""
    with env.elevated("goods of a purchase order came") as sudo:
        _still_coming(sudo, [key])
        left = {row["id"]: row for row in open_lines(sudo, key)}
        came = {line: amount for line, amount in amounts.items() if amount}
        if not came and not last:
            raise SarnakhError(_("Write how much came."))
        if any(line not in left or not ZERO < amount <= left[line]["left"] for line, amount in came.items()):
            raise SarnakhError(_("More would come than was ordered."))
        sudo.update_each(LINE, {line: {"received": (left[line]["received"] or ZERO) + amount} for line, amount in came.items()},
                         source=SETTLE)
        whole = all(came.get(line) == row["left"] for line, row in left.items())
        sudo.update(PURCHASE, [key], {"status": DONE if last or whole else PARTLY})
    return _("Marked as received.") if last or whole else _("What came is noted.")


def _still_coming(sudo: Env, ids: Sequence[int]) -> None:
    if any(r.status not in COMING for r in locked(sudo, PURCHASE, ids, "status")):
        raise SarnakhError(_("Nothing more is to come of this order."))
