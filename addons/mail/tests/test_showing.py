"""Mails of strangers on our pages, and what tells that a mail was opened."""

import re

import pytest

from addons.mail import tracking
from addons.messaging.queueing import Draft, queue
from core.api import SYSTEM, keep_files
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = pytest.mark.addons("mail")
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082")
ATTACK = """From: Eve <eve@evil.example>
To: info@pars.example, Zahra <zahra@pars.example>
Subject: <script>alert(1)</script>
Message-ID: <a@evil.example>
MIME-Version: 1.0
Content-Type: multipart/related; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p onclick="x()">Hello</p><script>alert(1)</script><img src="https://evil.example/spy.png"><img src="cid:logo@x">
<form action="https://evil.example/"><input name=p></form><a href="javascript:alert(1)">x</a><iframe src="https://evil.example"></iframe>
<svg onload=alert(1)><style>body{background:url(https://evil.example/css)}</style><base href="https://evil.example/"></base>
<div style="position:fixed;background:url(https://evil.example/s)">y</div><meta http-equiv=refresh content="0;url=https://evil.example">
<blockquote>On Monday you wrote: old words</blockquote>
--b
Content-Type: image/png
Content-ID: <logo@x>
Content-Disposition: inline; filename=logo.png
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAACAAAB4iG8MwAAAABJRU5ErkJggg==
--b--
"""


@pytest.fixture
def came(post):
    """A mail full of attacks; its number."""
    post.mailbox(post.account())
    post.drop(ATTACK)
    post.fetch()
    return post.rows("messaging.message", "id")[0]["id"]


@pytest.fixture
def sara(installation):
    return Visitor(installation, user_id(installation, "sara"))


def test_nothing_of_a_stranger_runs_and_pictures_wait(post, came, sara):
    answer = sara.get(f"/x/mail/show/{came}")
    page, policy = answer.get_data(as_text=True), answer.headers["Content-Security-Policy"]
    text = page.split('class="mail-text"')[1]
    for bad in ("script", "onclick", "onload", "javascript:", "<iframe", "<input", "http-equiv", "<base", "position", "url("):
        assert bad not in text, bad
    assert "default-src 'none'" in policy and "script" not in policy and "img-src 'self' data:;" in policy and "sandbox" in policy
    assert "allow-scripts" not in policy and "frame-ancestors 'self'" in policy and "X-Frame-Options" not in answer.headers
    assert 'src="https://evil.example/spy.png"' not in page and "data-remote" in page and "Show pictures" in page
    [picture] = re.findall(r'src="(/files/\d+)\?inline=1"', page)
    assert sara.get(picture).status_code == 200 and "Show quoted text" in page and "<details" in page

    shown = sara.get(f"/x/mail/show/{came}?pictures=1")
    assert 'src="https://evil.example/spy.png"' in shown.get_data(as_text=True) and "https:" in shown.headers["Content-Security-Policy"]
    assert "Show pictures" in sara.get(f"/x/mail/show/{came}").get_data(as_text=True), "only this once"
    assert sara.post(f"/x/mail/show/{came}/always").status_code == 303
    assert "Show pictures" not in sara.get(f"/x/mail/show/{came}").get_data(as_text=True)


def test_always_is_only_for_oneself(post, came, sara, installation):
    sara.post(f"/x/mail/show/{came}/always")
    reza = Visitor(installation, user_id(installation, "reza"))
    assert "Show pictures" in reza.get(f"/x/mail/show/{came}").get_data(as_text=True)
    assert sara.client.post(f"/x/mail/show/{came}/always").status_code in (400, 403), "without a token nothing is kept"


def test_the_conversation_holds_the_mail_in_a_frame(post, came, sara):
    thread = post.rows("messaging.message", "thread")[0]["thread"].id
    answer = sara.get(f"/x/messaging/thread/{thread}", follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert f'src="/x/mail/show/{came}"' in page and 'sandbox="' in page and "allow-scripts" not in page
    assert "zahra@pars.example" in page and "<script>alert" not in page and "frame-src 'self'" in answer.headers["Content-Security-Policy"]


def test_stored_pictures_leave_as_parts_and_only_those_the_writer_may_see(post, installation, env_as, sara):
    post.account()
    with env_as("sara") as env:
        [mine] = keep_files(env, [("logo.png", PNG, None)])
        env.commit()
    with env_as("omid") as env:
        secret = env.create("contacts.contact", {"last_name": "Secret"})
        [theirs] = keep_files(env, [("other.png", PNG + b"x", ("contacts.contact", secret))])
        env.commit()
    with env_as("sara") as env:
        [key] = queue(env, [Draft("mail", "ayse@example.org", "x", "x", f'<p>Hi</p><img src="/files/{mine}"><img src="/files/{theirs}">')])
        env.commit()
    post.work()
    raw = post.smtp.mails[-1][2].decode()
    assert raw.count("Content-ID:") == 1 and f"cid:p{mine}@pars.example" in raw.replace("=\r\n", "").replace("=3D", "=")
    assert f"/files/{theirs}" not in raw and "other.png" not in raw
    assert f"/files/{mine}?inline=1" in sara.get(f"/x/mail/show/{key}").get_data(as_text=True)


# ---------------------------------------------------------------- opened and pressed
HTML = '<p>Offer <a href="https://shop.example/a?b=1&amp;c=2">here</a></p>'
AGENT = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Thunderbird/128"}


def offer(post, installation, agreed="given", kind="commercial", details=None, **settings):
    post.account(**settings)
    post.at_any_hour()
    with installation.env(SYSTEM) as env:
        if agreed:
            env.create("messaging.consent", {"address": "ayse@example.org", "channel": "mail", "state": agreed, "source": "form"})
        [key] = queue(env, [Draft("mail", "ayse@example.org", "Offer", "Offer", HTML, kind=kind, details=details or {})])
    post.work()
    row = next(r for r in post.rows("messaging.message", "details", "state") if r["id"] == key)
    return key, row["details"], (post.smtp.mails[-1][2].decode() if post.smtp.mails else "")


def test_nothing_is_followed_unless_switched_on_and_agreed(post, installation):
    _key, details, raw = offer(post, installation)
    assert "pixel" not in details and "/x/mail/o/" not in raw
    with installation.env(SYSTEM) as env:
        account = post.account(track="all")
        [key] = queue(env, [Draft("mail", "ayse@example.org", "Bill", "Bill", HTML, account=account, details={"untracked": True})])
        env.create("messaging.consent", {"address": "ayse@example.org", "channel": "mail", "state": "withdrawn", "source": "person"})
        [other] = queue(env, [Draft("mail", "ayse@example.org", "Bill", "Bill", HTML, account=account)])
    rows = {r["id"]: r["details"] for r in post.rows("messaging.message", "details")}
    assert "pixel" not in rows[key] and "pixel" not in rows[other], "the message did not want it; the person wants no mail"


def test_whoever_writes_a_mail_may_leave_it_unfollowed(post, installation, outside, env_as):
    account = post.account()
    with env_as("sara") as env:
        contact = env.create("contacts.contact", {"last_name": "Kaya", "email": "ayse@example.org"})
    sara = Visitor(installation, user_id(installation, "sara"))
    form = {"record": "contacts.contact", "id": str(contact), "channel": "mail", "recipient": "ayse@example.org", "subject": "Bill",
            "body": HTML, "kind": "service", "go": "1"}
    assert 'name="untracked"' not in sara.get(f"/x/messaging/compose?record=contacts.contact&id={contact}&channel=mail").text
    with installation.env(SYSTEM) as env:
        settings = env.get("messaging.account", account, "settings").settings
        env.update("messaging.account", account, {"settings": {**settings, "track": "all"}})
    assert 'name="untracked"' in sara.get(f"/x/messaging/compose?record=contacts.contact&id={contact}&channel=mail").text
    assert sara.post("/x/messaging/compose", form).status_code == 303
    assert sara.post("/x/messaging/compose", {**form, "untracked": "1"}).status_code == 303
    assert ["pixel" in r["details"] for r in post.rows("messaging.message", "details")] == [True, False]


def test_opening_and_pressing_count_for_people_only(post, installation, outside, monkeypatch):
    monkeypatch.setattr(tracking, "QUICK", tracking.QUICK * 0)
    key, details, raw = offer(post, installation, track="commercial")
    visitor = Visitor(installation)
    pixel = details["pixel"].removeprefix(outside)
    link = details["links"]["https://shop.example/a?b=1&c=2"].removeprefix(outside)
    assert link in raw.replace("=\r\n", "") and "https://shop.example" in post.rows("messaging.message", "html")[0]["html"]
    for headers in ({"User-Agent": "Googlebot/2.1"}, {**AGENT, "Sec-Purpose": "prefetch"}, {"User-Agent": ""}):
        assert visitor.get(pixel, headers=headers).status_code == 200
    assert post.rows("messaging.message", "state")[0]["state"] == "sent"
    assert visitor.get(pixel, headers=AGENT).mimetype == "image/gif"
    assert post.rows("messaging.message", "state")[0]["state"] == "read"
    answer = visitor.get(link, headers=AGENT)
    assert answer.status_code == 303 and answer.headers["Location"] == "https://shop.example/a?b=1&c=2"
    installation.test_host.later.flush()
    assert post.rows("messaging.message", "opens", "clicks")[0] | {"id": 0} == {"id": 0, "opens": 1, "clicks": 1}


def test_forged_addresses_lead_nowhere(post, installation, outside, monkeypatch):
    _key, details, _raw = offer(post, installation, track="commercial")
    link = next(iter(details["links"].values())).removeprefix(outside)
    pixel = details["pixel"].removeprefix(outside).removesuffix(".gif")
    visitor = Visitor(installation)
    token = link.rpartition("/")[2]
    for bad in (token[:-2] + "xx", "x" + token, pixel.rpartition("/")[2], "https://evil.example", token + "A"):
        answer = visitor.get(f"/x/mail/c/{bad}", headers=AGENT)
        assert answer.status_code == 404 and "Location" not in answer.headers, bad
    assert visitor.get(link + "?to=https://evil.example", headers=AGENT).headers["Location"].startswith("https://shop.example")
    assert visitor.get("/x/mail/o/forged.gif", headers=AGENT).status_code == 200
    assert post.rows("messaging.message", "state")[0]["state"] == "sent"


# ---------------------------------------------------------------- signing
def test_a_dkim_key_is_made_and_shown_for_dns(post, installation):
    account = post.account({"person": user_id(installation, "sara")})
    sara = Visitor(installation, user_id(installation, "sara"))
    assert sara.post(f"/x/mail/dkim/{account}", {"domain": "pars.example", "selector": "s1", "kind": "rsa"}).status_code == 303
    page = sara.get(f"/x/mail/dkim/{account}").get_data(as_text=True)
    assert "s1._domainkey.pars.example" in page and "v=DKIM1" in page and "PRIVATE" not in page
    assert sara.post(f"/x/mail/dkim/{account}", {"domain": "pars example", "selector": "s1", "kind": "rsa"}).status_code == 422
    post.work()
    sara.post(f"/x/mail/preset/{account}", {"preset": "gmail"})
    assert post.rows("mail.mailbox", "host")[0]["host"] == "imap.gmail.com"
