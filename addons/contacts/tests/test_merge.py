"""Merging: every link moves, nothing is lost, and there is a way back."""

from __future__ import annotations

import pytest

from addons.contacts.merging import merge, merges_of, take_back
from core.api import AccessDenied, NotFound, SarnakhError, ValidationFailed, externals

pytestmark = [pytest.mark.addons("contacts"), pytest.mark.usefixtures("managers")]
ACCOUNT, CONTACT = "contacts.account", "contacts.contact"


@pytest.fixture
def firm(env_as):
    """Two companies of Sara's that are the same, with everything on the second that can link to one."""
    with env_as("sara") as env:
        tags = env.create("base.tag", [{"name": "one"}, {"name": "two"}])
        keep, gone = env.create(ACCOUNT, [{"name": "Pars", "phone": "02188776655", "tags": tags[:1]},
                                          {"name": "Pars Co", "email": "info@pars.ir", "tags": tags[1:]}])
        child = env.create(ACCOUNT, {"name": "Child", "parent": gone})
        person = env.create(CONTACT, {"last_name": "P", "account": gone})
        both, one = env.create("contacts.contact_role", [{"account": gone, "contact": person, "role": "payer"},
                                                         {"account": gone, "contact": person, "role": "user"}])
        env.create("contacts.contact_role", {"account": keep, "contact": person, "role": "payer"})
        note = env.create("base.note", {"about": (ACCOUNT, gone), "body": "hello"})
    return {"keep": keep, "gone": gone, "child": child, "person": person, "both": both, "one": one, "note": note, "tags": tags}


def state(env, firm):
    """Everything about the two companies and what links to them, to compare before and after."""
    def link(record, key, field):
        rows = env.query(record).with_ids([key]).archived(None).select(field).rows()
        return rows[0][field].id if rows else None
    companies = env.query(ACCOUNT).with_ids([firm["keep"], firm["gone"]]).order("id").select(
        "name", "phone", "email", "tags", "parent", "merged_into").rows()
    return companies, [
        link(ACCOUNT, firm["child"], "parent"),
        link(CONTACT, firm["person"], "account"),
        link("contacts.contact_role", firm["one"], "account"),
        link("contacts.contact_role", firm["both"], "account"),
        link("base.note", firm["note"], "about"),
    ]


def test_everything_moves_and_comes_back(env_as, firm):
    keep, gone = firm["keep"], firm["gone"]
    with env_as("sara") as env:
        before = state(env, firm)
        done = merge(env, ACCOUNT, keep, [gone], {"email": "info@pars.ir"})
    assert done.moved == {ACCOUNT: 1, CONTACT: 1, "contacts.contact_role": 1, "base.note": 1}
    with env_as("sara") as env:
        kept = env.get(ACCOUNT, keep)
        assert (kept.phone, kept.email, {t.id for t in kept.tags}) == ("+982188776655", "info@pars.ir", set(firm["tags"]))
        assert state(env, firm)[1] == [keep, keep, keep, None, keep]
        with pytest.raises(NotFound):
            env.get(ACCOUNT, gone)
        binned = env.query(ACCOUNT).deleted(True).select("merged_into").rows()
        assert [(r["id"], r["merged_into"].id) for r in binned] == [(gone, keep)]
        assert [m["title"] for m in merges_of(env, ACCOUNT, keep)] == ["Pars Co → Pars"]
    with env_as("sara") as env:
        undone, left = take_back(env, done.merge)
        assert (undone > 0, left) == (True, 0)
    with env_as("sara") as env:
        assert state(env, firm) == before
        assert merges_of(env, ACCOUNT, keep) == []
        with pytest.raises(NotFound):
            take_back(env, done.merge)


def test_what_other_programs_call_them_leads_to_the_one_that_stays(env_as, firm):
    keep, gone = firm["keep"], firm["gone"]
    with env_as("sara") as env:
        externals.put(env, ACCOUNT, "erp", {"K-1": keep, "K-2": gone})
        externals.put(env, ACCOUNT, "shop", {"77": gone})
        merge(env, ACCOUNT, keep, [gone])
    with env_as("sara") as env:
        assert externals.taken(env, ACCOUNT, "erp", ["K-1", "K-2"]) == {"K-1": keep, "K-2": keep}
        assert externals.names_of(env, ACCOUNT, [keep]) == {keep: [("erp", "K-1"), ("erp", "K-2"), ("shop", "77")]}
        externals.put(env, ACCOUNT, "erp", {"K-2": keep})
        assert externals.taken(env, ACCOUNT, "erp", ["K-1"]) == {"K-1": keep}, "it has this name already"
        take_back(env, merges_of(env, ACCOUNT, keep)[0]["id"])
    with env_as("sara") as env:
        assert externals.names_of(env, ACCOUNT, [keep, gone]) == {keep: [("erp", "K-1")], gone: [("erp", "K-2"), ("shop", "77")]}
        externals.put(env, ACCOUNT, "erp", {"K-3": keep})
        assert externals.names_of(env, ACCOUNT, [keep]) == {keep: [("erp", "K-3")]}, "a program may rename"
        with pytest.raises(ValidationFailed):
            externals.put(env, ACCOUNT, "erp", {"K-2": keep})
    with env_as("reza") as env, pytest.raises(ValidationFailed):
        externals.hand_over(env, ACCOUNT, [("erp", "K-2")], gone, keep)


def test_what_was_changed_since_stays(env_as, firm):
    with env_as("sara") as env:
        done = merge(env, ACCOUNT, firm["keep"], [firm["gone"]], {"email": "info@pars.ir"})
    with env_as("sara") as env:
        env.update(CONTACT, firm["person"], {"job_title": "Buyer"})
    with env_as("sara") as env:
        assert take_back(env, done.merge)[1] == 1
        assert env.get(CONTACT, firm["person"], "account").account.id == firm["keep"]
        assert env.get(ACCOUNT, firm["gone"], "name").name == "Pars Co"


def test_links_of_others_move_without_being_told(env_as, firm):
    keep, gone = firm["keep"], firm["gone"]
    with env_as("admin") as env:
        hidden = env.create(CONTACT, {"last_name": "Hidden", "account": gone})
        note = env.create("base.note", {"about": (ACCOUNT, gone), "body": "by the admin"})
    with env_as("sara") as env:
        done = merge(env, ACCOUNT, keep, [gone])
        assert done.moved[CONTACT] == 1
        with pytest.raises(NotFound):
            env.get(CONTACT, hidden)
    with env_as("admin") as env:
        assert env.get(CONTACT, hidden, "account").account.id == keep
        assert env.get("base.note", note, "about").about.id == keep
    with env_as("sara") as env:
        assert take_back(env, done.merge)[1] == 0
    with env_as("admin") as env:
        assert env.get(CONTACT, hidden, "account").account.id == gone
        assert env.get("base.note", note, "about").about.id == gone


def test_people_merge_with_their_numbers_and_reports(env_as):
    with env_as("sara") as env:
        keep, gone, clerk = env.create(
            CONTACT,
            [
                {"last_name": "A", "email": "a@example.com"},
                {"last_name": "A", "mobile": "09121234567"},
                {"last_name": "Clerk"},
            ],
        )
        env.update(CONTACT, clerk, {"reports_to": gone})
        env.update(CONTACT, keep, {"reports_to": gone})
        env.create("contacts.contact_point", [
            {"contact": keep, "kind": "email", "value": "a@example.com", "primary": True},
            {"contact": gone, "kind": "email", "value": "a@example.com"},
            {"contact": gone, "kind": "email", "value": "b@example.com", "primary": True}])
    with env_as("sara") as env:
        done = merge(env, CONTACT, keep, [gone], {"mobile": "09121234567"})
    with env_as("sara") as env:
        points = env.query("contacts.contact_point").where(f"contact == {keep}").order("value").select("value", "primary").rows()
        assert [(p["value"], p["primary"]) for p in points] == [("a@example.com", True), ("b@example.com", False)]
        found = env.get(CONTACT, keep)
        assert (found.reports_to, found.email, found.mobile) == (None, "a@example.com", "+989121234567")
        assert env.get(CONTACT, clerk, "reports_to").reports_to.id == keep
    with env_as("sara") as env:
        take_back(env, done.merge)
    with env_as("sara") as env:
        assert env.get(CONTACT, keep, "reports_to").reports_to.id == gone
        assert env.get(CONTACT, clerk, "reports_to").reports_to.id == gone
        assert env.query("contacts.contact_point").where(f"contact == {gone}").count() == 2


def test_three_become_one_below_the_parent_of_another(env_as):
    with env_as("sara") as env:
        top, keep, second, third = env.create(ACCOUNT, [{"name": n} for n in ("Top", "Keep", "Second", "Third")])
        env.update_each(ACCOUNT, {keep: {"parent": second}, second: {"parent": third}, third: {"parent": top}})
        merge(env, ACCOUNT, keep, [second, third])
        assert env.get(ACCOUNT, keep, "parent").parent.id == top
        assert env.query(ACCOUNT).count() == 2


def test_who_may_not_delete_may_not_merge(env_as, firm):
    with env_as("mina") as env, pytest.raises(AccessDenied):
        merge(env, ACCOUNT, firm["keep"], [firm["gone"]])
    with env_as("reza") as env:
        own = env.create(ACCOUNT, {"name": "Own"})
        with pytest.raises(NotFound):
            merge(env, ACCOUNT, own, [firm["gone"]])
    with env_as("sara") as env:
        assert env.get(ACCOUNT, firm["gone"], "name").name == "Pars Co"


def test_a_merge_is_taken_back_by_who_made_it(env_as, firm):
    with env_as("sara") as env:
        done = merge(env, ACCOUNT, firm["keep"], [firm["gone"]])
    for login in ("reza", "boss", "omid"):
        with env_as(login) as env, pytest.raises(NotFound):
            take_back(env, done.merge)


def test_an_invalid_choice_leaves_all_as_it_was(env_as, firm):
    with env_as("sara") as env:
        before = state(env, firm)
    with pytest.raises(ValidationFailed), env_as("sara") as env:
        merge(env, ACCOUNT, firm["keep"], [firm["gone"]], {"parent": firm["child"]})
    with pytest.raises(SarnakhError), env_as("sara") as env:
        merge(env, ACCOUNT, firm["keep"], [firm["keep"]])
    with env_as("sara") as env:
        assert state(env, firm) == before
