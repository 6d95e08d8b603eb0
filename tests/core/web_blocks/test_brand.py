"""An installation's own look: colours that stay readable whatever was chosen, logos, pictures."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import looks
from core.api import Installation
from core.testing.browser import Visitor
from core.testing.plugin import user_id
from core.web import brand
from core.web.brand_colours import contrast, grounds, pairs

THEME = [Path(__file__).resolve().parents[3] / "themes" / "default"]
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==")
COLOUR = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@given(COLOUR, st.one_of(st.just(""), COLOUR))
def test_whatever_is_chosen_stays_readable(accent: str, dark: str) -> None:
    made = brand.schemes(accent, dark, THEME)
    for scheme, theme in zip(made[:2], made[2:], strict=True):
        found = pairs(scheme, theme)
        assert len(found) > 14 and not [p for p in found if not p.passes]


def test_a_readable_colour_is_left_alone() -> None:
    assert brand.schemes("#0d766e", "", THEME)[0]["accent"] == "#0d766e"
    assert contrast("#000000", "#ffffff") == pytest.approx(21) and grounds(THEME)[1]["surface"] == "#1a1917"


@pytest.mark.addons("base")
@pytest.mark.database("sqlite")
def test_pages_show_it_to_everybody(customise: Callable[..., None], installation: Installation) -> None:
    visitor = Visitor(installation)
    assert "brand.css" not in visitor.get("/login").get_data(as_text=True)
    customise("theme", "installation", {
        "accent": "#7a00cc", "logo": looks.packed(PNG), "logo_dark": {"media": "image/png", "data": "bm8="}})
    page = Visitor(installation).get("/login").get_data(as_text=True)
    sheet = re.search(r'href="(/static/brand-default/[^"]+/brand\.css)"', page)
    logo = re.search(r'src="(/static/brand-default/[^"]+/logo\.png)"', page)
    assert sheet and logo and "logo-dark" not in page, "what is no picture is not shown"
    answer = visitor.get(sheet[1])
    assert "--accent: light-dark(#7a00cc, " in answer.get_data(as_text=True) and "immutable" in answer.headers["Cache-Control"]
    assert answer.content_type.startswith("text/css")
    picture = visitor.get(logo[1])
    assert picture.get_data() == PNG and "sandbox" in picture.headers["Content-Security-Policy"]
    assert visitor.get(sheet[1].replace("brand.css", "../brand.css")).status_code == 404


@pytest.mark.addons("base")
@pytest.mark.database("sqlite")
def test_pictures_are_for_those_who_signed_in(customise: Callable[..., None], installation: Installation) -> None:
    customise("picture", "one.png", {"name": "x", **(looks.packed(PNG) or {})})
    customise("picture", "evil.svg", {"name": "x", "media": "image/svg+xml", "data": base64.b64encode(b"<svg onload='x'/>").decode()})
    sara = Visitor(installation, user_id(installation, "sara"))
    assert sara.get("/picture/one.png").get_data() == PNG
    assert sara.get("/picture/evil.svg").status_code == 404 == sara.get("/picture/none.png").status_code
    assert Visitor(installation).get("/picture/one.png").status_code in (303, 401)


@pytest.mark.parametrize("data", [{"accent": "red"}, {"accent": "#0d766e; }"}, {"accent": "#0D766E"}, {"logo": "x"}, {"css": "x"}, [],
                                  {"logo": {"media": "image/png", "data": base64.b64encode(b"<svg/>").decode()}},
                                  {"logo": {"media": "text/html", "data": base64.b64encode(PNG).decode()}}])
def test_wrong_themes_are_refused(data: object) -> None:
    assert looks.theme_faults(data)


def test_large_pictures_are_refused() -> None:
    assert looks.packed(PNG + b"\0" * looks.MOST_BYTES) is None
