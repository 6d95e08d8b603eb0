"""The first administrator: one link, once."""

from __future__ import annotations

import pytest

from core.first_start import awaits_first_user, setup_token
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.plugin import PASSWORD
from core.web.host import Host

from .conftest import Browser

VALUES = {"name": "مریم مدیر", "login": "Maryam", "email": "maryam@example.com", "password": PASSWORD, "repeat": PASSWORD,
          "language": "fa", "time_zone": "Asia/Tehran", "calendar": "jalali", "digits": "arabext", "company": "سرناخ",
          "country": "IR",
          "currency": "IRR"}


@pytest.fixture
def door(fresh: Installation) -> str:
    """The address that the first start prints."""
    return f"/setup/{setup_token(fresh.secrets)}"


def test_the_link_makes_the_first_administrator_and_signs_in(fresh: Installation, door: str) -> None:
    visitor = Browser(Host(fresh))
    page = visitor.get(door + "?lang=fa")
    assert page.status_code == 200 and 'dir="rtl"' in page.text and "Asia/Tehran" in page.text
    assert "۱۰ نویسه" in page.text, "a visitor reads the digits of the language"
    answer = visitor.send(door, VALUES)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/addons")
    offered = visitor.get("/admin/addons")
    assert offered.status_code == 200 and "سرنخ‌ها" in offered.text, "addons that are not enabled speak the language, too"
    with fresh.env(SYSTEM, write=False) as env:
        user = env.query("base.user").first("name", "login", "is_super", "language", "calendar", "digits", "time_zone",
                                            "last_login_at")
        company = env.query("base.company").first("name", "country.code", "currency.code")
    assert (user.name, user.login, user.is_super) == ("مریم مدیر", "maryam", True)
    assert (user.language, user.calendar, user.digits) == ("fa", "jalali", "arabext")
    assert user.last_login_at is not None
    assert (company["name"], company["country.code"], company["currency.code"]) == ("سرناخ", "IR", "IRR")
    assert not awaits_first_user(fresh)
    assert fresh.registry.collation == "fa"
    with fresh.env(SYSTEM) as env:
        env.create("base.tag", [{"name": name} for name in ("گل", "کتاب", "یاس", "پارس", "تبریز", "بم")])
        names = [r["name"] for r in env.query("base.tag").order("name").select("name").rows()]
    assert names == ["بم", "پارس", "تبریز", "کتاب", "گل", "یاس"], "in the order of the Persian alphabet"
    assert Browser(Host(fresh)).sign_in("MARYAM").status_code == 303


def test_the_link_works_once(fresh: Installation, door: str) -> None:
    first, second = Browser(Host(fresh)), Browser(Host(fresh))
    waiting = second.get(door)
    assert first.send(door, VALUES).status_code == 303
    from .conftest import token_of
    late = second.client.post(door, data={**VALUES, "login": "thief", "csrf_token": token_of(waiting)})
    assert late.status_code == 404
    assert second.get(door).status_code == 404


def test_a_wrong_token_is_like_no_page(fresh: Installation, door: str) -> None:
    assert Browser(Host(fresh)).get("/setup/" + "x" * 32).status_code == 404


def test_what_is_wrong_stands_at_the_field_and_nothing_is_made(fresh: Installation, door: str) -> None:
    visitor = Browser(Host(fresh))
    for wrong in ({"repeat": "other"}, {"password": "short", "repeat": "short"}, {"name": ""}, {"email": "no"},
                  {"time_zone": "Mars/One"}):
        answer = visitor.send(door, {**VALUES, **wrong})
        assert answer.status_code == 422 and "aria-invalid" in answer.text, wrong
        assert PASSWORD not in answer.text
    assert awaits_first_user(fresh)


@pytest.mark.database("sqlite")
def test_a_demo_company_can_come_along(fresh: Installation, door: str) -> None:
    visitor = Browser(Host(fresh))
    assert visitor.send(door, {**VALUES, "demo": "1"}).status_code == 303
    assert visitor.get("/admin/users").status_code == 200
    with fresh.env(SYSTEM, write=False) as env:
        assert {"sara", "reza", "ali", "ayse", "john"} <= {r["login"] for r in env.query("base.user").select("login").rows()}
        assert "leads.lead" in env.registry.records
