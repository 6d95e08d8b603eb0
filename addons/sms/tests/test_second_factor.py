"""Two-step sign-in by SMS, and what attackers try there."""

import datetime as dt

import pyotp
import pytest
import time_machine

from addons.sms import codes
from core.api import SYSTEM, F
from core.security.accounts import keeper
from core.testing.jobs import run_jobs
from core.testing.plugin import PASSWORD, user_id

pytestmark = pytest.mark.addons("sms")
MOBILE = "+989121234567"
WAY = "/me/two-factor/by/sms"


@pytest.fixture
def set_up(installation, browser, with_password, code_of):
    """Sara with SMS as her second step; her recovery codes and a signed-in browser."""
    with_password("sara")
    visitor = browser()
    visitor.sign_in("sara")
    assert visitor.send(WAY, {"address": "۰۹۱۲ ۱۲۳ ۴۵۶۷", "current": PASSWORD}).headers["Location"] == f"{WAY}/confirm"
    code, count = code_of()
    assert count == 1
    page = visitor.send(f"{WAY}/confirm", {"code": code})
    assert page.status_code == 200
    found = [part.split("<")[0].strip() for part in page.text.split("<li>")[1:]]
    return [c for c in found if len(c) == 11 and c[5] == "-"] or page.text


def second_step(browser, login="sara"):
    visitor = browser()
    assert visitor.sign_in(login).headers["Location"] == "/login/code"
    return visitor


def ask(visitor):
    return visitor.send("/login/code", {"way": "sms"}, "/login/code/send")


def test_a_number_is_confirmed_and_signs_in(installation, browser, line, set_up, code_of):
    assert line.provider.taken[0].to == MOBILE
    visitor = second_step(browser)
    assert "Code by SMS" in visitor.get("/login/code").text and "4567" not in visitor.get("/login/code").text
    assert ask(visitor).status_code == 303
    assert "If you have set this up" in visitor.get("/login/code").text
    code, _count = code_of()
    assert visitor.send("/login/code", {"code": code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))}).status_code == 303
    assert visitor.get("/me").status_code == 200
    assert MOBILE in visitor.get(WAY).text
    again = second_step(browser)
    assert again.send("/login/code", {"code": code}).status_code == 422, "a code is good once"


def test_recovery_codes_work_and_switching_off_forgets_all(installation, browser, set_up, code_of):
    assert len(set_up) == 10
    visitor = second_step(browser)
    assert visitor.send("/login/code", {"code": set_up[0]}).status_code == 303
    assert visitor.send("/me/two-factor", {"current": "wrong"}, "/me/two-factor/off").status_code == 422
    assert visitor.send("/me/two-factor", {"current": PASSWORD}, "/me/two-factor/off").status_code == 303
    assert browser().sign_in("sara").headers["Location"] == "/"
    with installation.env(SYSTEM) as env:
        key = user_id(installation, "sara")
        assert codes.number_of(env, key) == "" and not env.get("base.user", key, "recovery_codes").recovery_codes


def test_an_administrator_switches_it_off(installation, browser, visit, set_up):
    key = user_id(installation, "sara")
    assert "second-factor" in visit("boss").get(f"/admin/users/{key}").text
    visit("boss").post(f"/admin/users/{key}/second-factor")
    assert browser().sign_in("sara").headers["Location"] == "/"


def test_beside_the_authenticator(installation, browser, with_password, code_of):
    key, secret = with_password("sara"), pyotp.random_base32()
    with installation.env(SYSTEM) as env:
        kept = keeper(env).enable_second_factor(env, key, secret, pyotp.TOTP(secret).at(int(env.now.timestamp()) - 30))
    visitor = second_step(browser)
    visitor.send("/login/code", {"code": pyotp.TOTP(secret).now()})
    visitor.send(WAY, {"address": MOBILE, "current": PASSWORD})
    assert visitor.send(f"{WAY}/confirm", {"code": code_of()[0]}).status_code == 303
    other = second_step(browser)
    ask(other)
    assert other.send("/login/code", {"code": code_of()[0]}).status_code == 303
    assert second_step(browser).send("/login/code", {"code": kept[0]}).status_code == 303, "recovery codes stay"


def test_an_authenticator_beside_sms_needs_the_password(browser, set_up, code_of):
    visitor = second_step(browser)
    visitor.send("/login/code", {"code": set_up[1]})
    visitor.send("/me/two-factor", to="/me/two-factor/start")
    secret = visitor.get("/me/two-factor/confirm").text.split('data-raw="')[1].split('"')[0]
    answers = {"code": pyotp.TOTP(secret).now()}
    assert visitor.send("/me/two-factor/confirm", {**answers, "current": "wrong"}).status_code == 422
    assert visitor.send("/me/two-factor/confirm", {**answers, "current": PASSWORD}).status_code == 200
    assert second_step(browser).send("/login/code", {"code": set_up[2]}).status_code == 422, "recovery codes are new"


# ---------------------------------------------------------------- attacks
def test_who_has_no_number_looks_the_same(installation, browser, with_password, set_up, code_of):
    """Reza has an authenticator alone: pages, answers and limits are those of Sara, who has a number."""
    key, secret = with_password("reza"), pyotp.random_base32()
    with installation.env(SYSTEM) as env:
        keeper(env).enable_second_factor(env, key, secret, pyotp.TOTP(secret).now())
        env.purge("sms.code_request", env.query("sms.code_request").ids() if not env.delete(
            "sms.code_request", env.query("sms.code_request")) else env.query("sms.code_request").deleted(None).ids())
    sara, reza = second_step(browser), second_step(browser, "reza")
    for _i in range(codes.PER_PERSON + 1):
        one, other = ask(sara), ask(reza)
        assert (one.status_code, one.headers.get("Location")) == (other.status_code, other.headers.get("Location"))
    assert one.status_code == 429

    def plain(answer):
        return answer.text.split("<main>")[1].replace(answer.text.split('name="csrf_token" value="')[1].split('"')[0], "")
    assert plain(one) == plain(other)
    sent = code_of()[1]
    assert sent == 1 + codes.PER_PERSON, "Reza got none, and Sara not more than an hour's"


def test_guesses_are_counted_and_the_right_code_is_lost_with_them(installation, browser, set_up, code_of):
    ask(second_step(browser))
    code, _count = code_of()
    with installation.env(SYSTEM) as env:
        key = user_id(installation, "sara")
        wrong = f"{(int(code) + 1) % 10 ** 6:06}"
        for _i in range(codes.TRIES):
            assert not codes.right(env, key, codes.SIGN_IN, wrong)
        assert not codes.right(env, key, codes.SIGN_IN, code)


def test_guesses_at_confirming_are_kept_though_the_page_is_an_error(installation, browser, with_password, code_of):
    with_password("sara")
    visitor = browser()
    visitor.sign_in("sara")
    visitor.send(WAY, {"address": MOBILE, "current": PASSWORD})
    code, _count = code_of()
    for _i in range(codes.TRIES):
        assert visitor.send(f"{WAY}/confirm", {"code": f"{(int(code) + 1) % 10 ** 6:06}"}).status_code == 422
    assert visitor.send(f"{WAY}/confirm", {"code": code}).status_code == 422
    assert browser().sign_in("sara").headers["Location"] == "/", "nothing was set up"


def test_a_code_for_one_thing_is_none_for_another(installation, browser, set_up, code_of):
    key = user_id(installation, "sara")
    ask(second_step(browser))
    code, _count = code_of()
    with installation.env(SYSTEM) as env:
        assert not codes.right(env, key, codes.CONFIRM, code)
        assert not codes.right(env, user_id(installation, "reza"), codes.SIGN_IN, code)
        assert codes.right(env, key, codes.SIGN_IN, code)


def test_old_codes_are_worth_nothing(installation, browser, set_up, code_of):
    ask(second_step(browser))
    code, _count = code_of()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=codes.MINUTES, seconds=1)), installation.env(SYSTEM) as env:
        assert not codes.right(env, user_id(installation, "sara"), codes.SIGN_IN, code)


def test_a_new_code_replaces_the_last(installation, browser, set_up, code_of):
    visitor = second_step(browser)
    ask(visitor)
    first, _count = code_of()
    ask(visitor)
    second, _count = code_of()
    assert visitor.send("/login/code", {"code": first}).status_code == 422 or first == second
    assert visitor.send("/login/code", {"code": second}).status_code == 303


def test_setting_a_number_needs_the_password_and_a_mobile(browser, with_password, line, code_of):
    with_password("sara")
    visitor = browser()
    assert visitor.get(WAY).status_code == 303, "strangers sign in first"
    visitor.sign_in("sara")
    assert visitor.send(WAY, {"address": MOBILE, "current": "wrong"}).status_code == 422
    assert "landline" in visitor.send(WAY, {"address": "+982188887777", "current": PASSWORD}).text
    assert "service number" in visitor.send(WAY, {"address": "+18005550199", "current": PASSWORD}).text
    assert code_of() == ("", 0)
    assert visitor.get("/me/two-factor/by/pigeon").status_code == 404


def test_one_range_of_numbers_is_not_pumped(installation, line, code_of):
    """Many accounts with numbers beside each other, as fraud with paid ranges does: the range is stopped."""
    with installation.env(SYSTEM) as env:
        people = env.create("base.user", [{"name": f"P{n}", "login": f"p{n}"} for n in range(codes.PER_RANGE + 5)])
        for n, key in enumerate(people):
            codes.note(env, key, f"+98912555{n:04}")
            codes.ask(env, key, codes.CONFIRM, f"10.0.0.{n}")
    assert code_of()[1] == codes.PER_RANGE


def test_one_address_asks_for_so_many(installation, line):
    with installation.env(SYSTEM) as env:
        people = env.create("base.user", [{"name": f"P{n}", "login": f"p{n}"} for n in range(codes.PER_ADDRESS + 1)])
        for key in people[:-1]:
            codes.ask(env, key, codes.SIGN_IN, "10.0.0.9")
        with pytest.raises(Exception, match="Too many codes"):
            codes.ask(env, people[-1], codes.SIGN_IN, "10.0.0.9")
        codes.ask(env, people[-1], codes.SIGN_IN, "10.0.0.8")


def test_codes_are_hidden_everywhere(installation, browser, line, set_up, code_of, env_as):
    ask(second_step(browser))
    code, _count = code_of()
    with installation.env(SYSTEM) as env:
        stored = str(env.query("sms.code_number").records("digest")[0].digest) + str(
            env.query("messaging.message").select("body", "headline", "details", "subject").rows())
        assert code not in stored
        jobs = env.registry.system
        assert jobs is not None and "messaging.thread" and not env.query("messaging.thread").exists()
    for who in ("sara", "boss", "reza"):
        with env_as(who) as env:
            assert not env.query("messaging.message").exists() or who == "boss"
            assert not env.access.readable("sms.code_number", "digest")
            if who == "reza":
                assert not env.query("sms.code_number").exists(), "who has a number is nobody else's business"


def test_nobody_half_signed_in_gets_further_with_it(browser, set_up):
    visitor = second_step(browser)
    for page in ("/me", WAY, f"{WAY}/confirm", "/x/sms/settings"):
        assert visitor.get(page).status_code in (303, 404)
    assert browser().client.post("/login/code/send", data={"way": "sms"}).status_code in (303, 400)
    assert visitor.client.post("/login/code/send", data={"way": "sms"}).status_code == 400, "no token, no code"
    assert visitor.send("/login/code", {"way": "nothing"}, "/login/code/send").status_code == 404


# ---------------------------------------------------------------- settings
def test_codes_as_an_approved_text(installation, browser, visit, line, with_password, code_of):
    boss = visit("admin")
    assert boss.post("/x/sms/settings", {"account": str(line.account), "template": "login", "parameter": ""}).status_code == 422
    assert boss.post("/x/sms/settings", {"account": "999", "template": "", "parameter": ""}).status_code == 422
    assert boss.post("/x/sms/settings", {"account": str(line.account), "template": "login", "parameter": "token"}).status_code == 303
    assert visit("sara").get("/x/sms/settings").status_code == 403
    with_password("sara")
    line.register(installation)
    visitor = browser()
    visitor.sign_in("sara")
    visitor.send(WAY, {"address": MOBILE, "current": PASSWORD})
    run_jobs(installation)
    sent = line.provider.taken[-1]
    assert sent.template == "login" and visitor.send(f"{WAY}/confirm", {"code": sent.parameters["token"]}).status_code == 200


def test_old_requests_are_forgotten(installation, line):
    with installation.env(SYSTEM) as env:
        codes.ask(env, user_id(installation, "sara"), codes.SIGN_IN, "")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=2)), installation.env(SYSTEM) as env:
        assert codes.sweep(env) == 1 and not env.query("sms.code_request").deleted(None).where(F.id > 0).exists()
