"""Rules over what the record of a link holds: `any(order.helpers, id == me)` in a grant, a sharing rule, a type that may be nobody's."""

import pytest
from sqlalchemy import select

from core.expressions import F
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]


def test_holds_for_the_linked_record_alone(env_as, installation):
    """It was true of every record as soon as it was true of one."""
    with env_as("admin") as env:
        shops = env.create("shop.shop", [{"name": "Mine"}, {"name": "Other"}])
        mine = env.create("shop.order", {"name": "mine", "helpers": [user_id(installation, "sara")], "shop": shops[0]})
        other = env.create("shop.order", {"name": "other", "helpers": [user_id(installation, "reza")], "shop": shops[1]})
        lines = env.create("shop.line", [{"name": "a", "order": mine}, {"name": "b", "order": other}])
        rtype = env.registry.record("shop.line")

        def found(condition):
            return list(env.execute(select(rtype.table.c.id).where(env.access.compiled(rtype, rtype.table, condition)).order_by(
                rtype.table.c.id)).scalars())

        helped = F.order.helpers.any(F.id == user_id(installation, "sara"))
        assert found(helped) == lines[:1]
        assert found(~helped) == lines[1:]
        assert found(F.order.lines.any(F.name == "b")) == lines[1:]
        assert found(F.order.helpers.count() == 1) == lines
