"""Pages of the catalogue through the browser's door: price check, configurator, suppliers, who sees what."""

from __future__ import annotations

import pytest

from addons.catalogue import names
from addons.catalogue.pricing import Ask, Terms, price
from core.api import SYSTEM, AccessDenied
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("bidding"), pytest.mark.folders("tests/fixtures/addons")]
CHECK, CONFIGURE, COMPARE = "/x/catalogue/check", "/x/catalogue/configure", "/x/catalogue/compare"


def text(answer):
    return answer.get_data(as_text=True).replace("\u2068", "").replace("\u2069", "")


def test_the_price_check_says_which_price_and_why(installation, shop, visit):
    assert "Choose a product" in text(visit("sara").get(CHECK))
    page = text(visit("sara").get(f"{CHECK}?product={shop.bolt}&account={shop.customer}&quantity=3&currency={shop.irr}"))
    assert "Price list “Retail”: it is for everybody" in page and "3,300" in page and "Dealers" in page
    page = text(visit("sara").get(f"{CHECK}?product={shop.nut}&currency={shop.irr}"))
    assert "“Nut” is in none of the price lists" in page
    assert "Write a quantity" in text(visit("sara").get(f"{CHECK}?product={shop.bolt}&quantity=0"))
    assert visit("sara").get(f"{CHECK}?product={shop.bolt}&quantity=NaN&on=x&unit=99&currency=9&price_list=zz").status_code == 200


def test_each_list_is_an_order_of_its_own(installation, shop, visit):
    with installation.env(SYSTEM) as env:
        env.create("catalogue.discount", {"name": "Bulk", "percent": 50, "condition": "order_lines >= 2"})
    assert "Bulk" not in text(visit("sara").get(f"{CHECK}?product={shop.bolt}&currency={shop.irr}"))


def test_an_account_one_may_not_see_gives_no_price(installation, shop, visit):
    with installation.env(SYSTEM) as env:
        env.update("contacts.account", shop.partner, {"owner": user_id(installation, "omid")})
    page = text(visit("reza").get(f"{CHECK}?product={shop.bolt}&account={shop.partner}&currency={shop.irr}"))
    assert "Partner" not in page and "it is for everybody" in page


def test_nobody_without_rights_gets_in(installation, shop, visit):
    for url in (CHECK, CONFIGURE, COMPARE):
        assert visit("nobody").get(f"{url}?product={shop.bolt}").status_code in (403, 404)
    assert visit("sara").get(f"{COMPARE}?product={shop.bolt}").status_code == 403


def test_suppliers_are_compared_for_buyers(installation, shop, visit):
    with installation.env(SYSTEM) as env:
        for name, amount, currency in (("Dear", 700, shop.irr), ("Cheap", 650, shop.irr), ("Foreign", 2, shop.eur)):
            held = env.create("catalogue.price_list", {"name": name, "kind": "purchase", "supplier": shop.partner, "currency": currency})
            env.create("catalogue.price", {"price_list": held, "product": shop.bolt, "amount": amount})
    page = text(visit("mina").get(f"{COMPARE}?product={shop.bolt}"))
    assert page.index(">Cheap<") < page.index(">Dear<") < page.index(">Foreign<") and "Cheapest" in page
    assert "Cheap" not in text(visit("sara").get("/r/catalogue.price_list")), "suppliers' lists are for buyers"
    assert "No supplier" in text(visit("mina").get(f"{COMPARE}?product={shop.nut}"))


def test_suppliers_prices_are_nobody_elses_business(installation, env_as, shop, visit):
    with installation.env(SYSTEM) as env:
        held = env.create("catalogue.price_list", {"name": "Zqsecret", "kind": "purchase", "supplier": shop.partner, "currency": shop.irr})
        key = env.create("catalogue.price", {"price_list": held, "product": shop.bolt, "amount": 77_123})
    person = visit("sara")
    for url in ("/r/catalogue.price", f"/r/catalogue.product/{shop.bolt}", "/r/catalogue.price_list",
                "/lookup/catalogue.price_list?q=Zqsecret",
                f"{CHECK}?product={shop.bolt}&price_list={held}&currency={shop.irr}", "/r/catalogue.price?where=amount > 70000",
                f"/r/catalogue.product/{shop.bolt}/related/prices"):
        page = text(person.get(url))
        assert "77,123" not in page and "77123" not in page and "Zqsecret" not in page.replace("q=Zqsecret", ""), url
    assert person.get(f"/r/catalogue.price/{key}").status_code == 404
    with env_as("sara") as env:
        assert env.query("catalogue.price").with_ids([key]).count() == 0
        found = price(env, [Ask(shop.bolt, price_list=held)], Terms(shop.irr))[0]
        assert found.refusal is not None and found.unit_price == 0
        assert not env.can("read", "catalogue.price", "percent"), "a price and its mark-up would tell the cost"


def test_sellers_do_not_see_costs(env_as, shop):
    with env_as("sara") as env:
        assert not env.can("read", "catalogue.product", "current_cost")
        with pytest.raises(AccessDenied):
            env.create("catalogue.product", {"code": "X", "name": "X"})
    with env_as("mina") as env:
        assert env.get("catalogue.product", shop.bolt).current_cost == 600


def test_the_configurator_explains_and_prices(shop, server, visit):
    page = text(visit("sara").get(f"{CONFIGURE}?product={shop.bolt}&currency={shop.irr}"))
    assert "Processor" in page and "1,000" in page
    asked = f"{CONFIGURE}?product={shop.bolt}&currency={shop.irr}&tried=1&g1={server.small}&g3={server.care}"
    answer = visit("sara").get(asked, headers={"Accept": "application/json"}).get_json()
    assert [p.replace("\u2068", "").replace("\u2069", "") for p in answer["problems"]] == ["“Care” needs “Large”"] and answer["price"] == ""
    answer = visit("sara").get(f"{CONFIGURE}?product={shop.bolt}&currency={shop.irr}&tried=1&g1={server.large}&g2={server.ssd}"
                               f"&q{server.ssd}=2", headers={"Accept": "application/json"}).get_json()
    assert answer["problems"] == [] and answer["facts"][-1][1].startswith("1,400")


def test_a_line_is_configured(installation, env_as, shop, server, visit):
    with env_as("admin") as env:
        bid = env.create("bidding.bid", {"name": "One", "account": shop.customer, "currency": shop.irr})
        key = env.create("bidding.line", {"bid": bid, "product": shop.bolt})
        other = env.create("bidding.line", {"bid": bid, "description": "Words", "unit_price": 1})
    admin, url = visit("admin"), f"/x/catalogue/lines/bidding.line/{key}"
    assert url in text(admin.get(f"/r/bidding.line/{key}"))
    assert "Keep this configuration" in text(admin.get(url))
    refused = admin.post(url, {"g1": str(server.care)})
    assert refused.status_code == 422 and "Choose one of" in text(refused)
    assert admin.post(url, {"g1": str(server.large)}).status_code == 303
    with env_as("admin") as env:
        assert env.get("bidding.line", key).unit_price == 1300
    for wrong in (f"/x/catalogue/lines/bidding.line/{other}", f"/x/catalogue/lines/bidding.bid/{bid}", f"/x/catalogue/lines/no.such/{key}"):
        assert admin.get(wrong).status_code == 404


def test_products_speak_several_languages(env_as, shop):
    with env_as("mina") as env:
        made = env.create("catalogue.translation", [
            {"product": shop.bolt, "language": "fa", "name": "پیچ"}, {"product": shop.bolt, "language": "tr", "name": "Cıvata",
                "code": "C1"}])
        assert names.texts(env, [shop.bolt, shop.nut], "tr") == {
            shop.bolt: {"code": "C1", "name": "Cıvata", "description": ""}, shop.nut: {"code": "N1", "name": "Nut", "description": ""}}
        assert env.query("catalogue.product").search("پیچ").ids() == [shop.bolt] == env.query("catalogue.product").search("Cıvata").ids()
        env.delete("catalogue.translation", [made[0]])
        assert env.query("catalogue.product").search("پیچ").ids() == []


def test_the_price_check_takes_few_statements(installation, shop, visit):
    person = visit("sara")
    url = f"{CHECK}?product={shop.bolt}&account={shop.customer}&currency={shop.irr}"
    person.get(url)
    with query_budget(installation, 45):
        person.get(url)
