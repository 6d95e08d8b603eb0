"""The import wizard over HTTP: the whole way, refusals, other people's imports, hostile files."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.exchange.detect import open_table
from core.installation import Installation
from core.testing.browser import Visitor
from tests.core.web.conftest import Visit
from tests.core.web_exchange.conftest import Work

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
FILE = (b"Name,E-mail,Amount,Shop\nAli,ali@x.com,10,\nSara,sara@x.com,-5,\nReza,ali@x.com,7,\n"
        b"Mina,mina@x.com,abc,\nOmid,omid@x.com,3,Nowhere\nZari,zari@x.com,1,\n")


def send(visitor: Visitor, content: bytes, name: str = "orders.csv") -> Any:
    return visitor.post("/r/shop.order/import", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def uploaded(visitor: Visitor, content: bytes = FILE, name: str = "orders.csv") -> str:
    answer = send(visitor, content, name)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).removesuffix("/columns")


def chosen(page: str) -> dict[str, str]:
    """What the mapping's selects hold."""
    found = {}
    for name, body in re.findall(r'<select[^>]*name="(column\.\d+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        value = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = value[1] if value else ""
    return found


def test_the_whole_way(visit: Visit, work: Work, tmp_path: Any) -> None:
    sara = visit("sara")
    assert 'type="file"' in sara.get("/r/shop.order/import").text
    place = uploaded(sara)
    page = sara.get(place + "/columns").text
    mapping = chosen(page)
    assert mapping == {"column.0": "name", "column.1": "email", "column.2": "amount", "column.3": "shop"}
    assert sara.post(place + "/columns", {**mapping, "do": "save"}).headers["Location"] == place + "/options"
    page = sara.get(place + "/options").text
    for text in ("Amount cannot be negative.", "is not a number", "There is no Shop", "The row repeats row 2."):
        assert text in page.replace("&#34;", '"'), text
    assert "ali@x.com" in page and not sara.get("/r/shop.order").text.count("ali@x.com")
    settings = {"duplicates": "skip", "keys": ["email"]}
    assert sara.post(place + "/options", {**settings, "do": "check"}).headers["Location"] == place
    assert "hx-get" in sara.get(place).text
    assert work() == 1
    page = sara.get(place + "/options").text
    assert "All rows were checked" in page and "error.xlsx" in page
    sara.post(place + "/options", {**settings, "do": "start"})
    assert work() == 1
    page = sara.get(place).text
    assert "Done" in page and "Amount cannot be negative." in page and "Undo the whole import" in page
    assert "hx-get" not in sara.get(place + "/progress").text
    rows = sara.get(place + "/rows/error.csv").get_data()
    assert rows.decode("utf-8-sig").splitlines()[0] == "Name,E-mail,Amount,Shop,Row in the file,Why it was not imported"
    (tmp_path / "r.xlsx").write_bytes(sara.get(place + "/rows/error.xlsx").get_data())
    with open_table(tmp_path / "r.xlsx") as table:
        assert [row[0] for row in table.sample()] == ["Sara", "Mina", "Omid"]
        assert [row[4] for row in table.sample()] == [3, 5, 6]
    assert "orders.csv" in sara.get("/imports").text
    rest = str(sara.post(place + "/again").headers["Location"])
    assert chosen(sara.get(rest).text) == mapping and "orders.csv, remaining rows" in sara.get(rest).text
    like = f"/r/shop.order/import?like={place.rpartition('/')[2]}"
    assert like in page and "orders.csv" in sara.get(like).text
    assert visit("reza").get(like).status_code == 404 and visit("reza").post(place + "/again").status_code == 404
    sara.post(place + "/undo")
    assert work() == 1
    assert "Taken back" in sara.get(place).text and "ali@x.com" not in sara.get("/r/shop.order").text


def test_the_file_can_be_read_in_another_way(visit: Visit) -> None:
    sara = visit("sara")
    place = uploaded(sara, "گزارش;\nنام;ايميل\nمهدي;a@x.com\n".encode("cp1256"))
    sara.post(place + "/columns", {"do": "read", "encoding": "cp1256", "delimiter": ";", "header_row": "2"})
    page = sara.get(place + "/columns").text
    assert "نام" in page and chosen(page)["column.1"] == "email"
    answer = sara.post(place + "/columns", {"do": "read", "encoding": "cp1256", "delimiter": ";", "header_row": "9"})
    assert answer.status_code == 422 and "header cannot be" in answer.text
    assert sara.post(place + "/columns", {"do": "save"}).status_code == 422
    answer = sara.post(place + "/columns", {"do": "save", "column.0": "name", "column.1": "name"})
    assert answer.status_code == 422 and "same field" in answer.text


def test_any_sign_can_be_the_delimiter(visit: Visit) -> None:
    sara = visit("sara")
    place = uploaded(sara, "Name§E-mail\nAli§ali@x.com\n".encode())
    sara.post(place + "/columns", {"do": "read", "encoding": "utf-8", "delimiter": ",", "other_delimiter": "§", "header_row": "1"})
    page = sara.get(place + "/columns").text
    assert chosen(page) == {"column.0": "name", "column.1": "email"}
    assert '<option value="§" selected' in page


def test_texts_that_are_no_option(visit: Visit, work: Work) -> None:
    sara = visit("sara")
    place = uploaded(sara, b"Name,Status,Shop\nAli,Dispatched,Nowhere\nSara,Odd,\nReza,Paid,\n")
    sara.post(place + "/columns", {"column.0": "name", "column.1": "status", "column.2": "shop", "do": "save"})
    page = sara.get(place + "/options").text
    texts = dict(re.findall(r'name="text\.status\.(\d)" value="([^"]*)"', page))
    assert set(texts.values()) == {"Dispatched", "Odd"}
    body = {f"text.status.{n}": text for n, text in texts.items()} | {
        f"option.status.{n}": {"Dispatched": "sent", "Odd": ""}[text] for n, text in texts.items()}
    sara.post(place + "/options", {**body, "empty_links": "shop", "duplicates": "create", "do": "save"})
    page = sara.get(place + "/options").text
    assert "is not an option" in page and "There is no Shop" not in page
    again = dict(re.findall(r'name="text\.status\.(\d)" value="([^"]*)"', page))
    assert set(again.values()) == {"Dispatched", "Odd"}
    sara.post(place + "/options", {**body, "empty_links": "shop", "duplicates": "create", "do": "start"})
    work()
    assert "Odd" in sara.get(place).text and sara.get("/r/shop.order").text.count("Sara Seller")


def test_rights_and_other_peoples_imports(visit: Visit) -> None:
    sara, reza, nobody, admin = visit("sara"), visit("reza"), visit("nobody"), visit("admin")
    assert nobody.get("/r/shop.order/import").status_code in (403, 404)
    assert send(nobody, FILE).status_code in (403, 404)
    assert visit().get("/r/shop.order/import").status_code in (302, 303)
    assert sara.get("/r/shop.nothing/import").status_code == 404
    place = uploaded(sara)
    for path in ("", "/columns", "/options", "/progress", "/rows/error.csv"):
        assert reza.get(place + path).status_code == 404, path
    for path in ("/columns", "/options", "/cancel", "/undo", "/discard", "/resume"):
        assert reza.post(place + path).status_code == 404, path
    assert "orders.csv" not in reza.get("/imports").text
    assert "orders.csv" in admin.get("/imports").text
    # A field that is hidden from her, one that does not exist, one that is computed.
    for name in ("margin", "nothing", "headline", "created_by", "total"):
        answer = sara.post(place + "/columns", {"column.0": name, "do": "save"})
        assert answer.status_code == 422 and "no field" in answer.text, name
    assert "margin" not in sara.get(place + "/columns").text
    assert sara.client.post(place + "/columns", data={"column.0": "name"}).status_code == 400
    assert sara.post(place + "/undo").status_code == 409


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 50_000_000)
    return made.getvalue()


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("content", [
    b"", b"\0" * 500, b"a" * 3_000_000, b"%PDF-1.7 x", b"\xd0\xcf\x11\xe0 old", b"<html><table><tr><td>x", bomb(),
    b"PK\x03\x04broken", b"\x89PNG\r\n\x1a\n", b"a,b\n" + b"\0x,y\n" * 50, bytes(range(256)) * 40],
    ids=["empty", "zeros", "one line", "pdf", "xls", "html", "bomb", "broken zip", "picture", "nuls", "noise"])
def test_hostile_files_get_a_clear_refusal(visit: Visit, installation: Installation, content: bytes) -> None:
    sara = visit("sara")
    answer = send(sara, content, "../../x\u202e.csv")
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    folder = installation.settings.data / "imports"
    assert not folder.exists() or not list(folder.iterdir())
    assert send(sara, b"Name\n=1+2\n<script>alert(1)</script>\n", "<script>.csv").status_code == 303
    assert "<script>alert" not in sara.get("/imports/1/columns").text


@pytest.mark.database("sqlite")
def test_a_file_beyond_the_limit(visit: Visit, installation: Installation) -> None:
    object.__setattr__(installation.settings.security, "max_upload_mb", 1)
    answer = send(visit("sara"), b"Name\n" + b"x\n" * 600_000)
    assert answer.status_code == 422 and "MB" in answer.text
    assert send(visit("sara"), b"Name\n" + b"x\n" * 2_000_000).status_code == 413


def test_in_persian(visit: Visit, installation: Installation) -> None:
    with installation.env() as env:
        env.update("base.user", env.query("base.user").where('login == "sara"').ids(), {"language": "fa", "calendar": "jalali"})
    sara = visit("sara")
    place = uploaded(sara, "نام,ایمیل\nعلی,علی\n".encode())
    page = sara.get(place + "/columns").text
    assert 'dir="rtl"' in page and "نام" in page


NASTY = ["", "0", "-1", "9" * 30, "utf-8", "utf-16-le", "\x00", "\n", '"', "name", "id", "email+name", "+", "x+", "2", "update", "csv",
         "shop.shop", "base.tag", "base.user", "nope", "a" * 3000, "\u202e", "YMD", "MDY", "tab", "é", "۱۲", "=1", "true", "read", "save"]


@pytest.mark.database("sqlite")
@settings(max_examples=25, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_the_forms_hold(visit: Visit, data: st.DataObject) -> None:
    sara = visit("sara")
    place = uploaded(sara)
    names = st.sampled_from(["column.0", "column.1", "column.2", "column.99", "encoding", "delimiter", "sheet", "header_row",
                             "duplicates", "keys", "clear", "create_links", "date_order", "default.name", "default.shop",
                             "default.margin",
                             "text.status.0", "option.status.0", "option.x", "empty_links",
                             "default.status", "default.due", "default.x", "format", "which", "dates"])
    pairs = st.dictionaries(names, st.sampled_from(NASTY), max_size=6)
    for path in ("/columns", "/options", "/columns", "/options"):
        body = data.draw(pairs) | {"do": data.draw(st.sampled_from(["read", "save", "save", "check", "x"]))}
        if path == "/columns" and data.draw(st.booleans()):
            body = {"column.0": "name", "column.1": "email", "do": "save"}
        assert sara.post(place + path, body).status_code < 500, (path, body)
        assert sara.get(place + "/options", follow_redirects=True).status_code < 500
    assert sara.post("/r/shop.order/export", data.draw(pairs)).status_code < 500
