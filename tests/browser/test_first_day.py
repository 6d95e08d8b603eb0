"""The first day: from the one-time link to a first imported list, in a new database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.exchange.detect import open_table
from core.first_start import setup_token
from tests.browser import steps
from tests.browser.conftest import PageAs
from tests.browser.site import Site, eventually
from tests.core.exchange.make_samples import make_persian_leads

WORD = "درخت بلند کوچه ما"


def set_up(page: Page, site: Site, lang: str) -> None:
    """The one-time link, the visitor's language chosen, the form filled in."""
    page.goto(f"{site.address}/setup/{setup_token(site.installation.secrets)}")
    page.locator(f'a[href*="lang={lang}"]').click()
    expect(page.locator("html")).to_have_attribute("lang", lang)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if lang == "fa" else "ltr")
    assert page.locator('select[name="calendar"]').input_value() == ("jalali" if lang == "fa" else "gregorian")
    page.locator('input[name="name"]').fill("مریم مدیر" if lang == "fa" else "Mary Manager")
    page.locator('input[name="login"]').fill("maryam")
    page.locator('input[name="company"]').fill("شرکت نمونه")
    page.locator('input[name="password"]').fill(WORD)
    page.locator('input[name="repeat"]').fill(WORD + "!")
    page.locator("form .btn-primary").click()
    expect(page.locator('input[name="repeat"]')).to_have_attribute("aria-invalid", "true")
    assert page.locator('input[name="login"]').input_value() == "maryam"
    page.locator('input[name="password"]').fill(WORD)
    page.locator('input[name="repeat"]').fill(WORD)
    page.locator("form .btn-primary").click()
    page.wait_for_url("**/admin/addons")
    expect(page.locator("html")).to_have_attribute("lang", lang)


def enable_leads(page: Page) -> None:
    """From the catalogue; contacts comes along."""
    page.locator('a[href="/admin/addons/leads/enable"]').click()
    expect(page.locator("table.grid tbody tr").first).to_be_visible()
    page.locator('form[action="/admin/addons/leads/enable"] .btn-primary').click()
    page.wait_for_url("**/admin/addons")
    for name in ("leads", "contacts"):
        expect(page.locator(f'a[href="/admin/addons/{name}/disable"]')).to_be_visible()
    expect(page.locator('.appbar a[href="/r/leads.lead"]').first).to_be_visible()


def import_leads(page: Page, site: Site, folder: Path, rows: int) -> None:
    """A messy spreadsheet: what is good goes in, the rest can be downloaded with its reasons."""
    path = make_persian_leads(folder / "سرنخ‌ها.xlsx", rows=rows)
    steps.import_file(page, path, without=("status",))
    created, skipped, rejected = steps.figures(page)
    assert created + skipped + rejected in range(rows - 8, rows + 1) and created > rows * 0.85
    assert skipped > 0 and rejected > 0
    expect(page.locator("table.preview td.bad").first).to_be_visible()
    kept = steps.downloaded(page, 'a[href$="rows/error.xlsx"]', folder)
    with open_table(kept) as table:
        assert len(table.sample(rows)) == rejected
        assert all(line[-1] for line in table.sample(rows))
    with site.installation.env(site.installation.load_actor(1), write=False) as env:
        assert env.query("leads.lead").count(None) == created


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("lang", ["fa", "en"])
def test_set_up_and_enable(empty_site: Site, page_as: PageAs, lang: str) -> None:
    """A stranger with the link becomes the administrator and enables leads; the link is spent."""
    page = page_as("", "en" if lang == "fa" else "fa", at=empty_site)
    set_up(page, empty_site, lang)
    enable_leads(page)
    page.goto("/r/leads.lead")
    expect(page.locator(".list-page .empty")).to_be_visible()
    stranger = page_as("", lang, at=empty_site, allow=("status of 404",))
    answer = stranger.goto(f"/setup/{setup_token(empty_site.installation.secrets)}")
    assert answer is not None and answer.status == 404


@pytest.mark.database("postgresql")
def test_whole_day_on_postgresql(empty_site: Site, page_as: PageAs, tmp_path: Path) -> None:
    """Set-up, addons, import, a list narrowed, a conversion and its way back: on PostgreSQL, in Persian."""
    page = page_as("", "en", at=empty_site)
    set_up(page, empty_site, "fa")
    enable_leads(page)
    import_leads(page, empty_site, tmp_path, 120)
    page.goto("/r/leads.lead?s=1&order=name&q=کریمی")
    found = steps.names(page)
    assert found and all("کریمی" in name for name in found)
    page.locator("tbody .title-link").first.click()
    page.locator(".record-actions .btn-primary").first.click()
    page.wait_for_url("**/convert")
    page.locator("[data-convert] .btn-primary").click()
    page.wait_for_url(re.compile(r"/r/[a-z.]+/\d+$"))
    with empty_site.installation.env(empty_site.installation.load_actor(1), write=False) as env:
        lead = env.query("leads.lead").where('status == "converted"').ids()[0]
        assert env.query("contacts.account").count() == 1 and env.query("contacts.contact").count() == 1
    steps.take_back_conversion(page, lead)
    eventually(lambda: empty_site.value("leads.lead", lead, "status") != "converted")


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_import_and_its_way_back(site: Site, page_as: PageAs, tmp_path: Path, lang: str) -> None:
    """400 rows with duplicates and bad ones: wizard, result, rejected rows as a file, all taken back."""
    path = make_persian_leads(tmp_path / "leads.xlsx", rows=400, seed=7 if lang == "fa" else 11)
    page = page_as("mina", lang)
    before = count_of(site)
    steps.import_file(page, path, without=("status",))
    created, skipped, rejected = steps.figures(page)
    assert created > 340 and skipped > 0 and rejected > 0
    assert count_of(site) == before + created
    kept = steps.downloaded(page, 'a[href$="rows/error.xlsx"]', tmp_path)
    with open_table(kept) as table:
        assert len(table.sample(400)) == rejected
    page.goto("/r/leads.lead")
    assert page.locator(steps.ROWS).count() == 80
    page.go_back()
    page.locator('form[action$="/undo"] button').click()
    page.locator("dialog[open] .dialog-foot .btn-danger").click()
    eventually(lambda: count_of(site) == before)


def count_of(site: Site) -> int:
    """Mina's imported leads."""
    with site.installation.env(site.installation.load_actor(site.user("mina")), write=False) as env:
        return env.query("leads.lead").where('email contains "@example.ir"').count(None)
