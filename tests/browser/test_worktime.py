"""The week of a calendar is drawn while it is written; the rota shows who has which shift."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from playwright.sync_api import expect

from core.testing.plugin import user_id
from tests.browser import steps
from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site
from tests.web_theme.gallery import violations


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_a_week_is_drawn_while_it_is_written(site: Site, page_as: PageAs, lang: str) -> None:
    """Typed as people type it, copied to the next day, saved, and counted with."""
    key = site.create("admin", "worktime.calendar", {"name": f"Plant {uuid.uuid4().hex[:6]}", "time_zone": "Asia/Tehran"})
    page = page_as("admin", lang)
    page.goto(f"/r/worktime.calendar/{key}")
    page.locator(f'a[href="/x/worktime/hours/{key}"]').first.click()
    page.wait_for_url(f"**/x/worktime/hours/{key}")
    first = page.locator("tr[data-day]").first
    first.locator("input").fill("۸-۱۲، ۱۳-۱۷" if lang == "fa" else "8-12, 22-6")
    expect(first.locator("rect")).to_have_count(2)
    first.locator("[data-wt-copy]").click()
    second = page.locator("tr[data-day]").nth(1)
    expect(second.locator("rect")).to_have_count(2 if lang == "fa" else 3)
    second.locator("input").press("Enter")
    written = "08:00–12:00, 13:00–17:00" if lang == "fa" else "08:00–12:00, 22:00–06:00"
    expect(page.locator("tr[data-day] input").nth(1)).to_have_value(written)
    expect(page.locator("[data-wt-total]").first).to_contain_text("۸" if lang == "fa" else "12")
    page.locator("tr[data-day] input").nth(2).fill("8-12, 11-13")
    page.locator("tr[data-day] input").nth(2).press("Enter")
    expect(page.locator("tr[data-day] .error")).to_have_count(1)
    expect(page.locator('input[aria-invalid="true"]')).to_have_value("8-12, 11-13")
    page.goto(f"/x/worktime/hours/{key}?hours=6")
    expect(page.locator(".wt-steps tbody tr").first).to_be_visible()
    assert not violations(page)


@pytest.mark.parametrize("width", [1440, PHONE])
def test_a_rota_by_week(site: Site, page_as: PageAs, width: int) -> None:
    """A shift leads to its record; on a phone the table scrolls and the page does not."""
    begins = dt.datetime(2031, 3, 5, 6, tzinfo=dt.UTC) + dt.timedelta(days=width // 100)
    site.create("admin", "worktime.shift", {"user": user_id(site.installation, "sara"), "begins_at": begins,
                                            "ends_at": begins + dt.timedelta(hours=8)})
    page = page_as("sara", "fa", width=width)
    page.goto(f"/x/worktime/rota?week={begins.date().isoformat()}")
    chip = page.locator(".wt-chip").first
    assert "06:00" in steps.latin(chip.inner_text()) or "09:30" in steps.latin(chip.inner_text())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not violations(page)
    chip.click()
    page.wait_for_url("**/r/worktime.shift/*")
