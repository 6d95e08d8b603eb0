"""Templates: from the theme, its parents, the addons (`<addon>/…`) and the core, in that order.

There is one Jinja environment for each pair of theme and language, because `_` and `n_` are bound to the language and
macros see globals only. Compiled templates are kept on disk, so a second language costs little.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from core.i18n.messages import Message
from core.installation import ROOT, Installation
from core.registry.registry import Registry
from core.web.quick_rows import quick_rows

THEMES = ROOT / "themes"
FALLBACK = "default"


class Themes:
    """The theme folders and the environments made of them for one registry."""

    def __init__(self, installation: Installation, registry: Registry, root: Path = THEMES) -> None:
        self.installation = installation
        self.registry = registry
        self.root = root
        self._made: dict[tuple[str, str], jinja2.Environment] = {}
        self._cache = self._bytecode(installation)

    @staticmethod
    def _bytecode(installation: Installation) -> jinja2.BytecodeCache | None:
        folder = installation.settings.data / "cache" / "templates"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return None
        return jinja2.FileSystemBytecodeCache(str(folder))

    def names(self) -> list[str]:
        """Themes there are."""
        return sorted(p.parent.name for p in self.root.glob("*/theme.toml"))

    def folders(self, name: str) -> list[Path]:
        """A theme's folder and those of its parents; the default theme comes last in any case."""
        found: list[Path] = []
        while name and self.root / name not in found and (self.root / name / "theme.toml").is_file():
            found.append(self.root / name)
            name = str(tomllib.loads((self.root / name / "theme.toml").read_text("utf-8")).get("parent", ""))
        fallback = self.root / FALLBACK
        return found if fallback in found else [*found, fallback]

    def environment(self, theme: str, lang: str) -> jinja2.Environment:
        """The environment for a theme and a language."""
        made = self._made.get((theme, lang))
        if made is None:
            made = self._made[theme, lang] = self._make(theme if theme in self.names() else FALLBACK, lang)
        return made

    def _make(self, theme: str, lang: str) -> jinja2.Environment:
        addons = {m.name: jinja2.FileSystemLoader(m.path / "templates") for m in self.registry.manifests
                  if (m.path / "templates").is_dir()}
        loader = jinja2.ChoiceLoader([
            *(jinja2.FileSystemLoader(f / "templates") for f in self.folders(theme)), jinja2.PrefixLoader(addons)])
        made = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
                                  lstrip_blocks=True, bytecode_cache=self._cache, auto_reload=False, cache_size=400)
        catalogs = self.installation.catalogs
        digits = "arabext" if lang == "fa" else "latn"

        def translate(text: str, **values: Any) -> str:
            return catalogs.translate(Message(text, values), lang, digits)

        def translate_plural(one: str, many: str, count: int, **values: Any) -> str:
            return catalogs.translate(Message(one, {"count": count, **values}, many, count), lang, digits)

        made.globals["_"] = translate
        made.globals["n_"] = translate_plural
        made.globals["quick_rows"] = quick_rows
        drawn: dict[str, Markup] = {}

        def constant(name: str) -> Markup:
            """A template that says the same on every page of a language, drawn once."""
            if name not in drawn:
                drawn[name] = Markup(made.get_template(name).render())  # noqa: S704 - the template escaped it
            return drawn[name]

        made.globals["constant"] = constant
        return made
