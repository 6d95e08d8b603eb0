"""Packages between two installations: exported, compared, checked, applied whole, applied again, taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.cli.main import cli
from core.customise import Piece, apply_pieces, packages
from core.customise.packages import Package
from core.errors import AccessDenied, Conflict, ValidationFailed
from core.expressions import F
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.plugin import user_id

pytestmark = pytest.mark.addons("deals")
CODE = Piece("field", "leads.lead.x_code", {"type": "text", "labels": {"en": "Code", "fa": "کد"}, "search": True})
VISIT = Piece("record", "x.visit", {"labels": {"en": "Visit"}, "plurals": {"en": "Visits"}, "traits": ["owned"]})
LEAD = Piece("field", "x.visit.x_lead", {"type": "link", "target": "leads.lead", "labels": {"en": "Lead"}})


def admin(inst: Installation) -> Any:
    """The super-administrator of an installation."""
    return inst.load_actor(user_id(inst, "admin"))


def build(inst: Installation) -> Package:
    """Fields, a record type, a profile with a layout, a view, a rule between two stages; all that hangs together exported."""
    apply_pieces(inst, admin(inst), [CODE, VISIT, LEAD])
    with inst.env(admin(inst)) as env:
        profile = env.create("base.profile", {"name": "Visitors", "sets": ["base.user"], "record_rights": {"x.visit": {"read": True}}})
        source = env.query("leads.source").where(F.name == "Fair").ids()[0]
        criteria = {"op": "==", "left": {"field": "source"}, "right": {"number": str(source)}}
        env.create("base.view", {"name": "From fairs", "record_type": "leads.lead", "shared": True,
                                 "settings": {"columns": ["name", "x_code"], "criteria": json.dumps(criteria)}})
        first, second = env.query("deals.stage").order("id").ids(2)
        env.create("base.move", {"record_type": "deals.deal", "field_name": "stage", "from_value": str(first), "to_value": str(second),
                                 "profiles": [profile], "message": "Ask first."})
    layout = {"format": 1, "record": "leads.lead", "kind": "form", "changes": [
        {"do": "insert", "target": "x_code", "anchors": [{"after": "email"}], "node": {"id": "x_code", "kind": "field"}}]}
    apply_pieces(inst, admin(inst), [Piece("layout", f"leads.lead|form|profile:{profile}", layout)])
    with inst.env(admin(inst), write=False) as env:
        parts = {p.item: p.data for p in packages.parts(env)}
        chosen = {i for i in parts if i.startswith(("field ", "record ", "layout ", "@base.view(", "@base.move(field_name=stage"))}
        return packages.export(env, chosen | packages.needed_along(env, parts, chosen), "acme", title="Acme")


def shift(inst: Installation) -> None:
    """Make numbers differ from those elsewhere."""
    with inst.env(admin(inst)) as env:
        env.create("base.profile", [{"name": f"Other {n}", "sets": []} for n in range(3)])
        env.create("leads.source", [{"name": f"Other {n}", "kind": "web"} for n in range(3)])


def test_what_was_made_here_arrives_there_with_names_instead_of_numbers(installation: Installation, other: Installation) -> None:
    package = build(installation)
    shift(other)
    assert packages.from_zip(packages.to_zip(package)) == package
    assert package.needs.keys() == {"base", "leads", "deals"}
    done = packages.apply(other, admin(other), package)
    assert done.batch and done.comparison.summary["added"] == len([c for c in done.comparison.changes if c.state == "added"]) > 5
    with other.env(admin(other)) as env:
        profile = env.query("base.profile").where(F.name == "Visitors").ids()[0]
        assert f"leads.lead|form|profile:{profile}" in env.registry.customising.of("layout")
        assert "x_code" in [n for n in env.registry.layout("leads.lead", "form", str(profile)).layout.field_names()]
        view = env.query("base.view").where(F.name == "From fairs").records("settings", "owner")[0]
        fair = env.query("leads.source").where(F.name == "Fair").ids()[0]
        assert json.loads(view.settings["criteria"])["right"] == {"number": str(fair)}
        assert view.owner.id == env.actor.id
        stages = env.query("deals.stage").order("id").ids(2)
        [move] = env.query("base.move").where(F.message == "Ask first.").records("from_value", "to_value", "profiles")
        assert (move.from_value, move.to_value) == tuple(map(str, stages)) and [p.id for p in move.profiles] == [profile]
        lead = env.create("leads.lead", {"last_name": "Karimi", "x_code": "K-1"})
        assert env.create("x.visit", {"name": "First", "x_lead": lead})
        assert packages.export(env, package.items, "acme", title="Acme") == package


def test_applied_again_it_changes_nothing_and_can_be_taken_back(installation: Installation, other: Installation) -> None:
    package = build(installation)
    with other.env(admin(other)) as env:
        before = {p.item: p.data for p in packages.parts(env)}
    batch = packages.apply(other, admin(other), package).batch
    generation = other.generation
    assert packages.apply(other, admin(other), package).batch == "" and other.generation == generation
    packages.take_back(other, admin(other), batch)
    with other.env(admin(other)) as env:
        assert {p.item: p.data for p in packages.parts(env)} == before
        assert "x.visit" not in env.registry.records and not env.registry.customising.of("package")


def test_what_people_changed_here_is_a_clash_and_never_overwritten(installation: Installation, other: Installation) -> None:
    package = build(installation)
    packages.apply(other, admin(other), package)
    item = "field leads.lead.x_code"
    mine = {**CODE.data, "labels": {"en": "Our code", "fa": "کد ما"}}
    apply_pieces(other, admin(other), [Piece(CODE.kind, CODE.target, mine)])
    with other.env(admin(other)) as env:  # the same version again: theirs stays without a word
        assert {c.item: c.state for c in packages.look(env, package).changes}[item] == "kept"
    package.items[item] = {**CODE.data, "labels": {"en": "Customer code", "fa": "کد"}, "tracked": True}
    with pytest.raises(ValidationFailed):
        packages.apply(other, admin(other), package)
    packages.apply(other, admin(other), package, {item: "here"})
    assert other.registry.customising.of("field")[CODE.target] == {**mine, "tracked": True}
    package.items[item]["labels"]["en"] = "Number of the customer"
    packages.apply(other, admin(other), package, {item: "package"})
    assert other.registry.customising.of("field")[CODE.target]["labels"] == {"en": "Number of the customer", "fa": "کد ما"}


def test_a_field_that_left_the_package_is_switched_off_and_keeps_its_data(installation: Installation, other: Installation) -> None:
    apply_pieces(installation, admin(installation), [CODE])
    with installation.env(admin(installation)) as env:
        package = packages.export(env, [f"{CODE.kind} {CODE.target}"], "acme")
    packages.apply(other, admin(other), package)
    with other.env(admin(other)) as env:
        env.create("leads.lead", {"last_name": "Karimi", "x_code": "K-1"})
    package.items = {"choice leads.lead.status": None}
    package.items.clear()
    packages.apply(other, admin(other), package)
    assert other.registry.customising.of("field")[CODE.target]["active"] is False
    with other.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT x_code FROM leads_lead WHERE x_code IS NOT NULL").scalar() == "K-1"
    assert packages.apply(other, admin(other), package).batch == ""


def test_missing_addons_and_things_that_would_not_fit_are_said_before(installation: Installation, other: Installation) -> None:
    with other.env(admin(other)) as env:
        env.create("leads.lead", [{"last_name": "A", "email": "a@example.com"}] * 2)
    wrong = Package("acme", needs={"tickets": "1.0", "leads": "99.0"}, items={"@tickets.status(name=New)": {}})
    unfit = Package("acme", items={"field leads.lead.x_a": {"type": "integer", "labels": {"en": "A"}, "required": True},
                                   "field leads.lead.x_b": {"type": "nonsense"}})
    lost = Package("acme", items={"@base.macro(name=M,record_type=leads.lead)": {"teams": ["@base.team(name=Nowhere)"]}})
    for package, count in ((wrong, 2), (unfit, 1), (lost, 1)):
        with other.env(admin(other)) as env:
            found = packages.check(env, package)
            assert len(found.problems) >= count, package
        with pytest.raises(ValidationFailed):
            packages.apply(other, admin(other), package)
    assert not other.registry.customising.of("field") and not other.registry.customising.of("package")


def test_a_record_that_is_refused_takes_everything_back(installation: Installation, other: Installation) -> None:
    items = {"field leads.lead.x_code": CODE.data,
             "@base.sharing_rule(name=x_all,record_type=leads.lead)": {"share_with": "everybody", "criteria": "x_code == 5"}}
    with pytest.raises(ValidationFailed):
        packages.apply(other, admin(other), Package("acme", items=items))
    other.current()
    assert "x_code" not in other.registry.record("leads.lead").fields


def test_nobody_gets_more_by_a_package_than_by_hand(installation: Installation) -> None:
    """An administrator of layouts who may not hand out rights, and somebody without any area."""
    rights = Package("acme", items={"@base.profile(name=Mighty)": {"sets": ["base.people_admin"], "areas": ["users"]}})
    with installation.env(SYSTEM) as env:
        made = env.create("base.profile", {"name": "Designer", "sets": ["base.user"], "areas": ["layouts"]})
        env.update("base.user", user_id(installation, "omid"), {"profile": made})
    designer = installation.load_actor(user_id(installation, "omid"))
    nobody = installation.load_actor(user_id(installation, "sara"))
    with pytest.raises((AccessDenied, ValidationFailed)):
        packages.apply(installation, designer, rights)
    with pytest.raises(AccessDenied):
        packages.apply(installation, nobody, Package("acme", items={"field leads.lead.x_code": CODE.data}))
    for items in ({"@base.user(login=mina)": {"is_super": True}}, {"package acme": {"items": {}}}, {"setting collation": "tr"},
                  {"@base.company(name=Sarnakh)": {}}, {"@base.profile(shipped=standard)": {"shipped": "administrator"}},
                  {"@base.profile(shipped=made_up)": {}}):
        with pytest.raises(ValidationFailed):
            packages.apply(installation, admin(installation), Package("acme", items=items))
    with installation.env(nobody) as env, pytest.raises(AccessDenied):
        packages.export(env, ["field leads.lead.x_code"], "acme")


def test_a_record_changed_since_is_not_taken_back(installation: Installation, other: Installation) -> None:
    package = Package("acme", items={"@base.team(name=North)": {}})
    batch = packages.apply(other, admin(other), package).batch
    with other.env(admin(other)) as env:
        env.update("base.team", env.query("base.team").where(F.name == "North").ids(), {"name": "South"})
    with pytest.raises(Conflict):
        packages.take_back(other, admin(other), batch)


@pytest.mark.database("sqlite")
def test_the_command_line_exports_compares_checks_and_applies(installation: Installation, other: Installation, tmp_path: Path) -> None:
    package = build(installation)
    del package

    def run(inst: Installation, *words: str, code: int = 0) -> str:
        result = CliRunner().invoke(cli, ["--data", str(inst.settings.data), "customise", *words],
                                    env={"SARNAKH_DATABASE_URL": inst.settings.database.url, "SARNAKH_LOG_LEVEL": "error"})
        assert result.exit_code == code, result.output + str(result.exception)
        return result.output

    folder = str(tmp_path / "acme")
    assert "field leads.lead.x_code" in run(installation, "list")
    assert json.loads(run(installation, "export", "acme", folder, "--all", "--json"))["items"]
    assert "+ field leads.lead.x_code" in run(other, "diff", folder)
    assert json.loads(run(other, "check", folder, "--json"))["problems"] == []
    assert "Applied acme 1.0" in run(other, "apply", folder)
    assert "Nothing had to be changed" in run(other, "apply", folder)
