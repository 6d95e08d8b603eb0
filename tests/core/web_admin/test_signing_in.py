"""Signing in and out, and what attackers try there."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
import pytest

from core.installation import Installation
from core.security.accounts import keeper, set_password
from core.security.actor import SYSTEM
from core.testing.plugin import PASSWORD, user_id

from .conftest import Browser, token_of

pytestmark = pytest.mark.addons("base")
New = Callable[[], Browser]
Give = Callable[[str], int]


def audit(installation: Installation, action: str) -> list:
    with installation.env(SYSTEM, write=False) as env:
        table = env.registry.system.audit
        return list(env.execute(table.select().where(table.c.action == action)))


def test_sign_in_and_out(installation: Installation, browser: New, with_password: Give) -> None:
    key, visitor = with_password("sara"), browser()
    answer = visitor.sign_in("SARA", next_url="/me?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me?x=1")
    assert visitor.get("/me").status_code == 200
    [row] = audit(installation, "sign_in")
    assert (row.actor_id, row.record_id) == (key, key)
    assert visitor.send("/me", to="/logout").status_code == 303
    assert visitor.get("/me").status_code == 303


def test_e_mail_signs_in_too(browser: New, with_password: Give) -> None:
    with_password("sara")
    assert browser().sign_in("sara@example.com").status_code == 303


@pytest.mark.parametrize("url", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)",
                                 "/%09/evil", "\x00"])
def test_next_goes_nowhere_else(browser: New, with_password: Give, url: str) -> None:
    with_password("sara")
    answer = browser().sign_in("sara", next_url=url)
    assert answer.status_code in (303, 400)
    assert answer.headers.get("Location", "/") in ("/", "/%09/evil")


def test_wrong_password_and_unknown_name_look_the_same(installation: Installation, browser: New, with_password: Give) -> None:
    with_password("sara")
    wrong, unknown = browser().sign_in("sara", "wrong wrong"), browser().sign_in("nobody-at-all", "wrong wrong")
    assert wrong.status_code == unknown.status_code == 422

    def stripped(answer) -> str:
        return answer.text.replace(token_of(answer), "").replace("nobody-at-all", "sara")
    assert stripped(wrong) == stripped(unknown)
    assert len(audit(installation, "sign_in_failed")) == 2


def test_guessing_is_stopped_and_the_right_password_too(installation: Installation, browser: New,
                                                        with_password: Give) -> None:
    with_password("sara")
    limit = installation.settings.security.login_attempts
    for _i in range(limit):
        assert browser().sign_in("sara", "wrong wrong").status_code == 422
    assert browser().sign_in("sara").status_code == 429
    assert browser().sign_in("SARA ").status_code == 429


def test_an_address_is_stopped_whatever_names_it_tries(installation: Installation, browser: New) -> None:
    visitor = browser()
    for i in range(installation.settings.security.login_attempts * 3):
        visitor.sign_in(f"name{i}", "wrong wrong")
    assert visitor.sign_in("another").status_code == 429


def test_strangers_do_not_lock_the_owner_out(installation: Installation, browser: New, with_password: Give) -> None:
    """Who signed in with this browser before goes on, whatever others guess at from elsewhere."""
    with_password("sara")
    own, limit = browser(), installation.settings.security.login_attempts
    assert own.sign_in("sara").status_code == 303
    own.send("/me", to="/logout")
    for _i in range(limit):
        browser().sign_in("sara", "wrong wrong")
    assert browser().sign_in("sara").status_code == 429
    assert own.sign_in("sara").status_code == 303
    own.send("/me", to="/logout")
    for _i in range(limit):  # and is stopped like anybody who guesses
        assert own.sign_in("sara", "wrong wrong").status_code == 422
    assert own.sign_in("sara").status_code == 429


def test_a_known_browser_is_known_for_its_own_names_only(installation: Installation, browser: New, with_password: Give) -> None:
    with_password("sara"), with_password("reza")
    mine, limit = browser(), installation.settings.security.login_attempts
    assert mine.sign_in("reza").status_code == 303
    mine.send("/me", to="/logout")
    for _i in range(limit):
        mine.sign_in("sara", "wrong wrong")
    assert mine.sign_in("sara").status_code == 429
    for forged in ("x.y", "W10.AAAA", "0" * 3000):
        mine.client.set_cookie("sarnakh_device", forged)
        assert mine.sign_in("sara").status_code == 429
    assert mine.get("/me").status_code == 303  # the cookie opens nothing


def test_a_code_sent_twice_at_once_is_taken_once(installation: Installation, secret: str) -> None:
    """Two sign-ins that read the account before either wrote: the second is too late, with a code and with a recovery code."""
    key = user_id(installation, "sara")
    with installation.env(SYSTEM) as env:
        made = pyotp.random_base32()
        now = int(env.now.timestamp())
        codes = keeper(env).enable_second_factor(env, key, made, pyotp.TOTP(made).at(now - 30))
    for code in (pyotp.TOTP(made).at(now), codes[0]):
        with installation.env(SYSTEM) as env:
            stale = env.get("base.user", key, "totp_secret", "totp_step", "recovery_codes", "version")
            assert keeper(env).check_second_factor(env, key, code)
            env.get = lambda *_asked, stale=stale: stale  # what the other request had read
            assert not keeper(env).check_second_factor(env, key, code)


def test_a_session_given_from_outside_is_not_taken(browser: New, with_password: Give) -> None:
    with_password("sara")
    visitor = browser()
    visitor.client.set_cookie("sarnakh", "fixed-by-an-attacker-0123456789")
    visitor.sign_in("sara")
    assert visitor.cookie() not in ("", "fixed-by-an-attacker-0123456789")
    thief = browser()
    thief.client.set_cookie("sarnakh", "fixed-by-an-attacker-0123456789")
    assert thief.get("/me").status_code == 303


def test_forms_without_a_token_are_refused(browser: New, with_password: Give) -> None:
    with_password("sara")
    visitor = browser()
    assert visitor.client.post("/login", data={"login": "sara", "password": PASSWORD}).status_code == 400
    visitor.sign_in("sara")
    for url in ("/logout", "/me", "/me/password", "/me/preferences", "/me/sessions", "/me/two-factor/start",
                "/me/two-factor/off"):
        assert visitor.client.post(url, data={"name": "x"}).status_code == 400, url


def test_a_switched_off_person_is_out_at_once(installation: Installation, browser: New, with_password: Give) -> None:
    key, visitor = with_password("sara"), browser()
    visitor.sign_in("sara")
    with installation.env(SYSTEM) as env:
        env.update("base.user", key, {"active": False})
    assert visitor.get("/me").status_code == 303
    assert browser().sign_in("sara").status_code == 422


# ---------------------------------------------------------------- second factor
@pytest.fixture
def secret(installation: Installation, with_password: Give) -> str:
    """Sara's authenticator secret; she uses two steps."""
    key, made = with_password("sara"), pyotp.random_base32()
    with installation.env(SYSTEM) as env:
        codes = keeper(env).enable_second_factor(env, key, made, pyotp.TOTP(made).at(int(env.now.timestamp()) - 30))
    assert len(codes) == 10
    return made


def test_the_second_step_is_asked_for_and_a_code_works_once(browser: New, secret: str) -> None:
    visitor = browser()
    assert visitor.sign_in("sara", next_url="/me/sessions").headers["Location"] == "/login/code"
    assert visitor.get("/me").status_code == 303
    assert visitor.send("/login/code", {"code": "000000"}).status_code == 422
    half = visitor.cookie()
    code = pyotp.TOTP(secret).now()
    answer = visitor.send("/login/code", {"code": code})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/sessions")
    assert visitor.cookie() != half
    assert visitor.get("/me").status_code == 200
    again = browser()
    again.sign_in("sara")
    assert again.send("/login/code", {"code": code}).status_code == 422


def test_persian_digits_are_digits(browser: New, secret: str) -> None:
    visitor = browser()
    visitor.sign_in("sara")
    code = pyotp.TOTP(secret).now().translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert visitor.send("/login/code", {"code": code[:3] + " " + code[3:]}).status_code == 303


def test_codes_cannot_be_guessed_for_long(installation: Installation, browser: New, secret: str) -> None:
    visitor = browser()
    visitor.sign_in("sara")
    for _i in range(installation.settings.security.login_attempts):
        visitor.send("/login/code", {"code": "000000"})
    assert visitor.send("/login/code", {"code": pyotp.TOTP(secret).now()}).status_code == 429


def test_a_recovery_code_works_once(installation: Installation, browser: New, with_password: Give) -> None:
    key, made = with_password("sara"), pyotp.random_base32()
    with installation.env(SYSTEM) as env:
        codes = keeper(env).enable_second_factor(env, key, made, pyotp.TOTP(made).now())
    for expected in (303, 422):
        visitor = browser()
        visitor.sign_in("sara")
        assert visitor.send("/login/code", {"code": codes[0].upper()}).status_code == expected


def test_secrets_are_for_nobodys_eyes(installation: Installation, secret: str) -> None:
    with installation.env(installation.load_actor(user_id(installation, "admin"))) as env:
        for name in ("password_hash", "totp_secret", "recovery_codes", "totp_step"):
            assert not env.access.readable("base.user", name)
            assert not env.access.writable("base.user", name)


# ---------------------------------------------------------------- passwords
def test_changing_the_password_asks_for_the_present_one_and_ends_other_sessions(browser: New, with_password: Give) -> None:
    with_password("sara")
    here, there = browser(), browser()
    here.sign_in("sara")
    there.sign_in("sara")
    new = {"password": "another horse 43", "repeat": "another horse 43"}
    assert here.send("/me/password", {"current": "wrong", **new}).status_code == 422
    assert here.send("/me/password", {"current": PASSWORD, "password": "short", "repeat": "short"}).status_code == 422
    assert here.send("/me/password", {"current": PASSWORD, **new, "repeat": "different one"}).status_code == 422
    before = here.cookie()
    assert here.send("/me/password", {"current": PASSWORD, **new}).status_code == 303
    assert here.cookie() != before and here.get("/me").status_code == 200
    assert there.get("/me").status_code == 303
    assert browser().sign_in("sara").status_code == 422
    assert browser().sign_in("sara", "another horse 43").status_code == 303


def test_a_link_for_a_new_password_works_once(installation: Installation, browser: New, visit, with_password: Give) -> None:
    key = with_password("sara")
    page = visit("boss").post(f"/admin/users/{key}/link")
    assert page.status_code == 200
    link = page.text.split("/reset/")[1].split("<")[0].split('"')[0].split("&")[0]
    stranger = browser()
    assert stranger.send(f"/reset/{link}", {"password": "a b", "repeat": "a b"}).status_code == 422
    assert stranger.send(f"/reset/{link}", {"password": "brand new words", "repeat": "brand new words"}).status_code == 303
    assert stranger.get(f"/reset/{link}").status_code == 410
    assert browser().sign_in("sara", "brand new words").status_code == 303
    assert browser().get(f"/reset/{link[:-2]}xx").status_code == 410


def test_forgotten_without_mail_says_whom_to_ask(browser: New) -> None:
    assert "administrator" in browser().get("/forgot").text


def test_sessions_are_listed_and_ended(installation: Installation, browser: New, with_password: Give) -> None:
    key = with_password("sara")
    here, there = browser(), browser()
    here.sign_in("sara")
    there.sign_in("sara")
    with installation.env(SYSTEM) as env:
        set_other = keeper(env)
        assert set_other is not None
    page = here.get("/me/sessions")
    digests = [part.split('"')[0] for part in page.text.split('name="session" value="')[1:]]
    assert len(digests) == 1
    assert here.send("/me/sessions", {"session": digests[0]}).status_code == 303
    assert there.get("/me").status_code == 303 and here.get("/me").status_code == 200
    there.sign_in("sara")
    assert here.send("/me/sessions").status_code == 303
    assert there.get("/me").status_code == 303 and here.get("/me").status_code == 200
    with installation.env(SYSTEM) as env:
        set_password(env, key, "elsewhere set words")
    assert here.get("/me").status_code == 303


def test_nobody_ends_a_session_of_somebody_else(installation: Installation, browser: New, with_password: Give) -> None:
    with_password("sara")
    with_password("reza")
    sara, reza, other = browser(), browser(), browser()
    sara.sign_in("sara")
    reza.sign_in("reza")
    other.sign_in("reza")
    digest = reza.get("/me/sessions").text.split('name="session" value="')[1].split('"')[0]
    sara.send("/me/sessions", {"session": digest})
    assert other.get("/me").status_code == 200


def test_two_step_sign_in_is_set_up_and_taken_back(browser: New, with_password: Give) -> None:
    with_password("sara")
    visitor = browser()
    visitor.sign_in("sara")
    assert visitor.get("/me/two-factor/qr.svg").status_code == 404
    assert visitor.send("/me/two-factor", to="/me/two-factor/start").status_code == 303
    page = visitor.get("/me/two-factor/confirm")
    secret = page.text.split('data-raw="')[1].split('"')[0]
    picture = visitor.get("/me/two-factor/qr.svg")
    assert picture.content_type == "image/svg+xml" and b"<svg" in picture.data
    assert visitor.send("/me/two-factor/confirm", {"code": "000000"}).status_code == 422
    done = visitor.send("/me/two-factor/confirm", {"code": pyotp.TOTP(secret).now()})
    assert done.status_code == 200 and done.text.count("<li>") >= 10
    assert visitor.get("/me/two-factor").status_code == 200
    assert secret not in visitor.get("/me/two-factor").text
    assert browser().sign_in("sara").headers["Location"] == "/login/code"
    assert visitor.send("/me/two-factor", {"current": "wrong"}, "/me/two-factor/off").status_code == 422
    assert visitor.send("/me/two-factor", {"current": PASSWORD}, "/me/two-factor/off").status_code == 303
    assert browser().sign_in("sara").headers["Location"] == "/"
