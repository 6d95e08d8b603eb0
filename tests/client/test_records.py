"""What people do with records in Python, against a live server on both databases."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from sarnakh_client import BadRequest, Conflict, Forbidden, Invalid, Link, Money, NotFound, Unauthorised

pytestmark = pytest.mark.addons("api", "leads")


def test_a_record_from_its_creation_to_the_bin_and_back(connect):
    leads = connect("boss")["leads.lead"]
    then = dt.datetime(2026, 3, 21, 8, tzinfo=dt.UTC)
    lead = leads.create(last_name="Karimi", email="k@example.com", annual_revenue=Money(Decimal(1250)), first_touch_at=then)
    assert lead.version == 1 and lead["annual_revenue"].amount == 1250 and isinstance(lead["owner"], Link)
    assert lead["first_touch_at"] == then and str(lead["owner"]) == "Bahram Director"
    changed = leads.update(lead, company="Pars")
    assert (changed["company"], changed.version) == ("Pars", 2)
    assert leads.get(lead.id, fields="company,owner.name", expand=["owner"])["owner"].values["name"] == "Bahram Director"
    leads.delete(changed)
    with pytest.raises(NotFound):
        leads.get(lead)
    assert [one.id for one in leads.list(deleted=True)] == [lead.id]
    assert leads.restore(lead)["company"] == "Pars"
    assert leads.archive(lead)["archived"] is True and leads.count() == 0 and leads.count(archived=None) == 1
    assert leads.archive(lead, False)["archived"] is False


@pytest.mark.addons("api", "contacts")
def test_children_come_along(connect):
    crm = connect("boss")
    firm = crm["contacts.account"].create(name="Pars")
    crm["contacts.contact"].create(last_name="Karimi", account=firm, birthday=dt.date(1990, 3, 21))
    found = next(iter(crm["contacts.account"].list(expand="contacts")))["contacts"]
    assert [one["last_name"] for one in found] == ["Karimi"] and not found.more
    assert found[0].record == "contacts.contact" and found[0]["birthday"] == dt.date(1990, 3, 21)


def test_a_list_fetches_its_pages_while_it_is_read(connect):
    leads = connect("sara")["leads.lead"]
    for i in range(7):
        leads.create(last_name=f"N{i}", rating="hot" if i % 2 else "cold")
    listing = leads.list(sort="-last_name", fields=["last_name"], page=3)
    assert [one["last_name"] for one in listing] == [f"N{i}" for i in range(6, -1, -1)]
    assert [len(page) for page in listing.pages()] == [3, 3, 1]
    assert [one["last_name"] for one in leads.list('rating == "hot"', sort="last_name", limit=2, page=1)] == ["N1", "N3"]
    assert listing.first()["last_name"] == "N6" and leads.list('last_name == "no"').first() is None
    assert len(listing.take(4)) == 4 and leads.count('rating == "cold"') == 4
    assert [one["last_name"] for one in leads.list(search="N5")] == ["N5"]


def test_nobodys_change_is_overwritten(connect):
    leads = connect("sara")["leads.lead"]
    mine = leads.create(last_name="One", company="A")
    leads.update(mine.id, company="B")
    with pytest.raises(Conflict) as refused:
        leads.update(mine, company="C")
    assert refused.value.difference["company"] == {"before": "A", "current": "B", "yours": "C"}
    assert leads.update(mine.id, {"company": "C"}, version=refused.value.version)["company"] == "C"
    with pytest.raises(Conflict):
        connect("boss")["leads.lead"].delete(mine)


def test_refusals_have_classes_and_words(connect, address):
    leads = connect("sara", language="fa")["leads.lead"]
    with pytest.raises(Invalid) as wrong:
        leads.create(last_name="x", email="no")
    assert wrong.value.kind == "invalid" and list(wrong.value.fields) == ["email"] and wrong.value.status == 422
    assert any("\u0600" <= letter <= "\u06ff" for letter in str(wrong.value))
    with pytest.raises(BadRequest):
        leads.list("last_name ==").all()
    with pytest.raises(Forbidden):
        connect("sara", "*:read")["leads.lead"].create(last_name="x")
    with pytest.raises(NotFound):
        connect("sara")["leads.nothing"].count()
    with pytest.raises(Unauthorised):
        type(connect("sara"))(address, "snk_nonsense")["leads.lead"].count()


def test_what_a_person_may_not_see_the_client_does_not_bring(connect):
    key = connect("sara")["leads.lead"].create(last_name="Mine").id
    others = connect("reza")["leads.lead"]
    assert others.list().all() == []
    with pytest.raises(NotFound):
        others.update(key, last_name="Theirs")
