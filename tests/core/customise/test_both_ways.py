"""A field that holds several records has its list on their pages, too, as far as the reader may see what is in it."""

from __future__ import annotations

import re

import pytest

from core.customise import Piece
from core.testing.browser import Visitor
from core.testing.plugin import user_id

from .conftest import LEAD, VISIT, field

pytestmark = pytest.mark.addons("leads")
LAYOUT = Piece("layout", f"{LEAD}|form|installation", {"format": 1, "record": LEAD, "kind": "form", "changes": [
    {"do": "insert", "target": "x_visit_x_leads", "anchors": [{"into": "@layout"}], "node": {
        "id": "x_visit_x_leads", "kind": "related", "props": {"record": "x.visit", "by": "x_leads"}}}]})


def test_what_holds_several_is_listed_by_each(installation, apply, env_as):
    apply(*VISIT, field("x_leads", "many", "x.visit", target=LEAD), LAYOUT)
    with env_as("sara") as env:
        one, two = env.create(LEAD, [{"last_name": "One"}, {"last_name": "Two"}])
        env.create("x.visit", [{"name": "Both", "x_leads": [one, two]}, {"name": "Second", "x_leads": [two]}])
    with env_as("reza") as env:
        env.create("x.visit", {"name": "Of Reza"})
    sara = Visitor(installation, user_id(installation, "sara"))
    path = f"/r/{LEAD}/{one}/related/x_visit_x_leads"
    page = sara.get(path, headers={"X-Fragment": "related"}).text
    assert "Both" in page and "Second" not in page and "Of Reza" not in page
    page = sara.get(f"/r/{LEAD}/{one}").text
    assert f"/r/x.visit?filter.x_leads=%23{one}" in page and f"/r/x.visit/new?x_leads={one}" in page
    listed = sara.get(f"/r/x.visit?filter.x_leads=%23{one}&s=1").text
    assert re.findall(r'title-link[^>]*>(?:<[^>]+>)*([^<]+)', listed) == ["Both"] and re.search(r"chip[^>]*>.*?One", listed, re.S)
    assert f'value="{one}"' in sara.get(f"/r/x.visit/new?x_leads={one}").text, "a new one begins with it"
    omid = Visitor(installation, user_id(installation, "omid"))
    assert omid.get(path, headers={"X-Fragment": "related"}).status_code == 404
    assert "Both" not in omid.get(f"/r/x.visit?filter.x_leads=%23{one}&s=1").text
