"""Pages of sales over HTTP: PDFs, the customer's link, payments, statements; and who is kept out."""

import re
from decimal import Decimal

import pytest

from addons.sales.tests.conftest import ADDONS, customer, key_of, quote
from core.api import Edition
from core.testing.browser import Visitor

pytestmark = [pytest.mark.addons(*ADDONS), pytest.mark.database("sqlite")]


def who(installation, login):
    from core.security.actor import SYSTEM
    with installation.env(SYSTEM, trusted=True, write=False) as env:
        return Visitor(installation, env.query("base.user").where(f'login == "{login}"').ids(1)[0])


@pytest.fixture
def sent(env_as, things):
    with env_as("sara") as env:
        account = customer(env)
        key = quote(env, account, things, language="fa", valid_until=env.today)
        env.run_action("sales.quote", "send", [key])
    return account, key


def at_the_door(installation, link):
    """A visitor who has opened the link, with the token of its form."""
    visitor = Visitor(installation)
    text = visitor.get(link).get_data(as_text=True)
    visitor._csrf = re.search(r'name="csrf_token" value="([^"]+)"', text)[1]
    return visitor, text


def link_of(installation, key, days=30):
    page = who(installation, "sara").get(f"/x/sales/quote/{key}/link?days={days}")
    assert page.status_code == 200
    return re.search(r"/x/sales/p/[\w.-]+", page.get_data(as_text=True))[0]


def told(env, key):
    return [(r["kind"], r["text"]) for r in env.query("base.notification").where("about is not null").select("kind", "text", "about").rows()
            if (r["about"].record, r["about"].id) == ("sales.quote", key) and r["kind"] != "assigned"]


def test_pdfs_of_what_one_may_see(installation, sent):
    _account, key = sent
    answer = who(installation, "sara").get(f"/x/sales/quote/{key}/pdf")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
    assert who(installation, "omid").get(f"/x/sales/quote/{key}/pdf").status_code == 404
    assert who(installation, "nobody").get(f"/x/sales/quote/{key}/pdf").status_code in (403, 404)


def test_the_customer_accepts_by_name_once(installation, env_as, sent):
    _account, key = sent
    link = link_of(installation, key)
    visitor, text = at_the_door(installation, link)
    assert "میز اداری" in text and 'dir="rtl"' in text and "چهل و پنج میلیون" in text
    assert visitor.get(f"{link}/pdf").data.startswith(b"%PDF")
    assert visitor.post(link, {"answer": "yes", "name": "  "}).status_code == 422
    assert visitor.post(link, {"answer": "yes", "name": "Ali Rezaei"}, environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 303
    assert visitor.post(link, {"answer": "no", "name": "Ali", "reason": "x"}).status_code == 422
    with env_as("sara") as env:
        done = env.get("sales.quote", key)
        assert (done.status, done.answered_by) == ("accepted", "Ali Rezaei") and done.answered_at and done.answered_from == "203.0.113.7"
        assert done.answered_at is not None
        assert told(env, key) == [("sales.answered", "Ali Rezaei accepted your quote")]
        answered = Edition(env, "fa").format.datetime(done.answered_at)
    page = visitor.get(link).get_data(as_text=True)
    assert "Ali Rezaei" in page and answered in page and "۱۴" in answered, "in the paper's digits and calendar"


def test_the_customer_declines_with_a_reason(installation, env_as, sent):
    _account, key = sent
    link = link_of(installation, key)
    visitor, _text = at_the_door(installation, link)
    assert visitor.post(link, {"answer": "no", "name": "Ali", "reason": ""}).status_code == 422
    assert visitor.post(link, {"answer": "no", "name": "Ali", "reason": "<b>dear</b>"}).status_code == 303
    with env_as("sara") as env:
        done = env.get("sales.quote", key)
        assert (done.status, done.decline_reason) == ("declined", "<b>dear</b>")
        assert told(env, key) == [("sales.answered", "Ali declined your quote")]


def test_links_end_are_withdrawn_and_cannot_be_forged(installation, env_as, sent):
    _account, key = sent
    link, visitor = link_of(installation, key), Visitor(installation)
    assert visitor.get(link[:-2] + "xx").status_code == 404
    assert visitor.get("/x/sales/p/abc.def").status_code == 404
    assert who(installation, "omid").get(f"/x/sales/quote/{key}/link").status_code == 404
    assert who(installation, "sara").post(f"/x/sales/quote/{key}/link", {}).status_code == 303
    assert visitor.get(link).status_code == 404
    with env_as("sara") as env:
        env.run_action("sales.quote", "revise", [key])
    assert visitor.get(link_of(installation, key)).status_code == 200


def test_paying_and_allocating(installation, env_as, things):
    with env_as("boss") as env:
        account = customer(env)
        invoice = env.create("sales.invoice", {"subject": "Desks", "account": account, "currency": things["currency"]})
        env.create("sales.invoice_line", {"paper": invoice, "product": things["DESK"], "quantity": 1})
        env.run_action("sales.invoice", "issue", [invoice])
    boss = who(installation, "boss")
    assert boss.get(f"/x/sales/invoice/{invoice}/pay").status_code == 200
    assert who(installation, "sara").get(f"/x/sales/invoice/{invoice}/pay").status_code in (403, 404)
    assert boss.post(f"/x/sales/invoice/{invoice}/pay", {"amount": "5,000,000", "date": "2026-11-26",
                                                         "method": "cash"}).status_code == 303
    with env_as("boss") as env:
        assert env.get("sales.invoice", invoice, "balance").balance == Decimal(8750000)
        payment = env.create("sales.payment", {"account": account, "currency": things["currency"], "amount": 10000000})
        env.run_action("sales.payment", "post", [payment])
    page = boss.get(f"/x/sales/payment/{payment}/allocate").get_data(as_text=True)
    assert 'value="8,750,000"' in page
    wrong = boss.post(f"/x/sales/payment/{payment}/allocate", {f"share-{invoice}": "9,000,000"})
    assert wrong.status_code == 422 and "More would be paid" in wrong.get_data(as_text=True)
    assert boss.post(f"/x/sales/payment/{payment}/allocate", {f"share-{invoice}": "8,750,000"}).status_code == 303
    with env_as("boss") as env:
        assert env.get("sales.invoice", invoice, "status").status == "paid"
    statement = boss.get(f"/x/sales/statement/{account}").get_data(as_text=True)
    assert "13,750,000" in statement and "-1,250,000" in statement
    assert boss.get(f"/x/sales/statement/{account}?pdf=1&lang=fa").data.startswith(b"%PDF")


def test_new_prices_are_asked_for(installation, env_as, things):
    with env_as("sara") as env:
        key = quote(env, customer(env), things)
    with env_as("admin") as env:
        price = env.query("catalogue.price").where(f"product == {things['DESK']}").ids(1)[0]
        env.update("catalogue.price", price, {"amount": Decimal(13000000)})
    with env_as("sara") as env:
        line = env.query("sales.quote_line").where(f"paper == {key}").order("id").ids(1)[0]
        env.update("sales.quote_line", line, {"quantity": 3})
        assert env.get("sales.quote_line", line, "unit_price").unit_price == Decimal(12500000)
    sara = who(installation, "sara")
    page = sara.get(f"/x/sales/quote/{key}/offers").get_data(as_text=True)
    assert "13,000,000" in page
    assert sara.post(f"/x/sales/quote/{key}/offers", {"take": "1"}).status_code == 303
    with env_as("sara") as env:
        assert env.get("sales.quote_line", line, "unit_price").unit_price == Decimal(13000000)
        assert key_of(f"/r/x/{key}") == key
