"""Fields as inputs, and what people typed back as values.

What an input shows is written the way its reader types it, so an untouched input comes back with the very same text;
`unchanged` relies on that, and only what somebody changed is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from core.env import Env
from core.expressions import F
from core.i18n.catalogs import LANGUAGES
from core.i18n.messages import _
from core.layouts import Node, text_in
from core.query.query import Query
from core.records.fields import (
    AnyLinkField,
    ChoiceField,
    DecimalField,
    Depends,
    Field,
    FileField,
    IntegerField,
    Link,
    LinkField,
    ManyField,
    MoneyField,
    NamesField,
    TagsField,
    TextField,
)
from core.records.name_fields import NameField
from core.registry.compose import RecordType
from core.sealing import DOTS
from core.web import files
from core.web.cells import value_cell
from core.web.money import base_currency
from core.web.request import Request
from core.web.showing import NUMBERS, is_person, kind_of
from core.web.viewmodels import FieldView, Option

NEW = "new:"
CURRENCY = "base.currency"


@dataclass(frozen=True)
class Posted:
    """What came for one field: the value to write, or why it cannot be."""

    value: Any = None
    error: str = ""


# ---------------------------------------------------------------- showing
def field_view(env: Env, rtype: RecordType, field: Field, value: Any, row: Mapping[str, Any], *, node: Node | None = None,
               readonly: bool = False, required: bool = False, reading: bool = False) -> FieldView:
    """One field of a form, with the value it holds. `reading` leaves the input out."""
    get = node.get if node is not None else _nothing
    made = FieldView(field.name, text_in(get("label") or field.label, env.lang, env.t), field.type_name)
    made.help = text_in(get("help") or field.help, env.lang, env.t)
    made.width = int(get("span") or (2 if field.type_name in ("richtext", "children") else 1))
    made.display = value_cell(env, field, value, dict(row), node.id if node is not None else "")
    made.readonly, made.required = readonly, required and not readonly
    if reading:
        made.help = ""
        return made
    made.kind = _widget(field, get("widget"))
    if readonly:
        made.kind = "display"
        return made
    made.placeholder = text_in(get("placeholder") or "", env.lang, env.t)
    made.value = input_text(env, field, value)
    if field.opaque and value is not None:
        made.placeholder, made.required = env.t(_("{dots} kept; type to replace it", dots=DOTS)), False
        made.attrs.update({} if field.required else {"data-kept": "1"})
    _equip(env, rtype, field, value, row, made)
    return made


def _nothing(_name: str, default: Any = None) -> Any:
    return default


def _widget(field: Field, wanted: str | None) -> str:
    if isinstance(field, ChoiceField) and wanted in ("radio", "select") and field.type_name == "choice":
        return wanted
    return "user" if is_person(field) else field.type_name


def input_text(env: Env, field: Field, value: Any) -> Any:
    """What the input of a value holds; a list of texts for several values."""
    kind = kind_of(field)
    if field.opaque:
        return ""
    if kind == "names":
        return _as_text(value)
    if kind in ("multichoice", "many", "tags"):
        return [str(v.id if isinstance(v, Link) else v) for v in value or ()]
    if value is None or value == "":
        return ""
    if isinstance(value, Link):
        return f"{value.record}:{value.id}" if isinstance(field, AnyLinkField) else str(value.id)
    if kind == "flag":
        return "1" if value else ""
    if kind in NUMBERS:
        return env.format.number(value)
    if kind == "date":
        return env.format.date(value, "short")
    if kind == "datetime":
        return env.format.datetime(value, "short")
    if kind == "duration":
        return env.format.duration(value)
    return env.format.phone(value) if kind == "phone" else str(value)


def _equip(env: Env, rtype: RecordType, field: Field, value: Any, row: Mapping[str, Any], made: FieldView) -> None:
    """Options, limits, pickers, affixes."""
    if isinstance(field, TextField) and field.size and field.size <= 4000:
        made.attrs["maxlength"] = str(field.size)
    if isinstance(field, NamesField):
        _names_inputs(env, field, made)
    if isinstance(field, ChoiceField):
        made.options = _offered(env, field, value, set(made.value) if isinstance(made.value, list) else {made.value})
        made.multiple = field.type_name == "multichoice"
        if field.depends is not None and env.access.readable(rtype.name, field.depends.field):
            made.options_if = _options_if(field.depends, row)
    elif isinstance(field, FileField):
        made.attrs = {"accept": "image/*"} if field.type_name == "image" else {}
    elif isinstance(field, AnyLinkField):
        made.lookup_url = "/lookup/any" + (f"?types={','.join(field.targets)}" if field.targets else "")
        made.selected = [_chosen(env, value)] if value is not None else []
    elif isinstance(field, (LinkField, ManyField)):
        made.lookup_url = f"/lookup/{field.target}?for={rtype.name}.{field.name}" + _within(env, field, row, made)
        links = (value or []) if isinstance(field, ManyField) else ([value] if value is not None else [])
        made.selected = [_chosen(env, link) for link in links]
        made.multiple = isinstance(field, ManyField)
        if env.can("create", field.target) and not is_person(field) and not isinstance(field, TagsField):
            made.create_url = f"/r/{field.target}/quick"
    elif isinstance(field, MoneyField):
        _equip_money(env, rtype, field, row, made)
    elif field.type_name == "percent":
        made.suffix = "%"
    if isinstance(field, (IntegerField, DecimalField)):
        made.attrs["autocomplete"] = "off"


def _options_if(depends: Depends, row: Mapping[str, Any]) -> str:
    """On what the options hang, for the browser; `now` counts where the other field is not in the form."""
    rule = {"field": depends.field, "allowed": {value: sorted(options) for value, options in depends.allowed.items()}}
    return json.dumps(rule | ({"now": row[depends.field]} if depends.field in row else {}), ensure_ascii=False, sort_keys=True)


def only_fitting(field: Field, row: Mapping[str, Any], view: FieldView) -> None:
    """Leave out the options that do not go with what stands in another choice, where that choice is not in the form."""
    if isinstance(field, ChoiceField) and field.depends is not None and field.depends.field in row:
        allowed = field.depends.allowed.get(row[field.depends.field] or "", frozenset())
        view.options = [option for option in view.options if option.value in allowed or option.selected]


def _as_text(names: Any) -> str:
    return json.dumps(names, ensure_ascii=False, sort_keys=True) if names else ""


def _names_inputs(env: Env, field: Field, made: FieldView) -> None:
    """An input for each language but the main one, in which the name itself is written."""
    held, main = json.loads(made.value or "{}"), env.installation.settings.locale.default_language
    made.columns = [FieldView(f"{field.name}__{lang}", LANGUAGES.get(lang, lang), "text", held.get(lang, ""),
                              attrs={"lang": lang, "maxlength": str(NamesField.size)})
                    for lang in env.installation.catalogs.languages() if lang != main]


def _within(env: Env, field: Field, row: Mapping[str, Any], made: FieldView) -> str:
    """What a picker is narrowed by as long as its form says nothing newer; the fields that it goes by."""
    known = [n for n in getattr(field, "beside", ()) if n in row and env.access.readable(field.record, n)]
    made.within = " ".join(known)
    return "".join(f"&within.{n}={quote(str(input_text(env, env.registry.record(field.record).fields[n], row[n])))}" for n in known)


def _offered(env: Env, field: ChoiceField, value: Any, chosen: set[str]) -> list[Option]:
    """What may be chosen, and what is chosen now: a name may be of an addon that is not enabled, or not the reader's to see."""
    made = [Option(o.value, env.t(o.label), o.colour, selected=o.value in chosen) for o in field.offered(env)
            if (o.active or o.value in chosen) and _reachable(field, value, o.value)]
    unknown = chosen - {"", *(o.value for o in made)} if isinstance(field, NameField) else set()
    return made + [Option(name, name, selected=True) for name in sorted(unknown)]


def _reachable(field: ChoiceField, value: Any, option: str) -> bool:
    """Whether a choice with transitions may go from its value to an option."""
    if not field.transitions or value is None or value not in field.transitions:
        return True
    return option == value or option in field.transitions[value]


def _chosen(env: Env, link: Link) -> Option:
    value = str(link.id)
    return Option(value, link.label if link.label is not None else env.t(_("Restricted")), selected=True)


def _equip_money(env: Env, rtype: RecordType, field: MoneyField, row: Mapping[str, Any], made: FieldView) -> None:
    held = row.get(field.currency) if field.currency else None
    made.currency = str(held.id) if isinstance(held, Link) else base_currency(env)
    if not field.currency or not env.access.writable(rtype.name, field.currency):
        made.currency = held.label or "" if isinstance(held, Link) else base_currency(env)
        return
    made.currencies = [Option(str(k), code, selected=code == base_currency(env) and held is None)
                       for k, code in currencies(env).items()]


def currencies(env: Env) -> dict[int, str]:
    """Codes of the currencies in use, by number."""
    if "currencies" not in env.cache:
        known = CURRENCY in env.registry.records and env.can("read", CURRENCY)
        rows = env.query(CURRENCY).where(F.active).select("code").rows(limit=200) if known else []
        env.cache["currencies"] = {r["id"]: r["code"] for r in rows}
    return env.cache["currencies"]  # type: ignore[no-any-return]


def narrowed(env: Env, field: Field, query: Query, values: Mapping[str, str]) -> Query:
    """The targets of a link that belong to what stands in the fields beside it, as far as their reader may see that."""
    for own, there in getattr(field, "within", {}).items():
        first, _dot, rest = own.partition(".")
        if first not in values or not env.access.readable(query.rtype.name, there):
            continue
        beside = env.registry.record(field.record).fields[first]
        try:
            value = beside.clean(values[first], env) if values[first] else None
        except ValueError:
            continue
        if rest:
            found = _held(env, beside, value, rest)
            query = query if found is None else query.where(F[there] == found)
            continue
        query = query.where(F[there] == value if value is not None else F[there].is_null())
    return query


def _held(env: Env, link: Field, key: int | None, name: str) -> Any:
    """What the record holds that a field beside links to, as far as the reader may see it."""
    target = link.target  # type: ignore[attr-defined]  # composing has seen that it is a link
    if key is None or not env.can("read", target) or not env.access.readable(target, name):
        return None
    rows = env.query(target).with_ids([key]).archived(None).select(name).rows(1)
    return getattr(rows[0][name], "id", rows[0][name]) if rows else None


# ---------------------------------------------------------------- reading
def is_posted(request: Request, field: Field) -> bool:
    """Whether a form held this field at all."""
    name = field.name
    if field.type_name in ("flag",):
        return request.has(f"{name}__present") or request.has(name)
    if isinstance(field, NamesField):
        return request.has(f"{name}__present")
    if isinstance(field, FileField):
        return bool(request.uploads(name)) or request.has(f"{name}__remove")
    if field.opaque:  # an empty input means that the secret stays
        return bool(request.value(name)) or request.has(f"{name}__remove")
    return request.has(name) or request.has(f"{name}__label") or (
        field.type_name == "multichoice" and request.has(f"{name}__present"))


def posted_text(request: Request, field: Field) -> Any:
    """What the input held, in the form of :func:`input_text`."""
    if field.type_name in ("multichoice", "many", "tags"):
        return [v for v in request.values(field.name) if v]
    if isinstance(field, NamesField):
        head = f"{field.name}__"
        found = {n.removeprefix(head): v.strip() for n, v in request.posted_pairs() if n.startswith(head) and v.strip()}
        return _as_text({lang: text for lang, text in found.items() if lang != "present"})
    return request.value(field.name)


def read(env: Env, request: Request, field: Field) -> Posted:
    """The value that was typed for a field."""
    reader = READERS.get(kind_of(field), _read_text)
    try:
        return Posted(reader(env, request, field))
    except ValueError as error:
        return Posted(error=env.t(error.args[0]) if error.args else env.t(_("This was not understood.")))


def _read_text(env: Env, request: Request, field: Field) -> Any:
    return request.value(field.name) or None


def _read_names(env: Env, request: Request, field: Field) -> Any:
    return posted_text(request, field) or None


def _read_flag(env: Env, request: Request, field: Field) -> Any:
    return request.value(field.name) in ("1", "on", "true")


def _read_number(env: Env, request: Request, field: Field) -> Any:
    text = request.value(field.name).strip()
    if not text:
        return None
    number: Decimal = env.format.parse_number(text[:60])
    return number


def _read_several(env: Env, request: Request, field: Field) -> Any:
    return [v for v in request.values(field.name) if v]


def _read_link(env: Env, request: Request, field: Field) -> Any:
    value = request.value(field.name).strip()
    if value:
        return value
    label = request.value(f"{field.name}__label").strip()
    beside = field.name.removesuffix(field.name.rpartition("-")[2])  # the fields of a line have its place before their name
    values = {n: request.value(beside + n) for n in getattr(field, "beside", ()) if request.value(beside + n)}
    return _by_label(env, field, label, values) if label else None


def _by_label(env: Env, field: Field, label: str, within: Mapping[str, str]) -> int:
    """The one record of that very name, for those who type instead of picking."""
    target = field.target  # type: ignore[attr-defined]
    rtype = env.registry.record(target)
    found: list[int] = []
    if env.can("read", target) and env.access.readable(target, rtype.title):
        found = narrowed(env, field, env.query(target), within).where(F[rtype.title] == label[:255]).ids(limit=2)
    if len(found) != 1:
        raise ValueError(_("Choose a record from the list."))
    return found[0]


def _read_tags(env: Env, request: Request, field: Field) -> Any:
    made: list[int] = []
    for value in _read_several(env, request, field):
        made.append(_tag(env, field, value[len(NEW):]) if value.startswith(NEW) else value)
    return made


def _tag(env: Env, field: Field, name: str) -> int:
    target = field.target  # type: ignore[attr-defined]
    title = env.registry.record(target).title
    found = env.query(target).where(F[title] == name.strip()[:80]).ids(limit=1)
    return found[0] if found else env.create(target, {title: name.strip()[:80]})


def _read_file(env: Env, request: Request, field: Field) -> Any:
    uploads = request.uploads(field.name)
    return files.store(env, uploads[0], image=field.type_name == "image") if uploads else None


READERS: dict[str, Callable[[Env, Request, Field], Any]] = {
    "flag": _read_flag, "integer": _read_number, "decimal": _read_number, "money": _read_number,
    "percent": _read_number, "multichoice": _read_several, "many": _read_several, "tags": _read_tags, "link": _read_link,
    "anylink": _read_text, "file": _read_file, "image": _read_file, "names": _read_names}
