"""Every sensible filling of a route's arguments, with the numbers of given records in them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from werkzeug.routing import BuildError, Rule


def addresses(app: Any, rule: Rule, records: Mapping[str, int], texts: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Addresses of a route: `texts` by argument, each record type with its record's number, or every number where the type is
    not in the address. A route that cannot be filled at all is an error: it would not be attacked."""
    names, adapter = sorted(rule.arguments), app.url_map.bind("localhost")
    pools: list[Sequence[Any]] = []
    for argument in names:
        choices = getattr(rule._converters[argument], "items", None)  # noqa: SLF001 - of an `any(...)` in the route
        pools.append(sorted(records) if argument == "record" else sorted(choices) if choices else texts.get(argument, [None]))
    built = False
    for values in itertools.product(*pools):
        filled = dict(zip(names, values, strict=True))
        record = filled.get("record")
        for number in [records[record]] if record else sorted(set(records.values())):
            try:
                path = adapter.build(rule.endpoint, {a: number if v is None else v for a, v in filled.items()}, force_external=False)
            except (BuildError, ValueError):
                continue  # another filling fits this route
            built = True
            yield path
    assert built, f"{rule.rule} was not attacked: none of the fillings fits it"
