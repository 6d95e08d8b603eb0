"""Who reads what: audiences, their conditions, and the env in which a visitor reads.

An audience is a circle of people (colleagues, customers, partners, everybody), narrowed by a condition on the person where
one is given. The circle stands in the grants; the conditions are asked once per person, and their answer is a part of the
grants' own condition, so that it holds for every statement alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from core.api import Actor, Env, ExpressionError, F, Invalid, Message

from .choices import AUDIENCE, CUSTOMERS, INTERNAL, PARTNERS, PUBLIC, PUBLISHED

NAMES = {"person": "base.user"}
VISITOR, COLLEAGUE = "knowledge.visitor", "knowledge.reader"
AT_THE_DESK = "knowledge help centre"
"""Among the settings of an actor: it reads in the help centre and nowhere else."""


def problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Conditions that cannot be asked of a person."""
    for record in records:
        if record.condition:
            with env.elevated("check the condition of an audience") as sudo:
                try:
                    sudo.over_values(record.condition, NAMES)
                except ExpressionError as error:
                    yield Invalid(record, "condition", error.message if isinstance(error.message, Message) else str(error))


def usual(env: Env) -> int | None:
    """The audience of new articles: colleagues, without a condition."""
    with env.elevated("audience of a new article") as sudo:
        found = sudo.query(AUDIENCE).where((F.kind == INTERNAL) & F.condition.is_null()).order("id").ids(1)
    return found[0] if found else None


def met(env: Env) -> dict[str, tuple[int, ...]]:
    """The audiences that the acting person belongs to by kind: those without a condition, and those whose condition they
    meet. Asked once for an actor; a condition that fails is not met."""
    slot = env.registry.memo.slot(("knowledge.met", env.actor.id, env.actor.lang), env.actor)
    if "met" not in slot:
        with env.elevated("which audiences a reader belongs to") as sudo:
            rows = sudo.query(AUDIENCE).select("kind", "condition").order("id").rows()
            fits = _fitting(sudo, [(r["id"], r["condition"]) for r in rows if r["condition"]])
        found: dict[str, list[int]] = {}
        for row in rows:
            if not row["condition"] or row["id"] in fits:
                found.setdefault(row["kind"], []).append(row["id"])
        slot["met"] = {kind: tuple(keys) for kind, keys in found.items()}
    return slot["met"]  # type: ignore[no-any-return]


def _fitting(sudo: Env, conditions: Sequence[tuple[int, str]]) -> set[int]:
    """Those of the audiences whose conditions hold for the acting person; nobody who has not signed in meets one."""
    if sudo.actor.id is None:
        return set()
    rules = []
    for key, text in conditions:
        try:
            rules.append((key, sudo.over_values(text, NAMES)))
        except ExpressionError:
            continue
    paths = sorted({p.partition(".")[2] for _key, rule in rules for p in rule.paths if "." in p})
    rows = sudo.query("base.user").with_ids([sudo.actor.id]).select(*paths).rows(1) if rules else []
    values = {f"person.{name}": value for name, value in (rows[0] if rows else {}).items()} | {"person": sudo.actor.id}
    found = set()
    for key, rule in rules:
        try:
            if rule(values, sudo.context) is True:
                found.add(key)
        except (ArithmeticError, ValueError):
            continue
    return found


def open_to(*kinds: str) -> Any:
    """The condition of a grant: published articles for these circles whose audience the person meets.

    People from outside the house read in the help centre alone (`reader`). The pages of records are not for them, even of
    an article that they may read: colleagues' notes and the history stand there.
    """
    def where(env: Env) -> Any:
        own = met(env)
        keys = [key for kind in kinds for key in own.get(kind, ())]
        if not keys or (INTERNAL not in kinds and not env.actor.settings.get(AT_THE_DESK)):
            return F.id < 0
        return (F.state == PUBLISHED) & ~F.archived & F.deleted_at.is_null() & F.audience.isin(keys)
    return where


EVERYBODY = open_to(PUBLIC)
FOR_CUSTOMERS = open_to(PUBLIC, CUSTOMERS)
FOR_PARTNERS = open_to(PUBLIC, PARTNERS)
FOR_COLLEAGUES = open_to(PUBLIC, CUSTOMERS, PARTNERS, INTERNAL)


def is_colleague(env: Env) -> bool:
    """Whether the acting person reads articles as one of the house."""
    return env.access.unlimited or COLLEAGUE in env.access.sets


def reader(env: Env) -> Env:
    """The env in which somebody reads in the help centre: their own for colleagues, else that of a visitor who also holds
    what the person was given (customers, partners)."""
    if is_colleague(env):
        return env
    if env.actor.id is None and env.counters is None:
        actor = _at_the_desk(env)
    else:  # a visitor's actor never changes, so what is kept for it is kept until permissions change
        stamp = env.counters.get("access") if env.counters and env.actor.id is None else None
        slot = env.registry.memo.slot(("knowledge.visitor", env.actor.id, env.actor.lang), env.actor, stamp)
        actor = slot["actor"] if "actor" in slot else slot.setdefault("actor", _at_the_desk(env))
    made = env.as_actor(actor)
    made.lang = env.lang
    return made


def _at_the_desk(env: Env) -> Actor:
    profile = env.actor.profile
    return replace(env.actor, profile=replace(profile, sets=profile.sets | {VISITOR}), settings={**env.actor.settings, AT_THE_DESK: True})
