"""Documents are PDFs in three languages whose data is never code; links for people without an account end."""

import datetime as dt
from decimal import Decimal

import pytest

from core.api import Edition, NotFound, SarnakhError, amount_in_words, letterhead, read_link, render_document, sign_link

pytestmark = [pytest.mark.addons("base"), pytest.mark.database("sqlite")]

NASTY = '#panic("no") $x$ <label> @ref \\ #sys.inputs `raw` #read("/etc/passwd") "'


def sheet(env, lang, **more):
    edition = Edition(env, lang)
    return {**letterhead(env, edition), "title": "Invoice", "subtitle": edition.ltr("INV-1405-00012"),
            "facts": [["Number", "12"], ["Day", edition.day(env.today)]],
            "parties": [{"title": "Buyer", "name": NASTY, "lines": [NASTY]}],
            "columns": [{"label": "#"}, {"label": "What", "width": "1fr"}, {"label": "Amount", "side": "end"}],
            "rows": [[str(i), {"text": NASTY, "detail": "متن فارسی"}, edition.money(Decimal("12.5"), "USD")] for i in range(60)],
            "totals": [{"label": "Total", "value": "1", "strong": True}],
            "words": edition.words(Decimal("1250"), "USD", 2), "notes": [{"title": "Terms", "text": NASTY}],
            "signatures": [{"label": "Seller"}, {"label": "Buyer", "name": "Ali", "detail": "today"}], **more}


@pytest.mark.parametrize("lang", ["fa", "tr", "en"])
def test_pdf_in_three_languages_whose_data_is_inert(env_as, lang):
    with env_as("admin") as env:
        pdf = render_document(env, "trade", sheet(env, lang))
    assert pdf.startswith(b"%PDF") and len(pdf) > 20_000
    assert b"pdfaid" in pdf


def test_a_document_is_the_same_bytes_for_the_same_moment_and_data(env_as):
    with env_as("admin") as env:
        assert render_document(env, "letter", sheet(env, "fa", mark="X")) == render_document(env, "letter", sheet(env, "fa", mark="X"))


@pytest.mark.parametrize("name", ["nothing", "../trade", "base/../../x", ""])
def test_other_templates_are_refused(env_as, name):
    with env_as("admin") as env, pytest.raises(SarnakhError):
        render_document(env, name, sheet(env, "en"))


def test_an_edition_speaks_its_own_language(env_as):
    with env_as("admin") as env:
        persian, english = Edition(env, "fa"), Edition(env, "en")
        assert persian.day(dt.date(2026, 11, 26)) == "۵ آذر ۱۴۰۵"
        assert english.day(dt.date(2026, 11, 26)) == "26 Nov 2026"
        assert persian.amount(Decimal("1234567"), 0) == "۱٬۲۳۴٬۵۶۷"
        assert persian.base()["dir"] == "rtl" and english.base()["dir"] == "ltr"


@pytest.mark.parametrize(("lang", "amount", "currency", "places", "text"), [
    ("fa", "27500000", "IRR", 0, "بیست و هفت میلیون و پانصد هزار ریال"),
    ("tr", "1234.56", "TRY", 2, "binikiyüzotuzdört Türk lirası ellialtı kuruş"),
    ("en", "1234.56", "USD", 2, "one thousand, two hundred and thirty-four US dollars and fifty-six cents"),
    ("en", "-3.05", "EUR", 2, "minus three euros and five cents"),
    ("fa", "5.123", "KWD", 3, "پنج دینار کویت و ۱۲۳/۱۰۰۰"),
    ("en", "0", "GBP", 2, "zero pounds sterling"),
])
def test_amounts_in_words(lang, amount, currency, places, text):
    assert amount_in_words(Decimal(amount), currency, places, lang) == text


def test_links_are_for_one_purpose_and_end(env_as):
    with env_as("admin") as env:
        link = sign_link(env, "quote", [7, "key"], env.now + dt.timedelta(days=1))
        assert read_link(env, "quote", link) == [7, "key"]
        over = sign_link(env, "quote", [7, "key"], env.now - dt.timedelta(days=1))
        for purpose, text in (("invoice", link), ("quote", link[:-1] + ("A" if link[-1] != "A" else "B")), ("quote", "x")):
            with pytest.raises(NotFound):
                read_link(env, purpose, text)
    from time import sleep
    sleep(1.1)
    with env_as("admin") as env, pytest.raises(NotFound):
        read_link(env, "quote", over)
