"""Things that several tests do on pages, by clicks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Download, Page, expect

ROWS = "tbody tr[data-id]"
LEADS = "/r/leads.lead"


def latin(text: str) -> str:
    """A text with its digits in Latin and without marks between thousands."""
    return text.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")).replace("٬", "").replace(",", "")


def names(page: Page) -> list[str]:
    """The titles of the rows of a list, from top to bottom."""
    return [text.strip() for text in page.locator("tbody .title-link").all_inner_texts()]


def row(page: Page, name: str) -> Any:
    """The row of a list that has this title."""
    return page.locator(ROWS).filter(has=page.locator(".title-link", has_text=name))


def menu(page: Page, icon: str, item: str) -> None:
    """Open the menu with that icon and click the entry that the selector finds."""
    page.locator(f"details.menu:has(> summary .bi-{icon})").first.locator("> summary").click()
    page.locator(f"details.menu[open] {item}").first.click()


def pick(page: Page, name: str, text: str, within: str = "body") -> None:
    """Choose in a link picker what is found for a text."""
    box = page.locator(f'{within} .combo[data-name="{name}"]')
    box.locator("input[role=combobox]").fill(text)
    option = page.locator('[role="option"]:not(.create)', has_text=text).first
    option.click()
    expect(box.locator(f'input[type=hidden][name="{name}"]')).to_have_count(1)


def import_file(page: Page, path: Path, record: str = "leads.lead", key: str = "email", without: tuple[str, ...] = ()) -> None:
    """The wizard from upload to the result; the mapping is the guessed one but for fields that are left out.

    What is named but not there is created where the person may do so.
    """
    page.goto(f"/r/{record}/import")
    page.locator('input[type="file"]').set_input_files(path)
    page.locator(".form-foot .btn-primary").click()
    page.wait_for_url("**/columns")
    chosen = page.locator('select[name^="column."]')
    guessed = {select.input_value(): select for select in chosen.all()}
    assert {"first_name", "last_name", "company", "mobile", "email", "city"} <= set(guessed)
    for name in without:
        guessed[name].select_option("")
    page.locator(".form-foot .btn-primary").click()
    page.wait_for_url("**/options")
    assert page.locator("table.preview tbody tr").count() > 10
    page.locator('select[name="duplicates"]').select_option("skip")
    page.locator(f'input[name="keys"][value="{key}"]').check()
    for box in page.locator('input[name="create_links"]').all():
        box.check()
    page.locator('.form-foot button[value="start"]').click()
    finished(page, "rows/error.xlsx")


def finished(page: Page, link: str) -> None:
    """Wait at the progress until the result can be shown, and show it."""
    page.locator(f'a[href*="{link}"], .progress-box a .bi-arrow-right, a:has(.bi-arrow-right)').first.wait_for(timeout=40_000)
    if not page.locator(f'a[href*="{link}"]').count():
        page.goto(page.url.removesuffix("/progress"))
    page.locator(f'a[href*="{link}"]').first.wait_for(timeout=40_000)


def downloaded(page: Page, selector: str, folder: Path) -> Path:
    """Click on a download and keep it in the folder."""
    with page.expect_download() as waiting:
        page.locator(selector).first.click()
    download: Download = waiting.value
    target = folder / download.suggested_filename
    download.save_as(target)
    return target


def figures(page: Page) -> tuple[int, int, int]:
    """What the tiles of an import's result say: created, skipped, not imported."""
    def tile(icon: str) -> int:
        return int(latin(page.locator(f".tile:has(.bi-{icon}) .tile-value").inner_text()))
    return tile("plus-circle"), tile("files"), tile("x-octagon")


def take_back_conversion(page: Page, lead: int) -> None:
    """On the page of a converted lead, undo the conversion and say yes to what is asked."""
    page.goto(f"{LEADS}/{lead}")
    page.locator(f'form[action*="/x/leads/{lead}/"] button, a[href*="/x/leads/{lead}/revert"], a[href*="/x/leads/{lead}/undo"]'
                 ).first.click()
    if page.locator("dialog[open]").count():
        page.locator("dialog[open] .dialog-foot .btn:last-child").click()
