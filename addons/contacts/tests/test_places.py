"""Further addresses and numbers of companies: checked, found as duplicates, moved in a merge, gone with the company."""

from __future__ import annotations

import pytest

from addons.contacts.duplicates import find_duplicates
from addons.contacts.merging import merge, take_back
from core.api import NotFound, ValidationFailed

pytestmark = [pytest.mark.addons("contacts"), pytest.mark.usefixtures("managers")]
ACCOUNT, POINT, PLACE = "contacts.account", "contacts.account_point", "contacts.address"


@pytest.fixture
def firm(env_as):
    """A company of Sara's with a branch, a second phone and a second e-mail address."""
    with env_as("sara") as env:
        key = env.create(ACCOUNT, {"name": "Pars"})
        env.create(PLACE, [{"account": key, "kind": "branch", "name": "Isfahan", "city": "اصفهان", "phone": "03132221100"}])
        env.create(POINT, [{"account": key, "kind": "phone", "value": "۰۲۱ ۸۸۷۷ ۶۶۵۵"},
                           {"account": key, "kind": "email", "value": "Sales@Pars.example"}])
    return key


def test_they_are_stored_in_one_form_and_checked(env_as, firm):
    with env_as("sara") as env:
        assert {r["value"] for r in env.query(POINT).select("value").rows()} == {"+982188776655", "sales@pars.example"}
        assert env.query(PLACE).first("phone").phone == "+983132221100"
    with env_as("sara") as env, pytest.raises(ValidationFailed):
        env.create(POINT, {"account": firm, "kind": "email", "value": "not an address"})


def test_they_are_seen_with_the_company_only(env_as, firm):
    with env_as("omid") as env:
        assert not env.query(POINT).exists()
        assert not env.query(PLACE).exists()
        with pytest.raises((NotFound, ValidationFailed)):
            env.create(PLACE, {"account": firm, "kind": "branch", "name": "Mine"})


def test_a_company_is_recognised_by_them(env_as, firm):
    with env_as("sara") as env:
        for row in ({"phone": "021 88776655"}, {"email": "SALES@pars.example"}):
            assert [c.id for c in find_duplicates(env, ACCOUNT, [row])[0]] == [firm]


def test_a_merge_moves_them_once_and_back(env_as, firm):
    with env_as("sara") as env:
        other = env.create(ACCOUNT, {"name": "Pars Co"})
        env.create(POINT, {"account": other, "kind": "phone", "value": "02188776655"})
    with env_as("sara") as env:
        done = merge(env, ACCOUNT, other, [firm])
        assert sorted(r["value"] for r in env.query(POINT).select("value").rows()) == ["+982188776655", "sales@pars.example"]
        assert env.query(PLACE).first("account").account.id == other
    with env_as("sara") as env:
        take_back(env, done.merge)
        assert env.query(POINT).count() == 3
        assert env.query(PLACE).first("account").account.id == firm


def test_the_pages_show_them(browser, firm):
    sara = browser("sara")
    page = sara.get(f"/r/{ACCOUNT}/{firm}").text
    for label, name, text in (("Further addresses", "places", "Isfahan"), ("Phones and e-mails", "points", "sales@pars.example")):
        assert label in page
        assert text in sara.client.get(f"/r/{ACCOUNT}/{firm}/related/{name}", headers={"X-Fragment": "related"}).text
