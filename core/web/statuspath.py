"""The path of statuses or stages on a record's page: where it stands, where it may go by a click, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from core.env import Env
from core.expressions import F
from core.i18n.messages import _
from core.records.fields import ChoiceField, Field, Link, LinkField, Option
from core.registry.compose import RecordType
from core.web.showing import is_shown
from core.web.viewmodels import Action, Step

MOST = 60
EXIT, COLOUR = "exit", "colour"
"""What a field of a stage means: a flag that it leads off the path, and a picklist of its colour."""


def status_field(env: Env, rtype: RecordType) -> Field | None:
    """The field that a record moves along: the one with rules of moves, a picklist with transitions, or the one that says
    it is the status."""
    shown = [f for f in rtype.fields.values() if type(f) in (ChoiceField, LinkField) and is_shown(env, rtype, f)]
    choices = [f for f in shown if isinstance(f, ChoiceField)]
    return next((f for f in shown if f.name == rtype.moves), None) or next((f for f in choices if f.transitions), None) or next(
        (f for f in choices if f.semantic in ("status", "stage")), None)


def steps(env: Env, rtype: RecordType, row: Mapping[str, Any], url: str, pens: Set[str]) -> list[Step]:
    """The steps of a record that the reader may change in the fields `pens`."""
    field = status_field(env, rtype)
    if field is None:
        return []
    held = row.get(field.name)
    current = str(held.id) if isinstance(held, Link) else held
    places = _places(env, field, row)
    exits = {o.value for o in places if not o.active}
    options = [o for o in places if o.value == current or o.value not in exits]
    left = current in exits
    at = next((i for i, o in enumerate(options) if o.value == current), -1)
    may = field.name in pens and env.access.writable(rtype.name, field.name) and not field.readonly
    offered = env.registry.plugins.hook.status_moves(
        env=env, record_name=rtype.name, record_id=row["id"], status=current) if may and current is not None else None
    moves = env.moves(rtype.name, [row["id"]], field.name).get(row["id"], {})
    found = []
    for i, option in enumerate(options):
        state = ("lost" if left else "current") if i == at else ("done" if i < at and not left else "todo")
        # stages are records: what people call them is not looked up among the program's texts
        step = Step(env.t(option.label) if isinstance(field, ChoiceField) else option.label, state, colour=option.colour)
        if offered is not None and offered.get(option.value):
            step.action = Action(step.label, offered[option.value])
        elif i != at:
            why = moves.get(option.value, [])
            if may and not why and (offered is None or option.value in offered):
                step.action = Action(step.label, f"{url}/step", kind="post", name="value", value=option.value)
            else:
                step.missing = " ".join(env.t(text) for text in why) or env.t(_("Not allowed from here."))
        found.append(step)
    return found


def _places(env: Env, field: Field, row: Mapping[str, Any]) -> list[Option]:
    """All places a record may stand at, in order; those that are not `active` lead off the path."""
    if isinstance(field, ChoiceField):
        return [Option(o.value, o.label, o.colour, active=o.value not in field.exits) for o in field.options
                if o.active or o.value == row.get(field.name)]
    assert isinstance(field, LinkField)
    target = env.registry.record(field.target)
    if not env.can("read", target.name) or not env.access.readable(target.name, target.title):
        return []
    query = env.query(target.name)
    for own, there in field.within.items():
        if own not in row or not env.access.readable(target.name, there):
            continue
        value = getattr(row[own], "id", row[own])
        query = query.where(F[there].is_null() if value is None else F[there] == value)
    named = {f.semantic: n for n, f in target.fields.items() if f.semantic in (EXIT, COLOUR) and env.access.readable(target.name, n)}
    rows = query.select(target.title, *named.values()).rows(limit=MOST)
    return [Option(str(r["id"]), str(r[target.title]), r.get(named.get(COLOUR, "")) or "grey",
                   active=not r.get(named.get(EXIT, ""))) for r in rows]
