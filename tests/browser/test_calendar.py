"""The calendar by hand: carried by mouse and keys, lengthened, created in an empty place, refused; a Jalali month and a Gregorian week."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from core.testing.plugin import Templates, open_installation
from tests.browser.conftest import PageAs
from tests.browser.site import Site, eventually, served
from tests.browser.steps import latin

NAME = "diary.appointment"
CALENDAR = f"/r/{NAME}/calendar"
FOLDERS = ("tests/fixtures/addons",)
TEHRAN, LONDON = ZoneInfo("Asia/Tehran"), ZoneInfo("Europe/London")


@pytest.fixture(scope="module")
def diary(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with appointments."""
    url = templates.url("sqlite", ("diary",), FOLDERS)
    installation = open_installation(url, tmp_path_factory.mktemp("diary") / "data", folders=FOLDERS)
    with served(installation) as made:
        yield made
    installation.close()


def appointment(site: Site, day: dt.date, hour: int, zone: ZoneInfo, **values: Any) -> tuple[str, int]:
    """An hour of Sara's, told from others by a word."""
    word = f"Kb{uuid.uuid4().hex[:8]}"
    start = dt.datetime.combine(day, dt.time(hour), zone)
    return word, int(site.create("sara", NAME, {"subject": word, "starts_at": start, "ends_at": start + dt.timedelta(hours=1), **values}))


def entry(page: Page, key: int) -> Locator:
    """An entry."""
    return page.locator(f'.cal-entry[data-id="{key}"]').first


def opened(page: Page, query: str) -> None:
    """Go to a calendar whose scripts listen."""
    page.goto(f"{CALENDAR}?{query}")
    eventually(lambda: page.evaluate("Boolean(document.querySelector('[data-module=calendar]').calendar)"))


def carry(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press, pull and let go."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 8, start[1] + 8, steps=2)
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def middle(place: Locator, x: float = 0.5, y: float = 0.5) -> tuple[float, float]:
    """A point within a box."""
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def begins(site: Site, key: int) -> dt.datetime:
    """When it begins, in UTC."""
    found: dt.datetime = site.value(NAME, key, "starts_at")
    return found


def test_a_jalali_month(page_as: PageAs, diary: Site) -> None:
    """Azar 1405 from Saturday on, right to left: an entry is dragged to another day, comes back by Undo, and goes by keys."""
    word, key = appointment(diary, dt.date(2026, 11, 24), 14, TEHRAN)
    page = page_as("sara", "fa", at=diary)
    opened(page, f"s=1&q={word}&date=2026-11-24")
    expect(page.locator(".cal-name")).to_contain_text("آذر ۱۴۰۵")
    boxes = [page.locator(f'.cal-day[data-day="{day}"]').bounding_box() for day in ("2026-11-21", "2026-11-22")]
    assert boxes[0] and boxes[1] and boxes[0]["x"] > boxes[1]["x"], "weeks begin on Saturday, at the right"
    carry(page, middle(entry(page, key), 0.8), middle(page.locator('.cal-day[data-day="2026-11-26"]'), y=0.7))
    expect(page.locator(".toast-item")).to_contain_text("آذر ۱۴۰۵")
    eventually(lambda: begins(diary, key) == dt.datetime(2026, 11, 26, 14, tzinfo=TEHRAN))
    page.locator(".toast-item .btn").click()
    eventually(lambda: begins(diary, key) == dt.datetime(2026, 11, 24, 14, tzinfo=TEHRAN))
    expect(entry(page, key)).to_have_attribute("data-begin", "2026-11-24T14:00")
    entry(page, key).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")      # to the left is the next day
    page.keyboard.press("ArrowDown")
    with page.expect_response(re.compile("/calendar/move")):
        page.keyboard.press("Enter")
    eventually(lambda: begins(diary, key) == dt.datetime(2026, 12, 2, 14, tzinfo=TEHRAN))
    expect(entry(page, key)).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    expect(entry(page, key)).to_be_focused()
    expect(page.locator(".cal-day.over")).to_have_count(0)
    page.locator('.cal-day[data-day="2026-11-29"]').focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    form = page.locator("dialog.sheet")
    expect(form.locator('input[name="first_day"]')).to_be_visible()
    assert latin(form.locator('input[name="first_day"]').input_value()) == "1405/09/09"


def test_a_gregorian_week(page_as: PageAs, diary: Site) -> None:
    """Hours, left to right: moved, lengthened, refused with the reason, told who was faster, and created by drawing."""
    word, key = appointment(diary, dt.date(2026, 11, 24), 10, LONDON)
    page = page_as("sara", "en", at=diary)
    page.set_viewport_size({"width": 1440, "height": 1800})     # the whole day in sight
    opened(page, f"s=1&q={word}&mode=week&date=2026-11-24")
    hour = page.locator(".cal-col").first.bounding_box()["height"] / 24  # type: ignore[index]
    column = page.locator('.cal-col[data-day="2026-11-26"]')
    x, y = middle(entry(page, key), y=0.3)
    with page.expect_response(re.compile("/calendar/move")):
        carry(page, (x, y), (middle(column)[0], y + 2 * hour))
    eventually(lambda: begins(diary, key) == dt.datetime(2026, 11, 26, 12, tzinfo=LONDON))
    expect(entry(page, key)).to_have_attribute("data-begin", "2026-11-26T12:00")
    box = entry(page, key).bounding_box()
    assert box
    end = (box["x"] + box["width"] / 2, box["y"] + box["height"] - 3)
    with page.expect_response(re.compile("/calendar/move")):
        carry(page, end, (end[0], end[1] + hour))
    expect(entry(page, key)).to_have_attribute("data-end", "2026-11-26T14:00")
    entry(page, key).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowUp")
    with page.expect_response(re.compile("/calendar/move")):
        page.keyboard.press("Enter")
    expect(entry(page, key)).to_have_attribute("data-end", "2026-11-26T13:45")
    x, y = middle(entry(page, key), y=0.1)
    column_top = page.locator('.cal-col[data-day="2026-11-26"]').bounding_box()["y"]  # type: ignore[index]
    with page.expect_response(re.compile("/calendar/move")):
        carry(page, (x, y), (x, column_top + 3 * hour + (y - column_top - 12 * hour)))
    expect(page.locator('.toast-item[data-level="error"]')).to_contain_text("Nobody meets at three.")
    expect(entry(page, key)).to_have_attribute("data-begin", "2026-11-26T12:00")
    with diary.installation.env(diary.installation.load_actor(diary.user("mina"))) as env:
        nine = dt.datetime(2026, 11, 25, 9, tzinfo=LONDON)
        env.update(NAME, key, {"starts_at": nine, "ends_at": nine + dt.timedelta(hours=1)})
    entry(page, key).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    with page.expect_response(re.compile("/calendar/move")):
        page.keyboard.press("Enter")
    expect(page.locator('.toast-item[data-level="error"]', has_text="Mina Manager was faster")).to_be_visible()
    expect(entry(page, key)).to_have_attribute("data-begin", "2026-11-25T09:00")
    monday = page.locator('.cal-col[data-day="2026-11-23"]')
    top = (monday.bounding_box() or {})["y"]
    x = middle(monday)[0]
    carry(page, (x, top + 8 * hour + 2), (x, top + 9.5 * hour))
    form = page.locator("dialog.sheet")
    assert form.locator('input[name="starts_at"]').input_value() == "2026-11-23 08:00"
    assert form.locator('input[name="ends_at"]').input_value() == "2026-11-23 09:30"
    form.locator('input[name="subject"]').fill(f"{word} drawn")
    page.keyboard.press("Enter")
    expect(page.locator(".cal-entry", has_text=f"{word} drawn")).to_be_focused()


def test_a_phone_has_dots_and_the_days_agenda(page_as: PageAs, diary: Site) -> None:
    word, _key = appointment(diary, dt.date(2026, 11, 24), 14, LONDON)
    page = page_as("sara", "en", at=diary, width=390, scripts=False)
    page.goto(f"{CALENDAR}?s=1&q={word}&date=2026-11-02")
    expect(page.locator(".cal-week .cal-entry")).to_be_hidden()
    expect(page.locator('.cal-day[data-day="2026-11-24"] .cal-dots i')).to_have_count(1)
    page.locator('.cal-day[data-day="2026-11-24"] .cal-pick').click()
    expect(page.locator(".cal-below .cal-agenda-entry").first).to_contain_text(word)
    expect(page.locator(".cal-day.chosen")).to_have_attribute("data-day", "2026-11-24")
