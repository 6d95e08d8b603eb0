"""Own record types: classes of the namespace `x.` made from data, with their board, calendar and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import DefinitionError
from core.i18n.messages import _
from core.records.base import Record
from core.records.fields import AutoNumberField, TextField
from core.registry.own import names as n
from core.registry.own.fields import pattern_of

KEYS = ("labels", "plurals", "help", "icon", "title", "traits", "parent", "status", "dates", "match", "number", "active")
TRAITS = ("owned", "shared_owners", "noted")
NAME, NUMBER = "name", "number"
TITLES = frozenset(("text", "email", "phone", "url", "autonumber"))
"""Types of fields that can name a record."""


@dataclass(frozen=True)
class OwnType:
    """An own record type: its class, and the fields that its board and its calendar go by."""

    cls: type[Record]
    status: str = ""
    start: str = ""
    end: str = ""


def make_type(target: str, data: Any) -> OwnType:
    """The record type that data describes; DefinitionError says what is wrong with it."""
    name = n.type_name(target)
    given = n.mapping(data, target, KEYS)
    n.flag_of(given, "active", target, True)
    traits = n.names_of(given, "traits", target)
    unknown = set(traits) - set(TRAITS)
    if unknown:
        raise DefinitionError(_("{record}: unknown trait {trait}."), record=target, trait=n.shown(", ".join(sorted(unknown))))
    label = n.words_of(given, "labels", target, name.removeprefix("x.").replace("_", " ").capitalize())
    number = pattern_of(given, "number", target) if given.get("number") else ""
    title = n.text_of(given, "title", target, NAME)
    values: dict[str, Any] = {
        "record_name": name, "record_label": label, "record_plural": n.words_of(given, "plurals", target) or label,
        "record_icon": _icon(given, target), "record_title": title, "record_traits": tuple(traits),
        "record_help": n.words_of(given, "help", target, most=n.MOST_HELP), "record_parent": n.text_of(given, "parent", target) or None,
        "record_moves": "", "record_match": _match(given, target), "__module__": __name__, "__doc__": None}
    if number:
        values[NUMBER] = AutoNumberField(_("Number"), format=number, search=True)
    elif title == NUMBER:
        raise DefinitionError(_("{record}: without a number series a number cannot name its records."), record=target)
    if title == NAME:
        values[NAME] = TextField(_("Name"), required=True, search=True)
    start, end = _dates(given, target)
    cls: type[Record] = type(_class_name(name), (Record,), values)
    return OwnType(cls, n.text_of(given, "status", target), start, end)


def _class_name(name: str) -> str:
    return "".join(part.capitalize() for part in name.removeprefix("x.").split("_"))


def _icon(data: Mapping[str, Any], where: str) -> str:
    icon = n.text_of(data, "icon", where, "card-list", most=40)
    if not icon.replace("-", "").isalnum() or not icon.isascii():
        raise DefinitionError(_("{where}: “{icon}” is no name of an icon."), where=where, icon=n.shown(icon))
    return icon


def _dates(data: Mapping[str, Any], where: str) -> tuple[str, str]:
    dates = data.get("dates")
    if not dates:
        return "", ""
    item = n.mapping(dates, f"{where} dates", ("start", "end"))
    return n.text_of(item, "start", where), n.text_of(item, "end", where)


def _match(data: Mapping[str, Any], where: str) -> tuple[tuple[str, ...], ...]:
    match = data.get("match") or []
    if not isinstance(match, list) or len(match) > 10:
        raise DefinitionError(_("{where}: “{key}” is a list of lists of names."), where=where, key="match")
    return tuple(tuple(n.names_of({"match": one}, "match", where)) for one in match)
