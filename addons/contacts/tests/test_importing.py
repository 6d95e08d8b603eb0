"""Importing people: whoever has a number or an address among their further ones is there already."""

import csv
import io

import pytest

from core.api import SYSTEM
from core.exchange import importing, plan
from core.exchange.plan import Options
from core.exchange.running import run
from core.testing.plugin import user_id

PERSON, COMPANY = "contacts.contact", "contacts.account"
RIGHTS = dict.fromkeys(("read", "create", "update", "delete", "import"), True)


@pytest.fixture(autouse=True)
def importers(installation):
    with installation.env(SYSTEM) as env:
        profile = env.create("base.profile", {"name": "Importers", "areas": [], "record_rights": dict.fromkeys(
            (PERSON, COMPANY, "contacts.contact_point", "contacts.account_point"), RIGHTS)})
        env.update("base.user", [user_id(installation, login) for login in ("sara", "reza")], {"profile": profile})


def imported(env, *rows, record=PERSON, **options):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    key = importing.receive(env, record, "people.csv", [text.getvalue().encode()])
    importing.set_mapping(env, key, dict(enumerate(rows[0])))
    importing.set_options(env, key, Options(**options))
    importing.start(env, key, background=False)
    return run(env, key, lambda _plan: env.commit())


def person(env, name, **points):
    key = env.create(PERSON, {"last_name": name, "email": f"{name.lower()}@main.com"})
    env.create("contacts.contact_point", [{"contact": key, "kind": kind, "value": value} for kind, value in points.items()])
    return key


def test_further_addresses_and_numbers_count(env_as):
    with env_as("sara") as env:
        ada = person(env, "Ada", email="ada@home.org", mobile="09121234567")
        bob = person(env, "Bob", email="bob@home.org")
        done = imported(env, ("last_name", "email", "mobile", "job_title"),
                        ("Ada", "ADA+x@home.org", "", "Boss"), ("Bob", "", "0912 999 8877", "Clerk"),
                        ("Bob", "bob@home.org", "", "Chief"), ("Cem", "cem@home.org", "", ""), ("Dora", "", "+98 912 123 4567", ""),
                        duplicates="update", keys=[["email"], ["mobile"]])
        assert done.counts == {"created": 2, "updated": 3, "skipped": 0, "rejected": 0}
        found = {row["id"]: row for row in env.query(PERSON).with_ids([ada, bob]).select("job_title", "email", "last_name").rows()}
        # What agrees with a further address leaves the main one alone.
        assert found[ada]["email"] == "ada@main.com" and found[bob]["email"] == "bob@main.com"
        assert (found[ada]["last_name"], found[bob]["job_title"]) == ("Dora", "Chief")


def test_further_numbers_of_companies_count(env_as):
    with env_as("sara") as env:
        key = env.create(COMPANY, {"name": "Pars", "phone": "02188776655"})
        env.create("contacts.account_point", {"account": key, "kind": "phone", "value": "02166554433"})
        done = imported(env, ("name", "phone"), ("Pars Gostar", "021-66554433"), ("Arya", "021 22334455"), record=COMPANY,
                        duplicates="update", keys=[["phone"]])
        assert (done.counts["created"], done.counts["updated"]) == (1, 1)
        row = env.query(COMPANY).with_ids([key]).select("name", "phone").rows()[0]
        assert (row["name"], row["phone"]) == ("Pars Gostar", "+982188776655")


def test_fields_that_agree_together_and_the_recycle_bin(env_as):
    with env_as("sara") as env:
        ada = person(env, "Ada", email="info@home.org")
        bob = person(env, "Bob", email="info@home.org")
        env.delete(PERSON, bob)
        rows = (("last_name", "email"), ("Ada", "info@home.org"), ("Bob", "info@home.org"), ("Cem", "info@home.org"))
        done = imported(env, *rows, duplicates="skip", keys=[["last_name", "email"]], deleted="skip")
        assert done.counts == {"created": 1, "updated": 0, "skipped": 2, "rejected": 0}
        said = [env.t(reason.message) for row in plan.rows_aside(env, done.id, "duplicate") for reason in row.reasons]
        assert any(f"#{ada}" in text for text in said) and any(f"#{bob}" in text and "recycle bin" in text for text in said)


def test_further_values_of_people_one_may_not_see_are_not_found(env_as):
    with env_as("reza") as env:
        hidden = person(env, "Hidden", email="secret@home.org")
    with env_as("sara") as env:
        done = imported(env, ("last_name", "email"), ("Mine", "secret@home.org"), duplicates="update", keys=[["email"]])
        assert done.counts["created"] == 1
    with env_as("reza") as env:
        assert env.get(PERSON, hidden).last_name == "Hidden"
