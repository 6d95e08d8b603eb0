"""What the default theme promises without a browser: every template renders, nothing is inline, colours contrast,
style sheets are logical, and a page stays light."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.web_theme import gallery
from tests.web_theme.fakes import Fakes

STATIC = gallery.THEME / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
TINTS = ("grey", "red", "orange", "yellow", "green", "teal", "blue", "violet", "pink")
TEXT_PAIRS = [(text, ground) for text in ("text", "text-2", "text-3", "accent-text")
              for ground in ("surface", "surface-2", "surface-3", "canvas")] + [
    ("on-accent", "accent"), ("on-accent", "accent-hover"), ("accent-text", "accent-soft"), ("accent-text", "selection"),
    ("text", "selection"), ("text", "accent-soft"), ("on-danger", "danger"), ("on-danger", "danger-hover"),
    ("danger", "surface"), ("danger", "surface-2"), *((f"{t}-text", f"{t}-soft") for t in TINTS)]
EDGE_PAIRS = [(edge, ground) for edge in ("edge", "accent", "focus") for ground in ("surface", "surface-2", "canvas")] + [
    (f"chart-{i}", "surface") for i in range(1, 9)]
ELSEWHERE = ("record.js", "composer.js", "richtext.js", "small.js", "forms.js", "arranging.js", "conditions.js")
"""Scripts that come with a record's page, or with a form when one is opened."""
CALENDAR = ("calendar.css", "places.css", "calendar.js", "calendardrag.js", "calendarkeys.js", "calendarplaces.js")


def tokens() -> dict[str, tuple[str, str]]:
    """Colour tokens: name -> (light, dark)."""
    text = (STATIC / "css" / "tokens.css").read_text("utf-8")
    return {name: (light, dark) for name, light, dark in
            re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", text)}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb."""
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    """Contrast ratio as WCAG counts it."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("pair,least", [*((p, 4.5) for p in TEXT_PAIRS), *((p, 3.0) for p in EDGE_PAIRS)],
                         ids=lambda value: "-on-".join(value) if isinstance(value, tuple) else "")
def test_colours_contrast(pair: tuple[str, str], least: float) -> None:
    """Text and edges are readable in both schemes."""
    found = tokens()
    for scheme in (0, 1):
        assert contrast(found[pair[0]][scheme], found[pair[1]][scheme]) >= least, ("light", "dark")[scheme]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda p: p.name)
def test_styles_are_logical_and_use_tokens(sheet: Path) -> None:
    """No physical sides, no raw colour outside the tokens, no foreign address."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.S)
    sides = r"(margin|padding|border|scroll-margin)-(left|right)|left|right|top|bottom|float|border-(top|bottom)-\w+-radius"
    physical = rf"(?<![\w-])({sides})\s*:"
    assert not re.search(physical, text)
    assert not re.search(r"text-align:\s*(left|right)", text)
    assert "http:" not in text and "https:" not in text and "@import" not in text
    if sheet.name != "tokens.css":
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|rgb\(|hsl\(", text)
    used, known = set(re.findall(r"var\((--[\w-]+)", text)), set()
    for other in SHEETS:
        known |= set(re.findall(r"(--[\w-]+)\s*:", other.read_text("utf-8")))
    assert used <= known


@pytest.mark.parametrize("lang", ["fa", "en"])
@pytest.mark.parametrize("name", [*gallery.pages(Fakes()), *(f"fragment:{n}" for n in gallery.fragments(Fakes()))])
def test_templates_render_without_anything_inline(name: str, lang: str) -> None:
    """Every template renders; the content security policy has nothing to forbid."""
    kind, _sep, rest = name.partition(":")
    made = gallery.render_fragment(Fakes(lang), rest) if rest else gallery.render(Fakes(lang), kind)
    assert not re.search(r"<[^>]+\sstyle\s*=", made)
    assert not re.search(r"<[^>]+\son\w+\s*=\s*[\"']", made)
    assert "<style" not in made and "javascript:" not in made
    for tag in re.findall(r"<script[^>]*>", made):
        assert "src=" in tag or 'type="application/json"' in tag
    ids = re.findall(r'\sid="([^"]+)"', re.sub(r"<template.*?</template>", "", made, flags=re.S))
    assert len(ids) == len(set(ids))
    if not rest:
        assert made.count("<h1") == 1 and f'lang="{lang}"' in made


def test_every_template_is_in_the_gallery() -> None:
    """A new page or fragment must be shown (and so be checked) here."""
    folder = gallery.THEME / "templates"
    shown = {t for t, *_rest in gallery.pages(Fakes()).values()} | {t for t, _c in gallery.fragments(Fakes()).values()}
    there = {str(p.relative_to(folder)) for p in folder.rglob("*.html")}
    frames = {"base.html", "plain.html", "auth/frame.html"}
    assert {t for t in there if not t.startswith("partials/")} - frames == shown


def test_user_text_is_escaped() -> None:
    """A name is text, in HTML and inside of attributes and JSON."""
    k = Fakes("en")
    page = k.list_page()
    page.rows[0].cells[0].text = '<img src=x onerror="1">'
    page.rows[0].label = '"><script>'
    page.criteria_fields[0].label = "</template><script>"
    made = gallery.environment("en").get_template("list.html").render(shell=k.shell(""), page=page)
    assert "<img src=x" not in made and '"><script>' not in made and "</template><script>" not in made


def test_no_foreign_address() -> None:
    """Nothing is fetched from elsewhere."""
    for path in [*(gallery.THEME / "templates").rglob("*.html"), *(STATIC / "js").glob("*.js")]:
        text = path.read_text("utf-8").replace("http://www.w3.org", "")
        assert "http://" not in text and "https://" not in text.replace("`https://${address}`", ""), path.name


@pytest.mark.skipif(not (gallery.VENDOR / "bootstrap").is_dir(), reason="assets are not built")
@pytest.mark.parametrize("name,foreign", [
    ("list", {"board.css", "charts.css", "board.js", "boarddrag.js", *ELSEWHERE, *CALENDAR}),
    ("board", {"charts.css", "list.js", "columns.js", *ELSEWHERE, *CALENDAR}),
    ("calendar", {"board.css", "charts.css", "board.js", "boarddrag.js", "list.js", "columns.js", "inline.js", *ELSEWHERE})])
def test_the_heaviest_pages_stay_light(name: str, foreign: set[str]) -> None:
    """HTML, CSS and JS of the list, the board and the calendar, compressed, are under 150 KB (with every script of the theme but those
    that only other pages load)."""
    made = gallery.render(Fakes("fa"), name)
    files = [gallery.VENDOR / p for p in ("bootstrap/bootstrap.rtl.min.css", "bootstrap-icons/bootstrap-icons.min.css",
                                          "htmx/htmx.min.js", "sortable/Sortable.min.js")]
    files += [f for f in (*SHEETS, *sorted((STATIC / "js").glob("*.js"))) if f.name not in foreign]
    total = len(gzip.compress(made.encode())) + sum(len(gzip.compress(p.read_bytes())) for p in files)
    assert total < 150_000
