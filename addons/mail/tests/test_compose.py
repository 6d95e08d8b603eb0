"""Mails that leave: what is written comes back the same, blind copies stay hidden, and nobody writes a header that is not theirs."""

from __future__ import annotations

import datetime as dt
import re
from email import message_from_bytes
from email.policy import default

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addons.mail import signing
from addons.mail.addresses import NotMailable, tag_of, with_tag
from addons.mail.compose import Draft, compose, file_name, inlined, key_of, message_id
from addons.mail.parse import parse
from addons.messaging.contract import File

SENDER = ("شرکت پارس", "info@pars.example")
TO = (("Ayşe Yılmaz", "ayse@example.org"),)
LETTERS = st.one_of(
    st.sampled_from(list("abc XYZ ,;:\"'()<>@\\=?_ğüşıöçİ سلامکیۀپچژگ‌۱۲۳ 🎉👩‍👩‍👧é中")),
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")),
)
LINES = st.text(LETTERS, max_size=200)


def of(**more):
    return compose(Draft(**({"sender": SENDER, "to": TO, "subject": "s", "text": "t"} | more)))


def one_line(text):
    return " ".join(text.split())


@given(
    subject=LINES,
    name=st.text(LETTERS, max_size=90),
    text=st.lists(LINES, max_size=8).map("\n".join),
    html=LINES,
    files=st.lists(st.tuples(st.text(LETTERS, min_size=1, max_size=60), st.binary(max_size=300)), max_size=3),
)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_comes_back_the_same(subject, name, text, html, files):
    sent = [File(given, content, "application/pdf") for given, content in files]
    mail = of(sender=(name, "info@pars.example"), subject=subject, text=text or "x", html=f"<p>{html}</p>", files=sent)
    for line in mail.content.split(b"\r\n"):
        assert len(line) <= 998 and line.isascii() and b"\r" not in line and b"\n" not in line
    back = parse(mail.content)
    assert back.subject == subject.strip()
    assert one_line(back.name) == one_line(name)[:200].strip()
    assert back.text == (text or "x").strip("\n").rstrip()
    assert back.html.strip() == f"<p>{html}</p>"
    assert [(file.name, file.content) for file in back.files] == [(file_name(file.name), file.content) for file in sent]
    assert (back.sender, back.extra["to"]) == ("info@pars.example", list(TO)) and back.id == mail.message_id


@given(subject=LINES, name=st.text(LETTERS, max_size=60))
@settings(max_examples=80, deadline=None)
def test_the_standard_library_reads_the_same(subject, name):
    message = message_from_bytes(of(subject=subject, to=((name, "a@b.example"),)).content, policy=default)
    assert one_line(message["Subject"]) == one_line(subject)
    assert [one.addr_spec for one in message["To"].addresses] == ["a@b.example"]


def test_blind_copies_are_in_the_envelope_only():
    mail = of(cc=(("", "c@example.org"),), bcc=(("Secret", "hidden@example.org"), ("", "ayse@example.org")))
    assert mail.recipients == ("ayse@example.org", "c@example.org", "hidden@example.org")
    assert b"hidden" not in mail.content and b"Secret" not in mail.content and b"Bcc" not in mail.content
    assert b"To: undisclosed-recipients:;" in of(to=(), bcc=(("", "a@b.example"),)).content
    with pytest.raises(NotMailable):
        of(to=())


ATTACKS = [
    "x\r\nBcc: victim@example.org",
    "x\nBcc: victim@example.org",
    "x\rBcc: victim@example.org",
    "x\x00Bcc: a@b.example",
    "x\u2028Bcc: victim@example.org",
    "x\x85Bcc: victim@example.org",
    "x\r\n\r\n<script>",
    "x\x0bBcc: y",
    "x\x1cBcc: y",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_line_break_begins_no_header(attack):
    mail = of(
        subject=attack,
        sender=(attack, "info@pars.example"),
        to=((attack, "a@b.example"),),
        files=[File(attack, b"x")],
        cc=((f'"{attack}', "c@b.example"),),
    )
    message = message_from_bytes(mail.content)
    assert message["Bcc"] is None and mail.recipients == ("a@b.example", "c@b.example")
    assert set(message.keys()) == {"Date", "Message-ID", "From", "To", "Cc", "Subject", "MIME-Version", "Content-Type"}
    for more in (
        {"to": (("", f"a@b.example{attack}"),)},
        {"to": (("", f"{attack}@b.example"),)},
        {"headers": {"X-A": attack}},
        {"headers": {attack: "x"}},
        {"message_id": f"<{attack}@b>"},
        {"in_reply_to": attack},
        {"references": [attack]},
        {"unsubscribe": f"https://b.example/{attack}"},
        {"unsubscribe_mail": f"{attack}@b.example"},
        {"automatic": attack},
        {"bounces": f"a{attack}@b.example"},
        {"reply_to": (("", f"{attack}@b.example"),)},
        {"html": "<p>", "files": [File("a", b"", "image/png", attack)]},
    ):
        with pytest.raises(NotMailable):
            of(**more)


@pytest.mark.parametrize(
    "name", ["From", "bcc", "Content-Type", "DKIM-Signature", "Subject", "Message-ID", "X Y", "X:Y", "Ü", ""]
)
def test_headers_of_the_mail_itself_are_nobody_elses(name):
    with pytest.raises(NotMailable):
        of(headers={name: "x"})


def test_headers_of_ones_own():
    message = message_from_bytes(of(headers={"X-Ticket": "#12 سلام"}).content, policy=default)
    assert message["X-Ticket"] == "#12 سلام"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a",
        "a@",
        "@b",
        "a b@c.example",
        "a@b c.example",
        "a@b..example",
        ".a@b.example",
        "a.@b.example",
        "a@b@c.example",
        "<a@b.example>",
        "a@b.example,c@d.example",
        "a,b@c.example",
        "a@-b.example",
        "a" * 70 + "@b.example",
        "a@(b).example",
    ],
)
def test_what_is_no_address(bad):
    with pytest.raises(NotMailable):
        of(to=(("", bad),))


def test_international_addresses():
    mail = of(to=(("", "ali@پارس.example"), ("", "x@MÜNCHEN.example"), ("", '"a b"@c.example'), ("", "a@[10.0.0.1]")))
    assert mail.recipients == ("ali@xn--mgbug11a.example", "x@xn--mnchen-3ya.example", '"a b"@c.example', "a@[10.0.0.1]")
    assert not mail.utf8 and mail.content.isascii()
    local = of(to=(("سارا", "سارا@پارس.example"),))
    assert local.utf8 and "سارا@xn--mgbug11a.example".encode() in local.content


def test_answers_find_their_conversation():
    mail = of(key="k3y_-abcdef", in_reply_to="<a@x>", references=["<first@x>", "a@x", "<b@x>"])
    message = message_from_bytes(mail.content, policy=default)
    assert message["In-Reply-To"] == "<a@x>" and mail.message_id == message_id("k3y_-abcdef", "pars.example")
    assert message["References"].split() == ["<first@x>", "<a@x>", "<b@x>"] or message["References"].split()[-1] == "<a@x>"
    assert key_of(mail.message_id) == "k3y_-abcdef" == key_of(mail.message_id.strip("<>"))
    assert key_of("<CAF.123@mail.example>") == "" == key_of("<s.x.y@b>")
    many = message_from_bytes(of(references=[f"<{number}@x>" for number in range(500)]).content, policy=default)[
        "References"
    ].split()
    assert len(many) == 30 and (many[0], many[-1]) == ("<0@x>", "<499@x>")
    assert of().message_id != of().message_id


def test_where_undeliverable_mail_returns_to():
    mail = of(bounces=with_tag("bounce@pars.example", "k1"))
    assert mail.sender == "bounce+k1@pars.example" and tag_of(mail.sender) == "k1" and b"bounce+" not in mail.content


def test_what_machines_and_mass_mails_say():
    message = message_from_bytes(
        of(
            automatic="auto-replied",
            bulk=True,
            unsubscribe="https://pars.example/u?x=1",
            at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
            unsubscribe_mail="leave@pars.example",
        ).content
    )
    assert (message["Auto-Submitted"], message["Precedence"], message["Date"]) == (
        "auto-replied",
        "bulk",
        "Fri, 02 Jan 2026 00:00:00 +0000",
    )
    assert re.sub(r"\s+", " ", message["List-Unsubscribe"]) == "<https://pars.example/u?x=1>, <mailto:leave@pars.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (
        message_from_bytes(of(unsubscribe="http://pars.example/u").content)["List-Unsubscribe-Post"] is None
    )  # RFC 8058 wants https
    plain = message_from_bytes(of().content)
    assert not {"Auto-Submitted", "Precedence", "List-Unsubscribe"} & set(plain.keys())
    for bad in ("javascript:1", "ftp://x", "https://x y", "https://x>"):
        with pytest.raises(NotMailable):
            of(unsubscribe=bad)


def test_pictures_files_and_an_invitation():
    mail = of(
        text="",
        html="<style>p{color:red}</style><p>سلام <a href='https://a.example'>اینجا</a><img src='cid:logo'></p>",
        files=[
            File("logo.png", b"png", "image/png", "logo"),
            File("فاکتور.pdf", b"pdf", "application/pdf"),
            File("n.eml", b"From: x", "message/rfc822"),
            File("odd", b"x", "no type"),
        ],
        calendar="BEGIN:VCALENDAR\nMETHOD:REQUEST\nSUMMARY:جلسه\nEND:VCALENDAR",
    )
    message = message_from_bytes(mail.content, policy=default)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/calendar",
        "application/pdf",
        "application/octet-stream",
        "application/octet-stream",
    ]
    back = parse(mail.content)
    assert back.text == "سلام اینجا <https://a.example>" and 'style="color: red;"' in back.html
    assert [(file.name, file.inline_id) for file in back.files] == [
        ("logo.png", "logo"),
        ("invite.ics", ""),
        ("فاکتور.pdf", ""),
        ("n.eml", ""),
        ("odd", ""),
    ]
    assert back.extra["calendar"] == [{"method": "REQUEST", "name": "invite.ics"}]
    assert "جلسه" in back.files[1].content.decode()


def test_style_sheets_of_the_server_are_not_read(tmp_path):
    (tmp_path / "x.css").write_text("p{color:red}")
    html = f"<link rel=stylesheet href='{tmp_path}/x.css'><link rel=stylesheet href='file://{tmp_path}/x.css'><style>@import '{tmp_path}/x.css';</style><p>x"  # noqa: E501
    assert "red" not in inlined(html)


@pytest.mark.parametrize(
    "name,kept",
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\b.txt", "b.txt"),
        ("", "file"),
        ("..", "file"),
        ("a\r\nb", "a b"),
        ("گزارش.xlsx", "گزارش.xlsx"),
    ],
)
def test_names_of_files(name, kept):
    assert file_name(name) == kept


# ---------------------------------------------------------------- DKIM
class _VerifyKey:
    """What dkimpy asks PyNaCl for, from the library that is there: the canonical form and the hashes are checked by dkimpy."""

    def __init__(self, key, encoder):
        import base64

        self.key = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))

    def verify(self, digest, signature):
        self.key.verify(signature, digest)
        return True


def _nacl(monkeypatch):
    from types import SimpleNamespace as Space

    monkeypatch.setattr(
        dkim,
        "nacl",
        Space(
            signing=Space(VerifyKey=_VerifyKey),
            encoding=Space(Base64Encoder=None),
            exceptions=Space(BadSignatureError=InvalidSignature, ValueError=ValueError),
        ),
        raising=False,
    )


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_signatures_are_right_and_notice_changes(kind, monkeypatch):
    _nacl(monkeypatch)
    pair = signing.new_key(kind)
    mail = of(subject="سلام دنیا " * 20, cc=(("", "c@example.org"),), html="<p>x</p>", text="سلام \n\n  دو \n\n\n")
    signed = signing.sign(mail.content, "pars.example", "s1", pair.private)
    asked = []

    def dns(name, timeout=5):
        asked.append(name)
        return pair.record.encode()

    assert dkim.verify(signed, dnsfunc=dns)
    assert asked == [b"s1._domainkey.pars.example."] and signing.name("s1", "pars.example") == "s1._domainkey.pars.example"
    assert not dkim.verify(signed.replace(b"info@pars", b"evil@pars"), dnsfunc=dns)
    assert not dkim.verify(signed + b"more\r\n", dnsfunc=dns)
    assert not dkim.verify(signed.replace(b"\r\nDate:", b"\r\nSubject: another\r\nDate:", 1), dnsfunc=dns)
    assert not dkim.verify(signed, dnsfunc=lambda name, timeout=5: signing.new_key(kind).record.encode())
    assert signing.record(pair.private) == pair.record and pair.record.startswith(f"v=DKIM1; k={kind}; p=")
    assert "PRIVATE" not in repr(pair)


@pytest.mark.parametrize(
    "domain,selector,key",
    [("pars.example", "s1", "nonsense"), ("pars.example", "s;1", ""), ("a b", "s1", ""), ("x\r\ny", "s", "")],
)
def test_what_nothing_is_signed_with(domain, selector, key):
    with pytest.raises(signing.NotSigned):
        signing.sign(b"From: a@b.example\r\n\r\n", domain, selector, key or signing.new_key("ed25519").private)
