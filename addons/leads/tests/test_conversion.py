"""Conversion: what is made, picked, carried over, reported, refused, and how it is taken back."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from addons.leads import mapping
from addons.leads.conversion import Decision, convert, convert_many, plan
from addons.leads.reversing import undo_conversion
from core.api import SYSTEM, AccessDenied, NotFound, SarnakhError, ValidationFailed

pytestmark = pytest.mark.addons("leads")
LEAD, ACCOUNT, CONTACT = "leads.lead", "contacts.account", "contacts.contact"
BOTH = {ACCOUNT: Decision(), CONTACT: Decision()}


@pytest.fixture
def full(env_as, lead):
    """A lead with everything, a tag, a note of Mina's and a file."""
    with env_as("sara") as env:
        tag = env.create("base.tag", {"name": "VIP"})
        country = env.query("base.country").where('code == "IR"').ids()[0]
    key = lead(first_name="علی", mobile="09121234567", phone="02188776655", website="pars.example", city="تهران", country=country,
               industry="technology", employees=120, annual_revenue="5000000", tags=[tag], do_not_sms=True, campaign="spring",
               bant_need="yes", description="wants a CRM", job_title="CEO")
    with env_as("mina") as env:
        env.create("base.note", {"about": (LEAD, key), "body": "<p>met at the fair</p>"})
    with env_as("sara") as env, env.elevated("test file") as sudo:
        sudo.create("base.file", {"about": (LEAD, key), "name": "offer.pdf", "digest": "0" * 64, "size": 5})
    return key


def about(env, key, record):
    return env.query("base.note").holding("about", [key], record).select("body", "created_by").rows()


def test_the_plan_says_what_is_carried_over_and_what_is_not(env_as, full):
    with env_as("sara") as env:
        made = plan(env, full)
        assert [(t.name, t.action, t.refused) for t in made.targets] == [(ACCOUNT, "create", ""), (CONTACT, "create", "")]
        account, contact = made.targets
        assert account.values["name"] == "Pars Tech"
        assert account.values["billing_city"] == "تهران"
        assert contact.values["do_not_sms"] is True
        assert {loss.field for loss in made.unmapped} == {"campaign", "bant_need"}


def test_a_lead_becomes_an_account_and_a_contact(env_as, full):
    with env_as("sara") as env:
        done = convert(env, full, BOTH)
        assert set(done.results) == {ACCOUNT, CONTACT}
    with env_as("sara") as env:
        lead = env.get(LEAD, full)
        assert (lead.status, lead.converted_by.id) == ("converted", env.actor.id)
        assert (lead.converted_account.id, lead.converted_contact.id) == (done.results[ACCOUNT], done.results[CONTACT])
        assert lead.days_to_convert is not None
        account = env.get(ACCOUNT, done.results[ACCOUNT])
        assert (account.name, account.industry, account.employees) == ("Pars Tech", "technology", 120)
        contact = env.get(CONTACT, done.results[CONTACT])
        assert (contact.name, contact.account.id, contact.email, contact.mobile) == (
            "علی Karimi", account.id, "ali@pars.example", "+989121234567")
        assert [t.label for t in contact.tags] == ["VIP"]
        notes = about(env, contact.id, CONTACT)
        assert not about(env, full, LEAD)
        assert any("met at the fair" in n["body"] and n["created_by"].label == "Mina Manager" for n in notes)
        rest = next(n["body"] for n in notes if "not carried over" in n["body"])
        assert "spring" in rest
        assert env.query("base.file").holding("about", [contact.id], CONTACT).count() == 1


def test_a_converted_lead_is_locked(env_as, full, manager):
    with env_as("sara") as env:
        convert(env, full)
    for change in ({"city": "Karaj"}, {"status": "new"}):
        with env_as("sara") as env, pytest.raises(ValidationFailed):
            env.update(LEAD, full, change)
    with env_as("sara") as env, pytest.raises(SarnakhError):
        convert(env, full)
    with env_as("mina") as env:
        env.update(LEAD, full, {"city": "Karaj"})
        with pytest.raises(ValidationFailed):
            env.update(LEAD, full, {"status": "new"})


def test_duplicates_are_offered_and_picked(env_as, full):
    with env_as("sara") as env:
        account = env.create(ACCOUNT, {"name": "شرکت Pars Tech", "website": "pars.example"})
        contact = env.create(CONTACT, {"last_name": "Karimi", "email": "ali@pars.example", "job_title": "Founder"})
    with env_as("sara") as env:
        targets = {t.name: t for t in plan(env, full).targets}
        assert [m[0] for m in targets[ACCOUNT].matches] == [account]
        assert targets[CONTACT].matches[0][0] == contact
        assert targets[CONTACT].matches[0][3]
        done = convert(env, full, {ACCOUNT: Decision("pick", account), CONTACT: Decision("pick", contact)})
        assert done.created == []
        picked = env.get(CONTACT, contact)
        assert (picked.job_title, picked.mobile, picked.account.id) == ("Founder", "+989121234567", account)
        rest = next(n["body"] for n in about(env, contact, CONTACT) if "not carried over" in n["body"])
        assert "CEO" in rest
    with env_as("sara") as env:
        undo_conversion(env, full)
        picked = env.get(CONTACT, contact)
        assert (picked.mobile, picked.account) == (None, None)
        assert env.get(ACCOUNT, account, "employees").employees is None


def test_several_sure_duplicates_are_for_a_person_to_choose(env_as, full):
    with env_as("sara") as env:
        accounts = env.create(ACCOUNT, [{"name": "Pars Tech"}, {"name": "شرکت Pars Tech"}])
    with env_as("sara") as env:
        assert plan(env, full).targets[0].unclear
        with pytest.raises(SarnakhError, match="Several records could be the Account"):
            convert(env, full)
    with env_as("sara") as env:
        (outcome,) = convert_many(env, [full], nullcontext)
        assert "Several records" in str(outcome.refused)
        done = convert(env, full, {ACCOUNT: Decision("pick", accounts[1]), CONTACT: Decision()})
        assert done.results[ACCOUNT] == accounts[1]


def test_no_company_no_account(env_as, lead):
    key = lead(company=None, last_name=None)
    with env_as("sara") as env:
        assert [t.name for t in plan(env, key).targets] == [CONTACT]
        done = convert(env, key)
        assert env.get(CONTACT, done.results[CONTACT], "name").name == "ali@pars.example"


def test_targets_need_the_right_to_create_them(env_as, full, installation):
    with installation.env(SYSTEM) as env:
        profile = env.create("base.profile", {"name": "No accounts", "sets": ["leads.user"],
                                              "record_rights": {ACCOUNT: {"create": False, "update": False}}})
        env.update("base.user", env.query("base.user").where('login == "sara"').ids(), {"profile": profile})
    with env_as("sara") as env:
        account = plan(env, full).targets[0]
        assert "may not create" in account.refused
        assert account.action == "skip"
        with pytest.raises(AccessDenied):
            convert(env, full, BOTH)
    with env_as("sara") as env:
        done = convert(env, full)
        assert set(done.results) == {CONTACT}


def test_without_the_right_nothing_is_converted(env_as, full, installation):
    with env_as("omid") as env, pytest.raises(NotFound):
        convert(env, full)
    with installation.env(SYSTEM) as env:
        profile = env.create("base.profile", {"name": "No converting", "sets": ["leads.user"],
                                              "record_rights": {LEAD: {"action:convert": False}}})
        env.update("base.user", env.query("base.user").where('login == "sara"').ids(), {"profile": profile})
    with env_as("sara") as env:
        assert not env.can_run(LEAD, "convert")
        with pytest.raises(AccessDenied):
            convert(env, full)


def test_read_only_target_fields_are_reported(env_as, full, installation):
    with installation.env(SYSTEM) as env:
        profile = env.create("base.profile", {"name": "Read-only", "sets": ["leads.user"],
                                              "field_rights": {ACCOUNT: {"employees": "read"}}})
        env.update("base.user", env.query("base.user").where('login == "sara"').ids(), {"profile": profile})
    with env_as("sara") as env:
        losses = plan(env, full).targets[0].losses
        assert [(loss.field, loss.value) for loss in losses] == [("employees", "120")]
        done = convert(env, full, BOTH)
        assert env.get(ACCOUNT, done.results[ACCOUNT], "employees").employees is None
        assert any("120" in n["body"] for n in about(env, done.results[CONTACT], CONTACT))


def test_a_conversion_can_be_taken_back(env_as, full):
    with env_as("sara") as env:
        done = convert(env, full, BOTH)
    with env_as("omid") as env, pytest.raises(NotFound):
        undo_conversion(env, full)
    with env_as("sara") as env:
        assert undo_conversion(env, full) == "new"
    with env_as("sara") as env:
        lead = env.get(LEAD, full)
        assert (lead.converted_at, lead.converted_account, lead.converted_contact, lead.days_to_convert) == (None,) * 4
        assert not env.query(ACCOUNT).exists()
        assert not env.query(CONTACT).exists()
        assert [n["body"] for n in about(env, full, LEAD)] == ["<p>met at the fair</p>"]
        assert env.query("base.file").holding("about", [full], LEAD).count() == 1
        env.update(LEAD, full, {"city": "Karaj"})
        again = convert(env, full, BOTH)
        assert again.results != done.results


@pytest.mark.parametrize("touch", ["update", "link", "note"])
def test_what_was_touched_since_is_not_taken_back(env_as, full, touch):
    with env_as("sara") as env:
        done = convert(env, full, BOTH)
    with env_as("sara") as env:
        if touch == "update":
            env.update(ACCOUNT, done.results[ACCOUNT], {"phone": "02100000000"})
        elif touch == "link":
            env.create(CONTACT, {"last_name": "New", "account": done.results[ACCOUNT]})
        else:
            env.create("base.note", {"about": (ACCOUNT, done.results[ACCOUNT]), "body": "called"})
    with env_as("sara") as env:
        with pytest.raises(SarnakhError), env.connection.begin_nested():
            undo_conversion(env, full)
        assert env.get(LEAD, full, "status").status == "converted"


def test_the_mapping_is_the_admins(env_as, full, manager):
    with env_as("mina") as env:
        pairs = [(a, t, b) for t, found in mapping.load(env).items() for a, b in found]
        assert mapping.replace(env, [*pairs, ("campaign", CONTACT, "department"), ("employees", ACCOUNT, "logo")]) == 1
        assert "employees" in mapping.candidates(env, "employees", ACCOUNT)
        assert "name" not in mapping.candidates(env, "tags", ACCOUNT)
    with env_as("sara") as env:
        done = convert(env, full, BOTH)
        assert env.get(CONTACT, done.results[CONTACT], "department").department == "spring"


def test_many_at_once(env_as, lead):
    keys = [lead(last_name=f"Person {i}", email=f"p{i}@many.example", company="Many Ltd") for i in range(3)]
    with env_as("sara") as env:
        env.update(LEAD, keys[1], {"status": "junk", "junk_reason": "spam"})
    with env_as("sara") as env:
        outcomes = convert_many(env, keys, nullcontext)
        assert [bool(o.done) for o in outcomes] == [True, False, True]
        assert outcomes[1].refused
        assert env.query(ACCOUNT).count() == 1
        assert env.query(CONTACT).count() == 2
        assert len({o.done.batch for o in outcomes if o.done}) == 2
    with env_as("sara") as env:
        with pytest.raises(SarnakhError), env.connection.begin_nested():
            undo_conversion(env, keys[0])
        undo_conversion(env, keys[2])
        undo_conversion(env, keys[0])
        assert not env.query(ACCOUNT).exists()


def test_history_says_so_on_all_of_them(env_as, full):
    with env_as("sara") as env:
        done = convert(env, full, BOTH)
        table = env.registry.system.audit
        rows = env.execute(table.select().where(table.c.action == "convert")).mappings().all()
    assert {(r["record"], r["record_id"]) for r in rows} == {(LEAD, full), *done.results.items()}
    assert {r["batch"] for r in rows} == {done.batch}
