"""Leads of a demo company, lived through day by day: made, talked to, qualified, lost or converted by its sellers.

The same in every installation of the same day. Each seller works through their leads once or twice a week, so the year
is a few hundred batches, not a statement for every move.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from core.api import Env, F

from .choices import CONVERTED, DEAD, DEAD_REASONS, JUNK, JUNK_REASONS, RECYCLE
from .conversion import Decision, convert
from .demo_words import CAMPAIGNS, EMPLOYEES, INDUSTRIES, MARKETS, Market
from .targets import ACCOUNT, CONTACT

COUNT = 400
DAYS = 360
JOURNEYS = (
    (7, ("raw", "new", "contacted", "mql", "sql", "ready", CONVERTED)),
    (7, ("new", "contacted", "sql", "ready", CONVERTED)),
    (8, ("new", "contacted", "nurturing", "mal", "mql", "sal", "sql", "ready", CONVERTED)),
    (14, ("raw", JUNK)),
    (16, ("new", "contacted", DEAD)),
    (14, ("new", "contacted", "nurturing")),
    (8, ("raw", "contacted", "mal", "mql", "nurturing", "recycle")),
    (8, ("new", "contacted", "sal", "sql", DEAD)),
    (10, ("new", "contacted", "mql")),
)
"""Ways through the life cycle, each with how often it is gone; a lead that began lately is somewhere on its way."""

PAUSE = (4, 26)
"""Days between two steps."""

COSTS = {"fair": 480_000_000, "event": 150_000_000, "ppc": 220_000_000, "bought": 60_000_000, "social": 95_000_000,
         "email": 35_000_000}
"""What sources cost, in rials, and what they brought in as a multiple of that."""
RETURNS = {"fair": "2.4", "event": "0.7", "ppc": "1.6", "bought": "0.3", "social": "1.9", "email": "3.1"}
SHEET = {"mql": {"bant_need": "yes"}, "sal": {"bant_need": "yes", "bant_authority": "yes"},
         "sql": {"bant_need": "yes", "bant_budget": "yes", "bant_timeline": "quarter"},
         "ready": {"bant_authority": "yes", "bant_timeline": "month", "rating": "hot"}}
SELLERS = ("reza", "ali", "ayse", "emily", "sara", "john")


class Step(NamedTuple):
    """What happens to one lead on one day."""

    lead: int
    status: str
    remark: str


def create(env: Env) -> None:
    """Make the leads, once."""
    owners = env.query("base.user").where("active").order("id").ids()
    if not owners or env.query("leads.lead").deleted(None).archived(None).exists():
        return
    owners = env.query("base.user").where(F.active & F.login.isin(SELLERS)).order("id").ids() or owners
    dice = random.Random(1405)  # noqa: S311 - believable, not secret
    sources = _sources(env)
    countries = {r["code"]: r["id"] for r in env.query("base.country").where('code in ("IR", "GB", "TR")').select("code").rows()}
    lives: dict[tuple[int, int], list[Step]] = {}
    rows = [_lead(dice, i, sources, owners, countries, lives) for i in range(COUNT)]
    made: dict[int, int] = {}
    for day, owner in sorted(lives, reverse=True):
        _live(env, dice, rows, made, lives[day, owner], day, owner)
    _form(env, sources, owners[0])


def _lead(dice: random.Random, i: int, sources: list[int], owners: list[int], countries: dict[str, int],
          lives: dict[tuple[int, int], list[Step]]) -> dict[str, Any]:
    """The first values of one lead; its steps go into `lives`, by (days ago, owner)."""
    market = dice.choices(MARKETS, [m.weight for m in MARKETS])[0]
    owner = dice.choice(owners)
    status = _plan(dice, i, market, owner, owners, lives)
    (first, written_first), (last, written_last) = dice.choice(market.first), dice.choice(market.last)
    number = dice.randrange(len(market.company_first) * len(market.company_last))
    row: dict[str, Any] = {
        "first_name": first, "last_name": last, "status": status, "city": dice.choice(market.cities),
        "job_title": dice.choice(market.titles), "country": countries.get(market.country), "preferred_language": market.lang,
        "source": dice.choice(sources) if sources else None, "owner": owner, "campaign": dice.choice(CAMPAIGNS),
        "rating": dice.choice(("hot", "warm", "warm", "cold", "cold", None)), "industry": dice.choice(INDUSTRIES),
        "mobile": _mobile(market.country, i),
        "email": f"{written_first}.{written_last}@firm{number:03d}.example.{market.domain}"}
    if dice.random() < 0.85:
        parts = len(market.company_last)
        row["company"] = f"{market.company_first[number // parts]} {market.company_last[number % parts]}"
        row["employees"] = EMPLOYEES[number % len(EMPLOYEES)]
        row["website"] = f"https://www.firm{number:03d}.example.{market.domain}"
    return row


def _plan(dice: random.Random, i: int, market: Market, owner: int, owners: list[int],
          lives: dict[tuple[int, int], list[Step]]) -> str:
    """Put a lead's journey into the calendar; the status it begins with."""
    journey = dice.choices([way for _often, way in JOURNEYS], [often for often, _way in JOURNEYS])[0]
    ago = int(DAYS * (1 - dice.random() ** 0.8))
    for place, status in enumerate(journey):
        day = _working_day(ago, owners.index(owner))
        if day < 0:
            break
        remark = dice.choice(market.remarks) if place and dice.random() < 0.35 else ""
        lives.setdefault((day, owner), []).append(Step(i, status, remark))
        ago = day - dice.randint(*PAUSE)
    return journey[0]


def _working_day(ago: int, turn: int) -> int:
    """The next day, counted backwards from today, on which the seller with this turn works through their leads."""
    return ago - (ago - turn) % 10 if ago > 10 else ago


def _live(env: Env, dice: random.Random, rows: list[dict[str, Any]], made: dict[int, int], steps: list[Step], day: int,
          owner: int) -> None:
    """One seller's day: new leads, moves, remarks, conversions, in the order people do them."""
    then = _moment(env, dice, day)
    new = [s for s in steps if s.lead not in made]
    morning = env.back_then(then, owner)
    for step, key in zip(new, morning.create("leads.lead", [rows[s.lead] for s in new]) if new else (), strict=True):
        made[step.lead] = key
    moved = [s for s in steps if s not in new]
    noon = env.back_then(then + dt.timedelta(minutes=dice.randint(20, 90)), owner)
    moves = {made[s.lead]: _values(dice, s, then.date()) for s in moved if s.status != CONVERTED}
    if moves:
        noon.update_each("leads.lead", moves)
    remarks = [{"about": ("leads.lead", made[s.lead]), "body": f"<p>{s.remark}</p>"} for s in steps if s.remark]
    if remarks:
        noon.create("base.note", remarks)
    _convert(env.back_then(then + dt.timedelta(minutes=100), owner), (made[s.lead] for s in moved if s.status == CONVERTED))


def _moment(env: Env, dice: random.Random, day: int) -> dt.datetime:
    """A working hour of a day so many days ago; never in the future."""
    hour = env.now.replace(hour=5, minute=0, second=0, microsecond=0) + dt.timedelta(minutes=dice.randint(0, 360))
    return min(hour - dt.timedelta(days=day), env.now - dt.timedelta(minutes=200 if day == 0 else 0))


def _values(dice: random.Random, step: Step, day: dt.date) -> dict[str, Any]:
    found: dict[str, Any] = {"status": step.status, **SHEET.get(step.status, {})}
    if step.status == RECYCLE:
        found["next_try_on"] = day + dt.timedelta(days=90)
    if step.status == JUNK:
        found["junk_reason"] = dice.choice(JUNK_REASONS)[0]
    if step.status == DEAD:
        found["dead_reason"] = dice.choice(DEAD_REASONS)[0]
    return found


def _convert(env: Env, keys: Iterable[int]) -> None:
    for key in keys:
        convert(env, key, {ACCOUNT: Decision(), CONTACT: Decision()})


def _sources(env: Env) -> list[int]:
    """The shipped sources, with what some of them cost and brought in."""
    rows = env.query("leads.source").order("id").select("kind").rows()
    rial = env.query("base.currency").where('code == "IRR"').ids(1)
    env.update_each("leads.source", {
        r["id"]: {"cost": COSTS[r["kind"]], "earned": int(COSTS[r["kind"]] * Decimal(RETURNS[r["kind"]])),
                  "currency": rial[0] if rial else None} for r in rows if r["kind"] in COSTS})
    return [r["id"] for r in rows]


def _mobile(country: str, i: int) -> str:
    return {"IR": f"+98912{2000000 + i * 137:07d}", "GB": f"+447400{100000 + i * 13:06d}",
            "TR": f"+90532{2000000 + i * 119:07d}"}[country]


def _form(env: Env, sources: list[int], owner: int) -> None:
    env.create("leads.web_form", {
        "name": "تماس با ما", "language": "fa", "source": sources[0] if sources else None, "owner": owner,
        "campaign": "site", "consent": "می‌پذیرم که برای پاسخ به این درخواست با من تماس گرفته شود.",
        "shown": ["first_name", "last_name", "company", "mobile", "email", "description"], "needed": ["last_name", "mobile"],
        "thanks": "سپاسگزاریم. همکاران ما به زودی با شما تماس می‌گیرند.", "origins": "https://www.example.com"})
