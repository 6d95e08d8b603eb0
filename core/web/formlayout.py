"""From a page layout to the sections and tabs of a form: what stands where, shown or not, locked or not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from core.env import Env
from core.expressions import Node as Expression
from core.expressions import to_python
from core.layouts import Layout, Node, text_in
from core.layouts.conditions import Conditions, State
from core.layouts.links import placeholders
from core.records.fields import ChoiceField, Field, Link, LinkField
from core.registry.compose import RecordType
from core.web.money import with_currencies
from core.web.showing import resolve
from core.web.viewmodels import FieldView, Section, Tab

MakeField = Callable[[Field, Node, State], FieldView]
MakeBlock = Callable[[Node], list[Any]]
FREE = "details"
"""Id of the section for fields that stand in none."""


@dataclass
class FormLayout:
    """A layout fitted to a reader, with its conditions made ready."""

    env: Env
    rtype: RecordType
    layout: Layout
    conditions: Conditions
    pens: Set[str] | None = None
    """The fields that may be changed; None where nothing is locked."""
    put_away: Set[str] = frozenset()
    """Actions whose buttons customising took off the page."""
    kinds: Set[str] = frozenset()
    """The fields by whose values the form is arranged."""

    def paths(self) -> list[str]:
        """What must be read to draw it for a record."""
        wanted = [n.id for n in self.layout.walk() if n.kind == "field"]
        wanted += self.conditions.fields_read()
        beside = [n for f in map(self.rtype.fields.get, wanted) if isinstance(f, (ChoiceField, LinkField)) for n in f.beside]
        asked = [p for node in self.layout.of_kind("link") for p in placeholders(node.get("href", ""))]
        known = ((p, resolve(self.env, self.rtype, p)) for p in with_currencies(
            self.env, self.rtype, [*wanted, self.rtype.title, *beside, *asked]))
        return [*(p for p, found in known if found and found[1].type_name != "children"), "version", "archived"]

    def states(self, row: Mapping[str, Any]) -> dict[str, State]:
        """How each node stands for a record's values."""
        return self.conditions.states(Values(row))

    def fields(self) -> Iterator[tuple[Field, Node]]:
        """Own fields on the page, with their nodes."""
        for node in self.layout.walk():
            if node.kind == "field" and node.id in self.rtype.fields:
                yield self.rtype.fields[node.id], node


class Values:
    """What conditions read from a row: plain values, links as numbers, what is missing as empty."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._row = row

    def __call__(self, path: tuple[str, ...]) -> Any:
        value = self._row.get(".".join(path))
        if isinstance(value, Link):
            return value.id
        return [v.id if isinstance(v, Link) else v for v in value] if isinstance(value, list) else value


def fitted(env: Env, rtype: RecordType, layout: Layout, kinds: Set[str] = frozenset()) -> FormLayout:
    """Make a layout's conditions ready for the reader; `kinds` are the fields by whose values it is arranged."""
    def compile_(node: Expression) -> Callable[[Any], Any]:
        env.registry.node(rtype.name, node, "flag")
        run = to_python(node)
        return lambda values: run(values, env.context)

    return FormLayout(env, rtype, layout, Conditions(layout, compile_), kinds=kinds)


def draw(form: FormLayout, states: Mapping[str, State], make: MakeField, *, live: bool = True,
         block: MakeBlock | None = None) -> tuple[list[Section], list[Tab]]:
    """Sections and tabs. With `live`, what is hidden now is drawn with its condition, for the browser to show, if what the
    form asks for may change that. Blocks are drawn where `block` makes their panels, each a section of its own."""
    trees = form.conditions.for_browser() if live else {}
    drawer = _Drawer(form, states, make, trees, block)
    return drawer.sections(form.layout.nodes), drawer.tabs


class _Drawer:
    def __init__(self, form: FormLayout, states: Mapping[str, State], make: MakeField, trees: Mapping[str, Any],
                 block: MakeBlock | None) -> None:
        self.form, self.states, self.make, self.trees, self.block = form, states, make, trees, block
        self.tabs: list[Tab] = []
        self.asked = {f.name for f, _n in form.fields() if not f.readonly and form.env.access.writable(form.rtype.name, f.name)}

    def sections(self, nodes: Iterable[Node], tab: str = "", columns: int = 2) -> list[Section]:
        found: list[Section] = []
        free: Section | None = None
        for node in nodes:
            if not self._drawn(node):
                continue
            if node.kind == "tab":
                self.tabs.append(Tab(node.id, self._text(node, "label") or node.id, icon=node.get("icon") or ""))
                found += self.sections(node.children, node.id, int(node.get("columns") or 2))
            elif node.kind == "section":
                section = self._section(node, tab)
                if section.fields:
                    found.append(section)
                found += [b for leaf in node.walk() if leaf.kind == "block" and self._drawn(leaf) for b in self._block(leaf, tab)]
            elif node.kind == "block":
                free = None
                found += self._block(node, tab)
            elif node.kind in ("columns", "column"):
                found += self.sections(node.children, tab, columns)
            elif node.kind == "field":
                if free is None:
                    free = Section(f"{tab or FREE}-fields", columns=columns, tab=tab)
                    found.append(free)
                self._put(free, node)
        return [s for s in found if s.fields or s.panels]

    def _block(self, node: Node, tab: str) -> list[Section]:
        panels = self.block(node) if self.block is not None else []
        return [Section(node.id, tab=tab, panels=panels)] if panels else []

    def _section(self, node: Node, tab: str) -> Section:
        made = Section(node.id, self._text(node, "label"), int(node.get("columns") or 2), help=self._text(node, "help"),
                       collapsed=bool(node.get("collapsed")), tab=tab, visible_if=self._tree(node, "visible"))
        for child in node.children:
            for leaf in child.walk():
                if leaf.kind == "field" and self._drawn(leaf):
                    self._put(made, leaf)
        return made

    def _put(self, section: Section, node: Node) -> None:
        known = resolve(self.form.env, self.form.rtype, node.id)
        if known is None:
            return
        view = self.make(known[1], node, self.states.get(node.id, State()))
        view.name = node.id
        view.visible_if = self._tree(node, "visible")
        view.readonly_if = self._tree(node, "readonly")
        view.required_if = self._tree(node, "required")
        view.width = min(view.width, section.columns)
        section.fields.append(view)

    def _drawn(self, node: Node) -> bool:
        if self.states.get(node.id, State()).visible:
            return True
        return "visible" in self.trees.get(node.id, {}) and not self.asked.isdisjoint(self.form.conditions.reads(node.id, "visible"))

    def _tree(self, node: Node, name: str) -> str:
        tree = self.trees.get(node.id, {}).get(name)
        return json.dumps(tree, ensure_ascii=False) if tree is not None else ""

    def _text(self, node: Node, prop: str) -> str:
        return text_in(node.get(prop), self.form.env.lang, self.form.env.t)
