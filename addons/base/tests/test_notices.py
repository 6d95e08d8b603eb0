"""What people are told: in their language, once, only theirs, never the name of what they may not see."""

import datetime as dt

import pytest

from addons.base.jobs import KEPT, forget_notices
from addons.base.notices import NOTICE, Notice, notify
from core.api import AccessDenied, F, NotFound, ValidationFailed, _
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
ORDER = "shop.order"


def told(env):
    return [r["text"] for r in env.query(NOTICE).select("text").order("id").rows()]


def test_everybody_is_told_in_their_language_and_reads_only_their_own(env_as, installation):
    with env_as("admin") as env:
        sara, reza = (user_id(installation, n) for n in ("sara", "reza"))
        env.update("base.user", sara, {"language": "fa"})
        assert notify(env, [Notice(u, "test", _("Save")) for u in (sara, reza, reza)]) == 3
    with env_as("sara") as env:
        assert told(env) == ["ذخیره"]
        mine = env.query(NOTICE).ids()[0]
        with pytest.raises(ValidationFailed):
            env.update(NOTICE, mine, {"text": "forged"})
        with pytest.raises((AccessDenied, NotFound)):
            env.create(NOTICE, {"user": reza, "kind": "x", "text": "forged"})
    with env_as("reza") as env:
        assert told(env) == ["Save", "Save"]
        with pytest.raises(NotFound):
            env.get(NOTICE, mine)
    browser = Visitor(installation, reza)
    assert browser.get(f"/notifications/{mine}").status_code == 404
    assert browser.get("/notifications/count").json == {"count": 2, "text": "2", "live": {}}


def test_once_while_unread_and_a_thousand_at_once(env_as, installation):
    reza = user_id(installation, "reza")
    with env_as("sara") as env:
        for _i in range(2):
            notify(env, [Notice(reza, "test", "Same", dedupe="one"), Notice(reza, "test", "Same", dedupe="one")])
        with query_budget(installation, 8):
            notify(env, [Notice(reza, "test", f"No. {i}") for i in range(1000)])
    with env_as("reza") as env:
        assert env.query(NOTICE).where(F.dedupe == "one").count() == 1
        assert env.query(NOTICE).count() == 1001


def test_mentions_and_assignments_tell_without_giving_names_away(env_as, installation):
    sara, reza = (user_id(installation, n) for n in ("sara", "reza"))
    with env_as("sara") as env:
        order = env.create(ORDER, {"name": "Very secret"})
        env.create("base.note", {"about": (ORDER, order), "body": "look", "mentions": [reza, sara]})
    browser = Visitor(installation, reza)
    page = browser.get("/notifications").text
    assert "mentioned you" in page and "Very secret" not in page
    with env_as("boss") as env:
        env.update(ORDER, order, {"owner": reza})
        assert told(env) == []
    assert "Very secret" in browser.get("/notifications").text
    with env_as("sara") as env:
        assert told(env) == [], "nobody is told of what they did themselves"
        others = env.create(ORDER, [{"name": f"Order {i}"} for i in range(30)])
    with env_as("boss") as env:
        env.update(ORDER, others, {"owner": reza})
    with env_as("reza") as env:
        assert told(env)[-1] == "Bahram Director assigned 30 records to you (Orders)" and len(told(env)) == 3


def test_the_bell_opens_follows_and_marks(env_as, installation):
    reza = user_id(installation, "reza")
    with env_as("sara") as env:
        notify(env, [Notice(reza, "test", "Go there", url="/r/shop.order"), Notice(reza, "test", "Away", url="https://evil.example/")])
    browser = Visitor(installation, reza)
    dialog = browser.get("/notifications", headers={"X-Fragment": "dialog"}).text
    assert "Go there" in dialog and 'class="unread"' in dialog and "<html" not in dialog
    assert 'data-module="bell"' in browser.get("/").text
    with env_as("reza") as env:
        first, second = env.query(NOTICE).order("id").ids()
    assert browser.get(f"/notifications/{first}").location == "/r/shop.order"
    assert browser.get(f"/notifications/{second}").location == "/notifications"
    with env_as("sara") as env:
        notify(env, [Notice(reza, "test", "More")])
    assert browser.get("/notifications/count").json["count"] == 1
    assert browser.post("/notifications/read").status_code == 303
    assert browser.get("/notifications/count").json == {"count": 0, "text": "", "live": {}}


def test_old_ones_are_forgotten(env_as, installation):
    reza = user_id(installation, "reza")
    with installation.env() as env, env.elevated("history") as sudo:
        notify(sudo.back_then(sudo.now - KEPT - dt.timedelta(days=1), reza), [Notice(reza, "test", "Old")])
        notify(sudo, [Notice(reza, "test", "New")])
        forget_notices(sudo, type("Work", (), {"checkpoint": lambda self, state: None})())
        assert [r["text"] for r in sudo.query(NOTICE).select("text").deleted(None).rows()] == ["New"]
