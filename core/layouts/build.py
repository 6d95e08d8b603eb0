"""Builders: how an addon writes its pages down.

    FORM = Form("deals.deal",
                Section("main", "name", "account", Place("amount", span=2), label=_("Deal"), columns=2),
                Tab("lines_tab", "lines", label=_("Lines")),
                Related("contacts", columns=["name", "email"]),
                Button("win"), aliases={"closing": "close_date"})

A plain text among nodes is the field of that name. Wrong properties are refused here, at start, with what is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.errors import DefinitionError
from core.i18n.messages import Message, _
from core.layouts.changes import LayoutChange, on
from core.layouts.conditions import stored, stored_props
from core.layouts.nodes import Layout, Node
from core.layouts.props import layout_faults, node_faults

__all__ = ["Block", "Button", "Calendar", "Card", "Column", "Columns", "Filter", "Form", "Kanban", "LayoutChange", "Link", "List",
           "Place", "Print", "Quick", "Related", "Search", "Section", "Spacer", "Tab", "on"]


def _node(node_id: str, kind: str, props: Mapping[str, Any], children: Iterable[str | Node] = ()) -> Node:
    kept = {name: value for name, value in stored_props(props).items() if value is not None}
    for fault in node_faults(node_id, kind, kept):
        raise DefinitionError(_("{kind} '{id}' of a layout: {fault}", kind=kind, id=str(node_id),
                                fault=fault.english()))
    return Node(node_id, kind, kept, _children(children))


def _children(children: Iterable[str | Node]) -> tuple[Node, ...]:
    return tuple(_node(child, "field", {}) if isinstance(child, str) else child for child in children)


def _layout(record: str, kind: str, nodes: Iterable[str | Node], props: Mapping[str, Any],
            aliases: Mapping[str, str] | None) -> Layout:
    kept = {name: value for name, value in props.items() if value is not None}
    for fault in layout_faults(kind, kept):
        raise DefinitionError(_("The {kind} layout of {record}: {fault}", kind=kind, record=record,
                                fault=fault.english()))
    layout = Layout(record, kind, _children(nodes), kept, aliases or {})
    seen: set[str] = set()
    for node in layout.walk():
        if node.id in seen:
            raise DefinitionError(_("The {kind} layout of {record} has '{id}' twice.", kind=kind, record=record,
                                    id=node.id))
        seen.add(node.id)
    return layout


def Place(name: str, **props: Any) -> Node:  # noqa: N802 - builders read as the thing they build
    """A field with properties of its own here: label, help, widget, width (1-12), span, visible, readonly, required,
    placeholder; in lists also pixels and pinned."""
    return _node(name, "field", props)


def Section(node_id: str, *children: str | Node, **props: Any) -> Node:  # noqa: N802
    """A titled group of fields: label, help, columns (1-4), collapsed, aside (stands in the side column), visible."""
    return _node(node_id, "section", props, children)


def Tab(node_id: str, *children: str | Node, **props: Any) -> Node:  # noqa: N802
    """A tab of the page: label, icon, columns, visible."""
    return _node(node_id, "tab", props, children)


def Columns(node_id: str, *children: Node, **props: Any) -> Node:  # noqa: N802
    """Columns side by side; its children are `Column`s."""
    return _node(node_id, "columns", props, children)


def Column(node_id: str, *children: str | Node, **props: Any) -> Node:  # noqa: N802
    """One of several columns: width (1-12), visible."""
    return _node(node_id, "column", props, children)


def Related(node_id: str, *, columns: Sequence[str] = (), **props: Any) -> Node:  # noqa: N802
    """A list of what points here: `node_id` is a children or many-to-many field, or any id with `record` and `by`
    (the link field of that record that points here). Also label, order, limit, add, aside, visible."""
    return _node(node_id, "related", {**props, "columns": list(columns)} if columns else props)


def Button(action: str, *, id: str | None = None, **props: Any) -> Node:  # noqa: N802, A002
    """A button that runs an action of the record: label, icon, style, confirm, visible. Its id is the action's name."""
    return _node(id or action, "button", {**props, "action": action})


def Link(node_id: str, label: str, href: str, **props: Any) -> Node:  # noqa: N802
    """A custom link; `href` may hold `{field}` placeholders, which are escaped when filled in."""
    return _node(node_id, "link", {**props, "label": label, "href": href})


def Block(node_id: str, widget: str, **props: Any) -> Node:  # noqa: N802
    """A widget that an addon supplies by name: label, options (plain values), aside, visible."""
    return _node(node_id, "block", {**props, "widget": widget})


def Spacer(node_id: str, **props: Any) -> Node:  # noqa: N802
    """An empty cell of the grid: span."""
    return _node(node_id, "spacer", props)


def Filter(node_id: str, label: str, where: Any, **props: Any) -> Node:  # noqa: N802
    """A ready-made filter of a search layout: `Filter("mine", _("Mine"), F.owner == ME)`; also help, default."""
    return _node(node_id, "filter", {**props, "label": label, "where": stored(where)})


def Form(record: str, *nodes: str | Node, aliases: Mapping[str, str] | None = None) -> Layout:  # noqa: N802
    """The page of one record."""
    return _layout(record, "form", nodes, {}, aliases)


def List(record: str, *fields: str | Node, group_by: str | None = None,  # noqa: N802
         order: Sequence[str] | None = None, totals: Sequence[str] | None = None, limit: int | None = None,
         density: str | None = None, aliases: Mapping[str, str] | None = None) -> Layout:
    """The list of a record type: its columns, default order (`-field` for descending), grouping and totals."""
    props = {"group_by": group_by, "order": None if order is None else list(order),
             "totals": None if totals is None else list(totals), "limit": limit, "density": density}
    return _layout(record, "list", fields, props, aliases)


def Card(record: str, *fields: str | Node, title: str | None = None, subtitle: str | None = None,  # noqa: N802
         picture: str | None = None, aliases: Mapping[str, str] | None = None) -> Layout:
    """The business card shown on hover of a link and instead of a list's row on phones."""
    return _layout(record, "card", fields, {"title": title, "subtitle": subtitle, "picture": picture}, aliases)


def Search(record: str, *, text: Sequence[str] = (), quick: Sequence[str] = (),  # noqa: N802
           filters: Mapping[str, tuple[str, Any]] | None = None,
           aliases: Mapping[str, str] | None = None) -> Layout:
    """How records are looked for: fields of the text search, fields filtered by one click, ready-made filters.

    `filters` maps an id to (label, condition).
    """
    flags: dict[str, dict[str, bool]] = {}
    for name in text:
        flags.setdefault(name, {})["text"] = True
    for name in quick:
        flags.setdefault(name, {})["quick"] = True
    nodes = [Place(name, **props) for name, props in flags.items()]
    nodes += [Filter(node_id, label, where) for node_id, (label, where) in (filters or {}).items()]
    return _layout(record, "search", nodes, {}, aliases)


def Kanban(record: str, *, column: str, card: Sequence[str | Node], sum: str | None = None,  # noqa: N802, A002
           limit: int | None = None, order: Sequence[str] | None = None, title: str | None = None,
           colour: str | None = None, also: Sequence[str] | None = None, stale: Any = None,
           figures: Sequence[str] | None = None, bar: str | None = None, aliases: Mapping[str, str] | None = None) -> Layout:
    """A board: one column per value of the field `column` (a choice, a link, or a date: its months), `card` lists what a
    card shows, `sum` is a field to add up, `colour` one that colours cards.

    `also` names other fields that the board may be arranged by, `stale` is the condition under which a card is marked as
    left alone for too long, `figures` are fields of the column's own record (a stage's probability) shown in its head, `bar`
    is a choice (also one worked out by `fields.Cases`) whose values are drawn as a thin bar in the heads.
    """
    props = {"column": column, "sum": sum, "limit": limit, "order": None if order is None else list(order),
             "title": title, "colour": colour, "also": None if also is None else list(also),
             "stale": None if stale is None else stored(stale), "figures": None if figures is None else list(figures), "bar": bar}
    return _layout(record, "kanban", card, props, aliases)


def Calendar(record: str, *, start: str, end: str | None = None, day: str | None = None, last_day: str | None = None,  # noqa: N802
             all_day: str | None = None, colour: str | None = None, people: str | None = "owner", title: str | None = None,
             card: Sequence[str | Node] = (), aliases: Mapping[str, str] | None = None) -> Layout:
    """A calendar: `start` and `end` are moments or days. Where `start` is a moment, entries of whole days have their own
    fields `day` and `last_day`, which count while the flag `all_day` is set.

    `people` is a link or a many-to-many field of users, by whom the calendar is narrowed, coloured and set side by side (None:
    it is nobody's). `colour` is a choice or a link that colours entries, `card` names what an entry tells beside its title.
    """
    props = {"start": start, "end": end, "day": day, "last_day": last_day, "all_day": all_day, "colour": colour, "people": people,
             "title": title}
    for need, given in (("day", all_day), ("all_day", day), ("day", last_day)):
        if given and not props[need]:
            raise DefinitionError(_("The {kind} layout of {record}: {fault}", kind="calendar", record=record,
                                    fault=f"'{given}' needs '{need}'"))
    return _layout(record, "calendar", card, props, aliases)


def Quick(record: str, *nodes: str | Node, aliases: Mapping[str, str] | None = None) -> Layout:  # noqa: N802
    """The short form of quick create."""
    return _layout(record, "quick", nodes, {}, aliases)


def Print(record: str, *nodes: str | Node, title: str | Message | None = None,  # noqa: N802
          aliases: Mapping[str, str] | None = None) -> Layout:
    """The print page of one record."""
    return _layout(record, "print", nodes, {"title": title}, aliases)
