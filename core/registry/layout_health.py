"""What no longer fits in the layouts: asked by the health page, `check` and the studio, never while a page is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.layouts import Problem
from core.layouts.default import FieldDescription
from core.layouts.lint import lint
from core.registry.registry import LAYOUT_KINDS, Registry

_SHIPPED = ("form", "list", "card")


def layout_problems(registry: Registry) -> Mapping[tuple[str, str], list[Any]]:
    """Everything that no longer fits, by (record, kind)."""
    found: dict[tuple[str, str], list[Any]] = {}
    for record in registry.records:
        for kind in LAYOUT_KINDS:
            problems = list(registry.layout(record, kind).problems) if kind in _SHIPPED else []
            problems = [each for each in problems if each.owner != "installation"]
            problems += [problem for owner in registry.layout_owners(record, kind)
                         for problem in customised_problems(registry, record, kind, owner)]
            if problems:
                found[record, kind] = problems
    return found


def customised_problems(registry: Registry, record: str, kind: str, owner: str) -> Iterator[Problem]:
    """What one layer of customising asks for and does not get, with what is wrong in its own nodes."""
    rtype = registry.record(record)
    owners = [each for each in ("installation", owner) if each in registry.layout_owners(record, kind)]
    fields = {name: FieldDescription.of(field) for name, field in rtype.fields.items()}
    seen: set[tuple[str, str, int]] = set()
    for problem in lint(registry.base_layout(record, kind), fields, layers=registry.layers(record, kind, dict.fromkeys(owners)),
                        actions=rtype.actions):
        key = (problem.kind, problem.node, id(problem.operation))
        if problem.owner == owner and key not in seen:
            seen.add(key)
            yield problem
