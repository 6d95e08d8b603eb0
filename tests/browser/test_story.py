"""A consultant's story, told by two companies: made in the browser of one, moved to the other, kept through an upgrade, used by a program.

`SARNAKH_TEST_SHOTS=DIR` keeps its pictures, which docs/consultant/story.md shows.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from sarnakh_client import Invalid, Sarnakh, verify
from tests.browser.conftest import TIMEOUT, Watch
from tests.browser.site import LOOKS, eventually
from tests.browser.steps import downloaded, pick
from tests.browser.story import PASSWORD, Company, next_release
from tests.browser.test_layout_editor import order, store
from tests.browser.test_studio_fields import RIGHT, WRONG, check_digit
from tests.client.stumbling import listening

SHOTS = os.environ.get("SARNAKH_TEST_SHOTS", "")
TYPES = "/x/studio/types"
FIELD = "x_national_code"
VISIT = "x.installation_visit"

Enter = Callable[[Company, str], Page]


@pytest.fixture
def enter(browser: Browser, watch: Watch) -> Enter:
    """`enter(company, "sara")` signs somebody in by the form."""
    def make(company: Company, login: str) -> Page:
        context = browser.new_context(base_url=company.address, viewport={"width": 1280, "height": 800}, accept_downloads=True,
                                      timezone_id=LOOKS[company.language]["time_zone"])
        watch.listen(context, company.address)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        page.goto("/login")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda address: "/login" not in address)
        return page

    return make


def leave(*pages: Page) -> None:
    """Close the browsers of people whose server is about to stop."""
    for page in pages:
        page.context.close()


def shot(page: Page, name: str) -> None:
    """Keep a picture, when pictures are wanted."""
    if SHOTS:
        page.locator("[data-toast]").evaluate_all("all => all.forEach(one => one.remove())")
        page.screenshot(path=f"{SHOTS}/{name}.jpg", quality=80)


def planned(page: Page) -> None:
    """See what it comes to, and have it done."""
    page.locator("button[value=plan]").click()
    expect(page.locator(".studio-plan").first).to_be_visible()
    page.locator("button[value=apply]").click()
    expect(page.locator("button[value=apply]")).to_have_count(0)


def make_field_and_rule(page: Page) -> None:
    """The national ID with its check digit."""
    page.goto(f"{TYPES}/leads.lead/fields/new/text")
    page.fill("#f-label_fa", "کد ملی")
    page.fill("#f-label_en", "National code")
    page.fill("#f-name", FIELD)
    page.locator("#f-after").select_option("last_name")
    shot(page, "1-field")
    planned(page)
    page.goto(f"{TYPES}/leads.lead/rules/new")
    page.fill("#f-where", f'{FIELD} == "" or {check_digit(FIELD)}')
    page.fill("#f-message_fa", "رقم کنترل کد ملی درست نیست.")
    page.fill("#f-message_en", "The check digit of the national code is wrong.")
    page.locator("#s-fields summary").click()
    page.locator(f'input[name="fields"][value="{FIELD}"]').check()
    shot(page, "2-rule")
    planned(page)


def try_a_lead(page: Page, refusal: str) -> None:
    """A wrong number is refused where it stands, the right one is taken."""
    page.goto("/r/leads.lead/new")
    page.fill("#f-last_name", "Rahimi")
    page.fill(f"#f-{FIELD}", WRONG)
    page.locator("#save").click()
    expect(page.locator(f'[data-field="{FIELD}"] .error')).to_contain_text(refusal)
    shot(page, "3-refused-en" if refusal.isascii() else "3-refused-fa")
    page.fill(f"#f-{FIELD}", RIGHT)
    page.locator("#save").click()
    page.wait_for_url(re.compile(r"/r/leads\.lead/\d+$"))
    expect(page.locator("main")).to_contain_text(RIGHT)


def make_type(page: Page) -> None:
    """Visits with stages, hours and the lead that is visited."""
    page.goto(f"{TYPES}/new")
    for name, text in (("label_en", "Installation visit"), ("plural_en", "Installation visits"), ("label_fa", "بازدید نصب"),
                       ("plural_fa", "بازدیدهای نصب"), ("number", "V-{number:05}")):
        page.fill(f"#f-{name}", text)
    page.locator('.studio-icons label:has(input[value="tools"])').click()
    for index, (english, persian) in enumerate((("Planned", "برنامه‌ریزی‌شده"), ("Done", "انجام‌شده"))):
        page.fill(f'[name="stages-{index}-label_en"]', english)
        page.fill(f'[name="stages-{index}-label_fa"]', persian)
    page.locator("#f-calendar").select_option("datetime")
    shot(page, "4-type")
    planned(page)
    page.goto(f"{TYPES}/{VISIT}/fields/new/link")
    page.fill("#f-label_fa", "سرنخ")
    page.fill("#f-label_en", "Lead")
    page.fill("#f-name", "x_lead")
    page.locator("#f-target").select_option("leads.lead")
    planned(page)


def plan_visits(page: Page) -> None:
    """Two visits, seen on the board and in the calendar."""
    for name, hour in (("آوا", "۱۰:۰۰"), ("نوا", "۱۴:۳۰")):
        page.goto(f"/r/{VISIT}/new")
        page.fill("#f-name", f"نصب دستگاه {name}")
        page.fill("#f-x_starts", f"۱۴۰۵/۰۹/۰۷ {hour}")
        pick(page, "x_lead", "Rahimi")
        page.locator("#save").click()
        page.wait_for_url(re.compile(rf"/r/{re.escape(VISIT)}/\d+$"))
    page.goto(f"/r/{VISIT}")
    page.locator("#as-board").click()
    expect(page.locator("[data-module=board]").first).to_contain_text("نصب دستگاه آوا")
    shot(page, "5-board")
    page.goto(f"/r/{VISIT}?date=2026-11-28")
    page.locator("#as-calendar").click()
    expect(page.locator("[data-module=calendar]").first).to_be_visible()
    shot(page, "6-calendar")


def arrange_for_sellers(page: Page, profile: str) -> None:
    """Sellers get the code behind the e-mail address; everybody else keeps it after the name."""
    page.goto("/x/studio/layout/leads.lead/form")
    with page.expect_navigation():
        page.locator("#le-for").select_option(label=profile)
    page.locator("[data-canvas] [data-item]").first.wait_for()
    page.locator(f'[data-node="{FIELD}"]').drag_to(page.locator('[data-node="email"]'), target_position={"x": 60, "y": 30})
    assert order(page, "reach") == ["mobile", "phone", "email", FIELD, "website"]
    shot(page, "7-layout")
    store(page)


def places(page: Page) -> list[str]:
    """Some fields of a new lead as they follow each other on the form of whoever looks."""
    page.goto("/r/leads.lead/new")
    found = page.locator("form [data-field]").evaluate_all("all => all.map(one => one.dataset.field)")
    return [name for name in found if name in ("last_name", "email", FIELD, "website")]


def make_token(page: Page) -> str:
    """A token of the person's own."""
    page.goto("/x/api/tokens/new")
    page.fill("#f-name", "Visits")
    page.fill('input[name="current"]', PASSWORD)
    page.fill('input[name="further"]', "*:write")
    page.locator('button.btn-primary[type="submit"]').click()
    return page.locator(".code-box pre").inner_text().strip()


def make_webhook(page: Page, url: str) -> str:
    """A webhook for visits; returns its secret."""
    page.goto(f"/x/api/webhooks/new?record_type={VISIT}")
    page.fill("#f-name", "Van planner")
    page.fill("#f-url", url)
    page.locator('input[name="events"][value="created"]').check()
    page.locator('button.btn-primary[type="submit"]').click()
    return page.locator(".code-box pre").inner_text().strip()


class Receiver:
    """A small server of somebody else, that believes what the client package believes."""

    def __init__(self) -> None:
        self.secret = ""
        self.got: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        headers = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        self.got.append(verify(headers, body, [self.secret]))
        start("204 No Content", [])
        return []


def test_made_here_moved_there_kept_through_an_upgrade_and_used_by_a_program(enter: Enter, watch: Watch, tmp_path: Path) -> None:
    first, second = Company(tmp_path / "first", "fa"), Company(tmp_path / "second", "en")
    first.found("leads", "studio", profile="عادی")
    second.found("leads", "studio", "api", profile="Standard")

    with first.open():
        page = enter(first, "mina")
        make_field_and_rule(page)
        try_a_lead(page, "رقم کنترل")
        make_type(page)
        plan_visits(page)
        arrange_for_sellers(page, "نمایهٔ عادی")
        assert places(page) == ["last_name", FIELD, "email", "website"]
        seller = enter(first, "sara")
        assert places(seller) == ["last_name", "email", FIELD, "website"]
        page.goto("/x/studio/packages/export")
        page.fill("#f-name", "visits")
        package = downloaded(page, "button.btn-primary[type=submit]", tmp_path)
        leave(page, seller)

    told = second.run("customise", "diff", str(package))
    assert FIELD in told and VISIT in told
    second.run("customise", "check", str(package))
    with second.open():
        page = enter(second, "mina")
        page.goto("/x/studio/packages/new")
        page.locator("input[type=file]").set_input_files(package)
        page.locator('button.btn-primary[type="submit"]').click()
        expect(page.get_by_text("National code").first).to_be_visible()
        shot(page, "8-difference")
        page.get_by_role("button", name="Check", exact=True).click()
        expect(page.locator(".level-success")).to_be_visible()
        page.get_by_role("button", name="Apply", exact=True).click()
        expect(page.get_by_role("button", name="Take back")).to_be_visible()
        seller = enter(second, "sara")
        try_a_lead(seller, "check digit")
        lead = int(seller.url.rsplit("/", 1)[1])
        assert places(seller) == ["last_name", "email", FIELD, "website"]
        leave(page, seller)

    second.program = next_release(tmp_path / "next", "leads", "0.2.0", ('"phone", "email", "website"', '"phone", "website"'),
                                  ('Section("firm", "industry"', 'Section("firm", "email", "industry"'))
    trial = second.run("upgrade", "--dry-run")
    assert "Addon leads: 0.1.0 becomes 0.2.0" in trial and "has moved" in trial
    second.run("upgrade")
    with second.open():
        page, seller = enter(second, "mina"), enter(second, "sara")
        assert places(seller) == ["last_name", "website", "email", FIELD], "it went with the field that it stands behind"
        page.goto("/x/studio/layout/problems")
        expect(page.locator("main")).to_contain_text("has moved from")
        shot(page, "9-moved")
        page.get_by_role("button", name="Put it back").first.click()
        expect(page.locator("main")).to_contain_text("Everything fits")
        assert places(seller) == ["last_name", FIELD, "website", "email"], "and back where the consultant wants it"
        seller.goto(f"/r/leads.lead/{lead}")
        expect(seller.locator("main")).to_contain_text(RIGHT)

        receiver = Receiver()
        with listening(receiver) as url, Sarnakh(second.address, make_token(seller)) as crm:
            receiver.secret = make_webhook(page, f"{url}/hook")
            made = crm[VISIT].create(name="Boiler", x_lead=lead, x_starts="2026-11-28T09:00:00+00:00")
            with pytest.raises(Invalid, match="check digit"):
                crm["leads.lead"].create(last_name="Wrong", **{FIELD: WRONG})
            (event,) = eventually(lambda: receiver.got)
        assert event["type"] == f"{VISIT}.created" and event["data"]["id"] == made.id
        assert event["data"]["fields"]["name"] == "Boiler" and event["data"]["fields"]["x_lead"]["id"] == lead
        page.goto(f"/r/{VISIT}/{made.id}")
        expect(page.locator("h1")).to_contain_text("Boiler")
        shot(page, "10-by-a-program")
        leave(page, seller)
