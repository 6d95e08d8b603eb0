"""Moves from one status or stage to another: which are allowed, to whom, and what they ask for.

A record type names the field that moves (`record_moves = "stage"`); the rules are records of `base.move` that the admin
keeps. They hold at every door, because they are checked where every write passes:

- Rules for one and the same move are ways of making it: one of them must be fulfilled.
- Rules that come from anywhere hold beside those that come from a certain place.
- A rule that asks for nothing merely allows its move: from a place with such rules one goes only where some rule leads.
  With `record_moves_strict` that is so from every place but the beginning of new records.

What a rule requires is read off the new values; its condition, and fields that hold several records, are asked of the
database after the write, inside a savepoint. Elevated code is free, but for an undo, which gets past no rule either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, select

from core.errors import ExpressionError, Invalid, ValidationFailed
from core.i18n.messages import _
from core.query.among import among
from core.records.changes import Change
from core.records.fields import ChoiceField, Field
from core.records.savepoints import savepoint
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

MOVE = "base.move"
"""The record type of the rules; the addon base provides it."""
NEW = "(new)"
"""Where the moves of records begin that had no value before; rules may name it as their beginning."""
ANYWHERE = ""


@dataclass(frozen=True)
class Rule:
    """One way of making a move."""

    start: str
    end: str
    profiles: frozenset[int]
    required: tuple[str, ...]
    condition: str
    message: str

    @property
    def plain(self) -> bool:
        """Whether it asks for nothing."""
        return not (self.profiles or self.required or self.condition or self.message)


@dataclass(frozen=True)
class Later:
    """What must turn out to be true once a record is written: one of the alternatives, each a few conditions."""

    index: int
    end: str
    ways: tuple[tuple[Rule, tuple[str, ...]], ...]


class Rules:
    """The rules of one record type for one actor, read once for a batch."""

    def __init__(self, env: Env, rtype: RecordType) -> None:
        self.env, self.rtype, self.field = env, rtype, rtype.fields[rtype.moves]
        self.by_move: dict[tuple[str, str], list[Rule]] = {}
        self.told: dict[tuple[str, str], str] = {}
        for rule in _stored(env, rtype):
            self.by_move.setdefault((rule.start, rule.end), []).append(rule)
        self.limited = {rule.start for ways in self.by_move.values() for rule in ways if rule.plain and rule.start != ANYWHERE}

    def ends(self, start: str) -> list[str]:
        """Where one may go from a place by the rules that name it."""
        return list(dict.fromkeys(end for begin, end in self.by_move if begin in (start, ANYWHERE)))

    def named(self, start: str, end: str) -> list[list[Rule]]:
        """The rules about a move, by what they say of its beginning; one of each list must be fulfilled."""
        return [found for begin in (start, ANYWHERE) if (found := self.by_move.get((begin, end)))]

    def allowed_at_all(self, start: str, end: str) -> bool:
        """Whether the move is among those that are allowed, where only these are."""
        free = start not in self.limited and (start == NEW or not self.rtype.moves_strict)
        return free or bool(self.named(start, end))

    def lets(self, rule: Rule) -> bool:
        """Whether the actor's profile may use a rule."""
        actor = self.env.actor
        return not rule.profiles or actor.is_super or actor.profile.id in rule.profiles

    def missing(self, rule: Rule, value_of: Callable[[str], Any]) -> list[str]:
        """The required fields of the record itself that are empty."""
        return [n for n in rule.required if n in self.rtype.fields and self.rtype.fields[n].stored and is_empty(value_of(n))]

    def conditions(self, rule: Rule) -> tuple[str, ...]:
        """What the database is asked about a rule: its condition, and the required fields that hold several records."""
        several = [f"count({n}) > 0" for n in rule.required if n in self.rtype.fields and not self.rtype.fields[n].stored]
        return (*several, *([rule.condition] if rule.condition else []))

    def problem(self, rule: Rule, label: str, missing: Sequence[str] = (), broken: str = "") -> Iterator[tuple[str, str]]:
        """Why a rule is not fulfilled, as (field, message)."""
        several = broken.removeprefix("count(").removesuffix(") > 0")
        missing = [*missing, several] if several in rule.required else missing
        if rule.message:
            yield self.field.name, rule.message
        elif not self.lets(rule):
            yield self.field.name, _("People of your profile may not go to “{end}” from here.", end=label)
        elif broken and not missing:
            yield self.field.name, _("To go to “{end}” this must hold: {condition}", end=label, condition=broken)
        yield from ((n, _("“{field}” is required to go to “{end}”.", field=self.rtype.fields[n].label, end=label))
                    for n in missing)

    def not_allowed(self, start: str, end: str, labels: Mapping[str, str]) -> str:
        """The reason for a move that no rule names."""
        if start == NEW:
            return _("New {records} cannot begin as “{end}”.", records=self.rtype.plural, end=labels.get(end, end))
        ends = [labels.get(e, e) for e in self.ends(start)]
        return _("“{field}” cannot go from “{start}” to “{end}”. Allowed: {ends}.", field=self.field.label,
                 start=labels.get(start, start), end=labels.get(end, end) or "-", ends=", ".join(map(self.env.t, ends)) or "-")


def _stored(env: Env, rtype: RecordType) -> list[Rule]:
    move = env.registry.records.get(MOVE)
    if move is None:
        return []
    c, link = move.table.c, move.many["profiles"]
    rows = env.execute(select(c.id, c.from_value, c.to_value, c.required_fields, c.condition, c.message).where(
        c.record_type == rtype.name, c.field_name == rtype.moves, c.deleted_at.is_(None), ~c.archived).order_by(c.id)).all()
    profiles: dict[int, set[int]] = {}
    for key, profile in env.execute(select(link.c.record_id, link.c.other_id).where(
            link.c.record_id.in_([r.id for r in rows]))) if rows else ():
        profiles.setdefault(key, set()).add(profile)
    return [Rule(r.from_value or ANYWHERE, r.to_value, frozenset(profiles.get(r.id, ())), tuple(r.required_fields or ()),
                 r.condition or "", r.message or "") for r in rows]


def is_empty(value: Any) -> bool:
    """Whether a required field says nothing; a zero says something."""
    return value is None or value is False or value == "" or value == []


def as_end(value: Any) -> str:
    """A stored value as rules write it."""
    return "" if value is None else str(value)


def labels_of(env: Env, field: Field, ends: Iterable[str]) -> dict[str, str]:
    """What the values of a moving field are called, of those the actor may see."""
    if isinstance(field, ChoiceField):
        return {**field.labels}
    keys = [int(e) for e in ends if e.isdecimal()]
    return {str(key): text for key, text in env.labels(field.target, keys).items()}  # type: ignore[attr-defined]


# ---------------------------------------------------------------- where every write passes
def check(env: Env, change: Change, errors: list[Invalid]) -> list[Later]:
    """Errors for the moves of a batch that are not allowed; what remains to be asked of the database after the write."""
    rtype = change.rtype
    undoing = env.access.trusted and change.source == "undo"
    if not rtype.moves or (env.access.trusted and not undoing):
        return []
    moved = _moved(change)
    if not moved:
        return []
    rules = Rules(env, rtype)
    ends = {e for _i, _r, start, end in moved for e in (start, end, *rules.ends(start))}
    labels = labels_of(env, rules.field, ends)
    later: list[Later] = []
    blamed = {e.index for e in errors if e.field == rules.field.name}
    for index, record, start, end in moved:
        if index in blamed:
            continue
        if not undoing and not rules.allowed_at_all(start, end):
            errors.append(Invalid(index, rules.field.name, rules.not_allowed(start, end, labels)))
            continue
        for ways in rules.named(start, end):
            rest = _rest(rules, ways, record, index, end, labels, errors)
            if rest is not None:
                later.append(rest)
    return later


def _moved(change: Change) -> list[tuple[int, Any, str, str]]:
    """The records whose value changes, with where they come from and where they go."""
    name = change.rtype.moves
    column = change.rtype.fields[name].column_name
    going = {id(r) for r in change.changed(name)}
    return [(i, r, as_end(change.was(r, name)) or NEW, as_end(r.__dict__.get(column)))
            for i, r in enumerate(change.records) if id(r) in going]


def _rest(rules: Rules, ways: list[Rule], record: Any, index: int, end: str, labels: Mapping[str, str],
          errors: list[Invalid]) -> Later | None:
    """What one of these ways still needs, None when one is fulfilled or all are refused (then with errors)."""
    row = record.__dict__
    found = [(rule, rules.missing(rule, lambda n: row.get(rules.rtype.fields[n].column_name))) for rule in ways if rules.lets(rule)]
    whole = [(rule, rules.conditions(rule)) for rule, missing in found if not missing]
    if any(not conditions for _rule, conditions in whole):
        return None
    if whole:
        return Later(index, end, tuple(whole))
    rule, missing = min(found, key=lambda one: len(one[1])) if found else (ways[0], [])
    errors.extend(Invalid(index, field, text) for field, text in rules.problem(rule, labels.get(end, end), missing))
    return None


@contextmanager
def holding(env: Env, change: Change, later: Sequence[Later]) -> Iterator[None]:
    """What is written inside is taken back, with ValidationFailed, unless one way of each remaining move is fulfilled:
    at its end, or at that of :func:`together` around it."""
    if not later:
        yield
    elif env.unjudged is not None:
        yield
        env.unjudged.append((change, later))
    else:
        with savepoint(env):
            yield
            _judge(env, change, later)


@contextmanager
def together(env: Env) -> Iterator[None]:
    """Several writes that are one to whoever makes them, such as a form with its lines: what their moves ask of the database
    is asked when all is written. What is written inside is taken back when that does not hold."""
    with savepoint(env):
        env.unjudged = []
        try:
            yield
            waiting, env.unjudged = env.unjudged, None
            for change, later in waiting:
                _judge(env, change, later)
        finally:
            env.unjudged = None


def _judge(env: Env, change: Change, later: Sequence[Later]) -> None:
    """ValidationFailed unless one way of each move holds in what the database has now."""
    ids = {one.index: int(change.records[one.index].__dict__["id"]) for one in later}
    wanted = {c for one in later for _rule, conditions in one.ways for c in conditions}
    truth = asked(env, change.rtype, set(ids.values()), wanted)
    rules = Rules(env, change.rtype)
    errors: list[Invalid] = []
    labels = labels_of(env, rules.field, {one.end for one in later})
    for one in later:
        failing = [(rule, [c for c in conditions if not truth[c].get(ids[one.index])]) for rule, conditions in one.ways]
        if all(broken for _rule, broken in failing):
            rule, broken = failing[0]
            errors.extend(Invalid(one.index, field, text)
                          for field, text in rules.problem(rule, labels.get(one.end, one.end), broken=broken[0]))
    if errors:
        raise ValidationFailed(errors)


def asked(env: Env, rtype: RecordType, ids: Iterable[int], conditions: Iterable[str]) -> dict[str, dict[int, bool]]:
    """Whether conditions hold for records: one statement. A condition that no longer fits the record type never holds."""
    table, wanted = rtype.table, sorted(set(conditions))
    columns: dict[str, Any] = {}
    for text in wanted:
        try:
            columns[text] = case((env.access.compiled(rtype, table, text), 1), else_=0)
        except ExpressionError:
            continue
    found: dict[str, dict[int, bool]] = {text: {} for text in wanted}
    if columns:
        chosen = among(env.dialect, table.c.id, list(ids))
        for key, *values in env.execute(select(table.c.id, *columns.values()).where(chosen)):
            for text, value in zip(columns, values, strict=True):
                found[text][key] = bool(value)
    return found
