"""The doors that take any field take own ones: pages, lists and filters, boards, mass edit, import, export, rights."""

from __future__ import annotations

import json

import pytest

from core.customise import Piece
from core.errors import SarnakhError, ValidationFailed
from core.exchange import exporting
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import user_id
from tests.core.records.doors import imported, set_everywhere

from .conftest import LEAD, VISIT, field

pytestmark = [pytest.mark.addons("leads")]


def test_every_door_takes_an_own_field(installation: Installation, apply, env_as) -> None:
    apply(*VISIT, field("x_code", "text", search=True, size=10, labels={"en": "Code of ours", "fa": "کد ما"}))
    with env_as("boss") as env:
        key = env.create(LEAD, {"last_name": "Karimi", "x_code": "first"})
    said = set_everywhere(installation, env_as, "boss", LEAD, key, "x_code", "second")
    assert said["api"] == "" and said["import"] == ""
    refused = set_everywhere(installation, env_as, "boss", LEAD, key, "x_code", "much longer than ten")
    assert all("10 characters" in answer for answer in refused.values()), refused
    boss = Visitor(installation, user_id(installation, "boss"))
    with env_as("boss", write=False) as env:
        exported = b"".join(exporting.pieces(env, exporting.Wanted.of(env.query(LEAD), ["last_name", "x_code"])))
        assert b"Code of ours" in exported and b"second" in exported
    page = boss.get(f"/r/{LEAD}/{key}").get_data(as_text=True)
    assert "Code of ours" in page and "second" in page and "Further fields" in page
    where = json.dumps({"op": "==", "left": {"field": ["x_code"]}, "right": {"text": "second"}})
    for path in (f"/r/{LEAD}?columns=last_name,x_code", f"/r/{LEAD}?q=second", "/search?q=second", f"/r/{LEAD}?where={where}"):
        assert "Karimi" in boss.get(path).get_data(as_text=True), path
    for path in ("/r/x.visit", "/r/x.visit/new", "/r/x.visit?view=kanban", "/r/x.visit?view=calendar", "/r/x.visit/quick"):
        assert boss.get(path).status_code == 200, path
    assert "Visits" in boss.get("/").get_data(as_text=True)  # the navigation
    answer = boss.post("/r/x.visit/new", {"name": "By hand", "x_state": "done", "x_lead": str(key), "x_day": "2026-03-21"})
    assert answer.status_code in (302, 303), answer.get_data(as_text=True)[:3000]
    assert "/related/x_visits" in boss.get(f"/r/{LEAD}/{key}").get_data(as_text=True)
    assert "By hand" in boss.get(f"/r/{LEAD}/{key}/related/x_visits", headers={"X-Fragment": "related"}).get_data(as_text=True)
    with env_as("boss") as env:
        done, reasons = imported(env, "x.visit", ("name", "x_state", "x_phone"), ("Imported", "Open", "09121234567"), duplicates="skip",
                                 keys=[["x_phone"]])
        assert reasons == [] and env.query("x.visit").where('x_phone == "+989121234567"').select("x_state").rows()[0]["x_state"] == "open"


def test_rights_hide_an_own_field_like_any_other(installation: Installation, apply, env_as) -> None:
    apply(field("x_secret", "text", search=True), field("x_loud", "formula", expression="upper(x_secret)"))
    with env_as("sara") as env:
        key = env.create(LEAD, {"last_name": "Karimi", "x_secret": "hidden words"})
    with installation.env(SYSTEM) as env:
        profile = env.get("base.user", user_id(installation, "sara"), "profile").profile.id
        env.update("base.profile", profile, {"field_rights": {LEAD: {"x_secret": "hidden"}}})
        installation.bump(env, "access")
    sara = Visitor(installation, user_id(installation, "sara"))
    assert "hidden words" not in sara.get(f"/r/{LEAD}/{key}").get_data(as_text=True)
    sara.post(f"/r/{LEAD}/{key}/edit", {"x_secret": "stolen", "version": "1"})
    sara.post(f"/r/{LEAD}/{key}/field/x_secret", {"x_secret": "stolen", "version": "1"}, headers={"X-Fragment": "cell"})
    with env_as("sara") as env, pytest.raises(ValidationFailed):
        env.update(LEAD, key, {"x_secret": "stolen"})
    with env_as("sara") as env, pytest.raises((SarnakhError, KeyError)):
        env.query(LEAD).where('x_secret == "hidden words"').ids()
    with installation.env(SYSTEM, write=False) as env:
        assert env.get(LEAD, key, "x_secret").x_secret == "hidden words"


def test_labels_come_in_the_reader_s_language(installation: Installation, apply, env_as) -> None:
    apply(*VISIT)
    with installation.env(SYSTEM) as env:
        env.update("base.user", user_id(installation, "boss"), {"language": "fa"})
        installation.bump(env, "access")
    page = Visitor(installation, user_id(installation, "boss")).get("/r/x.visit/new").get_data(as_text=True)
    assert "بازدید" in page and "باز" in page


def test_a_new_field_stands_where_a_layout_puts_it(installation: Installation, apply) -> None:
    apply(field("x_a", "text"), field("x_b", "text", required=True, default=None))
    assert [n.id for n in installation.registry.layout(LEAD, "form").layout.walk()][-3:] == ["x_fields", "x_a", "x_b"]
    placed = {"format": 1, "record": LEAD, "kind": "form", "changes": [
        {"do": "insert", "target": "x_a", "node": {"id": "x_a", "kind": "field"}, "anchors": [{"after": "last_name"}]}]}
    apply(Piece("layout", f"{LEAD}|form|installation", placed))
    merged = installation.registry.layout(LEAD, "form")
    ids = [n.id for n in merged.layout.walk()]
    assert ids.index("x_a") == ids.index("last_name") + 1 and ids.count("x_a") == 1 and "x_b" in ids and not merged.problems
    assert "x_b" in [n.id for n in installation.registry.layout(LEAD, "quick").layout.walk()]
