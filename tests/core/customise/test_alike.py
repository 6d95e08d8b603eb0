"""Whoever types in what another record has already is told of it, as far as they may see that one, and not hindered."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import inspect

from core.testing.browser import Visitor
from core.testing.plugin import user_id

from .conftest import LEAD, VISIT

pytestmark = pytest.mark.addons("leads")
URL = "/r/x.visit/alike"


def test_a_word_while_typing(installation, apply, env_as):
    apply(*VISIT)
    with env_as("sara") as env:
        key = env.create("x.visit", {"name": "First", "x_phone": "09121234567"})
    sara, omid = (Visitor(installation, user_id(installation, login)) for login in ("sara", "omid"))
    form = sara.get("/r/x.visit/new").get_data(as_text=True)
    assert re.search(r'name="x_phone"[^>]* data-check="/r/x\.visit/alike"', form) and 'name="name" data-check' not in form
    asked = {"name": "x_phone", "value": "۰۹۱۲ ۱۲۳ ۴۵۶۷"}
    told = sara.get(URL, query_string=asked).get_json()
    assert told == {"message": "“First” has this already.", "url": f"/r/x.visit/{key}", "level": "warning"}
    assert sara.get(URL, query_string={**asked, "id": key}).get_json() == {}, "it is not its own double"
    assert f'data-check="{URL}?id={key}"' in sara.get(f"/r/x.visit/{key}/edit").get_data(as_text=True)
    assert omid.get(URL, query_string=asked).get_json() == {}, "what one does not see is not told"
    for value in ("", "no number", "0" * 400):
        assert sara.get(URL, query_string={**asked, "value": value}).get_json() == {}
    for name in ("name", "x_state", "owner", "gone"):
        assert sara.get(URL, query_string={**asked, "name": name}).status_code == 404
    assert sara.get(f"/r/{LEAD}/alike", query_string={"name": "email", "value": "a@b.c"}).status_code == 404
    with env_as("sara") as env:
        assert env.create("x.visit", {"name": "Second", "x_phone": "09121234567"}) != key
    indexed = [index["column_names"] for index in inspect(installation.engine).get_indexes("x_visit")]
    assert ["x_phone"] in indexed, "a million rows answer at once"
