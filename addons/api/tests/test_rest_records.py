"""Records over the API: what goes in comes out, versions guard, pages are stable, refusals are problems."""

from __future__ import annotations

import pytest

from addons.api.tests.calling import Caller
from core.api import SYSTEM, ValidationFailed
from core.testing.plugin import query_budget, user_id

pytestmark = pytest.mark.addons("api", "leads")
LEADS = "/records/leads.lead"


def test_a_record_goes_in_and_comes_out(installation):
    sara = Caller(installation, "boss")
    made = sara.post(LEADS, {"last_name": "Karimi", "email": "k@example.com"}, 201)
    assert sara.last.headers["Location"] == f"/api/v1{LEADS}/{made['id']}"
    assert made["version"] == 1 and made["owner"]["record"] == "base.user"
    found = sara.get(f"{LEADS}/{made['id']}")
    assert found == made
    tag = sara.last.headers["ETag"]
    sara.get(f"{LEADS}/{made['id']}", 304, If_None_Match=tag)
    changed = sara.patch(f"{LEADS}/{made['id']}", {"last_name": "Rahimi"}, 200, If_Match=tag)
    assert (changed["last_name"], changed["version"]) == ("Rahimi", 2)
    sara.delete(f"{LEADS}/{made['id']}", 204)
    assert sara.get(f"{LEADS}/{made['id']}", 404)["type"] == "/api/problems/not-found"
    assert sara.post(f"{LEADS}/{made['id']}/restore", status=200)["last_name"] == "Rahimi"


def test_nobodys_change_is_overwritten(installation):
    sara = Caller(installation, "sara")
    key = sara.post(LEADS, {"last_name": "One", "company": "A"}, 201)["id"]
    sara.patch(f"{LEADS}/{key}", {"company": "B", "version": 1}, 200)
    problem = sara.patch(f"{LEADS}/{key}", {"company": "C", "version": 1}, 409)
    assert problem["type"] == "/api/problems/conflict" and problem["version"] == 2
    assert {"field": "company", "before": "A", "current": "B", "yours": "C"} in problem["difference"]
    assert sara.get(f"{LEADS}/{key}")["company"] == "B"
    Caller(installation, "boss").delete(f"{LEADS}/{key}", 409, If_Match='"1"')


def test_pages_stay_right_while_others_write(installation, env_as):
    with env_as("sara") as env:
        env.create("leads.lead", [{"last_name": f"N{i:03}"} for i in range(25)])
    sara = Caller(installation, "sara")
    first = sara.get(f"{LEADS}?sort=last_name&limit=10&fields=last_name")
    with env_as("boss") as env:
        env.create("leads.lead", {"last_name": "N0005"})
        env.delete("leads.lead", first["records"][9]["id"])
    names, page = [r["last_name"] for r in first["records"]], first
    while page["next"]:
        page = sara.get(f"{LEADS}?sort=last_name&limit=10&fields=last_name&after={page['next']}")
        names += [r["last_name"] for r in page["records"]]
    assert names == [f"N{i:03}" for i in range(25)]
    assert sara.get(f"{LEADS}?sort=-last_name&after={first['next']}", 400)["parameter"] == "after"
    assert sara.get(f"{LEADS}?filter=last_name == \"N003\"&count=true")["count"] == 1
    assert sara.get(f"{LEADS}/count")["count"] == 24


def test_what_makes_no_sense_is_told(installation):
    sara = Caller(installation, "sara")
    for query, parameter in (("filter=last_name ==", "filter"), ("fields=nothing", "fields"), ("sort=nothing", "sort"),
                             ("limit=0", "limit"), ("nonsense=1", "nonsense"), ("after=x", "after")):
        problem = sara.get(f"{LEADS}?{query}", 400)
        assert problem["type"] == "/api/problems/bad-request" and problem["parameter"] == parameter
    for values in ({"last_name": 5}, {"last_name": "x", "nothing": 1}, {"last_name": "x", "email": "no"}, {"last_name": "x", "owner": "1"},
                   {"last_name": "x", "annual_revenue": True}):
        assert sara.post(LEADS, values, 422)["errors"]
    sara.post(LEADS, [1], 400)
    assert sara.client.post(f"/api/v1{LEADS}", data="a=1", headers={"Authorization": f"Bearer {sara.token}"}).status_code == 415
    assert sara.get("/nothing", 404)["type"] == "/api/problems/not-found"
    assert sara.send("PUT", LEADS, {}, 405)["type"] == "/api/problems/method-not-allowed"
    assert "فیلد" in str(sara.get(f"{LEADS}?fields=nothing", 400, Accept_Language="fa")["detail"])


def test_a_list_of_a_hundred_takes_few_statements(installation, env_as):
    with env_as("sara") as env:
        env.create("leads.lead", [{"last_name": f"N{i}"} for i in range(120)])
    sara = Caller(installation, "sara")
    sara.get(f"{LEADS}?limit=100")
    with query_budget(installation, 4 + 1) as seen:  # the counters, and the page
        assert len(sara.get(f"{LEADS}?limit=100")["records"]) == 100
    assert seen


def test_nobody_comes_in_without_a_good_token(installation, env_as):
    assert Caller(installation).get(LEADS, 401)["type"] == "/api/problems/unauthorised"
    wrong = Caller(installation, token="snk_" + "x" * 40)
    wrong.get(LEADS, 401)
    assert "invalid_token" in wrong.last.headers["WWW-Authenticate"]
    sara = Caller(installation, "sara")
    sara.get(LEADS)
    with env_as("admin") as env:
        env.update("base.user", user_id(installation, "sara"), {"active": False})
    sara.get(LEADS, 401)


def test_a_difference_holds_whatever_was_sent(installation):
    sara = Caller(installation, "sara")
    key = sara.post(LEADS, {"last_name": "One"}, 201)["id"]
    for values in ({"annual_revenue": 1.5}, {"owner": {"id": 1, "x": [0.5]}}):
        assert sara.patch(f"{LEADS}/{key}", {**values, "version": 87}, None) and sara.last.status_code in (409, 422)
    shown = sara.get(f"{LEADS}/{key}")
    sara.patch(f"{LEADS}/{key}", {"last_name": "Two", "owner": shown["owner"], "version": shown["version"]}, 200)
    sara.patch(f"{LEADS}/{key}", {"owner": user_id(installation, "reza")}, 403)


def test_broken_bodies_are_refused(installation):
    sara = Caller(installation, "sara")
    for text in ('{"last_name": "\\u0000"}', '{"last_name": "\\ud800"}', '{"last_name": NaN}', "[" * 100_000, "{", '"x"', "\x00"):
        answer = sara.client.post(f"/api/v1{LEADS}", data=text, content_type="application/json",
                                  headers={"Authorization": f"Bearer {sara.token}"})
        assert answer.status_code == 400, text[:20]
    assert sara.post(LEADS, {"last_name": "\U0001f600 🎉"}, 201)["last_name"] == "\U0001f600 🎉"
    sara.post(f"{LEADS}/bulk", {"operation": {}, "rows": [{}]}, 400)


@pytest.mark.parametrize("huge", ["1e999999999", "-1e999999999", "1e400", "9" * 50])
def test_numbers_beyond_all_measure_are_refused(installation, huge):
    """Not taken apart into their digits, which would take all memory, nor answered by a fault."""
    sara = Caller(installation, "sara")
    key = sara.post("/records/leads.lead", {"last_name": "Huge"}, 201)["id"]
    for json in (f'{{"{name}": {value}}}' for name in ("annual_revenue", "employees") for value in (huge, f'"{huge}"')):
        answer = sara.client.patch(f"/api/v1/records/leads.lead/{key}", data=json, content_type="application/json",
                                   headers={"Authorization": f"Bearer {sara.token}"})
        assert answer.status_code == 422, (json, answer.status_code)
    with installation.env(SYSTEM) as env, pytest.raises(ValidationFailed):
        env.update("leads.lead", key, {"employees": huge})
