"""Papers at scale: a quote of 1,000 lines, one of them edited; its PDF; invoices issued one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from addons.sales import printing
from core.addons import lifecycle
from core.api import F
from core.installation import Installation
from core.security.actor import SYSTEM
from tests.bench.measure import Figure, figure, statements, timed

LINES = 1_000


def papers(inst: Installation, database: str) -> Iterator[Figure]:
    """Editing a long quote, printing it."""
    lifecycle.enable(inst, ["sales"])
    with inst.env(SYSTEM) as env:
        rial = env.query("base.currency").where('code == "IRR"').ids(1)[0]
        owner = env.query("base.user").order("id").ids(1)[0]
        account = env.create("contacts.account", {"name": "Bench buyer", "owner": owner})
        units = env.query("catalogue.unit_group").order("id").ids(1)
        product = env.create("catalogue.product", {"code": "BENCH-S", "name": "Bench desk", **({"unit_group": units[0]} if units else {})})
        prices = env.create("catalogue.price_list", {"name": "Bench sales", "currency": rial})
        env.create("catalogue.price", {"price_list": prices, "product": product, "amount": 125_000})
        quote = env.create("sales.quote", {"subject": "Bench", "account": account, "currency": rial, "price_list": prices, "language": "fa",
                                           "owner": owner})
        lines = env.create("sales.quote_line", [{"paper": quote, "product": product, "quantity": 1 + i % 7} for i in range(LINES)])
    turn = count(2)

    def edit() -> None:
        with inst.env(SYSTEM) as env:
            env.update("sales.quote_line", lines[next(turn) * 37 % LINES], {"quantity": next(turn)})

    median, p95 = timed(edit, times=7, warm=1)
    yield figure("quote_1000_lines_edit", database, median, "ms", p95=round(p95, 2), queries=statements(inst, edit), rows=LINES)
    with inst.env(SYSTEM, write=False) as env:
        assert env.query("sales.quote_line").where(F.paper == quote).count() == LINES

        def printed() -> None:
            assert printing.pdf(env, "sales.quote", quote)[0].startswith(b"%PDF")

        median, p95 = timed(printed, times=3, warm=1)
        yield figure("quote_1000_lines_pdf", database, median, "ms", p95=round(p95, 2), queries=statements(inst, printed), rows=LINES)
