"""What shifts keep to when they are written, by whatever door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Change, Env, F, Invalid, _

from .choices import SHIFT

BY_ROTA = "rota"
"""Source of what a rota writes."""
LONGEST = dt.timedelta(hours=48)


def before(env: Env, change: Change) -> None:
    """What people touch is no longer as the rota planned it; a shift is called as who has it."""
    if change.action not in ("create", "update"):
        return
    if change.source != BY_ROTA and change.action == "update":
        for record in change.changed("user", "shift_type", "begins_at", "ends_at"):
            change.set(record, "as_planned", False)
    with env.elevated("names of people") as sudo:
        names = sudo.labels("base.user", [r.user.id for r in change.records if r.user])
    for record in change.records:
        change.set(record, "title", names.get(record.user.id) if record.user else None)


def problems(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
    """Shifts that end before they begin, last for days, or of somebody who has another one at the time."""
    wrong = []
    for record in records:
        if record.ends_at <= record.begins_at:
            wrong.append(Invalid(record, "ends_at", _("It ends after it begins.")))
        elif record.ends_at - record.begins_at > LONGEST:
            wrong.append(Invalid(record, "ends_at", _("A shift lasts 48 hours at most.")))
    yield from wrong
    if wrong or not records:
        return
    own = {r.get("id") for r in records}
    with env.elevated("other shifts of these people") as sudo:
        rows = sudo.query(SHIFT).archived(None).where(
            F.user.isin(sorted({r.user.id for r in records})), F.begins_at < max(r.ends_at for r in records),
            F.ends_at > min(r.begins_at for r in records)).select("user", "begins_at", "ends_at").rows()
        taken: dict[int, list[tuple[dt.datetime, dt.datetime, Any]]] = {}
        for row in rows:
            if row["id"] not in own:
                taken.setdefault(row["user"].id, []).append((row["begins_at"], row["ends_at"], None))
        for record in records:
            taken.setdefault(record.user.id, []).append((record.begins_at, record.ends_at, record))
        names = sudo.labels("base.user", taken)
    for user, spans in taken.items():
        spans.sort(key=lambda span: span[:2])
        for one, two in zip(spans, spans[1:], strict=False):
            record = two[2] or one[2]
            if two[0] < one[1] and record is not None:
                other = one if record is two[2] else two
                yield Invalid(record, "begins_at", _("{person} has a shift from {begins} to {ends} already.", person=names.get(user, "?"),
                                                     begins=env.format.datetime(other[0]), ends=env.format.datetime(other[1])))
