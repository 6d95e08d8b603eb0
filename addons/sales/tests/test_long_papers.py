"""A long quote is edited line by line without its length being felt: as many statements as for a short one."""

import pytest

from addons.sales.tests.conftest import ADDONS, customer
from core.testing.plugin import query_budget

pytestmark = pytest.mark.addons(*ADDONS)
LINE = "sales.quote_line"


def test_an_edit_takes_as_many_statements_in_a_long_quote_as_in_a_short_one(env_as, installation, things):
    used = []
    for length in (3, 120):
        with env_as("boss") as env:
            paper = env.create("sales.quote", {"subject": "Desks", "account": customer(env), "currency": things["currency"]})
            lines = env.create(LINE, [{"paper": paper, "product": things["DESK"], "quantity": 1 + n % 7} for n in range(length)])
        with env_as("boss") as env, query_budget(installation, 40) as seen:
            env.update(LINE, lines[1], {"quantity": 9})
        used.append(len(seen))
        with env_as("boss") as env:
            total = sum(r["total"] for r in env.query(LINE).where(f"paper == {paper}").select("total").rows())
            assert env.get("sales.quote", paper, "total").total == total
    assert used[0] == used[1] <= 33, used
