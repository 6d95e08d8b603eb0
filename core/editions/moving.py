"""From one edition to another: what is missing is enabled, what is not in it is disabled with its data kept, all in one switch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert

from core.addons import graph, lifecycle
from core.editions.limits import SETTING, Usage, usage
from core.editions.plans import Plan, named
from core.registry.registry import Registry
from core.schema import ledger
from core.schema.apply import Progress
from core.security.actor import SYSTEM, Actor

if TYPE_CHECKING:
    from core.installation import Installation

REQUIRED = "base"


@dataclass
class Move:
    """What going to an edition does. `over` are limits that are exceeded at once: nothing is lost, but nothing is added."""

    plan: Plan
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    over: list[Usage] = field(default_factory=list)
    addons: list[str] = field(default_factory=list)


def addons_of(inst: Installation, plan: Plan, present: Collection[str] = ()) -> list[str]:
    """The addons that an edition enables, and of the `present` ones those it allows, with all they depend on, in their order."""
    wanted = [n for n in inst.manifests if n in plan.addons or (n in present and plan.has(n))]
    return [m.name for m in graph.resolve(inst.found, [REQUIRED, *wanted])]


def permitted(inst: Installation, plan: Plan) -> set[str]:
    """Every addon that may be enabled in an edition."""
    return set(addons_of(inst, plan, list(inst.manifests)))


def plan_move(inst: Installation, name: str) -> Move:
    """What going to an edition would do."""
    inst.discover()
    plan = named(inst, name)
    with inst.reading() as connection:
        present = inst.enabled_names(connection)
    inside = permitted(inst, plan)
    made = Move(plan, addons=addons_of(inst, plan, [n for n in present if n in inside]))
    made.added = [n for n in made.addons if n not in present]
    made.removed = [n for n in present if n not in made.addons]
    with inst.env(SYSTEM, write=False) as env:
        made.over = [u for u in usage(env, plan) if u.over]
    return made


def move(inst: Installation, name: str, actor: Actor = SYSTEM, progress: Progress | None = None, lang: str = "") -> Move:
    """Go to an edition; every process picks it up."""
    made = plan_move(inst, name)
    lifecycle.switch(inst, made.addons, {SETTING: name}, progress=progress, lang=lang,
                     also=lambda connection: remember(connection, name, actor))
    with inst.env(actor, trusted=True) as env:
        env.log("edition_changed", name, changes={"addons": [made.removed, made.added]})
    return made


def remember(connection: Connection, name: str, actor: Actor = SYSTEM) -> None:
    """Write down which edition is in force."""
    table = Registry.system_tables().custom
    connection.execute(delete(table).where(table.c.kind == SETTING[0], table.c.target == SETTING[1]))
    connection.execute(insert(table).values(kind=SETTING[0], target=SETTING[1], data=name, updated_at=ledger.now(), updated_by_id=actor.id))
