"""Creating and editing one record by its layout: drawing the form, reading what came back, saving, conflicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.env import Env
from core.errors import Invalid, ValidationFailed
from core.i18n.messages import _
from core.layouts import Node
from core.layouts.conditions import State
from core.records import moves
from core.records.creating import default_value
from core.records.fields import AnyLinkField, Field, FileField, Link, LinkField, ManyField, MoneyField
from core.registry.compose import RecordType
from core.web import lines
from core.web.formlayout import FormLayout, draw, fitted
from core.web.request import Request
from core.web.showing import kind_fields, label_of, layout_for
from core.web.urls import is_local, list_url, record_url
from core.web.viewmodels import Action, FieldView, FormPage, Option, Reason
from core.web.widgets import Posted, field_view, input_text, is_posted, posted_text, read


@dataclass
class Filled:
    """What a form brought: `values` to write, `errors` by field, `typed` texts to show again."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)
    typed: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    lines: dict[str, list[lines.Typed]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)      # of lines: the numbers of those that the form has shown
    after: dict[str, str] = field(default_factory=dict)      # and the place behind them


# ---------------------------------------------------------------- what a form begins with
def empty_row(env: Env, rtype: RecordType, request: Request, args: Iterable[tuple[str, str]] | None = None) -> dict[str, Any]:
    """The values of a new record: defaults, what addons fill in, what the address (or `args`) asks for."""
    asked: dict[str, Any] = {}
    for name, text in request.args() if args is None else args:
        field = rtype.fields.get(name)
        if field is not None and env.access.writable(rtype.name, name) and text:
            value = _cleaned(env, field, text)
            asked[name] = [*asked[name], *value] if isinstance(field, ManyField) and asked.get(name) and value else value
    return starting_row(env, rtype, asked)


def starting_row(env: Env, rtype: RecordType, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a new record: defaults, what addons fill in, then what is asked for."""
    row: dict[str, Any] = {}
    for name, one in rtype.fields.items():
        row[name] = [] if isinstance(one, ManyField) else None
        if one.default is not None and env.access.readable(rtype.name, name):
            row[name] = default_value(env, rtype, one)
    for part in reversed(env.registry.plugins.hook.record_created_defaults(env=env, record_name=rtype.name)):
        row.update({k: v for k, v in (part or {}).items() if k in rtype.fields})
    return _with_labels(env, rtype, {**row, **asked})


def _cleaned(env: Env, one: Field, text: str) -> Any:
    try:
        return one.clean([text] if isinstance(one, ManyField) or one.type_name == "multichoice" else text, env)
    except ValueError:
        return None


def _with_labels(env: Env, rtype: RecordType, row: dict[str, Any]) -> dict[str, Any]:
    """The row with numbers of linked records as links that have a label."""
    for name, value in row.items():
        one = rtype.fields.get(name)
        if value is None or value == [] or isinstance(value, Link) or one is None:
            continue
        if isinstance(one, LinkField):
            row[name] = link_to(env, one.target, int(value))
        elif isinstance(one, ManyField):
            labels = env.labels(one.target, [int(v) for v in value])
            row[name] = [Link(k, labels[k], one.target) for k in labels]
        elif isinstance(one, AnyLinkField):
            row[name] = link_to(env, value[0], int(value[1]))
    return row


def link_to(env: Env, record: str, key: int) -> Link | None:
    """A link with its label; None when the reader may not see the record."""
    labels = env.labels(record, [key]) if env.can("read", record) else {}
    return Link(key, labels[key], record) if key in labels else None


# ---------------------------------------------------------------- drawing
def form_for(env: Env, rtype: RecordType, kind: str = "form", further: Sequence[str] = (),
             row: Mapping[str, Any] | None = None) -> FormLayout:
    """The fitted layout of a form, for records like `row`, with `further` fields at its end where it lacks them."""
    layout = layout_for(env, rtype, kind, row)
    known = set(layout.field_names())
    added = [Node(n, "field") for n in dict.fromkeys(further)
             if n not in known and n in rtype.fields and env.access.writable(rtype.name, n)]
    return fitted(env, rtype, layout.with_nodes((*layout.nodes, *added)) if added else layout, frozenset(kind_fields(env, rtype, kind)))


def form_page(env: Env, form: FormLayout, row: Mapping[str, Any], filled: Filled | None, *, key: int | None,
              action: str, cancel: str) -> FormPage:
    """The view model of a form to fill in."""
    rtype = form.rtype
    creating = key is None
    page = FormPage(_title(env, rtype, row, creating), action, mode="create" if creating else "edit", record=rtype.name,
                    record_id=key, version=int(row.get("version") or 0), cancel_url=cancel, icon=rtype.icon)
    states = form.states(row if filled is None else merged(form, row, filled))
    make = _maker(form, row, filled or Filled())
    page.sections, page.tabs = draw(form, states, make)
    for section in page.sections if creating else ():
        section.fields = [f for f in section.fields if f.kind != "display" or (f.display is not None and f.display.text)]
    page.sections = [s for s in page.sections if s.fields]
    page.multipart = any(isinstance(f, FileField) for f, _n in form.fields())
    page.draft_key = f"{rtype.name}/{key or 'new'}"
    page.arranges = any(f.arranges for section in page.sections for f in section.fields)
    if filled is not None:
        page.errors = filled.general
    page.actions = [Action(env.t(_("Save")), kind="submit", style="primary", shortcut="Ctrl S", id="save")]
    return page


def _title(env: Env, rtype: RecordType, row: Mapping[str, Any], creating: bool) -> str:
    if creating:
        return env.t(_("New {record}", record=rtype.label))
    return str(row.get(rtype.title) or f"#{row.get('id', '')}")


def _maker(form: FormLayout, row: Mapping[str, Any], filled: Filled) -> Any:
    env, rtype = form.env, form.rtype
    shown = {f.name for f, _n in form.fields()}

    def make(one: Field, node: Node, state: State) -> FieldView:
        if "." in node.id:
            made = field_view(env, env.registry.record(one.record), one, row.get(node.id), row, node=node, readonly=True)
            made.label = made.label if node.get("label") else label_of(env, rtype, node.id)
            return made
        shut = form.pens is not None and one.name not in form.pens
        locked = shut or one.readonly or not env.access.writable(rtype.name, one.name)
        made = field_view(env, rtype, one, row.get(one.name), row, node=node, readonly=locked,
                          required=one.required or state.required)
        made.readonly = made.readonly or (state.readonly and not locked and bool(made.readonly))
        if isinstance(one, MoneyField) and one.currency in shown:
            made.currencies, made.currency = [], ""  # it stands in the form itself
        made.arranges = one.name in form.kinds and not made.readonly
        if one.name in filled.typed:
            _put_typed(env, one, made, filled)
        made.errors = filled.errors.get(one.name, [])
        if one.type_name == "children" and not shut:
            lines.equip(env, rtype, one, row, made, filled)
        return made
    return make


def _put_typed(env: Env, one: Field, made: FieldView, filled: Filled) -> None:
    """Show again what was typed or picked, also where it was refused."""
    name, typed = one.name, filled.typed[one.name]
    made.value = typed
    for column in made.columns if made.kind == "names" else ():
        column.value = json.loads(typed or "{}").get(column.attrs["lang"], "")
    chosen = set(typed) if isinstance(typed, list) else {typed}
    for option in made.options:
        option.selected = option.value in chosen
    if made.lookup_url:
        known = {o.value: o for o in made.selected}
        if isinstance(one, (LinkField, ManyField)):
            picked = [int(v) for v in chosen if v not in known and str(v).isdecimal() and len(str(v)) < 18]
            labels = env.labels(one.target, picked) if picked else {}
            known |= {str(k): Option(str(k), label, selected=True) for k, label in labels.items()}
        made.selected = [known[v] for v in (typed if isinstance(typed, list) else [typed]) if v in known]
        if not made.selected and filled.labels.get(name):
            made.placeholder = filled.labels[name]


# ---------------------------------------------------------------- reading
def fill(env: Env, request: Request, form: FormLayout, row: Mapping[str, Any]) -> Filled:
    """Read the posted fields of a form; only those that somebody changed become values."""
    rtype = form.rtype
    found = Filled()
    for one, _node in form.fields():
        if not env.access.writable(rtype.name, one.name) or one.type_name == "children" or not is_posted(request, one):
            continue
        if isinstance(one, MoneyField) and one.currency:
            _read_currency(env, request, rtype, one, row, found)
        typed = posted_text(request, one)
        if isinstance(one, FileField) or one.opaque:  # what was typed into a secret is not shown again
            _take(one, _posted_file(env, request, one) if isinstance(one, FileField) else read(env, request, one), found)
            continue
        found.typed[one.name] = typed
        label = request.value(f"{one.name}__label").strip()
        if label:
            found.labels[one.name] = label
        if not _same(typed, input_text(env, one, row.get(one.name))) or (not typed and label and _is_link(one)):
            _take(one, read(env, request, one), found)
    lines.take(env, request, form, found)
    return found


def _is_link(one: Field) -> bool:
    return isinstance(one, LinkField)


def _same(typed: Any, shown: Any) -> bool:
    """Whether an input came back as it was; browsers turn line ends into CR LF."""
    if isinstance(typed, list):
        return sorted(typed) == sorted(shown or ())
    return str(typed).replace("\r\n", "\n").strip() == str(shown).replace("\r\n", "\n").strip()


def _take(one: Field, posted: Posted, found: Filled) -> None:
    if posted.error:
        found.errors.setdefault(one.name, []).append(posted.error)
    else:
        found.values[one.name] = posted.value


def _posted_file(env: Env, request: Request, one: Field) -> Posted:
    if request.uploads(one.name):
        return read(env, request, one)
    return Posted(None)


def _read_currency(env: Env, request: Request, rtype: RecordType, one: MoneyField, row: Mapping[str, Any],
                   found: Filled) -> None:
    """The currency chosen beside an amount goes into the field that holds it, unless that stands in the form itself."""
    chosen = request.value(f"{one.name}__currency")
    if not chosen or request.has(one.currency or "") or not env.access.writable(rtype.name, one.currency or ""):
        return
    held = row.get(one.currency or "")
    if chosen != (str(held.id) if isinstance(held, Link) else "") and request.value(one.name).strip():
        found.values[one.currency or ""] = chosen


# ---------------------------------------------------------------- saving
def merged(form: FormLayout, row: Mapping[str, Any], found: Filled) -> dict[str, Any]:
    """A row with the new values in it."""
    made = dict(row)
    for name, value in found.values.items():
        try:
            made[name] = form.rtype.fields[name].clean(value, form.env) if value not in (None, "", []) else None
        except ValueError:
            made[name] = None
    return made


def check_states(env: Env, form: FormLayout, row: Mapping[str, Any], found: Filled) -> None:
    """Let the layout's conditions speak about the new values: what is locked is not written, what is needed must be."""
    new = merged(form, row, found)
    states = form.states(new)
    for one, node in form.fields():
        state = states.get(node.id, State())
        if state.readonly and one.name in found.values:
            del found.values[one.name]
        empty = new.get(one.name) in (None, "", [], False)
        if state.required and not one.required and empty and one.name not in found.errors:
            found.errors[one.name] = [env.t(_("“{field}” is required.", field=one.label))]


def said(env: Env, error: Invalid) -> str:
    """A reason as pages show it, with the way to mend it if there is one."""
    text = Reason(env.t(error.message))
    if error.link is not None and is_local(error.link[1]):
        text.label, text.url = env.t(error.link[0]), error.link[1]
    return text


def take_errors(env: Env, form: FormLayout, error: ValidationFailed, found: Filled) -> None:
    """Put the reasons of a refusal at their fields; those about others, at the top."""
    shown = {f.name for f, _n in form.fields()}
    for one in error.errors:
        if one.field in shown and one.field is not None:
            found.errors.setdefault(one.field, []).append(said(env, one))
        else:
            found.general.append(said(env, one))


def save(env: Env, request: Request, form: FormLayout, row: Mapping[str, Any], found: Filled, *, key: int | None,
         version: int = 0) -> int | None:
    """Write what a form brought; the record's number, or None with the reasons in `found`. Conflict goes through."""
    rtype = form.rtype
    check_states(env, form, row, found)
    if found.errors:
        return None
    try:
        with request.attempt(), moves.together(env):
            if key is None:
                key = env.create(rtype.name, {**_given(form, row), **found.values})
            elif found.values:
                env.update(rtype.name, key, found.values, {key: version} if version else None)
            lines.save(env, request, form, key, found)
    except ValidationFailed as error:
        take_errors(env, form, error, found)
        return None
    return key


def _given(form: FormLayout, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a new record gets although nobody typed it: the values its empty form showed."""
    env, rtype = form.env, form.rtype
    shown = {n: v for n, v in row.items() if v not in (None, []) and n in rtype.fields
             and env.access.writable(rtype.name, n) and not rtype.fields[n].system}
    return {n: [x.id for x in v] if isinstance(v, list) and v and isinstance(v[0], Link)
            else (v.id if isinstance(v, Link) and not isinstance(rtype.fields[n], AnyLinkField) else v)
            for n, v in shown.items()}


def after_url(rtype: RecordType, key: int, request: Request) -> str:
    """Where to go after saving."""
    if request.value("then") == "new":
        return f"{list_url(rtype.name)}/new"
    return request.next_url(record_url(rtype.name, key))
