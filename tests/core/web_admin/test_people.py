"""Users, profiles, roles and sharing in the administration, and who may touch them."""

from __future__ import annotations

import re

import pytest

from core.errors import AccessDenied
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.plugin import user_id

pytestmark = pytest.mark.addons("contacts")

URLS = ("/admin/addons", "/admin/addons/contacts/disable", "/admin/users", "/admin/users/new", "/admin/users/1",
        "/admin/profiles",
        "/admin/profiles/new", "/admin/profiles/1", "/admin/profiles/1/records", "/admin/profiles/1/fields", "/admin/roles",
        "/admin/roles/new", "/admin/roles/1", "/admin/sharing", "/admin/sharing/rules/new", "/admin/sharing/check?value=x",
        "/admin/access", "/admin/jobs", "/admin/jobs/1", "/admin/audit", "/admin/health", "/admin/settings",
        "/admin/picklists",
        "/admin/picklists/contacts.account.type", "/admin/navigation")
POSTS = ("/admin/addons/contacts/disable", "/admin/users/new", "/admin/users/1", "/admin/users/1/link",
         "/admin/users/1/second-factor",
         "/admin/users/1/active", "/admin/users/1/sessions", "/admin/profiles/new", "/admin/profiles/1",
         "/admin/profiles/1/delete",
         "/admin/profiles/1/records", "/admin/profiles/1/fields", "/admin/roles/new", "/admin/roles/1", "/admin/roles/1/move",
         "/admin/roles/1/delete", "/admin/sharing", "/admin/sharing/rules/new", "/admin/jobs", "/admin/jobs/1",
         "/admin/picklists/contacts.account.type", "/admin/navigation")


def change(installation: Installation, login: str, **values: object) -> int:
    """Give somebody other values, as the program itself."""
    key = user_id(installation, login)
    with installation.env(SYSTEM) as env:
        env.update("base.user", key, values)
    return key


def profile_of(installation: Installation, login: str) -> int:
    """The number of a person's profile."""
    with installation.env(SYSTEM, write=False) as env:
        return int(env.get("base.user", user_id(installation, login), "profile").profile.id)


@pytest.mark.parametrize("login", ["sara", "nobody", ""])
def test_who_has_no_area_gets_nowhere(visit, login: str) -> None:
    visitor = visit(login)
    for url in ("/admin", *URLS):
        answer = visitor.get(url)
        assert answer.status_code in ((303,) if not login else (403, 404)), url
    for url in POSTS:
        assert visitor.post(url, {"name": "x", "active": "1"}).status_code in ((400, 401) if not login else (403, 404)), url


def test_administrators_see_every_page(visit) -> None:
    for login in ("admin", "boss"):
        visitor = visit(login)
        for url in ("/admin", *URLS):
            if url != "/admin/jobs/1":
                assert visitor.get(url).status_code == 200, (login, url)


def test_posts_without_a_token_are_refused(visit) -> None:
    visitor = visit("admin")
    for url in POSTS:
        assert visitor.client.post(url, data={"name": "x"}).status_code == 400, url


def test_one_area_opens_only_its_pages(installation: Installation, visit) -> None:
    with installation.env(SYSTEM) as env:
        profile = env.create("base.profile", {"name": "Auditor", "sets": [], "areas": ["audit"]})
    change(installation, "nobody", profile=profile)
    visitor = visit("nobody")
    assert visitor.get("/admin").status_code == 200
    open_ones = [u for u in URLS if visitor.get(u).status_code == 200]
    assert open_ones == ["/admin/audit"]


# ---------------------------------------------------------------- users
def test_a_person_is_invited_and_gets_a_link(installation: Installation, visit, browser) -> None:
    with installation.env(SYSTEM) as env:
        team = env.create("base.team", {"name": "North"})
    values = {"name": "Leyla Kaya", "login": "Leyla", "email": "leyla@example.com", "active": "1", "active__present": "1",
              "language": "tr", "calendar": "gregorian", "digits": "latn", "time_zone": "Europe/Istanbul",
              "profile": str(profile_of(installation, "sara")), "teams": str(team), "teams__present": "1"}
    answer = visit("boss").post("/admin/users/new", values)
    assert answer.status_code == 200
    token = re.search(r"/reset/([\w.-]+)", answer.text)
    assert token
    stranger = browser()
    assert stranger.send(f"/reset/{token[1]}", {"password": "brand new words",
                                                "repeat": "brand new words"}).status_code == 303
    assert stranger.sign_in("leyla", "brand new words").status_code == 303
    assert 'lang="tr"' in stranger.get("/me").text
    with installation.env(SYSTEM, write=False) as env:
        assert [m.label for m in env.get("base.team", team, "members").members] == ["Leyla Kaya"]
    again = visit("boss").post("/admin/users/new", values)
    assert again.status_code == 422 and "Leyla Kaya" in again.text


def test_who_is_no_super_administrator_makes_none(installation: Installation, visit) -> None:
    boss, admin, sara = visit("boss"), user_id(installation, "admin"), user_id(installation, "sara")
    own = user_id(installation, "boss")
    for key in (sara, own):
        assert boss.post(f"/admin/users/{key}", {"is_super": "1", "is_super__present": "1"}).status_code == 422
        assert boss.post(f"/r/base.user/{key}/edit",
                         {"is_super": "1", "is_super__present": "1", "version": "1"}).status_code in (403, 404, 422)
    for step in ("link", "second-factor", "active", "sessions"):
        assert boss.post(f"/admin/users/{admin}/{step}").status_code == 403
    assert boss.post(f"/admin/users/{admin}", {"email": "boss@evil.example"}).status_code == 422
    with installation.env(SYSTEM, write=False) as env:
        assert [r["login"] for r in env.query("base.user").where("is_super").select("login").rows()] == ["admin"]
        assert env.get("base.user", admin, "email").email == "admin@example.com"


def test_nobody_widens_their_own_rights(installation: Installation, visit) -> None:
    boss, own = visit("boss"), profile_of(installation, "boss")
    other = profile_of(installation, "sara")
    assert boss.post(f"/admin/users/{user_id(installation, 'boss')}", {"profile": str(other)}).status_code == 422
    assert boss.post(f"/admin/profiles/{own}", {"name": "Mine", "areas": "*"}).status_code == 422
    assert boss.post(f"/admin/profiles/{own}/records", {"contacts.account|view_all": "1"}).status_code == 403
    with installation.env(installation.load_actor(user_id(installation, "boss"))) as env, pytest.raises(AccessDenied):
        env.update("base.profile", own, {"record_rights": {"contacts.account": {"view_all": True}}})


def test_the_last_super_administrator_stays(installation: Installation, visit) -> None:
    admin = visit("admin")
    key = user_id(installation, "admin")
    assert admin.post(f"/admin/users/{key}", {"is_super__present": "1"}).status_code == 422
    assert admin.post(f"/admin/users/{key}/active", {"active": ""}).status_code == 422
    assert visit("admin").get("/admin").status_code == 200


def test_switching_off_ends_sessions(installation: Installation, visit) -> None:
    sara, key = visit("sara"), user_id(installation, "sara")
    assert sara.get("/me").status_code == 200
    assert visit("boss").post(f"/admin/users/{key}/active", {"active": ""}).status_code == 303
    assert sara.get("/me").status_code == 303


# ---------------------------------------------------------------- profiles
def test_the_grid_allows_and_refuses(installation: Installation, visit) -> None:
    key = profile_of(installation, "sara")
    admin = visit("admin")
    assert admin.post(f"/admin/profiles/{key}/records", {
        "base.tag|create": "0", "base.company|update": "1", "base.country|read": "x",
        "contacts.account|read": "1"}).status_code == 303
    with installation.env(SYSTEM, write=False) as env:
        assert env.get("base.profile", key, "record_rights").record_rights == {
            "base.tag": {"create": False}, "base.company": {"update": True}, "contacts.account": {"read": True}}
    with installation.env(installation.load_actor(user_id(installation, "sara"))) as env:
        assert not env.can("create", "base.tag") and env.can("update", "base.company")
    assert visit("sara").get("/r/base.tag/new").status_code == 403


def test_a_field_is_hidden_and_actions_refused(installation: Installation, visit) -> None:
    key = profile_of(installation, "sara")
    url = f"/admin/profiles/{key}/fields?record=base.user"
    assert visit("admin").post(url, {"field|phone": "hidden", "field|email": "read",
                                     "field|password_hash": "edit"}).status_code == 303
    with installation.env(installation.load_actor(user_id(installation, "sara"))) as env:
        modes = env.access.field_modes("base.user")
    assert (modes["phone"], modes["email"], modes["password_hash"]) == ("hidden", "read", "hidden")
    assert visit("admin").get(url).text.count("password_hash") == 0


def test_a_profile_is_copied_and_deleted(installation: Installation, visit) -> None:
    source = profile_of(installation, "boss")
    admin = visit("admin")
    answer = admin.post("/admin/profiles/new", {"name": "Second", "copy": str(source)})
    key = int(answer.headers["Location"].rsplit("/", 1)[1])
    with installation.env(SYSTEM, write=False) as env:
        assert env.get("base.profile", key, "sets").sets == env.get("base.profile", source, "sets").sets
    assert admin.post(f"/admin/profiles/{key}/delete").status_code == 303
    assert admin.post(f"/admin/profiles/{source}/delete").status_code == 422


# ---------------------------------------------------------------- roles
def test_roles_are_added_moved_and_never_go_round(installation: Installation, visit) -> None:
    admin = visit("admin")
    assert admin.post("/admin/roles/new", {"name": "Trainee"}).status_code == 303
    with installation.env(SYSTEM, write=False) as env:
        roles = {r["name"]: r["id"] for r in env.query("base.role").select("name").rows()}
    assert admin.post(f"/admin/roles/{roles['Trainee']}",
                      {"name": "Trainee", "parent": str(roles["Seller"])}).status_code == 303
    assert admin.post(f"/admin/roles/{roles['Director']}/move", {"parent": str(roles["Trainee"])}).status_code == 422
    assert admin.post(f"/admin/roles/{roles['Seller']}/delete").status_code == 422
    assert admin.post(f"/admin/roles/{roles['Trainee']}/move", {"parent": ""}).status_code == 303
    assert admin.post(f"/admin/roles/{roles['Trainee']}/delete").status_code == 303


# ---------------------------------------------------------------- sharing
@pytest.fixture
def account(installation: Installation) -> int:
    """A private account of Sara's."""
    with installation.env(SYSTEM) as env:
        return int(env.create("contacts.account", {"name": "Pars Steel", "owner": user_id(installation, "sara")}))


def sees(installation: Installation, login: str, key: int) -> bool:
    with installation.env(installation.load_actor(user_id(installation, login)), write=False) as env:
        return env.query("contacts.account").with_ids([key]).exists()


def give_contacts(installation: Installation) -> None:
    """Everybody of the standard profile works with accounts."""
    with installation.env(SYSTEM) as env:
        key = env.query("base.profile").where('name == "Standard"').ids()[0]
        rights = {"read": True, "update": True, "create": True}
        env.update("base.profile", key, {"record_rights": {"contacts.account": rights}})


def test_defaults_rules_and_why(installation: Installation, visit, account: int) -> None:
    give_contacts(installation)
    admin, omid = visit("admin"), user_id(installation, "omid")
    why = f"/admin/access?person={omid}&record=contacts.account&number={account}"
    assert not sees(installation, "omid", account) and sees(installation, "mina", account)
    assert "Omid Other cannot see this record." in admin.get(why).text
    assert "Write a sharing rule" in admin.get(why).text
    rule = {"name": "Steel", "record_type": "contacts.account", "kind": "criteria", "criteria": 'name contains "steel"',
            "share_with": f"user:{omid}", "access": "read", "active": "1", "owners": "user:1"}
    check = admin.post("/admin/sharing/rules/new", {**rule, "do": "check"})
    assert check.status_code == 200 and "This meets 1 record." in check.text
    assert admin.post("/admin/sharing/rules/new", {**rule, "criteria": "name contains"}).status_code == 422
    assert admin.post("/admin/sharing/rules/new", rule).status_code == 303
    assert sees(installation, "omid", account) and not sees(installation, "reza", account)
    page = admin.get(why).text
    assert "Omid Other can see this record." in page and "Sharing rule “Steel”" in page
    assert "Omid Other may not change this record." in page
    assert admin.post("/admin/sharing", {"access|contacts.account": "read", "tree|contacts.account": "1"}).status_code == 303
    assert sees(installation, "reza", account)
    assert admin.post("/admin/sharing", {"access|contacts.account": "private"}).status_code == 303
    assert not sees(installation, "mina", account) and not sees(installation, "reza", account)


def test_criteria_are_counted_while_typing(visit, account: int) -> None:
    admin = visit("admin")
    good = admin.get("/admin/sharing/check?record_type=contacts.account&value=name+contains+%22pars%22").json
    bad = admin.get("/admin/sharing/check?record_type=contacts.account&value=nothing+%3D%3D+1").json
    assert good == {"message": "This meets 1 record.", "level": "info"}
    assert bad["level"] == "error" and bad["message"]


def test_why_agrees_with_what_happens(installation: Installation, visit, account: int) -> None:
    give_contacts(installation)
    admin = visit("admin")
    for login in ("admin", "boss", "mina", "sara", "reza", "omid", "nobody"):
        page = admin.get(f"/admin/access?person={user_id(installation, login)}&record=contacts.account&number={account}").text
        assert ("can see this record." in page) is sees(installation, login, account), login
