"""What charts and figures count: months, sums and averages, amounts in several currencies, the largest of many groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from html import unescape

import pytest

from core.api import Env, Installation
from core.security.actor import SYSTEM
from core.testing.plugin import user_id
from core.web.blocks.draw import drawn
from core.web.blocks.shown import Shown
from core.web.viewmodels import Chart

pytestmark = [pytest.mark.addons("bargains"), pytest.mark.folders("tests/fixtures/addons")]
EnvAs = Callable[..., object]
BARGAIN = "bargains.bargain"


@pytest.fixture
def bargains(installation: Installation) -> dict[str, int]:
    """Bargains in two currencies and one without, in three accounts, over two years."""
    with installation.env(SYSTEM) as env:
        usd, eur = (env.query("base.currency").archived(None).where(f'code == "{code}"').ids()[0] for code in ("USD", "EUR"))
        pipeline = env.create("bargains.pipeline", {"name": "P"})
        stage = env.create("bargains.stage", {"name": "S", "pipeline": pipeline})
        accounts = env.create("contacts.account", [{"name": f"Account {i:02}", "owner": user_id(installation, "sara")} for i in range(20)])
        same = {"pipeline": pipeline, "stage": stage, "owner": user_id(installation, "sara")}
        env.create(BARGAIN, [{"name": f"Usd {i}", "amount": 100 * (i + 1), "currency": usd, "account": accounts[i], **same,
                              "closes_on": dt.date(2025, 12, 20)} for i in range(20)])
        env.create(BARGAIN, [{"name": "Euro", "amount": 70_000, "currency": eur, "account": accounts[0], "closes_on": dt.date(2025, 12, 21),
                              **same},
                             {"name": "Next year", "amount": 9_000, "currency": usd, "account": accounts[0],
                              "closes_on": dt.date(2026, 2, 1), **same}])
    return {"usd": usd, "eur": eur}


def chart_of(env: Env, **options: object) -> Chart:
    panels = drawn(env, {"id": "c", "widget": "chart", "options": {"record": BARGAIN, **options}}, Shown(env))
    assert panels and panels[0].chart is not None, panels
    return panels[0].chart


def texts(chart: Chart) -> dict[str, str]:
    return {name: marks[0].text for name, marks in zip(chart.categories, chart.rows, strict=True)}


def test_a_year_of_months_ends_where_it_ends(installation: Installation, bargains: dict[str, int]) -> None:
    with installation.env(SYSTEM, now=dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)) as env:
        made = chart_of(env.speaking("en"), group="closes_on", over="last_year", measure="sum:amount")
        assert made.rows[-1][0].text == "21,000.00\u202f$", "what closes after the year is in none of its months"
        assert "USD" in made.note, "euros cannot be added to dollars, and that is said"
        this = chart_of(env.speaking("en"), group="closes_on", over="this_year")
        assert [marks[0].text for marks in this.rows][:3] == ["0", "1", "0"]


def test_the_largest_are_the_largest(installation: Installation, bargains: dict[str, int]) -> None:
    with installation.env(SYSTEM) as env:
        made = chart_of(env.speaking("en"), group="account", measure="sum:amount", limit=3)
    assert texts(made) == {"Account 00": "9,100.00\u202f$", "Account 19": "2,000.00\u202f$", "Account 18": "1,900.00\u202f$"}
    assert "3 largest" in made.note and "USD" in made.note
    assert "currency" in unescape(made.rows[0][0].url), "its list shows the dollars only, as the bar does"


def test_averages(installation: Installation, bargains: dict[str, int]) -> None:
    with installation.env(SYSTEM) as env:
        made = chart_of(env.speaking("en"), group="account", measure="avg:amount", limit=2)
        assert texts(made) == {"Account 00": "4,550.00\u202f$", "Account 19": "2,000.00\u202f$"}
        figure = drawn(env.speaking("en"), {"id": "f", "widget": "figure", "options": {
            "record": BARGAIN, "measure": "avg:amount"}}, Shown(env))[0].tiles[0]
    assert sorted(figure.value.split(" + ")) == ["1,428.57\u202f$", "70,000.00\u202f€"], "each currency by itself"


def test_who_does_not_see_the_currency_sees_no_sum(installation: Installation, bargains: dict[str, int], env_as: EnvAs) -> None:
    with installation.env(SYSTEM) as env:
        sara = env.query("base.profile").where('name == "Standard"').ids()
        env.update("base.profile", sara, {"sets": ["base.user", "leads.user"], "field_rights": {BARGAIN: {"currency": "hidden"}}})
    with env_as("sara") as env:  # type: ignore[attr-defined]
        for kind in ("chart", "figure"):
            block = {"id": "c", "widget": kind, "options": {"record": BARGAIN, "group": "account", "measure": "sum:amount"}}
            assert drawn(env, block, Shown(env)) == []


def test_a_sum_of_what_is_gone_is_no_count(installation: Installation, bargains: dict[str, int]) -> None:
    with installation.env(SYSTEM) as env:
        found = drawn(env, {"id": "f", "widget": "figure", "options": {"record": BARGAIN, "measure": "sum:gone"}}, Shown(env))
    assert not found[0].tiles and found[0].empty is not None


@pytest.mark.addons("shop")
def test_durations_and_percentages(installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        sara = user_id(installation, "sara")
        env.create("shop.order", [{"name": "A", "effort": 5400, "margin": 10, "status": "new", "owner": sara},
                                  {"name": "B", "effort": 1800, "margin": Decimal("12.5"), "status": "new", "owner": sara}])
        said = {}
        for measure in ("sum:effort", "avg:effort", "avg:margin", "avg:pieces", "sum:pieces"):
            block = {"id": "c", "widget": "chart", "options": {"record": "shop.order", "group": "status", "measure": measure}}
            chart = drawn(env.speaking("en"), block, Shown(env))[0].chart
            assert chart is not None
            said[measure] = chart.rows[0][0].text
    assert said == {"sum:effort": "2 h", "avg:effort": "1 h", "avg:margin": "11.25%", "avg:pieces": "1", "sum:pieces": "2"}
