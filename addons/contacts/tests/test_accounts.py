"""Companies: what is checked, what follows from what, who sees them."""

from __future__ import annotations

import random

import pytest

from addons.contacts.seeds.demo import legal_id
from core.api import NotFound, ValidationFailed, fold
from core.expressions import from_json

pytestmark = pytest.mark.addons("contacts")


def country(env, code):
    return env.query("base.country").where(f'code == "{code}"').ids()[0]


def test_an_account_keeps_every_field(env_as):
    number = legal_id(random.Random(1))
    values = {
        "name": "شرکت پارس‌تک (سهامی خاص)",
        "type": "customer",
        "industry": "technology",
        "employees": "۱۲۰",
        "phone": "021-88776655",
        "email": "Info@ParsTech.IR",
        "website": "parstech.ir",
        "national_id": number[:4] + " " + number[4:],
        "annual_revenue": "1,500,000",
        "billing_city": "تهران",
        "latitude": "35.6892",
        "longitude": "51.389",
        "territory": "Centre",
    }
    with env_as("sara") as env:
        key = env.create("contacts.account", {**values, "billing_country": country(env, "IR"),
                                              "currency": env.query("base.currency").where('code == "IRR"').ids()[0]})
        found = env.get("contacts.account", key)
    assert (found.phone, found.email, found.website) == ("+982188776655", "info@parstech.ir", "https://parstech.ir")
    assert (found.employees, found.size, found.national_id) == (120, "51-200", number)
    assert (found.match_name, found.match_domain) == (fold("پارس تک"), "parstech.ir")
    assert found.owner.label == "Sara Seller"
    assert found.currency.label == "IRR"


@pytest.mark.parametrize(("code", "number", "good"), [
    ("IR", "10380284790", True), ("IR", "10380284791", False), ("TR", "4540536920", True), ("TR", "4540536921", False),
    ("DE", "HRB 12345", True), (None, "123", False)])
def test_national_ids_are_checked_by_country(env_as, code, number, good):
    with env_as("sara") as env:
        values = {"name": "A", "national_id": number, "billing_country": country(env, code) if code else None}
        if good:
            assert env.create("contacts.account", values)
            return
        with pytest.raises(ValidationFailed) as caught:
            env.create("contacts.account", values)
    assert [e.field for e in caught.value.errors] == ["national_id"]


def test_no_company_stands_above_itself(env_as):
    with env_as("sara") as env:
        top, middle, low = env.create("contacts.account", [{"name": n} for n in ("top", "middle", "low")])
        env.update("contacts.account", middle, {"parent": top})
        env.update("contacts.account", low, {"parent": middle})
        for parent in (low, top):
            with pytest.raises(ValidationFailed):
                env.update("contacts.account", top, {"parent": parent})
    with env_as("sara") as env, pytest.raises(ValidationFailed):
        env.update_each("contacts.account", {top: {"parent": middle}, middle: {"parent": None}, low: {"parent": low}})


def test_a_circle_through_hidden_companies_is_found(env_as):
    with env_as("admin") as env:
        top, low = env.create("contacts.account", [{"name": "top"}, {"name": "low"}])
        sara = env.query("base.user").where('login == "sara"').ids()[0]
        hidden = env.create("contacts.account", {"name": "hidden", "parent": low})
        env.update("contacts.account", [top, low], {"owner": sara})
        env.update("contacts.account", low, {"parent": top})
        env.update("contacts.account", hidden, {"parent": low})
        env.update("contacts.account", low, {"parent": None})
        env.update("contacts.account", top, {"parent": hidden})
    with env_as("sara") as env, pytest.raises(ValidationFailed):
        env.update("contacts.account", low, {"parent": top})


def test_accounts_are_private_and_open_upwards(env_as):
    with env_as("sara") as env:
        key = env.create("contacts.account", {"name": "Sara's own"})
    for login in ("mina", "boss"):
        with env_as(login) as env:
            assert env.get("contacts.account", key).name == "Sara's own"
    for login in ("reza", "omid", "nobody"):
        with env_as(login) as env, pytest.raises(NotFound):
            env.get("contacts.account", key)


def test_an_account_without_a_name_is_refused(env_as):
    with env_as("sara") as env, pytest.raises(ValidationFailed) as caught:
        env.create("contacts.account", [{"name": "fine"}, {"name": " "}, {"name": "x", "website": "ftp://x"}])
    assert {(e.index, e.field) for e in caught.value.errors} >= {(1, "name"), (2, "website")}


@pytest.mark.parametrize("record", ["contacts.account", "contacts.contact"])
def test_every_ready_made_filter_runs(env_as, installation, record):
    with env_as("sara") as env:
        env.create("contacts.account", {"name": "A", "type": "customer"})
        filters = installation.registry.layout(record, "search").layout.of_kind("filter")
        assert len(filters) >= 5
        for node in filters:
            assert env.query(record).where(from_json(node.get("where"))).count() >= 0


def test_demo_companies_are_many_and_always_the_same(env_as, installation):
    with env_as("admin") as env:
        installation.registry.plugins.hook.demo_data(env=env)
        assert env.query("contacts.account").count() >= 120
        assert 250 <= env.query("contacts.contact").count() <= 350
        assert env.query("contacts.account").where("parent is not null").count() > 10
        first = env.query("contacts.account").order("id").select("name").rows(3)
        installation.registry.plugins.hook.demo_data(env=env)
        assert env.query("contacts.account").count() == 122
    assert first[0]["name"].find("پارس") >= 0


def test_profiles_get_the_permission_sets_once(env_as, installation):
    with env_as("admin") as env:
        sets = {r["name"]: r["sets"] for r in env.query("base.profile").select("name", "sets").rows()}
        assert "contacts.user" in sets["Standard"]
        assert "contacts.manager" in sets["Administrator"]
        installation.registry.plugins.hook.addon_enabled(env=env, addon="contacts")
        assert {r["name"]: r["sets"] for r in env.query("base.profile").select("name", "sets").rows()} == sets
