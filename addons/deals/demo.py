"""A year of sales of the demo company, lived through day by day by its sellers, as its leads were.

The same in every installation of the same day. Deals come from converted leads, and again from the accounts these became.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from addons.base import money
from core.api import Env, F, Link, _, calendar

from . import planning
from .choices import LOST, WON
from .demo_lines import LINE, Shelf
from .demo_words import COMPETITORS, CUSTOMERS, NEXT_STEPS, NOTES, SUBJECTS

DEAL = "deals.deal"
AGAIN = 260
"""So many deals beside those of leads, with accounts that are known."""
DAYS = 350
SKILL = {"reza": 0.46, "ali": 0.34, "ayse": 0.4, "emily": 0.5, "sara": 0.55, "john": 0.48}
PACE = ((4, 20), (6, 24), (5, 22), (3, 18))
"""Days on each open stage."""
WORTH = {"fa": (300_000_000, 4_500_000_000, "IRR"), "tr": (60_000, 900_000, "TRY"), "en": (2_000, 24_000, "EUR")}
"""Amounts by language, from and to, and their currency."""
QUOTAS = {"reza": 9, "ali": 7, "ayse": 8, "emily": 9, "sara": 5, "john": 5}
"""Milliards of rials a month."""


class Step(NamedTuple):
    """What happens to one deal on one day: it is made ("new"), moved (a stage's number), won or lost."""

    deal: int
    what: Any


class World(NamedTuple):
    """What the demo's deals are made of."""

    dice: random.Random
    pipeline: int
    stages: list[int]
    ends: dict[str, int]
    reasons: dict[str, list[int]]
    rivals: list[int]
    logins: dict[int, str]
    shelf: Shelf


def create(env: Env) -> None:
    """Make the deals, once."""
    if env.query(DEAL).deleted(None).archived(None).exists():
        return
    world = _world(env)
    leads = _leads(env)
    if world is None or not leads:
        return
    known = leads + _customers(env, world) * 3
    rows: list[dict[str, Any]] = []
    lives: dict[tuple[int, int], list[Step]] = {}
    for lead in leads:
        ago = min(DAYS, (env.today - lead["converted_at"].date()).days)
        _plan(env, world, lead, ago, rows, lives, "new")
    for _turn in range(AGAIN):
        lead = world.dice.choice(known)
        ago = world.dice.randint(0, max(0, (env.today - lead["converted_at"].date()).days))
        _plan(env, world, lead, ago, rows, lives, world.dice.choice(("renewal", "upsell", "upsell", "crosssell", "new")))
    made: dict[int, int] = {}
    for day, owner in sorted(lives, reverse=True):
        _live(env, world, rows, made, lives[day, owner], day, owner)
    _around(env, world, rows, made)
    _plans(env, world)
    _gate(env, world)


def _world(env: Env) -> World | None:
    pipeline = env.query("deals.pipeline").where(F.active).order("position").ids(1)
    if not pipeline:
        return None
    stages = env.query("deals.stage").holding("pipeline", pipeline).order("position").select("category").rows()
    opens = [s["id"] for s in stages if s["category"] not in (WON, LOST)]
    ends = {s["category"]: s["id"] for s in stages if s["category"] in (WON, LOST)}
    if len(opens) < 2 or len(ends) < 2:
        return None
    reasons: dict[str, list[int]] = {WON: [], LOST: []}
    for row in env.query("deals.reason").order("position").select("kind").rows():
        for status in (WON, LOST):
            if row["kind"] in (status, "both"):
                reasons[status].append(row["id"])
    rivals = env.create("deals.competitor", [{"name": n, "strengths": s, "weaknesses": w} for n, s, w in COMPETITORS])
    logins = {r["id"]: r["login"] for r in env.query("base.user").select("login").rows()}
    return World(random.Random(1406), pipeline[0], opens, ends, reasons, rivals, logins,  # noqa: S311 - believable, not secret
                 Shelf(env))


def _leads(env: Env) -> list[dict[str, Any]]:
    return [r for r in env.query("leads.lead").archived(None).where(F.status == "converted", F.converted_account.not_null()).order(
        "converted_at", "id").select("converted_account", "converted_contact", "converted_at", "owner", "preferred_language",
                                     "source", "campaign").rows()]


def _customers(env: Env, world: World) -> list[dict[str, Any]]:
    """Companies with which the demo company has dealt for long, in the form of the leads they once were."""
    moment = env.now - dt.timedelta(days=DAYS)
    sellers = [key for key, login in world.logins.items() if login in SKILL] or [env.actor.id or 0]
    found = []
    for lang, companies in CUSTOMERS.items():
        for name, city, first, last in companies:
            owner = world.dice.choice(sellers)
            then = env.back_then(moment, owner)
            account = then.create("contacts.account", {"name": name, "billing_city": city, "owner": owner})
            contact = then.create("contacts.contact", {"first_name": first, "last_name": last, "account": account, "owner": owner})
            found.append({"id": None, "converted_account": Link(account, name, "contacts.account"), "owner": Link(owner, "", "base.user"),
                          "converted_contact": Link(contact, last, "contacts.contact"), "converted_at": moment, "campaign": None,
                          "preferred_language": lang, "source": None})
    return found


# ---------------------------------------------------------------- what each deal goes through
def _plan(env: Env, world: World, lead: dict[str, Any], ago: int, rows: list[dict[str, Any]],
          lives: dict[tuple[int, int], list[Step]], kind: str) -> None:
    """Put a deal's journey into the calendar, and its first values among the rows."""
    dice, number, owner = world.dice, len(rows), lead["owner"].id
    lang = lead["preferred_language"] or "fa"
    least, most, code = WORTH[lang]
    amount = Decimal(int(least * (most / least) ** (dice.random() ** 1.4)))
    amount = amount.quantize(Decimal(1).scaleb(amount.adjusted() - 1))
    length = sum(dice.randint(*pace) for pace in PACE)
    closes = env.today - dt.timedelta(days=ago - length - dice.randint(-6, 14))
    rows.append({
        "name": dice.choice(SUBJECTS[lang]), "account": lead["converted_account"].id, "owner": owner, "pipeline": world.pipeline,
        "contact": lead["converted_contact"].id if lead["converted_contact"] else None, "amount": amount, "_code": code,
        "closes_on": max(closes, env.today - dt.timedelta(days=ago)), "type": kind, "campaign": lead["campaign"], "_lang": lang,
        "source": lead["source"].id if lead["source"] and kind == "new" else None, "_lead": lead["id"] if kind == "new" else None,
        "competitors": dice.sample(world.rivals, dice.choice((0, 0, 1, 1, 2)))})
    _journey(env, world, number, ago, owner, lives)


def _journey(env: Env, world: World, number: int, ago: int, owner: int, lives: dict[tuple[int, int], list[Step]]) -> None:
    dice = world.dice
    wins = dice.random() < SKILL.get(world.logins.get(owner, ""), 0.4)
    stops = None if wins else dice.choices(range(1, len(world.stages) + 1), [5, 5, 5, 3][:len(world.stages)])[0]
    day = _working_day(ago, owner)
    lives.setdefault((day, owner), []).append(Step(number, "new"))
    for place in range(1, len(world.stages) + 1):
        day -= dice.randint(*PACE[min(place, len(PACE)) - 1]) + (dice.randint(0, 25) if dice.random() < 0.12 else 0)
        day = _working_day(day, owner)
        if day < 0:
            return
        if stops == place:
            lives.setdefault((day, owner), []).append(Step(number, LOST))
            return
        if place == len(world.stages):
            lives.setdefault((day, owner), []).append(Step(number, WON))
        elif dice.random() > 0.12:
            lives.setdefault((day, owner), []).append(Step(number, world.stages[place]))


def _working_day(ago: int, owner: int) -> int:
    """The next day, counted backwards from today, on which a seller keeps their deals up to date."""
    return ago - (ago - owner) % 4 if ago > 8 else ago


def _live(env: Env, world: World, rows: list[dict[str, Any]], made: dict[int, int], steps: list[Step], day: int, owner: int) -> None:
    """One seller's day: new deals, moves, and those that end."""
    then = env.now.replace(hour=6, minute=world.dice.randint(0, 59), second=0, microsecond=0) - dt.timedelta(days=day)
    then = min(then, env.now - dt.timedelta(minutes=30))
    new = [s for s in steps if s.what == "new"]
    morning, noon = env.back_then(then, owner), env.back_then(then + dt.timedelta(minutes=20), owner)
    if new:
        values = [_values(env, rows[s.deal], then.date()) for s in new]
        lines: list[dict[str, Any]] = []
        for step, key, row in zip(new, morning.create(DEAL, values), values, strict=True):
            made[step.deal] = key
            chosen = world.shelf.lines(rows[step.deal]["_code"], row["amount"]) if "currency" in row else []
            rows[step.deal]["_lines"] = bool(chosen)
            lines += [line | {"deal": key} for line in chosen]
        if lines:
            morning.create(LINE, lines)
        links = {rows[s.deal]["_lead"]: {"deals_deal": made[s.deal]} for s in new if rows[s.deal]["_lead"]}
        if links:
            morning.update_each("leads.lead", links)
    changes = {made[s.deal]: _change(world, rows[s.deal], s) for s in steps if s.what != "new" and s.deal in made}
    if changes:
        noon.update_each(DEAL, changes)


def _values(env: Env, row: dict[str, Any], day: dt.date) -> dict[str, Any]:
    """The values of a new deal; where no rate is known its amount is in the base currency."""
    values = {k: v for k, v in row.items() if not k.startswith("_")}
    found = env.query("base.currency").where(F.code == row["_code"]).ids(1)
    own = money.base(env)
    if found and (found[0] == own.id or money.rates(env, [(found[0], day)])[found[0], day] is not None):
        values["currency"] = found[0]
    return values


def _change(world: World, row: dict[str, Any], step: Step) -> dict[str, Any]:
    dice = world.dice
    if step.what == WON:
        share, reason = dice.choice(("1", "1", "0.95", "0.9", "1.05")), dice.choice(world.reasons[WON])
        actual = {} if row["_lines"] else {"actual_amount": row["amount"] * Decimal(share)}
        return {"stage": world.ends[WON], "reason": reason, **actual}
    if step.what == LOST:
        weights = [max(1, 7 - i) for i in range(len(world.reasons[LOST]))]
        return {"stage": world.ends[LOST], "reason": dice.choices(world.reasons[LOST], weights)[0],
                "lost_to": row["competitors"][0] if row["competitors"] and dice.random() < 0.7 else None}
    return {"stage": step.what}


# ---------------------------------------------------------------- what stands around
def _around(env: Env, world: World, rows: list[dict[str, Any]], made: dict[int, int]) -> None:
    """Next steps of open deals, their people, notes; most get a day that lies ahead."""
    dice = world.dice
    numbers = {key: number for number, key in made.items()}
    changes, roles, notes = {}, [], []
    for row in env.query(DEAL).where(F.status == "open").order("id").select("closes_on", "contact", "owner").rows():
        lang = rows[numbers[row["id"]]]["_lang"]
        ahead = row["closes_on"] < env.today and dice.random() < 0.85
        changes[row["id"]] = {
            "next_step": dice.choice(NEXT_STEPS[lang]), "next_step_on": env.today + dt.timedelta(days=dice.randint(-2, 12)),
            "closes_on": env.today + dt.timedelta(days=dice.randint(2, 70)) if ahead else row["closes_on"]}
        if row["contact"]:
            roles.append({"deal": row["id"], "contact": row["contact"].id,
                          "role": dice.choice(("decision_maker", "decision_maker", "influencer", "champion", "payer"))})
        if dice.random() < 0.3:
            notes.append({"about": (DEAL, row["id"]), "body": f"<p>{dice.choice(NOTES[lang])}</p>"})
    env.update_each(DEAL, changes, source="stages")
    env.create("deals.contact_role", roles)
    env.create("base.note", notes)


def _plans(env: Env, world: World) -> None:
    """Quotas of half a year before and a quarter ahead, in both calendars; a manager's adjustment."""
    unit = _milliard(env)
    quotas = []
    people = {login: key for key, login in world.logins.items() if login in QUOTAS}
    for name in ("gregorian", "jalali"):
        months = _months(name, env.today)
        quotas += [{"user": key, "period": "month", "calendar": name, "starts": first, "amount": QUOTAS[login] * unit}
                   for login, key in people.items() for first in months]
    env.create("deals.quota", quotas)
    if "sara" in people and "reza" in people:
        first, last = planning.bounds("jalali", "month", env.today)
        env.back_then(env.now - dt.timedelta(hours=3), people["sara"]).create("deals.adjustment", {
            "user": people["reza"], "category": "commit", "starts": first, "ends": last, "amount": 4 * unit,
            "note": "دو معامله به ماه بعد می‌افتد"})


def _gate(env: Env, world: World) -> None:
    """Nobody negotiates before it is known who decides."""
    if not env.query("base.move").where(F.record_type == DEAL).exists():
        env.create("base.move", {
            "record_type": DEAL, "field_name": "stage", "to_value": str(world.stages[-1]), "required_fields": ["amount", "closes_on"],
            "condition": 'any(people, role == "decision_maker")',
            "message": env.t(_("Write down who decides (people in this deal), the amount and the day of close first."))})


def _months(name: str, today: dt.date) -> Sequence[dt.date]:
    used = calendar(name)
    first = used.month_bounds(today)[0]
    return [used.month_bounds(used.add_months(first, i))[0] for i in range(-11, 4)]


def _milliard(env: Env) -> Decimal:
    """A milliard of rials in the base currency, roughly."""
    rial = env.query("base.currency").where(F.code == "IRR").ids(1)
    rate = money.rates(env, [(rial[0], env.today)])[rial[0], env.today] if rial else None
    return money.rounded(env, Decimal(1_000_000_000) * rate) if rate else Decimal(1_000)
