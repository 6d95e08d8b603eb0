"""The configurator: required, exclusive and optional answers, quantities, dependencies; and lines that are configured."""

from __future__ import annotations

from decimal import Decimal

import pytest

from addons.catalogue import configuring
from addons.catalogue.pricing import Ask, Chosen, Terms, price
from core.api import ValidationFailed

pytestmark = [pytest.mark.addons("bidding"), pytest.mark.folders("tests/fixtures/addons")]
D = Decimal


def told(env, shop, *chosen):
    return [m.english() for m in configuring.problems(configuring.questions(env, shop.bolt), chosen)]


def test_what_does_not_fit_is_explained(env_as, server):
    with env_as("sara") as env:
        asked = configuring.questions(env, server.bolt)
        assert [(q.name, q.minimum, q.maximum) for q in asked] == [("Support", 0, 1), ("Processor", 1, 1), ("Disks", 0, None)]
        assert told(env, server, Chosen(server.small)) == []
        assert told(env, server) == ["choose one of “Processor”"]
        assert told(env, server, Chosen(server.small), Chosen(server.large)) == ["choose only one of “Processor”"]
        assert told(env, server, Chosen(server.small), Chosen(server.ssd, D(5))) == ["“SSD” comes in 2 to 4"]
        assert told(env, server, Chosen(server.small), Chosen(server.care), Chosen(server.hdd)) == [
            "“Care” needs “Large”", "“Care” does not go with “HDD”"]
        assert told(env, server, Chosen(server.small), Chosen(999)) == ["An option is chosen that is not offered here."]


def test_it_is_priced_as_configured(env_as, server):
    with env_as("sara") as env:
        def ask(*options):
            return price(env, [Ask(server.bolt, D(2), options=options)], Terms(server.irr, server.customer))[0]
        assert ask(Chosen(server.small)).unit_price == 1000
        full = ask(Chosen(server.large), Chosen(server.ssd, D(3)), Chosen(server.care))
        assert (full.options_price, full.unit_price, full.net) == (550, 1550, 3100)
        assert "“Bolt”: choose one of “Processor”" in env.t(ask().refusal)


def test_lines_begin_with_what_is_chosen_at_first_and_follow_the_configuration(env_as, server, installation):
    with env_as("admin") as env:
        bid = env.create("bidding.bid", {"name": "One", "account": server.customer, "currency": server.irr})
        key = env.create("bidding.line", {"bid": bid, "product": server.bolt})
        assert env.get("bidding.line", key).configuration == [{"option": server.small, "quantity": "1"}]
        chosen = configuring.as_stored([Chosen(server.large), Chosen(server.ssd, D(2))])
        env.update("bidding.line", key, {"configuration": chosen})
        assert env.get("bidding.line", key).unit_price == 1400
        for wrong, match in (([{"option": server.ssd}], "Bolt"), ("nonsense", "cannot be read"), ([{"option": "x"}], "cannot be read")):
            with pytest.raises(ValidationFailed, match=match):
                env.update("bidding.line", key, {"configuration": wrong})


def test_groups_and_options_are_checked(env_as, server):
    with env_as("mina") as env:
        for values, match in (({"name": "x"}, "either a product or a family"),
                              ({"name": "x", "product": server.bolt, "minimum": 3, "maximum": 2}, "less than")):
            with pytest.raises(ValidationFailed, match=match):
                env.create("catalogue.option_group", values)
        group = env.query("catalogue.option_group").ids(1)[0]
        for values, match in (({"price_method": "amount"}, "Write the amount"), ({"price_method": "list"}, "whose price"),
                              ({"least": 3, "most": 2}, "less than")):
            with pytest.raises(ValidationFailed, match=match):
                env.create("catalogue.option", {"group": group, "name": "x", **values})
