"""Cutting history and signatures off replies, as the usual programs write them in three languages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.mail.quoted import split

OLD = "> Hello,\n> please send the invoice.\n>\n> Sara"

INTRODUCTIONS = [
    "On Fri, Nov 27, 2026 at 10:15 AM Sara Ahmadi <sara@pars.example> wrote:",
    "On Fri, Nov 27, 2026 at 10:15 AM Sara Ahmadi with a long name <\nsara@pars.example> wrote:",
    "On 27 Nov 2026, at 10:15, Sara Ahmadi <sara@pars.example> wrote:",
    "On Friday, November 27, 2026 at 10:15:00 AM GMT+3:30, Sara Ahmadi <sara@pars.example> wrote:",
    "On 27/11/2026 10:15, Sara Ahmadi wrote:",
    "در تاریخ جمعه ۲۷ نوامبر ۲۰۲۶ ساعت ۱۰:۱۵ سارا احمدی <sara@pars.example> نوشت:",
    "\u202bدر جمعه ۲۷ نوامبر ۲۰۲۶ در ۱۰:۱۵ \u202aSara Ahmadi\u202c\u200f <\u202asara@pars.example\u202c\u200f> نوشت:\u202c",
    "سارا احمدی <sara@pars.example> در جمعه، ۶ آذر ۱۴۰۵ ساعت ۱۰:۱۵ نوشته است:",
    "Sara Ahmadi <sara@pars.example>, 27 Kas 2026 Cum, 10:15 tarihinde şunu yazdı:",
    "Sara Ahmadi <sara@pars.example>, 27 Kas 2026 Cum,\n10:15 tarihinde şunu yazdı:",
    "27 Kas 2026 Cum 10:15 tarihinde Sara Ahmadi <sara@pars.example> şunu yazdı:",
    "27 Kasım 2026 Cuma 10:15:00 GMT+3 tarihinde, Sara Ahmadi <sara@pars.example> şunu yazdı:",
    "Sara Ahmadi <sara@pars.example> şunları yazdı (27 Kas 2026 10:15):",
    "27.11.2026 10:15 tarihinde Sara Ahmadi yazdı:",
]

HEADERS = [
    "From: Sara Ahmadi <sara@pars.example>\nSent: Friday, November 27, 2026 10:15 AM\nTo: Ali\nSubject: Invoice\n\nHello",
    "________________________________\nFrom: Sara Ahmadi <sara@pars.example>\nSent: Friday\nTo: Ali\nCc: Reza\nSubject: Invoice\n\nHello",
    "*From:* Sara <sara@pars.example>\n*Sent:* Friday\n*To:* Ali\n*Subject:* Invoice\n\nHello",
    "Kimden: Sara <sara@pars.example>\nGönderildi: 27 Kasım 2026 Cuma 10:15\nKime: Ali\nKonu: Fatura\n\nMerhaba",
    "Gönderen: Sara <sara@pars.example>\nGönderilme Tarihi: 27 Kasım 2026 Cuma 10:15\nKime: Ali\nKonu: Fatura\n\nMerhaba",
    "از: سارا <sara@pars.example>\nارسال‌شده: جمعه، ۲۷ نوامبر ۲۰۲۶ ۱۰:۱۵\nبه: علی\nموضوع: فاکتور\n\nسلام",
    "فرستنده: سارا <sara@pars.example>\nتاریخ: ۶ آذر ۱۴۰۵\nگیرنده: علی\nموضوع: فاکتور\n\nسلام",
    "-----Original Message-----\nFrom: Sara\nHello",
    "-----Özgün İleti-----\nKimden: Sara\nMerhaba",
    "-----پیام اصلی-----\nاز: سارا\nسلام",
    "---------- Forwarded message ---------\nFrom: Sara\nHello",
    "---------- İletilen ileti ---------\nMerhaba",
    "---------- پیام هدایت‌شده ---------\nسلام",
    "Begin forwarded message:\n\nHello",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
@pytest.mark.parametrize("new", ["Here it is.\n\nBest", "بفرمایید.\n\nبا احترام", "Buyurun.\nİyi günler"])
def test_answers_above(introduction, new):
    parts = split(f"{new}\n\n{introduction}\n\n{OLD}\n")
    assert (parts.new, parts.quoted) == (new, f"{introduction}\n\n{OLD}")
    bare = split(
        f"{new}\r\n\r\n{introduction}\r\n\r\nHello,\r\nplease send the invoice.\r\n"
    )  # Yahoo and Outlook put no marks before it
    assert bare.new == new and bare.quoted.startswith(introduction.split("\n")[0])


@pytest.mark.parametrize("headers", HEADERS)
def test_headers_of_outlook(headers):
    parts = split(f"بفرمایید.\nOK\n\n{headers}\nmore")
    assert (parts.new, parts.quoted) == ("بفرمایید.\nOK", f"{headers}\nmore")


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nSara Ahmadi\nPars",
        "--\nسارا",
        "—\nSara",
        "Sent from my iPhone",
        "iPhone'umdan gönderildi",
        "iPhone’umdan gönderildi",
        "ارسال شده از iPhone من",
        "ارسال‌شده از تلفن همراه",
        "Get Outlook for iOS",
        "Get Outlook for Android<https://aka.ms/x>",
        "Android için Outlook’u edinin",
        "دریافت Outlook برای Android",
        "Sent from Yahoo Mail on Android",
        "Sent via the Samsung Galaxy S10",
    ],
)
def test_signatures(signature):
    parts = split(f"متن پاسخ\n\n{signature}\n\n{INTRODUCTIONS[0]}\n{OLD}")
    assert (parts.new, parts.signature) == ("متن پاسخ", signature)


def test_answers_below_and_between():
    below = split(f"{INTRODUCTIONS[0]}\n{OLD}\n\nHere it is.")
    assert (below.new, below.quoted) == ("Here it is.", f"{INTRODUCTIONS[0]}\n{OLD}")
    between = f"{INTRODUCTIONS[0]}\n> one?\nYes.\n> two?\nNo."
    assert split(between).new == between


@pytest.mark.parametrize(
    "text",
    [
        "Hello\nI wrote: nothing",
        "He wrote:\nthe 5 things",
        "علی نوشت:\nسلام",
        "Ali yazdı:\nmerhaba",
        "From: here\nto there",
        "قیمت:\nاز: ۱۰۰\nتا ۲۰۰",
        "a -- b",
        "-- \nonly a signature",
        "Sent from my iPhone",
        "> only a quotation",
        "",
        "ارسال شد",
        "5 > 3\n> 2",
    ],
)
def test_what_is_left_alone(text):
    assert split(text).new == text.strip() or text == "5 > 3\n> 2"


@given(
    st.lists(
        st.sampled_from(
            [
                "> a",
                "b",
                "",
                "-- ",
                "On Fri 27 Nov 2026 X wrote:",
                "From: a",
                "To: b",
                "Subject: c",
                "-----Original Message-----",
                "نوشت:",
                "1 نوشت:",
            ]
        ),
        max_size=25,
    )
)
@settings(max_examples=200, deadline=None)
def test_nothing_is_lost(lines):
    text = "\n".join(lines)
    parts = split(text)
    kept = sorted(line for line in f"{parts.new}\n{parts.quoted}\n{parts.signature}".split("\n") if line.strip())
    assert [line.strip() for line in kept] == [line.strip() for line in sorted(line for line in lines if line.strip())]
    assert parts.new or not text.strip()


@pytest.mark.parametrize(
    "line",
    [
        "On 1 " + "x " * 200,
        "-----Original Message-----",
        "> x\ny",
        "1 tarihinde " * 40,
        "a@b " * 100 + "نوشت", " " * 400_000, "-" * 400_000, ">" * 400_000, "- " * 190, ("x " * 140 + "yazdı ") * 2,
        "From: a\nTo: b\nSubject: c",
    ],
)
def test_long_texts_take_little_time(line):
    begun = time.monotonic()
    split(f"{line}\n" * (400_000 // len(line)))
    assert time.monotonic() - begun < 8
