"""Lists: filtered, sorted, in pages by key that stay right while others write."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from core.api import Env, Query, _
from core.web_api import Request, Response, with_query

from .rest_pages import VERSION, answer, api, flag_in, known_parameters, names_in, number_in, type_of
from .rest_problems import BadParameter
from .rest_shape import Shape, field_at, told_fields

PURPOSE = "api page"
WEEK = 7 * 86400
MOST, USUAL = 1000, 100
MOST_HOLDERS = 100
"""Records of a page that bring their children along: it is shorter then than was asked for."""
CHOOSING = ("filter", "q", "archived", "deleted")
LISTING = (*CHOOSING, "fields", "expand", "sort", "limit", "after", "count")
ARCHIVED = {"false": False, "true": True, "all": None}


def chosen(env: Env, request: Request, record: str) -> Query:
    """The records that an address asks for."""
    query = env.query(record)
    which = request.arg("archived", "false")
    if which not in ARCHIVED:
        raise BadParameter("archived", _("Write true, false or all."))
    query = query.archived(ARCHIVED[which])
    if flag_in(request, "deleted"):
        env.require("delete", record)
        query = query.deleted(True)
    if request.arg("q"):
        if not env.registry.record(record).search_fields:
            raise BadParameter("q", _("These records hold no text that is searched."))
        query = query.search(request.arg("q"))
    return query.where(request.arg("filter") or None)


def ordered(env: Env, request: Request, query: Query, record: str) -> Query:
    """The order that an address asks for; without one that of the record type."""
    paths = names_in(request, "sort")
    for path in paths:
        field_at(env, record, path.removeprefix("-"), "sort")
    return query.order(*paths)


@api.route(f"{VERSION}/records/<record>")
def list_records(env: Env, request: Request, record: str) -> Response:
    """A page of records; `next` marks where the following one begins."""
    known_parameters(request, *LISTING)
    type_of(env, record)
    return page_of(env, request, chosen(env, request, record), record)


def page_of(env: Env, request: Request, query: Query, record: str) -> Response:
    """The page of a query that an address asks for."""
    expand = names_in(request, "expand")
    shape = Shape(env, record, names_in(request, "fields") or told_fields(env, record, several=False), expand)
    query = ordered(env, request, query, record).select(*shape.select)
    mark = _mark(request)
    limit = number_in(request, "limit", USUAL, MOST)
    page = query.page(min(limit, MOST_HOLDERS) if shape.children else limit, _place(request, mark))
    found: dict[str, Any] = {"records": shape.rows(page.rows), "next": None}
    if flag_in(request, "count"):
        found["count"] = query.count(None)
    if page.next is None:
        return answer(found)
    found["next"] = request.signed(PURPOSE, [mark, page.next], WEEK)
    pairs = [(k, v) for k, v in request.args() if k != "after"]
    return answer(found, Link=f'<{with_query(request.path, [*pairs, ("after", found["next"])])}>; rel="next"')


def _mark(request: Request) -> str:
    """What tells a list from others: a token of one is refused by all others."""
    parts = [request.path, *(request.arg(name) for name in (*CHOOSING, "sort"))]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _place(request: Request, mark: str) -> str | None:
    token = request.arg("after")
    if not token:
        return None
    found = request.unsigned(PURPOSE, token)
    if not (isinstance(found, list) and len(found) == 2 and found[0] == mark):
        raise BadParameter("after", _("This is not the next page of this list."))
    return str(found[1])


@api.route(f"{VERSION}/records/<record>/count")
def count_records(env: Env, request: Request, record: str) -> Response:
    """How many records there are."""
    known_parameters(request, *CHOOSING)
    type_of(env, record)
    return answer({"count": chosen(env, request, record).count(None)})
