"""The record on whose page a block stands: what expressions call `this`, and what `{{placeholders}}` are filled with.

    account == this.account and stage.kind == "open"

`this` is the record itself (its number) and `this.<field>` a value of it, read with the rights of whoever looks. The values
are put into the tree of the expression, never into its text, so nothing that stands in a record can change its meaning.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.errors import AccessDenied, ExpressionError
from core.expressions import Node, as_node, ast
from core.i18n.messages import _
from core.records.fields import Field, Link
from core.web.cells import value_cell
from core.web.money import with_currencies
from core.web.showing import resolve

if TYPE_CHECKING:
    from core.env import Env
    from core.registry.compose import RecordType
    from core.web.request import Request

THIS = "this"
PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_.]*)\s*\}\}", re.ASCII)
SAMPLES: Mapping[str, Any] = {"flag": True, "date": dt.date(2026, 1, 1), "datetime": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
                              "integer": 1, "number": Decimal(1), "link": 1, "text": "x"}
_KINDS = {"decimal": "number", "money": "number", "percent": "number", "duration": "integer", "file": "link", "image": "link"}


@dataclass
class Shown:
    """A record as its reader sees it; `rtype` None where a block stands on no record's page. `url` is where the block is fetched
    by itself, `token` the place in its list to go on from."""

    env: Env
    rtype: RecordType | None = None
    key: int = 0
    request: Request | None = None
    url: str = ""
    token: str = ""
    _read: dict[str, Any] = field(default_factory=dict)

    def values(self, paths: Iterable[str]) -> dict[str, Any]:
        """Values by path; AccessDenied when the reader may not see one of them."""
        wanted = list(dict.fromkeys(paths))
        rtype = self.rtype
        if wanted and rtype is None:
            raise ExpressionError(_("Here is no record that “this” could mean."))
        if any(resolve(self.env, rtype, p) is None for p in wanted):  # type: ignore[arg-type]
            raise AccessDenied(_("You may not see what this block needs."))
        missing = [p for p in wanted if p not in self._read]
        if missing:
            rows = self.env.query(rtype.name).with_ids([self.key]).archived(None).select(*missing).rows(1)  # type: ignore[union-attr]
            self._read.update(rows[0] if rows else dict.fromkeys(missing))
        return {p: self._read[p] for p in wanted}

    def sees(self, path: str) -> bool:
        """Whether there is such a value for this reader."""
        return self.rtype is not None and resolve(self.env, self.rtype, path) is not None

    def read(self, paths: Iterable[str]) -> None:
        """Read what several texts will ask for at once, as far as its reader may see it."""
        if self.rtype is not None:
            self.values(p for p in with_currencies(self.env, self.rtype, paths) if self.sees(p))

    def text(self, path: str) -> str:
        """A value as it is shown, "" for what its reader may not see."""
        known = resolve(self.env, self.rtype, path) if self.rtype is not None else None
        if known is None:
            return ""
        self.read([path])
        cell = value_cell(self.env, known[1], self._read[path], {**self._read, "id": self.key}, path)
        return cell.text or (cell.person.name if cell.person else "") or ", ".join(b.label for b in cell.badges)


def needed(env: Env, rtype: RecordType, path: str) -> Field:
    """A field that a block cannot be drawn without: AccessDenied where its reader may not see it, ExpressionError where there is
    none."""
    known = resolve(env, rtype, path)
    if known is not None:
        return known[1]
    at: RecordType | None = rtype
    *links, last = path.split(".")
    for name in links:
        at = env.registry.records.get(getattr(at.fields.get(name), "target", "")) if at is not None else None
    if at is None or last not in at.fields:
        raise ExpressionError(_("There is no field “{field}”."), field=path)
    raise AccessDenied(_("You may not see what this block needs."))


def placeholders(text: str) -> tuple[str, ...]:
    """The field paths that a text asks for, each once."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


def bound(shown: Shown, text: Any) -> Node | None:
    """A block's condition with the shown record's values in the place of `this`; None for no condition."""
    if not text:
        return None
    tree = as_node(text)
    values = shown.values(_asked(tree))

    def value(path: str) -> Any:
        return shown.key if path in ("", "id") else _plain(values[path])

    return _put(tree, value)


def check(env: Env, about: RecordType, text: Any, record: str) -> None:
    """Raise ExpressionError when a condition over `about` makes no sense on the page of `record` ("" for none)."""
    if not isinstance(text, str) or len(text) > ast.MAX_TEXT:
        raise ExpressionError(_("An expression is a text of at most {count} characters.", count=ast.MAX_TEXT))
    tree = as_node(text)

    def value(path: str) -> Any:
        rtype = env.registry.records.get(record)
        if rtype is None:
            raise ExpressionError(_("Here is no record that “this” could mean."))
        known = resolve(env, rtype, path) if path else None
        if path and known is None:
            raise ExpressionError(_("There is no field “{field}”."), field=path)
        return 1 if known is None else _sample(env, known)

    env.query(about.name).where(_put(tree, value)).id_select()


def _sample(env: Env, known: tuple[RecordType, Any]) -> Any:
    """Some value of a field, to see whether an expression fits its type."""
    info = env.registry.schema(known[0].name, known[1].name)
    if info is None or info.type in ("many", "children", "tags", "multichoice"):
        raise ExpressionError(_("“{field}” cannot be used here."), field=known[1].label)
    if info.options:
        return info.options[0]
    return SAMPLES.get(_KINDS.get(info.type, info.type), "x")


def _asked(tree: Node) -> list[str]:
    """Which fields of the shown record an expression reads."""
    return [".".join(n.names[1:]) for n in ast.walk(tree)
            if isinstance(n, ast.Path) and n.names[0] == THIS and n.names[1:] not in ((), ("id",))]


def _plain(value: Any) -> Any:
    if isinstance(value, Link):
        return value.id
    if isinstance(value, (list, tuple, dict)):
        raise ExpressionError(_("A field with several values cannot be used here."))
    return value


def _put(node: Node, value: Callable[[str], Any]) -> Node:
    """The tree with literals where `this…` stood."""
    if isinstance(node, ast.Path) and node.names[0] == THIS:
        return ast.literal(value(".".join(node.names[1:])), node.pos)
    changes: dict[str, Any] = {}
    for name in ("operand", "left", "right", "container", "body"):
        child = getattr(node, name, None)
        if isinstance(child, Node):
            changes[name] = _put(child, value)
    for name in ("items", "args"):
        if isinstance(getattr(node, name, None), tuple):
            changes[name] = tuple(_put(child, value) for child in getattr(node, name))
    return replace(node, **changes) if changes else node
