"""What was typed into the form of a field, as the data that is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from core.api import Env, ExpressionError, _

from . import fields_options
from .fields_applying import Refused
from .fields_kinds import KINDS, VALUES
from .fields_typed import Typed

Reader = Callable[["Form"], None]
ALWAYS = ("type", "labels", "help")
MORE = ("tracked", "copyable", "sensitive")
STORED_AS = {"rolled": "expression"}
NUMBERS = ("integer", "decimal", "money", "percent")


class Form:
    """One form being read: `data` grows, `errors` holds what is wrong by input."""

    def __init__(self, env: Env, record: str, kind: str, typed: Typed, stored: Mapping[str, Any]) -> None:
        self.env, self.record, self.kind, self.typed, self.stored = env, record, kind, typed, stored
        self.data: dict[str, Any] = {"type": kind}
        self.errors: dict[str, list[str]] = {}

    def refuse(self, name: str, message: str) -> None:
        """Say what is wrong with an input."""
        self.errors.setdefault(name, []).append(self.env.t(message))

    def keep(self, name: str, value: Any) -> None:
        """Store a value, unless it is empty."""
        if value not in ("", None, {}, []):
            self.data[name] = value

    def expression(self, name: str, record: str, expect: str | None = None) -> str:
        """A text in the language of expressions, with the place of a mistake in the message."""
        text = self.typed.value(name)
        if text:
            try:
                self.env.registry.node(record, text, expect)
            except ExpressionError as error:
                self.refuse(name, _("{reason} (at character {place})", reason=error.message, place=error.position + 1))
        return text

    def number(self, name: str, whole: bool = False) -> Any:
        """A number as it is stored; None for nothing."""
        text = self.typed.value(name)
        if not text:
            return None
        try:
            value: Decimal = self.env.format.parse_number(text[:60])
        except ValueError:
            self.refuse(name, _("This is not a number."))
            return None
        if whole and value != value.to_integral_value():
            self.refuse(name, _("This is not a whole number."))
            return None
        return int(value) if value == value.to_integral_value() else str(value)


def read(env: Env, record: str, kind: str, typed: Typed, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a field; Refused with what is wrong, by input."""
    form = Form(env, record, kind, typed, stored)
    labels = typed.words("label", stored=stored.get("labels"))
    if not labels:
        form.refuse("label", _("Give it a name in at least one language."))
    form.keep("labels", labels)
    form.keep("help", typed.words("help", 500, stored.get("help")))
    for ask in KINDS[kind].asks if kind in KINDS else ():
        READERS.get(ask, _flag(ask))(form)
    if kind in VALUES:
        form.data |= {"tracked": typed.on("tracked"), "copyable": typed.on("copyable")}
        if typed.on("sensitive"):
            form.data["sensitive"] = True
    asked = {*ALWAYS, *(STORED_AS.get(ask, ask) for ask in KINDS[kind].asks)} | (set(MORE) if kind in VALUES else set())
    form.data |= {key: value for key, value in stored.items() if key not in asked}  # what came with a package is not lost here
    if form.errors:
        raise Refused(form.errors)
    return form.data


def _flag(name: str) -> Reader:
    def take(form: Form) -> None:
        if form.typed.on(name):
            form.data[name] = True
    return take


def _default(form: Form) -> None:
    how = form.typed.value("default_kind")
    if how == "expression":
        text = form.expression("default_expression", form.record)
        if text:
            form.data["default"] = {"expression": text}
        else:
            form.refuse("default_expression", _("Write an expression."))
    elif how == "constant" and form.typed.value("constant"):
        value = _constant(form, form.typed.value("constant"))
        if value is not None:
            form.data["default"] = {"constant": value}


def _constant(form: Form, text: str) -> Any:
    try:
        if form.kind == "flag":
            return text.strip().lower() in ("1", "true", "yes", form.env.t(_("Yes")).lower())
        if form.kind in NUMBERS:
            return form.number("constant", whole=form.kind == "integer")
        if form.kind == "date":
            return form.env.format.parse_date(text[:60]).isoformat()
        if form.kind == "datetime":
            return form.env.format.parse_datetime(text[:60]).isoformat()
        if form.kind == "duration":
            return int(form.env.format.parse_duration(text[:60]).total_seconds())
    except ValueError as error:
        form.refuse("constant", error.args[0] if error.args else _("This was not understood."))
        return None
    if form.kind == "choice":
        return next((one["value"] for one in form.data.get("options", ()) if text in (one["value"], *one["labels"].values())), text)
    return text[:4000]


def _options(form: Form) -> None:
    found = fields_options.read(form.env, form.typed, form.stored.get("options") or [])
    if not any(one["active"] for one in found):
        form.refuse("options", _("At least one option must be in use."))
    form.data["options"] = found


def _formula(form: Form) -> None:
    text = form.expression("expression", form.record)
    if not text:
        form.refuse("expression", _("Write a formula."))
    form.data["expression"] = text


def _children(form: Form) -> None:
    name = form.typed.value("children")
    field = form.env.registry.record(form.record).fields.get(name)
    if field is None or field.type_name != "children":
        form.refuse("children", _("Choose one of the lists."))
    form.data["children"] = name


def _child(form: Form) -> str:
    field = form.env.registry.record(form.record).fields.get(form.data.get("children", ""))
    return getattr(field, "target", "") or form.record


def _operation(form: Form) -> None:
    form.data["operation"] = form.typed.value("operation") or "count"


def _rolled(form: Form) -> None:
    if form.data.get("operation") == "count" or form.errors:
        return
    text = form.expression("rolled", _child(form))
    if not text:
        form.refuse("rolled", _("Say of what."))
    form.keep("expression", text)


def _where(form: Form) -> None:
    if not form.errors:
        form.keep("where", form.expression("where", _child(form), "flag"))


def _target(form: Form) -> None:
    target = form.stored.get("target") or form.typed.value("target")
    if target not in form.env.registry.records:
        form.refuse("target", _("Choose a record type."))
    form.data["target"] = target


def _by(form: Form) -> None:
    target, _dot, by = form.typed.value("by").rpartition(".")
    if not target:
        form.refuse("by", _("Choose a link."))
    form.data |= {"target": target, "by": by}


def _number(name: str, whole: bool) -> Reader:
    return lambda form: form.keep(name, form.number(name, whole=whole))


READERS: dict[str, Reader] = {
    "options": _options, "default": _default, "expression": _formula, "children": _children, "operation": _operation, "rolled": _rolled,
    "where": _where, "target": _target, "by": _by, "inverse": lambda form: None,
    "result": lambda form: form.keep("result", form.typed.value("result")),
    "on_delete": lambda form: form.keep("on_delete", form.typed.value("on_delete")),
    "pattern": lambda form: form.keep("pattern", form.typed.value("pattern")),
    "minimum": _number("minimum", False), "maximum": _number("maximum", False), "digits": _number("digits", True),
    "size": _number("size", True)}
