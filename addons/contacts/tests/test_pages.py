"""Pages: 360 degrees, duplicates while typing, merging, in a browser's place."""

from __future__ import annotations

import json
import re

import pytest

from addons.contacts import overview

pytestmark = [pytest.mark.addons("contacts"), pytest.mark.usefixtures("managers")]
ACCOUNT, CONTACT = "contacts.account", "contacts.contact"


@pytest.fixture
def group(env_as):
    """A group of companies of Sara's with people, and Reza's company and contact in between."""
    with env_as("sara") as env:
        top = env.create(ACCOUNT, {"name": "Holding"})
        middle = env.create(ACCOUNT, {"name": "Pars Tech", "parent": top, "phone": "02188776655"})
        low = env.create(ACCOUNT, {"name": "Pars Lab", "parent": middle})
        boss = env.create(CONTACT, {"first_name": "Ann", "last_name": "Boss", "account": middle})
        clerk = env.create(CONTACT, {"first_name": "Bob", "last_name": "Clerk", "account": middle, "reports_to": boss})
        env.create("contacts.contact_role", {"account": middle, "contact": clerk, "role": "payer"})
        env.create("base.note", {"about": (ACCOUNT, middle), "body": "<p>first <b>note</b><script>alert(1)</script></p>"})
    with env_as("admin") as env:
        reza = env.query("base.user").where('login == "reza"').ids()[0]
        env.create(ACCOUNT, {"name": "Secret daughter", "parent": middle, "owner": reza})
        secret = env.create(CONTACT, {"last_name": "Secretperson", "account": middle, "owner": reza})
        env.create("contacts.contact_role", {"account": middle, "contact": secret, "role": "legal"})
        env.create("base.note", {"about": (CONTACT, secret), "body": "secret note"})
    return {"top": top, "middle": middle, "low": low, "boss": boss, "clerk": clerk}


def test_the_overview_shows_what_the_reader_may_see(env_as, group):
    with env_as("sara") as env:
        people = overview.people_of(env, group["middle"])
        assert [(p["name"], p["roles"]) for p in people] == [("Ann Boss", []), ("Bob Clerk", ["Payer"])]
        assert [(n.label, [c.label for c in n.children]) for n in overview.org_chart(people)] == [("Ann Boss", ["Bob Clerk"])]
        tree = overview.group_tree(env, group["middle"])
        assert (tree.label, [c.label for c in tree.children], [c.label for c in tree.children[0].children]) == (
            "Holding", ["Pars Tech"], ["Pars Lab"])
        linked = {t.record: t.count for t in overview.linked_types(env, group["middle"], [p["id"] for p in people])}
        assert linked == {"base.note": "1"}
    with env_as("admin") as env:
        assert len(overview.people_of(env, group["middle"])) == 3


def test_the_overview_page(browser, group):
    page = browser("sara").get(f"/x/contacts/accounts/{group['middle']}/360")
    assert page.status_code == 200
    for text in ("Pars Tech", "Holding", "Pars Lab", "Ann Boss", "Bob Clerk", "<b>note</b>"):
        assert text in page.text
    for text in ("Secret", "secret", "alert(1)"):
        assert text not in page.text
    assert browser("omid").get(f"/x/contacts/accounts/{group['middle']}/360").status_code == 404


def test_the_overview_page_of_a_person(browser, env_as, group):
    with env_as("sara") as env:
        env.create("base.note", {"about": (CONTACT, group["clerk"]), "body": "met at lunch"})
    with env_as("admin") as env:
        env.create("contacts.contact_role", {"account": env.query(ACCOUNT).where('name == "Secret daughter"').ids()[0],
                                             "contact": group["clerk"], "role": "legal"})
    sara = browser("sara")
    page = sara.get(f"/x/contacts/contacts/{group['clerk']}/360")
    assert page.status_code == 200
    for text in ("Bob Clerk", "Pars Tech", "Payer", "met at lunch"):
        assert text in page.text
    assert "Secret" not in page.text
    assert f"/x/contacts/contacts/{group['clerk']}/360" in sara.get(f"/r/{CONTACT}/{group['clerk']}").text
    assert browser("omid").get(f"/x/contacts/contacts/{group['clerk']}/360").status_code == 404


def test_similar_records_as_json(browser, group):
    sara, omid = browser("sara"), browser("omid")
    found = json.loads(sara.get("/x/contacts/similar/account?name=pars+tech&phone=021+8877+6655").data)
    assert [(c["label"], c["reasons"]) for c in found["candidates"]] == [("Pars Tech", ["Same phone", "Same name"])]
    assert json.loads(omid.get("/x/contacts/similar/account?name=pars+tech").data)["candidates"] == []
    assert json.loads(sara.get(f"/x/contacts/similar/account?name=pars+tech&id={group['middle']}").data)["candidates"] == []
    assert sara.get("/x/contacts/similar/user?name=a").status_code == 404
    assert sara.get("/x/contacts/similar/contact?account=-1e9&name=%F0%9F%98%80&email=%27%22&id=x").status_code == 200
    assert sara.get("/x/contacts/similar/contact?name=%00").status_code < 500


def test_merging_in_the_browser_and_taking_it_back(browser, env_as, group):
    with env_as("sara") as env:
        other = env.create(ACCOUNT, {"name": "Pars Tech Ltd", "email": "info@pars.example", "industry": "technology"})
    sara, keep = browser("sara"), group["middle"]
    page = sara.get(f"/x/contacts/duplicates/account/{keep}")
    assert page.status_code == 200
    assert "Pars Tech Ltd" in page.text
    url = f"/x/contacts/merge/account?ids={keep}&ids={other}"
    page = sara.get(url)
    assert page.status_code == 200
    assert re.search(rf'name="pick.email" value="{other}" checked', page.text)
    answer = sara.post(url, {"keep": keep, "pick.email": other, "pick.industry": other, "pick.name": keep, "pick.owner": "x"})
    assert answer.status_code == 303
    with env_as("sara") as env:
        found = env.get(ACCOUNT, keep, "name", "email", "industry")
        assert (found.name, found.email, found.industry) == ("Pars Tech", "info@pars.example", "technology")
        merged = env.query("contacts.merge").ids()[0]
    assert browser("reza").post(f"/x/contacts/merges/{merged}/undo", {}).status_code == 404
    assert sara.post(f"/x/contacts/merges/{merged}/undo", {}).status_code == 303
    with env_as("sara") as env:
        assert env.get(ACCOUNT, other, "email").email == "info@pars.example"
        assert env.get(ACCOUNT, keep, "email").email is None


@pytest.mark.parametrize("query", ["", "ids=1", "ids=1&ids=999999", "ids=x&ids=-1", "&".join(f"ids={i}" for i in range(1, 30))])
def test_bad_merges_are_refused_in_words(browser, group, query):
    assert browser("sara").get(f"/x/contacts/merge/account?{query}").status_code in (404, 422)
    assert browser("sara").post(f"/x/contacts/merge/account?{query}", {"keep": "1"}).status_code in (404, 422)


def test_a_hidden_company_is_not_merged_or_compared(browser, env_as, group):
    with env_as("admin") as env:
        secret = env.query(ACCOUNT).where('name == "Secret daughter"').ids()[0]
    sara = browser("sara")
    assert sara.get(f"/x/contacts/merge/account?ids={group['middle']}&ids={secret}").status_code == 404
    assert sara.get(f"/x/contacts/duplicates/account/{secret}").status_code == 404


def test_hooks_offer_what_the_person_may_do(env_as, installation, group):
    collected = installation.registry.collected
    with env_as("sara") as env:
        account = env.get(ACCOUNT, group["middle"])
        urls = [a.url for a in collected("record_actions", env=env, record_name=ACCOUNT, record=account)]
        assert f"/x/contacts/accounts/{account.id}/360" in urls
        assert [a.url for a in collected("list_actions", env=env, record_name=ACCOUNT)] == ["/x/contacts/merge/account"]
        assert collected("list_actions", env=env, record_name="base.user") == []
        tile = next(t for t in collected("dashboard_tiles", env=env) if t.icon == "building")
        assert [r[0] for r in tile.rows] == ["Pars Lab", "Pars Tech", "Holding"]
    with env_as("mina") as env:
        assert collected("list_actions", env=env, record_name=ACCOUNT) == []
