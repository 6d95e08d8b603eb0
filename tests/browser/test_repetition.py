"""Repetition in the browser: a weekly meeting from the form, then this one and those after it get another name."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from playwright.sync_api import expect

from core.api import SYSTEM, F
from tests.browser.conftest import PageAs
from tests.browser.site import Site, eventually

ACTIVITY = "activities.activity"


def series(site: Site, word: str) -> list[tuple[int, str]]:
    """Numbers and names of a series, in its order."""
    with site.installation.env(SYSTEM) as env:
        rows = env.query(ACTIVITY).where(F.subject.contains(word)).order("starts_at").select("subject").rows()
    return [(row["id"], row["subject"]) for row in rows]


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_weekly_then_this_and_following(site: Site, page_as: PageAs, lang: str) -> None:
    """The form asks how it repeats and shows only what belongs to that; the worker makes the others."""
    word = f"Rp{uuid.uuid4().hex[:8]}"
    page = page_as("sara", lang)
    begins = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    page.goto(f"/r/{ACTIVITY}/new?kind=meeting&starts_at={begins:%Y-%m-%dT%H:%M:%SZ}")
    page.locator('[name="subject"]').fill(word)
    expect(page.locator('[data-field="repeat_days"]')).to_be_hidden()
    page.locator('[name="repeat"]').select_option("weekly")
    expect(page.locator('[data-field="repeat_days"]')).to_be_visible()
    expect(page.locator('[data-field="repeat_by"]')).to_be_hidden()
    expect(page.locator('[data-field="series_scope"]')).to_be_hidden()
    page.locator('[name="repeat_count"]').fill("6")
    with page.expect_navigation(url=re.compile(r"/r/activities\.activity/\d+")):
        page.locator("form .btn-primary").first.click()
    eventually(lambda: len(series(site, word)) == 6)
    key = series(site, word)[2][0]
    page.goto(f"/r/{ACTIVITY}/{key}/edit")
    page.locator('[name="subject"]').fill(f"{word} later")
    page.locator('[name="series_scope"]').select_option("following")
    with page.expect_navigation(url=re.compile(rf"/r/activities\.activity/{key}$")):
        page.locator("form .btn-primary").first.click()
    assert [name for _key, name in series(site, word)] == [word] * 2 + [f"{word} later"] * 4
    with site.installation.env(SYSTEM) as env:
        env.delete(ACTIVITY, [one for one, _name in series(site, word)])
