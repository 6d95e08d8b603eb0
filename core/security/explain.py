"""Why a person can, or cannot, see and change one record: every part of the decision, with whether it held.

The parts are those that the predicate is made of (:mod:`core.security.access`), asked one by one about one record, and
the end result is what the predicate itself says, so an explanation cannot differ from what happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select

from core.env import Env
from core.i18n.messages import Message, _
from core.registry.compose import RecordType
from core.security.access import READS, Access
from core.security.actor import READ, WRITE, Actor, Reach
from core.security.grants import Profile
from core.security.shares import Share, shares_reaching


@dataclass(frozen=True)
class Part:
    """One part of the decision. `kind`: right, restriction, open or way; `held`: whether it spoke for the person;
    `detail`: who or what it is about, ready to be shown; `share`: the share by hand that it is about."""

    kind: str
    label: Message
    held: bool
    detail: str = ""
    share: Share | None = None


@dataclass
class Explanation:
    """All parts for one operation, and what came out. `exists`: live, deleted or missing."""

    operation: str
    allowed: bool
    exists: str
    parts: list[Part] = field(default_factory=list)
    advice: list[Message] = field(default_factory=list)


def explain(env: Env, actor: Actor, record: str, key: int, operation: str = "read") -> Explanation:
    """Explain an operation of `actor` on one record. `env` must be elevated: it looks at what the actor may not see."""
    rtype = env.registry.record(record)
    theirs = env.as_actor(actor)
    row = env.execute(select(rtype.table).where(rtype.table.c.id == key)).mappings().one_or_none()
    state = "missing" if row is None else ("deleted" if row["deleted_at"] is not None else "live")
    decided = theirs.access.predicate(operation, rtype, rtype.table)
    made = Explanation(operation, state != "missing" and theirs.can(operation, record) and _holds(env, rtype, key, decided),
                       state)
    if actor.is_super:
        made.parts.append(Part("right", _("Super-administrators see and may do everything"), True))
        made.parts.extend(_restrictions(theirs, env, rtype, key, operation, closed=True) if state != "missing" else ())
        return made
    made.parts.extend(_rights(theirs, env, rtype, key, operation))
    if state != "missing" and row is not None:
        made.parts.extend(_restrictions(theirs, env, rtype, key, operation))
        made.parts.extend(_ways(theirs, env, rtype, key, operation, row.get("owner_id")))
    if not made.allowed and state != "missing":
        made.advice = list(_advice(made, rtype))
    return made


def _holds(env: Env, rtype: RecordType, key: int, condition: ColumnElement[bool] | None) -> bool:
    statement = select(rtype.table.c.id).where(rtype.table.c.id == key)
    return env.execute(statement if condition is None else statement.where(condition)).first() is not None


def _rights(theirs: Env, env: Env, rtype: RecordType, key: int, operation: str) -> Iterator[Part]:
    """The profile's own decision, and the grants of its permission sets."""
    profile = theirs.actor.profile
    decided = profile.records.get(rtype.name, {}).get(operation)
    if decided is not None:
        yield Part("right", _("The profile “{profile}” allows it", profile=profile.name) if decided
                   else _("The profile “{profile}” refuses it", profile=profile.name), decided)
        if not decided:
            return
    held = theirs.access.sets
    for grant in env.registry.grants.get(rtype.name, ()):
        if grant.set is None or operation not in grant.names:
            continue
        label = env.registry.permission_sets[grant.set].label
        if grant.set not in held:
            yield Part("right", _("Permission set “{set}”, which the person does not have", set=label), False)
        elif grant.where is None:
            yield Part("right", _("Permission set “{set}”", set=label), True)
        else:
            clause = theirs.access.compiled(rtype, rtype.table, grant.where)
            yield Part("right", _("Permission set “{set}”, for some records", set=label), _holds(env, rtype, key, clause))


def _restrictions(theirs: Env, env: Env, rtype: RecordType, key: int, operation: str, closed: bool = False) -> Iterator[Part]:
    for grant in env.registry.grants.get(rtype.name, ()):
        if grant.set is None and grant.where is not None and operation in grant.names and (grant.closed or not closed):
            clause = theirs.access.compiled(rtype, rtype.table, grant.where)
            yield Part("restriction", _("A condition that holds for everybody"), _holds(env, rtype, key, clause))


def _ways(theirs: Env, env: Env, rtype: RecordType, key: int, operation: str, owner: int | None) -> Iterator[Part]:
    """Openness of the type and the ways to reach this record."""
    if rtype.parent:
        clause = theirs.access.predicate(operation, rtype, rtype.table)
        label = _("It belongs to another record and is seen by whoever sees that one")
        yield Part("open", label, clause is None or _holds(env, rtype, key, clause))
        return
    if not rtype.owned:
        yield Part("open", _("{record} have no owner: the rights alone decide", record=rtype.plural), True)
        return
    actor, writing = theirs.actor, operation not in READS
    default = actor.defaults.get(rtype.name, "private")
    labels = {"private": _("Organisation-wide default: private"), "read": _("Organisation-wide default: everybody reads"),
              "write": _("Organisation-wide default: everybody reads and writes")}
    yield Part("open", labels[default], default == "write" or (default == "read" and not writing))
    for right, label in (("view_all", _("Right to view all")), ("edit_all", _("Right to edit all"))):
        yield Part("open", label, theirs.can(right, rtype.name) and (right == "edit_all" or not writing))
    reach = actor.reach.get(rtype.name, Reach())
    reached = reach.write_owners if writing else reach.read_owners
    name = env.labels("base.user", [owner]).get(owner, "") if owner else ""
    yield Part("way", _("Is the owner"), owner == actor.id, name)
    yield Part("way", _("Stands above the owner in the role tree"), owner in actor.subordinate_ids and owner in reached, name)
    rules = reach.write_rules if writing else reach.read_rules
    for rule, people in rules:
        yield Part("way", _("Sharing rule “{rule}” opens the owner's records", rule=rule), owner in people, name)
    if not rules:
        yield Part("way", _("A sharing rule opens the owner's records"), False, name)
    yield from _other_ways(theirs, env, rtype, key, operation, reach)


def _other_ways(theirs: Env, env: Env, rtype: RecordType, key: int, operation: str, reach: Reach) -> Iterator[Part]:
    writing, table = operation not in READS, rtype.table
    if "co_owners" in rtype.many:
        link = rtype.many["co_owners"]
        yield Part("way", _("Is a co-owner"), _holds(env, rtype, key, table.c.id.in_(
            select(link.c.record_id).where(link.c.other_id == theirs.actor.id))))
    if rtype.cls.record_unowned is not None:
        yield Part("way", _("It has no owner, and the person is one of those who take such records on"),
                   _holds(env, rtype, key, theirs.access.unowned(rtype, table)))
    yield from _shares(theirs, env, rtype, key, WRITE if writing else READ)
    for rule, where in (reach.write_where if writing else reach.read_where):
        yield Part("way", _("Sharing rule “{rule}”", rule=rule),
                   _holds(env, rtype, key, theirs.access.compiled(rtype, table, where)))


def _shares(theirs: Env, env: Env, rtype: RecordType, key: int, level: int) -> Iterator[Part]:
    """Each share by hand that is for the person, and whether it is of use: it may have ended, or be for reading only."""
    found = shares_reaching(env, theirs.actor, rtype.name, key)
    for one in found:
        if one.expires_at is not None and one.expires_at <= env.now:
            yield Part("way", _("It was shared by hand, and that has ended"), False, share=one)
        elif one.access < level:
            yield Part("way", _("It was shared by hand, for reading only"), False, share=one)
        else:
            yield Part("way", _("It was shared by hand"), True, share=one)
    if not found:
        yield Part("way", _("It was shared by hand"), False)


def _advice(made: Explanation, rtype: RecordType) -> Iterator[Message]:
    """What would open the record, the smallest thing first."""
    rights = [p for p in made.parts if p.kind == "right"]
    if not any(p.held for p in rights) or any(not p.held for p in rights if "refuses" in p.label):
        yield _("Give the person a permission set that holds this right, or allow it in their profile.")
    if any(p.kind == "restriction" and not p.held for p in made.parts):
        yield _("A condition of an addon holds for everybody; the record itself would have to change.")
    ways = [p for p in made.parts if p.kind in ("open", "way")]
    if ways and not any(p.held for p in ways):
        if rtype.parent:
            yield _("Open the record it belongs to.")
            return
        yield _("Share this record with the person by hand.")
        yield _("Write a sharing rule for records like this one.")
        yield _("Put the person above the owner in the role tree, or open {record} to everybody.", record=rtype.plural)


def access_by_sets(env: Env, sets: Iterable[str]) -> Access:
    """What permission sets allow by themselves, before a profile's own decisions: operations and fields, of nobody in
    particular, so asked for types and never for records."""
    return env.as_actor(Actor(id=0, profile=Profile(sets=frozenset(sets)))).access
