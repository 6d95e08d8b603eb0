"""A package in a real browser: brought by its file, compared, checked, applied and taken back; in English and in Persian."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.customise import packages
from core.customise.packages import Package
from tests.browser.conftest import DESKTOP, PHONE, PageAs

ITEM = "field leads.lead.x_parcel"
FIELD = {"type": "text", "labels": {"en": "Parcel", "fa": "قطعه"}, "help": {"en": "As the land register has it"}}
WORDS = {"en": ("Show the difference", "Check", "Apply", "Take back", "New"),
         "fa": ("نمایش تفاوت", "بررسی", "اعمال", "پس گرفتن", "جدید")}


@pytest.mark.parametrize(("lang", "width"), [("en", DESKTOP), ("fa", PHONE)])
def test_a_package_is_applied_and_taken_back(page_as: PageAs, lang: str, width: int, tmp_path: Path) -> None:
    file = tmp_path / "acme.zip"
    file.write_bytes(packages.to_zip(Package(f"acme_{lang}", title="Acme", items={ITEM: FIELD})))
    show, check, apply, back, new = WORDS[lang]
    page = page_as("admin", lang=lang, width=width)
    page.goto("/x/studio/packages")
    page.goto("/x/studio/packages/export")
    page.set_default_timeout(90_000)  # compiling all addons takes seconds, more where much else runs
    page.goto("/x/studio/packages/new")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=show).click()
    expect(page.get_by_text(new, exact=True).first).to_be_visible()
    page.get_by_role("button", name=check, exact=True).click()
    expect(page.locator(".level-success")).to_be_visible(timeout=90_000)
    page.get_by_role("button", name=apply, exact=True).click()
    expect(page.get_by_role("button", name=back)).to_be_visible(timeout=90_000)
    page.get_by_role("button", name=back).click()
    page.get_by_role("dialog").get_by_role("button", name=back).click()
    expect(page.get_by_role("button", name=back)).to_have_count(0, timeout=90_000)
