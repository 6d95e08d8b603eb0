"""The same person twice: normalised keys and repeated rows of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.exchange.dedupe import MatchPolicy, SeenKeys, duplicates, keys, normalised
from core.exchange.detect import open_table
from core.exchange.fields import ImportField, Lookup, Several
from core.exchange.values import converter
from tests.core.exchange import make_samples as samples

POLICY = MatchPolicy((("email",), ("mobile",), ("name", "company")),
                     {"email": "email", "mobile": "phone", "name": "person", "company": "company"})


@pytest.mark.parametrize(("kind", "one", "other"), [
    ("email", "Ali+news@Example.com", "ali@example.com"), ("phone", "+98 912 123 4567", "+989121234567"),
    ("phone", "+982188776655;ext=4", "+982188776655"), ("company", "شرکت پارس‌پردازش (سهامی خاص)", "پارس پردازش"),
    ("company", "Acme Co., Ltd.", "ACME"), ("company", "Yıldız Tekstil Ltd. Şti.", "yildiz tekstil"),
    ("person", "جناب آقای علي‌رضا رضايي", "علی رضا رضایی"), ("person", "Dr. Ali  Reza", "ali reza"),
    ("code", "AB-12 ۳", "ab123"), ("url", "https://www.example.com/a", "example.com"), ("text", "İSTANBUL", "istanbul"),
])
def test_what_is_the_same(kind: str, one: str, other: str) -> None:
    assert normalised(one, kind) == normalised(other, kind) != ""


def test_what_is_not_the_same() -> None:
    assert normalised("پارس پردازش", "company") != normalised("پارس گستر", "company")
    assert normalised("شرکت", "company") == "شرکت"
    assert normalised(None, "email") == normalised("@", "email") == ""
    assert normalised(Several("a@b.com", ("c@d.com",)), "email") == "a@b.com"
    assert normalised(Lookup("Acme Ltd"), "company") == "acme"


def test_keys_need_all_their_fields() -> None:
    assert keys({"email": "A@b.com", "name": "Ali"}, POLICY) == [(0, "a@b.com")]
    assert len(keys({"email": "a@b.com", "mobile": "+989121234567", "name": "Ali", "company": "X"}, POLICY)) == 3
    assert keys({}, POLICY) == []


def test_repeated_rows_name_the_first_one() -> None:
    rows = [{"email": "a@b.com"}, {"mobile": "+989121234567"}, {"email": "A@B.com", "mobile": "+989121234567"},
            {"email": "c@d.com"}, {"mobile": "+989121234567"}, {}, {}]
    assert list(duplicates(iter(rows), POLICY)) == [(2, 0), (4, 1)]


def test_checking_a_row_again_after_a_restart_is_no_duplicate() -> None:
    seen = SeenKeys()
    found = keys({"email": "a@b.com"}, POLICY)
    assert seen.check(found, 5) is None
    assert seen.check(found, 5) is None
    assert seen.check(found, 6) == 5
    assert len(seen) == 1


def test_the_sample_has_the_duplicates_it_should(tmp_path: Path) -> None:
    with open_table(samples.make_persian_leads(tmp_path / "p.xlsx", 1000)) as table:
        column = table.headers.index("ایمیل")
        read = converter(ImportField("email", "E-mail"))
        rows = [{"email": read(row[column])} for row in table.rows()]
    found = list(duplicates(iter(rows), MatchPolicy((("email",),), {"email": "email"})))
    assert 25 <= len(found) <= 60
