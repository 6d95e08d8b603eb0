"""Which fields a text may name: those its writer, or its sender, may read. One rule for checking and for rendering."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from addons.base.placeholders import MINE, TODAY, field_of
from core.api import Env

from .template_choices import EXTRAS

COMPANY = ("name", "legal_name", "phone", "email", "website", "address")
"""Of the own company: what stands on every letter."""
BUILT_IN = frozenset({*MINE, TODAY, *(f"company.{name}" for name in COMPANY)})
LOOP = frozenset({"index", "first", "last", "length"})
MOST_ROWS = 200


@dataclass(eq=False)
class Scope:
    """The record, or the rows of one loop, and which of their fields a text names."""

    record: str
    parent: Scope | None = None
    path: str = ""
    collection: Any = None
    fields: dict[str, Any] = field(default_factory=dict)
    inner: dict[str, Scope] = field(default_factory=dict)

    @property
    def link_path(self) -> str:
        """The links that lead to what a loop goes over, "" for a field of its own."""
        return self.path.rpartition(".")[0]

    def all(self) -> list[Scope]:
        """This one and all inside of it."""
        return [self, *(found for one in self.inner.values() for found in one.all())]


def own_field(env: Env, record: str, path: str) -> Any:
    """The field of a path when it may be shown, else None."""
    found = field_of(env, record, path)
    return None if found is None or found.sensitive or found.opaque else found


def collection_of(env: Env, record: str, path: str) -> Any:
    """The field with several records at the end of a path, when its records may be read, else None."""
    links, _dot, name = path.rpartition(".")
    if links:
        link = own_field(env, record, links)
        if link is None or link.type_name != "link":
            return None
        record = link.target
    rtype = env.registry.records.get(record)
    found: Any = rtype.fields.get(name) if rtype is not None else None
    if found is None or found.type_name not in ("children", "many", "tags") or found.sensitive:
        return None
    if not env.can("read", record) or not env.access.readable(record, name) or not env.can("read", found.target):
        return None
    if found.type_name == "children" and not env.access.readable(found.target, found.by):
        return None
    return found


def is_extra(path: str) -> bool:
    """Whether the sender gives this beside the record."""
    return path in EXTRAS


def title_of(env: Env, record: str) -> str:
    """The field by which records of a type are called."""
    return str(env.registry.record(record).title)


def label_of(env: Env, record: str, path: str) -> str:
    """What people call a path: "Account → City"; the path itself where nothing is known of it."""
    names: list[str] = []
    for name in path.split("."):
        rtype = env.registry.records.get(record)
        found = rtype.fields.get(name) if rtype is not None else None
        if rtype is None or found is None or not env.access.readable(record, name):
            return path
        names.append(env.t(found.label))
        record = getattr(found, "target", "") or ""
    return " › ".join(names)
