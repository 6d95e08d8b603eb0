"""Messy files as they really come: Persian and Turkish, of other systems, with duplicates and bad rows."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from core.i18n.calendars import calendar
from core.i18n.text import persian_digits

FIRST_NAMES = ("علی", "زهرا", "محمدرضا", "فاطمه", "رضا", "مریم", "امیر حسین", "سارا", "مهدی", "نرگس", "حسين", "نازنین")
LAST_NAMES = ("احمدی", "حسینی", "رضایی", "کریمی", "موسوی", "هاشمی", "اکبری", "جعفري", "یوسفی‌نژاد", "کاظمی", "نوری")
COMPANIES = ("شرکت پارس پردازش", "صنایع غذایی مینا", "فولاد گستر", "نوآوران داده", "کشت و صنعت دشت", "بازرگانی آریا")
CITIES = ("تهران", "مشهد", "اصفهان", "شیراز", "تبریز", "کرج", "قم", "اهواز")
SOURCES = ("نمایشگاه", "وب‌سایت", "معرفی", "تبلیغات", "تماس تلفنی")
STATUSES = ("جدید", "تماس گرفته شده", "واجد شرایط", "نامناسب")
PERSIAN_HEADERS = ("ردیف", "نام", "نام خانوادگی", "نام شرکت", "شماره موبایل", "تلفن ثابت", "ایمیل", "شهر",
                   "نحوه آشنایی", "وضعیت", "درآمد سالانه", "تاریخ تولد", "توضیحات")
SYSTEM_HEADERS: dict[str, tuple[str, ...]] = {
    "zoho": ("Record Id", "Lead Owner", "First Name", "Last Name", "Company", "Title", "Email", "Phone", "Mobile",
             "Website", "Lead Source", "Lead Status", "Industry", "No. of Employees", "Annual Revenue", "City", "State",
             "Zip Code", "Country", "Description", "Created Time", "Email Opt Out"),
    "hubspot": ("Record ID", "First Name", "Last Name", "Email", "Phone Number", "Mobile Phone Number", "Company name",
                "Job Title", "City", "Country/Region", "Lead Status", "Contact owner", "Create Date", "Website URL",
                "Annual Revenue", "Lifecycle Stage"),
    "salesforce": ("Lead ID", "FirstName", "LastName", "Company", "Title", "LeadSource", "Status", "Email", "Phone",
                   "MobilePhone", "AnnualRevenue", "NumberOfEmployees", "Industry", "Street", "City", "PostalCode",
                   "Country", "Lead Owner", "HasOptedOutOfEmail"),
    "dynamics": ("(Do Not Modify) Lead", "firstname", "lastname", "companyname", "jobtitle", "emailaddress1",
                 "telephone1", "mobilephone", "address1_city", "address1_country", "leadsourcecode", "statuscode",
                 "numberofemployees", "revenue", "ownerid", "createdon"),
    "odoo": ("id", "contact_name", "partner_name", "email_from", "phone", "mobile", "function", "street", "city",
             "zip", "country_id", "user_id", "team_id", "source_id", "stage_id", "expected_revenue", "tag_ids",
             "description"),
    "didar": ("کد دیدار", "نام", "نام خانوادگی", "نام شرکت", "سمت", "تلفن همراه", "تلفن", "ایمیل", "استان", "شهر",
              "آدرس", "کد پستی", "شیوه آشنایی", "مسئول", "تاریخ ثبت", "برچسب‌ها"),
}


def _phone(rng: random.Random) -> str:
    """A mobile in one of the shapes that people type."""
    number = f"9{rng.choice(('12', '35', '01', '90'))}{rng.randrange(10**7):07d}"
    shapes = (f"0{number}", f"+98{number}", f"0098 {number}", f"0{number[:3]} {number[3:6]} {number[6:]}",
              f"(0{number[:3]}) {number[3:6]}-{number[6:]}", persian_digits(f"0{number}"), number)
    return rng.choice(shapes)


def _jalali(rng: random.Random) -> Any:
    """A birth date: mostly Jalali text in Persian or Latin digits, now and then a real date."""
    day = dt.date(1960, 1, 1) + dt.timedelta(days=rng.randrange(16_000))
    if rng.random() < 0.1:
        return day
    text = calendar("jalali").format(day, "short", "fa")
    return persian_digits(text) if rng.random() < 0.5 else text


def persian_rows(rows: int, seed: int = 7) -> Iterator[list[Any]]:
    """The rows of :func:`make_persian_leads`: 4 % repeat an earlier person, 2 % are bad, 0.5 % are blank."""
    rng = random.Random(seed)  # noqa: S311 - test data
    earlier: list[list[Any]] = []
    for number in range(1, rows + 1):
        chance = rng.random()
        if chance < 0.005:
            yield [None] * len(PERSIAN_HEADERS)
            continue
        if chance < 0.045 and earlier:
            twin = list(rng.choice(earlier))
            twin[0], twin[6] = number, str(twin[6]).upper()
            yield twin
            continue
        row: list[Any] = [
            number, rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES), rng.choice(COMPANIES), _phone(rng),
            f"021-{rng.randrange(22_000_000, 88_999_999)}", f"lead{number}@example.ir", rng.choice(CITIES),
            rng.choice(SOURCES), rng.choice(STATUSES), persian_digits(f"{rng.randrange(1, 90_000) * 100_000:,}")
            .replace(",", "٬") + " ریال", _jalali(rng), rng.choice(("", "پیگیری شود", "خط اول\nخط دوم", "=1+2"))]
        if chance < 0.065:
            column, bad = rng.choice(((4, "۰۹۱۲"), (6, "ایمیل ندارم"), (11, "۱۴۰۲/۱۳/۴۵"), (2, None)))
            row[column] = bad
        else:
            earlier.append(row)
        yield row


def make_persian_leads(path: str | Path, rows: int = 5000, seed: int = 7) -> Path:
    """An XLSX of leads laid out from the right, with a title row and a blank one above the header."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("سرنخ‌ها")
    sheet.right_to_left()
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write(0, 0, "گزارش سرنخ‌های فروش")
    sheet.write_row(2, 0, PERSIAN_HEADERS)
    for index, row in enumerate(persian_rows(rows, seed), 3):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(index, column, value, date)
            elif isinstance(value, str):
                sheet.write_string(index, column, value)
            elif value is not None:
                sheet.write(index, column, value)
    book.close()
    return Path(path)


def write_text(path: str | Path, rows: Sequence[Sequence[Any]], encoding: str, delimiter: str) -> Path:
    """A text file in that character set."""
    with Path(path).open("w", encoding=encoding, errors="replace", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return Path(path)


def make_persian_csv(path: str | Path, rows: int = 300) -> Path:
    """Windows-1256 with semicolons; its letters are the Arabic yeh and kaf, as that set has no others."""
    arabic = str.maketrans("ی‌۰۱۲۳۴۵۶۷۸۹٬", "ي\u200c0123456789,")
    body = [["" if value is None else str(value).translate(arabic) for value in row] for row in persian_rows(rows)]
    return write_text(path, [[text.translate(arabic) for text in PERSIAN_HEADERS], *body], "cp1256", ";")


def make_turkish_csv(path: str | Path, rows: int = 300) -> Path:
    """Windows-1254 with semicolons, decimal commas and dates with points."""
    rng = random.Random(3)  # noqa: S311 - test data
    header = ["Adı", "Soyadı", "Firma Adı", "Cep Telefonu", "E-posta", "Şehir", "Yıllık Ciro", "Doğum Tarihi",
              "Açıklama"]
    body = [[rng.choice(("Ayşe", "Mehmet", "Çağla", "İbrahim", "Özgür")),
             rng.choice(("Yılmaz", "Öztürk", "Şahin", "Güneş", "Doğan")),
             rng.choice(("Işık Gıda A.Ş.", "Yıldız Tekstil Ltd. Şti.", "Güven İnşaat")),
             f"0532 {rng.randrange(100, 999)} {rng.randrange(10, 99)} {rng.randrange(10, 99)}",
             f"kisi{number}@ornek.com.tr", rng.choice(("İstanbul", "İzmir", "Eskişehir")),
             f"{rng.randrange(1, 999)}.{rng.randrange(1000):03d},{rng.randrange(100):02d} TL",
             f"{rng.randrange(1, 29):02d}.{rng.randrange(1, 13):02d}.{rng.randrange(1960, 2004)}", "Görüşüldü; \"iyi\""]
            for number in range(rows)]
    return write_text(path, [header, *body], "cp1254", ";")


def make_utf16_tsv(path: str | Path, rows: int = 300) -> Path:
    """What a spreadsheet program saves as "Unicode text"."""
    body = [["" if value is None else value for value in row] for row in persian_rows(rows)]
    return write_text(path, [list(PERSIAN_HEADERS), *body], "utf-16", "\t")


def make_system_export(path: str | Path, system: str, rows: int = 20) -> Path:
    """A CSV with the headers of that system's export and plausible values."""
    headers = SYSTEM_HEADERS[system]
    body = [[_system_value(header, number) for header in headers] for number in range(rows)]
    return write_text(path, [headers, *body], "utf-8-sig", ",")


def _system_value(header: str, number: int) -> str:
    key = header.lower().replace("_", "").replace(" ", "")
    if "email" in key and "opt" not in key or header == "ایمیل":
        return f"person{number}@example.com"
    if "mobile" in key or header == "تلفن همراه":
        return f"0912{number:07d}"
    if "phone" in key or header == "تلفن":
        return f"021{22_000_000 + number}"
    if "revenue" in key or "employees" in key:
        return str(number * 1000 + 5)
    if "date" in key or "created" in key:
        return f"2026-01-{number % 28 + 1:02d} 10:00:00"
    if header == "تاریخ ثبت":
        return f"1405/03/{number % 28 + 1:02d}"
    if "website" in key:
        return f"https://example{number}.com"
    if "optedout" in key or "optout" in key:
        return "false"
    return f"{header} {number}"
