"""Orders to vendors: priced by the vendor's own list, numbered and locked when sent, received or cancelled, kept from sellers."""

from decimal import Decimal

import pytest

from addons.sales import goods_in, paper
from addons.sales.tests.conftest import ADDONS, customer, quote
from core.api import AccessDenied, NotFound, SarnakhError, ValidationFailed
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = pytest.mark.addons(*ADDONS)
PURCHASE, LINE = "sales.purchase", "sales.purchase_line"


@pytest.fixture
def vendor(env_as, things):
    """A vendor whose list says nine million for a desk."""
    with env_as("boss") as env:
        account = customer(env, "Chubin Industries")
    with env_as("admin") as env:
        prices = env.create("catalogue.price_list", {"name": "Chubin's list", "currency": things["currency"], "kind": "purchase",
                                                     "supplier": account})
        env.create("catalogue.price", {"price_list": prices, "product": things["DESK"], "amount": Decimal(9000000)})
    return account


def draft(env, vendor, things, **more):
    key = env.create(PURCHASE, {"subject": "Stock of desks", "account": vendor, "currency": things["currency"], **more})
    env.create(LINE, {"paper": key, "product": things["DESK"], "quantity": 3})
    return key


def test_from_draft_to_received(env_as, things, vendor):
    with env_as("boss") as env:
        key = draft(env, vendor, things)
        made = env.get(PURCHASE, key)
        assert (made.number, made.net, made.tax, made.total) == (None, 27000000, 2700000, 29700000), "the vendor's price, not ours"
        env.run_action(PURCHASE, "send", [key])
        sent = env.get(PURCHASE, key)
        assert sent.status == "sent" and sent.number.startswith("PO-") and sent.number in sent.name
        with pytest.raises(ValidationFailed):
            env.update(PURCHASE, key, {"subject": "Other"})
        line = env.query(LINE).where(f"paper == {key}").ids(1)[0]
        for write in (lambda: env.update(LINE, line, {"quantity": 9}), lambda: env.delete(LINE, line),
                      lambda: env.create(LINE, {"paper": key, "product": things["DESK"]})):
            with pytest.raises(ValidationFailed):
                write()
        env.update(PURCHASE, key, {"expected_on": env.today, "remarks": "by lorry"})
        env.run_action(PURCHASE, "receive", [key])
        assert env.get(PURCHASE, key).status == "received"
        for step in ("send", "receive", "cancel"):
            with pytest.raises(SarnakhError):
                env.run_action(PURCHASE, step, [key])
        with pytest.raises(ValidationFailed):
            env.update(PURCHASE, key, {"status": "draft"})


def test_it_comes_in_parts_and_never_more_than_was_ordered(env_as, installation, things, vendor):
    with env_as("boss") as env:
        key = draft(env, vendor, things)
        env.create(LINE, {"paper": key, "product": things["DESK"], "quantity": 2})
        env.run_action(PURCHASE, "send", [key])
        one, two = env.query(LINE).where(f"paper == {key}").order("id").ids()
        assert env.run_action(PURCHASE, "receive_part", [key]) == f"/x/sales/purchase/{key}/receive"
    page, url = Visitor(installation, user_id(installation, "boss")), f"/x/sales/purchase/{key}/receive"
    shown = page.get(url).text
    assert f'name="came-{one}"' in shown and 'value="3"' in shown and "Nothing more will come" in shown
    for wrong in ({f"came-{one}": "4"}, {f"came-{one}": "-1"}, {f"came-{one}": "x"}, {}):
        assert page.post(url, wrong).status_code == 422
    assert page.post(url, {f"came-{one}": "1", f"came-{two}": "2"}).status_code == 303
    with env_as("boss") as env:
        assert env.get(PURCHASE, key, "status").status == "partly"
        assert [r["received"] for r in env.query(LINE).where(f"paper == {key}").order("id").select("received").rows()] == [1, 2]
        total = env.get(PURCHASE, key, "total").total
        with pytest.raises(SarnakhError):
            env.run_action(PURCHASE, "cancel", [key])
        with pytest.raises(ValidationFailed):
            env.update(LINE, one, {"received": 3})
    assert f'name="came-{two}"' not in page.get(url).text
    assert page.post(url, {"last": "1"}).status_code == 303
    with env_as("boss") as env:
        assert env.get(PURCHASE, key, "status").status == "received" and env.get(PURCHASE, key, "total").total == total
        assert env.get(LINE, one, "received").received == 1
    assert page.get(url).status_code == 422
    assert Visitor(installation, user_id(installation, "sara")).post(url, {f"came-{one}": "1"}).status_code in (403, 404)


def test_all_of_several_came(env_as, things, vendor):
    with env_as("boss") as env:
        keys = [draft(env, vendor, things) for _n in range(2)]
        env.run_action(PURCHASE, "send", keys)
        goods_in.receive_part(env, keys[0], {env.query(LINE).where(f"paper == {keys[0]}").ids(1)[0]: Decimal(1)}, last=False)
        foreign = env.query(LINE).where(f"paper == {keys[1]}").ids(1)[0]
        with pytest.raises(SarnakhError):
            goods_in.receive_part(env, keys[0], {foreign: Decimal(1)}, last=False)
        env.run_action(PURCHASE, "receive", keys)
        assert {r["received"] for r in env.query(LINE).select("received").rows()} == {3}
        assert {r["status"] for r in env.query(PURCHASE).select("status").rows()} == {"received"}


def test_cancelled_keeps_its_number_and_leaves_no_gap(env_as, things, vendor):
    with env_as("boss") as env:
        first, second, bare = draft(env, vendor, things), draft(env, vendor, things), draft(env, vendor, things)
        env.run_action(PURCHASE, "cancel", [bare])
        assert env.get(PURCHASE, bare, "number").number is None, "what was never sent takes no number"
        env.run_action(PURCHASE, "send", [first])
        env.run_action(PURCHASE, "cancel", [first])
        env.run_action(PURCHASE, "send", [second])
        numbers = [env.get(PURCHASE, key, "number").number for key in (first, second)]
        assert [n[-5:] for n in numbers] == ["00001", "00002"] and env.get(PURCHASE, first, "status").status == "cancelled"
        with pytest.raises(SarnakhError):
            env.run_action(PURCHASE, "receive", [first])


def test_empty_ones_and_wrong_prices_are_refused(env_as, things, vendor):
    with env_as("boss") as env:
        empty = env.create(PURCHASE, {"subject": "Nothing", "account": vendor, "currency": things["currency"]})
        with pytest.raises(SarnakhError, match="no lines"):
            env.run_action(PURCHASE, "send", [empty])
        with pytest.raises(ValidationFailed):
            env.create(LINE, {"paper": empty, "product": things["CHAIR"]})  # the vendor's list has no chairs
        other = env.create(PURCHASE, {"subject": "Other", "account": customer(env, "Nobody's"), "currency": things["currency"]})
        with pytest.raises(ValidationFailed):
            env.create(LINE, {"paper": other, "product": things["DESK"]})  # another vendor has no list
        env.create(LINE, {"paper": other, "description": "Desk, as agreed", "unit_price": Decimal(8000000)})
        assert env.get(PURCHASE, other, "net").net == 8000000


def test_sellers_see_none_of_it(env_as, things, vendor):
    with env_as("boss") as env:
        key = draft(env, vendor, things)
    with env_as("sara") as env:
        with pytest.raises((AccessDenied, NotFound)):
            env.get(PURCHASE, key)
        with pytest.raises((AccessDenied, NotFound)):
            env.create(PURCHASE, {"subject": "Mine", "account": vendor, "currency": things["currency"]})
        with pytest.raises((AccessDenied, NotFound)):
            env.run_action(PURCHASE, "send", [key])
        with pytest.raises((AccessDenied, NotFound)):
            paper.sheet(env, PURCHASE, key)


def test_its_paper_goes_to_a_vendor(env_as, things, vendor):
    with env_as("boss") as env:
        sheet = paper.sheet(env, PURCHASE, draft(env, vendor, things, language="en"))
    assert sheet["title"] == "Purchase order" and sheet["parties"][0]["title"] == "Vendor"
    assert [s["label"] for s in sheet["signatures"]] == ["For the buyer"] and sheet["mark"] == "Draft"


def test_editing_all_papers_is_no_way_around_a_right_that_is_withheld(env_as, installation, things, vendor):
    """The pages behind the steps of papers ask for the same right as the steps."""
    with env_as("boss") as env:
        key = draft(env, vendor, things)
        env.run_action(PURCHASE, "send", [key])
        offer = quote(env, customer(env), things)
        env.run_action("sales.quote", "send", [offer])
    with env_as("admin") as env:
        rights = {"read": True, "update": True, "view_all": True, "edit_all": True, "action:send": False}
        profile = env.create("base.profile", {"name": "Editors", "sets": ["base.user", "sales.user", "sales.buyer"], "areas": [],
                                              "record_rights": {PURCHASE: rights, "sales.quote": rights}})
        env.update("base.user", user_id(installation, "omid"), {"profile": profile})
    omid = Visitor(installation, user_id(installation, "omid"))
    assert omid.get(f"/r/{PURCHASE}/{key}").status_code == 200
    for path in (f"/x/sales/purchase/{key}/receive", f"/x/sales/quote/{offer}/decline", f"/x/sales/quote/{offer}/link"):
        assert omid.get(path).status_code == 403, path
        assert omid.post(path, {"last": "1", "reason": "none"}).status_code == 403, path
    with env_as("boss") as env:
        assert (env.get(PURCHASE, key).status, env.get("sales.quote", offer).status) == ("sent", "sent")
