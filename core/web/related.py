"""Related lists of a record: what points to it, a few rows each, fetched when they come into sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.env import Env
from core.errors import NotFound
from core.i18n.messages import _
from core.layouts import Node, text_in
from core.query.query import Query
from core.records.fields import AnyLinkField, ChildrenField, LinkField, ManyField
from core.registry.compose import RecordType
from core.web.showing import kind_row, layout_for, related_type
from core.web.small_tables import ROWS, chosen_columns, heads, ordered, read, rows
from core.web.urls import list_url, record_url, with_query
from core.web.viewmodels import Action, RelatedList


@dataclass(frozen=True)
class Relation:
    """A related list of a layout: the type it shows, and how its records point here (`by`: a link, or a field that holds several
    records) or what here holds them (`many`)."""

    node: Node
    target: RecordType
    by: str = ""
    many: str = ""


def relations(env: Env, rtype: RecordType, row: Mapping[str, Any] | None = None) -> list[Relation]:
    """The related lists of the page of a record like `row`, those the reader may see."""
    found = []
    for node in layout_for(env, rtype, "form", row).of_kind("related"):
        one = _relation(env, rtype, node)
        if one is not None and env.can("read", one.target.name):
            found.append(one)
    return found


def _relation(env: Env, rtype: RecordType, node: Node) -> Relation | None:
    target = related_type(env, rtype, node.id, node.get("record"))
    if target is None:
        return None
    field = rtype.fields.get(node.id)
    if isinstance(field, ManyField):
        return Relation(node, target, many=field.name)
    by = node.get("by") or (field.by if isinstance(field, ChildrenField) else "")
    link = target.fields.get(by)
    points = isinstance(link, (LinkField, AnyLinkField, ManyField))
    return Relation(node, target, by=by) if points and env.access.readable(target.name, by) else None


def one(env: Env, rtype: RecordType, key: int, name: str) -> Relation:
    """A related list of a record by its name; NotFound when there is none the reader may see."""
    found = next((r for r in relations(env, rtype, kind_row(env, rtype, key, "form")) if r.node.id == name), None)
    if found is None:
        raise NotFound
    return found


def head(env: Env, rtype: RecordType, key: int, relation: Relation, *, shut: bool = False) -> RelatedList:
    """A related list without its rows, to be fetched later. What is locked (`shut`) gets no more of what lives under it."""
    node, target = relation.node, relation.target
    field = rtype.fields.get(node.id)
    label = text_in(node.get("label") or (field.label if field is not None else target.plural), env.lang, env.t)
    made = RelatedList(node.id, label, icon=node.get("icon") or target.icon,
                       lazy_url=f"{record_url(rtype.name, key)}/related/{node.id}")
    if relation.by:
        several = isinstance(target.fields[relation.by], AnyLinkField)  # lists cannot be filtered by these
        made.url = "" if several else with_query(list_url(target.name), {f"filter.{relation.by}": f"#{key}", "s": "1"})
        locked = shut and target.parent == relation.by and not target.remarks
        if node.get("add") is not False and not locked and env.can("create", target.name) and env.access.writable(target.name, relation.by):
            begin = {relation.by: f"{rtype.name}:{key}" if several else str(key), "next": record_url(rtype.name, key)}
            made.actions = [Action(env.t(_("Add")), with_query(f"{list_url(target.name)}/new", begin), "plus-lg", kind="sheet")]
    return made


def build(env: Env, rtype: RecordType, key: int, relation: Relation) -> RelatedList:
    """A related list with its first rows."""
    made = head(env, rtype, key, relation)
    target, node = relation.target, relation.node
    columns = chosen_columns(env, target, node.get("columns"), but=relation.by)
    page = read(_query(env, rtype, key, relation), columns, int(node.get("limit") or ROWS))
    made.rows, made.columns = rows(env, target, columns, page.rows), heads(env, target, columns)
    made.count = env.format.number(len(page.rows)) + ("+" if page.next else "")
    made.lazy_url = ""
    return made


def _query(env: Env, rtype: RecordType, key: int, relation: Relation) -> Query:
    query = env.query(relation.target.name)
    order = ordered(env, relation.target, relation.node.get("order"))
    if order:
        query = query.order(*order)
    if relation.by:
        return query.holding(relation.by, [key], rtype.name if isinstance(relation.target.fields[relation.by], AnyLinkField) else "")
    links = env.query(rtype.name).with_ids([key]).archived(None).select(relation.many).rows(limit=1)
    return query.with_ids([link.id for link in links[0][relation.many]] if links else [])
