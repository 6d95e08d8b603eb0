"""Exchange rates: the last one counts, a missing one is asked for, sums are exact, and sellers cannot bend them."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addons.base import demo, money
from core.api import AccessDenied, ValidationFailed
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = pytest.mark.addons("base")
DAY = dt.date(2026, 6, 1)


@pytest.fixture
def codes(installation):
    """Currencies by code; the base currency is the Rial."""
    with installation.env(SYSTEM) as env:
        found = {r["code"]: r["id"] for r in env.query("base.currency").select("code").rows()}
        env.update("base.company", env.query("base.company").ids(), {"currency": found["IRR"]})
        env.create("base.rate", [
            {"currency": found["EUR"], "on": DAY, "rate": "900000"},
            {"currency": found["EUR"], "on": DAY + dt.timedelta(days=10), "rate": "950000.5"},
            {"currency": found["JPY"], "on": DAY, "rate": "560000", "per": 100}])
    return found


def test_the_last_rate_on_or_before_the_day_counts(env_as, codes):
    with env_as("sara") as env:
        assert money.base(env).code == "IRR"
        assert money.in_base(env, [
            (Decimal(2), codes["EUR"], DAY), (Decimal(2), codes["EUR"], DAY + dt.timedelta(days=9)),
            (Decimal(2), codes["EUR"], dt.date(2027, 1, 1)), (Decimal("1.5"), codes["JPY"], DAY),
            (Decimal("7.6"), None, DAY), (Decimal(7), codes["IRR"], DAY), (None, codes["GBP"], DAY)]) == [
                1800000, 1800000, 1900001, 8400, 8, 7, None]


def test_a_missing_rate_is_asked_for(env_as, codes):
    with env_as("sara") as env:
        for currency, day in (("GBP", DAY), ("EUR", DAY - dt.timedelta(days=1))):
            with pytest.raises(money.MissingRate) as caught:
                money.in_base(env, [(Decimal(1), codes["EUR"], DAY), (Decimal(1), codes[currency], day)])
            assert currency in env.t(caught.value.message) and caught.value.day == day
            assert caught.value.url == f"/r/base.rate/new?currency={codes[currency]}&on={day}"


def test_an_invalid_record_says_where_to_add_one(env_as, codes):
    class Row:
        def __init__(self, amount, currency):
            self.amount, self.day = amount, DAY
            self.currency = None if currency is None else type("Link", (), {"id": currency})
    rows = [Row(Decimal(1), codes["GBP"]), Row(None, codes["GBP"]), Row(Decimal(1), None), Row(Decimal(1), codes["EUR"])]
    with env_as("sara") as env:
        found = list(money.problems(env, rows, "amount", "currency", "day"))
        assert [(e.record, e.field, e.link) for e in found] == [(rows[0], "currency", None)]
    with env_as("boss") as env:
        assert next(money.problems(env, rows, "amount", "currency", "day")).link[1].startswith("/r/base.rate/new")


def test_many_amounts_are_few_statements(env_as, installation, codes):
    days = [DAY + dt.timedelta(days=i) for i in range(400)]
    with env_as("sara") as env:
        money.base(env)
        with query_budget(installation, 2):
            assert len(money.in_base(env, [(Decimal(i), codes["EUR"], d) for i, d in enumerate(days)] * 20)) == 8000


RATES = st.lists(st.tuples(st.integers(0, 60), st.decimals("0.000001", "999999", places=6)), min_size=1, max_size=12,
                 unique_by=lambda r: r[0])


@given(RATES, st.lists(st.integers(0, 70), min_size=1, max_size=12))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@pytest.mark.database("sqlite")
def test_rates_are_those_of_a_plain_search(installation, codes, stored, days):
    with installation.env(SYSTEM) as env:
        env.create("base.rate", [{"currency": codes["USD"], "on": DAY + dt.timedelta(days=d), "rate": r} for d, r in stored])
        asked = [(codes["USD"], DAY + dt.timedelta(days=d)) for d in days]
        found = money.rates(env, asked)
        for (key, day), offset in zip(asked, days, strict=True):
            before = [r for d, r in sorted(stored) if d <= offset]
            assert found[key, day] == (before[-1] if before else None)
        env.purge("base.rate", _deleted(env, codes["USD"]))


def _deleted(env, currency):
    keys = env.query("base.rate").where(f"currency == {currency}").ids()
    env.delete("base.rate", keys)
    return keys


def test_rates_are_checked_and_kept_by_few(env_as, codes):
    with env_as("boss") as env:
        for values, field in (({"rate": "0"}, "rate"), ({"rate": "-1"}, "rate"), ({"currency": codes["IRR"], "rate": "1"}, "currency"),
                              ({"currency": codes["EUR"], "on": DAY, "rate": "1"}, "on")):
            with pytest.raises(ValidationFailed) as caught:
                env.create("base.rate", {"currency": codes["USD"], "on": DAY, **values})
            assert [e.field for e in caught.value.errors] == [field]
        with pytest.raises(ValidationFailed):
            env.create("base.rate", [{"currency": codes["USD"], "on": DAY, "rate": n} for n in (1, 2)])
        made = env.create("base.rate", {"currency": codes["USD"], "on": DAY, "rate": "800000"})
        env.update("base.rate", made, {"rate": "800001"})
        assert env.get("base.rate", made).name == "USD 2026-06-01"
    with env_as("sara") as env:
        assert env.query("base.rate").count() == 4
        with pytest.raises(AccessDenied):
            env.update("base.rate", made, {"rate": "1"})
        with pytest.raises(AccessDenied):
            env.create("base.rate", {"currency": codes["USD"], "on": DAY, "rate": "1"})


def test_pages(installation, codes):
    boss = Visitor(installation, user_id(installation, "boss"))
    assert "/r/base.rate" in boss.get("/admin").text
    assert "EUR 2026-06-01" in boss.get("/r/base.rate").text
    page = boss.get(f"/r/base.rate/new?currency={codes['GBP']}&on=2026-06-02").text
    assert "GBP" in page and "2026" in page
    answer = boss.post("/r/base.rate/new", {"currency": str(codes["GBP"]), "on": "2026-06-02", "rate": "1000000", "per": "1"})
    assert answer.status_code == 303
    sara = Visitor(installation, user_id(installation, "sara"))
    assert sara.get("/r/base.rate/new").status_code == 403


def test_the_demo_has_a_year_of_rates(installation, codes):
    with installation.env(SYSTEM) as env:
        keys = env.query("base.rate").ids()
        env.delete("base.rate", keys)
        demo.create_rates(env)
        day = env.today - dt.timedelta(days=350)
        assert all(money.in_base(env, [(Decimal(1000), codes[c], day)])[0] for c in ("USD", "EUR", "TRY", "AED"))
