"""Bulk, keys, idempotency, links, actions, sharing, files, search, figures, history and what there is."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest

from addons.api.tests.calling import Caller
from core.security.actor import SYSTEM
from core.testing.browser import host_of
from core.testing.plugin import query_budget, user_id

pytestmark = pytest.mark.addons("api", "leads", "contacts")
LEADS = "/records/leads.lead"


def rows(count):
    return [{"last_name": f"N{i:04}", "email": f"n{i}@example.com"} for i in range(count)]


def test_children_come_along(installation, env_as):
    with env_as("boss") as env:
        accounts = env.create("contacts.account", [{"name": f"A{i}"} for i in range(30)])
        env.create("contacts.contact", [{"last_name": f"C{i:03}", "account": accounts[0]} for i in range(103)])
        env.create("contacts.contact", [{"last_name": f"D{i}", "account": accounts[1]} for i in range(3)])
    boss = Caller(installation, "boss")
    place = "/records/contacts.account?fields=name&sort=id&expand=contacts,owner"
    first = boss.get(f"{place}&limit=30")["records"]
    assert len(first[0]["contacts"]["records"]) == 100 and first[0]["contacts"]["more"] is True
    assert [c["last_name"] for c in first[1]["contacts"]["records"]] == ["D0", "D1", "D2"] and first[1]["contacts"]["more"] is False
    assert first[2]["contacts"] == {"record": "contacts.contact", "records": [], "more": False} and first[1]["owner"]["values"]["name"]
    assert first[1]["contacts"]["records"][0]["account"]["id"] == accounts[1]
    with query_budget(installation, 100) as few:
        boss.get(f"{place}&limit=3")
    with query_budget(installation, len(few)):
        boss.get(f"{place}&limit=30")
    one = boss.get(f"/records/contacts.account/{accounts[1]}?expand=contacts")
    assert len(one["contacts"]["records"]) == 3 and one["name"] == "A1"
    assert "contacts" not in boss.get(f"/records/contacts.account/{accounts[1]}")
    assert boss.get(f"{place}&limit=1000")["next"] is None
    assert boss.get("/records/contacts.account?expand=name", 400)["parameter"] == "expand"
    assert boss.get("/records/contacts.account?expand=no_such", 400)["parameter"] == "expand"
    assert boss.get("/records/contacts.account?fields=contacts", 400)["parameter"] == "fields"


def test_children_are_those_that_the_caller_may_see(installation, env_as):
    with env_as("sara") as env:
        mine = env.create("contacts.account", {"name": "Shared firm"})
        env.create("contacts.contact", {"last_name": "Hers", "account": mine})
    with installation.env(SYSTEM) as env:
        env.create("contacts.contact", {"last_name": "Of Omid", "account": mine, "owner": user_id(installation, "omid")})
        gone = env.create("contacts.contact", {"last_name": "Gone", "account": mine, "owner": user_id(installation, "sara")})
        env.delete("contacts.contact", gone)
    place = f"/records/contacts.account/{mine}?expand=contacts"
    assert [c["last_name"] for c in Caller(installation, "sara").get(place)["contacts"]["records"]] == ["Hers"]
    assert {c["last_name"] for c in Caller(installation, "admin").get(place)["contacts"]["records"]} == {"Hers", "Of Omid"}
    narrow = Caller(installation, "sara", "contacts.account:read")
    narrow.get(place, 403)
    assert "contacts" not in narrow.get("/openapi.json")["components"]["schemas"]["contacts.account"]["properties"]
    with installation.env(SYSTEM) as env:
        profile = env.get("base.user", user_id(installation, "sara"), "profile").profile.id
        env.update("base.profile", profile, {"field_rights": {"contacts.contact": {"account": "hidden"}}})
    Caller(installation, "sara").get(place, 403)  # whose contacts they are is hidden


def test_a_thousand_at_once(installation, env_as):
    sara = Caller(installation, "sara")
    with query_budget(installation, 60):
        made = sara.post(f"{LEADS}/bulk", {"operation": "create", "rows": rows(1000)}, 200)
    assert made["succeeded"] == 1000 and made["results"][0]["status"] == 201 and made["results"][0]["version"] == 1
    ids = [r["id"] for r in made["results"]]
    changed = sara.post(f"{LEADS}/bulk", {"operation": "update", "rows": [
        {"id": key, "company": f"C{key}", "version": 1} for key in reversed(ids)]}, 200)
    assert changed["succeeded"] == 1000 and [r["id"] for r in changed["results"]] == ids[::-1]
    assert sara.get(f"{LEADS}/{ids[5]}")["company"] == f"C{ids[5]}"
    sara.post(f"{LEADS}/bulk", {"operation": "create", "rows": rows(1001)}, 400)
    assert sara.post("/undo", {"batch": made["batch"]}, 200)["left"] == 1000  # touched since


def test_all_or_nothing_and_each_that_can(installation):
    sara = Caller(installation, "sara")
    wrong = [{"last_name": "A"}, {"last_name": "B", "email": "no address"}, {"last_name": 5}, {"last_name": "D"}]
    problem = sara.post(f"{LEADS}/bulk", {"operation": "create", "rows": wrong}, 422)
    assert {e["row"] for e in problem["errors"]} <= {1, 2} and sara.get(f"{LEADS}/count")["count"] == 0
    made = sara.post(f"{LEADS}/bulk", {"operation": "create", "mode": "each", "rows": wrong}, 200)
    assert [r["status"] for r in made["results"]] == [201, 422, 422, 201] and made["failed"] == 2
    assert made["results"][1]["problem"]["errors"][0]["field"] == "email"
    first, last = made["results"][0]["id"], made["results"][3]["id"]
    changed = sara.post(f"{LEADS}/bulk", {"operation": "update", "mode": "each", "rows": [
        {"id": last, "company": "X"}, {"id": 999999, "company": "X"}, {"id": first, "company": "Y", "version": 7}]}, 200)
    assert [r["status"] for r in changed["results"]] == [200, 404, 409]


def test_upsert_by_keys(installation):
    sara = Caller(installation, "sara")
    place = f"{LEADS}/by/external:erp/A-1"
    sara.get(place, 404)
    made = sara.send("PUT", place, {"last_name": "One"}, 201)
    again = sara.send("PUT", place, {"last_name": "Two"}, 200)
    assert again["id"] == made["id"] == sara.get(place)["id"] and again["last_name"] == "Two"
    given = [{"external:erp": "A-1", "company": "C"}, {"external:erp": "A-2", "last_name": "New"}]
    both = sara.post(f"{LEADS}/bulk", {"operation": "upsert", "key": "external:erp", "rows": given}, 200)
    assert [r["status"] for r in both["results"]] == [200, 201] and both["results"][0]["id"] == made["id"]
    omid = Caller(installation, "omid")
    omid.get(place, 403)
    omid.send("PUT", place, {"last_name": "Stolen"}, 403)
    admin = Caller(installation, "admin", "*:write")
    tag = admin.send("PUT", "/records/base.tag/by/name/VIP", {"colour": "red"}, 201)
    assert admin.send("PUT", "/records/base.tag/by/name/VIP", {"colour": "blue"}, 200)["id"] == tag["id"]
    sara.get(f"{LEADS}/by/company/x", 400)


def test_a_write_that_is_sent_again_is_done_once(installation):
    sara = Caller(installation, "sara")
    made = sara.post(LEADS, {"last_name": "Once"}, 201, Idempotency_Key="k1")
    again = sara.post(LEADS, {"last_name": "Once"}, 201, Idempotency_Key="k1")
    assert again == made and sara.last.headers["Idempotent-Replayed"] == "true" and sara.last.headers["Location"]
    sara.post(LEADS, {"last_name": "Other"}, 422, Idempotency_Key="k1")
    sara.post(LEADS, {"email": "none"}, 422, Idempotency_Key="k2")
    sara.post(LEADS, {"last_name": "Mended"}, 201, Idempotency_Key="k2")
    assert sara.get(f"{LEADS}/count")["count"] == 2
    Caller(installation, "sara").post(LEADS, {"last_name": "Once"}, 201, Idempotency_Key="k1")  # another token's own keys


def test_another_file_under_the_same_key_is_another_request(installation):
    sara = Caller(installation, "sara")
    lead = sara.post(LEADS, {"last_name": "Files"}, 201)["id"]

    def send(content):
        return sara.client.post(f"/api/v1{LEADS}/{lead}/files", data={"file": (io.BytesIO(content), "a.txt")},
                                headers={"Authorization": f"Bearer {sara.token}", "Idempotency-Key": "f"})
    first = send(b"one")
    assert first.status_code == 201 and send(b"one").get_json() == first.get_json()
    assert send(b"two").status_code == 422 and len(sara.get(f"{LEADS}/{lead}/files")["records"]) == 1


@pytest.mark.database("postgresql")
def test_two_at_once_under_one_key_make_one(installation):
    sara = Caller(installation, "sara")
    sara.get(f"{LEADS}/count")
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(Caller(installation, token=sara.token).post, LEADS, {"last_name": "Once"}, 201, Idempotency_Key="k")
                 for _i in range(4)]
    assert len({call.result()["id"] for call in calls}) == 1 == sara.get(f"{LEADS}/count")["count"]


def test_links(installation):
    boss = Caller(installation, "boss")
    account = boss.post("/records/contacts.account", {"name": "Pars"}, 201)
    tag = Caller(installation, "admin").post("/records/base.tag", {"name": "VIP"}, 201)
    place = f"/records/contacts.account/{account['id']}"
    contact = boss.post("/records/contacts.contact", {"last_name": "K", "account": account["id"]}, 201)
    assert contact["account"] == {"id": account["id"], "record": "contacts.account", "label": "Pars"}
    shown = boss.get(f"/records/contacts.contact/{contact['id']}?fields=last_name,account.name&expand=account")
    assert shown["account"]["values"]["name"] == shown["account.name"] == "Pars"
    boss.send("PUT", f"{place}/links/tags/{tag['id']}", status=204)
    assert [r["id"] for r in boss.get(f"{place}/links/tags")["records"]] == [tag["id"]]
    boss.delete(f"{place}/links/tags/{tag['id']}", 204)
    assert boss.get(f"{place}?fields=tags")["tags"] == []
    boss.get(f"{place}/links/name", 404)


def test_actions_convert_share(installation, env_as):
    sara, reza = Caller(installation, "sara"), user_id(installation, "reza")
    key = sara.post(LEADS, {"last_name": "Karimi", "company": "Pars", "email": "k@pars.ir"}, 201)["id"]
    assert {"convert", "mark_contacted"} <= {a["name"] for a in sara.get(f"{LEADS}/actions")["actions"]}
    assert sara.post(f"{LEADS}/{key}/actions/mark_contacted", status=200)["message"]
    assert sara.get(f"{LEADS}/{key}")["status"] == "contacted"
    other = Caller(installation, "reza")
    other.get(f"{LEADS}/{key}", 404)
    other.post(f"{LEADS}/{key}/actions/mark_contacted", status=404)
    sara.send("PUT", f"{LEADS}/{key}/shares/user:{reza}", {"access": "read"}, 204)
    assert sara.get(f"{LEADS}/{key}/shares")["shares"][0]["access"] == "read"
    other.get(f"{LEADS}/{key}", 200)
    sara.delete(f"{LEADS}/{key}/shares/user:{reza}", 204)
    other.get(f"{LEADS}/{key}", 404)
    done = sara.post(f"{LEADS}/{key}/actions/convert", {}, 200)["result"][0]
    assert set(done["results"]) >= {"contacts.account", "contacts.contact"}
    assert sara.get(f"{LEADS}/{key}")["status"] == "converted"


def test_notes_files_history(installation):
    sara = Caller(installation, "sara")
    key = sara.post(LEADS, {"last_name": "Karimi"}, 201)["id"]
    sara.patch(f"{LEADS}/{key}", {"company": "Pars"}, 200)
    sara.post(f"{LEADS}/{key}/notes", {"body": "<p>Hello</p>"}, 201)
    assert sara.get(f"{LEADS}/{key}/notes")["records"][0]["body"] == "<p>Hello</p>"
    entries = sara.get(f"{LEADS}/{key}/history?limit=1")
    assert entries["entries"][0]["changes"][0] == {"field": "company", "old": None, "new": "Pars"} and entries["next"]
    assert sara.get(f"{LEADS}/{key}/history?before={entries['next']}")["entries"][0]["action"] == "create"
    answer = sara.client.post(f"/api/v1{LEADS}/{key}/files", data={"file": (io.BytesIO(b"hello"), "a.txt")},
                              headers={"Authorization": f"Bearer {sara.token}"})
    assert answer.status_code == 201, answer.get_data()
    number = answer.get_json()["id"]
    assert [f["name"] for f in sara.get(f"{LEADS}/{key}/files")["records"]] == ["a.txt"]
    sara.get(f"/files/{number}/content", 200)
    assert sara.last.get_data() == b"hello"
    Caller(installation, "omid").get(f"/files/{number}/content", 404)


def test_search_and_figures(installation):
    sara = Caller(installation, "sara")
    for name, company in (("Zarei", "A"), ("Zamani", "A"), ("Karimi", "B")):
        sara.post(LEADS, {"last_name": name, "company": company}, 201)
    assert {r["label"] for r in sara.get("/search?q=Za&types=leads.lead")["results"]} == {"Zarei", "Zamani"}
    groups = sara.get(f"{LEADS}/aggregate?group=company&sum=annual_revenue")["groups"]
    assert [(g["values"]["company"], g["count"]) for g in groups] == [("A", 2), ("B", 1)]
    assert Caller(installation, "omid").get(f"{LEADS}/aggregate")["groups"][0]["count"] == 0
    sara.get(f"{LEADS}/aggregate?sum=last_name", 400)


def test_what_there_is(installation):
    sara = Caller(installation, "sara")
    names = {t["name"] for t in sara.get("/types")["types"]}
    assert "leads.lead" in names and "base.profile" not in names
    lead = sara.get("/types/leads.lead", Accept_Language="fa")
    fields = {f["name"]: f for f in lead["fields"]}
    assert fields["status"]["options"] and fields["owner"]["target"] == "base.user" and not fields["id"]["writable"]
    assert sara.get("/types/leads.lead/layouts/form")["kind"] == "form"
    sara.get("/types/base.profile", 403)
    assert sara.get("")["user"]["label"] == "Sara Seller"


@pytest.mark.addons("api", "leads", "contacts", "activities")
def test_links_to_many_types_take_one_statement(installation, env_as):
    with env_as("boss") as env:
        places = [("leads.lead", env.create("leads.lead", {"last_name": "L"})),
                  ("contacts.account", env.create("contacts.account", {"name": "A"})),
                  ("contacts.contact", env.create("contacts.contact", {"last_name": "C"}))]
        env.create("base.note", [{"about": place, "body": "<p>x</p>"} for place in places * 10])
    boss = Caller(installation, "boss")
    boss.get("/records/base.note?limit=100")
    with query_budget(installation, 4 + 1):
        found = boss.get("/records/base.note?limit=100")["records"]
    assert {note["about"]["label"] for note in found} == {"L", "A", "C"}


def test_a_picture_goes_into_its_field(installation):
    admin = Caller(installation, "admin", "*:write", "admin")
    key = user_id(installation, "sara")
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 64
    answer = admin.client.post(f"/api/v1/records/base.user/{key}/files?field=photo", data={"file": (io.BytesIO(picture), "me.png")},
                               headers={"Authorization": f"Bearer {admin.token}"})
    assert answer.status_code == 201, answer.get_data()
    assert admin.get(f"/records/base.user/{key}?fields=photo")["photo"]["id"] == answer.get_json()["id"]
    answer = admin.client.post(f"/api/v1/records/base.user/{key}/files?field=photo", data={"file": (io.BytesIO(b"text"), "me.txt")},
                               headers={"Authorization": f"Bearer {admin.token}"})
    assert answer.status_code == 422
    answer = admin.client.post(f"/api/v1/records/base.user/{key}/files?name=me.html&field=photo", data=b"<b>none</b>",
                               content_type="application/octet-stream", headers={"Authorization": f"Bearer {admin.token}"})
    assert answer.status_code == 422
    assert admin.get(f"/records/base.user/{key}?fields=photo")["photo"]["label"] == "me.png"
    admin.client.post(f"/api/v1/records/base.user/{key}/files?name=raw.bin", data=b"raw", content_type="application/octet-stream",
                      headers={"Authorization": f"Bearer {admin.token}"})
    assert {f["name"] for f in admin.get(f"/records/base.user/{key}/files")["records"]} == {"me.png", "raw.bin"}


def test_the_last_use_is_written(installation, env_as):
    sara = Caller(installation, "sara")
    sara.get("/types")
    host_of(installation).later.flush()
    with env_as("sara") as env:
        token = env.query("api.token").first("last_used_at", "last_address", "version")
    assert token.last_used_at is not None and token.last_address == "127.0.0.1" and token.version == 1


def test_history_says_by_which_token(installation, env_as):
    sara = Caller(installation, "sara")
    key = sara.post(LEADS, {"last_name": "K"}, 201)["id"]
    sara.patch(f"{LEADS}/{key}", {"company": "Pars"}, 200)
    with env_as("admin") as env:
        table = env.registry.system.audit
        rows = env.execute(table.select().where(table.c.record == "leads.lead", table.c.record_id == key)).all()
    assert {row.note for row in rows} == {"API: test"} and {row.actor_id for row in rows} == {user_id(installation, "sara")}


@pytest.mark.addons("api", "contacts")
def test_ties_that_the_caller_does_not_see_stay(installation, env_as):
    """Whoever reads a list, changes it and sends it back does not cut off what was not in it for them."""
    with installation.env(SYSTEM) as env:
        hidden, kept, other = env.create("base.tag", [{"name": name} for name in ("Hidden", "Kept", "Other")])
        account = env.create("contacts.account", {"name": "Pars", "owner": user_id(installation, "sara"), "tags": [hidden, kept]})
        env.delete("base.tag", [hidden])
    sara, place = Caller(installation, "sara"), f"/records/contacts.account/{account}"
    assert [t["id"] for t in sara.get(f"{place}?fields=tags")["tags"]] == [kept]
    sara.send("PUT", f"{place}/links/tags/{other}", status=204)
    sara.delete(f"{place}/links/tags/{kept}", 204)
    with installation.env(SYSTEM) as env:
        env.restore("base.tag", [hidden])
        assert {t.id for t in env.get("contacts.account", account, "tags").tags} == {hidden, other}
