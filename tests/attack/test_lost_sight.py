"""What one saw or could do a moment ago gives nothing now: undo, shares that ended, work queued by who was switched off."""

from __future__ import annotations

import datetime as dt

import pytest

from core.errors import NotFound, SarnakhError
from core.installation import Installation
from core.jobs import admin as queue
from core.jobs.tables import State
from core.security.actor import ANONYMOUS, SYSTEM, WRITE
from core.security.shares import share, shares_of, unshare
from core.testing.browser import Visitor
from core.testing.plugin import user_id
from core.web.host import Host

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
ORDER = "shop.order"


@pytest.fixture
def lent(installation: Installation) -> list[int]:
    """Three orders of Sara's that Omid may change."""
    with installation.env(SYSTEM) as env:
        ids = env.create(ORDER, [{"name": f"n{i}", "memo": "before", "owner": user_id(installation, "sara")} for i in range(3)])
        share(env, ORDER, ids, f"user:{user_id(installation, 'omid')}", WRITE)
    return [int(k) for k in ids]


def test_undo_of_what_one_no_longer_sees(installation: Installation, env_as, lent: list[int]) -> None:
    with env_as("omid") as env:
        env.update(ORDER, lent, {"memo": "omid"})
        batch = env.batch
    with env_as("sara") as env:
        unshare(env, ORDER, lent[:2], f"user:{user_id(installation, 'omid')}")
    with env_as("omid") as env:
        done = env.undo(batch)
        assert (done.undone, done.left) == (1, 2)
    with env_as("sara") as env:
        assert [r["memo"] for r in env.query(ORDER).order("id").select("memo").rows()] == ["omid", "omid", "before"]


def test_undo_of_a_deletion_of_what_one_no_longer_sees(installation: Installation, env_as, lent: list[int]) -> None:
    with installation.env(SYSTEM) as env:
        key = env.query("base.profile").where('name == "Standard"').ids()[0]
        env.update("base.profile", key, {"record_rights": {ORDER: {"delete": True}}})
    with env_as("omid") as env:
        env.delete(ORDER, lent)
        batch = env.batch
    with installation.env(SYSTEM) as env:
        table = env.registry.system.share
        env.execute(table.delete().where(table.c.record_id.in_(lent[:2])))
    with env_as("omid") as env:
        done = env.undo(batch)
        assert (done.undone, done.left) == (1, 2)
    with env_as("sara") as env:
        assert env.query(ORDER).ids() == [lent[2]]


def test_undo_of_somebody_else_and_of_nothing(installation: Installation, env_as, lent: list[int]) -> None:
    with env_as("omid") as env:
        env.update(ORDER, lent, {"memo": "omid"})
        batch = env.batch
    visitor = Visitor(installation, user_id(installation, "sara"), Host(installation))
    answers = {visitor.post("/undo", {"batch": b}).status_code for b in (batch, "0" * 32, "", "x" * 5000, "'; --")}
    assert answers <= {303, 404}
    with env_as("sara") as env:
        assert env.query(ORDER).where('memo == "omid"').count() == 3
        with pytest.raises(NotFound):
            env.undo(batch)


def test_a_share_that_ended_opens_nothing(installation: Installation, env_as, lent: list[int]) -> None:
    omid = user_id(installation, "omid")
    with env_as("sara") as env:
        share(env, ORDER, lent, f"user:{omid}", WRITE, env.now + dt.timedelta(minutes=1))
    later, actor = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2), installation.load_actor(omid)
    with installation.env(actor) as env:  # statements that are kept for the actor must not keep the moment
        assert len(env.query(ORDER).select("name").rows()) == len(env.query(ORDER).page(10).rows) == 3
        assert env.get(ORDER, lent[0], "name").name
    with installation.env(actor, now=later) as env:
        assert env.query(ORDER).select("name").rows() == env.query(ORDER).page(10).rows == []
        assert env.query(ORDER).count() == 0 and env.visible_ids(ORDER, lent) == []
        assert env.query(ORDER).deleted(None).archived(None).count() == 0
        assert env.labels(ORDER, lent) == {} and env.allowed_ids("update", ORDER, lent) == set()
        for attempt in (lambda: env.get(ORDER, lent[0]), lambda: env.update(ORDER, lent, {"memo": "x"}),
                        lambda: env.archive(ORDER, lent), lambda: shares_of(env, ORDER, lent[0]),
                        lambda: env.run_action(ORDER, "send", lent)):
            with pytest.raises((NotFound, SarnakhError)):
                attempt()
    with env_as("sara") as env:
        assert env.query(ORDER).where('memo == "before"').count() == 3


def test_shares_name_somebody_who_exists(env_as, lent: list[int]) -> None:
    with env_as("sara") as env:
        for principal in ("user:999999", "user:", "user:-1", "user:1;x", "below:99999", "team:0", "all", "user:" + "9" * 40, "role:٣"):
            with pytest.raises(SarnakhError):
                share(env, ORDER, lent, principal)


def test_work_queued_by_who_was_switched_off_does_nothing(installation: Installation, env_as, lent: list[int]) -> None:
    from core.exchange.exporting import Wanted
    with env_as("omid") as env:
        wanted = Wanted.of(env.query(ORDER), ["name"])
    with installation.env(SYSTEM) as env:
        env.update("base.user", user_id(installation, "omid"), {"active": False})
    actor = installation.load_actor(user_id(installation, "omid"))
    assert actor is ANONYMOUS
    with installation.env(actor) as env:
        with pytest.raises(SarnakhError):
            list(wanted.query(env).rows()) if env.can("export", ORDER) else env.require("export", ORDER)
        assert env.query(ORDER).count() == 0


def test_sessions_and_links_of_who_was_switched_off(installation: Installation, lent: list[int]) -> None:
    from core.security.links import account_of, password_token
    key, host = user_id(installation, "omid"), Host(installation)
    browser = Visitor(installation, key, host)
    assert browser.get("/r/shop.order").status_code == 200
    with installation.env(SYSTEM) as env:
        token = password_token(env, key)
        assert account_of(env, token) == key
        env.update("base.user", key, {"active": False})
    assert browser.get("/r/shop.order").status_code == 303
    with installation.env(SYSTEM) as env:
        assert account_of(env, token) is None
        assert not queue.list_jobs(env.connection, State.DEAD, limit=5)


def test_history_is_not_written_from_the_product(installation: Installation, lent: list[int]) -> None:
    """No address, and no record type, reaches the audit log for writing."""
    host = Host(installation)
    admin = Visitor(installation, user_id(installation, "admin"), host)
    writing = [r.rule for r in host.app.url_map.iter_rules() if "audit" in r.rule and "POST" in r.methods]
    assert writing == [] and not any("audit" in name for name in installation.registry.records)
    with installation.env(SYSTEM, write=False) as env:
        before = env.execute(env.registry.system.audit.select()).all()
    for path in ("/admin/audit", "/r/sys_audit", "/r/sys.audit/1/edit", "/r/sys.audit/1/delete"):
        assert admin.post(path, {"note": "x"}).status_code in (404, 405)
    with installation.env(SYSTEM, write=False) as env:
        assert env.execute(env.registry.system.audit.select()).all()[:len(before)] == before
