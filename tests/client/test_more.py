"""Many records at once, keys, what is around a record, figures."""

from __future__ import annotations

import pytest

from core.testing.plugin import user_id
from sarnakh_client import Conflict, Invalid, Link, NotFound

pytestmark = pytest.mark.addons("api", "leads", "contacts")


def test_many_at_once(connect):
    leads = connect("boss")["leads.lead"]
    made = leads.bulk("create", ({"last_name": f"N{i}"} for i in range(1000)))
    assert len(made.ids) == 1000 and not made.failed and made[0].status == 201
    with pytest.raises(Invalid):
        leads.bulk("create", [{"last_name": "A"}, {"last_name": "B", "email": "no"}])
    with pytest.raises(ValueError, match="each"):
        leads.bulk("create", [{"last_name": "A"}] * 1001)
    assert leads.count() == 1000, "all or nothing: neither of them wrote a thing"
    mixed = leads.bulk("create", [{"last_name": "A"}, {"last_name": "B", "email": "no"}] * 501, mode="each")
    assert len(mixed) == 1002 and len(mixed.failed) == 501 and leads.count() == 1501
    assert [one.row for one in mixed.failed] == list(range(1, 1002, 2)) and "email" in mixed.failed[0].problem.fields
    with pytest.raises(Invalid):
        mixed.raise_first()
    first = made[0]
    changed = leads.bulk("update", [{"id": first.id, "version": 7, "company": "X"}, {"id": made[1].id, "company": "Y"}], mode="each")
    assert isinstance(changed[0].problem, Conflict) and changed[1].version == 2
    assert leads.bulk("delete", made.ids[:3]).failed == [] and leads.count() == 1498
    assert leads.bulk("restore", made.ids[:3]).failed == [] and leads.count() == 1501


def test_a_record_is_found_by_what_another_program_calls_it(connect):
    leads = connect("sara")["leads.lead"]
    with pytest.raises(NotFound):
        leads.by("external:erp", "K/17 ü")
    made = leads.upsert("external:erp", "K/17 ü", last_name="One")
    again = leads.upsert("external:erp", "K/17 ü", {"last_name": "Two"})
    assert (again.id, again["last_name"]) == (made.id, "Two") and leads.by("external:erp", "K/17 ü").id == made.id
    rows = [{"external:erp": "K/17 ü", "company": "C"}, {"external:erp": "K/18", "last_name": "New"}]
    both = leads.bulk("upsert", rows, key="external:erp")
    assert [one.status for one in both] == [200, 201] and leads.count() == 2


def test_what_is_around_a_record(connect, tmp_path):
    crm, boss = connect("sara"), connect("boss")
    leads, accounts = crm["leads.lead"], boss["contacts.account"]
    lead = leads.create(last_name="Karimi", company="Pars")
    lead = leads.update(lead, company="Pars Co")
    newest, first = leads.history(lead)
    assert newest["changes"] == [{"field": "company", "old": "Pars", "new": "Pars Co"}] and first["at"].tzinfo
    leads.note(lead, "<p>Called</p>")
    assert leads.notes(lead).first()["body"] == "<p>Called</p>"
    (tmp_path / "offer.txt").write_bytes(b"hello")
    file = leads.attach(lead, tmp_path / "offer.txt")
    assert (file["name"], [one["name"] for one in leads.files(lead)]) == ("offer.txt", ["offer.txt"])
    assert crm.download(file.id, tmp_path / "copy.txt") == b"hello" == (tmp_path / "copy.txt").read_bytes()
    account = accounts.create(name="Pars")
    tag = connect("admin")["base.tag"].create(name="VIP")
    accounts.relate(account, "tags", tag)
    assert [one["name"] for one in accounts.related(account, "tags")] == ["VIP"]
    assert accounts.get(account)["tags"] == [Link(tag.id, "base.tag", "VIP")]
    accounts.unrelate(account, "tags", tag)
    assert accounts.related(account, "tags").all() == []


def test_what_may_be_done_with_a_record(connect, installation):
    crm = connect("sara")
    leads = crm["leads.lead"]
    lead = leads.create(last_name="Karimi", company="Pars")
    assert {"convert", "mark_contacted"} <= {action["name"] for action in leads.actions()}
    assert leads.run("mark_contacted", lead)["message"] and leads.get(lead)["status"] == "contacted"
    reza, theirs = user_id(installation, "reza"), connect("reza")["leads.lead"]
    leads.share(lead, f"user:{reza}")
    assert theirs.get(lead)["company"] == "Pars" and leads.shares(lead)[0]["access"] == "read"
    leads.unshare(lead, f"user:{reza}")
    with pytest.raises(NotFound):
        theirs.get(lead)
    done = leads.run("convert", lead)
    assert "contacts.contact" in done["result"][0]["results"] and leads.get(lead)["status"] == "converted"


def test_words_figures_and_what_there_is(connect):
    crm = connect("sara", language="fa")
    leads = crm["leads.lead"]
    for name, company, revenue in (("Zarei", "A", 10), ("Zamani", "A", 5), ("Karimi", "B", 7)):
        leads.create(last_name=name, company=company, annual_revenue=revenue)
    assert {str(one) for one in crm.search("Za", types=["leads.lead"])} == {"Zarei", "Zamani"}
    figures = {one.values["company"]: (one.count, one.sums["annual_revenue"]) for one in leads.aggregate("company", sum="annual_revenue")}
    assert figures == {"A": (2, 15), "B": (1, 7)}
    assert "leads.lead" in {one["name"] for one in crm.types()} and crm.me()["user"]["label"] == "Sara Seller"
    assert leads.metadata()["label"] == "سرنخ" and crm.schema.kind("leads.lead", "owner.created_at") == "datetime"
