"""What the scripts do, in Chromium: keys, selection, in-place editing, criteria, dates, pickers, drafts; and axe."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from persiantools.jdatetime import JalaliDate

from core.expressions.to_json import from_json
from tests.web_theme import gallery

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists() or not (gallery.VENDOR / "bootstrap").is_dir(),
                                reason="needs Chromium and the built assets")


@pytest.fixture(scope="module")
def browser() -> Iterator[tuple[Any, str]]:
    """A browser and the gallery's address."""
    with gallery.served() as address, playwright.sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=gallery.CHROMIUM_ARGS)
        yield made, address
        made.close()


@pytest.fixture
def visit(browser: tuple[Any, str]) -> Iterator[Any]:
    """visit(name, lang, theme, width) -> page; console errors fail the test (they include CSP violations)."""
    made, address = browser
    opened: list[Any] = []
    errors: list[str] = []

    def go(name: str, lang: str = "fa", theme: str = "light", width: int = 1440) -> Any:
        context = made.new_context(viewport={"width": width, "height": 900})
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.goto(f"{address}/{lang}/{theme}/comfortable/{name}.html", wait_until="networkidle")
        return page

    yield go
    for context in opened:
        context.close()
    assert errors == []


def test_selection_and_bar(visit: Any) -> None:
    """Ranges with Shift, the whole page, everything that matches, none."""
    page = visit("list")
    bar = page.locator("[data-bulk]")
    assert bar.is_hidden()
    page.locator("tbody .check").nth(1).click()
    page.locator("tbody .check").nth(4).click(modifiers=["Shift"])
    assert "۴" in page.locator("[data-count]").inner_text()
    page.locator("[data-select-all]").click()
    page.locator("[data-select-matching]").click()
    assert page.locator('[data-bulk] input[name="all"]').input_value() == "1"
    page.reload(wait_until="networkidle")
    assert page.locator("tbody .check:checked").count() == 26
    page.locator("[data-select-none]").click()
    assert bar.is_hidden()


def test_keys_and_in_place_edit(visit: Any) -> None:
    """j walks, x selects, e edits, Enter saves, Escape leaves; letters work on a Persian keyboard too."""
    page = visit("list", "en")
    page.locator(".list-foot").click(position={"x": 500, "y": 10})
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("tr.here").get_attribute("data-id") == "2"
    page.keyboard.press("x")
    assert page.locator("tr.selected").count() == 1
    page.keyboard.press("e")
    select = page.locator("td.editing select")
    select.select_option("2")
    page.keyboard.press("Enter")
    page.wait_for_selector("td.editing", state="detached")
    assert "New" in page.locator("tr.here td").nth(3).inner_text()
    page.keyboard.press("Enter")
    page.wait_for_selector("td.editing")
    page.keyboard.press("Escape")
    assert page.locator("td.editing").count() == 0


def test_palette_and_help(visit: Any) -> None:
    """Ctrl-K and / open the palette, ? the help, Escape closes."""
    page = visit("home", "en")
    page.keyboard.press("Control+k")
    page.locator(".palette input").fill("lead")
    page.wait_for_selector('.palette [role="option"][aria-selected="true"]')
    page.keyboard.press("Escape")
    page.wait_for_selector(".palette", state="detached")
    page.keyboard.press("/")
    page.wait_for_selector(".palette[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector(".palette", state="detached")
    page.keyboard.press("?")
    page.wait_for_selector(".keys-list")


def test_criteria_round_trip(visit: Any) -> None:
    """The builder gives back the tree it was given, and what is added to it."""
    page = visit("list", "en")
    given = json.loads(page.locator('input[name="criteria"]').last.input_value())
    read = "JSON.parse(document.querySelector('[data-module=criteria]').builder.value())"
    assert page.evaluate(read) == given
    page.locator(".list-tools summary").first.click()
    page.locator("[data-add-condition]").click()
    row = page.locator(".criteria > .crit-group > .crit-row").last
    row.locator("[data-path]").select_option("name")
    row.locator(".crit-value input").fill("ali")
    assert page.evaluate(read)["items"][-1] == {"op": "contains", "left": {"field": "name"}, "right": {"text": "ali"}}


def test_criteria_are_the_expression_language(visit: Any) -> None:
    """Every operator of every type of field gives a tree the server reads."""
    page = visit("list", "en")
    trees = page.evaluate("""async () => {
        const app = document.querySelector('script[src$="app.js"]').src;
        const {toTree, operatorNames} = await import(app.replace('app.js', 'criteria.js'));
        const out = [];
        for (const type of ['text', 'integer', 'money', 'date', 'datetime', 'flag', 'choice', 'link', 'user', 'tags']) {
          for (const op of operatorNames(type)) {
            const value = type.startsWith('date') && !op.endsWith('days') ? '2026-11-23' : '5';
            out.push(toTree({path: 'a.b', op, values: [value]}, [{path: 'a.b', type, operators: [], options: []}]));
          }
        }
        return out; }""")
    assert len(trees) > 60
    for tree in trees:
        from_json(tree)


@pytest.mark.parametrize("lang,expected,minute", [("fa", "۱۳۶۵/۰۲/۱۵", "۱۴۰۵/۱۰/۱۲ ۱۰:۰۰"),
                                                  ("en", "1986-05-03", "2027-01-03 10:00")])
def test_date_picker_by_keyboard(visit: Any, lang: str, expected: str, minute: str) -> None:
    """Arrows follow the eye: Left is the next day in RTL, the previous one in LTR; the time is kept."""
    page = visit("form", lang)
    page.locator("[data-date-open]").nth(1).click()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert page.locator("#f-birthday").input_value() == expected
    page.locator("[data-date-open]").nth(0).click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    assert page.locator("#f-next_at").input_value() == minute


def test_jalali_arithmetic(visit: Any) -> None:
    """Every day from 1300 to 1500 against an independent library."""
    page = visit("home")
    days = page.evaluate("""async () => {
        const app = document.querySelector('script[src$="app.js"]').src;
        const {jalali, gregorian} = await import(app.replace('app.js', 'calendars.js'));
        const out = [];
        for (let n = jalali.from(1300, 1, 1); n < jalali.from(1501, 1, 1); n += 1) {
          if (jalali.from(...jalali.to(n)) !== n) throw new Error(n);
          out.push([...jalali.to(n), ...gregorian.to(n)]);
        }
        return out; }""")
    assert len(days) > 73_000
    for year, month, day, gy, gm, gd in days:
        right = JalaliDate(dt.date(gy, gm, gd))
        assert (right.year, right.month, right.day) == (year, month, day)


def test_pickers_conditions_and_draft(visit: Any) -> None:
    """A link is picked, a tag made, a hidden field shown and required, and a lost form offered back."""
    page = visit("form")
    page.locator("#f-account").fill("سا")
    page.wait_for_selector("[data-name=account] [role=option]")
    page.keyboard.press("Enter")
    assert page.locator("[data-name=account] input[type=hidden]").input_value() == "1"
    page.locator("#f-tags").fill("تازه")
    page.wait_for_selector("[data-name=tags] [role=option].create")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.locator('[data-name=tags] input[type=hidden]').last.input_value() == "new:تازه"
    reason = page.locator("[data-field=reason]")
    assert reason.is_hidden()
    page.locator("#f-no_call").click()
    assert reason.is_visible() and page.locator("#f-reason").get_attribute("required") is not None
    assert page.locator("[data-unsaved]").is_visible()
    page.wait_for_timeout(450)
    page.on("dialog", lambda d: d.accept())
    page.reload(wait_until="networkidle")
    page.locator(".alert-line.level-info .btn").first.click()
    assert page.locator("#f-no_call").is_checked()
    assert page.locator("[data-name=account] input[type=hidden]").input_value() == "1"
    assert page.locator("[data-name=tags] .token").count() == 3


def test_record_page(visit: Any) -> None:
    """A value is edited in place, a colleague mentioned, the business card shown."""
    page = visit("record")
    page.locator("dd.cell-edit").first.click()
    page.wait_for_selector("dd.editing")
    page.keyboard.press("Escape")
    assert page.locator("dd.editing").count() == 0
    note = page.locator(".composer textarea")
    note.press_sequentially("سلام @سا")
    page.wait_for_selector("#mentions li")
    page.keyboard.press("Enter")
    assert note.input_value() == "سلام @سارا محمدی "
    page.locator("[data-card]").first.hover()
    page.wait_for_selector(".hovercard")


def test_dialog_from_the_selection(visit: Any) -> None:
    """A bulk action opens its dialog; Escape closes and gives the focus back."""
    page = visit("list")
    page.locator("tbody .check").first.click()
    page.locator("[data-bulk-open]").first.click()
    page.wait_for_selector("dialog[open] [name=owner__label]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    assert page.evaluate("document.activeElement.matches('[data-bulk-open]')")


@pytest.mark.parametrize("name", ["home", "list", "grouped", "record", "errors", "admin", "profile", "wizard1", "wizard2",
                                  "login", "search", "merge"])
@pytest.mark.parametrize("lang,theme,width", [("fa", "light", 1440), ("en", "dark", 390)])
def test_axe_finds_nothing(visit: Any, name: str, lang: str, theme: str, width: int) -> None:
    """WCAG 2.2 A and AA, as far as axe can tell; and nothing sticks out sideways."""
    page = visit(name, lang, theme, width)
    assert gallery.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
