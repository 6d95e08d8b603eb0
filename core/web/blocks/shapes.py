"""Whether the options of a stored block have the shape that their kinds need: asked each time it is drawn, so it asks no database.

What they mean is looked at once, before a block is kept (`kinds.faults`). But a block may have been stored by an earlier release,
by hand or by another installation, and no page may break over it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.ui import BlockKind, OptionSpec


def crooked(kind: BlockKind, options: Any) -> OptionSpec | str | None:
    """The first option whose value cannot be, or what else is wrong; None where everything has its shape."""
    if not isinstance(options, Mapping):
        return "options"
    for spec in kind.options:
        value = options.get(spec.name)
        if value in (None, "", [], {}):
            if spec.required:
                return spec
        elif not FITS.get(spec.kind, _text)(spec, value):
            return spec
    return None


def _text(_spec: OptionSpec, value: Any) -> bool:
    return isinstance(value, str)


def _texts(_spec: OptionSpec, value: Any) -> bool:
    return isinstance(value, str) or isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values())


def _names(_spec: OptionSpec, value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _number(spec: OptionSpec, value: Any) -> bool:
    return type(value) is int and spec.least <= value <= spec.most


def _choice(spec: OptionSpec, value: Any) -> bool:
    return isinstance(value, str) and value in {known for known, _label in spec.choices}


def _links(spec: OptionSpec, value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) and isinstance(one.get("href"), str)
                                           and _texts(spec, one.get("label") or "") for one in value)


FITS: dict[str, Callable[[OptionSpec, Any], bool]] = {
    "words": _texts, "rich": _texts, "fields": _names, "order": _names, "number": _number, "choice": _choice, "links": _links}
"""By kind of option; all others are texts."""
