"""Buttons, panels, tiles and figures of sales on records, lists and the home page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from markupsafe import Markup

from core.api import ME, TODAY, ActionLink, Env, F, Figure, Panel, Tile, _

from . import holds
from .choices import INVOICE, OPEN
from .lines import LINES

ZERO = Decimal(0)
KINDS = {"sales.quote": "quote", "sales.order": "order", "sales.invoice": "invoice", "sales.purchase": "purchase",
         "sales.payment": "payment",
         "sales.shipment": "shipment", "sales.contract": "contract"}
SHOWN = 6


def buttons(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """PDF, the customer's link, an account's statement."""
    if record_name == "contacts.account":
        if not (env.can("read", "sales.invoice") and env.can("read", "sales.payment")):
            return []
        return [ActionLink(_("Statement"), f"/x/sales/statement/{record.id}", icon="journal-text")]
    kind = KINDS.get(record_name)
    if kind is None:
        return []
    found = [ActionLink(_("PDF"), f"/x/sales/{kind}/{record.id}/pdf?inline=1", icon="file-earmark-pdf")]
    if record_name in ("sales.quote", "sales.invoice") and record.get("status") not in (None, "draft"):
        found.append(ActionLink(_("Link for the customer"), f"/x/sales/{kind}/{record.id}/link", icon="link-45deg"))
    return found


def offers(env: Env, record_name: str, record: Any) -> list[Panel]:
    """Lines of a draft whose price is another one by now: asked, not changed. Balances on accounts."""
    if record_name == "contacts.account":
        return _balance(env, record.id)
    if record_name not in LINES or record.get("status") not in (None, "draft"):
        return []
    held = holds.panel(env, record_name, record.id)
    count = env.query(LINES[record_name]).where((F.paper == record.id) & F.offered_price.not_null()).count(1000)
    if not count:
        return held
    text = env.t(_("The price lists say something else by now for {count} of the lines.", count=env.format.number(count)))
    link = Markup('<p>{}</p><p><a class="btn btn-sm" href="/x/sales/{}/{}/offers">{}</a></p>').format(
        text, KINDS[record_name], record.id, env.t(_("Compare prices")))
    return [*held, Panel(env.t(_("New prices")), link, icon="tags", order=5)]


def _balance(env: Env, account: int) -> list[Panel]:
    """What the account owes in each currency, of the papers that the reader may see."""
    if not env.can("read", "sales.invoice"):
        return []
    sums: dict[str, list[Decimal]] = {}
    rows = env.query("sales.invoice").where((F.account == account) & F.status.isin(OPEN)).order("id").select(
        "currency", "balance", "kind", "status").rows()
    for row in rows:
        held = sums.setdefault(row["currency"].label or "", [ZERO, ZERO])
        sign = 1 if row["kind"] == INVOICE else -1
        held[0] += sign * row["balance"]
        held[1] += row["balance"] if row["status"] == "overdue" else ZERO
    if not sums:
        return []
    lines = Markup("").join(
        Markup("<div><strong>{}</strong>{}</div>").format(env.format.money(owed, code),
                                                          Markup(' <span class="badge tint-red">{}</span>').format(
            env.t(_("overdue: {amount}", amount=env.format.money(late, code)))) if late else "") for code, (owed,
                late) in sorted(sums.items()))
    return [Panel(env.t(_("Open invoices")), Markup('<div class="sales-balance">{}</div>').format(lines), icon="receipt", order=15)]


def tiles(env: Env) -> list[Tile]:
    """Quotes that wait for an answer, invoices overdue."""
    found = []
    if env.can("read", "sales.quote"):
        mine = env.query("sales.quote").where((F.owner == ME) & (F.status == "sent")).order("valid_until")
        rows = mine.select("name", "account", "valid_until").rows(SHOWN)
        found.append(Tile(env.t(_("Quotes waiting for an answer")), rows=[_row(env, "sales.quote", r, "valid_until") for r in rows],
                          icon="file-earmark-text", order=35, url="/r/sales.quote?s=1&filter.status=sent&filter.owner=me",
                          empty=env.t(_("No quote is waiting."))))
    if env.can("action:issue", "sales.invoice"):
        late = env.query("sales.invoice").where(F.status == "overdue").order("due_on").select("name", "account", "due_on").rows(SHOWN)
        found.append(Tile(env.t(_("Overdue invoices")), rows=[_row(env, "sales.invoice", r, "due_on") for r in late],
                          icon="exclamation-circle",
                          order=36, url="/r/sales.invoice?s=1&filter.status=overdue", empty=env.t(_("Nothing is overdue."))))
    if env.can("read", "sales.contract"):
        near = env.query("sales.contract").where((F.status == "active") & (F.notice_on >= TODAY)).order("notice_on").select(
            "name", "account", "notice_on").rows(3)
        if near:
            found.append(Tile(env.t(_("Contracts: next days for a notice")), rows=[_row(env, "sales.contract", r,
                                                                                        "notice_on") for r in near],
                              icon="file-earmark-ruled", order=37, url="/r/sales.contract?s=1&filter.status=active"))
    return found


def _row(env: Env, record: str, row: dict[str, Any], day: str) -> tuple[str, str, str]:
    account = row["account"].label if row["account"] else ""
    return " · ".join(t for t in (row["name"], account) if t), f"/r/{record}/{row['id']}", env.format.date(row[day])


def summary(env: Env, record_name: str, query: Any) -> list[Figure]:
    """What is open of the invoices in a list, by currency: money never mixes."""
    if record_name != "sales.invoice" or not env.can("read", record_name, "balance"):
        return []
    rows = query.where(F.kind == INVOICE).order("id").aggregate(group_by=["currency"], sums=["total", "balance"])
    found = []
    for row in rows[:3]:
        code = getattr(row["currency"], "label", "") or ""
        found.append(Figure(env.t(_("Open", context="not paid")) + (f" {code}" if len(rows) > 1 else ""),
                            env.format.money(row["sum:balance"] or ZERO, code),
                            env.t(_("of {amount}", amount=env.format.money(row["sum:total"] or ZERO, code)))))
    return found
