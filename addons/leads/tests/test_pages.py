"""Pages in a browser's place: conversion, closing, merging, settings; figures, panels, the demo company."""

from __future__ import annotations

import re

import pytest

from addons.leads import reports, settings_pages, transitions
from core.api import SYSTEM, calendar
from core.testing.plugin import query_budget

pytestmark = pytest.mark.addons("leads")
LEAD, ACCOUNT, CONTACT = "leads.lead", "contacts.account", "contacts.contact"


def test_conversion_in_the_browser_and_its_way_back(browser, env_as, lead):
    key = lead(campaign="spring")
    sara = browser("sara")
    page = sara.get(f"/x/leads/{key}/convert")
    assert page.status_code == 200
    for text in ("Pars Tech", "spring", 'name="contacts.account"', 'value="create"', 'id="unmapped"'):
        assert text in page.text
    assert browser("omid").get(f"/x/leads/{key}/convert").status_code == 404
    answer = sara.post(f"/x/leads/{key}/convert", {ACCOUNT: "skip", CONTACT: "skip"})
    assert answer.status_code == 422
    assert "Choose at least one" in answer.text
    answer = sara.post(f"/x/leads/{key}/convert", {ACCOUNT: "create", CONTACT: "create", "attach": CONTACT, "keep_rest": "1"})
    assert answer.status_code == 303
    assert re.fullmatch(r"/r/contacts.account/\d+", answer.headers["Location"])
    with env_as("sara") as env:
        assert env.get(LEAD, key, "status").status == "converted"
        account = env.query(ACCOUNT).first("name")
        assert "LD-" in reports.panels(env, ACCOUNT, account)[0].html
    assert sara.get(f"/x/leads/{key}/convert").status_code == 422
    assert sara.post(f"/x/leads/{key}/unconvert", {}).status_code == 303
    with env_as("sara") as env:
        assert env.get(LEAD, key, "status").status == "new"
        assert not env.query(ACCOUNT).exists()


def test_odd_decisions_are_refused(browser, env_as, lead):
    key = lead()
    sara = browser("sara")
    for value in ("pick:999999", "pick:x", "pick:", "nonsense"):
        assert sara.post(f"/x/leads/{key}/convert", {ACCOUNT: value}).status_code == 422
    assert sara.post(f"/x/leads/{key}/convert", {ACCOUNT: "create", "owner": "999999"}).status_code == 422
    with env_as("sara") as env:
        assert env.get(LEAD, key, "status").status == "new"
        assert not env.query(ACCOUNT).exists()


def test_several_are_converted_or_left(browser, env_as, lead):
    keys = [lead(last_name=f"P{i}", email=f"p{i}@x.example") for i in range(2)]
    closed = lead(last_name="Closed")
    with env_as("sara") as env:
        env.update(LEAD, closed, {"status": "dead", "dead_reason": "no_answer"})
    sara = browser("sara")
    assert sara.get("/x/leads/convert?" + "&".join(f"ids={k}" for k in keys)).status_code == 200
    page = sara.post("/x/leads/convert", {"ids": [*keys, closed], "go": "1"})
    assert page.status_code == 200
    assert "2 of 3 leads converted" in page.text
    with env_as("sara") as env:
        assert env.query(LEAD).where('status == "converted"').count() == 2
        assert env.query(ACCOUNT).count() == 1


def test_closing_asks_why(browser, env_as, lead):
    one, two = lead(), lead(last_name="B")
    sara = browser("sara")
    assert sara.get(f"/x/leads/{one}/junk").status_code == 200
    assert sara.post(f"/x/leads/{one}/junk", {"reason": ""}).status_code == 422
    assert sara.post(f"/x/leads/{one}/junk", {"reason": "spam", "note": "bot"}).status_code == 303
    assert sara.post("/x/leads/dead", {"ids": [two]}).status_code == 200
    assert sara.post("/x/leads/dead", {"ids": [two], "reason": "no_budget"}).status_code == 303
    with env_as("sara") as env:
        assert [(r["status"], r["junk_reason"], r["dead_reason"]) for r in env.query(LEAD).order("id").select(
            "status", "junk_reason", "dead_reason").rows()] == [("junk", "spam", None), ("dead", None, "no_budget")]
    assert sara.get("/x/leads/dead").status_code == 404


def test_a_lead_that_left_the_path_has_not_passed_it(browser, env_as, lead):
    key = lead()
    sara = browser("sara")
    page = sara.get(f"/r/{LEAD}/{key}").text
    assert 'class="step done"' in page and 'value="junk"' not in page
    with env_as("sara") as env:
        env.update(LEAD, key, {"status": "junk", "junk_reason": "spam"})
    page = sara.get(f"/r/{LEAD}/{key}").text
    assert 'class="step lost" aria-current="step"' in page and 'class="step done"' not in page


@pytest.mark.usefixtures("manager")
def test_leads_are_merged(browser, env_as, lead):
    one, two = lead("mina"), lead("mina", last_name="Karimy", mobile="09121234567")
    with env_as("mina") as env:
        env.create("base.note", {"about": (LEAD, two), "body": "note of the second"})
    mina = browser("mina")
    url = f"/x/leads/merge?ids={one}&ids={two}"
    assert mina.get(url).status_code == 200
    assert mina.post(url, {"ids": [one, two], "keep": one, "pick.mobile": two}).status_code == 303
    with env_as("mina") as env:
        assert env.get(LEAD, one, "mobile").mobile == "+989121234567"
        assert env.query(LEAD).count() == 1
        assert env.query("base.note").holding("about", [one], LEAD).count() == 1


@pytest.mark.usefixtures("manager")
def test_settings_are_the_managers(browser, env_as, lead):
    key = lead()
    mina = browser("mina")
    for path in ("", "/transitions", "/mapping"):
        assert mina.get(f"/x/leads/settings{path}").status_code == 200
        assert browser("sara").get(f"/x/leads/settings{path}").status_code == 403
    with env_as("mina") as env:
        moves = {f"to.{start}": [e for s, e in transitions.defaults() if s == start] for start, _end in transitions.defaults()}
    moves["to.new"] = ["ready", "converted", "nonsense"]
    assert mina.post("/x/leads/settings/transitions", moves).status_code == 303
    with env_as("sara") as env:
        assert transitions.next_statuses(env, "new") == ["ready"]
        env.update(LEAD, key, {"status": "ready"})
    wanted = {f"{CONTACT}.last_name": "last_name", f"{CONTACT}.employees": "logo"}
    assert mina.post("/x/leads/settings/mapping", wanted).status_code == 303
    with env_as("mina") as env:
        assert env.query("leads.mapping").count() == 1
    assert mina.post("/x/leads/settings", {"sheet": "champ", "apply": "1"}).status_code == 303
    assert env_sheet(env_as) == "champ"
    with env_as("mina") as env:
        assert env.get(LEAD, key, "sheet").sheet == "bant"
        assert settings_pages.apply_sheet(env, "champ", batch=1) == 1
        assert env.get(LEAD, key, "sheet").sheet == "champ"


def env_sheet(env_as):
    with env_as("sara") as env:
        return env.get(LEAD, env.create(LEAD, {"last_name": "New"}), "sheet").sheet


def test_the_rate_follows_the_filters(env_as, lead, installation):
    from addons.leads.conversion import convert
    keys = [lead(last_name=f"P{i}", email=f"p{i}@x.example", city="Tehran" if i else "Karaj") for i in range(4)]
    with env_as("sara") as env:
        convert(env, keys[0])
        assert reports.rate(env, env.query(LEAD))[:2] == (4, 1)
        assert reports.rate(env, env.query(LEAD).where('city == "Tehran"'))[:2] == (3, 0)
        figures = {str(f.label): f.value for f in reports.summary(env, env.query(LEAD))}
        assert "25" in figures["Conversion rate"]
        with query_budget(installation, 1):
            reports.summary(env, env.query(LEAD))
    with env_as("omid") as env:
        assert reports.summary(env, env.query(LEAD)) == []


def test_tiles_and_panels(env_as, lead, installation):
    key = lead(rating="hot", bant_need="yes")
    with env_as("sara") as env:
        env.calendar = calendar("jalali")
        with query_budget(installation, 5):
            tiles = reports.tiles(env)
        assert [len(t.rows) for t in tiles] == [1, 1, 0, 0, 0]
        assert [t.value for t in tiles[2:]] == ["1", "1", "0"]
        panel = reports.panels(env, LEAD, env.get(LEAD, key, "name"))[0]
        assert "BANT" in panel.title
        assert "Yes" in panel.html


def test_the_demo_company(installation):
    with installation.env(SYSTEM) as env:
        env.registry.plugins.hook.demo_data(env=env)
        assert env.query(LEAD).count() == 400
        by_status = {r["status"]: r["count"] for r in env.query(LEAD).aggregate(["status"])}
        assert len(by_status) == 13
        assert 40 < by_status["converted"] < 100
        months = {r["created_at"].strftime("%Y-%m") for r in env.query(LEAD).select("created_at").rows()}
        assert len(months) >= 11, "a year of work, not a day"
        assert not env.query(LEAD).where("created_at > now()").exists()
        assert env.query(LEAD).where("converted_at < created_at or last_touch_at < first_touch_at").count() == 0
        makers = {r["created_by"].id for r in env.query(LEAD).select("created_by").rows()}
        assert len(makers) > 1, "sellers made them, not the system"
        first = [r["name"] for r in env.query(LEAD).order("id").select("name").rows(20)]
        env.registry.plugins.hook.demo_data(env=env)
        assert env.query(LEAD).count() == 400
        assert len(set(first)) > 10


def test_the_lists_and_records_of_this_addon_open(browser, env_as, lead):
    key = lead(bant_need="yes")
    sara = browser("sara")
    page = sara.get(f"/r/{LEAD}/{key}")
    assert page.status_code == 200
    for text in ("Karimi", f"/r/{LEAD}/{key}/run/junk", "BANT", "1 of 4"):
        assert text in page.text
    page = sara.get(f"/r/{LEAD}")
    assert page.status_code == 200
    assert "figures=1" in page.text
    assert "Conversion rate" not in page.text
    for headers in ({"X-Fragment": "figures"}, {}):
        assert "Conversion rate" in sara.get(f"/r/{LEAD}?figures=1", headers=headers).text
    with env_as("sara") as env:
        urls = [t.url for t in reports.tiles(env)]
    for url in (*urls, f"/r/{LEAD}/new", "/r/leads.source", "/"):
        assert sara.get(url).status_code == 200
    assert sara.post(f"/r/{LEAD}/{key}/run/convert", {}).headers["Location"] == f"/x/leads/{key}/convert"


def test_who_is_there_already_is_told_while_typing(browser, env_as, lead):
    first = lead(mobile="09121234567")
    lead("omid", last_name="Hidden", email="hidden@x.example")
    with env_as("sara") as env:
        env.create(ACCOUNT, {"name": "شرکت Pars Tech"})
        env.create(CONTACT, {"last_name": "K", "email": "k@x.example"})
    sara = browser("sara")

    def asked(**typed):
        answer = sara.get("/x/leads/similar", query_string=typed)
        return [c["url"].rpartition("/")[0] for c in answer.json["candidates"]]
    assert asked(mobile="۰۹۱۲ ۱۲۳ ۴۵۶۷") == [f"/r/{LEAD}"]
    assert asked(mobile="09121234567", id=str(first)) == []
    assert asked(email="K@x.example", company="Pars Tech") == [f"/r/{CONTACT}", f"/r/{ACCOUNT}"]
    assert asked(email="hidden@x.example") == [], "nothing of what others keep"
    assert asked() == []


def test_a_merge_of_leads_is_taken_back_on_its_page(browser, env_as, lead, manager):
    keys = [lead("mina", last_name=f"L{i}", email=f"l{i}@x.example") for i in range(2)]
    mina = browser("mina")
    assert mina.post(f"/x/leads/merge?ids={keys[0]}&ids={keys[1]}", {"keep": keys[0], "ids": keys}).status_code == 303
    page = mina.get(f"/r/{LEAD}/{keys[0]}").text
    undo = re.search(r"/x/contacts/merges/\d+/undo", page)
    assert undo and "Take back" in page
    assert mina.post(undo[0], {}).status_code == 303
    with env_as("mina") as env:
        assert env.query(LEAD).with_ids(keys).count() == 2
