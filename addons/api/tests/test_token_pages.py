"""Tokens are made on pages, shown once, and ended; integrations have a profile or none of that happens."""

from __future__ import annotations

import re

import pytest

from addons.api.tests.calling import Caller
from core.security import accounts
from core.testing.browser import Visitor
from core.testing.plugin import PASSWORD, user_id

pytestmark = pytest.mark.addons("api", "leads")


@pytest.fixture
def visitor(installation, env_as):
    def sign_in(login):
        key = user_id(installation, login)
        with env_as("admin") as env, env.elevated("test") as trusted:
            accounts.keeper(trusted).set_password(trusted, key, PASSWORD)
        return Visitor(installation, key)
    return sign_in


def shown_token(answer):
    found = re.findall(r"snk_[A-Za-z0-9_-]{40,}", answer.get_data(as_text=True))
    return found[0] if found else ""


def test_a_person_makes_a_token_and_ends_it(installation, visitor, env_as):
    sara = visitor("sara")
    values = {"name": "My script", "scopes": ["*:read"], "days": "30", "current": PASSWORD}
    assert sara.post("/x/api/tokens/new", {**values, "current": "wrong"}).status_code == 422
    assert sara.post("/x/api/tokens/new", {**values, "further": "nothing.here:read"}).status_code == 422
    answer = sara.post("/x/api/tokens/new", values)
    token = shown_token(answer)
    assert answer.status_code == 200 and token
    Caller(installation, token=token).get("/records/leads.lead")
    page = sara.get("/x/api/tokens").get_data(as_text=True)
    assert "My script" in page and token not in page and token[:12] in page
    with env_as("sara") as env:
        key = env.query("api.token").ids()[0]
    assert visitor("reza").post("/x/api/tokens", {"token": str(key)}).status_code == 404
    sara.post("/x/api/tokens", {"token": str(key)})
    Caller(installation, token=token).get("/records/leads.lead", 401)


def test_an_integration_has_a_profile(installation, visitor, env_as):
    admin = visitor("admin")
    assert visitor("sara").get("/x/api/integrations").status_code == 403
    assert admin.post("/x/api/integrations/new", {"name": "Shop"}).status_code == 422
    with env_as("admin") as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
    made = admin.post("/x/api/integrations/new", {"name": "Shop", "profile": str(profile)})
    url = made.headers["Location"]
    token = shown_token(admin.post(f"{url}/new", {"name": "Live", "scopes": ["*:write"], "days": "", "current": PASSWORD}))
    shop = Caller(installation, token=token)
    assert shop.post("/records/leads.lead", {"last_name": "Web"}, 201)["created_by"]["label"] == "Shop"
    key = int(url.rsplit("/", 1)[1])
    with env_as("admin") as env:
        env.update("base.user", key, {"profile": None})
    shop.get("/records/leads.lead", 401)
    assert admin.get(f"{url}").status_code == 200 and admin.get("/x/api/integrations").status_code == 200


def test_a_lesser_administrator_takes_over_no_integration(installation, visitor, env_as):
    with env_as("admin") as env:
        some = env.create("base.profile", {"name": "People", "sets": ["base.people_admin"], "areas": ["users"]})
        full = env.query("base.profile").where('name == "Administrator"').ids()[0]
        env.update("base.user", user_id(installation, "reza"), {"profile": some})
    url = visitor("admin").post("/x/api/integrations/new", {"name": "Backup", "profile": str(full)}).headers["Location"]
    reza = visitor("reza")
    assert reza.get("/x/api/integrations").status_code == 200
    assert reza.post(f"{url}/new", {"name": "x", "scopes": ["*:write"], "current": PASSWORD}).status_code == 403
    assert reza.post("/x/api/integrations/new", {"name": "Mine", "profile": str(full)}).status_code == 422


def test_people_read_what_programs_can_do(installation, visitor):
    sara = visitor("sara")
    assert "/x/api/docs/leads.lead" in sara.get("/x/api/docs").get_data(as_text=True)
    page = sara.get("/x/api/docs/leads.lead").get_data(as_text=True)
    assert "/api/v1/records/leads.lead/{id}" in page and "last_name" in page
    assert sara.get("/x/api/docs/general").status_code == 200 and sara.get("/x/api/docs/base.profile").status_code == 404
    assert sara.get("/x/api/openapi.json").get_json()["openapi"] == "3.1.0"
