"""What stands on papers: the logo, Toman where it is chosen, the other side; the same on the PDF and on the customer's page."""

import io
import struct
import zlib
from decimal import Decimal

import pytest
from werkzeug.datastructures import FileStorage

from addons.sales import letters, links, paper, printing, settling, statement
from addons.sales.tests.conftest import ADDONS, customer, quote
from core.api import SYSTEM
from core.testing.browser import Visitor
from core.web.files import store

pytestmark = [pytest.mark.addons(*ADDONS), pytest.mark.database("sqlite")]


def picture():
    """A small picture as a PNG, of one colour."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes((13, 118, 110)) * 24 for _ in range(12))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 24, 12, 8, 2, 0, 0, 0)) + chunk(
        b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def sent(env, things, **more):
    key = quote(env, customer(env), things, language="en", **more)
    env.run_action("sales.quote", "send", [key])
    return key


def test_the_logo_is_on_the_pdf_and_on_the_customers_page(installation, env_as, things):
    with env_as("boss") as env:
        key = sent(env, things)
        link = f"/x/sales/p/{links.token(env, 'sales.quote', key, 30)[0]}"
        bare, _name = printing.pdf(env, "sales.quote", key)
    visitor = Visitor(installation)
    assert "/logo" not in visitor.get(link).get_data(as_text=True) and visitor.get(f"{link}/logo").status_code == 404
    with installation.env(SYSTEM) as env:
        file = store(env, FileStorage(io.BytesIO(picture()), filename="logo.png"), image=True)
        env.update("base.company", env.query("base.company").order("id").ids(1), {"logo": file})
    with env_as("boss") as env:
        branded, _name = printing.pdf(env, "sales.quote", key)
    assert b"/Subtype/Image" in branded.replace(b" ", b"") and b"/Subtype/Image" not in bare.replace(b" ", b"")
    assert f'<img src="{link}/logo"' in visitor.get(link).get_data(as_text=True)
    shown = visitor.get(f"{link}/logo")
    assert (shown.status_code, shown.mimetype, shown.data) == (200, "image/png", picture())
    with env_as("boss") as env:
        links.withdraw(env, "sales.quote", key)
    assert visitor.get(f"{link}/logo").status_code == 404, "the logo goes with the link"


def test_toman_is_chosen_on_the_paper_and_said_everywhere(installation, env_as, things):
    with env_as("boss") as env:
        key = sent(env, things, in_toman=True)
        link = f"/x/sales/p/{links.token(env, 'sales.quote', key, 30)[0]}"
        sheet = paper.sheet(env, "sales.quote", key)
        assert ["Amounts in", "Toman (10 rials)"] in sheet["facts"] and sheet["columns"][-1]["label"] == "Total (Toman)"
        assert [row[-1] for row in sheet["rows"]] == ["2,750,000", "1,848,000"] and sheet["totals"][-1]["value"] == "4,598,000\u00a0Toman"
        assert sheet["words"]["text"] == "four million, five hundred and ninety-eight thousand Iranian tomans"
        assert env.get("sales.quote", key, "total").total == Decimal(45980000), "rial is what is kept"
        plain = paper.sheet(env, "sales.quote", sent(env, things))
        assert "Toman" not in str(plain) and "45,980,000" in plain["totals"][-1]["value"]
    page = Visitor(installation).get(link).get_data(as_text=True)
    assert "4,598,000" in page and "Toman (10 rials)" in page and "45,980,000" not in page


def test_toman_follows_from_the_quote_to_the_receipt(env_as, things):
    with env_as("boss") as env:
        key = sent(env, things, in_toman=True)
        env.run_action("sales.quote", "accept", [key])
        order = int(env.run_action("sales.quote", "order", [key]).rpartition("/")[2])
        env.run_action("sales.order", "confirm", [order])
        invoice = int(env.run_action("sales.order", "invoice", [order]).rpartition("/")[2])
        env.run_action("sales.invoice", "issue", [invoice])
        payment = settling.receive(env, invoice, {"amount": Decimal(20000005), "method": "cash"})
        _template, receipt = letters.sheet(env, "sales.payment", payment)
        assert receipt["rows"][0][-1] == "2,000,000.5" and receipt["parties"][0]["title"] == "Received from"
        assert receipt["words"]["text"] == "two million Iranian tomans and five rials", "no rial is lost"
        owed = paper.sheet(env, "sales.invoice", invoice)["totals"][-1]["value"]
        assert owed == "2,597,999.5\u00a0Toman"


def test_who_reads_toman_writes_in_toman_and_reads_statements_so(installation, env_as, things):
    with installation.env(SYSTEM) as env:
        env.update("base.user", env.query("base.user").where('login == "boss"').ids(1), {"toman": True})
    with env_as("boss") as env:
        invoice = env.create("sales.invoice", {"subject": "Desks", "account": customer(env), "currency": things["currency"]})
        assert env.get("sales.invoice", invoice, "in_toman").in_toman
        env.create("sales.invoice_line", {"paper": invoice, "product": things["DESK"], "quantity": 1})
        env.run_action("sales.invoice", "issue", [invoice])
        account = env.get("sales.invoice", invoice, "account").account.id
        sheet = statement.sheet(env, account, things["currency"], env.today, env.today, "fa")
        assert sheet["rows"][-1][-1] == "۱٬۳۷۵٬۰۰۰" and sheet["totals"][-1]["value"].endswith("تومان")
        assert sheet["words"]["text"] == "یک میلیون و سیصد و هفتاد و پنج هزار تومان"


def test_only_the_customers_own_answer_stands_as_their_signature(installation, env_as, things):
    with env_as("boss") as env:
        told, own = sent(env, things), sent(env, things)
        env.run_action("sales.quote", "accept", [told])
        links.answer(env, own, True, "Ali Rezaei", "", "203.0.113.7")
        assert "Accepted by" not in str(paper.sheet(env, "sales.quote", told)["signatures"])
        assert paper.sheet(env, "sales.quote", own)["signatures"][1]["name"] == "Ali Rezaei"
        link, seller = f"/x/sales/p/{links.token(env, 'sales.quote', told, 30)[0]}", env.actor.name
    assert seller and seller not in Visitor(installation).get(link).get_data(as_text=True)


def test_other_currencies_have_no_toman(env_as, things):
    with env_as("boss") as env:
        euro = env.query("base.currency").where('code == "EUR"').ids(1)[0]
        key = env.create("sales.quote", {"subject": "Desk", "account": customer(env), "currency": euro, "in_toman": True, "language": "en"})
        env.create("sales.quote_line", {"paper": key, "description": "Desk", "quantity": 1, "unit_price": Decimal("12.5")})
        sheet = paper.sheet(env, "sales.quote", key)
    assert "Toman" not in str(sheet) and sheet["totals"][-1]["value"] == "€12.50" or "12.50" in sheet["totals"][-1]["value"]


def test_a_contract_names_the_other_side_with_its_address(env_as, things):
    with env_as("boss") as env:
        key = env.create("sales.contract", {"subject": "Support", "account": customer(env), "currency": things["currency"],
                                            "amount": Decimal(480), "language": "en"})
        _template, sheet = letters.sheet(env, "sales.contract", key)
        party = sheet["parties"][0]
        assert (party["title"], party["name"]) == ("Other side", "Pars Gostar") and "Valiasr 12" in party["lines"]


def test_a_credit_note_says_what_is_given_back(env_as, things):
    with env_as("boss") as env:
        invoice = env.create("sales.invoice", {"subject": "Desks", "account": customer(env), "currency": things["currency"],
                                               "language": "en"})
        env.create("sales.invoice_line", {"paper": invoice, "product": things["DESK"], "quantity": 1})
        env.run_action("sales.invoice", "issue", [invoice])
        settling.receive(env, invoice, {"amount": Decimal(10000000), "method": "cash"})
        note = int(env.run_action("sales.invoice", "credit", [invoice]).rpartition("/")[2])
        env.run_action("sales.invoice", "issue", [note])
        labels = [r["label"] for r in paper.sheet(env, "sales.invoice", note)["totals"]]
    assert labels[-2:] == ["Settled", "Still to be given back"]
