"""Service levels: what they keep to when they are written, and which one counts for which tickets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.api import Env, ExpressionError, F, HealthCheck, Invalid, _

from .sla_choices import POLICY, QUEUE, RULE, RULES_CHANGED, TARGET, TICKET
from .sla_clock import Targets

CHUNK = 5000


# ---------------------------------------------------------------- what they keep to
def problems(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
    """Why service levels cannot be as they are."""
    yield from condition_problems(records, env)
    for record in records:
        if record.is_default and not record.active:
            yield Invalid(record, "active", _("The default cannot be switched off: choose another default first."))


def condition_problems(records: Sequence[Any], env: Env, name: str = "condition") -> Iterator[Invalid]:
    """Conditions over tickets that cannot be read by whoever writes them: what one may not see, one may not sort tickets by."""
    for record in records:
        if text := getattr(record, name):
            try:
                env.query(TICKET).where(text).id_select()
            except ExpressionError as error:
                yield Invalid(record, name, error.message)


def target_problems(records: Sequence[Any]) -> Iterator[Invalid]:
    """Promises that are none, or out of order."""
    for record in records:
        for name in ("response", "resolution"):
            value = getattr(record, name)
            if value is not None and value.total_seconds() < 60:
                yield Invalid(record, name, _("Promise at least a minute, or leave it empty."))
        if record.response is not None and record.resolution is not None and record.response > record.resolution:
            yield Invalid(record, "response", _("A ticket is answered before it is resolved: make this the shorter time."))


# ---------------------------------------------------------------- what is known of them
@dataclass(frozen=True)
class Level:
    """A service level as the arithmetic needs it."""

    id: int
    name: str
    condition: str
    is_default: bool
    active: bool
    calendar: int | None
    customer_hours: bool
    stops: frozenset[str]
    targets: dict[str, Targets] = field(default_factory=dict)

    def of(self, priority: str | None) -> Targets:
        """What it promises for a priority."""
        return self.targets.get(priority or "", Targets())


def shelf(env: Env) -> dict[int, Level]:
    """All service levels by number, in the order in which they are tried; read when one changed, kept otherwise."""
    slot = env.kept("tickets.levels", RULES_CHANGED)
    if "levels" not in slot:
        with env.elevated("service levels") as sudo:
            slot["levels"] = _load(sudo)
    found: dict[int, Level] = slot["levels"]
    return found


def _load(env: Env) -> dict[int, Level]:
    targets: dict[int, dict[str, Any]] = {}
    for row in env.query(TARGET).archived(None).select("policy", "priority", "response", "resolution").rows():
        targets.setdefault(row["policy"].id, {})[row["priority"]] = row
    rows = env.query(POLICY).archived(None).order("position", "id").select(
        "name", "condition", "is_default", "active", "archived", "calendar", "customer_hours", "pauses", "near").rows()
    return {r["id"]: Level(
        r["id"], r["name"], r["condition"] or "", r["is_default"], r["active"] and (r["is_default"] or not r["archived"]),
        r["calendar"].id if r["calendar"] else None,
        r["customer_hours"], frozenset(r["pauses"] or ()), {
            priority: Targets(_seconds(t["response"]), _seconds(t["resolution"]), r["near"])
            for priority, t in targets.get(r["id"], {}).items()}) for r in rows}


def _seconds(value: Any) -> int | None:
    return None if value is None else int(value.total_seconds())


# ---------------------------------------------------------------- which one counts
def choose(env: Env, ids: Collection[int]) -> dict[int, int | None]:
    """The service level of each ticket: one its customer is entitled to, else the first whose condition holds, else the default."""
    levels = shelf(env)
    found: dict[int, int | None] = {}
    with env.elevated("choose service levels") as sudo:
        for answer in sudo.registry.collected("service_entitlements", env=sudo, record_name=TICKET, ids=sorted(ids)):
            for key, level in answer.items():
                if key not in found and level in levels and levels[level].active:
                    found[key] = level
        left = sorted(set(ids) - set(found))
        for level in levels.values():
            if left and level.active and level.condition and not level.is_default:
                try:
                    found |= dict.fromkeys(holding(sudo, left, level.condition), level.id)
                except ExpressionError:
                    continue  # a field it read is gone: the health page says so, and tickets are made all the same
                left = [key for key in left if key not in found]
            elif left and level.active and not level.is_default:
                found |= dict.fromkeys(left, level.id)
                left = []
    default = next((level.id for level in levels.values() if level.is_default), None)
    return found | dict.fromkeys(left, default)


def holding(env: Env, ids: Sequence[int], condition: Any) -> list[int]:
    """Those of the tickets for which a condition holds."""
    found: list[int] = []
    for start in range(0, len(ids), CHUNK):
        found += env.query(TICKET).archived(None).with_ids(ids[start:start + CHUNK]).where(condition).ids()
    return found


def decides_by(env: Env) -> frozenset[str]:
    """The ticket's own fields that conditions of service levels read: when one of them changes, another level may count."""
    slot = env.kept("tickets.levels", RULES_CHANGED)
    if "fields" not in slot:
        fields_of = env.registry.record(TICKET).fields
        slot["fields"] = frozenset(name for level in shelf(env).values() if level.condition
                                   for name in fields_of if name in level.condition) | {"account"}
    names: frozenset[str] = slot["fields"]
    return names


def health(env: Env) -> list[HealthCheck]:
    """Conditions of service levels, escalations and queues that cannot be read any more, because a field is gone."""
    broken = []
    for record in (POLICY, RULE, QUEUE):
        for row in env.query(record).where(F.active, F.condition.not_null()).select("name", "condition").rows():
            try:
                env.query(TICKET).where(row["condition"]).id_select()
            except ExpressionError as error:
                broken.append(f"{row['name']}: {env.t(error.message)}")
    return [HealthCheck(_("Conditions over tickets"), not broken, "; ".join(broken))]
