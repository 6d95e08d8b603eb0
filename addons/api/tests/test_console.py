"""The console: people try requests with their session, and nobody else can with it."""

from __future__ import annotations

import datetime as dt

import pytest

from addons.api.tests.calling import Caller
from core.security import sessions
from core.testing.browser import Visitor
from core.testing.plugin import user_id
from core.web import csrf
from core.web.request import SESSION_COOKIE

pytestmark = pytest.mark.addons("api", "leads")
PLACE = "/api/v1/records/leads.lead"


@pytest.fixture
def sara(installation):
    return Visitor(installation, user_id(installation, "sara"))


def test_a_session_alone_opens_nothing(installation, sara):
    """Another site makes a browser send the cookie, and knows no token of this browser's forms."""
    token, other = sara.csrf(), Visitor(installation, user_id(installation, "omid")).csrf()
    for headers in ({}, {"X-CSRFToken": ""}, {"X-CSRFToken": "x"}, {"X-CSRFToken": other}, {"X-CSRFToken": token[:-1]},
                    {"Authorization": "", "X-CSRFToken": token}, {"Authorization": "Bearer snk_none", "X-CSRFToken": token}):
        for method in ("GET", "POST"):
            answer = sara.client.open(PLACE, method=method, headers=headers, json={"last_name": "Forged"} if method == "POST" else None)
            assert answer.status_code == 401, (headers, method)
    assert sara.client.post(PLACE, data={"csrf_token": token, "last_name": "Forged"}).status_code == 401, "a form is none of our scripts"
    assert Visitor(installation).client.get(PLACE, headers={"X-CSRFToken": token}).status_code == 401, "the token without the session"
    assert Caller(installation, "admin").get("/records/leads.lead/count")["count"] == 0


def test_who_has_not_given_the_second_factor_yet_is_nobody(installation):
    visitor = Visitor(installation)
    with installation.engine.connect() as connection:
        cookie = sessions.start(connection, user_id(installation, "sara"), dt.datetime.now(dt.UTC), 12, stage="totp")
        connection.commit()
    visitor.client.set_cookie(SESSION_COOKIE, cookie)
    token = csrf.make_token(installation.secrets.session_key, cookie)
    assert visitor.client.get(PLACE, headers={"X-CSRFToken": token}).status_code == 401


def test_other_sites_may_not_ask_with_the_header(installation, sara):
    answer = sara.client.options(PLACE, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "GET",
                                                 "Access-Control-Request-Headers": "x-csrftoken"})
    assert "x-csrftoken" not in answer.headers.get("Access-Control-Allow-Headers", "").lower()
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_people_do_what_they_may_do_and_history_says_how(installation, env_as, sara):
    headers = {"X-CSRFToken": sara.csrf()}
    made = sara.client.post(PLACE, json={"last_name": "Tried"}, headers=headers)
    assert made.status_code == 201 and made.headers["ETag"]
    key = made.get_json()["id"]
    omid = Visitor(installation, user_id(installation, "omid"))
    theirs = {"X-CSRFToken": omid.csrf()}
    assert omid.client.get(f"{PLACE}/{key}", headers=theirs).status_code == 404
    assert omid.client.get(PLACE, headers=theirs).get_json()["records"] == []
    assert sara.client.post("/api/v1/records/base.profile", json={"name": "Mine"}, headers=headers).status_code == 403
    refused = sara.client.patch(f"{PLACE}/{key}", json={"last_name": 5}, headers=headers)
    assert refused.status_code == 422 and refused.content_type == "application/problem+json"
    with env_as("admin") as env:
        table = env.registry.system.audit
        rows = env.execute(table.select().where(table.c.record == "leads.lead", table.c.record_id == key)).all()
    assert {(row.note, row.actor_id) for row in rows} == {("API: console", user_id(installation, "sara"))}


def test_the_page_sends_nothing_by_itself_and_shows_what_was_asked_as_text(installation, sara):
    page = sara.get("/x/api/console?method=DELETE&path=/records/leads.lead/1%22%3E%3Cscript%3E&body=%3C/textarea%3E%3Cscript%3E")
    text = page.get_data(as_text=True)
    assert page.status_code == 200 and 'value="DELETE" selected' in text and "1&#34;&gt;&lt;script&gt;" in text
    assert "</textarea><script>" not in text and "console.js" in text
    assert sara.post("/x/api/console", {"method": "GET", "path": "/types"}).status_code == 405
    assert sara.get("/x/api/console?method=TRACE").status_code == 200
    assert Visitor(installation).get("/x/api/console").status_code == 303
    assert "/x/api/console?method=GET" in sara.get("/x/api/docs/leads.lead").get_data(as_text=True)
