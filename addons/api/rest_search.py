"""Finding records of all types by words, and figures of one type by groups."""

from __future__ import annotations

from typing import Any

from core.api import Env, _
from core.web_api import Request, Response

from .rest_list import CHOOSING, chosen
from .rest_pages import VERSION, answer, api, known_parameters, names_in, number_in, type_of
from .rest_problems import BadParameter
from .rest_shape import field_at, holds_several
from .rest_values import kind_of, plain_out

MOST_HITS, HITS, MOST_TYPES = 50, 10, 30
MOST_GROUPS, GROUPS = 1000, 500
NUMBERS = ("integer", "decimal", "money", "percent", "duration")


@api.route(f"{VERSION}/search")
def search(env: Env, request: Request) -> Response:
    """The newest records of each type that hold every word."""
    known_parameters(request, "q", "types", "limit")
    limit = number_in(request, "limit", HITS, MOST_HITS)
    words = request.arg("q").strip()
    if not words:
        raise BadParameter("q", _("Say what to look for."))
    asked = names_in(request, "types")
    for name in asked:
        type_of(env, name)
    known = [n for n, t in env.registry.records.items() if t.search_fields and env.can("read", n) and env.access.readable(n, t.title)]
    found: list[dict[str, Any]] = []
    for name in [n for n in known if not asked or n in asked][:MOST_TYPES if not asked else None]:
        title = env.registry.record(name).title
        rows = env.query(name).archived(None).search(words).order("-id").select(title).spoken().page(limit).rows
        found += [{"id": row["id"], "record": name, "label": str(row[title] or f"#{row['id']}")} for row in rows]
    return answer({"results": found})


@api.route(f"{VERSION}/records/<record>/aggregate")
def aggregate(env: Env, request: Request, record: str) -> Response:
    """Counts and sums by groups; without `group` of all together."""
    known_parameters(request, *CHOOSING, "group", "sum", "limit")
    type_of(env, record)
    groups, sums = names_in(request, "group"), names_in(request, "sum")
    for path in groups:
        field = field_at(env, record, path, "group")
        if holds_several(field) or not field.filterable or kind_of(field) in ("longtext", "richtext", "multichoice", "anylink"):
            raise BadParameter("group", _("Lists cannot be grouped by “{field}”.", field=path))
    for path in sums:
        field = field_at(env, record, path, "sum")
        if holds_several(field) or kind_of(field) not in NUMBERS:
            raise BadParameter("sum", _("“{field}” is no number.", field=path))
    if len(groups) > 3 or len(sums) > 10:
        raise BadParameter("group", _("At most three groups and ten sums."))
    rows = chosen(env, request, record).aggregate(groups, sums, limit=number_in(request, "limit", GROUPS, MOST_GROUPS))
    return answer({"groups": [{"values": {path: plain_out(row[path]) for path in groups}, "count": row["count"],
                               "sums": {path: plain_out(row[f"sum:{path}"]) for path in sums}} for row in rows]})
