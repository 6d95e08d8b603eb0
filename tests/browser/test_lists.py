"""Lists by mouse and keyboard: narrowing, views, columns, groups, many records at once, editing in place, pages."""

from __future__ import annotations

import json
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import PageAs
from tests.browser.site import Site

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])


def some_leads(site: Site, count: int = 6) -> str:
    """Leads of Sara's in a company of this test's own; returns its name. Two in three are hot, the others cold."""
    company = f"Firm {uuid.uuid4().hex[:8]}"
    site.create("sara", "leads.lead", [
        {"first_name": "Nader", "last_name": f"Number{i:03d}", "company": company, "city": "شیراز" if i % 2 else "تبریز",
         "rating": "cold" if i % 3 == 2 else "hot", "mobile": f"0912{uuid.uuid4().int % 10**7:07d}"} for i in range(count)])
    return company


def at(page: Page, company: str, more: str = "") -> None:
    """The list of a test's own leads, by name."""
    page.goto(f"{steps.LEADS}?s=1&order=name&filter.company={company}{more}")


@LANGUAGES
def test_narrowing_and_sorting(site: Site, page_as: PageAs, lang: str) -> None:
    """Quick filter in a column's menu, the criteria builder, a chip taken away, order by the head."""
    company = some_leads(site)
    page = page_as("sara", lang)
    page.goto(steps.LEADS)
    head = page.locator('th[data-column="company"]')
    head.hover()
    head.locator("details.col-menu > summary").click()
    head.locator('input[name="filter.company"]').fill(company)
    page.keyboard.press("Enter")
    expect(page.locator(steps.ROWS)).to_have_count(6)
    page.locator("details:has(.criteria-body) > summary").click()
    line = page.locator(".criteria .crit-row").first
    if not line.is_visible():
        page.locator("[data-add-condition]").click()
    line.locator("[data-path]").select_option("rating")
    line.locator("[data-op]").select_option("in")
    line.locator(".crit-value summary").click()
    line.locator('.crit-value input[value="cold"]').check()
    expect(page.locator(".crit-foot .btn-primary")).to_be_in_viewport()
    page.locator(".crit-foot .btn-primary").click()
    expect(page.locator(steps.ROWS)).to_have_count(2)
    page.locator(".chip", has=page.locator('[data-chip="rating"]')).locator(".chip-remove").click()
    expect(page.locator(steps.ROWS)).to_have_count(6)
    page.locator('th[data-column="name"] .col-sort').click()
    expect(page.locator('th[data-column="name"]')).to_have_attribute("aria-sort", "ascending")
    assert steps.names(page) == sorted(steps.names(page))
    page.locator('th[data-column="name"] .col-sort').click()
    expect(page.locator('th[data-column="name"]')).to_have_attribute("aria-sort", "descending")
    assert steps.names(page) == sorted(steps.names(page), reverse=True)


@LANGUAGES
def test_a_private_view_stays(site: Site, page_as: PageAs, lang: str) -> None:
    """Filter, columns and group are kept under a name that only its maker sees, after a reload too."""
    company, name = some_leads(site), f"نمای {uuid.uuid4().hex[:6]}"
    page = page_as("sara", lang)
    at(page, company)
    page.locator("details:has(form[data-module=columns]) > summary").click()
    page.locator('input[name="columns"][value="city"]').check()
    page.locator("form[data-module=columns] .btn-primary").click()
    expect(page.locator('th[data-column="city"]')).to_be_visible()
    steps.menu(page, "chevron-down", 'a[data-open="dialog"]')
    page.locator('dialog[open] input[name="name"]').fill(name)
    page.locator("dialog[open] .btn-primary").click()
    tab = page.locator(".tabs .tab", has_text=name)
    expect(tab).to_have_attribute("aria-current", "page")
    page.goto(steps.LEADS)
    tab.click()
    expect(page.locator(steps.ROWS)).to_have_count(6)
    page.reload()
    expect(page.locator(steps.ROWS)).to_have_count(6)
    expect(page.locator('th[data-column="city"]')).to_be_visible()
    address = page.url
    reza = page_as("reza", lang)
    reza.goto(steps.LEADS)
    expect(reza.locator(".tabs .tab").first).to_be_visible()
    assert name not in reza.locator(".tabs").first.inner_text()
    reza.goto(address)
    assert not reza.locator(".tabs .tab", has_text=name).count()


@LANGUAGES
def test_groups(site: Site, page_as: PageAs, lang: str) -> None:
    """Grouped by a field, with counts; a group opens to its records."""
    company = some_leads(site)
    page = page_as("sara", lang)
    at(page, company)
    steps.menu(page, "collection", 'a[href*="group=rating"]')
    heads = page.locator("tr.group-row")
    expect(heads).to_have_count(2)
    counts = sorted(int(steps.latin(t)) for t in page.locator("tr.group-row .count").all_inner_texts())
    assert counts == [2, 4]
    heads.filter(has=page.locator(".count", has_text="۲" if lang == "fa" else "2")).locator("a").click()
    expect(page.locator(steps.ROWS)).to_have_count(2)


@LANGUAGES
def test_mass_edit_transfer_and_undo(site: Site, page_as: PageAs, lang: str) -> None:
    """Some are ticked and changed, the toast takes it back; all matching ones go to a colleague."""
    company = some_leads(site)
    page = page_as("mina", lang)
    at(page, company, "&columns=name,company,rating,owner,city")
    boxes = page.locator("tbody .tick .check")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    page.locator('.bulkbar button[formaction$="/bulk/edit"]').click()
    page.locator('dialog[open] select[name="field"]').select_option("city")
    page.locator("dialog[open] .btn-primary").click()
    page.locator('dialog[open] input[name="city"]').fill("یزد")
    page.locator("dialog[open] .btn-primary").click()
    toast = page.locator(".toast-item", has=page.locator("form"))
    toast.wait_for()
    assert cities(page).count("یزد") == 3
    toast.locator("button[type=submit], form button").first.click()
    page.wait_for_function("!(document.querySelector('table')?.innerText ?? 'یزد').includes('یزد')")
    assert cities(page).count("شیراز") == 3
    page.locator("[data-select-all]").check()
    page.locator('.bulkbar button[formaction$="/bulk/owner"]').click()
    steps.pick(page, "owner", "Reza", "dialog[open]")
    page.locator("dialog[open] .btn-primary").click()
    page.locator(".toast-item", has=page.locator("form")).wait_for()
    sara = page_as("sara", lang)
    at(sara, company)
    assert not sara.locator(steps.ROWS).count(), "private leads that Reza owns are out of Sara's sight"
    reza = page_as("reza", lang)
    at(reza, company)
    expect(reza.locator(steps.ROWS)).to_have_count(6)


def cities(page: Page) -> list[str]:
    """The texts of the column of cities."""
    index = page.locator("thead th").evaluate_all("all => all.findIndex((th) => th.dataset.column === 'city')")
    return [t.strip() for t in page.locator(f"{steps.ROWS} td:nth-child({index + 1})").all_inner_texts()]


@LANGUAGES
def test_editing_in_place_by_keyboard(site: Site, page_as: PageAs, lang: str) -> None:
    """F2 begins, Escape leaves it as it was, Enter saves; what is not right says why and stays open."""
    company = some_leads(site, 2)
    page = page_as("sara", lang)
    at(page, company, "&columns=name,company,city,email")
    cell = page.locator('td[data-edit="city"]').first
    cell.click()
    page.keyboard.press("F2")
    cell.locator("input").fill("نیشابور")
    page.keyboard.press("Escape")
    expect(cell).to_have_text("تبریز")
    page.keyboard.press("Enter")
    cell.locator("input").fill("همدان")
    page.keyboard.press("Enter")
    expect(cell).not_to_have_class("editing")
    expect(cell).to_have_text("همدان")
    mail = page.locator('td[data-edit="email"]').first
    mail.dblclick()
    mail.locator("input").fill("not an address")
    with page.expect_response("**/field/email"):
        page.keyboard.press("Enter")
    expect(mail.locator("input")).to_have_attribute("aria-invalid", "true")
    mail.locator("input").fill("nader@example.com")
    page.keyboard.press("Enter")
    expect(mail).to_have_text("nader@example.com")
    page.reload()
    expect(page.locator('td[data-edit="city"]').first).to_have_text("همدان")
    page.locator('td[data-edit="city"] span').first.dblclick()
    expect(page.locator('td[data-edit="city"] input')).to_have_value("همدان")


@LANGUAGES
def test_rows_one_may_not_change_are_known(site: Site, page_as: PageAs, lang: str) -> None:
    """What is shared for reading is told apart before an editor opens; it opens for one's own."""
    company = some_leads(site, 1)
    key = site.create("sara", "leads.lead", {"last_name": "Open", "company": company})
    page = page_as("sara", lang)
    at(page, company, "&columns=name,company,city")
    with page.expect_response("**/changeable?**") as asked:
        page.locator(steps.ROWS).first.hover()
    assert key in asked.value.json()["ids"]
    expect(page.locator("tr[data-fixed]")).to_have_count(0)
    site.share("sara", "leads.lead", key, "reza")
    page = page_as("reza", lang)
    at(page, company, "&columns=name,company,city")
    cell = page.locator('td[data-edit="company"]').first
    cell.click()
    page.keyboard.press("F2")
    expect(page.locator("tr[data-fixed]")).to_have_count(1)
    expect(page.locator(".toast-item")).to_have_count(1)
    expect(cell.locator("input")).to_have_count(0)


@LANGUAGES
def test_pages_by_key(site: Site, page_as: PageAs, lang: str) -> None:
    """Next and previous page, with what was ticked kept across them."""
    company = some_leads(site, 45)
    page = page_as("sara", lang)
    at(page, company, "&size=20")
    first = steps.names(page)
    assert len(first) == 20
    page.locator("tbody .tick .check").first.click()
    page.locator('a[rel="next"]').click()
    expect(page.locator(".title-link").first).to_have_text("Nader Number020")
    page.locator("tbody .tick .check").first.click()
    assert "2" in steps.latin(page.locator("[data-count]").inner_text())
    page.locator('a[rel="next"]').click()
    expect(page.locator(steps.ROWS)).to_have_count(5)
    page.locator('a[rel="prev"]').click()
    page.locator('a[rel="prev"]').click()
    expect(page.locator(".title-link").first).to_have_text(first[0])
    expect(page.locator("tbody .check:checked")).to_have_count(1)


def test_criteria_can_be_bookmarked(site: Site, page_as: PageAs) -> None:
    """The address says everything, and a condition that is none is told, not obeyed."""
    company = some_leads(site)
    page = page_as("sara", "en")
    tree = {"op": "and", "items": [{"op": "==", "left": {"field": "company"}, "right": {"text": company}}]}
    page.goto(f"{steps.LEADS}?s=1&criteria={json.dumps(tree)}")
    expect(page.locator(steps.ROWS)).to_have_count(6)
