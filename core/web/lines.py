"""Line items: children edited inside their parent's form, as a table of small inputs.

A form begins with the first lines and fetches further ones when it is asked to. It tells which lines it has shown, so that
one that is missing was taken away, and how each stood, so that what somebody else changed meanwhile is not undone. Scripts
send of untouched lines nothing but their number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.env import Env
from core.errors import Invalid, NotFound, ValidationFailed
from core.expressions import F
from core.i18n.messages import _
from core.records.fields import ChildrenField, Field
from core.registry.compose import RecordType
from core.web.request import Request
from core.web.showing import is_shown
from core.web.urls import list_url, record_url, with_query
from core.web.viewmodels import FieldView, LineFields
from core.web.viewmodels import Option as Chosen
from core.web.widgets import field_view, input_text, is_posted, posted_text, read

if TYPE_CHECKING:
    from core.web.formlayout import FormLayout
    from core.web.forms import Filled

PAGE = 200
"""How many lines a form shows at once."""
MOST = 5000
"""How many lines one form is read for."""
COLUMNS = 8
NOT_IN_LINES = frozenset({"children", "many", "tags", "richtext", "longtext", "file", "image", "data", "multichoice", "names", "secret"})


@dataclass
class Typed:
    """What came for a line that is shown again: its number, how it stood, and its inputs as (text, name of what was picked)."""

    key: int
    was: str
    cells: dict[str, tuple[Any, str]] = field(default_factory=dict)


def columns_of(env: Env, field: ChildrenField) -> list[Field]:
    """The fields of a line."""
    target = env.registry.record(field.target)
    return [f for f in target.fields.values() if f.name != field.by and not f.system and not f.readonly
            and f.type_name not in NOT_IN_LINES and is_shown(env, target, f)
            and env.access.writable(target.name, f.name)][:COLUMNS]


def equip(env: Env, rtype: RecordType, field: Field, row: Mapping[str, Any], made: FieldView, filled: Filled) -> None:
    """Give a children field its columns and lines."""
    if not isinstance(field, ChildrenField) or not env.can("update", field.target):
        return
    columns = columns_of(env, field)
    made.kind, made.readonly = "children", False
    nothing = dict.fromkeys(c.name for c in columns)
    made.columns = [_hidden("id"), *_cells(env, field, columns, nothing, "__"), _hidden("was")]
    typed = filled.lines.get(field.name)
    key = int(row["id"]) if row.get("id") else None
    if typed is None:
        made.lines = _page(env, field, columns, key, None, 0) if key else LineFields(known="")
    else:
        made.lines = _again(env, field, columns, typed, filled.known.get(field.name, ""))
        if (after := filled.after.get(field.name)) and key:
            _further(env, field, key, after, made.lines)


def more(env: Env, rtype: RecordType, key: int, name: str, after: str, first: int) -> LineFields:
    """Further lines of a record's form, numbered from `first` on; NotFound where its form has none to edit."""
    field = rtype.fields.get(name)
    if not isinstance(field, ChildrenField) or not env.can("update", field.target) or not env.access.readable(rtype.name, name):
        raise NotFound
    return _page(env, field, columns_of(env, field), key, after or None, max(0, min(first, MOST)))


def _page(env: Env, field: ChildrenField, columns: list[Field], key: int, after: str | None, first: int) -> LineFields:
    query = env.query(field.target).where(F[field.by] == key).select(*(f.name for f in columns))
    page = query.page(PAGE, after)
    made = LineFields(known=",".join(str(line["id"]) for line in page.rows))
    for i, line in enumerate(page.rows, first):
        made.rows.append([_hidden(f"{field.name}-{i}-id", str(line["id"])), *_cells(env, field, columns, line, str(i)),
                          _hidden(f"{field.name}-{i}-was", _print(env, columns, line))])
    if page.next:
        _further(env, field, key, page.next, made)
    return made


def _further(env: Env, field: ChildrenField, key: int, after: str, made: LineFields) -> None:
    """Where the next lines come from, and the list in which all of them stand."""
    made.after = after
    made.more_url = with_query(f"{record_url(field.record, key)}/lines/{field.name}", {"after": after})
    made.list_url = with_query(list_url(field.target), {f"filter.{field.by}": f"#{key}", "s": "1"})


def _again(env: Env, field: ChildrenField, columns: list[Field], typed: Sequence[Typed], known: str) -> LineFields:
    """Lines as they were typed, after a refusal."""
    stored = {line["id"]: line for line in _stored(env, field, None, columns, [one.key for one in typed])}
    made = LineFields(known=known)
    for i, one in enumerate(typed):
        line = stored.get(one.key, dict.fromkeys(c.name for c in columns))
        cells = _cells(env, field, columns, line, str(i))
        for column, cell in zip(columns, cells, strict=True):
            if column.name not in one.cells:
                continue
            cell.value, label = one.cells[column.name]
            if cell.lookup_url:
                cell.selected = [Chosen(str(cell.value), label, selected=True)] if cell.value else []
            for option in cell.options:
                option.selected = option.value == cell.value
        made.rows.append([_hidden(f"{field.name}-{i}-id", str(one.key or "")), *cells, _hidden(f"{field.name}-{i}-was", one.was)])
    return made


def _hidden(name: str, value: str = "") -> FieldView:
    return FieldView(name, "", "hidden", value)


def _cells(env: Env, field: ChildrenField, columns: list[Field], line: Mapping[str, Any], index: str) -> list[FieldView]:
    target = env.registry.record(field.target)
    made = []
    for column in columns:
        cell = field_view(env, target, column, line[column.name], line, required=column.required)
        cell.name = f"{field.name}-{index}-{column.name}"
        if cell.kind == "money" and not cell.currencies:
            cell.currency = ""  # it is the document's, which its form names
        made.append(cell)
    return made


def _print(env: Env, columns: list[Field], line: Mapping[str, Any]) -> str:
    """A short mark of how a line stands."""
    text = "\x00".join(str(input_text(env, column, line[column.name])) for column in columns)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _stored(env: Env, field: ChildrenField, parent: int | None, columns: list[Field], keys: Sequence[int]) -> list[dict[str, Any]]:
    wanted = [key for key in keys if key]
    if not wanted:
        return []
    query = env.query(field.target).with_ids(wanted)
    return (query if parent is None else query.where(F[field.by] == parent)).select(*(f.name for f in columns)).rows(limit=MOST)


# ---------------------------------------------------------------- reading
def take(env: Env, request: Request, form: FormLayout, found: Filled) -> None:
    """Keep the lines as they came, to show them again should they be refused."""
    for one, _node in form.fields():
        if not isinstance(one, ChildrenField) or not request.has(f"{one.name}-known") or not env.can("update", one.target):
            continue
        columns = columns_of(env, one)
        found.known[one.name] = ",".join(request.values(f"{one.name}-known"))
        found.after[one.name] = request.values(f"{one.name}-after")[-1] if request.values(f"{one.name}-after") else ""
        found.lines[one.name] = [
            Typed(request.value_int(f"{prefix}id"), request.value(f"{prefix}was"), {
                c.name: (posted_text(request, under), request.value(f"{under.name}__label"))
                for c in columns if is_posted(request, under := _under(c, prefix))})
            for prefix in _prefixes(request, one)]


def _prefixes(request: Request, field: ChildrenField) -> Iterator[str]:
    head = f"{field.name}-"
    posted = {name.removeprefix(head).partition("-")[0] for name, _value in request.posted_pairs() if name.startswith(head)}
    for index in range(MOST):
        if str(index) not in posted:
            return
        yield f"{head}{index}-"


def _under(column: Field, prefix: str) -> Field:
    renamed = column.bound(column.name, column.record, column.addon)
    renamed.name = prefix + column.name
    return renamed


# ---------------------------------------------------------------- saving
def save(env: Env, request: Request, form: FormLayout, key: int, found: Filled) -> None:
    """Create, change and delete the lines of all children fields in the form."""
    for one, _node in form.fields():
        if isinstance(one, ChildrenField) and one.name in found.lines and (form.pens is None or one.name in form.pens):
            _save(env, request, one, key, found.known[one.name])


def _save(env: Env, request: Request, field: ChildrenField, key: int, known: str) -> None:
    columns = columns_of(env, field)
    prefixes = list(_prefixes(request, field))
    shown = {int(k) for k in known.split(",") if k.isdecimal()}
    keys = [request.value_int(f"{prefix}id") for prefix in prefixes]
    stored = {line["id"]: line for line in _stored(env, field, key, columns, [*shown, *keys])}
    changed: dict[int, dict[str, Any]] = {}
    new: list[dict[str, Any]] = []
    places: dict[str, list[int]] = {"changed": [], "new": []}
    for place, (prefix, line) in enumerate(zip(prefixes, keys, strict=True), 1):
        values = _values(env, request, prefix, columns, stored.get(line, {}), place)
        if not values:
            continue
        if line in stored:
            if request.value(f"{prefix}was") not in ("", _print(env, columns, stored[line])):
                raise ValidationFailed([_refusal(place, _("somebody changed this line meanwhile. Open the form again to see it."))])
            changed[line] = values
            places["changed"].append(place)
        elif line:
            raise ValidationFailed([_refusal(place, _("somebody deleted this line meanwhile."))])
        else:
            new.append({**values, field.by: key})
            places["new"].append(place)
    if changed:
        with _placed(places["changed"]):
            env.update_each(field.target, changed)
    if new:
        with _placed(places["new"]):
            env.create(field.target, new)
    gone = (shown & set(stored)) - set(keys)
    if gone:
        env.delete(field.target, sorted(gone))


@contextmanager
def _placed(places: Sequence[int]) -> Iterator[None]:
    """Reasons name the line they are about."""
    try:
        yield
    except ValidationFailed as error:
        raise ValidationFailed([
            Invalid(None, None, e.message if e.index is None or e.index >= len(places) else _refusal(places[e.index], e.message).message,
                    link=e.link) for e in error.errors]) from None


def _values(env: Env, request: Request, prefix: str, columns: list[Field], line: Mapping[str, Any], place: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in columns:
        under = _under(column, prefix)
        if not is_posted(request, under) or posted_text(request, under) == input_text(env, column, line.get(column.name)) and not (
                not request.value(under.name) and request.value(f"{under.name}__label").strip()):
            continue
        posted = read(env, request, under)
        if posted.error:
            raise ValidationFailed([_refusal(place, f"{env.t(column.label)}: {posted.error}")])
        found[column.name] = posted.value
    return found


def _refusal(place: int, reason: str) -> Invalid:
    return Invalid(None, None, _("Line {line}: {reason}", line=place, reason=reason))
