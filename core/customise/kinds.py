"""The kinds of customising: what each is called, and how its data is looked at before anything is compiled.

A new kind is one entry here. `check(target, data)` raises a SarnakhError for data that cannot be; what only shows beside
everything else (a field that is not there) is found when a candidate registry is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core import arrangements, looks
from core.errors import DefinitionError
from core.i18n.messages import Message, _
from core.layouts.store import load_changes
from core.registry.own.fields import make_field
from core.registry.own.names import COLOURS, flag_of, mapping, names_of, one_of, shown, text_of, words_of
from core.registry.own.rules import make_rule
from core.registry.own.types import make_type

Check = Callable[[str, Any], object]


@dataclass(frozen=True)
class Kind:
    """One kind of customising. `schema`: whether it changes tables."""

    label: Message
    check: Check
    schema: bool = False


def _choice(target: str, data: Any) -> None:
    if not isinstance(data, list) or not data:
        raise DefinitionError(_("{where}: a list of options is wanted."), where=shown(target))
    for number, one in enumerate(data):
        at = f"{shown(target)} [{number}]"
        item = mapping(one, at, ("value", "label", "labels", "colour", "active"))
        if not text_of(item, "value", at, most=64):
            raise DefinitionError(_("{where}: an option needs a value."), where=at)
        words_of(item, "labels", at)
        one_of(item, "colour", at, COLOURS, "grey")
        flag_of(item, "active", at, True)


def _layout(target: str, data: Any) -> None:
    made = load_changes(data)
    record, _bar, rest = target.partition("|")
    if (made.record, made.kind) != (record, rest.partition("|")[0]):
        raise DefinitionError(_("{where}: the changes are those of another layout."), where=shown(target))


def _navigation(target: str, data: Any) -> None:
    item = mapping(data, shown(target), ("order", "hidden"))
    for key in item:
        names_of(item, key, shown(target), most=500)


def _setting(target: str, data: Any) -> None:
    if not isinstance(data, (str, int, float, bool, list, dict)):
        raise DefinitionError(_("{where}: this cannot be a setting."), where=shown(target))


def _package(target: str, data: Any) -> None:
    if not isinstance(mapping(data, shown(target), ("version", "title", "items")).get("items"), dict):
        raise DefinitionError(_("{where}: an object with keys is wanted."), where=shown(target))


KINDS: dict[str, Kind] = {
    "record": Kind(_("Record type"), make_type, schema=True),
    "field": Kind(_("Field"), make_field, schema=True),
    "rule": Kind(_("Validation rule"), make_rule),
    "choice": Kind(_("Picklist"), _choice),
    "layout": Kind(_("Page layout"), _layout),
    "navigation": Kind(_("Navigation"), _navigation),
    "setting": Kind(_("Setting"), _setting),
    "home": Kind(_("Home page"), arrangements.checked(arrangements.home_shape_faults)),
    "menu": Kind(_("Menu"), arrangements.checked(arrangements.menu_faults)),
    "theme": Kind(_("Theme"), arrangements.checked(looks.theme_faults)),
    "picture": Kind(_("Picture"), arrangements.checked(looks.picture_row_faults, looks.PICTURE_NAME)),
    "package": Kind(_("Package"), _package),
}
"""Every kind by its name in `sys_custom`."""
