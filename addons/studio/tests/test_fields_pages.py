"""The pages of fields and record types, over HTTP: what a consultant does, and what nobody else can."""

from __future__ import annotations

from typing import Any

import pytest

from addons.studio.fields_kinds import KINDS
from core.api import Piece, ValidationFailed, apply_pieces
from core.installation import Installation
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("studio", "leads")]
TYPES = "/x/studio/types"
LEAD = f"{TYPES}/leads.lead"
PLAIN = {"tracked": "1", "copyable": "1"}


@pytest.fixture
def admin(installation: Installation) -> Visitor:
    return Visitor(installation, user_id(installation, "admin"))


def made(visitor: Visitor, path: str, data: dict[str, Any]) -> str:
    """Send a form, look at the plan, apply what it carries along; returns where that leads."""
    asked = visitor.post(path, data)
    assert asked.status_code == 200, asked.get_data(as_text=True)
    assert 'value="apply"' in asked.get_data(as_text=True)
    applied = visitor.post(path, {**data, "do": "apply"})
    assert applied.status_code == 303, applied.get_data(as_text=True)
    return applied.headers["Location"]


def stored(installation: Installation, kind: str) -> dict[str, Any]:
    installation.current()
    return installation.registry.customising.of(kind)


def seen(visitor: Visitor, path: str) -> str:
    """The state that a form was opened with."""
    return visitor.get(path).get_data(as_text=True).partition('name="seen" value="')[2][:16]


@pytest.mark.database("sqlite")
def test_pages_are_drawn(admin: Visitor) -> None:
    for path in ("", "?q=lead&layer=leads", "/leads.lead", "/leads.lead?q=name", "/leads.lead/fields/status", "/leads.lead/fields/new",
                 "/leads.lead/rules", "/leads.lead/rules/new", "/new", *(f"/leads.lead/fields/new/{kind}" for kind in KINDS)):
        assert admin.get(TYPES + path).status_code == 200, path


def test_a_field_from_the_form_to_the_record(admin: Visitor, installation: Installation, env_as: Any) -> None:
    where = made(admin, f"{LEAD}/fields/new/text", {**PLAIN, "label_en": "National ID", "label_fa": "کد ملی", "unique": "1",
                                                    "after": "last_name", "listed": "1"})
    assert where.endswith("?new=x_national_id")
    assert "/r/leads.lead/new" in admin.get(where).get_data(as_text=True)
    form = admin.get("/r/leads.lead/new").get_data(as_text=True)
    assert form.index('name="last_name"') < form.index('name="x_national_id"') < form.index('name="company"')
    with env_as("sara") as env:
        env.create("leads.lead", {"last_name": "A", "x_national_id": "0499370899"})
        with pytest.raises(ValidationFailed):
            env.create("leads.lead", {"last_name": "B", "x_national_id": "0499370899"})
    assert "x_national_id" in admin.get("/r/leads.lead").get_data(as_text=True)


@pytest.mark.database("sqlite")
def test_a_name_that_is_too_long_is_refused_and_not_cut(admin: Visitor, installation: Installation) -> None:
    long = "a_name_of_a_field_that_goes_on_and_on_and_on"
    answer = admin.post(f"{LEAD}/fields/new/text", {**PLAIN, "label_en": "Long", "name": long})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "at most 40" in page and long in page and not stored(installation, "field")


@pytest.mark.database("sqlite")
def test_a_deleted_field_leaves_the_rest_of_the_layouts(admin: Visitor, installation: Installation) -> None:
    made(admin, f"{LEAD}/fields/new/link", {"label_en": "Sponsor", "target": "contacts.account", "on_delete": "clear"})
    node = {"id": "x_part", "kind": "section", "props": {"label": "Part"}, "children": [
        {"id": "x_sponsor", "kind": "field"}, {"id": "x_sponsor.name", "kind": "field"}, {"id": "x_sponsors", "kind": "field"}]}
    apply_pieces(installation, installation.load_actor(user_id(installation, "admin")), [Piece("layout", "leads.lead|form|installation", {
        "format": 1, "record": "leads.lead", "kind": "form", "aliases": {"old_name": "company"}, "changes": [
            {"do": "insert", "target": "x_part", "node": node}, {"do": "move", "target": "email", "anchors": [{"after": "x_sponsor"}]}]}),
        Piece("layout", "leads.lead|card|installation", {
            "format": 1, "record": "leads.lead", "kind": "card", "aliases": {"old_name": "company"}, "changes": [
                {"do": "insert", "target": "x_sponsor.name", "node": {"id": "x_sponsor.name", "kind": "field"}}]})])
    assert admin.post(f"{LEAD}/fields/x_sponsor/delete", {"confirm": "x_sponsor"}).status_code == 303
    left = stored(installation, "layout")
    card = left["leads.lead|card|installation"]
    assert card["aliases"] == {"old_name": "company"} and not card["changes"]
    form = left["leads.lead|form|installation"]
    assert [one["id"] for one in form["changes"][0]["node"]["children"]] == ["x_sponsors"] and form["changes"][1]["anchors"] == []


def test_a_rule_is_tried_before_it_is_made(admin: Visitor, env_as: Any) -> None:
    with env_as("sara") as env:
        env.create("leads.lead", [{"last_name": name} for name in ("Long enough", "Short")])
    tried = admin.get(f"{LEAD}/try?kind=rule&text=length(last_name)+>+7").get_json()
    assert [row[0] for row in tried["rows"]] == ["Short"]
    wrong = admin.get(f"{LEAD}/try?kind=rule&text=last_name+contains+5").get_json()
    assert wrong["position"] == 19
    assert made(admin, f"{LEAD}/rules/new", {"where": "length(last_name) > 7", "message_en": "Longer, please", "fields": "last_name",
                                             "active": "1"}) == f"{LEAD}/rules"
    with env_as("sara") as env, pytest.raises(ValidationFailed, match="Longer, please"):
        env.create("leads.lead", {"last_name": "Tiny"})
    assert admin.post(f"{LEAD}/rules/longer_please/delete").status_code == 303
    with env_as("sara") as env:
        env.create("leads.lead", {"last_name": "Tiny"})


def test_a_record_type_with_board_calendar_and_links(admin: Visitor, installation: Installation, env_as: Any) -> None:
    visit = f"{TYPES}/x.installation_visit"
    stages = {f"stages-{i}-{key}": value for i, word in enumerate(("Planned", "Done")) for key, value in
              (("label_en", word), ("value", ""), ("colour", "blue"), ("active", "1"))}
    assert made(admin, f"{TYPES}/new", {
        "label_en": "Installation visit", "plural_en": "Installation visits", "icon": "tools", "trait_owned": "1", "title": "name",
        "number": "V-{number:05}", "calendar": "datetime", **stages}) == f"{visit}?new=type"
    for path in ("?face=board", "?face=calendar", "/new"):
        assert admin.get(f"/r/x.installation_visit{path}").status_code == 200
    made(admin, f"{visit}/fields/new/link", {"label_en": "Lead", "target": "leads.lead", "on_delete": "cascade", "inverse": "1",
                                             "inverse_label_en": "Visits"})
    made(admin, f"{LEAD}/fields/new/rollup", {"label_en": "How many visits", "children": "x_installation_visit_lead", "operation": "count"})
    with env_as("sara") as env:
        lead = env.create("leads.lead", {"last_name": "Karimi"})
        env.create("x.installation_visit", {"name": "First", "x_starts": env.now, "x_lead": lead})
        row = env.query("leads.lead").with_ids([lead]).select("x_how_many_visits").rows()[0]
        assert row["x_how_many_visits"] == 1
        with pytest.raises(ValidationFailed):
            env.create("x.installation_visit", {"name": "Second", "x_starts": env.now, "x_ends": env.now.replace(year=2001)})
    settings = {"label_en": "Visit", "plural_en": "Visits", "icon": "truck", "title": "name", "trait_owned": "1", "status": "x_status",
                "seen": seen(admin, f"{visit}/settings")}
    made(admin, f"{visit}/settings", {**settings, "number": "V-{number:05}"})
    assert stored(installation, "record")["x.installation_visit"]["dates"] is None
    admin.post(f"{visit}/active", {"active": "0"})
    assert stored(installation, "record")["x.installation_visit"]["active"], "the lead's list and roll-up need it"
    for name in ("x_how_many_visits", "x_installation_visit_lead"):
        admin.post(f"{LEAD}/fields/{name}/active", {"active": "0"})
    admin.post(f"{visit}/active", {"active": "0"})
    assert admin.get("/r/x.installation_visit").status_code == 404
    assert admin.get(TYPES).status_code == 200


def test_options_that_hang_on_another_choice(admin: Visitor, installation: Installation) -> None:
    options = {f"options-{i}-{key}": value for i, word in enumerate(("Red", "Blue")) for key, value in
               (("label_en", word), ("value", ""), ("colour", "red"), ("active", "1"))}
    made(admin, f"{LEAD}/fields/new/choice", {**PLAIN, "label_en": "Shade", **options, "default_kind": "constant", "constant": "Blue"})
    data = stored(installation, "field")["leads.lead.x_shade"]
    assert [one["value"] for one in data["options"]] == ["red", "blue"]
    assert data["default"] == {"constant": "blue"}
    admin.post(f"{LEAD}/fields/x_shade/depends?on=rating", {"pair": ["hot:red", "cold:blue"]})
    depends = stored(installation, "field")["leads.lead.x_shade"]["depends"]
    assert (depends["field"], depends["allowed"]["hot"], depends["allowed"]["cold"]) == ("rating", ["red"], ["blue"])
    admin.post(f"{LEAD}/fields/x_shade/depends", {"on": ""})
    assert "depends" not in stored(installation, "field")["leads.lead.x_shade"]


def test_what_is_wrong_is_said_where_it_is(admin: Visitor, installation: Installation) -> None:
    plan = admin.post(f"{LEAD}/fields/new/text", {"label_en": "<i>Tall", "help_en": "<i>tale"}).get_data(as_text=True)
    assert "&lt;i&gt;Tall" in plan
    assert "<i>" not in plan
    answer = admin.post(f"{LEAD}/fields/new/formula", {"label_en": "Half", "expression": "annual_revenue / nothing"})
    assert answer.status_code == 422
    assert "(at character 18)" in answer.get_data(as_text=True)
    assert admin.post(f"{LEAD}/fields/new/text", {"label_en": ""}).status_code == 422
    assert admin.post(f"{LEAD}/fields/new/integer", {"label_en": "N", "minimum": "many"}).status_code == 422
    assert not stored(installation, "field")


def test_what_the_form_does_not_ask_stays(admin: Visitor, installation: Installation, env_as: Any) -> None:
    """A field that came with a package has more to it than its form shows."""
    data = {"type": "longtext", "labels": {"en": "Story", "de": "Geschichte"}, "size": 400, "semantic": "story"}
    with env_as("admin") as env:
        actor = env.actor
    apply_pieces(installation, actor, [Piece("field", "leads.lead.x_story", data)])
    made(admin, f"{LEAD}/fields/x_story", {**PLAIN, "label_en": "Tale", "seen": seen(admin, f"{LEAD}/fields/x_story")})
    after = stored(installation, "field")["leads.lead.x_story"]
    assert after["labels"] == {"en": "Tale", "de": "Geschichte"}
    assert (after["size"], after["semantic"]) == (400, "story")


def test_two_people_do_not_write_over_each_other(admin: Visitor, installation: Installation) -> None:
    made(admin, f"{LEAD}/fields/new/integer", {**PLAIN, "label_en": "Floors"})
    old = seen(admin, f"{LEAD}/fields/x_floors")
    made(admin, f"{LEAD}/fields/x_floors", {**PLAIN, "label_en": "Storeys", "seen": old})
    assert admin.post(f"{LEAD}/fields/x_floors", {**PLAIN, "label_en": "Levels", "seen": old}).status_code == 409
    assert stored(installation, "field")["leads.lead.x_floors"]["labels"] == {"en": "Storeys"}


def test_switching_off_deleting_and_the_way_back(admin: Visitor, installation: Installation, env_as: Any) -> None:
    made(admin, f"{LEAD}/fields/new/text", {**PLAIN, "label_en": "Code", "after": "last_name"})
    made(admin, f"{LEAD}/rules/new", {"where": "length(x_code) > 2", "message_en": "Longer", "active": "1"})
    with env_as("sara") as env:
        lead = env.create("leads.lead", {"last_name": "A", "x_code": "abc"})
    assert 'name="confirm"' not in admin.get(f"{LEAD}/fields/x_code/delete").get_data(as_text=True)
    admin.post(f"{LEAD}/rules/longer/delete")
    admin.post(f"{LEAD}/fields/x_code/active", {"active": "0"})
    assert "x_code" not in admin.get("/r/leads.lead/new").get_data(as_text=True)
    admin.post(f"{LEAD}/fields/x_code/active", {"active": "1"})
    with env_as("sara") as env:
        assert env.get("leads.lead", lead, "x_code").x_code == "abc"
    assert admin.post(f"{LEAD}/fields/x_code/delete", {"confirm": "yes"}).status_code == 422
    assert admin.post(f"{LEAD}/fields/x_code/delete", {"confirm": "x_code"}).headers["Location"] == LEAD
    assert not stored(installation, "field")
    assert not stored(installation, "layout")
    history = admin.get("/x/studio/history?record=leads.lead").get_data(as_text=True)
    batch = history.partition("/x/studio/history/")[2].partition('"')[0]
    assert admin.get(f"/x/studio/history/{batch}").status_code == 200
    admin.post(f"/x/studio/history/{batch}")
    assert "leads.lead.x_code" in stored(installation, "field")


def test_nobody_else_changes_anything(installation: Installation, admin: Visitor) -> None:
    made(admin, f"{LEAD}/fields/new/text", {**PLAIN, "label_en": "Code"})
    before = dict(installation.registry.customising.rows)
    for login in ("sara", "nobody"):
        visitor = Visitor(installation, user_id(installation, login))
        for path in ("/new", "/leads.lead/fields/new/text", "/leads.lead/fields/x_code", "/leads.lead/fields/x_code/active",
                     "/leads.lead/fields/x_code/delete", "/leads.lead/rules/new"):
            assert visitor.post(TYPES + path, {"label_en": "X", "plural_en": "X", "do": "apply", "confirm": "x_code"}).status_code == 403
        assert visitor.get(f"{LEAD}/try?kind=rule&text=true").status_code == 403
    installation.current()
    assert installation.registry.customising.rows == before


def test_trying_shows_what_the_person_may_see(installation: Installation, env_as: Any) -> None:
    """Somebody may change fields but sees no lead of others: a rule over them must not tell what they hold."""
    with env_as("admin") as env:
        profile = env.create("base.profile", {"name": "Fields only", "sets": ["leads.user"], "areas": ["layouts"]})
        env.update("base.user", user_id(installation, "omid"), {"profile": profile})
    with env_as("sara") as env:
        env.create("leads.lead", {"last_name": "Secret", "annual_revenue": 77})
    visitor = Visitor(installation, user_id(installation, "omid"))
    for query in ("kind=rule&text=annual_revenue+!=+77", "kind=formula&text=last_name"):
        answer = visitor.get(f"{LEAD}/try?{query}")
        assert answer.status_code == 200
        assert "Secret" not in answer.get_data(as_text=True)
        assert "rows" not in answer.get_json()


@pytest.mark.database("sqlite")
def test_garbage_is_answered_and_changes_nothing(admin: Visitor, installation: Installation) -> None:
    odd = ["x", "x.y", "leads.lead", "leads.lead|x", "..", "%F0%9F%98%80", "x" * 150]
    pages = ["/{}", "/{}/settings", "/{}/active", "/{}/delete", "/{}/rules", "/{}/rules/x", "/{}/rules/x/delete", "/{}/fields/x",
             "/{}/try?kind=rule&text=((", "/{}/fields/x_a/depends?on=x", "/{}/fields/x_a/delete", "/{}/fields/new/what",
             "/{}/try?kind=rollup&children=x&operation=y"]
    paths = [f"{TYPES}{page.format(one)}" for page in pages for one in odd]
    for path in [*paths, "/x/studio/history/x", "/x/studio/history?until=x&record=%25"]:
        assert admin.get(path).status_code < 500, path
        assert admin.post(path, {"do": "apply", "confirm": "x", "typed": "[1, 2", "seen": "x"}).status_code < 500, path
    hostile = {"do": "apply", "label_en": "\u202e{x}", "name": "; drop table", "after": "' or 1", "target": "no.such", "by": "a.b.c",
               "expression": "__import__", "children": "id", "options-0-value": "A B"}
    for kind in KINDS:
        answer = admin.post(f"{LEAD}/fields/new/{kind}", hostile)
        assert answer.status_code in (400, 422), (kind, answer.status_code)
    assert not stored(installation, "field")
