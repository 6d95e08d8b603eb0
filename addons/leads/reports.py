"""Figures about leads: over the list, on the home page, on records; each by a statement or two over the whole set."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from core.api import ME, Env, F, Figure, HealthCheck, Panel, Tile, _, n_

from . import sources, transitions
from .choices import ACTIVE, CONVERTED
from .qualification import BANT, CHAMP

LEAD = "leads.lead"
SHOWN = 6
MOST_COUNTED = 10_000


def rate(env: Env, query: Any) -> tuple[int, int, Decimal | None]:
    """(all, converted, mean days to conversion) of a query's leads, by one statement."""
    total = converted = 0
    days: Decimal | None = None
    sums = ["days_to_convert"] if env.can("read", LEAD, "days_to_convert") else []
    for row in query.order("id").aggregate(group_by=["status"], sums=sums):
        total += row["count"]
        if row["status"] == CONVERTED:
            converted, days = row["count"], row.get("sum:days_to_convert")
    return total, converted, None if days is None or not converted else days / converted


def summary(env: Env, query: Any) -> list[Figure]:
    """Conversion rate and time of the leads in a list, its filters included."""
    if not env.can("read", LEAD, "status"):
        return []
    total, converted, days = rate(env, query)
    if not total:
        return []
    of = env.t(_("{converted} of {total} leads", converted=env.format.number(converted), total=env.format.number(total)))
    found = [Figure(env.t(_("Conversion rate")), env.format.percent(Decimal(100 * converted) / total, 1), of)]
    if days is not None:
        found.append(Figure(env.t(_("Mean time to conversion")),
                            env.t(n_("{days} day", "{days} days", 2, days=env.format.number(days, 1)))))
    return found


def tiles(env: Env) -> list[Tile]:
    """What a person should know of their leads at the start of a day."""
    mine = env.query(LEAD).where(F.owner == ME)
    fresh = mine.where(F.status.isin(("raw", "new"))).order("-created_at").select("name", "company", "created_at").rows(SHOWN)
    hot = env.query(LEAD).where((F.rating == "hot") & F.status.isin(ACTIVE)).order("-last_touch_at")
    rows = hot.select("name", "company", "last_touch_at").rows(SHOWN)
    fresh_count = env.query(LEAD).where("created_at in this_month()").count(MOST_COUNTED)
    converted = env.query(LEAD).where("converted_at in this_month()").count(MOST_COUNTED)
    shown = f"/r/{LEAD}?s=1&filter."
    return [
        Tile(env.t(_("My new leads")), rows=[_row(env, r, "created_at") for r in fresh], icon="person-plus", order=10,
             url=f"{shown}status=raw,new&filter.owner=me", empty=env.t(_("No new leads."))),
        Tile(env.t(_("Hot leads")), rows=[_row(env, r, "last_touch_at") for r in rows], icon="fire", order=20,
             url=f"{shown}rating=hot", empty=env.t(_("No hot leads."))),
        Tile(env.t(_("My open leads")), value=_many(env, mine.where(F.status.isin(ACTIVE)).count(MOST_COUNTED)),
             icon="person-lines-fill", order=25, url=f"{shown}status={','.join(ACTIVE)}&filter.owner=me"),
        Tile(env.t(_("New leads this month")), value=_many(env, fresh_count), icon="calendar-plus", order=26,
             url=f"/r/{LEAD}"),
        Tile(env.t(_("Converted this month")), value=_many(env, converted), icon="arrow-left-right", order=30,
             url=f"{shown}status=converted")]


def _many(env: Env, count: int) -> str:
    """A count that may be more than was counted."""
    return env.format.number(min(count, MOST_COUNTED)) + ("+" if count > MOST_COUNTED else "")


def _row(env: Env, row: dict[str, Any], moment: str) -> tuple[str, str, str]:
    text = " · ".join(t for t in (row["name"], row["company"]) if t)
    return text or f"#{row['id']}", f"/r/{LEAD}/{row['id']}", env.format.relative(row[moment]) if row[moment] else ""


# ---------------------------------------------------------------- panels of records
def panels(env: Env, record_name: str, record: Any) -> list[Panel]:
    """Qualification on leads; where they came from on accounts and contacts."""
    if record_name == LEAD:
        return _qualification(env, record.id)
    if record_name == sources.SOURCE:
        return sources.panel(env, record.id)
    link = {"contacts.account": "converted_account", "contacts.contact": "converted_contact"}.get(record_name)
    if link is None or not env.can("read", LEAD, link):
        return []
    rows = env.query(LEAD).where(F[link] == record.id).archived(None).order("-converted_at").select(
        "number", "name", "converted_at").rows(5)
    if not rows:
        return []
    line = Markup('<li><a href="/r/leads.lead/{}" dir="auto">{} {}</a> <span class="muted">{}</span></li>')
    items = Markup("").join(line.format(r["id"], r["number"], r["name"], env.format.relative(r["converted_at"])) for r in rows)
    return [Panel(env.t(_("Was a lead")), Markup("<ul>{}</ul>").format(items), icon="person-plus", order=60)]


def _qualification(env: Env, key: int) -> list[Panel]:
    names = [n for n in ("sheet", *BANT, *CHAMP, "bant_score", "champ_score") if env.can("read", LEAD, n)]
    lead = env.get(LEAD, key, *names)
    wanted = {"bant": (BANT,), "champ": (CHAMP,), "both": (BANT, CHAMP)}.get(lead.get("sheet") or "", ())
    found = []
    for sheet in wanted:
        title, score = ("BANT", "bant_score") if sheet is BANT else ("CHAMP", "champ_score")
        lines = Markup("").join(_line(env, lead, name) for name in sheet if name in names)
        head = env.t(_("{sheet}: {score} of 4", sheet=title, score=env.format.number(lead.get(score) or 0)))
        found.append(Panel(head, Markup('<dl class="lead-sheet">{}</dl>').format(lines), icon="ui-checks", order=20))
    return found


def _line(env: Env, lead: Any, name: str) -> Markup:
    item: Any = env.registry.record(LEAD).field(name)
    option = next((o for o in item.options if o.value == lead.get(name)), None)
    answer = Markup('<span class="badge tint-{}">{}</span>').format(option.colour, env.t(option.label)) if option else \
        Markup('<span class="nothing">{}</span>').format(env.t(_("Not asked yet")))
    return Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(escape(env.t(item.label)), answer)


# ---------------------------------------------------------------- health
def health(env: Env) -> list[HealthCheck]:
    """Lines of the health page."""
    moves = bool(transitions.moves(env))
    return [HealthCheck(env.t(_("Allowed moves of leads")), moves,
                        "" if moves else env.t(_("No move is allowed: leads stay where they are. Edit the allowed moves.")))]
