"""Lines of papers are the catalogue's; here is what papers make of them: sums, copies, terms of purchases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from addons.catalogue import lines as catalogue
from core.api import Change, Env

ZERO = Decimal(0)
SUMS = ("discount", "net", "tax", "total")
LINES = {"sales.quote": "sales.quote_line", "sales.order": "sales.order_line", "sales.invoice": "sales.invoice_line",
         "sales.purchase": "sales.purchase_line"}
PAPERS = {line: paper for paper, line in LINES.items()}
COPIED = ("product", "description", "quantity", "unit", "unit_price", "discount_percent", "discount_amount", "tax_class", "position",
          "configuration", "price_list", "currency", "list_price", "fair_price", "by_hand", "reason", "discount", "net", "taxes",
          "tax", "total", "concession", "released_percent")


class PaperLine(catalogue.DocumentLine):
    """A line of the catalogue's kind, whose paper knows its sums."""

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """The sums of the paper follow its lines."""
        super().after_save(env, change)
        if change.source != catalogue.SETTLE:
            papers = {r.paper.id for r in change.records if r.paper}
            add_up(env, PAPERS[change.record], papers | {was for r in change.records if (was := change.was(r, "paper"))})


class BoughtLine(PaperLine):
    """A line that is priced by suppliers' lists."""

    @classmethod
    def line_terms(cls, env: Env, document: str, ids: Sequence[int]) -> Mapping[int, catalogue.DocumentTerms]:
        """The same terms, on the side of the buyer."""
        usual = super().line_terms(env, document, ids)
        return {key: replace(held, terms=replace(held.terms, kind="purchase")) for key, held in usual.items()}


def add_up(env: Env, paper: str, ids: Iterable[int]) -> None:
    """The sums of papers from their lines: two reads and a write, however many there are."""
    keys = sorted(set(ids))
    if not keys:
        return
    with env.elevated("sums of a paper") as sudo:
        found = {key: dict.fromkeys(SUMS, ZERO) for key in keys}
        for row in sudo.query(LINES[paper]).holding("paper", keys).select("paper", *SUMS).rows():
            sums = found[row["paper"].id]
            for name in SUMS:
                sums[name] += row[name] or ZERO
        held = sudo.query(paper).with_ids(keys).archived(None).select(*SUMS).rows()
        sudo.update_each(paper, {r["id"]: found[r["id"]] for r in held if any(r[n] != found[r["id"]][n] for n in SUMS)})


def after_paper(env: Env, change: Change) -> None:
    """A discount of the whole changes all lines; another customer, day or list offers other prices."""
    if change.action != "update" or change.record not in LINES:
        return
    line = LINES[change.record]
    if moved := [r.id for r in change.changed("discount_percent", "discount_amount")]:
        catalogue.settle(env, line, moved)
        add_up(env, change.record, moved)
    if asked := [r.id for r in change.changed("account", "date", "price_list")]:
        catalogue.reprice(env, line, asked)


def tax_summary(lines: Iterable[Mapping[str, Any]], lang: str = "") -> list[tuple[str, Decimal, Decimal]]:
    """(name with rate, base, amount) of each tax on a paper, called as in a language."""
    found: dict[tuple[str, str], list[Decimal]] = {}
    for row in lines:
        for tax in row["taxes"] or ():
            held = found.setdefault(((tax.get("names") or {}).get(lang) or tax["name"], tax["percent"]), [ZERO, ZERO])
            held[0] += Decimal(tax["base"])
            held[1] += Decimal(tax["amount"])
    return [(name, base, amount) for (name, _percent), (base, amount) in found.items()]
