"""Arranging a page by mouse and by keys, in both reading directions: what one sees is what everybody gets."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site, eventually

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])
LEAD = "leads.lead"
EDITOR = f"/x/studio/layout/{LEAD}"


@pytest.fixture(autouse=True)
def as_shipped(site: Site) -> Any:
    """Leave the pages of leads as they come, since others look at them too."""
    yield
    from core.api import SYSTEM, change_customising
    with site.installation.current().env(SYSTEM) as env:
        for target in list(env.registry.customising.of("layout")):
            change_customising(env, "layout", target, None)
    site.installation.current()


def opened(page: Page, kind: str, owner: str = "installation") -> Page:
    """The editor of one page."""
    page.goto(f"{EDITOR}/{kind}?for={owner}")
    page.locator("[data-canvas] [data-item]").first.wait_for()
    return page


def store(page: Page) -> None:
    """Save and wait for the page to come back."""
    with page.expect_navigation(timeout=60_000):
        page.locator('[data-do="save"]').click()
    page.locator("[data-canvas] [data-item]").first.wait_for()


def order(page: Page, parent: str) -> list[str]:
    """What stands in a part, from its beginning."""
    return page.locator(f'[data-parent="{parent}"] > [data-node]').evaluate_all("nodes => nodes.map(node => node.dataset.node)")


@LANGUAGES
def test_a_list_is_arranged_by_mouse(page_as: PageAs, site: Site, lang: str) -> None:
    page = opened(page_as("admin", lang), "list")
    assert order(page, "@layout")[:3] == ["name", "company", "status"]
    page.locator('[data-node="email"]').drag_to(page.locator('[data-node="name"]'), target_position={"x": 60, "y": 4})
    expect(page.locator("[data-live]")).not_to_be_empty()
    page.locator("[data-find]").fill("شهر" if lang == "fa" else "City")
    page.locator('[data-offer="fields:city"]').drag_to(page.locator('[data-node="company"]'), target_position={"x": 60, "y": 30})
    page.locator('[data-tool="remove"][data-for="source"]').evaluate("button => button.click()")
    now = order(page, "@layout")
    assert now[0] == "email" and now[now.index("company") + 1] == "city" and "source" not in now
    store(page)
    assert order(page, "@layout") == now
    word = f"ls{uuid.uuid4().hex[:6]}"
    site.create("sara", LEAD, [{"last_name": word, "email": f"{word}@example.com", "city": "Tabriz"}])
    page.goto(f"/r/{LEAD}")
    expect(page.locator("tbody").get_by_text("Tabriz").first).to_be_visible()


@LANGUAGES
def test_a_form_is_arranged_by_keys(page_as: PageAs, lang: str) -> None:
    page = opened(page_as("admin", lang), "form")
    field = page.locator('[data-item="job_title"]')
    field.focus()
    page.keyboard.press("Alt+ArrowUp")
    assert order(page, "main")[:4] == ["first_name", "last_name", "job_title", "company"]
    said = page.locator("[data-live]").inner_text()
    assert said
    page.keyboard.press("Alt+ArrowRight" if lang == "fa" else "Alt+ArrowLeft")  # outwards, as the eye sees it
    assert "job_title" in order(page, "@layout")
    page.keyboard.press("Alt+ArrowLeft" if lang == "fa" else "Alt+ArrowRight")  # and in again
    assert order(page, "main")[-1] == "job_title"
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert order(page, "main")[2] == "job_title"
    page.locator('[data-item="company"]').focus()
    page.keyboard.press("Delete")
    assert "company" not in order(page, "main")
    offer = page.locator('[data-offer="away:company"]')
    page.locator('[data-item="email"]').click()
    offer.focus()
    page.keyboard.press("Enter")
    reach = order(page, "reach")
    assert reach[reach.index("email") + 1] == "company"
    store(page)
    assert order(page, "reach") == reach
    expect(page.locator(".le-list li")).to_have_count(1)  # the rest follows from it


@LANGUAGES
def test_words_conditions_and_a_look(page_as: PageAs, site: Site, lang: str) -> None:
    word = f"Ly{uuid.uuid4().hex[:8]}"
    site.create("sara", LEAD, [{"last_name": word, "company": "Aftab", "email": f"{word}@example.com".lower()}])
    page = opened(page_as("admin", lang), "form")
    page.locator('[data-item="company"]').click()
    panel = page.locator("[data-panel]")
    panel.locator(f'[data-prop="label"] input[data-lang="{lang}"]').fill("بنگاه" if lang == "fa" else "Firm")
    expect(page.locator('[data-item="company"]')).to_contain_text("بنگاه" if lang == "fa" else "Firm")
    shown = panel.locator('[data-prop="visible"]')
    shown.locator("select").select_option("when")
    shown.locator("textarea").fill("rating ==")
    expect(shown.locator("textarea")).to_have_attribute("aria-invalid", "true")
    page.locator('[data-do="save"]').click()
    expect(page.locator("[data-errors]")).to_be_visible()
    shown.locator("textarea").fill('last_name != ""')
    expect(shown.locator("textarea")).to_have_attribute("aria-invalid", "false")
    page.locator('[data-do="preview"]').click()
    frame = page.frame_locator('iframe[name="layout-preview"]')
    expect(frame.locator("h1")).to_contain_text(word)
    expect(frame.locator(".record-main").get_by_text("بنگاه" if lang == "fa" else "Firm", exact=True)).to_be_visible()
    page.locator('[data-preview] select[name="lang"]').select_option("en" if lang == "fa" else "fa")
    expect(frame.locator("html")).to_have_attribute("dir", "ltr" if lang == "fa" else "rtl")
    page.locator('[data-width="phone"]').click()
    expect(page.locator(".le-frame.phone")).to_be_visible()
    eventually(lambda: frame.locator("a").first.evaluate("link => link.inert"))
    store(page)
    page.locator('[data-item="company"]').click()
    expect(panel.locator('[data-prop="visible"] textarea')).to_have_value('last_name != ""')


def test_two_at_one_page(page_as: PageAs) -> None:
    first, second = opened(page_as("admin", "en"), "card"), opened(page_as("boss", "en"), "card")
    for page in (first, second):
        page.locator("[data-item]").first.focus()
        page.keyboard.press("Alt+ArrowDown")
    store(first)
    second.locator('[data-do="save"]').click()
    expect(second.locator("[data-errors]")).to_contain_text("Somebody else")


def test_on_a_phone_things_move_by_buttons(page_as: PageAs) -> None:
    page = opened(page_as("admin", "fa", width=PHONE), "quick")
    before = order(page, "@layout")
    page.locator("[data-item]").first.tap()
    page.locator(f'[data-tool="down"][data-for="{before[0]}"]').tap()
    assert order(page, "@layout")[:2] == [before[1], before[0]]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@LANGUAGES
def test_a_field_through_a_link_is_put_on_the_page_by_a_click(page_as: PageAs, site: Site, lang: str) -> None:
    account = site.create("admin", "contacts.account", {"name": "Arman", "website": "https://arman.example"})
    contact = site.create("admin", "contacts.contact", {"last_name": "Ahmadi", "account": account})
    page = page_as("admin", lang)
    page.goto("/x/studio/layout/contacts.contact/form?for=installation")
    group = page.locator('details[data-group="through-account"]')
    assert not group.locator("ul").is_visible()
    group.locator("summary").click()
    page.locator('[data-offer="through-account:account.website"]').click()
    expect(page.locator('[data-node="account.website"]')).to_be_visible()
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert group.locator("ul").is_visible(), "what was unfolded stays so"
    asked = page.locator("[data-panel] [data-prop]").evaluate_all("all => all.map(one => one.dataset.prop)")
    assert asked == ["label", "help", "span", "visible"]
    page.locator("[data-find]").fill("وب" if lang == "fa" else "website")
    store(page)
    page.goto(f"/r/contacts.contact/{contact}")
    expect(page.locator('dl a[href="https://arman.example"]')).to_be_visible()


@LANGUAGES
def test_on_a_phone_the_properties_stay_in_sight(page_as: PageAs, site: Site, lang: str) -> None:
    page = opened(page_as("admin", lang, width=PHONE), "form")
    page.locator('[data-item="company"]').click()
    expect(page.locator('[data-panel] [data-prop="label"]')).to_be_in_viewport()
