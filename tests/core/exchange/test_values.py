"""Cells become values, or a reason that a person understands."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exchange.dates import detect_date_style
from core.exchange.fields import ImportField, Lookup, Option, ParseOptions, Several
from core.exchange.numbers import detect_decimal
from core.exchange.values import IMPORTABLE, converter, tuned
from core.i18n.messages import Message
from core.i18n.reading import parse_phone

STATUS = (Option("new", {"en": "New", "fa": "جدید", "tr": "Yeni"}),
          Option("in_progress", {"en": "In progress", "fa": "در حال پیگیری", "tr": "İşlemde"}))
FA = ParseOptions(lang="fa", region="IR", tz=ZoneInfo("Asia/Tehran"))
TR = ParseOptions(lang="tr", region="TR", tz=ZoneInfo("Europe/Istanbul"))


def read(type_name: str, value: Any, options: ParseOptions = FA, **field: Any) -> Any:
    return converter(ImportField("x", "Field", type_name, **field), options)(value)


def reason(type_name: str, value: Any, options: ParseOptions = FA, **field: Any) -> str:
    with pytest.raises(ValueError) as caught:
        read(type_name, value, options, **field)
    assert isinstance(caught.value.args[0], Message)
    return caught.value.args[0].english()


@pytest.mark.parametrize(("text", "number"), [
    ("1234", "1234"), ("۱٬۲۳۴٬۵۶۷ ریال", "1234567"),
    ("1.234,56 TL", "1234.56"), ("$1,200", "1200"), ("1,200.50", "1200.5"),
    ("₺1.234.567", "1234567"), ("(500)", "-500"), ("500-", "-500"), ("-12.5", "-12.5"),
    ("−3", "-3"), ("1 234 567 €", "1234567"),
    ("12,50", "12.5"), ("0,125", "0.125"), ("۱۲/۵", "12.5"), ("۱۲٫۵", "12.5"), ("1.2E+07", "12000000"),
    ("USD 300", "300"),
    ("۲ میلیون تومان", "2000000"), ("1.5M", "1500000"), (1234.5, "1234.5"), (12, "12"), ("1'000'000", "1000000"),
    ("1٬000", "1000"), ("12,34,567", "1234567"),
])
def test_money(text: Any, number: str) -> None:
    assert read("money", text) == Decimal(number)


def test_doubtful_marks_are_decided_by_language_column_or_option() -> None:
    assert read("decimal", "1.234", FA) == Decimal("1.234")
    assert read("decimal", "1,234", FA) == 1234
    assert read("decimal", "1.234", TR) == 1234
    assert read("decimal", "1,234", TR) == Decimal("1.234")
    assert read("decimal", "1.234", ParseOptions(lang="en", decimal=",")) == 1234
    assert detect_decimal(["1.234", "5.678,90", 4]) == ","
    assert detect_decimal(["1,234", "7.25"]) == "."
    assert detect_decimal(["1,234"]) is None
    options, style = tuned(ImportField("x", "X", "money"), ["1.234", "12,5 TL"], ParseOptions())
    assert (options.decimal, style) == (",", None)


def test_currencies() -> None:
    rials = ParseOptions(lang="fa", currency="IRR")
    assert read("money", "۱۰۰ تومان", rials) == 1000
    assert read("money", "100 ریال", rials) == 100
    assert "USD" in reason("money", "$5", rials)


@pytest.mark.parametrize("text", ["abc", "12a", "1.2.3,4,5", "1,23,4", "--5", "12 apples", "5 5x", True, "NaN",
                                  "1e999"])
def test_what_is_no_number(text: Any) -> None:
    assert reason("money", text)
    assert reason("integer", "1.5")
    assert reason("decimal", float("inf"))
    assert "large" in reason("integer", "9" * 30)


@pytest.mark.parametrize(("text", "value"), [("12%", "12"), ("٪۱۲٫۵", "12.5"), ("% 50", "50"),
                                             ("۳۰ درصد", "30"), (7.5, "7.5")])
def test_percent(text: Any, value: str) -> None:
    assert read("percent", text) == Decimal(value)


def test_flags() -> None:
    for text in ("yes", "بله", "Evet", "1", "✓", True, 1.0, "TRUE", "x", "دارد"):
        assert read("flag", text) is True
    for text in ("no", "خیر", "HAYIR", "hayır", "0", False, 0, "ندارد"):
        assert read("flag", text) is False
    assert read("flag", " ") is None
    assert "neither" in reason("flag", "maybe")


@pytest.mark.parametrize(("value", "options", "day"), [
    ("1402/05/07", FA, (2023, 7, 29)), ("۱۴۰۲/۰۵/۰۷", FA, (2023, 7, 29)), ("07/05/1402", FA, (2023, 7, 29)),
    ("1402-5-7", FA, (2023, 7, 29)), ("14020507", FA, (2023, 7, 29)), (14020507, FA, (2023, 7, 29)),
    ("۷ مرداد ۱۴۰۲", FA, (2023, 7, 29)), ("2023-07-29", FA, (2023, 7, 29)), ("29.07.2023", TR, (2023, 7, 29)),
    ("07/29/2023", TR, (2023, 7, 29)), ("03/04/2023", TR, (2023, 4, 3)),
    ("03/04/2023", ParseOptions(date_order="MDY"), (2023, 3, 4)), ("29 Temmuz 2023", TR, (2023, 7, 29)),
    ("Jul 29, 2023", ParseOptions(), (2023, 7, 29)), (45136, FA, (2023, 7, 29)), ("45136", FA, (2023, 7, 29)),
    (dt.datetime(2023, 7, 29, 10), FA, (2023, 7, 29)), (dt.date(2023, 7, 29), FA, (2023, 7, 29)),
    (dt.date(1402, 5, 7), FA, (2023, 7, 29)), ("2023-07-29T10:00:00Z", FA, (2023, 7, 29)),
    ("02/05/07", ParseOptions(calendar="jalali"), (2023, 7, 29)), ("29.07.23", TR, (2023, 7, 29)),
    ("1402/05/07 12:30", FA, (2023, 7, 29)), ("12:30 - 1402/05/07", FA, (2023, 7, 29)),
])
def test_dates(value: Any, options: ParseOptions, day: tuple[int, int, int]) -> None:
    assert read("date", value, options) == dt.date(*day)


@pytest.mark.parametrize("text", ["1402/13/45", "31.02.2023", "tomorrow", "5", "abc", "99/99/9999", 12,
                                  "+3d", "1403/12/31"])
def test_what_is_no_date(text: Any) -> None:
    assert reason("date", text)
    assert reason("datetime", text)


def test_the_style_of_a_column_is_seen_in_all_its_values() -> None:
    style = detect_date_style(["01/02/2023", "05/06/2023", "12/25/2023"])
    assert (style.order, style.calendar, style.certain) == ("MDY", "gregorian", True)
    assert detect_date_style(["01/02/2023", "25/12/2023"]).order == "DMY"
    assert not detect_date_style(["01/02/2023"]).certain
    assert detect_date_style(["12/25/2023", "25/12/2023"]).mixed
    assert detect_date_style(["۱۴۰۲/۰۱/۰۲", None, 5]).calendar == "jalali"
    options, found = tuned(ImportField("x", "X", "date"), ["12/25/2023"], FA)
    assert (options.date_order, found is not None and found.certain) == ("MDY", True)


@pytest.mark.parametrize(("value", "moment"), [
    ("1402/05/07 13:30", (2023, 7, 29, 10, 0)), ("2023-07-29 13:30:00", (2023, 7, 29, 10, 0)),
    ("2023-07-29T10:00:00Z", (2023, 7, 29, 10, 0)), ("29/07/2023 1:30 PM", (2023, 7, 29, 10, 0)),
    ("۱۴۰۲/۰۵/۰۷ ساعت ۱۳:۳۰", (2023, 7, 29, 10, 0)), ("1402/05/07 01:30 ب.ظ", (2023, 7, 29, 10, 0)),
    (dt.datetime(2023, 7, 29, 13, 30), (2023, 7, 29, 10, 0)), (45136.5625, (2023, 7, 29, 10, 0)),
    ("2023-07-29", (2023, 7, 28, 20, 30)), ("2023-07-29 10:00 +00:00", (2023, 7, 29, 10, 0)),
])
def test_moments_are_utc(value: Any, moment: tuple[int, ...]) -> None:
    assert read("datetime", value) == dt.datetime(*moment, tzinfo=dt.UTC)  # type: ignore[misc,arg-type]


def test_durations() -> None:
    assert read("duration", "1:30") == dt.timedelta(minutes=90)
    assert read("duration", dt.time(1, 30)) == dt.timedelta(minutes=90)
    assert read("duration", dt.timedelta(hours=30)) == dt.timedelta(hours=30)
    assert reason("duration", "long")


def test_choices_by_value_label_and_nearly() -> None:
    convert = converter(ImportField("x", "Status", "choice", options=STATUS))
    for text in ("new", "NEW", "جدید", "جديد", "yeni", " New "):
        assert convert(text) == "new"
    assert convert("IN-PROGRESS") == convert("İŞLEMDE") == "in_progress"
    with pytest.raises(ValueError) as caught:
        convert("In progres")
    assert "In progress" in caught.value.args[0].english()
    many = converter(ImportField("x", "Status", "multichoice", options=STATUS))
    assert many("جدید، New; in progress") == ["new", "in_progress"]


def test_emails() -> None:
    assert read("email", " Ali@Example.COM ") == "ali@example.com"
    assert read("email", "Ali <ali@example.com>") == "ali@example.com"
    assert read("email", "mailto:a@b.com") == "a@b.com"
    assert read("email", "a@b.com; c@d.com / a@b.com") == Several("a@b.com", ("c@d.com",))
    for text in ("ali", "a@b", "a@@b.com", "a@b..com", "@b.com"):
        assert "e-mail" in reason("email", text)
    assert read("email", "ندارد") is read("email", "-") is read("email", "N/A") is None


@pytest.mark.parametrize("text", ["09121234567", "+98 912 123 4567", "۰۹۱۲۱۲۳۴۵۶۷", "(0912) 123-4567",
                                  "0098-912-1234567",
                                  9121234567.0, 989121234567, "989121234567", "موبایل: 0912 123 4567", "٠٩١٢١٢٣٤٥٦٧"])
def test_phones(text: Any) -> None:
    assert read("phone", text) == "+989121234567"


def test_more_phones() -> None:
    assert read("phone", "0532 123 45 67", TR) == "+905321234567"
    assert read("phone", "+90 (532) 123 45 67", FA) == "+905321234567"
    assert read("phone", "021-88776655") == "+982188776655"
    assert read("phone", "09121234567 - 021 88776655") == Several("+989121234567", ("+982188776655",))
    assert read("phone", "09121234567/09351234567") == Several("+989121234567", ("+989351234567",))
    assert read("phone", "021-88776655 داخلی 12").startswith("+982188776655")
    assert "shortened" in reason("phone", "9.12E+09")
    for text in ("0912", "abc", "1234567890123456789"):
        assert reason("phone", text)


def test_the_quick_reading_of_phones_agrees_with_the_general_parser() -> None:
    places = {"IR": [f"9{number:02d}" for number in range(100)] + ["21", "26", "31", "41", "51", "71"],
              "TR": [f"5{number:02d}" for number in range(100)] + ["212", "216", "312", "232"]}
    for region, prefixes in places.items():
        for prefix in prefixes:
            for first in range(10):
                text = "0" + (prefix + str(first) + "123456789")[:10]
                parsed = phonenumbers.parse(text, region)
                convert = converter(ImportField("x", "X", "phone"), ParseOptions(region=region))
                if phonenumbers.is_valid_number(parsed):
                    whole = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
                    assert convert(text) == whole == parse_phone(whole)
                elif not prefix.startswith(("9", "5")):
                    with pytest.raises(ValueError):
                        parse_phone(f"+{parsed.country_code}{parsed.national_number}")


def test_texts_links_tags_and_urls() -> None:
    assert read("text", " علي\u200f ") == "علی"
    assert read("text", 1234567890.0) == "1234567890"
    assert read("text", "'=1+2") == "=1+2"
    assert "At most 3" in reason("text", "abcd", size=3)
    assert read("longtext", "a\r\nb") == "a\nb"
    assert read("url", "example.com/x") == "https://example.com/x"
    assert reason("url", "javascript:alert(1)")
    assert reason("url", "not a site")
    assert read("link", " شركت پارس ", target="contacts.account") == Lookup("شرکت پارس", "contacts.account")
    assert [one.text for one in read("tags", "VIP; vip، #new")] == ["VIP", "new"]
    assert read("many", "a; b", target="x.y") == [Lookup("a", "x.y"), Lookup("b", "x.y")]


def test_required_fields_and_unknown_types() -> None:
    assert "required" in reason("text", "  ", required=True)
    assert "required" in reason("email", "-", required=True)
    with pytest.raises(ValueError):
        converter(ImportField("x", "X", "formula"))


@settings(max_examples=300, deadline=None)
@given(type_name=st.sampled_from(sorted(IMPORTABLE)), options=st.sampled_from([FA, TR,
       ParseOptions(calendar="jalali")]),
       value=st.one_of(st.text(max_size=30), st.text("0123456789۰۱۲/.-:, +%eE()", max_size=16), st.floats(),
                       st.integers(), st.booleans(), st.none(), st.dates(), st.datetimes(), st.times(),
                                   st.timedeltas()))
def test_any_cell_gives_a_value_or_a_reason(type_name: str, options: ParseOptions, value: Any) -> None:
    convert = converter(ImportField("x", "X", type_name, options=STATUS), options)
    try:
        first = convert(value)
    except ValueError as error:
        assert isinstance(error.args[0], Message), repr(error)  # noqa: PT017 - the reason is what is tested
    else:
        assert convert(value) == first or first != first
