"""The forecast, checked by hand against the deals: tree, categories, weights, adjustments, quotas, calendars."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from addons.deals import closing, planning
from addons.deals.figures import Chosen
from addons.deals.forecast import forecast
from addons.deals.forecast_page import period_of
from core.api import F, ValidationFailed
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("deals"), pytest.mark.usefixtures("manager")]
DEAL, QUOTA, ADJUSTMENT = "deals.deal", "deals.quota", "deals.adjustment"


@pytest.fixture
def month(env_as):
    """The first and the last day of this month, and a day in the next."""
    with env_as("mina") as env:
        first, last = env.calendar.month_bounds(env.today)
        return first, last, last + dt.timedelta(days=3)


@pytest.fixture
def book(deal, at, month, env_as):
    """Deals of Mina, Sara and Reza in this month, one of the next, one lost, one without a day; one of Omid's."""
    first, last, later = month
    deal("mina", amount=100, closes_on=last, stage=at["Negotiation"], company="M")          # commit, 75 %
    deal("sara", amount=1000, closes_on=first, company="S1")                                # pipeline, 10 %
    deal("sara", amount=400, closes_on=last, stage=at["Proposal"], company="S2")            # best case, 50 %
    deal("sara", amount=200, closes_on=last, stage=at["Negotiation"], probability=90, company="S3")
    deal("sara", amount=5000, closes_on=later, company="S4")
    deal("sara", amount=77, company="S5")
    lost, won = deal("sara", amount=900, closes_on=last, company="S6"), deal("reza", amount=300, closes_on=later, company="R1")
    deal("omid", amount=9999, closes_on=last, company="O")
    with env_as("sara") as env:
        closing.close(env, [lost], "lost", {"reason": at["Price"]})
    with env_as("reza") as env:
        closing.close(env, [won], "won", {"actual_amount": 250})


def this_month(env, **options):
    return forecast(env, replace(Chosen(period_of(env, "month", env.today)), **options))


def amounts(node):
    return {name: value for name, value in sorted(node.figures.items()) if value}


def test_a_managers_forecast_by_hand(env_as, book):
    with env_as("mina") as env:
        found = this_month(env)
        # by hand, over deals of Mina, Sara and Reza that close this month and are not lost:
        assert amounts(found.whole) == {"best_case": 400, "commit": 100 + 200, "pipeline": 1000, "won": 250}
        assert found.whole.weighted == Decimal(100) * 75 / 100 + Decimal(1000) * 10 / 100 + Decimal(400) * 50 / 100 \
            + Decimal(200) * 90 / 100 + 250
        assert (found.whole.total, found.whole.expected) == (1950, 550)
        # and once more from the deals themselves, one by one
        first, last = env.calendar.month_bounds(env.today)
        rows = env.query(DEAL).where(F.status != "lost", F.closes_on >= first, F.closes_on <= last).select(
            "amount", "actual_amount", "probability", "status").rows()
        single = [(r["actual_amount"] if r["status"] == "won" else r["amount"], r["probability"]) for r in rows]
        assert found.whole.total == sum(a for a, _p in single)
        assert found.whole.weighted == sum(a * p / 100 for a, p in single)
        assert amounts(found.find(f"user:{env.actor.id}")) == {"commit": 100}
        role = next(n for n in found.lines if n.kind == "role")
        assert amounts(role) == {"best_case": 400, "commit": 200, "pipeline": 1000, "won": 250}
        assert [n.label for n in role.children] == ["Reza Seller", "Sara Seller"]


def test_sellers_see_their_own_and_the_director_everything_below(env_as, book):
    with env_as("sara") as env:
        assert amounts(this_month(env).whole) == {"best_case": 400, "commit": 200, "pipeline": 1000}
    with env_as("boss") as env:
        found = this_month(env)
        assert found.whole.total == 1950 + 9999
        assert {n.label for n in found.lines} == {"Bahram Director", "Sales manager", "Other seller"}
        manager = next(n for n in found.lines if n.label == "Sales manager")
        assert manager.total == 1950, "the role, its people and the roles below"
    with env_as("admin") as env:
        assert this_month(env).whole.total == 1950 + 9999


def test_adjustments_never_touch_deals_and_survive(env_as, book, installation, at):
    sara, mina = user_id(installation, "sara"), user_id(installation, "mina")
    with env_as("mina") as env:
        before = env.query(DEAL).order("id").select("amount", "amount_base", "weighted", "version").rows()
        first, last = env.calendar.month_bounds(env.today)
        env.create(ADJUSTMENT, {"user": sara, "category": "commit", "starts": first, "ends": last, "amount": 150})
        found = this_month(env)
        assert found.find(f"user:{sara}").figures["commit"] == 150
        assert found.find(f"user:{sara}").sums["commit"].amount == 200, "the deals still say this"
        assert found.whole.figures["commit"] == 100 + 150
        assert env.query(DEAL).order("id").select("amount", "amount_base", "weighted", "version").rows() == before
    with env_as("sara") as env:
        env.update(DEAL, env.query(DEAL).where(F.amount == 200).ids(), {"amount": 20})
        assert this_month(env).whole.figures["commit"] == 20, "she has her own deals' word"
    with env_as("mina") as env:
        assert this_month(env).find(f"user:{sara}").figures["commit"] == 150, "it survives what happens to the deals"
    with env_as("boss") as env:
        assert this_month(env).whole.figures["commit"] == 100 + 150, "it rolls up to those above"
        role = env.query("base.role").where('name == "Sales manager"').ids()[0]
        env.create(ADJUSTMENT, {"role": role, "category": "commit", "starts": first, "ends": last, "amount": 90})
        env.create(ADJUSTMENT, {"user": mina, "category": "pipeline", "starts": first, "ends": last, "amount": 5})
        found = this_month(env)
        assert (found.find(f"role:{role}").figures["commit"], found.whole.figures["commit"]) == (90, 90)
        assert found.whole.figures["pipeline"] == 1000 + 5 + 9999
    with env_as("mina") as env:
        assert this_month(env).whole.figures["commit"] == 250, "what stands above her is not hers to see"
        with pytest.raises(ValidationFailed, match="own people"):
            env.create(ADJUSTMENT, {"user": user_id(installation, "omid"), "category": "commit", "starts": first, "ends": last,
                                    "amount": 1})
        with pytest.raises(ValidationFailed, match="own people"):
            env.create(ADJUSTMENT, {"role": env.query("base.role").where('name == "Other seller"').ids()[0], "category": "commit",
                                    "starts": first, "ends": last, "amount": 1})


def test_quotas_and_attainment(env_as, book, installation):
    sara, reza = user_id(installation, "sara"), user_id(installation, "reza")
    with env_as("mina") as env:
        env.create(QUOTA, [{"user": sara, "amount": 1000, "starts": env.today}, {"user": reza, "amount": 500, "starts": env.today}])
        found = this_month(env)
        assert (found.find(f"user:{reza}").quota, found.find(f"user:{reza}").attainment) == (500, 50)
        assert (found.whole.quota, found.whole.attainment) == (1500, Decimal(100) * 250 / 1500)
        quarter = forecast(env, Chosen(period_of(env, "quarter", env.today)))
        assert quarter.whole.quota == 1500, "the months of the quarter"
        env.create(QUOTA, {"user": reza, "amount": 2000, "starts": env.today, "period": "quarter"})
        assert forecast(env, Chosen(period_of(env, "quarter", env.today))).find(f"user:{reza}").quota == 2000
        with pytest.raises(ValidationFailed, match="already"):
            env.create(QUOTA, {"user": sara, "amount": 1, "starts": env.calendar.month_bounds(env.today)[1]})
    with env_as("reza") as env:
        assert [r["user"].id for r in env.query(QUOTA).select("user").rows()] == [reza, reza], "not those of colleagues"


def test_jalali_months_and_quarters(env_as, deal, installation):
    from core.api import SYSTEM
    with installation.env(SYSTEM) as env:
        env.update("base.user", user_id(installation, "sara"), {"calendar": "jalali", "language": "fa"})
    spring, summer = dt.date(2027, 6, 21), dt.date(2027, 6, 22)       # 31 Khordad and 1 Tir 1406
    deal(amount=10, closes_on=spring)
    deal(amount=5, closes_on=summer, company="B")
    with env_as("sara") as env:
        quarter = period_of(env, "quarter", spring)
        assert (quarter.first, quarter.last) == (dt.date(2027, 3, 21), spring)
        assert forecast(env, Chosen(quarter)).whole.total == 10
        assert forecast(env, Chosen(period_of(env, "quarter", summer))).whole.total == 5
        month = period_of(env, "month", spring)
        assert (month.first, month.last) == (dt.date(2027, 5, 22), spring)
        assert "1406" in quarter.label.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    assert planning.bounds("jalali", "year", spring)[0] == dt.date(2027, 3, 21)


def test_a_forecast_takes_few_statements(env_as, book, deal, month, installation):
    with env_as("mina") as env, query_budget(installation, 6):
        this_month(env)
    for i in range(30):
        deal("reza", amount=i, closes_on=month[1], company=f"X{i}")
    with env_as("boss") as env, query_budget(installation, 6):
        this_month(env)


def test_filters_narrow_the_forecast(env_as, book, at, installation):
    with env_as("mina") as env:
        sara = user_id(installation, "sara")
        assert this_month(env, people=(sara,)).whole.total == 1600
        other = env.create("deals.pipeline", {"name": "Empty"})
        assert this_month(env, pipeline=other).whole.total == 0
