"""Where records may go from where they stand, for status paths and boards: asked for many records at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.errors import ExpressionError
from core.expressions import as_node, fields_read
from core.i18n.messages import _
from core.query.among import among
from core.records import locks
from core.records.fields import ChoiceField, Field, LinkField
from core.records.moves import NEW, Rule, Rules, as_end, asked, labels_of
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

Open = dict[int, dict[str, list[str]]]
MOST = 500
"""So many records of a link's target are offered as places to go to."""


def open_moves(env: Env, rtype: RecordType, ids: Iterable[int], name: str = "") -> Open:
    """For each visible record the places it might go to, each with the reasons against it: none where it is open.

    Conditions that read the moving field itself are not judged beforehand, since they speak of the new value. The number
    of statements does not depend on how many records there are.
    """
    field = rtype.field(name or rtype.moves)
    visible = env.visible_ids(rtype.name, ids)
    if not visible:
        return {}
    shut = _shut(env, rtype, field, visible)
    rules = Rules(env, rtype) if field.name == rtype.moves and not env.access.trusted else None
    rows, truth = _state(env, rtype, field, visible, rules)
    ends, chosen = _ends(env, field)
    labels = labels_of(env, field, {*ends, *(as_end(row[field.column_name]) for row in rows.values())})
    found: Open = {}
    for key, row in rows.items():
        start = as_end(row[field.column_name])
        found[key] = {}
        for end, within in ends.items():
            if end == start or any(row[own] != there for own, there in within.items()):
                continue
            why = list(shut.get(key, ()))
            steps = field.transitions if isinstance(field, ChoiceField) and start else None
            if not why and steps and end not in steps.get(start, ()):
                why.append(_("Not allowed from here."))
            if not why and end not in chosen:
                why.append(_("“{field}”: this one is not open to you.", field=field.label))
            if not why and rules is not None:
                why = _reasons(rules, start or NEW, end, labels, row, {c: held.get(key, False) for c, held in truth.items()})
            found[key][end] = why
    return found


def _shut(env: Env, rtype: RecordType, field: Field, ids: list[int]) -> Mapping[int, list[str]]:
    """Records that the actor may not move at all, and why."""
    found: dict[int, list[str]]
    if not (env.access.trusted or env.access.writable(rtype.name, field.name)):
        return {key: [_("“{field}” is read-only.", field=field.label)] for key in ids}
    allowed = set(ids) if env.access.unlimited else env.allowed_ids("update", rtype.name, ids)
    found = {key: [_("You may see this record but not change it.")] for key in ids if key not in allowed}
    if field.name not in locks.open_fields(rtype):
        found |= {key: [reason] for key, reason in locks.locked(env, rtype, ids).items()}
    return found


def _state(env: Env, rtype: RecordType, field: Field, ids: list[int],
           rules: Rules | None) -> tuple[dict[int, dict[str, Any]], dict[str, dict[int, bool]]]:
    """The records as they are stored, and whether the conditions hold that can be judged before the move."""
    table = rtype.table
    known = [rule for ways in rules.by_move.values() for rule in ways] if rules is not None else []
    names = {n for rule in known for n in rule.required if n in rtype.fields and rtype.fields[n].stored}
    columns = {table.c[rtype.fields[n].column_name] for n in {field.name, *_plain(field), *names}}
    statement = select(table.c.id, *columns).where(among(env.dialect, table.c.id, ids)).order_by(table.c.id)
    rows = {row["id"]: dict(row) for row in env.execute(statement).mappings()}
    wanted = {c for rule in known for c in (rules.conditions(rule) if rules is not None else ()) if not _reads(c, field.name)}
    return rows, asked(env, rtype, ids, wanted) if wanted else {}


def _reads(condition: str, name: str) -> bool:
    try:
        return any(path.partition(".")[0] == name for path in fields_read(as_node(condition)))
    except ExpressionError:
        return False


def _plain(field: Field) -> dict[str, str]:
    """What a link hangs on in the record itself; the rest is refused when it is written."""
    return {own: there for own, there in getattr(field, "within", {}).items() if "." not in own}


def _ends(env: Env, field: Field) -> tuple[dict[str, dict[str, Any]], Set[str]]:
    """The places there are, of a link's targets with what must stand in the record's own columns (`within`); and those of
    them that the field's condition leaves to choose from."""
    if isinstance(field, ChoiceField):
        found: dict[str, dict[str, Any]] = {o.value: {} for o in field.options if o.active}
        return found, found.keys()
    assert isinstance(field, LinkField)
    target = env.registry.record(field.target)
    if not env.can("read", target.name):
        return {}, frozenset()
    keys = env.query(target.name).ids(MOST)
    chosen = {str(key) for key in (env.query(target.name).where(field.where).ids(MOST) if field.where is not None else keys)}
    plain = _plain(field)
    if not plain:
        return {str(key): {} for key in keys}, chosen
    own = env.registry.record(field.record)
    columns = {own.fields[n].column_name: target.table.c[target.fields[t].column_name] for n, t in plain.items()}
    rows = env.execute(select(target.table.c.id, *columns.values()).where(among(env.dialect, target.table.c.id, keys)))
    values = {key: dict(zip(columns, there, strict=True)) for key, *there in rows}
    return {str(key): values[key] for key in keys}, chosen


def _reasons(rules: Rules, start: str, end: str, labels: Mapping[str, str], row: Mapping[str, Any],
             truth: Mapping[str, bool]) -> list[str]:
    if not rules.allowed_at_all(start, end):
        told = rules.told.get((start, end))
        if told is None:
            told = rules.told[start, end] = rules.not_allowed(start, end, labels)
        return [told]
    found: list[str] = []
    for ways in rules.named(start, end):
        best = min((_missing(rules, rule, row, truth) for rule in ways), key=lambda one: (not one[0], len(one[2])))
        lets, rule, lacking = best
        if not lets:
            found += [text for _field, text in rules.problem(rule, labels.get(end, end))]
        elif lacking:
            names = [n for n in lacking if n in rules.rtype.fields]
            broken = next((c for c in lacking if c not in rules.rtype.fields), "")
            found += [text for _field, text in rules.problem(rule, labels.get(end, end), names, broken)]
    return found


def _missing(rules: Rules, rule: Rule, row: Mapping[str, Any], truth: Mapping[str, bool]) -> tuple[bool, Rule, list[str]]:
    missing = rules.missing(rule, lambda n: row.get(rules.rtype.fields[n].column_name))
    broken = [c for c in rules.conditions(rule) if not truth.get(c, True)]
    return rules.lets(rule), rule, [*missing, *broken]
