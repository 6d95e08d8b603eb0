"""One record by mouse and keyboard: made, changed, fought over, talked about, shared, thrown away and brought back."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import PageAs
from tests.browser.site import Site

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])
LEAD = "leads.lead"


def a_lead(site: Site, login: str = "sara", **values: str) -> int:
    """A lead of somebody's."""
    unique = uuid.uuid4().hex[:8]
    return int(site.create(login, LEAD, {"first_name": "Parviz", "last_name": f"P{unique}", "company": f"Co {unique}", **values}))


@LANGUAGES
def test_create_with_mistakes_then_edit(site: Site, page_as: PageAs, lang: str) -> None:
    """What is wrong stands at its field and what was typed stays; then it is saved, and changed."""
    page = page_as("sara", lang)
    page.goto(f"/r/{LEAD}/new")
    page.locator("#save").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    page.locator("#f-last_name").fill("رستمی")
    page.locator("#f-email").fill("not an address")
    page.locator("#f-employees").fill("۱۲ نفر و نیم")
    page.locator("#save").click()
    expect(page.locator("#f-employees")).to_have_attribute("aria-invalid", "true")
    expect(page.locator('[data-field="employees"] .error').first).to_be_visible()
    assert page.locator("#f-email").input_value() == "not an address"
    page.locator("#f-employees").fill("۱۲۰")
    page.locator("#save").click()
    expect(page.locator('[data-errors] a[href="#f-email"]')).to_be_visible()
    expect(page.locator('[data-field="email"] .error').first).to_be_visible()
    page.locator("#f-email").fill("rostam@example.com")
    page.locator("#save").click()
    page.wait_for_url(re.compile(r"/r/leads\.lead/\d+$"))
    expect(page.locator("h1")).to_contain_text("رستمی")
    page.locator('.record-actions a[href$="/edit"]').click()
    page.locator("#f-company").fill("سازه‌گستر")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/r/leads\.lead/\d+$"))
    expect(page.locator(".record")).to_contain_text("سازه‌گستر")
    key = int(page.url.rsplit("/", 1)[1])
    assert site.value(LEAD, key, "employees") == 120


@LANGUAGES
def test_two_edit_at_once(site: Site, page_as: PageAs, lang: str) -> None:
    """Both values of a field stand side by side; what only one changed is merged."""
    key = a_lead(site, "mina", city="تهران")
    page, other = page_as("mina", lang), page_as("boss", lang)
    page.goto(f"/r/{LEAD}/{key}/edit")
    page.locator("#f-city").fill("کرمان")
    page.locator("#f-job_title").fill("مدیر خرید")
    other.goto(f"/r/{LEAD}/{key}/edit")
    other.locator("#f-city").fill("بوشهر")
    other.locator("#f-company").fill("دریا")
    other.locator("#save").click()
    other.wait_for_url(re.compile(r"/\d+$"))
    page.locator("#save").click()
    box = page.locator('input[name="keep.city"]')
    expect(box).to_have_count(2)
    assert not page.locator('input[name="keep.company"], input[name="keep.job_title"]').count()
    text = page.locator(".box:has(input[name='keep.city'])").inner_text()
    assert "کرمان" in text and "بوشهر" in text and "Bahram" in text
    page.locator('input[name="keep.city"][value="theirs"]').check()
    page.locator("#save").click()
    page.wait_for_url(re.compile(r"/\d+$"))
    assert [site.value(LEAD, key, n) for n in ("city", "company", "job_title")] == ["بوشهر", "دریا", "مدیر خرید"]


@LANGUAGES
def test_notes_files_and_neighbours(site: Site, page_as: PageAs, tmp_path: Path, lang: str) -> None:
    """A note that mentions a colleague, a file, the way to the next record of the list one came from."""
    company = f"Row {uuid.uuid4().hex[:8]}"
    site.create("sara", LEAD, [{"last_name": f"Neighbour{i}", "company": company} for i in range(3)])
    page = page_as("sara", lang)
    page.goto(f"{steps.LEADS}?s=1&order=name&filter.company={company}")
    page.locator(".title-link").nth(1).click()
    expect(page.locator("h1")).to_contain_text("Neighbour1")
    page.wait_for_load_state("networkidle")
    note = page.locator(".composer textarea")
    note.press_sequentially("سلام @Reza")
    page.wait_for_selector("#mentions li")
    page.keyboard.press("Enter")
    page.locator(".composer .btn-primary").click()
    expect(page.locator("#timeline")).to_contain_text("Reza Seller")
    path = tmp_path / "پیشنهاد قیمت.txt"
    path.write_text("ده میلیون تومان", encoding="utf-8")
    page.locator('form[action$="/file"] input[type=file]').set_input_files(path)
    link = page.locator(".files a", has_text="پیشنهاد")
    link.wait_for()
    kept = steps.downloaded(page, ".files a", tmp_path / "back")
    assert kept.read_text(encoding="utf-8") == "ده میلیون تومان"
    page.keyboard.press("Shift+J")
    expect(page.locator("h1")).to_contain_text("Neighbour2")
    page.locator(".record-actions .btn-group a").first.click()
    expect(page.locator("h1")).to_contain_text("Neighbour1")


@LANGUAGES
def test_business_card_on_hover(site: Site, page_as: PageAs, lang: str) -> None:
    """Resting on a link shows who or what that is."""
    account = site.create("sara", "contacts.account", {"name": f"Hover {uuid.uuid4().hex[:8]}", "phone": "02188776655"})
    contact = site.create("sara", "contacts.contact", {"last_name": "Hoverson", "account": account})
    page = page_as("sara", lang)
    page.goto(f"/r/contacts.contact/{contact}")
    page.locator(f'[data-card="contacts.account/{account}"]').first.hover()
    card = page.locator(".hovercard")
    card.wait_for()
    expect(card).to_contain_text("Hover")


@LANGUAGES
def test_share_with_a_colleague(site: Site, page_as: PageAs, lang: str) -> None:
    """Reza cannot open Sara's lead until she shares it with him, and may then only read it."""
    key = a_lead(site)
    page, reza = page_as("sara", lang), page_as("reza", lang, allow=("status of 404",))
    address = f"/r/{LEAD}/{key}"
    answer = reza.goto(address)
    assert answer is not None and answer.status == 404
    page.goto(address)
    steps.menu(page, "three-dots", 'a[href$="/share"]')
    steps.pick(page, "user", "Reza", "dialog[open]")
    page.locator("dialog[open] .dialog-foot .btn-primary").click()
    page.locator(".toast-item").wait_for()
    answer = reza.goto(address)
    assert answer is not None and answer.status == 200
    assert not reza.locator('.record-actions a[href$="/edit"]').count()


@LANGUAGES
def test_archive_delete_and_restore(site: Site, page_as: PageAs, lang: str) -> None:
    """Out of the list and back; into the recycle bin and out of it."""
    key = a_lead(site, "mina")
    page = page_as("mina", lang)
    page.goto(f"/r/{LEAD}/{key}")
    title = page.locator("h1 span").first.inner_text()
    steps.menu(page, "three-dots", 'form[action$="/archive"] button')
    expect(page.locator("h1 .badge")).to_be_visible()
    steps.menu(page, "three-dots", 'form[action$="/archive"] button')
    expect(page.locator("h1 .badge")).to_have_count(0)
    steps.menu(page, "three-dots", 'form[action$="/delete"] button')
    if page.locator("dialog[open]").count():
        page.locator("dialog[open] .dialog-foot .btn:last-child").click()
    page.wait_for_url(f"**/r/{LEAD}")
    expect(page.locator(".title-link", has_text=title)).to_have_count(0)
    page.goto(f"/bin/{LEAD}")
    line = page.locator("tr", has_text=title)
    line.locator("button").first.click()
    page.goto(f"/r/{LEAD}/{key}")
    expect(page.locator("h1")).to_contain_text(title)
