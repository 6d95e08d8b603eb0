"""Doors that stay shut: forged requests, foreign redirects, guessed passwords, folders, frames, scripts."""

from __future__ import annotations

import re

import pytest

from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.plugin import user_id
from core.web.host import Host
from core.web.pages import Pages
from core.web.signing import sign, unsign
from core.web.urls import is_local
from tests.core.web.conftest import Visit

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]


def test_posts_without_token_are_refused(visit: Visit, order: int) -> None:
    sara = visit("sara")
    for data in ({}, {"csrf_token": "x"}, {"csrf_token": visit("mina").csrf()}):
        assert sara.client.post(f"/r/shop.order/{order}/delete", data=data).status_code == 400
    assert sara.client.post("/login", data={"login": "sara", "password": "x"}).status_code == 400
    assert sara.get(f"/r/shop.order/{order}").status_code == 200


def test_headers(visit: Visit, order: int) -> None:
    answer = visit("sara").get("/r/shop.order")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    cookie = visit().get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_pages_hold_no_inline_code(visit: Visit, order: int) -> None:
    sara = visit("sara")
    for path in ("/", "/r/shop.order", f"/r/shop.order/{order}", "/r/shop.order/new", "/search?q=x", "/bin"):
        page = sara.get(path).text
        assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", page), path
        assert not re.search(r"\son[a-z]+=\"", page), path
        assert not re.search(r"\sstyle=\"", page), path


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\t//evil",
                                 "http:evil", "/x\r\nSet-Cookie: a=b", "///evil.example", "\\\\evil", ""])
def test_foreign_addresses_are_not_local(url: str) -> None:
    assert not is_local(url)


def test_local_addresses() -> None:
    assert is_local("/r/leads.lead?q=a&x=%2F")


@pytest.mark.database("sqlite")
def test_redirects_stay_here(visit: Visit, order: int) -> None:
    sara = visit("sara")
    for target in ("https://evil.example/", "//evil.example", "/\\evil"):
        answer = sara.post("/r/shop.order/new", {"name": "x", "status": "new", "next": target})
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/r/shop.order/")
        answer = sara.client.post("/undo", data={"csrf_token": sara.csrf(), "batch": "x"}, headers={"Referer": target})
        assert answer.status_code == 404


@pytest.mark.database("sqlite")
def test_static_files_stay_in_their_folders(visit: Visit) -> None:
    stranger = visit()
    page = stranger.get("/login").text
    css = re.search(r'href="(/static/theme-default/\w+/css/tokens.css)"', page)
    assert css is not None
    answer = stranger.get(css[1])
    assert "immutable" in answer.headers["Cache-Control"]
    assert stranger.get(css[1].replace("/static/theme-default/", "/static/theme-default/0")).headers["Cache-Control"] == "no-cache"
    for path in ("/static/vendor/0/../../../../run.py", "/static/vendor/0/%2e%2e/%2e%2e/settings.py", "/static/x/0/y",
                 "/static/theme-default/0/..%2ftheme.toml", "/static/vendor/0//etc/passwd", "/static/vendor/0/%00"):
        assert stranger.get(path).status_code in (400, 404)


@pytest.mark.database("sqlite")
def test_sessions_end(visit: Visit, installation: Installation, order: int) -> None:
    from core.security import sessions  # noqa: PLC0415
    sara = visit("sara")
    assert sara.get("/r/shop.order").status_code == 200
    with installation.env(SYSTEM) as env:
        sessions.end_all(env.connection, user_id(installation, "sara"))
    assert sara.get("/r/shop.order").status_code == 303
    mina = visit("mina")
    assert mina.post("/logout").status_code == 303
    assert mina.get("/r/shop.order").status_code == 303


@pytest.mark.database("sqlite")
def test_switched_off_people_are_out_at_once(visit: Visit, installation: Installation) -> None:
    sara = visit("sara")
    assert sara.get("/r/shop.order").status_code == 200
    with installation.env(SYSTEM) as env:
        env.update("base.user", user_id(installation, "sara"), {"active": False})
    assert sara.get("/r/shop.order").status_code == 303


@pytest.mark.database("sqlite")
def test_another_process_learns_of_a_change(visit: Visit, installation: Installation, host: Host, order: int) -> None:
    sara = visit("sara")
    sara.get("/r/shop.order")
    with installation.env(SYSTEM) as env:
        installation.bump(env, "registry")
    before = host.app
    assert sara.get("/r/shop.order").status_code == 200
    assert host.app is not before


def test_too_many_requests(visit: Visit, host: Host) -> None:
    sara = visit("sara")
    sara.get("/")
    host.gate.limit = 3
    answers = [sara.get("/search").status_code for _i in range(6)]
    assert answers[-1] == 429
    assert visit().get("/login").status_code == 200


def test_signed_values() -> None:
    text = sign("k" * 40, "flash", ["a", 1], 60)
    assert unsign("k" * 40, "flash", text) == ["a", 1]
    assert unsign("k" * 40, "other", text) is None
    assert unsign("x" * 40, "flash", text) is None
    assert unsign("k" * 40, "flash", sign("k" * 40, "flash", 1, -1)) is None
    assert unsign("k" * 40, "flash", "a.b.c") is None


def test_pages_are_inert() -> None:
    pages = Pages("toys")

    @pages.route("/play/<int:key>", methods=("POST",), csrf=False)
    def play(env: object, request: object, key: int) -> int:
        return key

    assert pages.routes[0].name == "toys.play"
    assert play(None, None, 3) == 3


@pytest.mark.database("sqlite")
def test_uploads_have_a_limit(visit: Visit, order: int, installation: Installation) -> None:
    import io  # noqa: PLC0415
    big = io.BytesIO(b"x" * ((installation.settings.security.max_upload_mb << 20) + 10))
    answer = visit("sara").post(f"/r/shop.order/{order}/file", {"file": (big, "big.bin")})
    assert answer.status_code in (413, 422)
