"""The life of leads: who they are, how they move, what is locked, what is remembered."""

from __future__ import annotations

import datetime as dt

import pytest

from addons.leads import lifecycle, transitions
from core.api import AccessDenied, NotFound, ValidationFailed

pytestmark = pytest.mark.addons("leads")
LEAD = "leads.lead"


def reasons(refused) -> str:
    return " ".join(e.message.english() if hasattr(e.message, "english") else str(e.message) for e in refused.value.errors)


def test_a_lead_is_named_and_numbered(env_as):
    with env_as("sara") as env:
        keys = env.create(LEAD, [
            {"first_name": "علی", "last_name": "كريمي"}, {"company": "Pars Tech"}, {"email": "A@B.example"},
            {"mobile": "09121234567"}])
        rows = {r["id"]: r for r in env.query(LEAD).select("name", "number", "status", "owner", "first_touch_at").rows()}
        assert [rows[k]["name"] for k in keys] == ["علی کریمی", "Pars Tech", "a@b.example", "+989121234567"]
        assert rows[keys[0]]["number"].startswith("LD-0")
        assert len({r["number"] for r in rows.values()}) == 4
        assert rows[keys[0]]["status"] == "new"
        assert rows[keys[0]]["first_touch_at"] == env.now
        with pytest.raises(ValidationFailed):
            env.create(LEAD, {"city": "Tehran"})


def test_leads_are_private_and_open_upwards(env_as, lead):
    key = lead()
    with env_as("mina") as env:
        assert env.get(LEAD, key, "name").name == "Karimi"
    with env_as("omid") as env:
        assert not env.query(LEAD).exists()
        with pytest.raises(NotFound):
            env.get(LEAD, key)
    with env_as("nobody") as env:
        assert not env.can("read", LEAD)


def test_moves_are_those_the_admin_allows(env_as, lead, manager):
    key = lead()
    with env_as("sara") as env, pytest.raises(ValidationFailed) as refused:
        env.update(LEAD, key, {"status": "ready"})
    assert "cannot go from" in reasons(refused)
    assert "Contacted" in reasons(refused)
    with env_as("sara") as env, pytest.raises(ValidationFailed) as refused:
        env.update(LEAD, env.query(LEAD), {"status": "converted"}, source="import")
    assert "only by converting" in reasons(refused)
    with env_as("sara") as env, pytest.raises(ValidationFailed):
        env.create(LEAD, {"last_name": "X", "status": "converted"})
    with env_as("mina") as env:
        wanted = [*transitions.defaults(), ("new", "ready")]
        assert transitions.replace(env, wanted) == 1
        assert "ready" in transitions.next_statuses(env, "new")
    with env_as("sara") as env:
        env.update(LEAD, key, {"status": "ready"})
        assert not env.can("read", "base.move")
    with env_as("mina") as env, pytest.raises(ValidationFailed):
        env.create("base.move", {"record_type": LEAD, "field_name": "status", "from_value": "new", "to_value": "nonsense"})
    with env_as("mina") as env, pytest.raises((AccessDenied, ValidationFailed)):  # of other records, rules are not hers
        env.create("base.move", {"record_type": "base.user", "field_name": "language", "to_value": "fa"})


def test_moving_is_remembered(env_as, lead):
    key = lead()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    with env_as("sara", now=later) as env:
        env.run_action(LEAD, "mark_contacted", [key])
        found = env.get(LEAD, key)
        assert (found.status, found.status_changed_at, found.last_touch_at) == ("contacted", env.now, env.now)
        assert found.first_touch_at < found.last_touch_at


def test_closing_needs_a_reason_and_can_be_taken_back(env_as, lead):
    key = lead()
    with env_as("sara") as env:
        with pytest.raises(ValidationFailed) as refused:
            env.update(LEAD, key, {"status": "junk"})
        assert "Say why" in reasons(refused)
        assert lifecycle.disqualify(env, [key], "junk", "spam", "a robot") == 1
    with env_as("sara") as env:
        assert env.get(LEAD, key).junk_reason == "spam"
        env.run_action(LEAD, "reactivate", [key])
        found = env.get(LEAD, key)
        assert (found.status, found.junk_reason, found.close_note) == ("new", None, None)
        lifecycle.disqualify(env, [key], "dead", "no_budget")
        env.run_action(LEAD, "recycle", [key])
        assert env.get(LEAD, key).status == "recycle"
        batch = env.batch
    with env_as("sara") as env:
        assert env.undo(batch).undone
        assert env.get(LEAD, key).status == "junk"


def test_notes_are_touches(env_as, lead):
    key = lead()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=5)
    with env_as("sara", now=later) as env:
        env.create("base.note", {"about": (LEAD, key), "body": "called"})
        found = env.get(LEAD, key)
        assert (found.last_touch_at, found.last_touch_channel) == (later, "note")
        lifecycle.touch(env, [key], "email", later - dt.timedelta(hours=1))
        assert env.get(LEAD, key).last_touch_channel == "note"


def test_scores_follow_the_sheets(env_as, lead):
    key = lead(bant_budget="yes", bant_authority="no", bant_timeline="quarter", champ_priority="top", champ_money="unknown")
    with env_as("sara") as env:
        found = env.get(LEAD, key, "bant_score", "champ_score", "sheet")
        assert (found.bant_score, found.champ_score, found.sheet) == (2, 1, "bant")
        env.update(LEAD, key, {"bant_need": "yes", "champ_priority": "none"})
        found = env.get(LEAD, key, "bant_score", "champ_score")
        assert (found.bant_score, found.champ_score) == (3, 0)


def test_the_first_channel_follows_the_source(env_as, lead):
    with env_as("sara") as env:
        fair = env.query("leads.source").where('kind == "fair"').ids()[0]
    key = lead(source=fair)
    with env_as("sara") as env:
        assert env.get(LEAD, key).first_touch_channel == "fair"
    with env_as("admin") as env, pytest.raises(ValidationFailed):
        env.update("leads.source", fair, {"starts": "2026-05-02", "ends": "2026-05-01"})


def test_enabling_again_changes_nothing(installation, env_as):
    def counts(env):
        return [env.query(n).count(cap=None) for n in ("leads.source", "base.move", "leads.mapping")]
    with env_as("admin") as env:
        before = counts(env), env.query("base.profile").select("name", "sets").rows()
        installation.registry.plugins.hook.addon_enabled(env=env, addon="leads")
        assert (counts(env), env.query("base.profile").select("name", "sets").rows()) == before
        assert before[0][0] == 10
        assert min(before[0]) > 0


def test_the_path_offers_allowed_moves(env_as, lead):
    key = lead()
    with env_as("sara") as env:
        found = env.registry.plugins.hook.status_moves(env=env, record_name=LEAD, record_id=key, status="new")
        assert found["contacted"] == ""
        assert (found["junk"], found["converted"]) == (f"/x/leads/{key}/junk", f"/x/leads/{key}/convert")
        assert "ready" not in found
        assert env.registry.plugins.hook.status_moves(env=env, record_name="base.team", record_id=1, status="x") is None
