"""Addons, background work, history, health, settings, picklists and navigation in the administration."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from core.installation import Installation
from core.jobs import outbox
from core.jobs.tables import JOBS, State
from core.security.actor import SYSTEM
from core.testing.plugin import open_installation, user_id
from core.web.host import Host

from .conftest import Browser


# ---------------------------------------------------------------- addons
@pytest.mark.addons("base")
def test_an_addon_is_looked_at_enabled_and_disabled_while_the_server_runs(installation: Installation, visit) -> None:
    admin = visit("admin")
    assert admin.get("/r/contacts.account").status_code == 404
    assert "contacts_account" not in admin.get("/admin/addons").text
    plan = admin.get("/admin/addons/leads/enable").text
    assert "Contacts" in plan and "Leads" in plan
    assert admin.post("/admin/addons/leads/enable").headers["Location"] == "/admin/addons"
    assert admin.get("/r/contacts.account").status_code == 200
    blocked = admin.get("/admin/addons/contacts/disable")
    assert "Leads" in blocked.text
    assert admin.post("/admin/addons/contacts/disable").status_code == 422
    assert admin.post("/admin/addons/leads/disable").status_code == 303
    assert admin.get("/r/leads.lead").status_code == 404
    assert admin.get("/admin/addons/base/disable").status_code in (404, 422, 200)
    assert admin.post("/admin/addons/base/disable").status_code in (404, 422)


@pytest.mark.addons("contacts")
def test_purging_needs_the_name(installation: Installation, visit) -> None:
    admin = visit("admin")
    with installation.env(SYSTEM) as env:
        env.create("contacts.account", {"name": "Pars", "owner": user_id(installation, "sara")})
    assert admin.get("/admin/addons/contacts/purge").status_code == 404
    assert admin.post("/admin/addons/contacts/disable").status_code == 303
    assert "contacts_account" in admin.get("/admin/addons/contacts/purge").text
    assert admin.post("/admin/addons/contacts/purge", {"confirm": "yes"}).status_code == 422
    assert admin.post("/admin/addons/contacts/purge", {"confirm": "contacts"}).status_code == 303
    assert admin.post("/admin/addons/contacts/enable").status_code == 303
    with installation.env(SYSTEM, write=False) as env:
        assert not env.query("contacts.account").exists()


@pytest.mark.addons("base")
def test_another_process_picks_it_up(installation: Installation, visit, tmp_path) -> None:
    other = open_installation(installation.settings.database.url, tmp_path / "data")
    try:
        host = Host(other)
        visitor = Browser(host)
        visitor.client.set_cookie("sarnakh", visit("admin").client.get_cookie("sarnakh").value)
        assert visitor.get("/r/contacts.account").status_code == 404
        assert visit("admin").post("/admin/addons/contacts/enable").status_code == 303
        assert visitor.get("/r/contacts.account").status_code == 200
    finally:
        other.close()


@pytest.mark.addons("base")
@pytest.mark.folders("tests/fixtures/addons")
def test_a_broken_addon_says_why_and_is_not_enabled(visit) -> None:
    admin = visit("admin")
    page = admin.get("/admin/addons")
    assert page.status_code == 200
    if "broken_code" in page.text or "Broken" in page.text:
        assert admin.get("/admin/addons/broken_code/enable").status_code in (200, 404)
        assert admin.post("/admin/addons/broken_code/enable").status_code in (404, 422)
    assert admin.get("/admin/addons").status_code == 200


# ---------------------------------------------------------------- background work
@pytest.fixture
def dead(installation: Installation) -> int:
    """A job that failed for good."""
    with installation.env(SYSTEM) as env:
        key = outbox.enqueue(env.connection, "core.mail", {"to": "x@example.com"}, actor_id=user_id(installation, "sara"),
                             lang="en")
        env.execute(JOBS.update().where(JOBS.c.id == key).values(state=State.DEAD.value, error="Traceback\nSMTP said no",
                                                                 attempts=5,
                                                                 finished_at=dt.datetime.now(dt.UTC)))
    return key


def state_of(installation: Installation, key: int) -> str:
    with installation.env(SYSTEM, write=False) as env:
        return str(env.execute(JOBS.select().where(JOBS.c.id == key)).one().state)


@pytest.mark.addons("base")
def test_dead_letters_are_read_tried_again_and_cancelled(installation: Installation, visit, dead: int) -> None:
    admin = visit("admin")
    assert "SMTP said no" in admin.get("/admin/jobs?state=dead").text
    assert "SMTP said no" in admin.get(f"/admin/jobs/{dead}").text
    assert admin.post(f"/admin/jobs/{dead}", {"do": "retry"}).status_code == 303
    assert state_of(installation, dead) == "queued"
    assert admin.post(f"/admin/jobs/{dead}", {"do": "cancel"}).status_code == 303
    assert state_of(installation, dead) == "cancelled"
    assert admin.get("/admin/jobs/999999").status_code == 404
    assert admin.get("/admin/jobs?after=x&state=nonsense").status_code == 200


@pytest.mark.addons("base")
def test_all_dead_ones_at_once(installation: Installation, visit, dead: int) -> None:
    assert visit("admin").post("/admin/jobs").status_code == 303
    assert state_of(installation, dead) == "queued"


# ---------------------------------------------------------------- history
@pytest.mark.addons("contacts")
def test_history_is_searched_and_shows_only_what_the_reader_may_see(installation: Installation, visit) -> None:
    with installation.env(installation.load_actor(user_id(installation, "admin"))) as env:
        key = env.create("contacts.account", {"name": "Pars Steel", "owner": user_id(installation, "sara")})
        env.update("contacts.account", key, {"name": "Pars Iron"})
        profile = env.get("base.user", user_id(installation, "omid"), "profile").profile.id
        env.update("base.profile", profile, {"areas": ["audit"]})
    admin, omid = visit("admin"), visit("omid")
    found = admin.get("/admin/audit?record=contacts.account&action=update").text
    assert "Pars Steel → Pars Iron" in found
    theirs = omid.get("/admin/audit?record=contacts.account").text
    assert "contacts.account" in theirs and "Pars Steel" not in theirs and "Pars Iron" not in theirs
    assert "Pars Steel → Pars Iron" not in admin.get(f"/admin/audit?person={user_id(installation, 'sara')}").text
    assert "Pars Steel → Pars Iron" in admin.get("/admin/audit?since=today&until=today&record=contacts.account").text
    assert "Pars Steel → Pars Iron" not in admin.get("/admin/audit?until=2001-01-01").text
    assert admin.get("/admin/audit?since=nonsense").status_code == 200
    assert admin.get("/admin/audit?person=99999999999999999999&before=x&q=%25%27").status_code == 200


# ---------------------------------------------------------------- health, settings
@pytest.mark.addons("base")
def test_health_and_settings_tell_no_secrets(installation: Installation, visit, dead: int) -> None:
    admin = visit("admin")
    page = admin.get("/admin/health").text
    assert "failed for good" in page and "The database is as the addons declare it." in page
    settings = admin.get("/admin/settings").text
    assert "security.login_attempts" in settings
    assert installation.settings.database.url not in settings and installation.secrets.session_key not in settings


# ---------------------------------------------------------------- picklists
LINE = ("value", "position", "colour", "active", "label_en", "label_fa", "label_tr")


def lines(*options: tuple[str, ...]) -> dict[str, str]:
    """The form's inputs for options given as (value, position, colour, active, en, fa, tr)."""
    return {f"options-{i}-{name}": text for i, option in enumerate(options) for name, text in zip(LINE, option, strict=True)}


@pytest.mark.addons("contacts")
def test_a_picklist_is_edited_without_losing_data(installation: Installation, visit) -> None:
    target = "contacts.account.type"
    with installation.env(SYSTEM) as env:
        options = [o.value for o in env.registry.record("contacts.account").fields["type"].options]
        key = env.create("contacts.account", {"name": "Pars", "type": options[0], "owner": user_id(installation, "sara")})
    admin = visit("admin")
    posted = lines((options[1], "10", "red", "1", "", "", ""), (options[0], "20", "blue", "", "Former", "پیشین", "Eski"),
                   ("", "15", "pink", "1", "On hold", "معلق", "Askıda"))
    assert admin.post(f"/admin/picklists/{target}", posted).status_code == 303
    with installation.env(installation.load_actor(user_id(installation, "admin")), lang="fa") as env:
        made = env.registry.record("contacts.account").fields["type"].options
        assert [o.value for o in made[:3]] == [options[1], "on_hold", options[0]]
        assert {o.value for o in made} == {*options, "on_hold"}
        by_value = {o.value: o for o in made}
        assert (env.t(by_value[options[0]].label), by_value[options[0]].active) == ("پیشین", False)
        assert env.t(by_value["on_hold"].label) == "معلق"
        assert env.get("contacts.account", key, "type").type == options[0]
        env.update("contacts.account", key, {"type": "on_hold"})
    assert "On hold" in admin.get(f"/r/contacts.account/{key}").text
    assert admin.post(f"/admin/picklists/{target}", {"do": "reset"}).status_code == 303
    with installation.env(SYSTEM, write=False) as env:
        assert env.get("contacts.account", key, "type").type == "on_hold"
    assert admin.get(f"/r/contacts.account/{key}").status_code == 200
    assert admin.get("/r/contacts.account").status_code == 200


@pytest.mark.addons("contacts")
def test_picklists_refuse_nonsense(visit) -> None:
    admin = visit("admin")
    url = "/admin/picklists/contacts.account.type"
    for wrong in (lines(("a b", "1", "red", "1", "x", "", "")),
                  lines(("aa", "1", "red", "1", "x", "", ""), ("aa", "2", "red", "1", "y", "", "")),
                  lines(("aa", "1", "red", "1", "", "", "")), {}):
        assert admin.post(url, wrong).status_code == 422
    assert admin.get("/admin/picklists/base.user.language").status_code == 404
    assert admin.get("/admin/picklists/no.such").status_code == 404


# ---------------------------------------------------------------- navigation
@pytest.mark.addons("contacts")
def test_navigation_is_ordered_and_hidden_for_all(installation: Installation, visit) -> None:
    admin = visit("admin")
    with installation.env(installation.load_actor(user_id(installation, "admin")), write=False) as env:
        names = [i.name for i in env.registry.collected("menus", env=env)]
    form = admin.get("/admin/navigation").text
    assert "/r/contacts.merge/new" not in form and "/r/contacts.account/new" in form
    assert [re.search(r'value="(\d+)" selected', part)[1] for part in form.split('name="place.')[1:4]] == ["1", "1", "2"]
    shown = {f"shown.{n}": "1" for n in names if n != "teams"}
    assert admin.post("/admin/navigation", {**shown, "place.users": "1"}).status_code == 303
    page = visit("sara").get("/me").text
    assert "/r/base.team" not in page and "/r/base.user" in page
    assert admin.post("/admin/navigation", {"do": "reset"}).status_code == 303
    assert "/r/base.team" in visit("sara").get("/r/base.user").text
