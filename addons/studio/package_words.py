"""The parts of packages as people read them: layouts by the names that the editor has for pages and for whom they are."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.api import Env, _, fields, packages

from .keeping import EVERYBODY, PROFILE
from .layout_owners import KIND
from .layout_panel import KINDS


def label(env: Env, item: str, items: Mapping[str, Any] = MappingProxyType({})) -> str:
    """An item in words; what is not here yet is called as the package `items` says."""
    record, _bar, rest = item.removeprefix("layout ").partition("|")
    kind, _bar, owner = rest.partition("|")
    if not item.startswith("layout ") or kind not in KINDS:
        return packages.label_of(env, item, items)
    return " · ".join((packages.type_label(env, record, items) or record, env.t(KINDS[kind][0]), _for_whom(env, record, owner)))


def label_of_part(env: Env, part: packages.Part) -> str:
    """A part of what is here; all but layouts have their words already."""
    return label(env, part.item) if part.group == "layout" else part.label


def _for_whom(env: Env, record: str, owner: str) -> str:
    if owner == EVERYBODY:
        return env.t(_("Everybody"))
    if owner.startswith(PROFILE):
        name = owner.removeprefix(PROFILE)
        return env.t(_("Profile {name}", name=packages.label_of(env, name) if name.startswith("@") else name))
    field, _sign, value = owner.removeprefix(KIND).partition("=")
    rtype = env.registry.records.get(record)
    known = rtype.fields.get(field) if rtype is not None else None
    return f"{env.t(known.label)}: {env.t(known.called(env).get(value, value))}" if isinstance(known, fields.Choice) else value
