"""Lines inside a document's form: units that fit, many lines, two people at once, refusals that lose nothing."""

from __future__ import annotations

import re

import pytest

from core.api import ValidationFailed

pytestmark = [pytest.mark.addons("bidding"), pytest.mark.folders("tests/fixtures/addons")]
LINE = "bidding.line"


@pytest.fixture
def bid(installation, shop, env_as):
    """A bid with three lines."""
    with env_as("admin") as env:
        key = env.create("bidding.bid", {"name": "One", "account": shop.customer, "currency": shop.irr})
        env.create(LINE, [{"bid": key, "product": shop.bolt, "quantity": n} for n in (1, 2, 3)])
    return key


def hidden(page, name):
    return re.findall(rf'name="{name}" value="([^"]*)"', page.get_data(as_text=True))


def form(visit, bid):
    """What a browser would send of the untouched form: the numbers of its lines, and the bid's version."""
    page = visit("admin").get(f"/r/bidding.bid/{bid}/edit")
    values = {"version": hidden(page, "version")[0], "lines-known": hidden(page, "lines-known")[0]}
    for i, _line in enumerate(hidden(page, r"lines-\d+-id")):
        values[f"lines-{i}-id"], values[f"lines-{i}-was"] = hidden(page, f"lines-{i}-id")[0], hidden(page, f"lines-{i}-was")[0]
    return values


def lines(env_as, bid):
    with env_as("admin") as env:
        return env.query(LINE).where(f"bid == {bid}").order("id").select("quantity", "unit_price").rows()


def test_units_of_a_line_are_those_of_its_product(env_as, shop, bid, visit):
    with env_as("admin") as env:
        hour = env.query("catalogue.unit").where("not unit_group.whole").ids()[0]
        key = env.query(LINE).where(f"bid == {bid}").ids()[0]
        with pytest.raises(ValidationFailed):
            env.update(LINE, key, {"unit": hour})
        words = env.create(LINE, {"bid": bid, "description": "Work", "unit_price": 5, "unit": hour})
        assert env.get(LINE, words).unit.id == hour, "without a product any unit will do"
        env.update(LINE, words, {"description": "Work by day"})
        other = env.create("catalogue.unit", {"unit_group": shop.pieces, "name": "box", "factor": 10})
        env.update(LINE, key, {"unit": other})
    admin = visit("admin")
    found = admin.get(f"/lookup/catalogue.unit?for={LINE}.unit&within.product={shop.bolt}", headers={"Accept": "application/json"})
    assert {i["label"] for i in found.get_json()["items"]} == {"bit", "box", "dozen"}
    free = admin.get(f"/lookup/catalogue.unit?for={LINE}.unit&within.product=", headers={"Accept": "application/json"}).get_json()
    assert len(free["items"]) > 3 and not free["hint"]
    page = admin.get(f"/r/bidding.bid/{bid}/edit").get_data(as_text=True)
    assert page.count('data-within="product"') >= 4, "the lines, and the one that new lines are made from"


def test_only_what_was_touched_is_sent_and_written(env_as, bid, visit):
    sent = form(visit, bid) | {"lines-1-quantity": "7"}
    assert visit("admin").post(f"/r/bidding.bid/{bid}/edit", sent).status_code == 303
    assert [int(r["quantity"]) for r in lines(env_as, bid)] == [1, 7, 3]
    gone = {n: v for n, v in form(visit, bid).items() if not n.startswith("lines-2")}
    assert visit("admin").post(f"/r/bidding.bid/{bid}/edit", gone).status_code == 303
    assert len(lines(env_as, bid)) == 2
    none = {n: v for n, v in form(visit, bid).items() if n in ("version", "lines-known")}
    assert visit("admin").post(f"/r/bidding.bid/{bid}/edit", none).status_code == 303
    assert lines(env_as, bid) == [], "the last line goes, too"


def test_a_line_that_came_meanwhile_stays_and_one_that_changed_is_not_overwritten(env_as, shop, bid, visit):
    before = form(visit, bid)
    with env_as("admin") as env:
        env.create(LINE, {"bid": bid, "product": shop.bolt, "quantity": 9})
        env.update(LINE, int(before["lines-0-id"]), {"quantity": 4})
        version = str(env.get("bidding.bid", bid, "version").version)
    assert visit("admin").post(f"/r/bidding.bid/{bid}/edit", before | {"version": version, "lines-1-quantity": "5"}).status_code == 303
    assert [int(r["quantity"]) for r in lines(env_as, bid)] == [4, 5, 3, 9]
    with env_as("admin") as env:
        version = str(env.get("bidding.bid", bid, "version").version)
    refused = visit("admin").post(f"/r/bidding.bid/{bid}/edit", before | {"version": version, "lines-0-quantity": "6"})
    assert refused.status_code == 422 and "somebody changed this line" in refused.get_data(as_text=True)
    assert int(lines(env_as, bid)[0]["quantity"]) == 4


def test_a_refused_form_shows_its_lines_again(env_as, shop, bid, visit):
    sent = form(visit, bid) | {"lines-0-quantity": "77", "lines-3-id": "", "lines-3-product": str(shop.nut),
                               "lines-3-product__label": "Nut", "lines-3-quantity": "8"}
    refused = visit("admin").post(f"/r/bidding.bid/{bid}/edit", sent)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "Line" in page and "none of the price lists" in page
    assert 'value="77"' in page and 'value="8"' in page and "Nut" in page
    assert [int(r["quantity"]) for r in lines(env_as, bid)] == [1, 2, 3], "nothing half done"


def test_many_lines_come_in_pages(env_as, shop, bid, visit):
    with env_as("admin") as env:
        env.create(LINE, [{"bid": bid, "product": shop.bolt, "quantity": 1} for _n in range(300)])
    admin = visit("admin")
    page = admin.get(f"/r/bidding.bid/{bid}/edit")
    assert len(hidden(page, r"lines-\d+-id")) == 200
    text = page.get_data(as_text=True)
    url = re.findall(r'data-lines-more="([^"]+)"', text)[0].replace("&amp;", "&")
    assert "There are more lines" in text and f"filter.bid=%23{bid}" in text
    rest = admin.get(f"{url}&first=200", headers={"X-Fragment": "lines"})
    assert rest.status_code == 200, rest.get_data(as_text=True)
    ids = hidden(rest, r"lines-\d+-id")
    assert len(ids) == 103 and "lines-302-id" in rest.get_data(as_text=True) and "data-lines-more" not in rest.get_data(as_text=True)
    sent = {"version": hidden(page, "version")[0], "lines-known": [hidden(page, "lines-known")[0], hidden(rest, "lines-known")[0]]}
    for i, key in enumerate([*hidden(page, r"lines-\d+-id"), *ids[:-1]]):
        sent[f"lines-{i}-id"] = key
    assert admin.post(f"/r/bidding.bid/{bid}/edit", sent | {"lines-250-quantity": "12"}).status_code == 303
    found = lines(env_as, bid)
    assert len(found) == 302 and sum(int(r["quantity"]) for r in found) == 6 + 299 + 11


def test_further_lines_ask_for_rights(installation, env_as, shop, bid, visit):
    assert visit("admin").get(f"/r/bidding.bid/{bid}/lines/name").status_code == 404
    assert visit("admin").get("/r/bidding.bid/999999/lines/lines").status_code == 404
    assert visit("reza").get(f"/r/bidding.bid/{bid}/lines/lines").status_code in (403, 404)
