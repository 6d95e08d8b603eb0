"""The tree of categories: names in a language, ways to the root, and what is under what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.api import Env, Invalid, _

from .choices import CATEGORY
from .texts import slug


@dataclass
class Branch:
    """A category in a language, with those under it; `count` are the reader's articles in it and below."""

    id: int
    name: str
    parent: int | None
    icon: str = "folder"
    description: str = ""
    count: int = 0
    below: list[Branch] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The readable part of its address."""
        return slug(self.name)


def circles(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Categories that would be under themselves."""
    parents = {r["id"]: r["parent"].id if r["parent"] else None for r in env.query(CATEGORY).archived(None).select("parent").rows()}
    changed = {r.__dict__["id"]: r.parent.id if r.parent else None for r in records if r.__dict__.get("id")}
    parents |= changed
    for record in records:
        own, at, seen = record.__dict__.get("id"), record.parent.id if record.parent else None, set()
        while own and at is not None and at not in seen:
            if at == own:
                yield Invalid(record, "parent", _("A category cannot be under itself."))
                break
            seen.add(at)
            at = parents.get(at)


def tree(env: Env, lang: str, counts: Mapping[int, int]) -> dict[int, Branch]:
    """All categories in a language by number, in their order, with the articles counted below each; read in one statement.

    Names of categories in which a reader may read nothing are not theirs to know: pages leave out those with a count of 0.
    """
    with env.elevated("names of the categories in which a reader may read something") as sudo:
        rows = sudo.query(CATEGORY).select("name", "other_names", "parent", "icon", "description", "other_descriptions").rows()
    found = {}
    for row in rows:
        names, texts = row["other_names"] or {}, row["other_descriptions"] or {}
        found[row["id"]] = Branch(row["id"], names.get(lang) or row["name"], row["parent"].id if row["parent"] else None,
                                  row["icon"] or "folder", texts.get(lang) or ("" if lang in names else row["description"] or ""))
    for branch in found.values():
        if branch.parent in found:
            found[branch.parent].below.append(branch)
        for step in way(found, branch.id):
            step.count += counts.get(branch.id, 0)
    return found


def way(branches: Mapping[int, Branch], key: int | None) -> list[Branch]:
    """From the root to a category."""
    found: list[Branch] = []
    at = branches.get(key) if key is not None else None
    while at is not None and at not in found:
        found.append(at)
        at = branches.get(at.parent) if at.parent is not None else None
    return found[::-1]


def under(branch: Branch) -> list[int]:
    """The numbers of a category and of all below it."""
    found, todo = [], [branch]
    while todo:
        one = todo.pop()
        if one.id not in found:
            found.append(one.id)
            todo.extend(one.below)
    return found
