"""Arranging home pages and menus by hand and by keys, blocks on a record's page, colours shown while they are chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.addons.lifecycle import change_customising
from core.security.actor import SYSTEM
from core.testing.plugin import Templates, open_installation
from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site, served
from tests.web_theme.gallery import violations

HOME, MENU, THEME = "/x/studio/home/installation", "/x/studio/menus/installation", "/x/studio/theme"


@pytest.fixture(scope="module")
def desk(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, int]]:
    """A server with leads, and an account with blocks on its page."""
    installation = open_installation(templates.url("sqlite", ("studio", "leads")), tmp_path_factory.mktemp("desk") / "data")
    with served(installation) as made:
        account = made.create("boss", "contacts.account", {"name": "آرمان صنعت پارس", "industry": None})
        made.create("boss", "contacts.contact", [{"last_name": f"احمدی {i}", "account": account} for i in range(12)])
        here = {"record": "contacts.contact", "where": "account == this.id"}
        blocks: list[dict[str, Any]] = [
            {"id": "people", "widget": "view", "label": {"fa": "همکاران این شرکت", "en": "People here"}, "options": {**here, "limit": 5}},
            {"id": "by_day", "widget": "chart", "label": {"fa": "به ماه", "en": "By month"}, "options": {**here, "group": "created_at"}},
            {"id": "count", "widget": "figure", "aside": True, "options": here},
            {"id": "note", "widget": "canvas", "label": {"fa": "یادآوری", "en": "Remember"},
             "options": {"text": {
                 "fa": "<p>با <b>{{ name }}</b> با احترام سخن بگویید.</p>", "en": "<p>Be kind to <b>{{ name }}</b>.</p>"}}}]
        with installation.env(SYSTEM) as env:
            change_customising(env, "layout", "contacts.account|form|installation", {
                "format": 1, "record": "contacts.account", "kind": "form", "changes": [
                    {"do": "insert", "target": b["id"], "anchors": [{"into": "@layout"}], "node": {
                        "id": b["id"], "kind": "block", "props": {k: v for k, v in b.items() if k != "id"}}} for b in blocks]})
        installation.current()
        yield made, account
    installation.close()


def order(page: Page, column: int) -> list[str]:
    return [str(c.get_attribute("data-piece")) for c in page.locator("[data-column]").nth(column).locator("[data-piece]").all()]


def test_a_chart_is_chosen_from_the_beginning(page_as: PageAs, desk: tuple[Site, int]) -> None:
    page = page_as("boss", "en", at=desk[0])
    page.goto(HOME)
    page.locator(".arrange-bar summary").click()
    with page.expect_navigation():
        page.locator('button[value="add:chart"]').click()
    with page.expect_navigation():
        page.locator('[name="o.record"]').select_option("contacts.contact")
    page.locator('[name="o.group"]').select_option("account")
    expect(page.locator('[name="o.measure"]')).to_have_value("count")
    with page.expect_navigation():
        page.locator('button[value="done"]').click()
    expect(page.locator('[data-piece="chart"]')).to_contain_text("Contacts")


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_a_home_page_by_keys_and_by_dragging(page_as: PageAs, desk: tuple[Site, int], lang: str) -> None:
    with desk[0].installation.env(SYSTEM) as env:
        change_customising(env, "home", "installation", None)
    page = page_as("boss", lang, at=desk[0])
    page.goto(HOME)
    handle = page.locator('[data-piece="news"] [data-handle]')
    handle.focus()
    page.keyboard.press("ArrowUp")
    assert order(page, 0) == ["tiles", "news", "work"]
    page.keyboard.press("ArrowLeft" if lang == "fa" else "ArrowRight")
    assert order(page, 1)[-1] == "news"
    expect(handle).to_be_focused()
    page.locator('[data-piece="apps"] [data-handle]').drag_to(page.locator('[data-piece="tiles"]'), target_position={"x": 60, "y": 4})
    assert "apps" in order(page, 0)
    assert not violations(page)
    page.locator('button[value="save"]').click()
    expect(page.locator("[data-toast]")).to_be_visible()
    assert "apps" in order(page, 0) and order(page, 1)[-1] == "news"
    page.goto("/")
    expect(page.locator(".home-grid.shape-main_side")).to_be_visible()


def test_a_menu_by_keys(page_as: PageAs, desk: tuple[Site, int]) -> None:
    page = page_as("boss", "fa", at=desk[0])
    page.goto(MENU)
    first = order(page, 0)
    app = page.locator('[data-piece="leads"]').first
    app.locator("[data-handle]").focus()
    page.keyboard.press("ArrowDown")
    moved = order(page, 0)
    assert moved != first and sorted(moved) == sorted(first)
    page.locator('button[value="add:group"]').click()
    page.get_by_label("نام (فارسی)").fill("گزارش‌ها")
    page.locator('button[value="done"]').click()
    expect(page.get_by_text("گزارش‌ها").first).to_be_visible()
    assert not violations(page)


@pytest.mark.parametrize(("lang", "width", "theme"), [("fa", 1440, "light"), ("en", 1440, "dark"), ("fa", PHONE, "light")])
def test_blocks_on_a_page(page_as: PageAs, desk: tuple[Site, int], lang: str, width: int, theme: str) -> None:
    page = page_as("boss", lang, at=desk[0], width=width, theme=theme)
    page.goto(f"/r/contacts.account/{desk[1]}")
    people = page.locator("[data-block]", has_text="همکاران" if lang == "fa" else "People here")
    people.scroll_into_view_if_needed()
    expect(people.locator("tbody tr")).to_have_count(5)
    people.locator(".list-foot a").last.click()
    expect(people.locator("tbody tr").first).not_to_contain_text("احمدی 0")
    page.locator("[data-block]", has_text="به ماه" if lang == "fa" else "By month").scroll_into_view_if_needed()
    expect(page.locator(".chart-plot").first).to_be_visible()
    expect(page.get_by_text("سخن بگویید" if lang == "fa" else "Be kind to")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not violations(page)


def test_colours_are_shown_while_they_are_chosen(page_as: PageAs, desk: tuple[Site, int]) -> None:
    page = page_as("boss", "en", at=desk[0])
    page.goto(THEME)
    page.locator('[name="accent"]').fill("#ffd000")
    expect(page.locator('.look [fill="#8e7200"]').first).to_be_attached()
    assert not violations(page)
