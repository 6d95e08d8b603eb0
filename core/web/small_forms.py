"""Forms outside record pages: some fields of one record, or a few inputs of no record at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from core.env import Env
from core.errors import SarnakhError, ValidationFailed
from core.expressions import F, as_node, to_json
from core.i18n.messages import _
from core.records.fields import Field, LinkField, MoneyField
from core.web import widgets
from core.web.forms import link_to, starting_row
from core.web.request import Request
from core.web.viewmodels import Action, FieldView, FormPage, Option, Section


class _Prefixed:
    """The inputs of a request whose names begin alike, seen without that beginning."""

    def __init__(self, request: Request, prefix: str) -> None:
        self._request, self._prefix, self.posted = request, prefix, request.posted

    def value(self, name: str, default: str = "") -> str:
        return self._request.value(self._prefix + name, default)

    def values(self, name: str) -> list[str]:
        return self._request.values(self._prefix + name)

    def has(self, name: str) -> bool:
        return self._request.has(self._prefix + name)

    def uploads(self, name: str = "file") -> list[Any]:
        return self._request.uploads(self._prefix + name)


class RecordForm:
    """Some fields of a record type as inputs: shown, read back, and shown again with what was wrong.

    Fields the person may not see are left out, those they may not change are shown as text. With a `prefix` before the
    names of its inputs, several record types have room in one form.
    """

    def __init__(self, env: Env, request: Request, record: str, names: Sequence[str],
                 row: Mapping[str, Any] | None = None, prefix: str = "") -> None:
        self.env, self.prefix = env, prefix
        self.request = cast(Request, _Prefixed(request, prefix)) if prefix else request
        self.rtype = env.registry.record(record)
        self.names = [n for n in names if env.access.readable(record, n)]
        self.row = dict(row or {})
        self.errors: dict[str, list[str]] = {}

    def begin(self, values: Mapping[str, Any]) -> RecordForm:
        """Start as the form of a new record does: with defaults, what addons fill in, and these values."""
        self.row = starting_row(self.env, self.rtype, values)
        return self

    def values(self) -> dict[str, Any]:
        """What was typed, by field; what could not be read is in `errors`."""
        found: dict[str, Any] = {}
        for name in self.names:
            field = self.rtype.field(name)
            if not self.env.access.writable(self.rtype.name, name) or not widgets.is_posted(self.request, field):
                continue
            posted = widgets.read(self.env, self.request, field)
            if posted.error:
                self.errors.setdefault(name, []).append(posted.error)
            else:
                found[name] = posted.value
                self._take_currency(field, found)
        return found

    def _take_currency(self, field: Field, found: dict[str, Any]) -> None:
        """The currency chosen beside an amount, unless it is an input of its own."""
        held = field.currency if isinstance(field, MoneyField) else None
        chosen = self.request.value(f"{field.name}__currency")
        if held and chosen and held not in self.names and self.env.access.writable(self.rtype.name, held):
            found[held] = chosen

    def take(self, error: SarnakhError) -> list[str]:
        """Put a refusal at its fields; returns what is wrong with the whole."""
        if not isinstance(error, ValidationFailed):
            return [self.env.t(error.message)]
        whole: list[str] = []
        for name, messages in error.by_field().items():
            texts = [self.env.t(m) for m in messages]
            if name in self.names:
                self.errors.setdefault(str(name), []).extend(texts)
            else:
                whole.extend(texts)
        return whole

    def fields(self) -> list[FieldView]:
        """The inputs."""
        return [self._view(name) for name in self.names]

    def _view(self, name: str) -> FieldView:
        field = self.rtype.field(name)
        made = widgets.field_view(
            self.env, self.rtype, field, self.row.get(name), self.row, required=field.required,
            readonly=not self.env.access.writable(self.rtype.name, name))
        made.name = self.prefix + name
        if self.request.posted and widgets.is_posted(self.request, field):
            self._put_typed(field, made)
        made.errors = self.errors.get(name, [])
        return made

    def _put_typed(self, field: Field, made: FieldView) -> None:
        """Show again what was typed."""
        if type(field) is LinkField and made.lookup_url:
            key = self.request.value(field.name)
            link = link_to(self.env, field.target, int(key)) if key.isascii() and key.isdecimal() and len(key) < 19 else None
            made.selected = [Option(str(link.id), link.label or "", selected=True)] if link is not None else []
            made.placeholder = made.placeholder if link is not None else self.request.value(f"{field.name}__label")
        elif not field.opaque and made.kind not in ("display", "link", "many", "user"):
            made.value = widgets.posted_text(self.request, field)
            for option in made.options:
                option.selected = option.value == made.value


def text(env: Env, request: Request, name: str, label: str, value: str = "", kind: str = "text", *, required: bool = False,
         help: str = "", **attrs: str) -> FieldView:  # noqa: A002 - the word the readers know
    """One plain input; what was posted (but a password) stands in it again."""
    shown = request.value(name, value) if request.posted and kind != "password" else value
    return FieldView(name, env.t(label), kind, shown, help=env.t(help) if help else "", required=required,
                     attrs={k.replace("_", "-"): v for k, v in attrs.items()})


def select(env: Env, request: Request, name: str, label: str, options: Iterable[tuple[str, str]], value: str = "", *,
           required: bool = True, kind: str = "select", help: str = "") -> FieldView:  # noqa: A002
    """One choice among (value, label) pairs."""
    chosen = request.value(name, value) if request.posted else value
    return FieldView(name, env.t(label), kind, chosen, required=required, help=env.t(help) if help else "",
                     options=[Option(v, env.t(t), selected=v == chosen) for v, t in options])


def flag(env: Env, request: Request, name: str, label: str, value: bool = False, help: str = "") -> FieldView:  # noqa: A002
    """One yes or no."""
    on = request.value(name) == "1" if request.posted else value
    return FieldView(name, env.t(label), "flag", "1" if on else "", help=env.t(help) if help else "")


def shown_when(field: FieldView, name: str, value: str | bool) -> FieldView:
    """Show an input only while another one holds this value; without scripts it is always shown."""
    field.visible_if = json.dumps(to_json(as_node(F[name] == value)))
    return field


def form(env: Env, url: str, fields: Sequence[FieldView], *, submit: str = "", title: str = "", errors: Sequence[str] = (),
         columns: int = 1, hidden: Mapping[str, str] | None = None, intro: str = "", cancel: str = "",
         confirm: str = "", danger: bool = False) -> FormPage:
    """A form of one section with one button."""
    button = Action(env.t(submit or _("Save")), kind="submit", style="danger" if danger else "primary",
                    confirm=env.t(confirm) if confirm else "")
    return FormPage(env.t(title) if title else "", url, [Section("main", columns=columns, fields=list(fields))],
                    errors=list(errors), actions=[button], hidden=dict(hidden or {}), intro=env.t(intro) if intro else "",
                    cancel_url=cancel)
