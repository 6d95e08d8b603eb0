"""An addon that adds itself to all types with notes: children over a link to any type, roll-ups, cases, layouts, timeline, and
records that open to whoever sees what they are about."""

import datetime as dt
import time
import types

import pytest

from core.errors import AccessDenied, DefinitionError, NotFound
from core.expressions import F
from core.query.plan import plan_for
from core.records import fields_api as fields
from core.records.base import Extension
from core.registry.compose import compose
from core.security.shares import share
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("errands"), pytest.mark.folders("tests/fixtures/addons")]
ERRAND, ORDER = "errands.errand", "shop.order"


@pytest.fixture
def orders(env_as):
    """Two orders of Sara's."""
    with env_as("sara") as env:
        return env.create(ORDER, [{"name": "One"}, {"name": "Two"}])


def state(env, key):
    row = env.query(ORDER).with_ids([key]).select("next_errand", "errand_state").rows()[0]
    return row["next_errand"], row["errand_state"]


def test_rollups_follow_children_of_any_type(env_as, orders, installation):
    one, two = orders
    with env_as("sara") as env:
        soon, late = env.now + dt.timedelta(days=3), env.now - dt.timedelta(hours=1)
        shop = env.create("shop.shop", {"name": "Same number"})
        assert state(env, one) == (None, "none")
        a, b = env.create(ERRAND, [{"name": "a", "about": (ORDER, one), "due_at": soon},
                                   {"name": "b", "about": (ORDER, one), "due_at": late}])
        env.create(ERRAND, {"name": "other type", "about": ("shop.shop", shop), "due_at": late})
        assert state(env, one) == (late, "late") and state(env, two) == (None, "none")
        env.update(ERRAND, b, {"done": True})
        assert state(env, one) == (soon, "planned")
        env.update(ERRAND, a, {"about": (ORDER, two)})
        assert state(env, one) == (None, "none") and state(env, two) == (soon, "planned")
        version = env.query(ORDER).with_ids([two]).select("version").rows()[0]["version"]
        env.delete(ERRAND, a)
        assert state(env, two) == (None, "none")
        assert env.query(ORDER).with_ids([two]).select("version").rows()[0]["version"] == version, "nobody edited the order"
        with query_budget(installation, 12):
            env.create(ERRAND, [{"name": str(i), "about": (ORDER, orders[i % 2]), "due_at": soon} for i in range(500)])


def test_children_in_expressions_know_their_type(env_as, orders):
    with env_as("sara") as env:
        shop = env.create("shop.shop", {"name": "x"})
        while shop != orders[0]:
            shop = env.create("shop.shop", {"name": f"x{shop}"})
        env.create(ERRAND, {"name": "of the shop", "about": ("shop.shop", shop)})
        assert not env.query(ORDER).where(F.errands.any()).exists()
        env.create(ERRAND, {"name": "of the order", "about": (ORDER, orders[0])})
        assert env.query(ORDER).where("count(errands) == 1").ids() == [orders[0]]


def test_cases_filter_group_and_sort_as_they_show(env_as, orders, installation):
    one, two = orders
    with env_as("sara") as env:
        env.create(ERRAND, {"name": "b", "about": (ORDER, one), "due_at": env.now - dt.timedelta(hours=1)})
        assert env.query(ORDER).where(F.errand_state == "late").ids() == [one]
        groups = {r["errand_state"]: r["count"] for r in env.query(ORDER).aggregate(["errand_state"])}
        assert groups == {"late": 1, "none": 1}
    page = Visitor(installation, user_id(installation, "sara"))
    shown = page.get("/r/shop.order").text
    assert ">Late<" in shown and f'data-id=\"{two}\"' in shown
    late = page.get("/r/shop.order?s=1&filter.errand_state=late&columns=name,errand_state").text
    assert f'data-id=\"{one}\"' in late and f'data-id=\"{two}\"' not in late
    assert f'data-id=\"{two}\"' in page.get("/r/shop.order?s=1&filter.errand_state=none,planned").text


def test_statements_with_the_moment_are_kept_and_told_the_new_one(env_as, orders, installation):
    with env_as("sara") as env:
        env.create(ERRAND, {"name": "b", "about": (ORDER, orders[0]), "due_at": env.now + dt.timedelta(seconds=1.5)})
    late = set()
    for _turn in range(2):
        with env_as("sara") as env:
            late.add(state(env, orders[0])[1])
            query = env.query(ORDER).select("errand_state").where(F.errand_state != "none")
            late.add(query.rows()[0]["errand_state"])
            assert plan_for(query) is plan_for(query), "not made anew for each page"
            late.add(env.query(ORDER).aggregate(["errand_state"])[0]["errand_state"])
        time.sleep(1.6)
    assert "late" in late and len(late & {"today", "planned", "late"}) >= 2


def test_what_it_is_about_opens_it_to_reading(env_as, orders, installation):
    with env_as("sara") as env:
        about = env.create(ERRAND, {"name": "about Sara's order", "about": (ORDER, orders[0])})
        alone, hidden = env.create(ERRAND, [{"name": "alone"}, {"name": "hidden", "hidden": True, "about": (ORDER, orders[0])}])
    with env_as("reza") as env:
        for key in (about, alone, hidden):
            with pytest.raises(NotFound):
                env.get(ERRAND, key, "name")
        mine = env.create(ORDER, {"name": "Reza's"})
        his = env.create(ERRAND, {"name": "his", "about": (ORDER, mine)})
        assert env.query(ERRAND).ids() == [his]
    with env_as("sara") as env:
        share(env, ORDER, [orders[0]], f"user:{user_id(installation, 'reza')}")
        env.update(ERRAND, alone, {"company": [user_id(installation, "reza")]})
    with env_as("reza") as env:
        assert set(env.query(ERRAND).ids()) == {his, about, alone}
        for key in (about, alone):
            with pytest.raises((AccessDenied, NotFound)):
                env.update(ERRAND, key, {"name": "taken"})
            with pytest.raises((AccessDenied, NotFound)):
                env.delete(ERRAND, key)
    with env_as("sara") as env:
        env.delete(ORDER, orders[0])
    with env_as("reza") as env:
        assert set(env.query(ERRAND).ids()) == {his, alone}


def test_timeline_and_related_list(env_as, orders, installation):
    with env_as("sara") as env:
        env.create(ERRAND, [{"name": "to the bank", "about": (ORDER, orders[0])},
                            {"name": "to the post", "about": (ORDER, orders[0]), "done": True}])
    sara = Visitor(installation, user_id(installation, "sara"))
    page = sara.get(f"/r/shop.order/{orders[0]}").text
    assert "To run: to the bank" in page and "Ran: to the post" in page
    only = sara.get(f"/r/shop.order/{orders[0]}?t=errand").text
    assert "Ran: to the post" in only and "created this" not in only
    related = sara.get(f"/r/shop.order/{orders[0]}/related/errands", headers={"X-Fragment": "related"}).text
    assert "to the bank" in related and "to the post" in related
    assert "to the bank" not in sara.get(f"/r/shop.order/{orders[1]}/related/errands", headers={"X-Fragment": "related"}).text


class Astray(Extension):
    extends_trait = "winged"
    note = fields.Text("x")


def test_an_unknown_trait_is_refused():
    module = types.ModuleType("m")
    Astray.__module__ = "m"
    module.Astray = Astray
    with pytest.raises(DefinitionError, match="winged"):
        compose([("x", module)])
