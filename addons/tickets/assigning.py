"""Handing out what waits in a queue: to those who can, are there and have room, in turn or by least open work.

Whoever hands out takes a number of the queue first, and with it a lock that lasts until the commit: two workers at once hand
out one after the other and both see whose turn it is. The number is also the turn, so the position survives restarts, and
somebody back from leave is given one ticket, not all that they missed.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from addons.worktime import service as worktime
from core.api import Change, Env, ExpressionError, F

from . import policies
from .sla_choices import AGENT, BY_HAND, LEAST_OPEN, LIVE, QUEUE, TICKET, TURN

STRIDE = 100_000
"""Turns taken in one batch; a batch hands out fewer."""
AT_ONCE = 1000


@dataclass(order=True)
class Candidate:
    """Somebody who may be next, the most entitled first."""

    rank: tuple[int, int]
    user: int
    room: int | None = field(default=None, compare=False)
    skills: frozenset[int] = field(default=frozenset(), compare=False)
    given: int = field(default=0, compare=False)
    turn: int = field(default=0, compare=False)


# ---------------------------------------------------------------- new tickets
def follow(env: Env, change: Change) -> None:
    """After tickets were written: new ones without a queue go to the queue that takes them in, and what is nobody's is handed out."""
    if change.action == "create":
        route(env, [r.id for r in change.records if not r.queue])
        hand_out(env, [r.id for r in change.records if not r.owner])
    elif change.action == "update" and change.touches("queue"):
        hand_out(env, [r.id for r in change.changed("queue") if not r.owner and r.queue])


def route(env: Env, ids: Sequence[int]) -> int:
    """Put tickets into the first queue whose condition holds for them; returns how many found one."""
    left, found = list(ids), dict[int, dict[str, Any]]()
    if not left:
        return 0
    with env.elevated("queues of new tickets") as sudo:
        rows = sudo.query(QUEUE).where(F.active, F.condition.not_null()).order("position", "id").select("condition").rows()
        for row in rows:
            if left:
                try:
                    taken = policies.holding(sudo, left, row["condition"])
                except ExpressionError:
                    continue
                found |= {key: {"queue": row["id"]} for key in taken}
                left = [key for key in left if key not in found]
        return sudo.update_each(TICKET, found) if found else 0


def hand_out(env: Env, ids: Collection[int]) -> int:
    """Give these tickets, as far as they are open and nobody's, to people of their queues; returns how many were."""
    if not ids:
        return 0
    with env.elevated("hand out tickets") as sudo:
        rows = sudo.query(TICKET).with_ids(ids).where(_waits()).order("created_at", "id").select("queue", "category").rows()
        return _by_queue(sudo, rows)


def waiting(env: Env, most: int = AT_ONCE) -> Iterator[int]:
    """Give what waits in queues that hand out by themselves to whoever is there by now; yields how many were after each queue,
    which is the place to commit: the lock of one queue is not held while another is dealt with."""
    with env.elevated("hand out waiting tickets") as sudo:
        for queue in sudo.query(QUEUE).where(F.active, F.method != BY_HAND).order("position", "id").ids():
            rows = sudo.query(TICKET).where(_waits(), F.queue == queue).order("created_at", "id").select("queue", "category").rows(most)
            yield _by_queue(sudo, rows)


def _waits() -> Any:
    return F.owner.is_null() & F.queue.not_null() & F.state.isin(LIVE)


def _by_queue(sudo: Env, rows: Iterable[Mapping[str, Any]]) -> int:
    queues: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        queues.setdefault(row["queue"].id, []).append(row)
    automatic = sudo.query(QUEUE).with_ids(queues).where(F.active, F.method != BY_HAND).order("position", "id").select(
        "method", "on_duty_only").rows() if queues else []
    members = people(sudo, [queue["id"] for queue in automatic])
    return sum(_queue(sudo, queue, members[queue["id"]], queues[queue["id"]]) for queue in automatic)


def _queue(sudo: Env, queue: Mapping[str, Any], members: set[int], tickets: Sequence[Mapping[str, Any]]) -> int:
    number = int(sudo.next_number("tickets.turns" if queue["method"] == LEAST_OPEN else f"tickets.turns.{queue['id']}", "{number}"))
    fresh = set(sudo.query(TICKET).with_ids([t["id"] for t in tickets]).where(_waits(), F.queue == queue["id"]).ids())
    heap = candidates(sudo, queue, members)
    needs = _needs(sudo, [t for t in tickets if t["id"] in fresh])
    turn, given = number * STRIDE, {}
    for ticket in tickets:
        chosen = take(heap, needs.get(ticket["id"], frozenset()), turn + 1, queue["method"]) if ticket["id"] in fresh else None
        if chosen is not None:
            turn += 1
            given[ticket["id"]] = chosen.user
    if given:
        _remember(sudo, queue["id"], heap)
        sudo.update_each(TICKET, {key: {"owner": user} for key, user in given.items()})
    return len(given)


def take(people: list[Candidate], needs: frozenset[int], turn: int, method: str) -> Candidate | None:
    """The next of a heap who can do it and has room, moved to their new place; None when nobody is left."""
    passed: list[Candidate] = []
    chosen = None
    while people and chosen is None:
        one = heapq.heappop(people)
        if one.room == 0:
            continue
        if needs <= one.skills:
            chosen = one
        else:
            passed.append(one)
    for one in passed:
        heapq.heappush(people, one)
    if chosen is not None:
        chosen.given, chosen.turn = chosen.given + 1, turn
        chosen.room = None if chosen.room is None else chosen.room - 1
        chosen.rank = (chosen.rank[0] + 1, turn) if method == LEAST_OPEN else (0, turn)
        heapq.heappush(people, chosen)
    return chosen


def candidates(sudo: Env, queue: Mapping[str, Any], users: set[int]) -> list[Candidate]:
    """Who may be given tickets of a queue now, as a heap: active people of it, stand-ins for those who are away all day."""
    active = set(sudo.query("base.user").with_ids(users).where(F.active).ids()) if users else set()
    if queue["on_duty_only"] and active:
        there = worktime.on_duty(sudo, active, sudo.now)
        stand_ins = worktime.stand_ins(sudo, active - there, sudo.today)
        extra = set(stand_ins.values()) - active
        if extra:
            there |= worktime.on_duty(sudo, sudo.query("base.user").with_ids(extra).where(F.active).ids(), sudo.now)
        active = there
    agents = {r["user"].id: r for r in sudo.query(AGENT).where(F.user.isin(sorted(active))).select(
        "user", "skills", "most_open", "takes").rows()}
    turns = {r["user"].id: r["last"] for r in sudo.query(TURN).where(F.queue == queue["id"], F.user.isin(sorted(active))).select(
        "user", "last").rows()}
    loads = load(sudo, active)
    made = []
    for user in active:
        agent = agents.get(user)
        if agent is not None and not agent["takes"]:
            continue
        most = agent["most_open"] if agent else None
        rank = (loads[user] if queue["method"] == LEAST_OPEN else 0, turns.get(user, 0))
        made.append(Candidate(rank, user, None if most is None else max(0, most - loads[user]),
                              frozenset(s.id for s in agent["skills"]) if agent else frozenset(), turn=turns.get(user, 0)))
    heapq.heapify(made)
    return made


def people(env: Env, queues: Collection[int]) -> dict[int, set[int]]:
    """The members of each queue, those of its team included: two statements."""
    rows = env.query(QUEUE).archived(None).with_ids(queues).select("members", "team").rows() if queues else []
    teams = {r["team"].id for r in rows if r["team"]}
    members = {r["id"]: {m.id for m in r["members"] or ()} for r in env.query("base.team").archived(None).with_ids(teams).select(
        "members").rows()} if teams else {}
    return {r["id"]: {m.id for m in r["members"] or ()} | (members.get(r["team"].id, set()) if r["team"] else set()) for r in rows}


def load(sudo: Env, users: Collection[int]) -> Counter[int]:
    """How many open tickets each person has; done ones are no load."""
    rows = sudo.query(TICKET).where(F.state.isin(LIVE), F.owner.isin(sorted(users))).aggregate(["owner"], limit=10_000) if users else []
    return Counter({r["owner"].id: r["count"] for r in rows})


def _needs(sudo: Env, tickets: Sequence[Mapping[str, Any]]) -> dict[int, frozenset[int]]:
    """The skills that each ticket's category asks for."""
    categories = {t["category"].id for t in tickets if t["category"]}
    rows = sudo.query("tickets.category").archived(None).with_ids(categories).select("skills").rows() if categories else []
    asked = {r["id"]: frozenset(s.id for s in r["skills"]) for r in rows}
    return {t["id"]: asked.get(t["category"].id, frozenset()) for t in tickets if t["category"]}


def _remember(sudo: Env, queue: int, people: Sequence[Candidate]) -> None:
    given = {p.user: p for p in people if p.given}
    known = {r["user"].id: r for r in sudo.query(TURN).where(F.queue == queue, F.user.isin(sorted(given))).select("user", "given").rows()}
    sudo.derive(TURN, {row["id"]: {"last": given[user].turn, "at": sudo.now, "given": (row["given"] or 0) + given[user].given}
                       for user, row in known.items()})
    new = [{"queue": queue, "user": user, "last": p.turn, "at": sudo.now, "given": p.given}
           for user, p in given.items() if user not in known]
    if new:
        sudo.create(TURN, new)


# ---------------------------------------------------------------- when somebody leaves
def left(env: Env, change: Change) -> None:
    """After people were written: what those who left still had open goes back to its queues, in the background."""
    gone = [r.id for r in change.changed("active") if not r.active] if change.action == "update" and change.touches("active") else []
    if gone:
        env.enqueue("tickets.left", {"users": gone})


def give_back(env: Env, users: Sequence[int], most: int = AT_ONCE) -> int:
    """Put open tickets of people who are no longer active into their queues and hand them out; those without a queue go to the
    people who take on what is nobody's. Returns how many were given back."""
    with env.elevated("tickets of somebody who left") as sudo:
        gone = sudo.query("base.user").with_ids(users).where(~F.active).archived(None).ids()
        if not gone:
            return 0
        ids = sudo.query(TICKET).where(F.state.isin(LIVE), F.owner.isin(sorted(gone))).order("id").ids(most)
        if ids:
            sudo.update(TICKET, ids, {"owner": None})
            hand_out(sudo, ids)
        return len(ids)
