"""The types a field can have, as the chooser explains them, and which properties each one is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from core.api import Message, _


@dataclass(frozen=True)
class FieldKind:
    """One type: its name, icon, a line that explains it, and the properties its form asks for."""

    name: str
    label: Message
    icon: str
    text: Message
    group: str
    asks: tuple[str, ...] = ()


GROUPS: dict[str, Message] = {
    "text": _("Text and contact"), "number": _("Numbers", context="types of fields"), "time": _("Dates and times"),
    "choice": _("Choices", context="types of fields"),
    "link": _("Links to other records"), "made": _("Worked out by itself"), "file": _("Files")}

_VALUE = ("required", "default", "index")
_NUMBER = (*_VALUE, "minimum", "maximum")

KINDS: dict[str, FieldKind] = {kind.name: kind for kind in (
    FieldKind("text", _("Text"), "input-cursor-text", _("One line: a name, a code, a number that is not counted with."), "text",
              ("required", "unique", "search", "default", "index", "size")),
    FieldKind("longtext", _("Long text"), "text-paragraph", _("Several lines of plain text."), "text", ("required", "search")),
    FieldKind("richtext", _("Formatted text"), "type-bold", _("Text with headings, lists, links and pictures."), "text",
              ("required", "search")),
    FieldKind("email", _("Email address"), "envelope", _("Checked, and written to by a click."), "text",
              ("required", "unique", "search", "index")),
    FieldKind("phone", _("Phone number"), "telephone", _("Read in any local form and in any digits, kept in the international one."),
              "text", ("required", "unique", "search", "index")),
    FieldKind("url", _("Web address"), "link-45deg", _("A link to a page outside."), "text", ("required", "unique")),
    FieldKind("names", _("Name in other languages"), "translate", _("What something is called in each language, beside its name."), "text"),
    FieldKind("integer", _("Whole number"), "123", _("Counts: pieces, people, floors."), "number", (*_NUMBER, "unique")),
    FieldKind("decimal", _("Decimal number"), "calculator", _("Measures: litres, metres, hours."), "number", (*_NUMBER, "digits")),
    FieldKind("money", _("Amount of money"), "cash-stack", _("An amount in the base currency."), "number", (*_NUMBER, "digits")),
    FieldKind("percent", _("Percentage"), "percent", _("12.5 means 12.5 %."), "number", (*_NUMBER, "digits")),
    FieldKind("flag", _("Yes or no"), "toggle-on", _("A switch."), "choice", ("default", "index")),
    FieldKind("choice", _("Choice"), "menu-button", _("One of several options, each with a colour; boards can have columns of it."),
              "choice", ("options", *_VALUE)),
    FieldKind("multichoice", _("Several choices"), "ui-checks", _("Any number of several options."), "choice",
              ("options", "required")),
    FieldKind("tags", _("Tags"), "tags", _("Free labels that people make up as they go."), "choice"),
    FieldKind("date", _("Date"), "calendar3", _("A day, shown in each reader's own calendar."), "time", _VALUE),
    FieldKind("datetime", _("Date and time"), "clock", _("A moment, shown in each reader's time zone."), "time", _VALUE),
    FieldKind("duration", _("Duration"), "hourglass-split", _("How long something takes."), "time", ("required", "default")),
    FieldKind("link", _("Link"), "arrow-right-circle", _(
        "One record of another type; the other side gets the list of those that link to it."),
              "link", ("target", "inverse", "on_delete", "required")),
    FieldKind("many", _("Links to many"), "diagram-3", _("Any number of records of another type."), "link",
              ("target", "required")),
    FieldKind("anylink", _("Link to anything"), "bezier2", _("One record of any type."), "link", ("required",)),
    FieldKind("children", _("Related list"), "list-nested", _("The records that link here, as a list; they can be counted and added up."),
              "link", ("by",)),
    FieldKind("formula", _("Formula"), "braces", _("Worked out from other fields each time it is read; it can be filtered and sorted by."),
              "made", ("expression", "result")),
    FieldKind("rollup", _("Roll-up"), "plus-slash-minus", _("A sum, count, smallest, largest or average over a related list."), "made",
              ("children", "operation", "rolled", "where")),
    FieldKind("autonumber", _("Number in a series"), "hash", _("Given to each new record: V-00001, V-00002 …"), "made", ("pattern",)),
    FieldKind("file", _("File"), "paperclip", _("One uploaded file."), "file", ("required",)),
    FieldKind("image", _("Picture"), "image", _("One picture, shown small."), "file", ("required",)),
)}

VALUES = frozenset(("text", "longtext", "richtext", "email", "phone", "url", "integer", "decimal", "money", "percent", "flag", "choice",
                    "multichoice", "date", "datetime", "duration"))
"""Types whose values people type in: those that ask for more about copying, history and privacy."""

COLOURS: dict[str, Message] = {
    "grey": _("Grey"), "red": _("Red"), "orange": _("Orange"), "yellow": _("Yellow"), "green": _("Green"), "teal": _("Teal"),
    "blue": _("Blue"), "violet": _("Violet"), "pink": _("Pink")}

RESULTS: dict[str, Message] = {
    "text": _("Text"), "integer": _("Whole number"), "decimal": _("Decimal number"), "money": _("Amount of money"),
    "percent": _("Percentage"), "flag": _("Yes or no"), "date": _("Date"), "datetime": _("Date and time"), "duration": _("Duration")}

OPERATIONS: dict[str, Message] = {
    "count": _("How many"), "sum": _("Sum"), "min": _("Smallest"), "max": _("Largest"), "avg": _("Average")}

ON_DELETE: dict[str, Message] = {
    "clear": _("Empty the link"), "restrict": _("Refuse to delete"), "cascade": _("Delete the linking records along")}

OTHER: dict[str, Message] = {
    "data": _("Data for programs"), "secret": _("Secret")}


def label_of(name: str) -> Message:
    """A type's name for people, also of those that cannot be added here."""
    kind = KINDS.get(name)
    return kind.label if kind else OTHER.get(name, Message(name))
