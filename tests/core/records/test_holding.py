"""Records found by what stands in a field, whatever shape of link it is, behind the reader's permissions."""

import pytest

from core.errors import ExpressionError
from core.expressions import ME, F
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("shop", "shop_sms"), pytest.mark.folders("tests/fixtures/addons")]


@pytest.fixture
def sold(env_as):
    """Two shops with an order each, the first with a tag, a helper, a line and something it is about."""
    with env_as("sara") as env:
        shops = env.create("shop.shop", [{"name": "one"}, {"name": "two"}])
        tags = env.create("base.tag", [{"name": "x"}, {"name": "y"}])
        orders = env.create("shop.order", [
            {"name": "first", "shop": shops[0], "tags": tags, "helpers": [env.actor.id], "about": ("shop.shop", shops[1])},
            {"name": "second", "shop": shops[1]}])
        line = env.create("shop.line", {"order": orders[0], "name": "line"})
        return {"shops": shops, "tags": tags, "orders": orders, "line": line, "sara": env.actor.id}


def test_every_shape_of_link(env_as, sold):
    with env_as("sara") as env:
        orders, one = env.query("shop.order"), [sold["orders"][0]]
        assert orders.holding("shop", [sold["shops"][0]]).ids() == one
        assert orders.where(F.tags.any(F.id.isin(sold["tags"]))).ids() == one
        assert orders.where(F.helpers.any(F.id == ME)).ids() == one and orders.where(F.helpers.count() == 0).ids() == sold["orders"][1:]
        assert sorted(orders.holding("shop", sold["shops"]).ids()) == sorted(sold["orders"])
        assert orders.holding("tags", sold["tags"]).ids() == one
        assert orders.holding("helpers", [sold["sara"]]).ids() == one
        assert orders.holding("lines", [sold["line"]]).ids() == one
        assert orders.holding("about", [sold["shops"][1]], "shop.shop").ids() == one
        assert orders.holding("name", ["second", "third"]).ids() == sold["orders"][1:]
        assert orders.holding("about", [sold["shops"][1]], "shop.order").ids() == []
        assert orders.holding("shop", []).ids() == []
        assert orders.holding("tags", sold["tags"]).holding("shop", [sold["shops"][1]]).ids() == []


def test_what_it_is_not_for_is_said(env_as, sold):
    with env_as("sara") as env:
        for field, said in (("about", "several types"), ("extra", "cannot be filtered"), ("nothing", "no field")):
            with pytest.raises(ExpressionError, match=said):
                env.query("shop.order").holding(field, [1]).ids()


def test_permissions_hold(env_as, installation, sold):
    with env_as("omid") as env:
        assert env.query("shop.order").holding("shop", sold["shops"]).ids() == []
    with env_as("mina") as env:
        assert env.query("shop.order").holding("helpers", [user_id(installation, "sara")]).ids() == [sold["orders"][0]]
        with pytest.raises(ExpressionError, match="no field"):
            env.query("shop.order").holding("margin", [1]).ids()


def test_a_collection_does_not_betray_a_record_one_may_not_see(env_as, sold):
    with env_as("omid") as env:
        mine = env.create("shop.order", {"name": "mine"})
        hidden = env.query("shop.shop").with_ids(sold["shops"]).ids()
        assert hidden == []
    with env_as("admin") as env:
        env.update("shop.line", sold["line"], {"order": mine})
    with env_as("omid") as env:
        assert env.query("shop.order").holding("lines", [sold["line"]]).ids() == (
            [mine] if env.query("shop.line").with_ids([sold["line"]]).ids() else [])
