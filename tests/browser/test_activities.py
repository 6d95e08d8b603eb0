"""The day's work in the browser: a call logged in two clicks, done by a key, leads filtered by what is overdue."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from playwright.sync_api import expect

from core.api import SYSTEM, F
from tests.browser.conftest import PageAs
from tests.browser.site import Site, eventually

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])
ACTIVITY, LEAD = "activities.activity", "leads.lead"


@LANGUAGES
def test_a_day_of_activities(site: Site, page_as: PageAs, lang: str) -> None:
    """Two clicks log a call; the overdue one is found by the filter and done by a key, with undo."""
    word = f"Da{uuid.uuid4().hex[:8]}"
    lead = site.create("sara", LEAD, {"last_name": word, "status": "new"})
    page = page_as("sara", lang)
    page.goto(f"/r/{LEAD}/{lead}")
    page.locator(".composer .tabs a.tab[data-open]").first.click()
    expect(page.locator("dialog.live .outcomes .outcome").first).to_be_focused()
    with page.expect_response(re.compile(r"/x/activities/log/call$")), page.expect_navigation():
        page.locator("dialog.live .outcomes .outcome").first.click()
    expect(page.locator("#timeline .bi-telephone").first).to_be_visible()
    with site.installation.env(SYSTEM) as env:
        logged = env.query(ACTIVITY).holding("about", [lead], LEAD).select("status", "outcome").rows()
    assert [(r["status"], bool(r["outcome"])) for r in logged] == [("done", True)]

    late = dt.datetime.now(dt.UTC) - dt.timedelta(days=300)
    key = site.create("sara", ACTIVITY, {"kind": "task", "subject": f"Task {word}", "about": (LEAD, lead), "starts_at": late})
    page.goto(f"/r/{LEAD}?s=1&filter.next_activity=overdue&q={word}")
    expect(page.locator(f'[data-id="{lead}"] .tint-red').first).to_be_visible()
    page.goto("/x/activities/today")
    first = page.locator("[data-item]").first
    expect(first).to_contain_text(f"Task {word}")
    expect(first).to_have_class(re.compile("current"))
    page.keyboard.press("d")
    expect(page.locator("dialog.live .outcomes .outcome").first).to_be_focused()
    with page.expect_response(re.compile(r"/x/activities/done$")), page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).not_to_contain_text(f"Task {word}")
    assert site.value(ACTIVITY, key, "status") == "done"
    with page.expect_navigation():
        page.locator(".toast-item button").first.click()
    expect(page.locator("main")).to_contain_text(f"Task {word}")
    eventually(lambda: site.value(ACTIVITY, key, "status") == "planned")
    with site.installation.env(SYSTEM) as env:
        env.delete(ACTIVITY, env.query(ACTIVITY).where(F.subject == f"Task {word}").ids())
