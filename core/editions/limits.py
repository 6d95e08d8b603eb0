"""Keeping to the limits of the edition in force: asked in the transaction that would go beyond one, which is then refused whole.

Whoever creates what is limited takes turns with others who do (a change counter is moved first), so two at once cannot both
take the last place. What is not limited costs nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.sql.expression import FromClause

from core.editions.plans import Plan, found
from core.errors import SarnakhError
from core.i18n.messages import Message, _
from core.records.field import FILE, USER

if TYPE_CHECKING:
    from core.env import Env
    from core.records.changes import Change
    from core.registry.compose import RecordType

SETTING = ("setting", "edition")
COUNTER = "edition"
MEGABYTE = 1 << 20


class LimitReached(SarnakhError):
    """The edition has no room for more of this."""


@dataclass(frozen=True)
class Usage:
    """One limit with how much of it is used; `record` is "" for storage, which is in megabytes."""

    label: Message | str
    used: int
    most: int | None
    record: str = ""

    @property
    def over(self) -> bool:
        """Whether there is more than the limit."""
        return self.most is not None and self.used > self.most


def in_force(env: Env) -> Plan | None:
    """The edition of an installation; None where it has none, or one whose file is gone.

    Which one is read from the database, for a registry may be older (a long job began with it), and the edition only from its
    own file, so that a mistake in another one's does no harm. Where no registry knows of any, nothing is asked.
    """
    if not any(SETTING in registry.customising.rows for registry in (env.registry, env.installation.registry)):
        return None
    known = env.kept("edition", "registry")
    if "name" not in known:
        table = env.registry.system.custom
        known["name"] = env.execute(select(table.c.data).where(table.c.kind == SETTING[0], table.c.target == SETTING[1])).scalar()
    return found(env.installation, known["name"]) if isinstance(known["name"], str) else None


def require_room(env: Env, rtype: RecordType, more: int) -> None:
    """Refuse to make so many more of a record type when the edition has no room for them; asked before anything is written."""
    plan = in_force(env) if more and not env.installation.boundless else None
    most = _most(plan, rtype.name) if plan is not None else None
    if plan is None or most is None:
        return
    env.changed(COUNTER)
    if _count(env, rtype, most) + more > most:
        raise LimitReached(_("Your edition “{edition}” has room for {count} {records}. Delete some, or ask for a larger edition.",
                             edition=plan.title(env.lang), count=env.format.number(most), records=rtype.plural))


def woken(change: Change) -> int:
    """How many users a change of records makes active: those are what counts."""
    if change.record != USER or not (change.action == "create" or change.touches("active")):
        return 0
    return counting(USER, [r.__dict__ for r in change.changed("active")])


def counting(record: str, rows: Collection[Mapping[str, Any]]) -> int:
    """How many of these stored rows count: of users the active ones."""
    return len(rows) if record != USER else sum(1 for row in rows if row.get("active"))


def require_storage(env: Env, more: int) -> None:
    """Refuse files for which the edition has no room; `more` is in bytes and not counted yet."""
    plan = in_force(env) if more and not env.installation.boundless else None
    if plan is None or plan.storage_mb is None:
        return
    env.changed(COUNTER)
    if _stored(env) + more > plan.storage_mb * MEGABYTE:
        raise LimitReached(_("Your edition “{edition}” has room for {count} MB of files. Delete some, or ask for a larger edition.",
                             edition=plan.title(env.lang), count=env.format.number(plan.storage_mb)))


def usage(env: Env, plan: Plan) -> list[Usage]:
    """What is used of each limit of an edition."""
    made = []
    for record, most in ((USER, plan.users), *plan.records.items()):
        rtype = env.registry.records.get(record)
        if most is not None and rtype is not None:
            made.append(Usage(rtype.plural, _count(env, rtype, None), most, record))
    if plan.storage_mb is not None:
        made.append(Usage(_("Files (MB)"), -(-_stored(env) // MEGABYTE), plan.storage_mb))
    return made


def _most(plan: Plan, record: str) -> int | None:
    return plan.users if record == USER else plan.records.get(record)


def _count(env: Env, rtype: RecordType, cap: int | None) -> int:
    table: FromClause = rtype.table
    where: list[ColumnElement[Any]] = [table.c.deleted_at.is_(None)]
    if rtype.name == USER:
        where.append(table.c.active)
    inner = select(literal(1)).select_from(table).where(*where).limit(None if cap is None else cap + 1).subquery()
    return int(env.execute(select(func.count()).select_from(inner)).scalar_one())


def _stored(env: Env) -> int:
    table = env.registry.record(FILE).table
    return int(env.execute(select(func.coalesce(func.sum(table.c.size), 0))).scalar_one())
