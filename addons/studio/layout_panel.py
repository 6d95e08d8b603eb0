"""What can be said of each thing on a page: the inputs of the editor's side panel, by kind of layout and of node.

Only what the pages honour is offered. An input is (property, type, label, and what the type needs). A "path" is a field that is
reached through a link, which is only read.
"""

from __future__ import annotations

from typing import Any

from core.api import Env, Message, _
from core.web_api import kinds_of_blocks

Input = tuple[str, str, str, Any]

LABEL: Input = ("label", "words", _("Label"), None)
HELP: Input = ("help", "words", _("Help"), None)
SHOWN: Input = ("visible", "condition", _("Shown"), None)
ICON: Input = ("icon", "icon", _("Icon"), None)
COLUMNS: Input = ("columns", "number", _("Columns"), [1, 2, 3, 4])
FIELD: list[Input] = [
    LABEL, HELP, ("placeholder", "words", _("Example in the empty input"), None), ("span", "number", _("Width in columns"), [1, 2, 3, 4]),
    SHOWN, ("required", "condition", _("Required"), None), ("readonly", "condition", _("Read-only"), None)]
SECTION: list[Input] = [LABEL, HELP, COLUMNS, ("collapsed", "flag", _("Folded at first"), None), SHOWN]
PIXELS: list[Input] = [("pixels", "count", _("Width in pixels"), None)]
STYLES = [("plain", _("Ordinary")), ("primary", _("Prominent")), ("danger", _("Warning"))]

NODES: dict[str, dict[str, list[Input]]] = {
    "form": {
        "field": FIELD, "path": [LABEL, HELP, FIELD[3], SHOWN], "section": SECTION, "tab": [LABEL, ICON, COLUMNS, SHOWN],
        "related": [LABEL, ICON, ("columns", "paths", _("Columns"), None), ("order", "order", _("Order", context="sorting"), None),
                    ("limit", "count", _("Rows"), None), ("add", "flag", _("With a button to add"), True)],
        "button": [LABEL, ICON, ("style", "one", _("Looks"), STYLES), ("confirm", "words", _("Ask before"), None), SHOWN],
        "link": [LABEL, ICON, ("href", "href", _("Address"), None)], "columns": [], "column": [],
        "block": [LABEL, ICON, ("aside", "flag", _("At the side"), None), SHOWN]},
    "quick": {"field": FIELD, "section": SECTION},
    "print": {"field": [LABEL, FIELD[3], SHOWN], "path": [LABEL, FIELD[3], SHOWN], "section": [LABEL, COLUMNS, SHOWN]},
    "list": {"field": PIXELS, "path": PIXELS},
    "card": {"field": []}, "kanban": {"field": []}, "calendar": {"field": []},
}

TYPES = {"text": "text", "words": "words", "rich": "texts", "record": "record", "where": "area", "field": "target", "fields": "order",
         "order": "order", "measure": "measure", "choice": "one", "number": "count", "links": "links"}
"""Inputs for the options of blocks, by the kind of option."""


def block_inputs(env: Env) -> dict[str, list[Input]]:
    """The inputs for the options of each kind of block."""
    return {kind.name: [(f"options.{spec.name}", TYPES[spec.kind], spec.label, list(spec.choices) or None) for spec in kind.options]
            for kind in kinds_of_blocks(env.registry, "record").values()}


PAGES: dict[str, list[Input]] = {
    "list": [("order", "order", _("Order", context="sorting"), None), ("group_by", "field", _("Grouped by"), None),
             ("totals", "fields", _("Totals"), ("money", "integer", "decimal", "percent")), ("limit", "count", _("Rows on a page"), None)],
    "kanban": [("column", "field", _("Columns by"), ("choice", "link", "date", "datetime")),
               ("also", "fields", _("Or by"), ("choice", "link", "date", "datetime")),
               ("sum", "field", _("Sum"), ("money", "integer", "decimal")), ("colour", "field", _("Colour by"), ("choice",)),
               ("title", "field", _("Title of a card"), None), ("stale", "condition", _("Marked as left alone"), None),
               ("limit", "count", _("Cards in a column at first"), None)],
    "calendar": [("start", "field", _("Begins"), ("date", "datetime")), ("end", "field", _("Ends"), ("date", "datetime")),
                 ("colour", "field", _("Colour by"), ("choice", "link")), ("people", "field", _("People"), ("link", "many")),
                 ("title", "field", _("Title of an entry"), None)],
}

KINDS: dict[str, tuple[Message, str, Message]] = {
    "form": (_("Page and form"), "file-earmark-text", _("The page of one record, and the form to fill it in.")),
    "quick": (_("Quick create"), "lightning", _("The short form of a new record.")),
    "list": (_("List"), "table", _("Columns, order and totals.")),
    "card": (_("Business card"), "person-vcard", _("What one sees on hover, in the head of the page, and on phones.")),
    "kanban": (_("Board cards"), "kanban", _("Columns of the board and what its cards show.")),
    "calendar": (_("Calendar"), "calendar3", _("Where entries stand and what they tell.")),
    "print": (_("Print"), "printer", _("The record on paper.")),
}
"""Kinds of layouts that can be edited, in the order shown."""
