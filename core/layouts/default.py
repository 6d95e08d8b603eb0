"""Pages for record types that come without any: a sensible form, list, card, search, board and quick create.

Generated from a plain description of the record type, so that a record type an admin made this minute, or an addon
that ships no layouts, is usable at once, and so that its pages can be customised like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import DefinitionError
from core.i18n.messages import _
from core.layouts.nodes import LAYOUT_KINDS, Layout, Node

_LONG = frozenset(("longtext", "richtext", "data", "names", "secret"))
_RELATED = frozenset(("children",))
_MEDIA = frozenset(("image", "file"))
_NEVER_LISTED = _LONG | _RELATED | _MEDIA | {"many"}
_REACH = frozenset(("email", "phone"))
_GROUPS = frozenset(("choice", "flag", "link", "tags", "multichoice"))
_DATES = frozenset(("date", "datetime"))
_LIST_COLUMNS = 7
_CARD_LINES = 5
_QUICK_FIELDS = 8
_MAIN_FIELDS = 12
_BOARD_LIMIT = 20
_STAGE_NAMES = ("status", "stage", "state")
#: Columns of every record table that people read, in the order shown; the rest is machinery.
STAMPS: tuple[str, ...] = ("created_at", "created_by", "updated_at", "updated_by")
_MACHINERY = frozenset(("id", "version", "archived", "deleted_at", "search_text"))


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """What a layout needs to know of a field. `type` is the field's `type_name`, `target` the record linked to."""

    name: str
    type: str
    label: str = ""
    required: bool = False
    readonly: bool = False
    search: bool = False
    target: str | None = None
    filterable: bool = True
    stored: bool = True

    @classmethod
    def of(cls, field: Any) -> FieldDescription:
        """The description of a field object of a registry."""
        target = getattr(field, "target", None)
        return cls(field.name, field.type_name, field.label, bool(field.required), bool(field.readonly),
                   bool(field.search), target if isinstance(target, str) else None,
                   bool(getattr(field, "filterable", True)), bool(getattr(field, "stored", True)))


@dataclass(frozen=True, slots=True)
class _Record:
    """A record type as layouts see it."""

    name: str
    label: str
    title: str
    fields: tuple[FieldDescription, ...]
    order: tuple[str, ...]
    by_name: Mapping[str, FieldDescription]


def default_layout(record: str, kind: str, fields: Iterable[FieldDescription], *, label: str = "",
                   title: str = "name", order: Sequence[str] = ()) -> Layout:
    """The generated layout of one kind.

    `label` is the record type's label, `title` the field that names a record, `order` the default sort. A board
    of records that move along no status or stage has no `column` property, and is not offered; so is a calendar without `start`.
    """
    makers: dict[str, Callable[[_Record], Layout]] = {
        "form": _form, "list": _list, "card": _card, "search": _search, "kanban": _kanban, "calendar": _calendar, "quick": _quick,
        "print": _print}
    if kind not in makers:
        raise DefinitionError(_("'{kind}' is no kind of layout; allowed: {allowed}", kind=kind,
                                allowed=", ".join(LAYOUT_KINDS)))
    by_name = {field.name: field for field in fields}
    if title not in by_name:
        title = next((field.name for field in by_name.values() if field.type == "text"), title)
    return makers[kind](_Record(record, label, title, tuple(by_name.values()), tuple(order), by_name))


def _own(record: _Record) -> list[FieldDescription]:
    """The fields people fill in, the naming one first, then in the order declared."""
    own = [field for field in record.fields if field.name not in _MACHINERY and field.name not in STAMPS]
    return sorted(own, key=lambda field: field.name != record.title)


def _fields(fields: Sequence[FieldDescription], **props: Any) -> tuple[Node, ...]:
    return tuple(Node(field.name, "field", props) for field in fields)


def _body(record: _Record) -> list[Node]:
    """Sections of a full page: what matters, the rest, long texts across the page, pictures and files at the side."""
    own = _own(record)
    short = [field for field in own if field.type not in _LONG | _RELATED | _MEDIA]
    short.sort(key=lambda field: (field.name != record.title, not field.required))
    long = [field for field in own if field.type in _LONG]
    media = [field for field in own if field.type in _MEDIA]
    main, more = short[:_MAIN_FIELDS], short[_MAIN_FIELDS:]
    sections = [Node("main", "section", {"label": record.label or _("Details"), "columns": 2}, _fields(main))]
    if more:
        sections.append(Node("more", "section", {"label": _("More details"), "columns": 2}, _fields(more)))
    if long:
        sections.append(Node("texts", "section", {"label": _("Description"), "columns": 1}, _fields(long)))
    if media:
        sections.append(Node("files", "section", {"label": _("Files"), "columns": 1, "aside": True}, _fields(media)))
    stamps = [record.by_name[name] for name in STAMPS if name in record.by_name]
    if stamps:
        sections.append(Node("stamps", "section", {"label": _("Record history"), "columns": 2, "collapsed": True},
                             _fields(stamps, readonly=True)))
    return [_renamed(section, record) for section in sections]


def _renamed(section: Node, record: _Record) -> Node:
    """A section whose id is also a field's name gives way to the field."""
    if section.id not in record.by_name:
        return section
    return Node(f"{section.id}_section", section.kind, section.props, section.children)


def _form(record: _Record) -> Layout:
    related = [Node(field.name, "related", {"label": field.label} if field.label else {})
               for field in record.fields if field.type in _RELATED]
    return Layout(record.name, "form", (*_body(record), *related))


def _print(record: _Record) -> Layout:
    return Layout(record.name, "print", tuple(_body(record)))


def _weight(field: FieldDescription, record: _Record) -> int:
    """How much a column tells at a glance; smaller is more."""
    if field.name == record.title:
        return 0
    if field.name in _STAGE_NAMES:
        return 1
    if field.name == "owner":
        return 6
    return {"link": 2, "choice": 3, "phone": 3, "email": 3, "money": 4, "date": 5, "datetime": 5}.get(field.type, 7)


def _telling(record: _Record, count: int) -> list[FieldDescription]:
    own = [field for field in _own(record) if field.type not in _NEVER_LISTED]
    return sorted(own, key=lambda field: _weight(field, record))[:count]


def _list(record: _Record) -> Layout:
    columns = _telling(record, _LIST_COLUMNS)
    props: dict[str, Any] = {"order": list(record.order)} if record.order else {}
    totals = [field.name for field in columns if field.type == "money"]
    if totals:
        props["totals"] = totals
    return Layout(record.name, "list", _fields(columns), props)


def _card(record: _Record) -> Layout:
    own = [field for field in _own(record) if field.type not in _NEVER_LISTED and field.name != record.title]
    lines = sorted(own, key=lambda field: (field.type not in _REACH, _weight(field, record)))[:_CARD_LINES]
    props: dict[str, Any] = {"title": record.title} if record.title in record.by_name else {}
    picture = next((field.name for field in record.fields if field.type == "image"), None)
    if picture:
        props["picture"] = picture
    return Layout(record.name, "card", _fields(lines), props)


def _search(record: _Record) -> Layout:
    flags: dict[str, dict[str, bool]] = {}
    for field in _own(record):
        if field.search or field.name == record.title:
            flags.setdefault(field.name, {})["text"] = True
    for field in sorted(_own(record), key=lambda field: _weight(field, record)):
        if field.filterable and (field.type in _GROUPS or field.type in _DATES):
            flags.setdefault(field.name, {})["quick"] = True
    nodes = [Node(name, "field", props) for name, props in flags.items()]
    if "owner" in record.by_name:
        nodes.append(Node("mine", "filter", {"label": _("Mine"), "where": "owner == me"}))
    return Layout(record.name, "search", tuple(nodes))


def _kanban(record: _Record) -> Layout:
    steps = [field for field in _own(record) if field.type in ("choice", "link") and field.name in _STAGE_NAMES]
    props: dict[str, Any] = {"limit": _BOARD_LIMIT}
    if steps:
        props["column"] = min(steps, key=lambda field: _STAGE_NAMES.index(field.name)).name
    money = next((field.name for field in _own(record) if field.type == "money"), None)
    if money:
        props["sum"] = money
    shown = [field for field in _telling(record, _CARD_LINES) if field.name != props.get("column")]
    return Layout(record.name, "kanban", _fields(shown), props)


def _calendar(record: _Record) -> Layout:
    """A calendar of what begins at `starts_at`; other types have one only by a layout of their own."""
    start, end = record.by_name.get("starts_at"), record.by_name.get("ends_at")
    if start is None or start.type not in _DATES:
        return Layout(record.name, "calendar")
    props: dict[str, Any] = {"start": start.name}
    if end is not None and end.type == start.type:
        props["end"] = end.name
    if "owner" in record.by_name:
        props["people"] = "owner"
    steps = [field for field in _own(record) if field.type == "choice"]
    if steps:
        props["colour"] = min(steps, key=lambda field: field.name not in _STAGE_NAMES).name
    return Layout(record.name, "calendar", (), props)


def _quick(record: _Record) -> Layout:
    able = [field for field in _own(record)
            if not field.readonly and field.stored and field.type not in _RELATED | _MEDIA]
    able.sort(key=lambda field: (field.name != record.title and not field.required, field.type not in _REACH,
                                 _weight(field, record)))
    needed = sum(1 for field in able if field.required or field.name == record.title)
    return Layout(record.name, "quick", _fields(able[:max(_QUICK_FIELDS, needed)]))
