"""Lists go out as CSV and XLSX, harmless to open, and come back as they were."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import SarnakhError
from core.exchange import writing
from core.exchange.detect import open_table
from core.exchange.fields import ImportField, ParseOptions
from core.exchange.values import converter
from core.exchange.writing import Column, WriteOptions, guarded, sheet_title, write_csv, write_xlsx
from core.i18n.text import clean

COLUMNS = [Column("نام"), Column("مبلغ", "money"), Column("تعداد", "integer"), Column("روز", "date"),
           Column("زمان", "datetime"), Column("بله", "flag"), Column("مدت", "duration"), Column("تلفن", "phone")]
ROW = ["علی", Decimal("1234567.89"), 3, dt.date(2023, 7, 29), dt.datetime(2023, 7, 29, 10, tzinfo=dt.UTC), True,
       dt.timedelta(hours=30, minutes=5), "+989121234567"]
TEHRAN = ParseOptions(lang="fa", tz=ZoneInfo("Asia/Tehran"))
OUT = WriteOptions(tz=ZoneInfo("Asia/Tehran"))


def read_back(path: Path) -> list[list[Any]]:
    converters = [converter(ImportField(column.header, column.header, column.type), TEHRAN) for column in COLUMNS]
    with open_table(path, header_row=0) as table:
        return [[convert(cell) for convert, cell in zip(converters, row, strict=True)] for row in table.rows()]


def test_csv_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"".join(write_csv([ROW, [None] * 8], COLUMNS, OUT)))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_back(path) == [ROW, [None] * 8]


def test_jalali_dates_come_back(tmp_path: Path) -> None:
    options = WriteOptions(tz=ZoneInfo("Asia/Tehran"), calendar="jalali")
    path = tmp_path / "x.csv"
    path.write_bytes(b"".join(write_csv([ROW], COLUMNS, options)))
    assert "1402/05/07" in path.read_text("utf-8")
    assert read_back(path) == [ROW]
    write_xlsx(tmp_path / "x.xlsx", [ROW], COLUMNS, options=options)
    assert read_back(tmp_path / "x.xlsx") == [ROW]


def test_xlsx_comes_back_typed_and_from_the_right(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    assert write_xlsx(path, iter([ROW, [None] * 8, ROW]), COLUMNS, rtl=True, sheet_name="سرنخ‌ها", options=OUT) == 3
    assert [row for row in read_back(path) if any(cell is not None for cell in row)] == [ROW, ROW]
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet.title == "سرنخ‌ها"
    assert sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "A2"
    assert [type(sheet.cell(2, place).value) for place in (1, 2, 3, 4)] == [str, float, int, dt.datetime]


DANGEROUS = ["=1+2", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\n=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_can_become_a_formula(tmp_path: Path, text: str) -> None:
    data = b"".join(write_csv([[text]], [Column("=evil")])).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(data, newline="")):
        assert row[0].startswith("'")
    path = tmp_path / "x.xlsx"
    write_xlsx(path, [[text]], [Column("=evil")])
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet.cell(1, 1).data_type == sheet.cell(2, 1).data_type == "s"


def test_numbers_and_phones_need_no_guard() -> None:
    assert guarded("+989121234567", "phone") == "+989121234567"
    assert guarded("+98=1", "phone").startswith("'")
    assert guarded("-12.5", "decimal") == "-12.5"
    assert guarded("-12.5", "text") == "'-12.5"
    rows = [[-5, Decimal("-1.50"), "=x"]]
    columns = [Column("a", "integer"), Column("b", "decimal"), Column("c")]
    assert b"-5,-1.5,'=x" in b"".join(write_csv(rows, columns))
    assert b"-5,-1.5,=x" in b"".join(write_csv(rows, columns, WriteOptions(guard=False)))


def test_rows_are_written_as_they_come() -> None:
    taken: list[int] = []

    def rows() -> Iterator[list[int]]:
        for number in range(5000):
            taken.append(number)
            yield [number]

    pieces = write_csv(rows(), [Column("n", "integer")])
    next(pieces)
    assert not taken
    next(pieces)
    assert len(taken) < 2000
    assert b"".join(pieces).endswith(b"4999\r\n")


def test_awkward_values_are_written(tmp_path: Path) -> None:
    values = ["a\x00b\x0b", "x" * 40_000, "\ud800", ["a", "b"], 10**20, float("nan"), dt.date(1300, 1, 1)]
    rows = [[value] for value in values]
    assert b"a; b" in b"".join(write_csv(rows, [Column("x")]))
    assert write_xlsx(tmp_path / "x.xlsx", rows, [Column("x")]) == len(values)
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert sheet is not None
    assert sheet.cell(6, 1).value == str(10**20)


def test_sheet_names_and_the_limit_of_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sheet_title("a/b[c]:" + "x" * 50) == ("a b c  " + "x" * 50)[:31]
    assert sheet_title("'q'") == "q"
    monkeypatch.setattr(writing, "MAX_XLSX_ROWS", 3)
    with pytest.raises(SarnakhError):
        write_xlsx(tmp_path / "x.xlsx", [[1]] * 4, [Column("n", "integer")])


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TEXTS, st.integers(-10**12, 10**12), st.decimals(-10**9, 10**9, places=4),
                               st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1))), min_size=1, max_size=8),
       workbook=st.booleans(), calendar=st.sampled_from(["gregorian", "jalali"]))
def test_what_is_written_is_read(tmp_path: Path, rows: list[tuple[Any, ...]], workbook: bool, calendar: str) -> None:
    columns = [Column("Text"), Column("Count", "integer"), Column("Value", "decimal"), Column("Day", "date")]
    options = WriteOptions(calendar=calendar)
    path = tmp_path / "x"
    if workbook:
        write_xlsx(path, rows, columns, options=options)
    else:
        path.write_bytes(b"".join(write_csv(rows, columns, options)))
    converters = [converter(ImportField(column.header, column.header, column.type), ParseOptions(decimal="."))
                  for column in columns]
    with open_table(path, header_row=0) as table:
        found = [[convert(cell) for convert, cell in zip(converters, row, strict=True)] for row in table.rows()]
    assert found == [[_kept(text), *rest] for text, *rest in rows]


def _kept(text: str) -> str | None:
    """What a text field stores; a typed apostrophe before a formula is not told from the guard's."""
    stored = clean(text)
    if stored.startswith("'") and stored[1:].startswith(writing.FORMULA_STARTS):
        stored = stored[1:]
    return stored or None
