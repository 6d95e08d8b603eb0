"""What lead sources cost and brought in: figures, who sees them, the page, the hook."""

from __future__ import annotations

import pytest

from addons.leads import sources
from addons.leads.conversion import convert
from core.testing.plugin import query_budget

pytestmark = [pytest.mark.addons("leads", "hooked"), pytest.mark.folders("tests/fixtures/addons"),
              pytest.mark.usefixtures("manager")]
SOURCE = "leads.source"


@pytest.fixture
def fair(env_as, lead):
    """A fair with three leads of Sara's, one converted, and one of Omid's."""
    with env_as("mina") as env:
        key = env.create(SOURCE, {"name": "Tehran fair", "kind": "fair", "cost": 1000, "earned": 1250})
    keys = [lead(last_name=f"L{i}", email=f"l{i}@x.example", source=key) for i in range(3)]
    lead("omid", last_name="Other", email="o@x.example", source=key)
    with env_as("sara") as env:
        convert(env, keys[0])
    return key


def one(env, key):
    return next(r for r in sources.returns(env) if r.id == key)


def test_figures_are_counted_over_what_one_may_see(env_as, fair):
    with env_as("sara") as env:
        found = one(env, fair)
        assert (found.leads, found.converted, found.cost) == (3, 1, 1000)
        assert (found.earned, found.roi) == (1500, 50), "1,250 by hand and 250 of another addon"
        assert sources.texts(env, found)["per_lead"]
        assert one(env, env.query(SOURCE).where('kind == "web"').ids()[0]).roi is None, "no cost, no return"
    with env_as("omid") as env:
        assert (one(env, fair).leads, one(env, fair).converted) == (1, 0)


def test_the_page_and_the_panel(browser, env_as, fair, installation):
    page = browser("sara").get("/x/leads/sources")
    assert page.status_code == 200
    for text in ("Tehran fair", "50%", "33.3%"):
        assert text in page.text
    assert "50%" in browser("sara").get(f"/r/{SOURCE}/{fair}").text
    with env_as("mina") as env:
        env.create(SOURCE, [{"name": f"S{i}", "kind": "web", "cost": 5} for i in range(40)])
    with env_as("sara") as env, query_budget(installation, 4):
        assert len(sources.returns(env)) > 40
