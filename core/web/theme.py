"""Templates: from the theme, its parents, the addons (`<addon>/…`) and the core, in that order.

There is one Jinja environment for each pair of theme and language, because `_` and `n_` are bound to the language and
macros see globals only. Compiled templates are kept on disk, so a second language costs little.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from core import themes
from core.i18n.messages import Message
from core.installation import Installation
from core.registry.registry import Registry
from core.themes import FALLBACK, THEMES
from core.web.quick_rows import quick_rows


class Themes:
    """The theme folders and the environments made of them for one registry."""

    def __init__(self, installation: Installation, registry: Registry, root: Path = THEMES) -> None:
        self.installation = installation
        self.registry = registry
        self.root = root
        self._made: dict[tuple[str, str, str], jinja2.Environment] = {}
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
        return themes.folders(name, self.root)

    def environment(self, theme: str, lang: str, digits: str) -> jinja2.Environment:
        """The environment for a theme, a language and the digits its texts are written with."""
        made = self._made.get((theme, lang, digits))
        if made is None:
            made = self._made[theme, lang, digits] = self._make(theme if theme in self.names() else FALLBACK, lang, digits)
        return made

    def _make(self, theme: str, lang: str, digits: str) -> jinja2.Environment:
        addons = {m.name: jinja2.FileSystemLoader(m.path / "templates") for m in self.registry.manifests
                  if (m.path / "templates").is_dir()}
        loader = jinja2.ChoiceLoader([
            *(jinja2.FileSystemLoader(f / "templates") for f in self.folders(theme)), jinja2.PrefixLoader(addons)])
        made = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
                                  lstrip_blocks=True, bytecode_cache=self._cache, auto_reload=False, cache_size=400)
        catalogs = self.installation.catalogs

        def translate(text: str, context: str = "", **values: Any) -> str:
            return catalogs.translate(Message(text, values, context=context), lang, digits)

        def translate_plural(one: str, many: str, count: int, context: str = "", **values: Any) -> str:
            return catalogs.translate(Message(one, {"count": count, **values}, many, count, context), lang, digits)

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
