"""Own fields: from data to the field types that addons use, so that everything that knows fields knows these."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from core.errors import DefinitionError, SarnakhError
from core.expressions import Node, as_node
from core.i18n.messages import Words, _
from core.records import fields as f
from core.records.field import Field, Option
from core.records.numbering import check_pattern
from core.registry.own import names as n

COMMON = ("type", "labels", "help", "active", "required", "unique", "index", "search", "tracked", "copyable", "sensitive", "default",
          "semantic")
COMPUTED = ("type", "labels", "help", "active", "expression", "result")
VALUE = re.compile(r"[a-z0-9][a-z0-9_]{0,62}")
MOST_OPTIONS = 1000
MOST_EXPRESSION = 5000
UNIQUE = frozenset(("text", "integer", "decimal", "date", "email", "phone", "url", "choice", "link"))
SEARCHED = frozenset(("text", "longtext", "richtext", "email", "phone", "url", "names"))
RESULTS = ("text", "integer", "decimal", "money", "percent", "flag", "date", "datetime", "duration")
OPERATIONS = ("sum", "count", "min", "max", "avg")
_WIDTH = re.compile(r"\{number:0?(\d{1,2})d?\}")

Data = Mapping[str, Any]
Maker = Callable[[Data, str, dict[str, Any]], Field]


def make_field(target: str, data: Any) -> Field:
    """The field that data describes; DefinitionError says what is wrong with it, and where."""
    n.split_field(target)
    given = n.mapping(data, target, set(data) if isinstance(data, dict) else ())
    kind = n.one_of(given, "type", target, MAKERS, "")
    maker, keys = MAKERS[kind]
    n.mapping(given, target, keys)
    n.flag_of(given, "active", target, True)
    label = n.words_of(given, "labels", target, target.rpartition(".x_")[2].replace("_", " ").capitalize())
    options: dict[str, Any] = {"label": label, "help": n.words_of(given, "help", target, most=n.MOST_HELP)}
    if keys != COMPUTED and kind not in ("rollup", "children"):
        options |= _common(given, kind, target)
    try:
        return maker(given, target, options)
    except (ValueError, TypeError) as error:
        reason = error.args[0] if error.args else ""
        raise DefinitionError(_("{where}: {reason}", where=target, reason=reason)) from None


def _common(data: Data, kind: str, where: str) -> dict[str, Any]:
    made: dict[str, Any] = {key: n.flag_of(data, key, where) for key in ("required", "unique", "search", "sensitive")}
    made["index"] = n.flag_of(data, "index", where, kind in ("link", "file", "image"))
    made |= {key: n.flag_of(data, key, where, True) for key in ("tracked", "copyable")}
    made["semantic"] = n.text_of(data, "semantic", where, most=40)
    if made["unique"] and kind not in UNIQUE:
        raise DefinitionError(_("{where}: values of this type cannot be unique."), where=where)
    if made["search"] and kind not in SEARCHED:
        raise DefinitionError(_("{where}: the search box finds texts only."), where=where)
    default = _default(data, where)
    if default is not None:
        made["default"] = default
    return made


def _default(data: Data, where: str) -> Any:
    given = data.get("default")
    if given is None:
        return None
    if not isinstance(given, dict) or len(given) != 1 or not set(given) <= {"constant", "expression"}:
        raise DefinitionError(_("{where}: a default is a constant or an expression."), where=where)
    if "expression" in given:
        return expression(given, "expression", where)
    value = given["constant"]
    if isinstance(value, list) and len(value) <= MOST_OPTIONS and all(isinstance(one, (str, int)) for one in value):
        return value
    if not isinstance(value, (str, int, float, bool)) or len(str(value)) > MOST_EXPRESSION:
        raise DefinitionError(_("{where}: a default is a constant or an expression."), where=where)
    return str(value) if isinstance(value, float) else value


def expression(data: Data, key: str, where: str) -> Node:
    """A parsed expression; checked against the record type once there is one."""
    text = data.get(key)
    if not isinstance(text, str) or len(text) > MOST_EXPRESSION or not text.strip():
        raise DefinitionError(_("{where}: “{key}” is an expression of at most {most} characters."), where=where, key=key,
                              most=MOST_EXPRESSION)
    try:
        return as_node(text)
    except SarnakhError as error:
        raise n.place(error, where) from error


def options_of(data: Data, where: str) -> list[Option]:
    """The options of a choice."""
    given = data.get("options")
    if not isinstance(given, list) or not 0 < len(given) <= MOST_OPTIONS:
        raise DefinitionError(_("{where}: a choice has from 1 to {most} options."), where=where, most=MOST_OPTIONS)
    found: dict[str, Option] = {}
    for number, one in enumerate(given):
        at = f"{where} options[{number}]"
        item = n.mapping(one, at, ("value", "labels", "colour", "active"))
        value = n.text_of(item, "value", at, most=63)
        if not VALUE.fullmatch(value):
            raise DefinitionError(_("“{value}”: a value has small Latin letters, digits and _ only.", value=n.shown(value)))
        if value in found:
            raise DefinitionError(_("The value “{value}” is there twice.", value=value))
        label = n.words_of(item, "labels", at, value)
        found[value] = Option(value, label, n.one_of(item, "colour", at, n.COLOURS, "grey"), n.flag_of(item, "active", at, True))
    if not any(one.active for one in found.values()):
        raise DefinitionError(_("At least one option must be in use."))
    return list(found.values())


def _bounds(data: Data, where: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key in ("minimum", "maximum"):
        value = data.get(key)
        if value is None:
            continue
        try:
            number = Decimal(str(value)) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= 10**18:
            raise DefinitionError(_("{where}: “{key}” is a number."), where=where, key=key)
        made[key] = number
    if len(made) == 2 and made["minimum"] > made["maximum"]:
        raise DefinitionError(_("{where}: the minimum is above the maximum."), where=where)
    return made


def _plain(cls: type[Field]) -> Maker:
    return lambda data, where, options: cls(**options)


def _text(cls: type[f.TextField], most: int, usual: int | None) -> Maker:
    def make(data: Data, where: str, options: dict[str, Any]) -> Field:
        return cls(size=n.whole_of(data, "size", where, 1, most) or usual, **options)
    return make


def _number(cls: type[Field]) -> Maker:
    def make(data: Data, where: str, options: dict[str, Any]) -> Field:
        if cls is not f.IntegerField:
            digits = n.whole_of(data, "digits", where, 0, 6)
            options["places"] = 2 if digits is None else digits
        return cls(**_bounds(data, where), **options)
    return make


def _choice(cls: type[f.ChoiceField]) -> Maker:
    def make(data: Data, where: str, options: dict[str, Any]) -> Field:
        made = cls(options=options_of(data, where), **options)
        made.depends = depends_of(data, where)
        return made
    return make


def depends_of(data: Data, where: str) -> f.Depends | None:
    """On which other choice the options hang, and which of them go with which of its values."""
    given = data.get("depends")
    if not given:
        return None
    item = n.mapping(given, f"{where} depends", ("field", "allowed"))
    allowed = item.get("allowed")
    if not isinstance(allowed, dict) or not all(isinstance(k, str) and isinstance(v, list) and all(isinstance(o, str) for o in v)
                                                for k, v in allowed.items()):
        raise DefinitionError(_("{where}: “allowed” names the options for each value of the other field."), where=where)
    return f.Depends(n.text_of(item, "field", where), {k: frozenset(v) for k, v in allowed.items()})


def _link(data: Data, where: str, options: dict[str, Any]) -> Field:
    chosen = n.one_of(data, "on_delete", where, ("clear", "restrict", "cascade"), "clear")
    return f.LinkField(_target(data, where), on_delete=chosen, **options)


def _target(data: Data, where: str) -> str:
    target = n.text_of(data, "target", where)
    if not target:
        raise DefinitionError(_("{where}: choose the record type that it leads to."), where=where)
    return target


def _anylink(data: Data, where: str, options: dict[str, Any]) -> Field:
    return f.AnyLinkField(targets=n.names_of(data, "target", where), **options)


def _many(data: Data, where: str, options: dict[str, Any]) -> Field:
    return f.ManyField(_target(data, where), **options)


def _children(data: Data, where: str, options: dict[str, Any]) -> Field:
    return f.ChildrenField(_target(data, where), by=n.text_of(data, "by", where), **options)


def pattern_of(data: Data, key: str, where: str) -> str:
    """The pattern of a number series, in the form that numbers are made with."""
    try:
        pattern = check_pattern(n.text_of(data, key, where, "{number}", most=60))
    except ValueError as error:
        raise DefinitionError(_("{where}: {reason}", where=where, reason=error.args[0])) from None
    if "{yy" in pattern or "{year:" in pattern:
        raise DefinitionError(_("{where}: only {places} may stand in braces here."), where=where, places="{number}, {number:05}, {year}")
    return _WIDTH.sub(lambda found: f"{{number:0{int(found[1])}d}}", pattern)


def _autonumber(data: Data, where: str, options: dict[str, Any]) -> Field:
    kept = {key: value for key, value in options.items() if key in ("label", "help", "search", "semantic")}
    return f.AutoNumberField(format=pattern_of(data, "pattern", where), **kept)


def _formula(data: Data, where: str, options: dict[str, Any]) -> Field:
    made = f.FormulaField(expression(data, "expression", where), type=n.one_of(data, "result", where, RESULTS, "text"), **options)
    made.inferred = not data.get("result")
    return made


def _rollup(data: Data, where: str, options: dict[str, Any]) -> Field:
    operation = n.one_of(data, "operation", where, OPERATIONS, "count")
    inner = expression(data, "expression", where) if data.get("expression") else None
    if (inner is None) != (operation == "count"):
        raise DefinitionError(_("{where}: a count reads nothing; every other roll-up says what it reads of the children."), where=where)
    condition = expression(data, "where", where) if data.get("where") else None
    made = f.RollupField(n.text_of(data, "children", where), operation, inner, where=condition,
                         type=n.one_of(data, "result", where, RESULTS, "decimal"), **options)
    made.inferred = not data.get("result")
    return made


def _names(data: Data, where: str, options: dict[str, Any]) -> Field:
    return f.NamesField(**options)


MAKERS: dict[str, tuple[Maker, tuple[str, ...]]] = {
    "text": (_text(f.TextField, 4000, 255), (*COMMON, "size")),
    "longtext": (_text(f.LongTextField, 100_000, 100_000), (*COMMON, "size")),
    "richtext": (_text(f.RichTextField, 100_000, 100_000), (*COMMON, "size")),
    "integer": (_number(f.IntegerField), (*COMMON, "minimum", "maximum")),
    "decimal": (_number(f.DecimalField), (*COMMON, "digits", "minimum", "maximum")),
    "money": (_number(f.MoneyField), (*COMMON, "digits", "minimum", "maximum")),
    "percent": (_number(f.PercentField), (*COMMON, "digits", "minimum", "maximum")),
    "flag": (_plain(f.FlagField), COMMON), "date": (_plain(f.DateField), COMMON), "datetime": (_plain(f.DateTimeField), COMMON),
    "duration": (_plain(f.DurationField), COMMON),
    "choice": (_choice(f.ChoiceField), (*COMMON, "options", "depends")),
    "multichoice": (_choice(f.MultiChoiceField), (*COMMON, "options", "depends")),
    "email": (_plain(f.EmailField), COMMON), "phone": (_plain(f.PhoneField), COMMON), "url": (_plain(f.UrlField), COMMON),
    "link": (_link, (*COMMON, "target", "on_delete")), "anylink": (_anylink, (*COMMON, "target")),
    "many": (_many, (*COMMON, "target")), "children": (_children, ("type", "labels", "help", "active", "target", "by")),
    "tags": (_plain(f.TagsField), COMMON), "file": (_plain(f.FileField), COMMON), "image": (_plain(f.ImageField), COMMON),
    "autonumber": (_autonumber, (*COMMON, "pattern")),
    "formula": (_formula, COMPUTED),
    "rollup": (_rollup, ("type", "labels", "help", "active", "children", "operation", "expression", "where", "result")),
    "names": (_names, COMMON),
}
"""Each type with what makes it and the keys that its data may have."""


def label_of(data: Any, fallback: str) -> str:
    """The label that data gives, for messages about it."""
    labels = data.get("labels") if isinstance(data, dict) else None
    known = {k: v for k, v in labels.items() if isinstance(k, str) and isinstance(v, str)} if isinstance(labels, dict) else {}
    return Words(known, fallback) if any(known.values()) else fallback


FILLED = frozenset(("text", "longtext", "email", "url", "integer", "decimal", "money", "percent", "flag", "choice", "date"))


def filled_with(field: Field) -> Any:
    """What the records that are there already get in a new field: its constant default, where it may not be empty."""
    default = field.default
    if not (field.required or field.type_name == "flag") or field.type_name not in FILLED or isinstance(default, Node) or default is None:
        return None
    try:
        return dt.date.fromisoformat(default) if field.type_name == "date" else field.clean(default, None)
    except (ValueError, TypeError, AttributeError):
        return None
