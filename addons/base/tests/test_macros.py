"""Macros: several changes at once as the person who starts them, all of it or nothing, undone at once; and who else is here."""

from __future__ import annotations

from typing import Any

import pytest

from addons.base import macros
from core.api import SYSTEM, AccessDenied, NotFound, SarnakhError, ValidationFailed
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("leads")]
LEAD, MACRO = "leads.lead", "base.macro"
STEPS = [{"do": "set", "field": "rating", "value": "hot"}, {"do": "set", "field": "next_try_on", "value": "=add_days(today(), 3)"},
         {"do": "set", "field": "campaign", "value": "=concat(\"for \", last_name)"}, {"do": "tag", "value": "urgent, fair"},
         {"do": "note", "value": "About {{last_name}} <b>"}, {"do": "action", "value": "mark_contacted"}]


def lead(env: Any, **values: Any) -> int:
    return env.create(LEAD, {"last_name": "Karimi", **values})  # type: ignore[no-any-return]


def macro(env: Any, steps: Any = None, **values: Any) -> int:
    return env.create(MACRO, {"name": "Call", "record_type": LEAD, "steps": STEPS if steps is None else steps, **values})  # type: ignore[no-any-return]


def test_all_steps_in_one_batch_and_back(installation: Any, env_as: Any) -> None:
    with env_as("sara") as env:
        keys = [lead(env), lead(env, last_name="Rad")]
        number = macro(env)
    with env_as("sara") as env:
        assert macros.run(env, LEAD, number, keys) == 2
        batch = env.batch
        rows = env.query(LEAD).with_ids(keys).order("id").select("rating", "status", "campaign", "next_try_on", "tags").rows()
        assert [(r["rating"], r["status"], r["campaign"]) for r in rows] == [
            ("hot", "contacted", "for Karimi"), ("hot", "contacted", "for Rad")]
        assert all((r["next_try_on"] - env.today).days == 3 and {t.label for t in r["tags"]} == {"urgent", "fair"} for r in rows)
        assert "Karimi &lt;b&gt;" in env.query("base.note").order("id").select("body").rows(1)[0]["body"]
    with env_as("sara") as env:
        env.undo(batch)
        assert env.get(LEAD, keys[0], "rating", "status").rating is None
        assert env.query("base.note").count() == 0


def test_a_failing_step_leaves_nothing(installation: Any, env_as: Any) -> None:
    with env_as("sara") as env:
        key = lead(env)
        number = macro(env, [{"do": "set", "field": "rating", "value": "hot"}, {"do": "action", "value": "recycle"}])
    sara = Visitor(installation, user_id(installation, "sara"))
    answer = sara.post(f"/macros/{LEAD}", {"ids": str(key), "macro": str(number)})
    assert answer.status_code == 422
    with env_as("sara") as env:
        assert env.get(LEAD, key, "rating").rating is None


def test_nobody_does_more_by_a_macro_than_by_hand(installation: Any, env_as: Any) -> None:
    with env_as("sara") as env:
        hers, private = lead(env), macro(env, STEPS[:1])
        for wrong in ([], [{"do": "set", "field": "converted_at", "value": "today"}], [{"do": "set", "field": "nothing", "value": "1"}],
                      [{"do": "set", "field": "rating", "value": "burning"}], [{"do": "run", "value": "x"}], ["x"],
                      [{"do": "set", "field": "campaign", "value": "=secret"}], [{"do": "action", "value": "purge"}]):
            with pytest.raises(ValidationFailed):
                macro(env, wrong)
    for somebody in (None, user_id(installation, "reza")):
        with pytest.raises(AccessDenied), env_as("sara") as env:
            macro(env, STEPS[:1], user=somebody)
    with installation.env(SYSTEM) as env:
        shared = macro(env, STEPS[:1], user=None)
        narrow = macro(env, STEPS[:1], user=None, profiles=[env.create("base.profile", {"name": "Others"})])
    with env_as("reza") as env:
        assert [m["id"] for m in macros.usable(env, LEAD)] == [shared]
        for number in (private, narrow):
            with pytest.raises(NotFound):
                macros.run(env, LEAD, number, [lead(env)])
        with pytest.raises(SarnakhError):
            macros.run(env, LEAD, shared, [lead(env), hers])
    with env_as("sara") as env:
        assert env.get(LEAD, hers, "rating").rating is None


def test_the_editor_in_the_administration(installation: Any, env_as: Any) -> None:
    admin = Visitor(installation, user_id(installation, "admin"))
    assert admin.get("/admin/macros").status_code == 200
    assert admin.get("/admin/macros/new").status_code == 200
    made = admin.post("/admin/macros/new", {"record_type": LEAD, "name": "Hot", "position": "1", "active": "1", "what0": "set:rating",
                                            "value0": "hot", "what1": "note", "value1": "Call {{last_name}}", "do": "save"})
    assert made.status_code in (302, 303), made.text
    with env_as("admin") as env:
        row = env.query(MACRO).select("name", "steps", "user").rows(1)[0]
        assert (row["name"], row["user"], [s["do"] for s in row["steps"]]) == ("Hot", None, ["set", "note"])
    page = admin.get(f"/admin/macros/{row['id']}")
    assert page.status_code == 200 and "Call {{last_name}}" in page.text
    assert Visitor(installation, user_id(installation, "sara")).get("/admin/macros").status_code in (403, 404)


def test_presence_tells_only_those_who_see_the_record(installation: Any, env_as: Any) -> None:
    with env_as("sara") as env:
        key = lead(env)
    url = f"/r/{LEAD}/{key}/presence"
    sara, mina, reza = (Visitor(installation, user_id(installation, n)) for n in ("sara", "mina", "reza"))
    assert sara.post(url, {"typing": "1"}).json["people"] == []
    told = mina.post(url, {"typing": "0"}).json
    assert told["writing"] and [p["typing"] for p in told["people"]] == [True] and told["people"][0]["name"] in told["text"]
    assert reza.post(url, {"typing": "1"}).status_code == 404
    assert len(sara.post(url, {"typing": "0"}).json["people"]) == 1
    assert mina.post(url, {"gone": "1"}).status_code == 204
    assert sara.post(url, {"typing": "0"}).json == {"text": "", "writing": False, "people": []}
