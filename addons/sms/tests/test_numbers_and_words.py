"""Numbers in every shape, and what people answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.sms.numbers import normal
from addons.sms.words import STOP_WORDS, key, wants


@pytest.mark.parametrize(("text", "region", "expected"), [
    ("09123456789", "IR", "+989123456789"), ("۰۹۱۲ ۳۴۵ ۶۷۸۹", "IR", "+989123456789"), ("٠٩١٢-٣٤٥-٦٧٨٩", "IR", "+989123456789"),
    ("00989123456789", "TR", "+989123456789"), ("989123456789", "IR", "+989123456789"), ("+98 (912) 345-6789", "", "+989123456789"),
    ("9123456789", "IR", "+989123456789"), ("0532 123 45 67", "TR", "+905321234567"), ("+90 532 123 45 67", "IR", "+905321234567"),
    ("\u200e+98\u00a0912 345 6789\u202c", "", "+989123456789"), ("+12025550143", "IR", "+12025550143"),
    ("+447911123456", "", "+447911123456"),
])
def test_any_shape_becomes_the_one(text, region, expected):
    assert normal(text, region) == expected
    assert normal(expected, region) == expected


@pytest.mark.parametrize(("text", "region", "why"), [
    ("021 8888 7777", "IR", "landline"), ("+90 212 555 12 12", "TR", "landline"), ("+98 21 88887777;ext=12", "IR", "extension"),
    ("SARNAKH", "IR", "is a name"), ("1-800-FLOWERS", "US", "is a name"), ("+18005550199", "", "service number"),
    ("+449098790000", "", "service number"), ("12", "IR", "not a phone number"), ("", "IR", "not a phone number"),
    ("0912", "IR", "not a phone number"), ("+98912345678901234", "IR", "not a phone number"),
])
def test_what_gets_no_sms_is_refused_with_the_reason(text, region, why):
    with pytest.raises(ValueError, match=why) as refused:
        normal(text, region)
    assert text[:8] in refused.value.args[0].english()


@given(st.text(max_size=60), st.sampled_from(["IR", "TR", "", "US"]))
def test_anything_is_a_number_or_refused(text, region):
    try:
        found = normal(text, region)
    except ValueError:
        return
    assert found.startswith("+") and found[1:].isascii() and found[1:].isdigit()


@pytest.mark.parametrize("text", [
    "لغو", "لغو۱۱", "لغو11", "لغو ١١", " «لغو ۱۱» ", "11", "۱۱", "لغـو", "لغو.", "لغو\u200cعضویت", "STOP",
    "stop!", "Stop all", "unsubscribe",
    "RET", "ret", "İPTAL", "iptal", "IPTAL", "ıptal", "Dur", "DUR.", "çıkış", "ÇIKIŞ", "CIKIS", "opt-out", "انصراف", "«STOP»"])
def test_stop_in_three_languages(text):
    assert wants(text) == "stop"


@pytest.mark.parametrize("text", ["start", "شروع", "BAŞLA", "basla", "Unstop", "عضویت"])
def test_start(text):
    assert wants(text) == "start"


@pytest.mark.parametrize("text", ["", "please stop by at five", "لطفا جلسه را لغو کنید", "yes", "بله",
                                   "stop " * 40, "111", "retro", "😀", "۱۱:۳۰"])
def test_sentences_say_nothing(text):
    assert wants(text) == ""


@given(st.sampled_from(STOP_WORDS), st.text(" .!,-«»\u200c\u200f\n'\"()", max_size=5), st.text(" .!؟\u200c", max_size=5))
def test_punctuation_around_a_word_does_not_hide_it(word, before, after):
    assert wants(before + word.lower() + after) == "stop" and key(word) == key(word.upper())
