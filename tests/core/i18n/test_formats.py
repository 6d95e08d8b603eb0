"""Values as one person sees and types them."""

from __future__ import annotations

import timeit
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n.formats import Formatter, formatter, parse_duration, parse_phone
from core.i18n.messages import Message

IRAN = ("fa", "Asia/Tehran", "jalali", "arabext")
PEOPLE = [IRAN, ("fa", "Asia/Tehran", "jalali", "latn"), ("en", "UTC", "gregorian", "latn"),
          ("tr", "Europe/Istanbul", "gregorian", "latn"), ("de", "Europe/Berlin", "gregorian", "latn"),
          ("en", "America/New_York", "jalali", "arabext")]
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
person = st.sampled_from(PEOPLE).map(lambda settings: formatter(*settings))


@pytest.fixture
def iran() -> Formatter:
    return formatter(*IRAN)


@pytest.fixture
def english() -> Formatter:
    return formatter("en")


@given(person, st.decimals(-10**15, 10**15, places=4))
def test_numbers_read_back(show: Formatter, value: Decimal) -> None:
    assert show.parse_number(show.number(value)) == value
    assert show.parse_number(show.number(value, 4)) == value


@given(person, st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
       st.sampled_from(["short", "medium", "long"]))
def test_moments_read_back_to_the_minute(show: Formatter, value: datetime, style: str) -> None:
    read = show.parse_datetime(show.datetime(value, style, seconds=True), NOW)
    # The hour that clocks repeat in autumn has two moments for one text.
    assert abs(read - value.replace(microsecond=0)) in (timedelta(0), timedelta(hours=1))
    assert show.parse_date(show.date(value.date(), style), NOW) == value.date()


@given(person, st.integers(-10**7, 10**7))
def test_durations_read_back(show: Formatter, seconds: int) -> None:
    assert show.parse_duration(show.duration(seconds)) == timedelta(seconds=seconds)


def test_numbers(iran: Formatter, english: Formatter) -> None:
    assert iran.number(Decimal("-1234567.50")) == "\u200e-۱٬۲۳۴٬۵۶۷٫۵"
    assert english.number(Decimal("1234.5"), 2) == "1,234.50"
    assert formatter("tr").number(1234567) == "1.234.567"
    assert english.number(1e20) == "100,000,000,000,000,000,000"
    assert iran.percent(Decimal("12.50")) == "۱۲٫۵٪"
    assert formatter("tr").percent(5) == "%5"
    assert english.number(None) == english.money(None, "USD") == english.date(None) == english.phone(None) == ""


def test_money(iran: Formatter, english: Formatter) -> None:
    assert iran.money(Decimal(12500000), "IRR") == "۱۲٬۵۰۰٬۰۰۰\u00a0ریال"
    assert iran.money(Decimal(12500005), "IRR", toman=True) == "۱٬۲۵۰٬۰۰۰٫۵\u00a0تومان"
    assert iran.money_exact(Decimal(12500005), "IRR") == "۱۲٬۵۰۰٬۰۰۵\u00a0ریال"
    assert english.money(Decimal("12.5"), "USD") == "12.50\u202f$"
    assert english.money(Decimal("-1234.567"), "KWD") == "-1,234.567\u00a0KWD"
    assert formatter("tr").money(Decimal("1234.5"), "TRY") == "1.234,50\u202f₺"
    assert formatter("en", currency_display="code").money(5, "EUR") == "5.00\u00a0EUR"
    assert Formatter(*IRAN, toman=True).money(50, "IRR") == "۵\u00a0تومان"
    assert Formatter(*IRAN, toman=True).money(50, "IRR", toman=False) == "۵۰\u00a0ریال"
    assert english.money(5, "USD", toman=True) == "5.00\u202f$"


def test_dates_and_times(iran: Formatter, english: Formatter) -> None:
    assert iran.datetime(NOW) == "۲ آذر ۱۴۰۵ ۱۱:۳۰"
    assert iran.datetime(NOW.replace(tzinfo=None)) == iran.datetime(NOW)
    assert iran.date(date(2026, 11, 23), "short") == "۱۴۰۵/۰۹/۰۲"
    assert english.time(time(9, 5, 7), seconds=True) == "09:05:07"
    assert iran.today(datetime(2026, 11, 23, 21, 0, tzinfo=UTC)) == date(2026, 11, 24)


def test_relative(iran: Formatter, english: Formatter) -> None:
    assert english.relative(NOW, NOW) == "today 08:00"
    assert iran.relative(NOW, NOW) == "امروز ۱۱:۳۰"
    assert english.relative(NOW + timedelta(days=3), NOW) == "in 3 days"
    assert iran.relative(NOW - timedelta(days=4), NOW) == "۴ روز پیش"
    assert formatter("tr").relative(NOW + timedelta(days=2), NOW) == "2 gün sonra"
    assert english.relative(date(2026, 11, 24), NOW) == "tomorrow"
    assert english.relative(NOW + timedelta(days=30), NOW) == "23 Dec 2026"


@pytest.mark.parametrize(("typed", "expected"), [
    ("tomorrow 2:30 pm", "2026-11-24T11:00"), ("14:30", "2026-11-23T11:00"), ("فردا ساعت ۱۴:۳۰", "2026-11-24T11:00"),
    ("2026-10-05T14:30Z", "2026-10-05T14:30"), ("2026-10-05T14:30:00.5+03:30", "2026-10-05T11:00"),
    ("now", "2026-11-23T08:00"), ("+2h", "2026-11-23T10:00"), ("-30 min", "2026-11-23T07:30"),
    ("1405/7/5 9:05", "2026-09-27T05:35"), ("5 Oct 2026, 14:30", "2026-10-05T11:00"), ("+3d", "2026-11-25T20:30"),
    ("12:00 am", "2026-11-22T20:30"), ("۲:۳۰ ب.ظ", "2026-11-23T11:00"), ("yarın saat 3:15", "2026-11-23T23:45"),
])
def test_typed_moments(iran: Formatter, typed: str, expected: str) -> None:
    assert iran.parse_datetime(typed, NOW) == datetime.fromisoformat(f"{expected}+00:00")


@pytest.mark.parametrize("typed", ["25:00", "12:60", "foo 12:00", "", "2026-01-01T10:00+99:99"])
def test_wrong_moments(iran: Formatter, typed: str) -> None:
    with pytest.raises(ValueError) as caught:
        iran.parse_datetime(typed, NOW)
    assert isinstance(caught.value.args[0], Message)


def test_a_moment_before_all_time() -> None:
    with pytest.raises(ValueError, match="too far"):
        formatter("en", "Asia/Tehran").parse_datetime("0001-01-01 00:00", NOW)


@pytest.mark.parametrize(("typed", "in_english", "in_turkish"), [
    ("1,234.5", "1234.5", "1234.5"), ("1.234,5", "1234.5", "1234.5"), ("1.234", "1.234", "1234"),
    ("1,234", "1234", "1.234"), ("1.5", "1.5", "1.5"), ("1,5", "1.5", "1.5"), ("۱۲٬۳۴۵٫۶", "12345.6", "12345.6"),
    ("(12)", "-12", "-12"), ("12-", "-12", "-12"), ("−12", "-12", "-12"), ("15%", "15", "15"), ("٪۱۵", "15", "15"),
    ("1 234 567", "1234567", "1234567"), ("1'234.50", "1234.5", "1234.5"), ("1.234.567", "1234567", "1234567"),
    ("0.125", "0.125", "0.125"), (".5", "0.5", "0.5"), ("۱۲٫۳۴۵", "12.345", "12.345"), ("1,23,456", "123456", "123456"),
])
def test_typed_numbers(typed: str, in_english: str, in_turkish: str) -> None:
    assert formatter("en").parse_number(typed) == Decimal(in_english)
    assert formatter("tr").parse_number(typed) == Decimal(in_turkish)


@pytest.mark.parametrize("typed", ["", "-", ",", "1.2.3", "12,34,5", "1e5", "12a", "1,234.567,8", "--1", "-1-",
                                   "9" * 99, "1٫2٫3", "1.2٫3", "=1+1", "NaN", "()"])
def test_wrong_numbers(english: Formatter, typed: str) -> None:
    with pytest.raises(ValueError) as caught:
        english.parse_number(typed)
    assert isinstance(caught.value.args[0], Message)


@pytest.mark.parametrize(("typed", "minutes"), [
    ("1:30", 90), ("90m", 90), ("2h", 120), ("1d 4h", 1680), ("1.5h", 90), ("۲ ساعت و ۳۰ دقیقه", 150),
    ("2 sa 30 dk", 150), ("90", 90), ("3 gün", 4320), ("30s", 0.5), ("-1:00", -60), ("2 hours and 5 minutes", 125),
])
def test_typed_durations(typed: str, minutes: float) -> None:
    assert parse_duration(typed) == timedelta(minutes=minutes)


@pytest.mark.parametrize("typed", ["", "x", "1:75", "2 foo", "h", "1h garbage", "9" * 40])
def test_wrong_durations(typed: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_duration(typed)
    assert isinstance(caught.value.args[0], Message)


@pytest.mark.parametrize(("typed", "region", "stored"), [
    ("۰۹۱۲۱۲۳۴۵۶۷", "IR", "+989121234567"), ("0912-123-4567", "IR", "+989121234567"),
    ("00989121234567", "", "+989121234567"), ("989121234567", "", "+989121234567"),
    ("9121234567", "IR", "+989121234567"), ("+90 532 123 45 67", "IR", "+905321234567"),
    ("0532 123 45 67", "TR", "+905321234567"), ("(021) 8877-6655", "IR", "+982188776655"),
    ("021 88776655 داخلی ۱۲", "IR", "+982188776655;ext=12"),
])
def test_phones(typed: str, region: str, stored: str) -> None:
    assert parse_phone(typed, region) == stored
    shown = formatter("en", region=region).phone(stored)
    assert parse_phone(shown, region) == stored


def test_phones_at_home_and_abroad(iran: Formatter) -> None:
    assert iran.phone("+989121234567") == "۰۹۱۲ ۱۲۳ ۴۵۶۷"
    assert formatter("en").phone("+989121234567") == "+98 912 123 4567"
    with pytest.raises(ValueError) as caught:
        parse_phone("123", "IR")
    assert isinstance(caught.value.args[0], Message)


def test_lists_names_sizes(iran: Formatter, english: Formatter) -> None:
    assert english.list(["a", "b", "c"]) == "a, b and c"
    assert iran.list(["الف", "ب", "پ"]) == "الف، ب و پ"
    assert english.list([]) == ""
    assert english.name(" Sara ", None) == "Sara"
    assert english.filesize(1536) == "1.5 KB"
    assert iran.filesize(5 * 1024**2) == "۵ مگابایت"
    assert english.filesize(1024**2 - 1) == "1 MB"


def test_a_list_page_costs_little(iran: Formatter) -> None:
    """800 cells of each kind; the bound is generous because the machine may be busy."""
    day = date(2026, 11, 23)
    for show in (lambda: iran.number(Decimal("12345.50")), lambda: iran.money(Decimal("12345.50"), "USD"),
                 lambda: iran.date(day), lambda: iran.datetime(NOW)):
        assert min(timeit.repeat(show, number=800, repeat=5)) / 800 < 25e-6
