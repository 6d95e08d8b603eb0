"""People: names, numbers, roles."""

from __future__ import annotations

import pytest

from core.api import NotFound, ValidationFailed

pytestmark = pytest.mark.addons("contacts")


@pytest.mark.parametrize(("given", "first", "last", "name"), [
    ({"first_name": "علی", "last_name": "رضایی"}, "علی", "رضایی", "علی رضایی"),
    ({"last_name": "Yılmaz"}, None, "Yılmaz", "Yılmaz"),
    ({"name": "Sara van der Berg"}, "Sara", "van der Berg", "Sara van der Berg"),
    ({"name": "Rezaei, Ali"}, "Ali", "Rezaei", "Ali Rezaei"),
    ({"name": "ignored", "first_name": "Ann", "last_name": "Lee"}, "Ann", "Lee", "Ann Lee"),
    ({"name": "مولانا"}, None, "مولانا", "مولانا")])
def test_full_names_follow_their_parts_or_are_split(env_as, given, first, last, name):
    with env_as("sara") as env:
        found = env.get("contacts.contact", env.create("contacts.contact", given))
        assert (found.first_name, found.last_name, found.name) == (first, last, name)
        assert env.query("contacts.contact").search(name).ids() == [found.id]


def test_a_new_last_name_changes_the_full_name(env_as):
    with env_as("sara") as env:
        key = env.create("contacts.contact", {"first_name": "Ayşe", "last_name": "Demir"})
        env.update("contacts.contact", key, {"last_name": "Kaya"})
        found = env.get("contacts.contact", key, "name", "match_name")
        assert (found.name, found.match_name) == ("Ayşe Kaya", "ayse kaya")
        env.update("contacts.contact", key, {"name": "Elif Kaya"})
        assert env.get("contacts.contact", key, "first_name").first_name == "Elif"


def test_nobody_is_nameless_and_nobody_reports_to_themselves(env_as):
    with env_as("sara") as env:
        with pytest.raises(ValidationFailed) as caught:
            env.create("contacts.contact", {"email": "a@example.com"})
        assert [e.field for e in caught.value.errors] == ["last_name"]
        boss, clerk = env.create("contacts.contact", [{"last_name": "Boss"}, {"last_name": "Clerk"}])
        env.update("contacts.contact", clerk, {"reports_to": boss})
        with pytest.raises(ValidationFailed):
            env.update("contacts.contact", boss, {"reports_to": clerk})


def test_national_codes_get_lost_zeros_back(env_as):
    with env_as("sara") as env:
        key = env.create("contacts.contact", {"last_name": "A", "national_id": "۱۲۳۴۵۶۷۸-۹"})
        assert env.get("contacts.contact", key, "national_id").national_id in ("0123456789", "123456789")
        with pytest.raises(ValidationFailed):
            env.create("contacts.contact", {"last_name": "B", "national_id": "1111111111"})


def test_a_primary_point_stands_on_the_person_and_is_alone(env_as):
    with env_as("sara") as env:
        key = env.create("contacts.contact", {"last_name": "A", "email": "old@example.com"})
        first, second = env.create("contacts.contact_point", [
            {"contact": key, "kind": "email", "value": "First@Example.com", "primary": True},
            {"contact": key, "kind": "email", "value": "second@example.com", "label": "home"}])
        phone = env.create(
            "contacts.contact_point", {"contact": key, "kind": "mobile", "value": "۰۹۱۲ ۱۲۳ ۴۵۶۷", "primary": True}
        )
        handle = env.create("contacts.contact_point", {"contact": key, "kind": "telegram", "value": "https://t.me/Some_One"})
        found = env.get("contacts.contact", key, "email", "mobile")
        assert (found.email, found.mobile) == ("first@example.com", "+989121234567")
        assert env.get("contacts.contact_point", handle, "value").value == "some_one"
        env.update("contacts.contact_point", second, {"primary": True})
        assert env.get("contacts.contact", key, "email").email == "second@example.com"
        assert env.get("contacts.contact_point", first, "primary").primary is False
        env.update("contacts.contact", key, {"mobile": "09351112233"})
        assert env.get("contacts.contact_point", phone, "primary").primary is False


@pytest.mark.parametrize(("kind", "value"), [("email", "not an address"), ("mobile", "12"), ("website", "ftp://x")])
def test_values_that_are_none_are_refused(env_as, kind, value):
    with env_as("sara") as env:
        key = env.create("contacts.contact", {"last_name": "A"})
        with pytest.raises(ValidationFailed) as caught:
            env.create("contacts.contact_point", {"contact": key, "kind": kind, "value": value})
    assert [e.field for e in caught.value.errors] == ["value"]


def test_a_role_is_had_once_and_goes_with_its_account(env_as):
    with env_as("sara") as env:
        account, other = env.create("contacts.account", [{"name": "A"}, {"name": "B"}])
        person = env.create("contacts.contact", {"last_name": "P", "account": account})
        role = {"contact": person, "role": "payer"}
        first, _second = env.create("contacts.contact_role", [{**role, "account": account}, {**role, "account": other}])
        with pytest.raises(ValidationFailed):
            env.create("contacts.contact_role", {**role, "account": account})
        env.update("contacts.contact_role", first, {"notes": "signs"})
    with env_as("boss") as env:
        env.delete("contacts.account", account)
        assert env.query("contacts.contact_role").where(f"contact == {person}").count() == 1
        env.restore("contacts.account", account)
        assert env.query("contacts.contact_role").where(f"contact == {person}").count() == 2


def test_points_of_a_hidden_person_are_hidden(env_as):
    with env_as("sara") as env:
        person = env.create("contacts.contact", {"last_name": "Hidden"})
        point = env.create("contacts.contact_point", {"contact": person, "kind": "email", "value": "hidden@example.com"})
    with env_as("reza") as env:
        assert not env.query("contacts.contact_point").exists()
        with pytest.raises(NotFound):
            env.get("contacts.contact_point", point)
        with pytest.raises(ValidationFailed):
            env.create("contacts.contact_point", {"contact": person, "kind": "email", "value": "mine@example.com"})
