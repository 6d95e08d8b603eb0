"""Own fields in the browser: choices that hang on others follow at once, in the form and in place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from core.customise import Piece, apply_pieces
from core.security.actor import SYSTEM
from core.testing.plugin import Templates, open_installation
from tests.browser.conftest import PageAs
from tests.browser.site import Site, served

LEAD = "leads.lead"


def _choice(name: str, fa: str, values: dict[str, str], **data: object) -> Piece:
    options = [{"value": value, "labels": {"fa": label}} for value, label in values.items()]
    return Piece("field", f"{LEAD}.{name}", {"type": "choice", "labels": {"fa": fa}, "options": options, **data})


@pytest.fixture(scope="module")
def places(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server whose leads have a country and a city, the cities of that country."""
    installation = open_installation(templates.url("sqlite", ("leads",)), tmp_path_factory.mktemp("places") / "data")
    apply_pieces(installation, SYSTEM, [
        _choice("x_country", "کشور", {"ir": "ایران", "tr": "ترکیه"}),
        _choice("x_city", "شهر", {"tehran": "تهران", "shiraz": "شیراز", "izmir": "ازمیر"},
                depends={"field": "x_country", "allowed": {"ir": ["tehran", "shiraz"], "tr": ["izmir"]}})])
    with served(installation) as made:
        yield made
    installation.close()


def test_cities_follow_their_country(places: Site, page_as: PageAs) -> None:
    page = page_as("sara", at=places)
    page.goto(f"/r/{LEAD}/new")
    country, city = page.locator("select[name=x_country]"), page.locator("select[name=x_city]")
    expect(city.locator("option:not([hidden]):not([value=''])")).to_have_count(0)
    country.select_option("ir")
    expect(city.locator("option:not([hidden]):not([value=''])")).to_have_text(["تهران", "شیراز"])
    city.select_option("shiraz")
    country.select_option("tr")
    expect(city).to_have_value("")
    expect(city.locator("option:not([hidden]):not([value=''])")).to_have_text(["ازمیر"])
    city.select_option("izmir")
    page.locator("input[name=last_name]").fill("ازمیری")
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url(lambda address: not address.endswith("/new"))
    page.wait_for_selector("html[data-booted]")
    expect(page.locator("[data-field=x_city]").first).to_contain_text("ازمیر")
    page.locator("[data-field=x_city] [data-edit]").first.click()
    expect(page.locator("[data-field=x_city] select option:not([value=''])")).to_have_text(["ازمیر"])
