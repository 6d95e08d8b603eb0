"""Columns find their fields: by label in three languages, by the names other systems use, by what is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.exchange.detect import open_table
from core.exchange.fields import ImportField
from core.exchange.mapping import SURE, guess_mapping, squeeze
from core.exchange.synonyms import FIELD_NAMES, SYNONYMS
from tests.core.exchange import make_samples as samples

FIELDS = [
    ImportField("first_name", "First name"), ImportField("last_name", "Last name"), ImportField("company", "Company"),
    ImportField("job_title", "Job title"), ImportField("email", "E-mail", "email"),
    ImportField("mobile", "Mobile", "phone"), ImportField("phone", "Phone", "phone"),
    ImportField("website", "Website", "url"), ImportField("source", "Source", "choice"),
    ImportField("status", "Status", "choice"), ImportField("industry", "Industry", "choice"),
    ImportField("employees", "Employees", "integer"), ImportField("annual_revenue", "Annual revenue", "money"),
    ImportField("city", "City"), ImportField("state", "State"), ImportField("postal_code", "Postal code"),
    ImportField("country", "Country"), ImportField("street", "Street"),
    ImportField("description", "Description", "longtext"), ImportField("tags", "Tags", "tags"),
    ImportField("owner", "Owner", "link", target="base.user"), ImportField("birth_date", "Birth date", "date"),
]
EXPECTED = {
    "zoho": {"Lead Owner": "owner", "First Name": "first_name", "Title": "job_title", "Lead Source": "source",
             "No. of Employees": "employees", "Zip Code": "postal_code", "Annual Revenue": "annual_revenue"},
    "hubspot": {"Phone Number": "phone", "Mobile Phone Number": "mobile", "Company name": "company",
                "Country/Region": "country", "Contact owner": "owner", "Website URL": "website",
                "Lead Status": "status"},
    "salesforce": {"FirstName": "first_name", "LeadSource": "source", "MobilePhone": "mobile", "Status": "status",
                   "AnnualRevenue": "annual_revenue", "NumberOfEmployees": "employees"},
    "dynamics": {"firstname": "first_name", "companyname": "company", "emailaddress1": "email", "telephone1": "phone",
                 "mobilephone": "mobile", "address1_city": "city", "leadsourcecode": "source"},
    "odoo": {"partner_name": "company", "email_from": "email", "function": "job_title", "zip": "postal_code",
             "country_id": "country", "user_id": "owner", "tag_ids": "tags"},
    "didar": {"نام": "first_name", "نام خانوادگی": "last_name", "نام شرکت": "company", "سمت": "job_title",
              "تلفن همراه": "mobile", "تلفن": "phone", "استان": "state", "شیوه آشنایی": "source", "مسئول": "owner"},
}


def guessed(headers: list[str], rows: list[list[object]] | None = None) -> dict[str, str]:
    return {headers[guess.column]: guess.field for guess in guess_mapping(headers, rows or [], FIELDS)
            if guess.confidence >= SURE}


@pytest.mark.parametrize("system", samples.SYSTEM_HEADERS)
def test_exports_of_other_systems_are_recognised(tmp_path: Path, system: str) -> None:
    with open_table(samples.make_system_export(tmp_path / "x.csv", system)) as table:
        found = guessed(table.headers, table.sample())
    assert {header: found.get(header) for header in EXPECTED[system]} == EXPECTED[system]


def test_persian_and_turkish_samples(tmp_path: Path) -> None:
    with open_table(samples.make_persian_csv(tmp_path / "p.csv")) as table:
        found = guess_mapping(table.headers, table.sample(), FIELDS)
    assert len(found) == 12
    assert all(guess.confidence >= SURE for guess in found)
    with open_table(samples.make_turkish_csv(tmp_path / "t.csv")) as table:
        found = guess_mapping(table.headers, table.sample(), FIELDS)
    assert [guess.field for guess in found] == ["first_name", "last_name", "company", "mobile", "email", "city",
                                                "annual_revenue", "birth_date", "description"]


@pytest.mark.parametrize(("header", "field"), [
    ("FIRST NAME *", "first_name"), ("Primary e-mail", "email"), ("Cep Telefonu", "mobile"), ("شماره‌ موبايل", "mobile"),
    ("SOYADI", "last_name"), ("E-posta adresi", "email"), ("Billing City", "city"), ("Emial adress", "email"),
    ("Anual Revenue", "annual_revenue"), ("ŞEHİR", "city"), ("آدرس ايميل", "email"),
])
def test_headers_as_people_write_them(header: str, field: str) -> None:
    found = guess_mapping([header], [], FIELDS)
    assert [guess.field for guess in found] == [field]
    assert found[0].reason.english()


@pytest.mark.parametrize("header", ["Foo", "ردیف", "(A)", "Shoe size", "E-mail opt out", "Created time", "Fax"])
def test_what_is_unknown_stays_unmapped(header: str) -> None:
    assert guess_mapping([header], [["x"]] * 5, FIELDS) == []


def test_contents_propose_a_field_and_contradict_a_name() -> None:
    rows: list[list[object]] = [[f"a{number}@b.com", f"0912{number:07d}", f"person {number}"] for number in range(9)]
    found = guess_mapping(["(A)", "Contact data", "E-mail"], rows, FIELDS)
    assert {guess.column: guess.field for guess in found} == {0: "email", 1: "mobile"}


def test_each_field_is_used_once_and_the_surest_column_wins() -> None:
    found = guess_mapping(["Email address of office", "E-mail", "Email 1"], [], FIELDS)
    assert [(guess.column, guess.field) for guess in found if guess.field == "email"] == [(1, "email")]


def test_labels_aliases_and_earlier_decisions_come_first() -> None:
    fields = [*FIELDS, ImportField("x_size", "Shoe size", "integer", {"fa": "اندازه کفش"}, aliases=("Schuh",))]
    for header in ("shoe_size", "اندازه كفش", "Schuh", "x_size"):
        assert [guess.field for guess in guess_mapping([header], [], fields)] == ["x_size"]
    kept = guess_mapping(["Name", "Foo"], [], fields, {squeeze("Name"): "company", squeeze("Foo"): "city"})
    assert [guess.field for guess in kept] == ["company", "city"]


def test_the_table_of_synonyms_is_sound() -> None:
    assert set(FIELD_NAMES.values()) <= set(SYNONYMS)
    sets = {semantic: {squeeze(text) for text in texts} for semantic, texts in SYNONYMS.items()}
    assert all("" not in texts for texts in sets.values())
    required = {"first_name": "نام", "last_name": "Soyadı", "email": "email_from", "company": "account_name",
                "mobile": "mobilephone", "annual_revenue": "Annual Revenue"}
    assert all(squeeze(text) in sets[semantic] for semantic, text in required.items())
