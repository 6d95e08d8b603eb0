"""Mails that others wrote: in any charset, broken, nested, packed by Outlook, or made to hurt."""

from __future__ import annotations

import base64
import datetime as dt
import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.mail import charsets, winmail
from addons.mail.parse import parse
from core.api import plain_text

SALAM = "سلام، صورت‌حساب شما آماده است. لطفاً تا فردا پرداخت کنید."
MERHABA = "Sayın müşterimiz, faturanız hazırdır; lütfen yarına kadar ödeyiniz. Şğıİçö"


def mail(body=b"x", head=b"", kind=b"text/plain"):
    return b"From: a@b.example\r\nContent-Type: " + kind + b"\r\n" + head + b"\r\n" + body


# ---------------------------------------------------------------- texts
@pytest.mark.parametrize(
    "text,really,declared",
    [
        (SALAM, "utf-8", "utf-8"),
        (SALAM, "utf-8", ""),
        (SALAM, "utf-8", "us-ascii"),
        (SALAM, "utf-8", "iso-8859-1"),
        (SALAM, "utf-8", "windows-1256"),
        (SALAM, "utf-8", "x-unknown"),
        (SALAM, "utf-8", "zlib"),
        (SALAM, "utf-16", "utf-16"),
        (SALAM.replace("ک", "ك").replace("ی", "ي"), "cp1256", "windows-1256"),
        (SALAM.replace("ک", "ك").replace("ی", "ي"), "cp1256", "WINDOWS-1256"),
        (MERHABA, "iso-8859-9", "iso-8859-9"),
        (MERHABA, "cp1254", "ISO-8859-9"),
        (MERHABA, "cp1254", "windows-1254"),
        (MERHABA, "utf-8", "iso-8859-9"),
        ("“naïve” – €", "cp1252", "iso-8859-1"),
        ("日本語のメール", "iso-2022-jp", "iso-2022-jp"),
        ("中文邮件内容", "gb18030", "gb2312"),
        ("한국어 메일", "cp949", "ks_c_5601-1987"),
    ],
)
def test_charsets_declared_rightly_wrongly_and_not_at_all(text, really, declared):
    kind = b"text/plain" + (f"; charset={declared}".encode() if declared else b"")
    back = parse(mail(base64.b64encode(text.encode(really)), b"Content-Transfer-Encoding: base64\r\n", kind))
    assert back.text == text


def test_persian_and_turkish_without_a_word_about_it():
    text = (SALAM.replace("ک", "ك").replace("ی", "ي") + " ") * 5
    assert parse(mail(text.encode("cp1256"), b"Content-Transfer-Encoding: 8bit\r\n")).text == text.strip()
    assert parse(mail(MERHABA.encode("iso-8859-9"), b"Content-Transfer-Encoding: 8bit\r\n")).text == MERHABA


@given(
    raw=st.binary(max_size=400),
    declared=st.one_of(
        st.none(),
        st.text(max_size=20),
        st.sampled_from(
            [
                "utf-7",
                "punycode",
                "idna",
                "unicode_escape",
                "zlib",
                "hex",
                "rot13",
                "utf-16",
                "undefined",
                "iso-2022-jp",
                "hz",
                "cp1256",
            ]
        ),
    ),
)
@settings(max_examples=50, deadline=None)
def test_decoding_never_fails(raw, declared):
    assert isinstance(charsets.decode(raw, declared), str)


def test_html_alone_gives_a_text():
    html = (
        "<html><head><title>t</title><style>x{}</style></head><body><p>سلام&nbsp;<b>دنیا</b></p><ul><li>یک<li>دو</ul>"
        "<script>bad()</script><a href='https://a.example/x'>اینجا</a><table><tr><td>۱<td>۲</table><pre>a\n b</pre></body></html>"
    )
    text = parse(mail(html.encode(), kind=b"text/html; charset=utf-8")).text
    assert text.split("\n")[:4] == ["سلام دنیا", "", "- یک", "- دو"]
    assert "اینجا <https://a.example/x>" in text and "۱ ۲" in text and "a\n b" in text and "bad" not in text and "x{}" not in text
    assert plain_text("<p>a<br>b</p>c") == "a\nb\n\nc"


# ---------------------------------------------------------------- headers
@pytest.mark.parametrize(
    "header,name,address",
    [
        ("=?utf-8?B?2LPYp9ix2Kc=?= <sara@b.example>", "سارا", "sara@b.example"),
        ("=?UTF-8?Q?Ay=C5=9Fe?= =?UTF-8?Q?_Y=C4=B1lmaz?= <A@B.example>", "Ayşe Yılmaz", "a@b.example"),
        ("=?windows-1256?B?7eXj5A==?= <x@b.example>", None, "x@b.example"),
        ('"Yılmaz, Ayşe" <a@b.example>', "Yılmaz, Ayşe", "a@b.example"),
        ('"=?utf-8?B?2LPYp9ix2Kc=?=" <a@b.example>', "سارا", "a@b.example"),
        ("=?utf-8?B?2LPYp9ix2KcsINmF2YfYsdin2YY=?= <a@b.example>", "سارا, مهران", "a@b.example"),
        ("a@b.example (Sara (the boss))", "Sara the boss", "a@b.example"),
        ("Sara <a@b.example", "Sara", "a@b.example"),
        ("sara a@b.example", None, "a@b.example"),
        ("<a@b.example>", "", "a@b.example"),
        ("=?utf-8?B?broken!!?= <a@b.example>", None, "a@b.example"),
        ("=?nonsense?B?2LM=?= <a@b.example>", None, "a@b.example"),
        ("undisclosed", None, ""),
    ],
)
def test_senders(header, name, address):
    back = parse(f"From: {header}\r\n\r\nx".encode())
    assert back.sender == address
    assert name is None or back.name == name


def test_subjects():
    for written, read in (
        (b"=?utf-8?B?2LPZhA==?= =?utf-8?B?2KfZhQ==?=", "سلام"),
        (b"=?utf-8?B?2LPZhNg=?= =?utf-8?B?p9mF?=", "سلام"),
        ("سلام".encode(), "سلام"),
        ("Şikâyet".encode("cp1254"), None),
        (b"a\r\n b\r\n\tc", "a b c"),
        (b"Re: =?x", "Re: =?x"),
        (b"=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"),
    ):
        back = parse(b"Subject: " + written + b"\r\nFrom: a@b.example\r\n\r\nx")
        assert read is None or back.subject == read
        assert "\n" not in back.subject and back.sender == "a@b.example"


def test_everything_of_an_ordinary_mail():
    raw = (
        b"Return-Path: <sara@b.example>\r\nDelivered-To: info+k1@pars.example\r\nFrom: Sara <sara@b.example>\r\nTo: Info <Info@Pars.example>, b@c.example\r\n"  # noqa: E501
        b"Cc: =?utf-8?B?2LPYp9ix2Kc=?= <c@c.example>\r\nReply-To: other@b.example\r\nMessage-ID: <m1@b.example>\r\nIn-Reply-To: <p2@x>\r\n"
        b"References: <p1@x>\r\n <p2@x> <p1@x>\r\nDate: Fri, 27 Nov 2026 10:00:00 +0330\r\nSubject: Hi\r\n\r\nHello\r\n"
    )
    back = parse(raw)
    assert (back.id, back.sender, back.to, back.name, back.text, back.automatic) == (
        "<m1@b.example>",
        "sara@b.example",
        "info+k1@pars.example",
        "Sara",
        "Hello",
        False,
    )
    assert back.references == ("<p1@x>", "<p2@x>") and back.at == dt.datetime(2026, 11, 27, 6, 30, tzinfo=dt.UTC)
    assert back.extra["to"] == [("Info", "Info@Pars.example"), ("", "b@c.example")] and back.extra["cc"] == [
        ("سارا", "c@c.example")
    ]
    assert back.extra["reply_to"] == [("", "other@b.example")] and back.extra["return_path"] == "sara@b.example"


@pytest.mark.parametrize(
    "date",
    [
        "",
        "nonsense",
        "Fri, 99 Nov 2026 99:00:00",
        "Mon, 01 Jan 1900 00:00:00 +0000",
        "Mon, 01 Jan 2199 00:00:00 +0000",
        "Thu, 01 Jan 99999999999 00:00:00",
        "Fri, 27 Nov 2026 10:00:00 +9999999999",
    ],
)
def test_impossible_dates(date):
    received = dt.datetime(2026, 11, 27, 8, tzinfo=dt.UTC)
    assert parse(f"Date: {date}\r\nFrom: a@b.example\r\n\r\nx".encode(), received).at == received
    trace = "Received: from a by b; Fri, 27 Nov 2026 05:00:00 +0000"
    assert parse(f"{trace}\r\nDate: {date}\r\n\r\nx".encode(), received).at == dt.datetime(2026, 11, 27, 5, tzinfo=dt.UTC)


def test_a_mail_without_a_number_keeps_one_across_folders():
    raw = b"From: a@b.example\r\nDate: Fri, 27 Nov 2026 10:00:00 +0000\r\nSubject: x\r\n\r\nbody\r\n"
    first = parse(raw).id
    assert (
        first.startswith("sha256:") and parse(b"Received: by x; now\r\nX-Spam: no\r\n" + raw.replace(b"\r\n", b"\n")).id == first
    )
    assert parse(raw.replace(b"body", b"other")).id != first
    long = b"Message-ID: <" + b"x" * 500 + b"@y>\r\n" + raw
    assert parse(long).id.startswith("sha256:") and parse(long).id != first


# ---------------------------------------------------------------- parts and files
@pytest.mark.parametrize(
    "disposition",
    [
        "attachment; filename*=utf-8''%D9%81%D8%A7%DA%A9%D8%AA%D9%88%D8%B1.pdf",
        "attachment;\r\n filename*0*=utf-8''%D9%81%D8%A7%DA%A9;\r\n filename*1*=%D8%AA%D9%88%D8%B1.pdf",
        'attachment; filename="=?utf-8?B?2YHYp9qp2KrZiNixLnBkZg==?="',
        'attachment; filename="فاکتور.pdf"',
        "inline; filename=فاکتور.pdf",
        "attachment; filename=\"utf-8''%D9%81%D8%A7%DA%A9%D8%AA%D9%88%D8%B1.pdf\"",
        'attachment; filename="C:\\\\x\\\\فاکتور.pdf"',
    ],
)
def test_names_of_files(disposition):
    raw = f"From: a@b.example\r\nContent-Type: application/pdf\r\nContent-Disposition: {disposition}\r\n\r\nPDF".encode()
    assert [(file.name, file.content.strip()) for file in parse(raw).files] == [("فاکتور.pdf", b"PDF")]


def test_a_mail_in_a_mail_and_invitations():
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "درون", "x@y.example"
    inner.set_content("inside")
    outer = EmailMessage()
    outer["From"] = "a@b.example"
    outer.set_content("outside")
    outer.add_attachment(inner)
    outer.add_attachment(b"BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR", "text", "calendar", filename="جلسه.ics")
    back = parse(outer.as_bytes())
    assert back.text == "outside" and [file.name for file in back.files] == ["درون.eml", "جلسه.ics"]
    assert parse(back.files[0].content).text == "inside"
    assert (
        back.extra["calendar"] == [{"method": "CANCEL", "name": "جلسه.ics"}]
        and back.files[1].type == "text/calendar; method=CANCEL"
    )


def test_texts_around_a_picture_are_one_text():
    raw = (
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <p@x>\r\n"  # noqa: E501
        b"Content-Transfer-Encoding: base64\r\n\r\nUE5H\r\n--b\r\n\r\ntwo\r\n--b--\r\n"
    )
    back = parse(raw)
    assert back.text == "one\ntwo" and [(file.name, file.inline_id, file.content) for file in back.files] == [
        ("file1.png", "p@x", b"PNG")
    ]


@pytest.mark.parametrize(
    "raw,text",
    [
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nnever closed", "never closed"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\nno boundary at all", "no boundary at all"),
        (b"Content-Type: multipart/mixed\r\n\r\nno name of one", "no name of one"),
        (b"Content-Type: nonsense\r\n\r\nodd type", "odd type"),
        (b'Content-Type: text/plain; charset="\r\n\r\nopen quote', "open quote"),
        (b"Content-Transfer-Encoding: base64\r\n\r\n!!!not base64", None),
        (b"Content-Transfer-Encoding: x-other\r\n\r\nodd encoding", "odd encoding"),
        (b"no headers at all", None),
        (b"", ""),
        (b"\r\n\r\n", ""),
        (b"\x00\xff\xfe", None),
        (b": no name\r\n\r\nx", None),
        (b"From someone Fri Nov 27\nSubject: x\n\nmbox", "mbox"),
        (b"Subject: x\r\rold", None),
        (b"Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\ninner", ""),
        (b"Content-Type: message/partial\r\n\r\nx", None),
    ],
)
def test_broken_mails(raw, text):
    back = parse(raw)
    assert text is None or back.text == text


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_mail(raw):
    assert parse(raw).id


@given(
    st.lists(
        st.sampled_from(
            [
                b"Content-Type: multipart/mixed; boundary=b\r\n",
                b"Content-Type: text/html; charset=utf-8\r\n",
                b"\r\n",
                b"--b\r\n",
                b"--b--\r\n",
                b"From: =?utf-8?q?=FF?= <",
                b"Content-Transfer-Encoding: base64\r\n",
                b"Content-Transfer-Encoding: quoted-printable\r\n",
                b"=ZZ=\r\n",
                b"Content-Disposition: attachment; filename*0*=x\r\n",
                b"Content-Type: message/rfc822\r\n",
                b"Content-Type: message/delivery-status\r\n",
                b"Content-Type: application/ms-tnef\r\n",
                b"x\r\n",
                b"\xd8\xff\r\n",
                b"Date: x\r\n",
                b"To: (((((<\r\n",
                b"References: <<<>>> <a@b>\r\n",
                b"Content-Type: text/calendar\r\n",
                b"Content-Type: multipart/report; report-type=delivery-status\r\n",
            ]
        ),
        max_size=30,
    )
)
@settings(max_examples=250, deadline=None)
def test_any_parts_are_a_mail(pieces):
    assert parse(b"".join(pieces)).id


# ---------------------------------------------------------------- made to hurt
def nested(depth):
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number) for number in range(depth))
    return b"From: a@b.example\r\nSubject: deep\r\n" + head + b"\r\nbottom\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        nested(200),
        nested(5000),
        b"From: a@b.example\r\n" + b"X: y\r\n" * 300_000 + b"\r\nx",
        b"From: a@b.example\r\nSubject: " + b"x" * 5_000_000 + b"\r\n\r\nx",
        b"From: a@b.example\r\nTo: " + b"a@b.example, " * 200_000 + b"\r\n\r\nx",
        b"From: a@b.example\r\nReferences: " + b"<a@b> " * 200_000 + b"\r\n\r\nx",
        b"From: a@b.example\r\nSubject: " + b"=?utf-8?B?2LM=?= " * 50_000 + b"\r\n\r\nx",
        b"From: a@b.example\r\nTo: " + b"(" * 100_000 + b"\r\n\r\nx",
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 20_000,
        b"From: a@b.example\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 3000 + b"x",
        b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 500_000,
    ],
)
def test_absurd_mails_take_little_time(raw):
    begun = time.monotonic()
    back = parse(raw)
    assert back.sender == "a@b.example" and time.monotonic() - begun < 8


def test_what_is_not_read_is_kept_whole():
    back = parse(nested(5000))
    assert back.subject == "deep" and [(file.name, file.content) for file in back.files] == [("original.eml", nested(5000))]


# ---------------------------------------------------------------- winmail.dat
def tnef(*attributes):
    def one(level, name, content):
        return (
            bytes([level])
            + name.to_bytes(4, "little")
            + len(content).to_bytes(4, "little")
            + content
            + (sum(content) & 0xFFFF).to_bytes(2, "little")
        )

    return (0x223E9F78).to_bytes(4, "little") + b"\x01\x00" + b"".join(one(*attribute) for attribute in attributes)


def test_files_that_outlook_wrapped():
    parcel = tnef(
        (1, 0x00089006, b"\x00\x00\x01\x00"),
        (1, 0x00069007, b"\xe8\x04\x00\x00\x00\x00\x00\x00"),
        (2, 0x00069002, b"\x01\x00" + b"\x00" * 12),
        (2, 0x00018010, b"report.pdf\x00"),
        (2, 0x0006800F, b"PDF"),
    )
    assert winmail.unpacked(parcel)[0][0].name == "report.pdf"
    raw = EmailMessage()
    raw["From"] = "a@b.example"
    raw.set_content("text")
    raw.add_attachment(parcel, "application", "ms-tnef", filename="winmail.dat")
    raw.add_attachment(b"broken", "application", "ms-tnef", filename="winmail.dat")
    files = parse(raw.as_bytes()).files
    assert [(file.name, file.content, file.type) for file in files] == [
        ("report.pdf", b"PDF", "application/pdf"),
        ("winmail.dat", b"broken", "application/ms-tnef"),
    ]


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_a_parcel_or_none(raw):
    found = winmail.unpacked(tnef() + raw)
    assert found is None or isinstance(found[0], list)
