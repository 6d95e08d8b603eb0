"""Files made to harm: each gets a clear refusal, quickly and without taking memory."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from core.exchange.detect import open_table
from core.exchange.limits import MEGABYTE, BadFile, Limits
from tests.core.exchange.test_detect import workbook

SHEET = ('<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
         "{rows}</sheetData></worksheet>")


def with_sheet(folder: Path, sheet: bytes | str, name: str = "xl/worksheets/sheet2.xml") -> Path:
    """A workbook one of whose parts is replaced."""
    good, path = workbook(folder / "good.xlsx"), folder / "bad.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            target.writestr(part.filename, sheet if part.filename == name else source.read(part))
    return path


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(BadFile) as caught, open_table(path, **options) as table:  # type: ignore[arg-type]
        for _row in table.rows():
            pass
    text: str = caught.value.message.english()  # type: ignore[attr-defined]
    assert len(text) > 20
    return text


@pytest.mark.parametrize("data", [b"", b"   \n\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\0" * 100, b",,,\n,,\n"])
def test_empty_files(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    assert "empty" in refusal(path)


@pytest.mark.parametrize(("data", "word"), [
    (b"%PDF-1.7 ...", "PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "XLS"),
    (b"\x89PNG\r\n\x1a\n123", "CSV"),
    (b"<html><table><tr><td>1</td></tr></table>", "web page"), (b"MZ\x90\0\x03" + bytes(range(256)), "CSV"),
    (bytes(range(256)) * 40, "CSV"), (b'\x1f\x8b\x08abc', "CSV"), (b"PK\x03\x04" + b"x" * 100, "damaged"),
    (b"name,city\nAli\0,Tehran\n" * 3, "zero"),
])
def test_other_kinds_of_files(tmp_path: Path, data: bytes, word: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    assert word in refusal(path)


def test_a_zero_byte_far_down(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"name,city\n" + b"Ali,Tehran\n" * 5000 + b"Bad\0,x\n")
    assert "5002" in refusal(path)


def test_an_endless_line_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    with path.open("wb") as stream:
        stream.write(b"a,b\n")
        stream.truncate(150 * MEGABYTE)
    assert refusal(path)
    path.write_bytes(b"x" * (3 * MEGABYTE))
    assert "Line 1" in refusal(path)
    path.write_bytes(b"a,b\n1,2\n" + b"x," * (2 * MEGABYTE))
    assert "Line 3" in refusal(path)


def test_a_quote_that_is_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a,b\n" + "1,2\n" * 50_000 + '"oops,2\n' + "1,2\n" * 200_000)
    assert "quotation" in refusal(path)


def test_too_big_too_wide_too_long(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a,b\n" + "1,2\n" * 1000)
    assert "MB" in refusal(path, limits=Limits(max_bytes=100))
    assert "rows" in refusal(path, limits=Limits(max_rows=500))
    path.write_text(",".join(f"c{number}" for number in range(900)) + "\n" + ",".join("1" for _ in range(900)))
    assert "900 columns" in refusal(path)


def test_one_cell_at_the_far_corner_does_not_stop_the_process(tmp_path: Path) -> None:
    corner = SHEET.format(rows='<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="{ref}"><v>1</v></c></row>')
    for cell in ('<c r="XFD1048576">', '<c t=">" r="XFD1048576">', "<c r='XFD1048576'>", '<c r="xfd1048576">',
                 '<c\n r = "XFD1048576" >'):
        assert refusal(with_sheet(tmp_path, corner.replace('<c r="{ref}">', cell)))
    numbers = SHEET.format(rows="<row><c><v>1</v></c></row>" * 20_000 + "<row>" + "<c><v>1</v></c>" * 490 + "</row>")
    assert refusal(with_sheet(tmp_path, numbers), limits=Limits(max_cells=100_000))


def test_a_sheet_cannot_hide_behind_another_name(tmp_path: Path) -> None:
    corner = SHEET.format(rows='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    good, path = workbook(tmp_path / "good.xlsx"), tmp_path / "bad.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.infolist():
            target.writestr(part.filename, source.read(part).replace(b"worksheets/sheet2.xml", b"media/picture.png"))
        target.writestr("xl/media/picture.png", corner)
    assert "columns" in refusal(path)


def test_a_zip_bomb(tmp_path: Path) -> None:
    bomb = SHEET.format(rows=" " * (60 * MEGABYTE))
    assert "unpacks" in refusal(with_sheet(tmp_path, bomb))
    assert "MB of data" in refusal(with_sheet(tmp_path, bomb), limits=Limits(max_unpacked_bytes=MEGABYTE))


def test_a_zip_whose_directory_lies(tmp_path: Path) -> None:
    path = with_sheet(tmp_path, SHEET.format(rows=" " * (5 * MEGABYTE)))
    data = bytearray(path.read_bytes())
    place = data.rfind(b"xl/worksheets/sheet2.xml") - 46
    assert data[place:place + 4] == b"PK\x01\x02"
    data[place + 24:place + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(data)
    assert "damaged" in refusal(path)


def test_entities_are_refused(tmp_path: Path) -> None:
    laughs = ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData>'
              '<row r="1"><c r="A1" t="str"><v>&b;</v></c></row></sheetData></worksheet>')
    assert "document type" in refusal(with_sheet(tmp_path, laughs))
    outside = '<?xml version="1.0"?><!DOCTYPE sst SYSTEM "file:///etc/passwd"><sst/>'
    assert "document type" in refusal(with_sheet(tmp_path, outside, "xl/sharedStrings.xml"))


def test_other_archives_and_locked_workbooks(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "archive" in refusal(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    assert "not supported" in refusal(path)
    assert refusal(tmp_path / "missing.csv")


@pytest.mark.parametrize(("part", "text"), [
    ("xl/sharedStrings.xml", '<sst count="99999999999" uniqueCount="99999999999"><si><t>x</t></si></sst>'),
    ("xl/sharedStrings.xml", '<sst x=">" uniqueCount = \'99999999999\'><si><t>x</t></si></sst>'),
    ("xl/styles.xml", '<styleSheet><numFmts count="99999999999"/><cellXfs count="99999999999"/></styleSheet>'),
    ("xl/worksheets/sheet2.xml",
     '<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v>'
     '</c></row></sheetData><mergeCells count="99999999999"><mergeCell ref="A1:XFD1048576"/>'
     "</mergeCells></worksheet>"),
])
def test_false_counts_do_not_stop_the_process(tmp_path: Path, part: str, text: str) -> None:
    path = with_sheet(tmp_path, text, part)
    with suppress(BadFile), open_table(path) as table:
        assert len(table.headers) < 100


def test_a_large_workbook_needs_bounded_memory(tmp_path: Path) -> None:
    shapes = ('<c r="{{column{0}}}{{row}}"><v>{0}.5</v></c>',
              '<c r="{{column{0}}}{{row}}" t="inlineStr"><is><t>some text {0}</t></is></c>')
    row = "".join(shapes[index % 2].format(index) for index in range(30))
    letters = {f"column{index}": chr(65 + index) if index < 26 else "A" + chr(39 + index) for index in range(30)}
    rows = "".join(f'<row r="{number}">{row.format(row=number, **letters)}</row>' for number in range(1, 20_001))
    path = with_sheet(tmp_path, SHEET.format(rows=rows))
    code = ("import resource, sys\nfrom core.exchange.detect import open_table\n"
            "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "with open_table(sys.argv[1], sheet='Data') as table:\n"
            "    count = sum(1 for row in table.rows())\n"
            "print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n")
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    count, kilobytes = map(int, done.stdout.split())
    assert count >= 19_999
    # 600,000 cells; 100,000 rows of 30 columns are five times that.
    assert kilobytes < 75_000
