"""From one colour to all that an accent needs, in light and dark: every text and edge made of it stays readable.

The chosen hue is kept; its lightness is moved just as far as WCAG AA asks (4.5 for text, 3 for edges) over the grounds of
the theme. All is worked out in OKLCH, where equal steps look equal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
TEXT, EDGE = 4.5, 3.0
SPARE = 0.05
"""A little more than is asked, so that rounding to whole bytes does not fall short."""
GROUNDS = ("surface", "surface-2", "surface-3", "canvas")
WHITE = "#ffffff"
Scheme = Mapping[str, str]


@dataclass(frozen=True)
class Pair:
    """Two colours that must be told apart, with the ratio there is and the one that is asked."""

    front: str
    back: str
    ratio: float
    least: float

    @property
    def passes(self) -> bool:
        """Whether it is enough."""
        return self.ratio >= self.least


def luminance(colour: str) -> float:
    """Relative luminance as WCAG counts it."""
    red, green, blue = (_linear(int(colour[i:i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    """Contrast ratio as WCAG counts it."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def grounds(folders: Iterable[Path]) -> tuple[dict[str, str], dict[str, str]]:
    """The colour tokens of a theme's folders (its own first) in light and in dark."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for folder in folders:
        sheet = folder / "static" / "css" / "tokens.css"
        for name, bright, dim in TOKEN.findall(sheet.read_text("utf-8")) if sheet.is_file() else ():
            light.setdefault(name, bright)
            dark.setdefault(name, dim)
    return light, dark


def light_tokens(colour: str, theme: Scheme) -> dict[str, str]:
    """The accent's tokens for light pages."""
    backs = [theme[g] for g in GROUNDS if g in theme]
    accent = _darkened(colour, lambda c: contrast(c, WHITE) >= TEXT + SPARE and all(contrast(c, b) >= EDGE + SPARE for b in backs))
    soft, selection, line = _toned(accent, 0.95, 0.03), _toned(accent, 0.965, 0.015), _toned(accent, 0.84, 0.05)
    text = _darkened(accent, lambda c: all(contrast(c, b) >= TEXT + SPARE for b in (*backs, soft, selection)))
    return {"accent": accent, "accent-hover": _shifted(accent, -0.06), "on-accent": WHITE, "accent-soft": soft, "accent-line": line,
            "accent-text": text, "focus": accent, "selection": selection, "chart-1": accent}


def dark_tokens(colour: str, theme: Scheme) -> dict[str, str]:
    """The accent's tokens for dark pages."""
    backs = [theme[g] for g in GROUNDS if g in theme]
    on = _toned(colour, 0.2, 0.03)
    accent = _lightened(colour, lambda c: contrast(c, on) >= TEXT + SPARE and all(contrast(c, b) >= EDGE + SPARE for b in backs))
    soft, selection, line = _toned(accent, 0.28, 0.04), _toned(accent, 0.265, 0.02), _toned(accent, 0.4, 0.06)
    text = _lightened(accent, lambda c: all(contrast(c, b) >= TEXT + SPARE for b in (*backs, soft, selection)))
    return {"accent": accent, "accent-hover": _shifted(accent, 0.06), "on-accent": on, "accent-soft": soft, "accent-line": line,
            "accent-text": text, "focus": _shifted(accent, 0.04), "selection": selection, "chart-1": accent}


def pairs(tokens: Scheme, theme: Scheme) -> list[Pair]:
    """Every two colours that meet where the accent is used."""
    known = {**theme, **tokens}
    wanted = [("on-accent", "accent", TEXT), ("on-accent", "accent-hover", TEXT), ("accent-text", "accent-soft", TEXT),
              ("accent-text", "selection", TEXT), ("text", "selection", TEXT), ("text", "accent-soft", TEXT),
              *(("accent-text", g, TEXT) for g in GROUNDS),
              *((e, g, EDGE) for e in ("accent", "focus") for g in GROUNDS if g != "surface-3"), ("chart-1", "surface", EDGE)]
    return [Pair(a, b, contrast(known[a], known[b]), least) for a, b, least in wanted if a in known and b in known]


def sheet(light: Scheme, dark: Scheme) -> str:
    """The style sheet that puts them over the theme's."""
    lines = "".join(f"  --{name}: light-dark({light[name]}, {dark[name]});\n" for name in light)
    return f":root {{\n{lines}}}\n"


# ---------------------------------------------------------------- colours as people see them
def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(int(colour[i:i + 2], 16) / 255) for i in (1, 3, 5))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    light = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return light, math.hypot(a, b), math.atan2(b, a)


def _hex(light: float, chroma: float, hue: float) -> str:
    """The nearest colour that screens have: what is too strong for its lightness is made paler, never another hue."""
    for _step in range(40):
        parts = _rgb(light, chroma, hue)
        if all(-0.0005 <= p <= 1.0005 for p in parts):
            break
        chroma *= 0.93
    coded = (p * 12.92 if p <= 0.0031308 else 1.055 * p ** (1 / 2.4) - 0.055 for p in (min(1.0, max(0.0, p)) for p in parts))
    return "#" + "".join(f"{round(p * 255):02x}" for p in coded)


def _rgb(light: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short)


def _toned(colour: str, light: float, most: float) -> str:
    """The hue at a lightness, no stronger than `most`."""
    _light, chroma, hue = _oklch(colour)
    return _hex(light, min(chroma, most), hue)


def _shifted(colour: str, by: float) -> str:
    light, chroma, hue = _oklch(colour)
    return _hex(min(0.99, max(0.05, light + by)), chroma, hue)


def _moved(colour: str, fits: Callable[[str], bool], step: float) -> str:
    if fits(colour):
        return colour
    light, chroma, hue = _oklch(colour)
    while 0.0 < light + step < 1.0:
        light += step
        made = _hex(light, chroma, hue)
        if fits(made):
            return made
    return "#000000" if step < 0 else WHITE


def _darkened(colour: str, fits: Callable[[str], bool]) -> str:
    return _moved(colour, fits, -0.005)


def _lightened(colour: str, fits: Callable[[str], bool]) -> str:
    return _moved(colour, fits, 0.005)
