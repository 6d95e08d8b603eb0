"""What was typed into a form of the studio: from the form itself, or kept by the page that asks before it is applied."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from core.api import LANGUAGES, Env, _, layouts
from core.web_api import BadRequest, FieldView, Option, Request

KEPT = "typed"
"""The hidden input in which the page between carries a form along."""
SKIPPED = frozenset((KEPT, "csrf_token", "do"))
MOST = 400_000


class Typed:
    """The posted names and values of a form; it reads like a request, so that inputs show again what was typed."""

    def __init__(self, request: Request) -> None:
        self.posted = request.posted
        kept = request.value(KEPT) if request.posted else ""
        self.pairs = _unpacked(kept) if kept else [p for p in request.posted_pairs() if p[0] not in SKIPPED] if request.posted else []
        self._by_name: dict[str, list[str]] = {}
        for name, value in self.pairs:
            self._by_name.setdefault(name, []).append(value)

    def value(self, name: str, default: str = "") -> str:
        """The first value of a name, without spaces around it."""
        found = self._by_name.get(name)
        return found[0].strip() if found else default

    def values(self, name: str) -> list[str]:
        """All values of a name."""
        return self._by_name.get(name, [])

    def has(self, name: str) -> bool:
        """Whether the form held this name."""
        return name in self._by_name

    def on(self, name: str) -> bool:
        """Whether a switch was on."""
        return self.value(name) == "1"

    def words(self, name: str, most: int = 120, stored: Mapping[str, str] | None = None) -> dict[str, str]:
        """A text in each language, those that are empty left out; of `stored`, languages that the form does not ask stay."""
        found = {lang: self.value(f"{name}_{lang}")[:most] for lang in LANGUAGES}
        kept = {lang: text for lang, text in (stored or {}).items() if lang not in LANGUAGES}
        return {lang: text for lang, text in found.items() if text} | kept

    @property
    def request(self) -> Request:
        """Itself, for the helpers that make inputs."""
        return cast(Request, self)

    def packed(self) -> str:
        """Everything, for the page between."""
        return json.dumps(self.pairs, ensure_ascii=False)


def _unpacked(text: str) -> list[tuple[str, str]]:
    try:
        found = json.loads(text[:MOST])
        return [(str(name), str(value)) for name, value in found]
    except (ValueError, TypeError, RecursionError):
        raise BadRequest(_("This form was not understood. Open it again.")) from None


def languages(env: Env) -> list[tuple[str, str]]:
    """The languages with their own names, the reader's first."""
    return sorted(LANGUAGES.items(), key=lambda pair: pair[0] != env.lang)


def words(env: Env, typed: Typed, name: str, label: str, stored: dict[str, str] | None = None, *, required: bool = False,
          help: str = "", most: int = 120) -> FieldView:  # noqa: A002 - the word the readers know
    """An input for each language under one heading."""
    columns = []
    for lang, title in languages(env):
        key = f"{name}_{lang}"
        value = typed.value(key) if typed.posted else (stored or {}).get(lang, "")
        columns.append(FieldView(key, title, "text", value, attrs={"lang": lang, "maxlength": str(most)}))
    return FieldView(name, env.t(label), "names", columns=columns, required=required, help=env.t(help) if help else "", width=2)


def choice(env: Env, typed: Typed, name: str, label: str, options: Sequence[tuple[str, str]], value: str = "", *, none: str = "",
           required: bool = False, help: str = "", width: int = 1) -> FieldView:  # noqa: A002
    """One of several, with what "none" is called."""
    chosen = typed.value(name) if typed.posted else value
    return FieldView(name, env.t(label), "select", chosen, required=required, placeholder=env.t(none) if none else "", width=width,
                     help=env.t(help) if help else "",
                     options=[Option(v, env.t(t), selected=v == chosen) for v, t in options])


def text_in(env: Env, labels: Any, fallback: str = "") -> str:
    """A stored text by language as the reader reads it."""
    known = {k: v for k, v in labels.items() if v and isinstance(v, str)} if isinstance(labels, Mapping) else labels
    return layouts.text_in(known, env.lang, env.t) or fallback
