"""Names in the reader's language, on screens and on papers, and in the main one where there is no other."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from addons.catalogue import seeds
from addons.catalogue.pricing import Ask, Terms, price
from core.api import SYSTEM, ValidationFailed
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("bidding"), pytest.mark.folders("tests/fixtures/addons")]
UNIT, GROUP = "catalogue.unit", "catalogue.unit_group"


def spoken(env, lang, key, *paths):
    return env.speaking(lang).query("catalogue.product").with_ids([key]).select(*paths).rows()[0]


def test_links_say_names_in_the_readers_language(env_as, shop):
    with env_as("mina") as env:
        env.update(UNIT, shop.bit, {"other_names": {"tr": "parça", "fa": "تکه"}})
        env.update("catalogue.category", shop.below, {"other_names": {"fa": "چند"}})
        assert spoken(env, "tr", shop.bolt, "unit", "unit.name", "category") | {"category": None} == {
            "id": shop.bolt, "unit": (shop.bit, "parça", UNIT), "unit.name": "parça", "category": None}
        assert spoken(env, "fa", shop.bolt, "category")["category"].label == "چند"
        assert spoken(env, "tr", shop.bolt, "category")["category"].label == "Some", "no Turkish name: the main one"
        assert spoken(env, "en", shop.bolt, "unit")["unit"].label == "bit"
        turkish = env.speaking("tr")
        assert turkish.labels(UNIT, [shop.bit, shop.dozen]) == {shop.bit: "parça", shop.dozen: "dozen"}
        assert turkish.query(UNIT).with_ids([shop.bit]).select("name").rows()[0]["name"] == "bit", "what is edited is what is stored"
        assert turkish.query(UNIT).with_ids([shop.bit]).select("name").spoken().rows()[0]["name"] == "parça"
        assert turkish.query(UNIT).search("parca").ids() == [shop.bit] == env.query(UNIT).search("تکه").ids()
        groups = turkish.query("catalogue.product").aggregate(["unit"])
        assert [(g["unit"].label, g["count"]) for g in groups] == [("parça", 2)]


def test_a_page_is_headed_in_the_readers_language(env_as, shop, installation):
    with env_as("admin") as env:
        env.update("catalogue.category", shop.below, {"other_names": {"tr": "cıvata"}})
        env.update("base.user", user_id(installation, "mina"), {"language": "tr"})
    page = Visitor(installation, user_id(installation, "mina")).get(f"/r/catalogue.category/{shop.below}").text
    assert re.search(r"<h1[^>]*><span dir=.auto.>cıvata<", page)


def test_lists_in_another_language_turn_their_pages(env_as, shop):
    with env_as("mina") as env:
        env.create(UNIT, [{"unit_group": shop.pieces, "name": f"u{n:02}", "factor": n, "other_names": {"tr": f"z{50 - n}"}}
                          for n in range(20, 40)])
        for order in (("name",), ("-name",), ("unit_group", "name"), ("unit_group.name", "factor")):
            query, token, seen = env.speaking("tr").query(UNIT).order(*order).select("name", "unit_group.name").spoken(), None, []
            while True:
                page = query.page(7, token)
                seen += [row["id"] for row in page.rows]
                token = page.next
                if token is None:
                    break
            assert len(seen) == len(set(seen)) == env.query(UNIT).count(), order


def test_price_lists_and_discounts_are_called_as_the_reader_calls_them(env_as, shop):
    with env_as("mina") as env:
        env.update("catalogue.price_list", shop.retail, {"other_names": {"fa": "فهرست همیشگی"}})
        discount = env.create("catalogue.discount", {"name": "Spring", "kind": "percent", "percent": 5, "other_names": {"fa": "بهاره"}})
        persian = env.speaking("fa")
        assert persian.labels("catalogue.price_list", [shop.retail]) == {shop.retail: "فهرست همیشگی"}
        assert persian.labels("catalogue.discount", [discount]) == {discount: "بهاره"}
        asked = [Ask(shop.bolt, Decimal(1))], Terms(shop.irr)
        said = " ".join(r.english() for r in price(persian, *asked)[0].reasons)
        assert "فهرست همیشگی" in said and "بهاره" in said
        assert "فهرست همیشگی" not in " ".join(r.english() for r in price(env.speaking("en"), *asked)[0].reasons)


def test_names_are_checked(env_as, shop):
    with env_as("mina") as env:
        for wrong in ({"xx": "what"}, "no json", [1], {"tr": "x" * 300}):
            with pytest.raises(ValidationFailed):
                env.update(UNIT, shop.bit, {"other_names": wrong})
        env.update(UNIT, shop.bit, {"other_names": {"tr": "  ", "fa": "ت"}})
        assert env.get(UNIT, shop.bit).other_names == {"fa": "ت"}


def test_names_are_typed_in_a_form(env_as, shop, visit):
    admin, url = visit("admin"), f"/r/{UNIT}/{shop.bit}/edit"
    page = admin.get(url).get_data(as_text=True)
    assert 'name="other_names__tr"' in page and 'name="other_names__fa"' in page and 'name="other_names__en"' not in page
    version = page.split('name="version" value="')[1].split('"')[0]
    assert admin.post(url, {"version": version, "other_names__present": "1", "other_names__tr": "parça"}).status_code == 303
    with env_as("admin") as env:
        assert env.get(UNIT, shop.bit).other_names == {"tr": "parça"}
    assert "Türkçe: parça" in admin.get(f"/r/{UNIT}/{shop.bit}").get_data(as_text=True)


def test_products_units_and_taxes_of_one_line_agree(env_as, shop):
    with env_as("admin") as env:
        env.create("catalogue.translation", {"product": shop.bolt, "language": "tr", "name": "Cıvata"})
        env.update(UNIT, shop.bit, {"other_names": {"tr": "parça"}})
        assert env.speaking("tr").labels("catalogue.product", [shop.bolt]) == {shop.bolt: "Cıvata"}
        key = env.create("bidding.line", {"bid": env.create("bidding.bid", {"name": "B", "account": shop.customer, "currency": shop.irr}),
                                          "product": shop.bolt})
        tax = env.get("bidding.line", key).taxes[0]
        assert tax["name"] == "VAT (Iran)" and tax["names"]["tr"] == "KDV (İran)" and "fa" in tax["names"]
        env.update("catalogue.price", env.query("catalogue.price").where(f"price_list == {shop.retail}").ids(), {"minimum_quantity": 2})
        said = price(env.speaking("tr"), [Ask(shop.bolt, Decimal(5))], Terms(shop.irr))[0]
        assert "parça" in env.speaking("tr").t(said.reasons[1])


def test_countries_are_called_as_the_reader_calls_them(env_as, shop):
    with env_as("sara") as env:
        found = {lang: env.speaking(lang).labels("base.country", [shop.turkey])[shop.turkey] for lang in ("fa", "en", "tr")}
    assert found == {"fa": "ترکیه", "en": "Türkiye", "tr": "Türkiye"}


def test_another_main_language_keeps_the_others(installation, shop):
    with installation.env(SYSTEM) as env:
        seeds.translate(env, "tr")
        piece = env.query(UNIT).where("is_base").order("id").first("name", "other_names")
        assert piece.name == "Adet" and piece.other_names["en"] == "Piece" and "tr" not in piece.other_names
