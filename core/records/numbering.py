"""Number series: taken in blocks, in the transaction that uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

if TYPE_CHECKING:
    from core.env import Env


def take(env: Env, name: str, count: int = 1) -> int:
    """The first of `count` consecutive numbers of a series. Serialises concurrent takers until their commit."""
    table = env.registry.system.sequence
    moved = update(table).where(table.c.name == name).values(next=table.c.next + count).returning(table.c.next)
    value = env.execute(moved).scalar_one_or_none()
    if value is None:
        env.execute(env.insert_for(table).values(name=name, next=1).on_conflict_do_nothing())
        value = env.execute(moved).scalar_one()
    return int(value) - count
