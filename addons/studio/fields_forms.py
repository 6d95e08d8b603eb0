"""The form of an own field: only what its type asks for, in sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.api import Env, _
from core.web_api import FieldView, Section, flag, shown_when, text

from .fields_kinds import KINDS, ON_DELETE, OPERATIONS, RESULTS, VALUES
from .fields_options import table
from .fields_placing import after_choices, last_place
from .fields_typed import Typed, choice, words
from .types_info import BASE

Input = Callable[[Env, str, Typed, Mapping[str, Any]], list[FieldView]]
FLAGS = {
    "required": (_("Must be filled in"), ""), "unique": (_("No value twice"), _("Two records cannot hold the same value.")),
    "index": (_("Often filtered or sorted by"), _("The database keeps an index, so that lists of a million records answer at once.")),
    "search": (_("Found by the search box"), "")}


def sections(env: Env, record: str, kind: str, typed: Typed, data: Mapping[str, Any], *, new: bool) -> list[Section]:
    """The form, filled with what is stored or was typed."""
    asks = KINDS[kind].asks if kind in KINDS else ()
    made = [Section("words", env.t(_("Name")), columns=2, fields=_names(env, typed, data, new))]
    special = [view for ask in asks if ask in INPUTS for view in INPUTS[ask](env, record, typed, data)]
    flags = [_flag(env, typed, ask, data) for ask in asks if ask in FLAGS]
    if special:
        made.append(Section("kind", env.t(KINDS[kind].label), columns=2, fields=special, help=env.t(KINDS[kind].text)))
    if flags:
        made.append(Section("rules", env.t(_("What holds for its values")), columns=2, fields=flags))
    if new:
        made.append(Section("place", env.t(_("Where it stands")), columns=2, fields=_place(env, record, kind, typed)))
    if kind in VALUES:
        made.append(Section("more", env.t(_("History, copies, privacy")), columns=2, collapsed=not _unusual(typed, data),
                            fields=_more(env, typed, data)))
    return made


def _names(env: Env, typed: Typed, data: Mapping[str, Any], new: bool) -> list[FieldView]:
    made = [words(env, typed, "label", _("Label"), data.get("labels"), required=True, help=_(
        "As people read it on forms and in lists. A language left empty shows another one."))]
    if new:
        made.append(FieldView("name", env.t(_("Name for programs")), "text", typed.value("name"),
                              attrs={"dir": "ltr", "maxlength": "40", "autocomplete": "off", "spellcheck": "false",
                                     "data-studio-name": "x_"}, help=env.t(_(
                                  "In formulas, imports and the API: small Latin letters, digits and _. Left empty it is made from the "
                                  "label. It stays as it is afterwards.")), width=2))
    made.append(words(env, typed, "help", _("Help"), data.get("help"), help=_("A line under the field, where one is needed."), most=500))
    return made


def _flag(env: Env, typed: Typed, name: str, data: Mapping[str, Any], usual: bool = False) -> FieldView:
    label, note = {**FLAGS, **MORE}[name]
    return flag(env, typed.request, name, label, bool(data.get(name, usual)), help=note)


MORE = {
    "tracked": (_("Changes go into the history"), ""), "copyable": (_("Goes along when a record is copied"), ""),
    "sensitive": (_("Sensitive"), _("Values never reach the history and the logs."))}


def _more(env: Env, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    return [_flag(env, typed, name, data, name != "sensitive") for name in MORE]


def _unusual(typed: Typed, data: Mapping[str, Any]) -> bool:
    if typed.posted:
        return typed.on("sensitive") or not (typed.on("tracked") and typed.on("copyable"))
    return bool(data.get("sensitive")) or not (data.get("tracked", True) and data.get("copyable", True))


def _place(env: Env, record: str, kind: str, typed: Typed) -> list[FieldView]:
    made = []
    if kind != "children":
        made.append(choice(env, typed, "after", _("Put it after"), after_choices(env, record), last_place(env, record), none=_(
            "At the end of the form, under “Further fields”")))
    if kind not in ("longtext", "richtext", "file", "children"):
        made.append(flag(env, typed.request, "listed", _("Show it as a column of lists")))
    return made


# ---------------------------------------------------------------- what single types ask for
def _default(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    stored = data.get("default") or {}
    how = "expression" if "expression" in stored else "constant" if "constant" in stored else ""
    constant = stored.get("constant", "")
    shown = {True: "1", False: "0"}.get(constant, str(constant)) if isinstance(constant, bool) else str(constant)
    return [choice(env, typed, "default_kind", _("New records begin with"), [
        ("constant", _("A fixed value")), ("expression", _("An expression"))], how, none=_("No value")),
        shown_when(text(env, typed.request, "constant", _("Value"), shown, dir="auto", help=_(
            "Of a choice the value, of a switch 1 or 0, of a date a day as you write it.")), "default_kind", "constant"),
        shown_when(_expression(env, record, typed, "default_expression", _("Expression"), stored.get("expression", ""), "default",
                               _("Such as today() or add_days(today(), 14).")), "default_kind", "expression")]


def _expression(env: Env, record: str, typed: Typed, name: str, label: str, value: str, kind: str, help: str = "") -> FieldView:  # noqa: A002
    shown = typed.value(name) if typed.posted else value
    attrs = {"rows": "3", "maxlength": "4000", "spellcheck": "false", "autocapitalize": "off",
             "data-studio-try": f"{BASE}/{record}/try?kind={kind}"}
    return FieldView(name, env.t(label), "code", shown, attrs=attrs, width=2, help=env.t(help) if help else "")


def _formula(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    made = _expression(env, record, typed, "expression", _("Formula"), data.get("expression", ""), "formula", _(
        "Names of fields, operators and functions, such as amount * 1.09 or days_between(created_at, today())."))
    made.required = True
    return [made]


def _result(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    return [choice(env, typed, "result", _("Shown as"), list(RESULTS.items()), data.get("result", ""), none=_("What comes out of it"))]


def _rolled(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    made = _expression(env, record, typed, "rolled", _("Of what"), data.get("expression", ""), "rollup", _(
        "A field of the records in the list, or an expression over their fields. A count needs none."))
    return [made]


def _where(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    made = _expression(env, record, typed, "where", _("Only those for which this holds"), data.get("where", ""), "rollup", _(
        "Empty: all of them."))
    del made.attrs["data-studio-try"]  # what the condition does shows above
    return [made]


def _children(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    rtype = env.registry.record(record)
    lists = [(f.name, f.label) for f in rtype.fields.values() if f.type_name == "children"]
    return [choice(env, typed, "children", _("Related list"), lists, data.get("children", ""), required=True, help="" if lists else _(
        "There is no related list yet: add a link from the other record type to this one first."))]


def _operation(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    return [choice(env, typed, "operation", _("What is worked out"), list(OPERATIONS.items()), data.get("operation", "count"),
                   required=True)]


def _target(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    types = sorted(((name, env.t(rtype.plural)) for name, rtype in env.registry.records.items()), key=lambda one: env.sort_key(one[1]))
    made = choice(env, typed, "target", _("Leads to"), types, data.get("target", ""), required=True)
    if data.get("target"):
        made.readonly = True
    return [made]


def _on_delete(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    return [choice(env, typed, "on_delete", _("When the record it leads to is deleted"), list(ON_DELETE.items()),
                   data.get("on_delete", "clear"), required=True)]


def _inverse(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    if data:
        return []
    return [flag(env, typed.request, "inverse", _("Show the records that link here on the other side"), True, help=_(
        "The record it leads to gets a related list, which can also be counted and added up.")),
        shown_when(words(env, typed, "inverse_label", _("What the list is called there")), "inverse", True)]


def _by(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    found = [(f"{name}.{f.name}", f"{env.t(rtype.plural)}: {env.t(f.label)}") for name, rtype in env.registry.records.items()
             for f in rtype.fields.values() if f.type_name == "link" and getattr(f, "target", "") == record and not f.system]
    now = f"{data.get('target')}.{data.get('by')}" if data else ""
    return [choice(env, typed, "by", _("Records that link here by"), found, now, required=True, width=2)]


def _number(name: str, label: str) -> Input:
    def make(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
        value = data.get(name)
        return [text(env, typed.request, name, label, "" if value is None else str(value), "decimal")]
    return make


def _pattern(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> list[FieldView]:
    return [text(env, typed.request, "pattern", _("Pattern"), data.get("pattern", ""), dir="ltr", maxlength="60", help=_(
        "{example} gives V-00001, V-00002 …; {year} is the year.", example="V-{number:05}", year="{year}"))]


INPUTS: dict[str, Input] = {
    "options": lambda env, record, typed, data: [table(env, typed, data.get("options") or [])], "default": _default,
    "expression": _formula, "result": _result, "rolled": _rolled, "where": _where, "children": _children, "operation": _operation,
    "target": _target, "on_delete": _on_delete, "inverse": _inverse, "by": _by, "pattern": _pattern,
    "minimum": _number("minimum", _("Smallest value")), "maximum": _number("maximum", _("Largest value")),
    "digits": _number("digits", _("Decimal places")), "size": _number("size", _("Most characters"))}
