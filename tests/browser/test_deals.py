"""From a lead to a won deal: the dialog of conversion, a gate on the board, the dialog of closing, the forecast."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from core.api import SYSTEM
from tests.browser import steps
from tests.browser.conftest import PageAs
from tests.browser.site import Site, eventually

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])
DEAL, LEAD = "deals.deal", "leads.lead"


def gated(site: Site) -> tuple[int, int]:
    """A pipeline of its own with a gate before its second stage: the numbers of both stages."""
    word = uuid.uuid4().hex[:8]
    with site.installation.env(SYSTEM) as env:
        pipeline = env.create("deals.pipeline", {"name": f"Tenders {word}", "position": 90})
        first, second, _won, _lost = env.create("deals.stage", [
            {"name": f"Asked {word}", "pipeline": pipeline, "position": 10},
            {"name": f"Offered {word}", "pipeline": pipeline, "position": 20},
            {"name": f"Won {word}", "pipeline": pipeline, "position": 30, "category": "won"},
            {"name": f"Lost {word}", "pipeline": pipeline, "position": 40, "category": "lost"}])
        env.create("base.move", {"record_type": DEAL, "field_name": "stage", "to_value": str(second), "required_fields": ["next_step"]})
        return first, second


@LANGUAGES
def test_a_lead_becomes_a_deal_that_is_won_and_forecast(site: Site, page_as: PageAs, lang: str) -> None:
    """Convert with amount, win in the dialog, see it in the forecast, open the deals behind the number."""
    word = f"Dw{uuid.uuid4().hex[:8]}"
    key = site.create("sara", LEAD, {"last_name": word, "company": f"Firm {word}", "email": f"{word}@example.com".lower(), "status": "new"})
    page = page_as("sara", lang)
    page.goto(f"/x/leads/{key}/convert")
    page.locator(f'input[name="{DEAL}"][value="create"]').check()
    page.locator(f'input[name="{DEAL}.amount"]').fill("1,250")
    page.locator("[data-convert] .btn-primary").click()
    page.wait_for_url(re.compile(rf"/r/{DEAL}/\d+$"))
    deal = int(page.url.rsplit("/", 1)[1])
    assert int(site.value(DEAL, deal, "amount")) == 1250
    page.locator(f'a[href$="/x/deals/{deal}/won"], form[action*="/win"] button, button:has(.bi-trophy), a:has(.bi-trophy)').first.click()
    page.wait_for_url("**/won")
    page.locator('input[name="actual_amount"]').fill("1,200")
    page.locator('select[name="reason"]').select_option(index=1)
    page.locator(".form-foot .btn-primary").click()
    page.wait_for_url(re.compile(rf"/r/{DEAL}/{deal}$"))
    expect(page.locator(".level-locked")).to_be_visible()
    assert site.value(DEAL, deal, "status") == "won"
    page.goto("/x/deals/forecast")
    number = page.locator(".deal-forecast tbody td a[href*='won']").first
    expect(number).to_be_visible()
    number.click()
    expect(page.locator(steps.ROWS).first).to_be_visible()
    assert f"Firm {word}" in page.locator("main").inner_text()


@LANGUAGES
def test_a_gate_sends_the_card_back_with_the_reason(site: Site, page_as: PageAs, lang: str) -> None:
    """By keys: refused without a next step, moved with one."""
    first, second = gated(site)
    word = f"Dg{uuid.uuid4().hex[:8]}"
    account = site.create("sara", "contacts.account", {"name": f"Firm {word}"})
    pipeline = int(site.value("deals.stage", first, "pipeline").id)
    key = site.create("sara", DEAL, {"name": word, "account": account, "pipeline": pipeline, "amount": 10})
    page = page_as("sara", lang)
    page.goto(f"/r/{DEAL}/board?s=1&q={word}&within.pipeline={pipeline}")
    expect(page.locator(f'[data-card-id="{key}"]')).to_be_visible()
    eventually(lambda: page.evaluate("Boolean(document.querySelector('[data-module=board]').board)"))
    onward = "ArrowLeft" if lang == "fa" else "ArrowRight"

    def move() -> None:
        page.locator(f'[data-card-id="{key}"] .title-link').focus()
        page.keyboard.press("Space")
        page.keyboard.press(onward)
        expect(page.locator(f'.board-col[data-key="v{second}"]')).to_have_class(re.compile("over"))
        page.keyboard.press("Enter")

    move()
    expect(page.locator('.toast-item[data-level="error"]')).to_be_visible()
    expect(page.locator(f'.board-col[data-key="v{first}"] [data-card-id="{key}"]')).to_be_visible()
    assert site.value(DEAL, key, "stage").id == first
    with site.installation.env(SYSTEM) as env:
        env.update(DEAL, key, {"next_step": "Send the offer"})
    page.reload()
    eventually(lambda: page.evaluate("Boolean(document.querySelector('[data-module=board]').board)"))
    move()
    eventually(lambda: site.value(DEAL, key, "stage").id == second)
