"""Opening files: character sets, delimiters, headers, sheets, and rows from any number on."""

from __future__ import annotations

import datetime as dt
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.exchange.detect import open_table
from core.exchange.limits import BadFile
from tests.core.exchange import make_samples as samples

PERSIAN = "نام;شهر;ايميل\nعلي;تهران;a@b.ir\nزهرا;شيراز;c@d.ir\n"
TURKISH = "Adı;Şehir;E-posta\nAyşe;İstanbul;a@b.com\nÇağla;Eskişehir;c@d.com\n"


def written(folder: Path, data: bytes | str, encoding: str = "utf-8") -> Path:
    path = folder / "file.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"])
def test_persian_text_is_read_in_every_character_set(tmp_path: Path, encoding: str) -> None:
    with open_table(written(tmp_path, PERSIAN, encoding)) as table:
        assert table.headers == ["نام", "شهر", "ايميل"]
        assert table.sample()[1][1] == "شيراز"
        assert table.layout is not None
        assert table.layout.delimiter == ";"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1254", "iso8859-9"])
def test_turkish_text_is_read_in_every_character_set(tmp_path: Path, encoding: str) -> None:
    with open_table(written(tmp_path, TURKISH, encoding)) as table:
        assert table.headers == ["Adı", "Şehir", "E-posta"]
        assert table.sample()[1] == ["Çağla", "Eskişehir", "c@d.com"]


def test_other_character_sets_are_offered_with_a_preview(tmp_path: Path) -> None:
    path = written(tmp_path, TURKISH, "cp1254")
    with open_table(path) as table:
        offered = table.encodings()
    assert offered[0].name == "cp1254"
    assert {"utf-8", "cp1256", "iso8859-9"} <= {one.name for one in offered}
    assert "Ayşe" in offered[0].preview
    with open_table(path, encoding="cp1256") as table:
        assert table.headers[0] != "Adı"


def test_text_that_is_not_ascii_only_far_down_is_still_recognised(tmp_path: Path) -> None:
    text = "name,city\n" + "Ali,Tehran\n" * 60_000 + "علی,تهران\n"
    with open_table(written(tmp_path, text)) as table:
        assert next(table.rows(60_000)) == ["علی", "تهران"]
    turkish = "ad,il\n" + "Ali,Ankara\n" * 60_000 + "Ayşe,Muğla\n"
    with open_table(written(tmp_path, turkish, "cp1254")) as table:
        assert next(table.rows(60_000)) == ["Ayşe", "Muğla"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["Name", "Address", "Amount"], ["Ali", '"12, Main St.; 4"', "1"], ["Zahra", '"x|y"', "2"]]
    path = written(tmp_path, "\n".join(delimiter.join(row) for row in rows))
    with open_table(path) as table:
        assert table.headers == ["Name", "Address", "Amount"]
        assert table.sample()[0] == ["Ali", "12, Main St.; 4", "1"]


def test_one_column_is_not_split(tmp_path: Path) -> None:
    with open_table(written(tmp_path, "email\na@b.com\nc@d.com\n")) as table:
        assert table.headers == ["email"]
        assert table.sample() == [["a@b.com"], ["c@d.com"]]
    with open_table(written(tmp_path, "time\n10:30\n11:45\n9:15\n")) as table:
        assert table.headers == ["time"]


def test_excels_sep_line_and_quoted_line_breaks(tmp_path: Path) -> None:
    path = written(tmp_path, 'sep=|\r\nName|Note\r\nAli|"one\r\ntwo ""2"""\r\n')
    with open_table(path) as table:
        assert table.headers == ["Name", "Note"]
        assert table.sample() == [["Ali", 'one\r\ntwo "2"']]


def test_titles_and_blank_rows_above_the_header_are_skipped(tmp_path: Path) -> None:
    text = "\n\nSales report,,\nJanuary 2026,,\n\nName,E-mail,Phone\nAli,a@b.com,0912\nZahra,c@d.com,0935\n"
    with open_table(written(tmp_path, text)) as table:
        assert table.headers == ["Name", "E-mail", "Phone"]
        assert table.row_number(0) == 7
        assert len(table.sample()) == 2


def test_a_file_without_header_names_columns_by_letter(tmp_path: Path) -> None:
    text = "Ali,a@b.com,09121234567\nZahra,c@d.com,09131234567\n"
    with open_table(written(tmp_path, text)) as table:
        assert table.headers == ["(A)", "(B)", "(C)"]
        assert len(table.sample()) == 2
        assert table.notes
    with open_table(written(tmp_path, text), header_row=0) as table:
        assert table.headers[0] == "Ali"
        assert len(table.sample()) == 1


def test_blank_and_repeated_headers_get_different_names(tmp_path: Path) -> None:
    with open_table(written(tmp_path, "Name,Phone,,phone,City\na,1,2,3,x\nb,1,2,3,y\n")) as table:
        assert table.headers == ["Name", "Phone", "(C)", "phone (2)", "City"]


def test_short_rows_are_filled_and_long_ones_kept(tmp_path: Path) -> None:
    with open_table(written(tmp_path, "a,b,c\n1\n1,2,3,,\n1,2,3,4\n")) as table:
        assert list(table.rows()) == [["1", "", ""], ["1", "2", "3"], ["1", "2", "3", "4"]]
        assert table.notes


def test_rows_resume_by_number_and_reading_repeats_the_choices(tmp_path: Path) -> None:
    text = "n;m\n" + "".join(f"r{number};x\n" for number in range(1000))
    path = written(tmp_path, text)
    with open_table(path) as table:
        everything = list(table.rows())
        reading = table.reading
    with open_table(path, reading=reading) as again:
        assert list(again.rows(700)) == everything[700:]
        assert again.count() == 1000
        assert again.count(cap=10) == 10


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Cover")
    sheet = book.add_worksheet("Data")
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write(1, 0, "Customers")
    sheet.write(3, 0, "Name")
    sheet.merge_range(3, 1, 3, 2, "Phone")
    sheet.write(3, 3, "Born")
    for row in range(4, 30):
        sheet.write_row(row, 0, [f"n{row}", "0912", 912.0 + row])
        sheet.write_datetime(row, 3, dt.datetime(2000, 1, 2), date)
    book.add_worksheet("Hidden").hide()
    book.close()
    return path


def test_workbooks_choose_a_sheet_and_keep_types(tmp_path: Path) -> None:
    path = workbook(tmp_path / "w.xlsx")
    with open_table(path) as table:
        assert [sheet.name for sheet in table.sheets] == ["Cover", "Data", "Hidden"]
        assert table.headers == ["Name", "Phone", "Phone (2)", "Born"]
        assert table.sample(1) == [["n4", "0912", 916.0, dt.date(2000, 1, 2)]]
        assert table.row_number(0) == 5
    with pytest.raises(BadFile):
        open_table(path, sheet="Nothing")
    with pytest.raises(BadFile):
        open_table(path, sheet="Cover")


def test_a_spool_is_kept_and_used_again(tmp_path: Path) -> None:
    path = workbook(tmp_path / "w.xlsx")
    spools = tmp_path / "spool"
    spools.mkdir()
    with open_table(path, spool_dir=spools) as table:
        reading, rows = table.reading, list(table.rows())
    stamps = {file.name: file.stat().st_mtime_ns for file in spools.iterdir()}
    with open_table(path, spool_dir=spools, reading=reading) as again:
        assert list(again.rows(5)) == rows[5:]
    assert {file.name: file.stat().st_mtime_ns for file in spools.iterdir()} == stamps


def test_a_temporary_spool_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    with open_table(workbook(tmp_path / "w.xlsx")):
        assert list((tmp_path / "t").iterdir())
    assert not list((tmp_path / "t").iterdir())


def test_the_name_of_the_file_does_not_matter(tmp_path: Path) -> None:
    path = workbook(tmp_path / "w.xlsx").rename(tmp_path / "w.csv")
    with open_table(path) as table:
        assert table.kind == "xlsx"
    text = written(tmp_path, TURKISH).rename(tmp_path / "t.xlsx")
    with open_table(text) as table:
        assert table.kind == "csv"


def test_sample_files(tmp_path: Path) -> None:
    with open_table(samples.make_persian_leads(tmp_path / "p.xlsx", 400)) as table:
        assert table.headers == list(samples.PERSIAN_HEADERS)
        assert table.row_number(0) == 4
        assert 390 <= table.count() <= 400
    for make in (samples.make_persian_csv, samples.make_utf16_tsv):
        with open_table(make(tmp_path / "p.csv", 100)) as table:
            assert len(table.headers) == 13
            assert len(table.sample(200)) > 90
    with open_table(samples.make_turkish_csv(tmp_path / "t.csv")) as table:
        assert table.headers[0] == "Adı"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
                      st.text(max_size=100).map(lambda text: text.encode("utf-16", "replace")),
                      st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail)))
def test_random_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = written(tmp_path, data)
    with suppress(BadFile), open_table(path) as table:
        width = len(table.headers)
        assert all(len(row) >= width for row in table.rows())
        table.encodings()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=8),
       cut=st.integers(0, 9))
def test_damaged_workbooks_are_read_or_refused(tmp_path: Path, edits: list[tuple[int, int]], cut: int) -> None:
    good = tmp_path / "good.xlsx"
    if not good.exists():
        workbook(good)
    data = bytearray(good.read_bytes())
    for place, byte in edits:
        data[place % len(data)] = byte
    path = written(tmp_path, bytes(data[:len(data) - cut]))
    with suppress(BadFile), open_table(path) as table:
        table.sample()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml", "xl/sharedStrings.xml",
                             "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]),
       place=st.integers(0, 3000), new=st.binary(max_size=12), length=st.integers(0, 40))
def test_workbooks_with_damaged_parts_are_read_or_refused(tmp_path: Path, name: str, place: int, new: bytes,
                                                          length: int) -> None:
    good = tmp_path / "good.xlsx"
    if not good.exists():
        workbook(good)
    path = tmp_path / "changed.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == name:
                start = place % (len(data) + 1)
                data = data[:start] + new + data[start + length:]
            target.writestr(part.filename, data)
    with suppress(BadFile), open_table(path) as table:
        table.sample()
