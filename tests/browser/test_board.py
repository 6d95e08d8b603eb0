"""The board by hand: carried by mouse, finger and keys, refused, and two people at one card; in both reading directions."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageAs
from tests.browser.site import Site, eventually

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])
LEAD = "leads.lead"
BOARD = "/r/leads.lead/board"


def some_leads(site: Site, count: int = 3, login: str = "sara", **values: Any) -> tuple[str, list[int]]:
    """New leads of a person, told from others by a word."""
    word = f"Kb{uuid.uuid4().hex[:8]}"
    return word, site.create(login, LEAD, [{"last_name": f"{word} {i}", "status": "new", "email": f"{word}{i}@example.com".lower(),
                                            **values} for i in range(count)])


def until(page: Page, expression: str) -> None:
    """Wait for something in the page (`wait_for_function` would need what the content security policy forbids)."""
    eventually(lambda: page.evaluate(expression))


def opened(page: Page, word: str) -> Page:
    """The board of these leads."""
    if not page.evaluate("matchMedia('(max-width: 44rem)').matches"):
        page.set_viewport_size({"width": 4400, "height": 900})  # all columns in sight
    page.goto(f"{BOARD}?s=1&q={word}")
    expect(page.locator("[data-board]")).to_be_visible()
    until(page, "Boolean(document.querySelector('[data-module=board]').board)")
    return page


def column(page: Page, status: str) -> Locator:
    """A column."""
    return page.locator(f'.board-col[data-key="v{status}"]')


def card(page: Page, key: int) -> Locator:
    """A card."""
    return page.locator(f'[data-card-id="{key}"]')


def carry(page: Page, key: int, status: str) -> None:
    """Carry a card by mouse, and let it go over a column."""
    start = card(page, key).bounding_box()
    end = column(page, status).bounding_box()
    assert start and end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + start["width"] / 2 + 12, start["y"] + 24, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 120, steps=6)
    expect(page.locator(".card-item.ghost")).to_have_count(1)
    until(page, "Boolean(document.querySelector('[data-module=board]').board.moves)")
    page.mouse.up()


@LANGUAGES
def test_a_card_is_carried_by_mouse(site: Site, page_as: PageAs, lang: str) -> None:
    """It lands, the counts of both columns follow, and it is still there after a reload; a click still opens a card."""
    word, keys = some_leads(site)
    page = opened(page_as("sara", lang), word)
    carry(page, keys[0], "contacted")
    expect(column(page, "contacted").locator("[data-card-id]")).to_have_count(1)
    expect(column(page, "contacted").locator("[data-count]")).to_have_text("۱" if lang == "fa" else "1")
    expect(column(page, "new").locator("[data-count]")).to_have_text("۲" if lang == "fa" else "2")
    assert site.value(LEAD, keys[0], "status") == "contacted"
    page.reload()
    expect(column(page, "contacted").locator(f'[data-card-id="{keys[0]}"]')).to_have_count(1)
    card(page, keys[1]).locator(".title-link").click()
    page.wait_for_url(re.compile(rf"/r/leads\.lead/{keys[1]}\b"))


@LANGUAGES
def test_a_card_is_moved_by_keys(site: Site, page_as: PageAs, lang: str) -> None:
    """Space picks up, arrows go where the eye sees, Escape puts back, Enter drops; the focus stays with the card."""
    word, keys = some_leads(site)
    page = opened(page_as("sara", lang), word)
    onward = "ArrowLeft" if lang == "fa" else "ArrowRight"
    link = card(page, keys[0]).locator(".title-link")
    link.focus()
    page.keyboard.press("Space")
    expect(card(page, keys[0])).to_have_class(re.compile("picked"))
    page.keyboard.press(onward)
    expect(column(page, "contacted")).to_have_class(re.compile("over"))
    page.keyboard.press("Escape")
    expect(card(page, keys[0])).not_to_have_class(re.compile("picked"))
    expect(column(page, "new").locator("[data-card-id]")).to_have_count(3)
    page.keyboard.press("Space")
    page.keyboard.press(onward)
    expect(column(page, "contacted")).to_have_class(re.compile("over"))
    page.keyboard.press("Enter")
    expect(column(page, "contacted").locator("[data-card-id]")).to_have_count(1)
    expect(card(page, keys[0]).locator(".title-link")).to_be_focused()
    assert site.value(LEAD, keys[0], "status") == "contacted"
    page.keyboard.press("ArrowRight" if lang == "fa" else "ArrowLeft")
    expect(column(page, "new").locator(".title-link").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(column(page, "new").locator(".title-link").nth(1)).to_be_focused()


@LANGUAGES
def test_a_card_is_carried_by_finger(site: Site, page_as: PageAs, lang: str) -> None:
    """A finger that rests carries the card, one that goes on scrolls."""
    word, keys = some_leads(site)
    page = opened(page_as("sara", lang, width=390), word)
    box = card(page, keys[0]).bounding_box()
    assert box
    touch = page.context.new_cdp_session(page)

    def at(kind: str, x: float, y: float) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [] if kind == "touchEnd" else [{"x": x, "y": y}]})

    column(page, "new").scroll_into_view_if_needed()
    box = card(page, keys[0]).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 20
    at("touchStart", x, y)
    page.wait_for_timeout(450)
    expect(page.locator(".card-item.ghost")).to_have_count(1)
    edge = 8 if lang == "fa" else 382
    for step in range(1, 8):
        at("touchMove", x + (edge - x) * step / 7, y + 40)
        page.wait_for_timeout(30)
    until(page, "document.elementFromPoint(195, 300)?.closest('.board-col')?.dataset.key === 'vcontacted'")
    at("touchMove", 195, y + 60)
    page.wait_for_timeout(60)
    at("touchEnd", 195, y + 60)
    eventually(lambda: site.value(LEAD, keys[0], "status") != "new")
    expect(page.locator(".card-item.ghost")).to_have_count(0)
    assert site.value(LEAD, keys[0], "status") in ("contacted", "nurturing")


@LANGUAGES
def test_a_refused_card_goes_back_with_the_reason(site: Site, page_as: PageAs, lang: str) -> None:
    """What is not allowed from here is marked while the card is carried, says why, and the card stays."""
    word, keys = some_leads(site)
    page = opened(page_as("sara", lang), word)
    moves = page.request.get(f"{BOARD}/moves?id={keys[0]}").json()
    shut = next(key for key, drop in moves.items() if drop["reason"])
    carry(page, keys[0], shut[1:])
    toast = page.locator('.toast-item[data-level="error"]')
    expect(toast).to_contain_text(moves[shut]["reason"])
    expect(column(page, "new").locator("[data-card-id]")).to_have_count(3)
    assert site.value(LEAD, keys[0], "status") == "new"


@LANGUAGES
def test_the_server_has_the_last_word(site: Site, page_as: PageAs, lang: str) -> None:
    """A refusal that only the write pipeline knows of: the card is shown where it was dropped, and goes back."""
    word, keys = some_leads(site)
    page = opened(page_as("sara", lang), word)
    page.route("**/board/moves*", lambda route: route.fulfill(json={}))
    shut = next(key for key, drop in page.request.get(f"{BOARD}/moves?id={keys[0]}").json().items() if drop["reason"])
    carry(page, keys[0], shut[1:])
    expect(page.locator('.toast-item[data-level="error"]')).to_have_count(1)
    expect(column(page, "new").locator("[data-card-id]")).to_have_count(3)
    assert site.value(LEAD, keys[0], "status") == "new"


@LANGUAGES
def test_the_later_of_two_people_is_told(site: Site, page_as: PageAs, lang: str) -> None:
    """Mina and Sara carry the same card: who comes later sees who was faster, and the card where it is."""
    word, keys = some_leads(site)
    sara, mina = opened(page_as("sara", lang), word), opened(page_as("mina", lang), word)
    carry(mina, keys[0], "contacted")
    expect(column(mina, "contacted").locator("[data-card-id]")).to_have_count(1)
    eventually(lambda: site.value(LEAD, keys[0], "status") == "contacted")
    sara.route("**/board/moves*", lambda route: route.fulfill(json={}))
    carry(sara, keys[0], "nurturing")
    expect(sara.locator('.toast-item[data-level="error"]')).to_contain_text("Mina")
    expect(column(sara, "contacted").locator(f'[data-card-id="{keys[0]}"]')).to_have_count(1)
    assert site.value(LEAD, keys[0], "status") == "contacted"


@LANGUAGES
def test_a_drop_that_needs_more_asks_and_comes_back(site: Site, page_as: PageAs, lang: str) -> None:
    """Junk wants a reason: the page that asks for it leads back to the board."""
    word, keys = some_leads(site)
    page = opened(page_as("sara", lang), word)
    carry(page, keys[0], "junk")
    page.wait_for_url("**/x/leads/*/junk*")
    page.locator('input[name="reason"]').first.check()
    page.locator(".form-foot .btn-primary").click()
    page.wait_for_url(f"**{BOARD}*")
    expect(column(page, "junk").locator(f'[data-card-id="{keys[0]}"]')).to_have_count(1)


@LANGUAGES
def test_columns_fold_and_load_more(site: Site, page_as: PageAs, lang: str) -> None:
    """A folded column stays folded after a reload and loads its cards when it is opened; a long one loads as one scrolls."""
    word, _keys = some_leads(site, 45)
    page = opened(page_as("sara", lang), word)
    new = column(page, "new")
    assert new.locator("[data-card-id]").count() < 45
    for _step in range(6):
        new.locator("[data-list]").evaluate("list => { list.scrollTop = list.scrollHeight }")
        page.wait_for_timeout(250)
    expect(new.locator("[data-card-id]")).to_have_count(45)
    with page.expect_response(re.compile("/board/fold")):
        new.locator("[data-fold-form] button").click()
    expect(new).to_have_class(re.compile("folded"))
    page.reload()
    expect(new).to_have_class(re.compile("folded"))
    expect(new.locator("[data-card-id]")).to_have_count(0)
    with page.expect_response(re.compile("/board/fold")):
        new.locator("[data-fold-form] button").click()
    expect(new.locator("[data-card-id]")).not_to_have_count(0)


def test_without_scripts_a_board_is_read(site: Site, page_as: PageAs) -> None:
    """Cards are links, counts open lists, columns fold by a form."""
    word, keys = some_leads(site)
    page = page_as("sara", "en", scripts=False)
    page.goto(f"{BOARD}?s=1&q={word}")
    expect(column(page, "new").locator("[data-card-id]")).to_have_count(3)
    column(page, "new").locator("[data-fold-form] button").click()
    expect(column(page, "new")).to_have_class(re.compile("folded"))
    column(page, "new").locator("[data-fold-form] button").click()
    page.locator(f'[data-card-id="{keys[0]}"] .title-link').click()
    expect(page.locator("h1")).to_contain_text(word)
