"""The forecast: what deals of a period come to, by person and role, beside quotas and what managers make of it.

Read as the person: their own deals, those of people below them, and what else is open to them. A fixed number of
statements, however many deals and people there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.api import Env, F

from .choices import BEST_CASE, COMMIT, LOST, OPEN_CATEGORIES, PIPELINE, WON
from .figures import ZERO, Chosen, ratio

DEAL, QUOTA, ADJUSTMENT, USER, ROLE = "deals.deal", "deals.quota", "deals.adjustment", "base.user", "base.role"
CATEGORIES = (WON, COMMIT, BEST_CASE, PIPELINE)
"""The columns of a forecast, the surest first."""
MOST = 50_000
OTHERS = 0


@dataclass
class Sum:
    """Deals of one category: how many, what they come to, and that times their probability."""

    count: int = 0
    amount: Decimal = ZERO
    weighted: Decimal = ZERO

    def add(self, other: Sum) -> None:
        """Add another sum to this one."""
        self.count += other.count
        self.amount += other.amount
        self.weighted += other.weighted


@dataclass
class Adjusted:
    """A manager's own figure, with who wrote it and why."""

    id: int
    amount: Decimal
    by: str
    note: str
    mine: bool


@dataclass
class Node:
    """A line of the forecast: a person, or a role with everybody in it and below it.

    `sums` are those of the deals; `adjusted` what managers wrote over this line; `figures` what counts after all
    adjustments of this line and the lines below.
    """

    kind: str
    id: int
    label: str
    detail: str = ""
    level: int = 0
    people: tuple[int, ...] = ()
    sums: dict[str, Sum] = field(default_factory=dict)
    adjusted: dict[str, Adjusted] = field(default_factory=dict)
    figures: dict[str, Decimal] = field(default_factory=dict)
    quota: Decimal | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def key(self) -> str:
        """How an address names the line."""
        return f"{self.kind}:{self.id}"

    @property
    def total(self) -> Decimal:
        """Everything that may come in, certain or not."""
        return sum(self.figures.values(), ZERO)

    @property
    def weighted(self) -> Decimal:
        """Everything times its probability, as the deals say."""
        return sum((s.weighted for s in self.sums.values()), ZERO)

    @property
    def expected(self) -> Decimal:
        """What is won and what is committed."""
        return self.figures.get(WON, ZERO) + self.figures.get(COMMIT, ZERO)

    @property
    def attainment(self) -> Decimal | None:
        """What is won, in percent of the quota."""
        return ratio(self.figures.get(WON, ZERO), self.quota)

    def walk(self) -> Iterator[Node]:
        """This line and those below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Forecast:
    """The lines at the top (usually one's own role, or oneself), and the sum of all."""

    lines: list[Node]
    whole: Node

    def walk(self) -> Iterator[Node]:
        """All lines in the order of the page."""
        for line in self.lines:
            yield from line.walk()

    def find(self, key: str) -> Node | None:
        """A line by its key."""
        return next((n for n in self.walk() if n.key == key), None)


def forecast(env: Env, chosen: Chosen, team: int | None = None) -> Forecast:
    """The forecast of a period over the tree of people; with a team over its members, side by side."""
    people = {r["id"]: r for r in env.query(USER).archived(None).order("name").select("name", "role", "active").rows()}
    sums = _sums(env, chosen)
    if chosen.people is not None or team is not None:
        lines = _flat(env, people, sums, chosen.people or ())
    else:
        lines = _tree(env, people, sums)
    whole = Node("all", 0, "")
    adjusted, quotas = _adjustments(env, chosen), _quotas(env, chosen, "user")
    for line in lines:
        _settle(line, adjusted, quotas)
        _pile(whole, line)
    if team is not None:
        whole.quota = _quotas(env, chosen, "team").get(team, whole.quota)
    return Forecast(lines, whole)


def _sums(env: Env, chosen: Chosen) -> dict[int, dict[str, Sum]]:
    """What the deals come to, by owner and category: one statement."""
    found: dict[int, dict[str, Sum]] = {}
    rows = chosen.deals(env, F.category != LOST, chosen.within("closes_on")).aggregate(
        ["owner", "category"], ["amount_base", "weighted"], limit=MOST)
    for row in rows:
        made = Sum(row["count"], row["sum:amount_base"] or ZERO, row["sum:weighted"] or ZERO)
        found.setdefault(row["owner"].id if row["owner"] else OTHERS, {})[row["category"]] = made
    return found


# ---------------------------------------------------------------- lines
def _person(people: Mapping[int, dict[str, Any]], sums: Mapping[int, dict[str, Sum]], key: int) -> Node:
    label = people[key]["name"] if key in people else f"#{key}"
    return Node("user", key, label, people=(key,), sums={c: Sum(s.count, s.amount, s.weighted) for c, s in sums.get(key, {}).items()})


def _flat(env: Env, people: Mapping[int, dict[str, Any]], sums: Mapping[int, dict[str, Sum]], chosen: Iterable[int]) -> list[Node]:
    """Chosen people side by side: those below the person, and others as far as deals of theirs are open to them."""
    mine, wanted = {env.actor.id, *env.actor.subordinate_ids}, set(chosen)
    return [_person(people, sums, key) for key, person in people.items()
            if key in wanted and (key in sums or (person["active"] and (env.access.unlimited or key in mine)))]


def _tree(env: Env, people: Mapping[int, dict[str, Any]], sums: Mapping[int, dict[str, Sum]]) -> list[Node]:
    """The person, the roles below theirs, and whoever else's deals they see; all roles for who sees everything."""
    roles = {r["id"]: r for r in env.query(ROLE).order("name").select("name", "parent").rows()}
    everything = env.access.unlimited
    seen = {k for k, p in people.items() if p["active"] or k in sums}
    if not everything:
        seen &= {env.actor.id, *env.actor.subordinate_ids} | set(sums)
    members: dict[int, list[int]] = {}
    for key in people:
        if key in seen and people[key]["role"]:
            members.setdefault(people[key]["role"].id, []).append(key)
    own = people.get(env.actor.id or 0)
    own_role = own["role"].id if own and own["role"] else None
    tops = [r for r in roles if roles[r]["parent"] is None] if everything else \
        [r for r in roles if roles[r]["parent"] and roles[r]["parent"].id == own_role] if own_role else []
    lines: list[Node] = [] if everything else [_person(people, sums, env.actor.id or 0)]
    placed: set[int] = set() if everything else {env.actor.id or 0}
    for top in tops:
        node = _role(roles, members, people, sums, top, placed)
        if node is not None:
            lines.append(node)
    lines += [_person(people, sums, key) for key in people if key in seen and key not in placed and key in sums]
    return lines


def _role(roles: Mapping[int, dict[str, Any]], members: Mapping[int, list[int]], people: Mapping[int, dict[str, Any]],
          sums: Mapping[int, dict[str, Sum]], key: int, placed: set[int], level: int = 0) -> Node | None:
    """A role with its people and the roles below; none when nobody is in it."""
    node = Node("role", key, roles[key]["name"], level=level)
    for person in members.get(key, ()):
        placed.add(person)
        node.children.append(_person(people, sums, person))
    for below in (r for r in roles if roles[r]["parent"] and roles[r]["parent"].id == key):
        made = _role(roles, members, people, sums, below, placed, level + 1)
        if made is not None:
            node.children.append(made)
    for child in node.children:
        if child.kind == "user":
            child.level = level + 1
    return node if node.children else None


# ---------------------------------------------------------------- figures
def _settle(node: Node, adjusted: Mapping[tuple[str, str], Adjusted], quotas: Mapping[int, Decimal]) -> None:
    """Sums, adjustments and quotas of a line from those below it."""
    for child in node.children:
        _settle(child, adjusted, quotas)
        _pile(node, child)
    if node.kind == "user":
        node.quota = quotas.get(node.id)
        node.figures = {c: s.amount for c, s in node.sums.items()}
    for category in OPEN_CATEGORIES:
        one = adjusted.get((node.key, category))
        if one is not None:
            node.adjusted[category] = one
            node.figures[category] = one.amount


def _pile(node: Node, child: Node) -> None:
    node.people += child.people
    for category, one in child.sums.items():
        node.sums.setdefault(category, Sum()).add(one)
    for category, amount in child.figures.items():
        node.figures[category] = node.figures.get(category, ZERO) + amount
    if child.quota is not None:
        node.quota = (node.quota or ZERO) + child.quota


def _adjustments(env: Env, chosen: Chosen) -> dict[tuple[str, str], Adjusted]:
    """What managers wrote, by line and category: one's own goes before those of others, of these the latest."""
    rows = env.query(ADJUSTMENT).where(F.starts == chosen.period.first, F.ends == chosen.period.last).order("updated_at").select(
        "user", "role", "category", "amount", "note", "owner").rows()
    found: dict[tuple[str, str], Adjusted] = {}
    for row in rows:
        line = f"user:{row['user'].id}" if row["user"] else f"role:{row['role'].id}"
        mine = row["owner"].id == env.actor.id
        before = found.get((line, row["category"]))
        if before is None or mine or not before.mine:
            found[line, row["category"]] = Adjusted(row["id"], row["amount"], row["owner"].label or "", row["note"] or "", mine)
    return found


def _quotas(env: Env, chosen: Chosen, whose: str) -> dict[int, Decimal]:
    """Quotas of the period by person or team, of the reader's calendar; without one the sum of those of shorter periods in it."""
    first, last = chosen.period.first, chosen.period.last
    rows = env.query(QUOTA).where(F.calendar == env.actor.calendar, F.starts >= first, F.ends <= last, F[whose].not_null()).select(
        whose, "starts", "ends", "amount", "period").rows()
    exact = {r[whose].id: r["amount"] for r in rows if (r["starts"], r["ends"]) == (first, last)}
    parts: dict[str, dict[int, Decimal]] = {"quarter": {}, "month": {}}
    for row in rows:
        if (row["starts"], row["ends"]) != (first, last) and row["period"] in parts:
            held = parts[row["period"]]
            held[row[whose].id] = held.get(row[whose].id, ZERO) + row["amount"]
    return {**parts["month"], **parts["quarter"], **exact}
