"""What lead sources cost and brought in: counted over the leads a person may see, in two statements for all sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from core.api import Env, F, Panel, _
from core.web_api import AdminPage, Cell, Column, Row, SimpleTable, list_url, record_url, with_query

from .choices import CONVERTED

SOURCE, LEAD = "leads.source", "leads.lead"
MOST = 20_000
"""Groups of source and status that are read."""


@dataclass
class Return:
    """One source: its leads and how many were converted, the mean days to that, its cost and what it brought in."""

    id: int
    name: str
    currency: str = ""
    leads: int = 0
    converted: int = 0
    days: Decimal | None = None
    cost: Decimal | None = None
    earned: Decimal | None = None

    @property
    def rate(self) -> Decimal | None:
        """Converted leads in percent."""
        return Decimal(100 * self.converted) / self.leads if self.leads else None

    @property
    def roi(self) -> Decimal | None:
        """(brought in - cost) / cost in percent; none without a cost, which is not infinity."""
        return (self.earned - self.cost) * 100 / self.cost if self.cost and self.earned is not None else None


def returns(env: Env, ids: Sequence[int] | None = None) -> list[Return]:
    """Sources, those with most leads first; of the chosen ones or all that the person may see."""
    names = [n for n in ("name", "cost", "earned", "currency") if env.can("read", SOURCE, n)]
    query = env.query(SOURCE) if ids is None else env.query(SOURCE).with_ids(ids).archived(None)
    found = {}
    for row in query.order("id").select(*names).rows():
        currency = row.get("currency")
        name, code = row.get("name") or f"#{row['id']}", (currency.label or "") if currency else _base(env)
        found[row["id"]] = Return(row["id"], name, code, cost=row.get("cost"), earned=row.get("earned"))
    if env.can("read", LEAD, "source") and env.can("read", LEAD, "status"):
        _count(env, found, ids)
    if "earned" in names:
        for part in env.registry.plugins.hook.earned(env=env, record_name=SOURCE, ids=list(found)):
            for key, amount in part.items():
                found[key].earned = (found[key].earned or Decimal(0)) + amount
    return sorted(found.values(), key=lambda one: (-one.leads, one.name))


def _base(env: Env) -> str:
    return str(env.actor.settings.get("currency") or env.installation.settings.locale.currency)


def _count(env: Env, found: dict[int, Return], ids: Sequence[int] | None) -> None:
    query = env.query(LEAD).archived(None).order("id")
    if ids is not None:
        query = query.where(F.source.isin(list(ids)))
    sums = ["days_to_convert"] if env.can("read", LEAD, "days_to_convert") else []
    for row in query.aggregate(group_by=["source", "status"], sums=sums, limit=MOST):
        one = found.get(row["source"].id) if row["source"] is not None else None
        if one is None:
            continue
        one.leads += row["count"]
        if row["status"] == CONVERTED:
            days = row.get("sum:days_to_convert")
            one.converted, one.days = row["count"], None if days is None else days / row["count"]


# ---------------------------------------------------------------- how it is shown
COLUMNS = (("leads", _("Leads")), ("converted", _("Converted")), ("rate", _("Conversion rate")), ("cost", _("Cost")),
           ("earned", _("Brought in")), ("roi", _("Return on cost")), ("per_lead", _("Cost per lead")),
           ("per_converted", _("Cost per converted lead")), ("days", _("Mean days to conversion")))


def texts(env: Env, one: Return) -> dict[str, str]:
    """The figures of a source as the person reads them; what cannot be said is empty."""
    number, money, percent = env.format.number, env.format.money, env.format.percent
    cost = one.cost
    return {"leads": number(one.leads), "converted": number(one.converted),
            "rate": "" if one.rate is None else percent(one.rate, 1),
            "days": "" if one.days is None else number(one.days, 1),
            "cost": "" if cost is None else money(cost, one.currency),
            "per_lead": money(cost / one.leads, one.currency) if cost is not None and one.leads else "",
            "per_converted": money(cost / one.converted, one.currency) if cost is not None and one.converted else "",
            "earned": "" if one.earned is None else money(one.earned, one.currency),
            "roi": "" if one.roi is None else percent(one.roi, 0)}


def page(env: Env) -> AdminPage:
    """All sources side by side."""
    rows = []
    for one in returns(env):
        figures = texts(env, one)
        url = with_query(list_url(LEAD), {"s": "1", "filter.source": str(one.id)})
        rows.append(Row(one.id, record_url(SOURCE, one.id), [
            Cell(text=one.name, url=record_url(SOURCE, one.id), dir="auto"),
            Cell(text=figures["leads"], url=url if one.leads else ""),
            *(Cell(text=figures[name]) for name, _label in COLUMNS[1:])]))
    columns = [Column(name, env.t(label), align="end") for name, label in COLUMNS]
    table = SimpleTable([Column("name", env.t(_("Lead source"))), *columns], rows)
    return AdminPage(env.t(_("Return on sources")), table=table, menu_title=env.t(_("Leads")), intro=env.t(_(
        "Counted over the leads that you may see, archived ones included. Return on cost is what a source brought in less "
        "its cost, in percent of the cost; without a cost there is none.")))


def panel(env: Env, key: int) -> list[Panel]:
    """The figures of one source, on its page."""
    found = returns(env, [key])
    if not found:
        return []
    figures = texts(env, found[0])
    lines = Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(env.t(label), figures[name])
                            for name, label in COLUMNS if figures[name] and name not in ("cost", "earned"))
    return [Panel(env.t(_("Return")), Markup('<dl class="lead-sheet">{}</dl>').format(lines), icon="graph-up", order=20)]
