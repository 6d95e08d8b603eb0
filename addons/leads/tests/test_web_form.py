"""Web-to-lead over HTTP: the form, its guards, the quarantine and its way out."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
import time_machine

from core.api import SYSTEM, ValidationFailed

pytestmark = [pytest.mark.addons("leads"), pytest.mark.usefixtures("manager")]
FORM, SUBMISSION, LEAD = "leads.web_form", "leads.submission", "leads.lead"
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def form(env_as, installation):
    """A Persian form of Mina's whose leads go to Sara."""
    with env_as("mina") as env:
        sara = env.query("base.user").where('login == "sara"').ids()[0]
        source = env.query("leads.source").where('kind == "web"').ids()[0]
        key = env.create(FORM, {"name": "تماس", "language": "fa", "owner": sara, "source": source, "per_hour": 3,
                                "shown": ["first_name", "last_name", "mobile", "email"], "needed": ["last_name"],
                                "origins": "https://www.example.com\nhttps://shop.example.com:8443/"})
        return key, env.get(FORM, key, "token").token


def stamp_of(page) -> dict[str, str]:
    return {n: html.unescape(v) for n, v in re.findall(r'name="(stamp|campaign|detail)" value="([^"]*)"', page.text)}


def send(browser, token, wait=10, **values):
    visitor = browser()
    with time_machine.travel(NOW, tick=False):
        page = visitor.get(f"/x/leads/form/{token}?utm_campaign=norooz")
    with time_machine.travel(NOW + dt.timedelta(seconds=wait), tick=False):
        return visitor.post(f"/x/leads/form/{token}", {**stamp_of(page), "last_name": "احمدی", "mobile": "۰۹۱۲۱۲۳۴۵۶۷", **values})


def verdicts(env_as):
    with env_as("mina") as env:
        return [r["verdict"] for r in env.query(SUBMISSION).order("id").select("verdict").rows()]


def test_a_visitor_gets_the_style_sheets_of_this_addon_alone(browser, form):
    sheets = re.findall(r'href="/static/addon-(\w+)/(?:\w+)/([\w.]+)"', browser().get(f"/x/leads/form/{form[1]}").text)
    assert sheets == [("leads", "leads.css")]
    assert "/static/addon-" not in browser().get("/login").text


def test_a_visitor_becomes_a_raw_lead(browser, env_as, form):
    page = browser().get(f"/x/leads/form/{form[1]}")
    assert page.status_code == 200
    assert 'lang="fa"' in page.text
    assert 'dir="rtl"' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.example.com https://shop.example.com:8443" in policy
    assert "X-Frame-Options" not in page.headers
    answer = send(browser, form[1])
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/x/leads/form/{form[1]}?done=1")
    assert "data-thanks" in browser().get(answer.headers["Location"]).text
    with env_as("sara") as env:
        lead = env.query(LEAD).first()
        assert (lead.name, lead.mobile, lead.status, lead.first_touch_channel, lead.campaign) == (
            "احمدی", "+989121234567", "raw", "web", "norooz")
        assert lead.source is not None
        assert lead.preferred_language == "fa"
    assert verdicts(env_as) == ["accepted"]


def test_mistakes_come_back_with_what_was_typed(browser, env_as, form):
    answer = send(browser, form[1], last_name="", email="no address")
    assert answer.status_code == 422
    assert 'value="no address"' in answer.text
    assert answer.text.count('class="error"') == 1
    answer = send(browser, form[1], email="no address")
    assert answer.status_code == 422
    assert verdicts(env_as) == []


@pytest.mark.parametrize(("wait", "values"), [(0, {}), (10, {"homepage_url": "http://spam.example"}), (10, {"stamp": "1.x.y"})])
def test_robots_end_in_quarantine(browser, env_as, form, wait, values):
    assert send(browser, form[1], wait=wait, **values).status_code == 303
    assert verdicts(env_as) == ["spam"]
    with env_as("sara") as env:
        assert not env.query(LEAD).exists()
        assert not env.can("read", SUBMISSION)
    with env_as("mina") as env:
        held = env.query(SUBMISSION).ids()
        env.run_action(SUBMISSION, "release", held)
        found = env.get(SUBMISSION, held[0])
        assert (found.verdict, found.lead.label) == ("released", "احمدی")


def test_sent_twice_is_one_lead(browser, env_as, form):
    visitor = browser()
    with time_machine.travel(NOW, tick=False):
        data = {**stamp_of(visitor.get(f"/x/leads/form/{form[1]}")), "last_name": "X"}
    with time_machine.travel(NOW + dt.timedelta(seconds=9), tick=False):
        assert [visitor.post(f"/x/leads/form/{form[1]}", data).status_code for _i in range(2)] == [303, 303]
    assert verdicts(env_as) == ["accepted"]


def test_old_pages_are_shown_again(browser, env_as, form):
    answer = send(browser, form[1], wait=100_000)
    assert answer.status_code == 422
    assert "احمدی" in answer.text
    assert verdicts(env_as) == []


def test_too_many_from_one_address(browser, env_as, form):
    codes = [send(browser, form[1], last_name=f"N{i}").status_code for i in range(8)]
    assert codes == [303] * 3 + [429] * 5
    assert verdicts(env_as) == ["accepted"] * 3 + ["too_many"] * 3
    with env_as("sara") as env:
        assert env.query(LEAD).count() == 3


def test_the_thank_you_page_is_where_the_manager_says(browser, env_as, form):
    with env_as("mina") as env:
        env.update(FORM, form[0], {"redirect_url": "https://www.example.com/thanks"})
    answer = send(browser, form[1])
    assert (answer.status_code, answer.headers["Location"]) == (303, "https://www.example.com/thanks")
    policy = browser().get(f"/x/leads/form/{form[1]}").headers["Content-Security-Policy"]
    assert "form-action 'self' https://www.example.com;" in policy
    for bad in ({"redirect_url": "javascript:alert(1)"}, {"origins": "https://a.example; script-src *"}, {"origins": "*"},
                {"shown": ["last_name"]}):
        with env_as("mina") as env, pytest.raises(ValidationFailed):
            env.update(FORM, form[0], bad)


def test_inactive_forms_are_gone(browser, env_as, form):
    with env_as("mina") as env:
        env.update(FORM, form[0], {"active": False})
    assert browser().get(f"/x/leads/form/{form[1]}").status_code == 404
    assert browser().post(f"/x/leads/form/{form[1]}", {"last_name": "x"}).status_code == 404
    assert browser().get("/x/leads/form/" + "a" * 300).status_code == 404


def test_the_embed_page_is_the_managers(browser, form, installation):
    page = browser("mina").get(f"/x/leads/forms/{form[0]}/embed")
    assert page.status_code == 200
    assert f"/x/leads/form/{form[1]}" in page.text
    assert "&lt;iframe" in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert browser("sara").get(f"/x/leads/forms/{form[0]}/embed").status_code in (403, 404)
    assert browser().get(f"/x/leads/forms/{form[0]}/embed").status_code in (302, 303)


def test_odd_input_is_answered(browser, form):
    visitor = browser()
    for data in ({"last_name": "x" * 5000}, {"mobile": "abc"}, {"stamp": "۱۲.x.y"}, {"stamp": "1" * 300}, {"email": "😀@x"}):
        assert visitor.post(f"/x/leads/form/{form[1]}", data).status_code < 500


def test_consent_must_be_ticked_and_is_kept(browser, env_as, form):
    with env_as("mina") as env:
        env.update(FORM, form[0], {"consent": "You may call me."})
    assert "You may call me." in browser().get(f"/x/leads/form/{form[1]}").text
    refused = send(browser, form[1])
    assert refused.status_code == 422
    assert 'name="consent"' in refused.text
    assert send(browser, form[1], consent="1").status_code == 303
    with env_as("sara") as env:
        lead = env.query(LEAD).first("consent_at", "consent_text")
        assert lead.consent_at is not None
        assert lead.consent_text == "You may call me."
    assert verdicts(env_as) == ["accepted"]


def test_people_take_turns(browser, env_as, form, installation):
    with env_as("mina") as env:
        people = env.query("base.user").where('login in ("sara", "reza", "omid")').order("id").ids()
        env.update(FORM, form[0], {"share_among": people, "per_hour": 20})
    for turn in range(4):
        assert send(browser, form[1], last_name=f"V{turn}", wait=10 + turn).status_code == 303
    with installation.env(SYSTEM) as env:
        assert [r["owner"].id for r in env.query(LEAD).order("id").select("owner").rows()] == [*people, people[0]]
        env.update("base.user", people[1], {"active": False})
    assert send(browser, form[1], last_name="V5", wait=20).status_code == 303
    with installation.env(SYSTEM) as env:
        assert env.query(LEAD).order("-id").first("owner").owner.id == people[2], "who is away is left out"
