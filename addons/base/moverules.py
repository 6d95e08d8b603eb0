"""Rules of moves, as the record type keeps them: what makes one sound, and plain allowed moves as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from core.api import Env, ExpressionError, F, Invalid, _

MOVE = "base.move"
NEW = "(new)"
"""Where the moves of new records begin."""
Pair = tuple[str, str]


def problems(env: Env, record: Any) -> Iterator[Invalid]:
    """Why a rule cannot be kept."""
    rtype = env.registry.records.get(record.record_type)
    if rtype is None or not rtype.moves or rtype.moves != record.field_name:
        yield Invalid(record, "record_type", _("The records of this type do not move along this field."))
        return
    field: Any = rtype.fields[rtype.moves]
    for name in ("from_value", "to_value"):
        value = getattr(record, name)
        if not value or (name == "from_value" and value == NEW):
            continue
        if not (value.isdecimal() if field.type_name == "link" else value in field.labels):
            yield Invalid(record, name, _("There is no such value."))
    names = record.required_fields or ()
    if not isinstance(names, (list, tuple)) or any(n not in rtype.fields or rtype.fields[n].system for n in names):
        yield Invalid(record, "required_fields", _("One of the required fields does not exist."))
    if record.condition:
        try:  # as the writer: what they may not see, they may not ask for either
            env.query(rtype.name).where(record.condition).id_select()
        except ExpressionError as error:
            yield Invalid(record, "condition", error.message)


def plain(row: Any) -> bool:
    """Whether a rule only allows a move, to everybody and without asking for anything."""
    return not (row["profiles"] or row["required_fields"] or row["condition"] or row["message"])


def allowed(env: Env, record: str) -> set[Pair]:
    """The moves of a record type that some rule names, as (from, to); "" and :data:`NEW` among the beginnings."""
    with env.elevated("reading the allowed moves") as sudo:
        rows = sudo.query(MOVE).where(F.record_type == record).select("from_value", "to_value").rows()
    return {(row["from_value"] or "", row["to_value"]) for row in rows}


def replace(env: Env, record: str, wanted: Iterable[Pair], among: Iterable[Pair] | None = None) -> int:
    """Make these the moves that plain rules allow (of those `among`, if given); returns how many changed. Rules that ask
    for something stay, and no plain one is put beside them."""
    rows = env.query(MOVE).where(F.record_type == record).select(
        "from_value", "to_value", "profiles", "required_fields", "condition", "message").rows()
    stored: dict[Pair, int] = {}
    kept: set[Pair] = set()
    for row in rows:
        pair = (row["from_value"] or "", row["to_value"])
        if plain(row):
            stored[pair] = row["id"]
        else:
            kept.add(pair)
    scope = None if among is None else set(among)
    chosen = set(wanted) - kept
    gone = [key for pair, key in stored.items() if pair not in chosen and (scope is None or pair in scope)]
    added = sorted(chosen - set(stored))
    if gone:
        env.delete(MOVE, gone)
    if added:
        field = env.registry.record(record).moves
        env.create(MOVE, [{"record_type": record, "field_name": field, "from_value": start or None, "to_value": end}
                          for start, end in added])
    return len(gone) + len(added)
