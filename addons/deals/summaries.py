"""Figures of deals on pages that are not theirs: lists, home, accounts, leads, sources; and the health page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from addons.base.money import base as base_of
from core.api import ME, TODAY, Env, F, Figure, HealthCheck, Panel, Query, Tile, _, n_
from core.web_api import list_link, record_url

from . import stages
from .choices import LOST, OPEN, WON
from .figures import DEAL, ZERO, money, short

OPEN_NOW = F.status == OPEN
STALE = OPEN_NOW & (F.stale_on <= TODAY)


# ---------------------------------------------------------------- lead sources
def earned_by_sources(env: Env, ids: Sequence[int]) -> dict[int, Decimal]:
    """What won deals of lead sources brought in, each in the currency of its source.

    Sums are in the base currency; a source that is reckoned in another one gets those of its deals that are in that.
    """
    if not env.can("read", DEAL) or not ids:
        return {}
    base = base_of(env).id
    currencies = {r["id"]: r["currency"].id if r["currency"] else None
                  for r in env.query("leads.source").archived(None).with_ids(ids).select("currency").rows()}
    found: dict[int, Decimal] = {}
    rows = env.query(DEAL).archived(None).holding("source", ids).where(F.status == WON).aggregate(
        ["source", "currency"], ["amount_base", "actual_amount"], limit=20_000)
    for row in rows:
        source, wanted = row["source"].id, currencies.get(row["source"].id)
        held = row["currency"].id if row["currency"] else base
        if wanted is None or wanted == base:
            found[source] = found.get(source, ZERO) + (row["sum:amount_base"] or ZERO)
        elif held == wanted:
            found[source] = found.get(source, ZERO) + (row["sum:actual_amount"] or ZERO)
    return found


# ---------------------------------------------------------------- lists and home
def of_list(env: Env, query: Query) -> list[Figure]:
    """Sum and weighted sum of a list, and the win rate of those that are closed."""
    if not env.can("read", DEAL, "amount_base"):
        return []
    rows = query.order("id").aggregate(["status"], ["amount_base", "weighted"])
    by = {r["status"]: r for r in rows}
    made = []
    if OPEN in by:
        made += [Figure(env.t(_("Open deals")), short(env, by[OPEN]["sum:amount_base"] or ZERO), money(env, by[OPEN]["sum:amount_base"])),
                 Figure(env.t(_("Weighted")), short(env, by[OPEN]["sum:weighted"] or ZERO), money(env, by[OPEN]["sum:weighted"]))]
    if WON in by:
        made.append(Figure(env.t(_("Won")), short(env, by[WON]["sum:amount_base"] or ZERO), money(env, by[WON]["sum:amount_base"])))
    won, lost = by.get(WON, {"count": 0})["count"], by.get(LOST, {"count": 0})["count"]
    if won + lost:
        made.append(Figure(env.t(_("Win rate")), env.format.percent(Decimal(100 * won) / (won + lost), 0),
                           env.t(_("Won deals among those that are closed"))))
    return made


def tiles(env: Env) -> list[Tile]:
    """Blocks of the home page."""
    mine = env.query(DEAL).where(F.owner == ME)
    month = f'status == "{OPEN}" and closes_on in this_month()'
    won = f'status == "{WON}" and closed_on in this_month()'
    made = []
    for title, icon, condition, order in (
            (_("My open deals"), "briefcase", OPEN_NOW, 20), (_("Closing this month"), "calendar-check", month, 21),
            (_("Won this month"), "trophy", won, 22)):
        row = mine.where(condition).order("id").aggregate([], ["amount_base"])[0]
        url = list_link(env, DEAL, F.owner == ME, condition)
        value = short(env, row["sum:amount_base"] or ZERO)
        if row["count"]:
            value = env.t(_("{amount} ({count})", amount=value, count=env.format.number(row["count"])))
        made.append(Tile(env.t(title), value=value, icon=icon, order=order, url=url))
    rows = mine.where(STALE).order("stale_on").select("name", "account", "stale_on").rows(5)
    made.append(Tile(env.t(_("Stale deals")), icon="hourglass-split", order=23, url=list_link(env, DEAL, F.owner == ME, STALE),
                     rows=[(r["name"], record_url(DEAL, r["id"]), env.format.relative(r["stale_on"])) for r in rows],
                     empty=env.t(_("Something happened lately on all of your open deals."))))
    return made


# ---------------------------------------------------------------- panels of records
def panels(env: Env, record_name: str, record: Any) -> list[Panel]:
    """Staleness on deals, sums on accounts, the deal on leads."""
    if record_name == DEAL:
        return _stale(env, record.id)
    if record_name == "contacts.account" and env.can("read", DEAL, "amount_base"):
        return _of_account(env, record.id)
    return []


def _stale(env: Env, key: int) -> list[Panel]:
    deal = env.get(DEAL, key, "status", "stale_on")
    if deal.status != OPEN or deal.stale_on is None or deal.stale_on > env.today:
        return []
    text = Markup('<p class="alert alert-warning">{}</p>').format(env.t(_(
        "Nothing happened on this deal for longer than its stage allows. Write a note, plan the next step or close it.")))
    return [Panel(env.t(_("Stale")), text, icon="hourglass-split", order=5)]


def _of_account(env: Env, key: int) -> list[Panel]:
    rows = env.query(DEAL).archived(None).where(F.account == key).order("id").aggregate(["status"], ["amount_base"])
    by = {r["status"]: r for r in rows}
    if not by:
        return []
    lines = Markup("")
    for status, label in ((OPEN, _("Open deals")), (WON, _("Won")), (LOST, _("Lost"))):
        if status in by:
            url = list_link(env, DEAL, F.account == key, F.status == status)
            lines += Markup('<div><dt>{}</dt><dd><a href="{}">{}</a> <span class="muted">{}</span></dd></div>').format(
                env.t(label), url, money(env, by[status]["sum:amount_base"] or ZERO),
                env.t(n_("{count} deal", "{count} deals", by[status]["count"])))
    return [Panel(env.t(_("Deals")), Markup('<dl class="deal-sums">{}</dl>').format(lines), icon="briefcase", order=30)]


# ---------------------------------------------------------------- health
def health(env: Env) -> list[HealthCheck]:
    """Each active pipeline has a stage to begin on, one for won and one for lost deals."""
    names = {r["id"]: r["name"] for r in env.query(stages.PIPELINE).where(F.active).select("name").rows()}
    statuses: dict[int, set[str]] = {}
    for step in stages.steps(env).values():
        statuses.setdefault(step.pipeline, set()).add(step.status)
    wrong = [name for key, name in names.items() if statuses.get(key, set()) != {OPEN, WON, LOST}]
    text = env.t(_("Without an open, a won or a lost stage: {names}", names=env.format.list(wrong))) if wrong else ""
    return [HealthCheck(env.t(_("Stages of pipelines")), not wrong and bool(names), text or (
        "" if names else env.t(_("There is no active pipeline: no deal can be made."))))]
