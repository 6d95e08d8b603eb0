"""A consultant at work in the browser: a national ID with its check digit, and a record type with a board and a calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from core.testing.plugin import Templates, open_installation
from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site, served
from tests.web_theme.gallery import violations

TYPES = "/x/studio/types"
LEAD = f"{TYPES}/leads.lead"
RIGHT, WRONG = "0499370899", "0499370898"


@pytest.fixture(scope="module")
def studio(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of its own: what is made here changes the forms of everybody."""
    installation = open_installation(templates.url("sqlite", ("studio", "leads")), tmp_path_factory.mktemp("studio") / "data")
    with served(installation) as made:
        made.create("admin", "leads.lead", [{"last_name": name} for name in ("Karimi", "Ay")])
        yield made
    installation.close()


def apply(page: Page) -> None:
    """Look at the plan, and have it done."""
    page.locator("button[value=plan]").click()
    expect(page.locator(".studio-plan")).to_have_count(2)
    assert violations(page) == []
    page.locator("button[value=apply]").click()


def check_digit(name: str) -> str:
    """The rule of the Iranian national ID."""
    total = " + ".join(f"digit({name}, {place}) * {11 - place}" for place in range(1, 10))
    return f"({total} + digit({name}, 10)) % 11 == 0 or (({total}) % 11 == 1 and digit({name}, 10) == 1)"


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_national_id_with_its_check_digit(studio: Site, page_as: PageAs, lang: str) -> None:
    page = page_as("admin", lang, at=studio)
    label, name = ("کد ملی", "x_code_fa") if lang == "fa" else ("Personal ID", "x_personal_id")
    page.goto(LEAD)
    page.locator(f'a[href="{LEAD}/fields/new"]').click()
    assert violations(page) == []
    page.locator(f'a[href="{LEAD}/fields/new/text"]').click()
    page.locator(f"#f-label_{lang}").fill(label)
    page.locator("#f-name").fill(name if lang == "fa" else "")
    page.locator("#f-after").select_option("last_name")
    page.locator("button[value=plan]").click()
    page.locator("button[value=edit]").click()
    expect(page.locator(f"#f-label_{lang}")).to_have_value(label)
    apply(page)
    page.locator('.alert-line a[href="/r/leads.lead/new"]').click()
    expect(page.locator(f"#f-{name}")).to_be_visible()

    page.goto(f"{LEAD}/rules/new")
    page.locator("#f-where").fill(f"digit({name}) == 1")
    expect(page.locator(".studio-where")).to_be_visible()
    page.locator("#f-where").fill("length(last_name) > 3")
    expect(page.locator(".studio-tried li")).to_have_count(1)
    page.locator("#f-where").fill(check_digit(name))
    page.locator(f"#f-message_{lang}").fill("رقم کنترلی درست نیست." if lang == "fa" else "The check digit is wrong.")
    page.locator("#s-fields summary").click()
    page.locator(f'input[name="fields"][value="{name}"]').check()
    apply(page)
    page.wait_for_url("**/rules")

    page.goto("/r/leads.lead/new")
    page.locator("#f-last_name").fill("Checked")
    page.locator(f"#f-{name}").fill(WRONG)
    page.locator("#save").click()
    expect(page.locator(f'[data-field="{name}"] .error')).to_contain_text("کنترلی" if lang == "fa" else "check digit")
    page.locator(f"#f-{name}").fill(RIGHT)
    page.locator("#save").click()
    page.wait_for_url(re.compile(r"/r/leads\.lead/\d+$"))
    assert studio.value("leads.lead", int(page.url.rsplit("/", 1)[1]), name) == RIGHT


def test_a_record_type_with_board_and_calendar(studio: Site, page_as: PageAs) -> None:
    page = page_as("admin", "fa", at=studio)
    page.goto(f"{TYPES}/new")
    for one, text in (("label_en", "Installation visit"), ("plural_en", "Installation visits"), ("label_fa", "بازدید نصب"),
                      ("plural_fa", "بازدیدهای نصب")):
        page.locator(f"#f-{one}").fill(text)
    expect(page.locator("#f-name")).to_have_attribute("placeholder", "x.installation_visit")
    page.locator('.studio-icons input[value="tools"]').focus()
    page.keyboard.press("Space")
    for index, (english, persian) in enumerate((("Planned", "برنامه‌ریزی‌شده"), ("Done", "انجام‌شده"))):
        page.locator(f'[name="stages-{index}-label_en"]').fill(english)
        page.locator(f'[name="stages-{index}-label_fa"]').fill(persian)
    page.locator("#f-calendar").select_option("datetime")
    apply(page)
    page.locator('.alert-line a[href="/r/x.installation_visit/new"]').click()
    page.locator("#f-name").fill("بازدید آوا")
    page.locator("#f-x_starts").fill("۱۴۰۵/۰۹/۰۷ ۱۰:۰۰")
    page.locator("#save").click()
    page.wait_for_url(re.compile(r"/r/x\.installation_visit/\d+$"))
    page.goto("/r/x.installation_visit")
    page.locator("#as-board").click()
    expect(page.locator(".board, [data-module=board]").first).to_contain_text("برنامه‌ریزی‌شده")
    expect(page.locator("body")).to_contain_text("بازدید آوا")
    page.goto("/r/x.installation_visit")
    page.locator("#as-calendar").click()
    expect(page.locator("[data-module=calendar]").first).to_be_visible()

    phone = page_as("admin", "fa", at=studio, width=PHONE)
    for path in ("", "/x.installation_visit", "/x.installation_visit/settings", "/leads.lead/fields/new/choice"):
        phone.goto(TYPES + path)
        assert violations(phone) == []
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    phone.goto("/x/studio/history")
    phone.locator("tbody .title-link").first.click()
    assert violations(phone) == []
