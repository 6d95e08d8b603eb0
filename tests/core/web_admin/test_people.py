"""Users, profiles, roles and sharing in the administration, and who may touch them."""

from __future__ import annotations

import datetime as dt
import re
import time
from html import unescape

import pytest

from core.errors import AccessDenied
from core.installation import Installation
from core.security.actor import READ, SYSTEM, WRITE
from core.security.shares import share
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


def test_nobody_gives_away_parts_of_the_administration_that_they_do_not_have(installation: Installation, env_as) -> None:
    """An administrator of people alone makes no account, and no profile, that administers more than they do."""
    with installation.env(SYSTEM) as env:
        few = env.create("base.profile", {"name": "People only", "sets": ["base.people_admin"], "areas": ["users", "profiles"]})
        all_areas = env.query("base.profile").where('name == "Administrator"').ids()[0]
        env.update("base.user", user_id(installation, "mina"), {"profile": few})
    with env_as("mina") as env:
        for values in ({"areas": ["*"]}, {"areas": ["users", "addons"]}):
            with pytest.raises(AccessDenied):
                env.create("base.profile", {"name": "Mine", **values})
        made = env.create("base.profile", {"name": "Mine", "areas": ["users"]})
        with pytest.raises(AccessDenied):
            env.update("base.profile", made, {"areas": ["users", "settings"]})
        with pytest.raises(AccessDenied):
            env.create("base.user", {"name": "Puppet", "login": "puppet", "profile": all_areas})
        with pytest.raises(AccessDenied):
            env.update("base.user", user_id(installation, "reza"), {"profile": all_areas})
        env.update("base.user", user_id(installation, "reza"), {"profile": made})
        env.update("base.profile", all_areas, {"description": "kept"})  # what is there already may stay
        with pytest.raises(AccessDenied):
            env.update("base.user", user_id(installation, "boss"), {"login": "mine"})  # nor takes such an account over


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
    assert check.status_code == 200 and "Now this opens 1 record to 1 person." in check.text
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


def test_what_a_rule_would_open_is_said_while_it_is_filled_in(installation: Installation, visit, account: int) -> None:
    admin = visit("admin")
    with installation.env(SYSTEM) as env:
        seller = env.query("base.role").where('name == "Seller"').ids()[0]

    def asked(**values: str) -> dict[str, str]:
        return admin.get("/admin/sharing/check", query_string={"record_type": "contacts.account", **values}).json

    by_criteria = {"kind": "criteria", "criteria": 'name contains "pars"', "owners": "user:1"}
    assert asked(**by_criteria) == {"message": "Now this is 1 record.", "level": "info"}
    assert asked(**by_criteria, share_with=f"role:{seller}")["message"] == "Now this opens 1 record to 2 people."
    by_owner = {"kind": "owners", "owners": f"role:{seller}", "criteria": "nonsense", "share_with": f"below:{seller}"}
    assert asked(**by_owner)["message"] == "Now this opens 1 record to 2 people."
    assert asked(kind="criteria", criteria="nothing == 1")["level"] == "error"
    assert asked(kind="owners") == {"message": "", "level": "info"}
    page = admin.get("/admin/sharing/rules/new").text
    for name in ("owners", "criteria"):
        assert re.search(rf'data-field="{name}"[^>]*data-visible-if="[^"]*kind', page), name


def test_rules_are_no_window_into_hidden_fields(installation: Installation, visit, account: int) -> None:
    """Counting what a rule meets, and writing one, must not tell values of fields that the administrator may not see."""
    give_contacts(installation)
    with installation.env(SYSTEM) as env:
        key = env.query("base.profile").where('name == "Administrator"').ids()[0]
        env.update("base.profile", key, {"field_rights": {"contacts.account": {"phone": "hidden"}},
                                         "record_rights": {"contacts.account": {"read": True}}})
    boss = visit("boss")
    hidden = {"record_type": "contacts.account", "kind": "criteria", "criteria": "phone is null"}
    answer = boss.get("/admin/sharing/check", query_string=hidden).json
    assert answer["level"] == "error" and "record" not in answer["message"].lower().replace("no record", "")
    rule = {**hidden, "name": "Probe", "share_with": f"user:{user_id(installation, 'boss')}", "access": "read", "active": "1"}
    assert boss.post("/admin/sharing/rules/new", rule).status_code == 422


def test_why_names_every_source(installation: Installation, visit, account: int) -> None:
    """Default, owner, role tree, team, rules by owner and criteria, shares with and past their end, rights, super-admin."""
    give_contacts(installation)
    record, people = "contacts.account", {n: user_id(installation, n) for n in ("sara", "reza", "omid", "mina", "boss", "admin")}
    admin = visit("admin")

    def why(login: str) -> str:
        text = admin.get(f"/admin/access?person={people[login]}&record={record}&number={account}").text
        return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", text[text.index("<main"):text.index("</main>")])))

    def held(login: str, part: str) -> bool:
        found = re.search(re.escape(part) + r"(?: \([^)]*\))? (holds|does not)", why(login))
        assert found, (part, why(login))
        return found[1] == "holds"

    with installation.env(SYSTEM) as env:
        team = env.create("base.team", {"name": "Field team", "members": [people["omid"]]})
        env.create("base.sharing_rule", [
            {"name": "By owner", "record_type": record, "owners": f"user:{people['sara']}", "share_with": f"user:{people['reza']}"},
            {"name": "By words", "record_type": record, "criteria": 'name contains "steel"',
             "share_with": f"team:{team}"}])
        share(env, record, [account], f"team:{team}", WRITE, env.now + dt.timedelta(days=2))
        share(env, record, [account], f"user:{people['omid']}", READ, env.now + dt.timedelta(seconds=1))
    assert held("sara", "Is the owner") and not held("reza", "Is the owner")
    assert held("mina", "Stands above the owner in the role tree")
    assert held("reza", "Sharing rule “By owner” opens the owner's records")
    assert held("omid", "Sharing rule “By words”")
    assert "Field team, until" in why("omid")
    assert "Super-administrators see and may do everything holds" in why("admin")
    time.sleep(1.1)
    assert "It was shared by hand, and that has ended (Omid Other, until" in why("omid")
    with installation.env(SYSTEM) as env:
        env.create("base.access_default", {"record_type": record, "access": "read"})
    assert held("reza", "Organisation-wide default: everybody reads")
    with installation.env(SYSTEM) as env:
        standard = env.query("base.profile").where('name == "Standard"').ids()[0]
        env.update("base.profile", standard, {"record_rights": {record: {"read": True, "view_all": True}}})
    assert held("reza", "Right to view all")


def test_why_agrees_with_what_happens(installation: Installation, visit, account: int) -> None:
    give_contacts(installation)
    admin = visit("admin")
    for login in ("admin", "boss", "mina", "sara", "reza", "omid", "nobody"):
        page = admin.get(f"/admin/access?person={user_id(installation, login)}&record=contacts.account&number={account}").text
        assert ("can see this record." in page) is sees(installation, login, account), login
