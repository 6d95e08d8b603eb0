"""Folding, cleaning and sorting text; the SQL form of folding on a real PostgreSQL."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.i18n.text import (
    FOLD_DROP,
    FOLD_FROM,
    FOLD_TO,
    clean,
    fold,
    isolate,
    latin_digits,
    persian_digits,
    sort_key,
    words,
)

POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
ALPHABETS = st.text(st.sampled_from("aAiIıİşŞçÇğĞöÖüÜéß ابپتكکيیىةهأإآؤئء۰۱٠١09"
                                    "\u200c\u200d\u0640\u064e\u0301\u00a0.-_"))


@pytest.mark.parametrize(("left", "right"), [
    ("شركت پارس\u200cگستر", "شرکت پارس گستر"),
    ("مريم  علوي", "مریم علوی"),
    ("فاطمة", "فاطمه"),
    ("مسؤول", "مسوول"),
    ("آذر", "اذر"),
    ("كـــتـاب", "کتاب"),
    ("مُحَمَّد", "محمد"),
    ("امضاء", "امضا"),
    ("پلاک ۱۲٣", "پلاک 123"),
    ("İSTANBUL", "istanbul"),
    ("IŞIK ılıca", "ışık ILICA"),
    ("Çağrı Öztürk", "cagri ozturk"),
    ("s\u0327ule", "şule"),
    ("  Ünal\tA.Ş.\n", "unal a.s."),
    ("O’Brien", "o'brien"),
    ("ﭘﺎﺭﺱ", "پارس"),
])
def test_the_same_to_a_searcher(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@pytest.mark.parametrize(("left", "right"), [("بار", "پار"), ("کار", "گار"), ("ali", "alı baba"), ("10", "1 0")])
def test_not_the_same(left: str, right: str) -> None:
    assert fold(left) != fold(right)


@given(st.one_of(st.text(), ALPHABETS))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert fold(text.upper()) == fold(text.upper().lower())


@given(ALPHABETS)
def test_folding_does_not_see_case_spacing_or_digits(text: str) -> None:
    assert fold(f"  {text}\u200c") == fold(text)
    assert fold(persian_digits(text)) == fold(latin_digits(text)) == fold(text)


def test_tables_fit_the_sql_translate_function() -> None:
    assert len(FOLD_FROM) == len(FOLD_TO) == len(set(FOLD_FROM))
    assert not set(FOLD_FROM) & set(FOLD_DROP)
    assert "\0" not in FOLD_FROM + FOLD_TO + FOLD_DROP


def test_postgresql_folds_alike() -> None:
    engine = sa.create_engine(POSTGRESQL)
    samples = [f"{chr(code)}x {chr(code)}" for code in (*range(1, 0x600), *range(0x600, 0x700), *range(0x1E00, 0x2070),
                                                      *range(0xFB50, 0xFE00), *range(0xFE70, 0xFF20))]
    statement = sa.text("SELECT x, btrim(regexp_replace(translate(lower(x), :old, :new), ' +', ' ', 'g')) "
                        "FROM unnest(CAST(:samples AS text[])) AS x")
    try:
        with engine.connect() as connection:
            rows = connection.execute(statement, {"old": FOLD_FROM + FOLD_DROP, "new": FOLD_TO, "samples": samples})
            found = {row[0]: row[1] for row in rows}
    except sa.exc.OperationalError:
        pytest.skip("no PostgreSQL at 127.0.0.1:5432")
    finally:
        engine.dispose()
    assert {text: fold(text) for text in samples} == found


def test_clean_removes_what_must_not_be_stored() -> None:
    assert clean(" a\x00b\x07c\u202e \r\nd\u2028e\ufeff\n") == "abc \nd\ne"
    assert clean("a\tb\r\nc\ud800", multiline=False) == "a b c"
    assert clean("ﻻﭘﺎ") == "لاپا"
    assert clean("s\u0327") == "ş"


def test_clean_makes_persian_letters_only_in_persian() -> None:
    assert clean("شركت مريم پارس ٣") == "شرکت مریم پارس ۳"
    assert clean("مكتبة العربية") == "مكتبة العربية"
    assert clean("نیم\u200cفاصله") == "نیم\u200cفاصله"


@given(st.one_of(st.text(), ALPHABETS))
@settings(max_examples=200)
def test_cleaned_text_is_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    assert "\0" not in cleaned


def test_sorting_by_the_alphabet() -> None:
    persian = ["آمل", "ایران", "بابل", "پارس", "زهرا", "ژاله", "كاشان", "گرگان", "وان", "هند", "یزد"]
    assert sorted(reversed(persian), key=sort_key) == persian
    turkish = ["cz", "Çan", "hz", "Ilıca", "İz", "oz", "Öz", "sz", "şa", "uz", "üz"]
    assert sorted(reversed(turkish), key=lambda word: sort_key(word, "tr")) == turkish


def test_words_and_isolates() -> None:
    assert words("شركت «پارس‌گستر» (Co. 12)") == ["شرکت", "پارس", "گستر", "co", "12"]
    assert isolate("x") == "\u2068x\u2069"
    assert isolate("+98", "ltr") == "\u2066+98\u2069"
