"""What rules do in the browser: pickers that follow, stages that may be reached, locked records, the pages of rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from core.security.actor import SYSTEM
from core.testing.plugin import Templates, open_installation
from tests.browser import steps
from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site, served
from tests.web_theme.gallery import violations

DEAL = "gates.deal"
FOLDER = str(Path(__file__).parents[1] / "fixtures" / "addons")


@pytest.fixture(scope="module")
def gates(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, Any]]]:
    """A server with the addon of pipelines, stages and deals, and what is in it."""
    installation = open_installation(templates.url("sqlite", ("gates",), (FOLDER,)), tmp_path_factory.mktemp("gates") / "data",
                                     folders=(FOLDER,))
    with installation.env(SYSTEM) as env:
        pipes = env.create("gates.pipeline", [{"name": "فروش"}, {"name": "صادرات"}])
        names = ("تماس", "پیشنهاد", "مذاکره", "قرارداد")
        stages = env.create("gates.stage", [{"name": n, "pipeline": p, "position": i} for p in pipes for i, n in enumerate(names)])
        rule = {"record_type": DEAL, "field_name": "stage"}
        env.create("base.move", [
            {**rule, "from_value": str(stages[0]), "to_value": str(stages[1])},
            {**rule, "to_value": str(stages[3]), "required_fields": ["reason", "lines"], "condition": "amount > 1000"}])
    with served(installation) as made:
        values = {"pipeline": pipes[0], "stage": stages[0], "amount": 1500}
        deals = made.create("sara", DEAL, [{"name": "آسیاب", **values}, {"name": "بسته", "status": "won", **values}])
        yield made, {"pipes": pipes, "stages": stages, "open": deals[0], "closed": deals[1]}
    installation.close()


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_a_picker_follows_what_stands_beside(gates: tuple[Site, dict[str, Any]], page_as: PageAs, lang: str) -> None:
    site, there = gates
    page = page_as("sara", lang, at=site)
    page.goto(f"/r/{DEAL}/new")
    stage = page.locator('.combo[data-name="stage"] input[role=combobox]')
    stage.click()
    expect(page.locator(".listbox .none")).to_contain_text("«" if lang == "fa" else "First fill in")
    page.keyboard.press("Escape")
    steps.pick(page, "pipeline", "صادرات")
    stage.click()
    expect(page.locator('[role="option"]')).to_have_count(4)
    steps.pick(page, "stage", "پیشنهاد")
    assert page.locator('input[type=hidden][name="stage"]').input_value() == str(there["stages"][5])
    page.locator('.combo[data-name="pipeline"] input[role=combobox]').fill("")
    steps.pick(page, "pipeline", "فروش")
    expect(page.locator('input[type=hidden][name="stage"]')).to_have_count(0)
    steps.pick(page, "stage", "پیشنهاد")
    page.locator("#f-name").fill(f"Followed {lang}")
    page.locator("#save").click()
    page.wait_for_url(lambda url: url.rsplit("/", 1)[1].isdigit())
    key = int(page.url.rsplit("/", 1)[1])
    assert site.value(DEAL, key, "stage").id == there["stages"][1]


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_the_path_and_the_lock(gates: tuple[Site, dict[str, Any]], page_as: PageAs, lang: str) -> None:
    site, there = gates
    page = page_as("sara", lang, at=site)
    page.goto(f"/r/{DEAL}/{there['open']}")
    expect(page.locator(".path form button.step")).to_have_count(1)
    page.locator(".path > li:last-child button[aria-disabled]").click(force=True)
    expect(page.locator("#toasts")).to_contain_text("قرارداد")
    page.goto(f"/r/{DEAL}/{there['closed']}")
    expect(page.locator(".alert-line.level-locked")).to_be_visible()
    expect(page.locator(".path form button.step")).to_have_count(0)
    assert violations(page) == []


@pytest.mark.parametrize("width", [1440, PHONE])
def test_pages_of_rules(gates: tuple[Site, dict[str, Any]], page_as: PageAs, width: int) -> None:
    site, there = gates
    page = page_as("boss", "fa", at=site, width=width)
    page.goto(f"/admin/moves/{DEAL}?group={there['pipes'][0]}")
    expect(page.locator("table input[type=checkbox]:checked")).to_have_count(1)
    assert violations(page) == []
    page.goto(f"/admin/moves/{DEAL}/rule/2?group={there['pipes'][0]}")
    expect(page.locator('input[name="required_fields"]:checked')).to_have_count(2)
    assert violations(page) == []
