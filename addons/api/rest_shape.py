"""Which fields of a record are told, and rows as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from core.api import AccessDenied, Env, Link, _, fields
from core.web_api import base_currency

from .rest_problems import BadParameter
from .rest_values import kind_of, link_out, number_out, plain_out

CURRENCY = "base.currency"
ALWAYS = ("id", "version")
MOST_FIELDS, MOST_EXPANDED = 200, 10
MOST_CHILDREN = 100
"""Children of each record that come along; all of them are read under /links/."""


def is_told(env: Env, record: str, field: fields.Field) -> bool:
    """Whether a field is part of the API for the caller at all: secrets and what is hidden from the caller are not."""
    return not field.opaque and env.access.readable(record, field.name)


def holds_several(field: fields.Field) -> bool:
    """Whether a field leads to several records."""
    return isinstance(field, (fields.Many, fields.Children))


def is_held(env: Env, field: fields.Children) -> bool:
    """Whether the caller may see the records of a field of children, and whose they are."""
    return env.can("read", field.target) and env.access.readable(field.target, field.by)


def told_fields(env: Env, record: str, *, several: bool = True) -> list[str]:
    """Names of a type's fields that are told when none are asked for; without those that take a statement of their own."""
    return [name for name, field in env.registry.record(record).fields.items()
            if is_told(env, record, field) and not isinstance(field, fields.Children) and (several or not isinstance(field, fields.Many))]


def field_at(env: Env, record: str, path: str, parameter: str) -> fields.Field:
    """The field that a path leads to; BadParameter for one that does not exist or is hidden."""
    rtype = env.registry.record(record)
    *links, last = path.split(".")
    for name in links:
        link = rtype.fields.get(name)
        if link is None or not is_told(env, rtype.name, link) or not isinstance(link, fields.Link):
            raise BadParameter(parameter, _("{record} has no field “{field}”.", record=rtype.label, field=path))
        rtype = env.registry.record(link.target)
    found = rtype.fields.get(last)
    if found is None or not is_told(env, rtype.name, found):
        raise BadParameter(parameter, _("{record} has no field “{field}”.", record=rtype.label, field=path))
    return found


class Shape:
    """The paths that an answer has for each record, and how their values are written."""

    def __init__(self, env: Env, record: str, paths: Sequence[str], expand: Sequence[str] = (), parameter: str = "fields") -> None:
        if len(paths) > MOST_FIELDS:
            raise BadParameter(parameter, _("At most {count} fields.", count=MOST_FIELDS))
        self.env, self.record = env, record
        self.expand, self.children = self._expansions(expand)
        self.paths = list(dict.fromkeys((*ALWAYS, *(p for p in paths if p not in self.children), *self.expand)))
        known = {path: field_at(env, record, path, parameter) for path in self.paths}
        for path, field in known.items():
            if isinstance(field, fields.Children) or "." in path and isinstance(field, fields.Many):
                raise BadParameter(parameter, _("“{field}” holds several records: read them at …/links/{field}, or expand it.", field=path))
        self._money = {path: self._currency_path(path, field) for path, field in known.items() if kind_of(field) == "money"}
        self.select = list(dict.fromkeys((*self.paths, *(p for p in self._money.values() if p))))

    def _expansions(self, expand: Sequence[str]) -> tuple[list[str], list[str]]:
        """Fields to expand: links, and those that hold children."""
        if len(expand) > MOST_EXPANDED:
            raise BadParameter("expand", _("At most {count} fields.", count=MOST_EXPANDED))
        links: list[str] = []
        children: list[str] = []
        for path in dict.fromkeys(expand):
            field = field_at(self.env, self.record, path, "expand")
            if "." in path or not isinstance(field, (fields.Link, fields.Many, fields.Children)):
                raise BadParameter("expand", _("“{field}” does not lead to records of one type.", field=path))
            if isinstance(field, fields.Children) and not is_held(self.env, field):
                raise AccessDenied(_("You may not do this with {record}.", record=self.env.registry.record(field.target).plural))
            (children if isinstance(field, fields.Children) else links).append(path)
        return links, children

    def _currency_path(self, path: str, field: fields.Field) -> str:
        """The path of the link to the currency that an amount is in; "" for the base currency."""
        rtype = self.env.registry.record(field.record)
        name = getattr(field, "currency", None) or next(
            (n for n, f in rtype.fields.items() if n == "currency" and isinstance(f, fields.Link) and f.target == CURRENCY), "")
        head = path.rpartition(".")[0]
        return f"{head}.{name}" if head and name else name or ""

    def rows(self, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Rows as JSON, with what was expanded: one statement for each of these fields."""
        found = list(rows)
        made = [self._row(row) for row in found]
        for path in self.expand:
            self._fill(path, made)
        for name in self.children:
            self._fill_children(name, made)
        return made

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for path in self.paths:
            value = row.get(path)
            if path in self._money and value is not None:
                made[path] = {"amount": number_out(value), "currency": self._code(row, self._money[path])}
            else:
                made[path] = value if type(value) is str else plain_out(value)
        return made

    def _code(self, row: dict[str, Any], path: str) -> str | None:
        link = row.get(path) if path else None
        if isinstance(link, Link):
            return link.label
        return base_currency(self.env)

    def _fill(self, path: str, made: list[dict[str, Any]]) -> None:
        target = self.env.registry.record(self.record).fields[path].target  # type: ignore[attr-defined]  # checked above
        links = [link for row in made for link in (row[path] if isinstance(row[path], list) else [row[path]]) if link]
        keys = {link["id"] for link in links}
        shape = Shape(self.env, target, told_fields(self.env, target, several=False))
        rows = self.env.query(target).archived(None).with_ids(keys).select(*shape.select).order("id").rows() if keys else []
        values = {row["id"]: row for row in shape.rows(rows)}
        for link in links:
            link["values"] = values.get(link["id"])

    def _fill_children(self, name: str, made: list[dict[str, Any]]) -> None:
        target = self.env.registry.record(self.record).fields[name].target  # type: ignore[attr-defined]  # it holds children
        shape = Shape(self.env, target, told_fields(self.env, target, several=False))
        query = self.env.query(target).select(*shape.select)
        pages = query.first_held(self.record, name, [row["id"] for row in made], MOST_CHILDREN)
        told = iter(shape.rows(child for page in pages.values() for child in page.rows))
        for row in made:
            page = pages[row["id"]]
            row[name] = {"record": target, "records": [next(told) for _child in page.rows], "more": page.next is not None}


__all__ = ["ALWAYS", "Shape", "field_at", "holds_several", "is_held", "is_told", "link_out", "told_fields"]
