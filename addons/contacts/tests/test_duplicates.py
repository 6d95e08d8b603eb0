"""Recognising companies and people that are there already, and nothing that the person may not see."""

from __future__ import annotations

import pytest

from addons.contacts.duplicates import find_duplicates, find_similar
from core.testing.plugin import query_budget

pytestmark = pytest.mark.addons("contacts")


@pytest.fixture
def known(env_as):
    with env_as("sara") as env:
        accounts = env.create("contacts.account", [
            {"name": "شرکت پارس‌تک (سهامی خاص)", "website": "https://www.parstech.ir/fa", "phone": "02188776655"},
            {"name": "Boğaziçi Yazılım Ltd. Şti.", "email": "info@bogazici.com.tr"},
            {"name": "Gmail user", "email": "someone@gmail.com", "national_id": "10380284790"}])
        people = env.create("contacts.contact", [
            {"first_name": "علی", "last_name": "رضایی", "account": accounts[0], "mobile": "09121234567"},
            {"first_name": "Elif", "last_name": "Şahin", "account": accounts[1], "email": "elif@bogazici.com.tr"}])
        env.create("contacts.contact_point", {"contact": people[1], "kind": "email", "value": "elif.private@example.com"})
    return accounts, people


@pytest.mark.parametrize(
    ("row", "which", "reason"),
    [
        ({"name": "پارس تك"}, 0, "Same name"),
        ({"company": "BOGAZICI YAZILIM A.Ş."}, 1, "Same name"),
        ({"website": "parstech.ir"}, 0, "Same website or mail domain"),
        ({"email": "sales@parstech.ir"}, 0, "Same website or mail domain"),
        ({"email": " INFO@bogazici.com.tr"}, 1, "Same e-mail"),
        ({"phone": "+98 21 88 77 66 55"}, 0, "Same phone"),
        ({"phone": ["123", "۰۲۱۸۸۷۷۶۶۵۵"]}, 0, "Same phone"),
        ({"national_id": "1038 0284790"}, 2, "Same national ID"),
    ],
)
def test_companies_are_recognised(env_as, known, row, which, reason):
    with env_as("sara") as env:
        found = find_duplicates(env, "contacts.account", [{"name": "zzz"}, row])
    assert found[0] == []
    assert [(c.id, reason in c.reasons) for c in found[1]] == [(known[0][which], True)]


@pytest.mark.parametrize("row", [{"email": "other@gmail.com"}, {"name": ""}, {}, {"website": "::"}, {"phone": "x"}])
def test_what_says_nothing_finds_nothing(env_as, known, row):
    with env_as("sara") as env:
        assert find_duplicates(env, "contacts.account", [row]) == [[]]


@pytest.mark.parametrize(("row", "which", "least"), [
    ({"mobile": "0912 123 4567"}, 0, 80), ({"phone": "00989121234567"}, 0, 80), ({"email": "Elif.Private@example.com"}, 1, 90),
    ({"first_name": "آقای علي", "last_name": "رضايي"}, 0, 45), ({"name": "علی رضایی", "company": "پارس تک"}, 0, 75)])
def test_people_are_recognised(env_as, known, row, which, least):
    with env_as("sara") as env:
        found = find_duplicates(env, "contacts.contact", [row])[0]
    assert [c.id for c in found] == [known[1][which]]
    assert found[0].score >= least


def test_a_record_is_not_its_own_duplicate(env_as, known):
    with env_as("sara") as env:
        assert find_duplicates(env, "contacts.account", [{"id": known[0][0], "name": "پارس تک"}]) == [[]]


def test_similar_names_while_typing(env_as, known):
    with env_as("sara") as env:
        assert [c.id for c in find_similar(env, "contacts.account", {"name": "پار"})] == [known[0][0]]
        assert [c.id for c in find_similar(env, "contacts.contact", {"first_name": "Eli"})] == [known[1][1]]
        assert find_similar(env, "contacts.account", {"name": "پ"}) == []


def test_a_colleagues_records_never_show(env_as, known):
    rows = [{"name": "پارس تک", "website": "parstech.ir", "phone": "02188776655", "email": "info@bogazici.com.tr"}]
    people = [{"mobile": "09121234567", "email": "elif.private@example.com", "name": "علی رضایی", "company": "پارس تک"}]
    for login in ("reza", "omid", "nobody"):
        with env_as(login) as env:
            assert find_duplicates(env, "contacts.account", rows) == [[]]
            assert find_duplicates(env, "contacts.contact", people) == [[]]
            assert find_similar(env, "contacts.account", {"name": "پارس"}) == []


def test_a_hidden_field_is_not_compared(env_as, known):
    with env_as("admin") as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        env.update("base.profile", profile, {"field_rights": {"contacts.account": {"phone": "hidden"}}})
    with env_as("sara") as env:
        found = find_duplicates(env, "contacts.account", [{"phone": "02188776655"}, {"name": "پارس تک"}])
        assert found[0] == []
        assert [c.detail for c in found[1]] == [""]


@pytest.mark.database("sqlite")
def test_a_thousand_rows_take_a_handful_of_statements(env_as, known, installation):
    rows = [{"name": f"Company {i}", "email": f"info@c{i}.example.com", "phone": f"0218877{i:04d}"} for i in range(1000)]
    with env_as("sara") as env, query_budget(installation, 12):
        assert len(find_duplicates(env, "contacts.account", rows)) == 1000
