"""Line items: children edited inside their parent's form, as a table of small inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.env import Env
from core.errors import Invalid, ValidationFailed
from core.expressions import F
from core.records.fields import ChildrenField, Field
from core.registry.compose import RecordType
from core.web.request import Request
from core.web.showing import is_shown
from core.web.viewmodels import FieldView
from core.web.widgets import field_view, input_text, posted_text, read

if TYPE_CHECKING:
    from core.web.formlayout import FormLayout
    from core.web.forms import Filled

MOST_LINES = 200
COLUMNS = 8
NOT_IN_LINES = frozenset({"children", "many", "tags", "richtext", "longtext", "file", "image", "data", "multichoice"})


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
    target = env.registry.record(field.target)
    columns = columns_of(env, field)
    made.kind, made.readonly = "children", False
    made.columns = [_hidden_id("__")] + [_view(env, target, f, None, {}, field.name, "__") for f in columns]
    found = filled.typed.get(field.name)
    rows = found if found is not None else _stored(env, field, row.get("id"), columns)
    made.rows = [[_hidden_id(str(line.get("id") or ""), f"{field.name}-{i}-id"),
                  *(_view(env, target, f, line.get(f.name), line, field.name, str(i)) for f in columns)]
                 for i, line in enumerate(rows)]


def _hidden_id(value: str, name: str = "") -> FieldView:
    return FieldView(name or "id", "", "hidden", value)


def _view(env: Env, target: RecordType, field: Field, value: Any, line: Mapping[str, Any], prefix: str,
          index: str) -> FieldView:
    made = field_view(env, target, field, value, line, required=field.required)
    made.name = f"{prefix}-{index}-{field.name}"
    return made


def _stored(env: Env, field: ChildrenField, key: Any, columns: list[Field]) -> list[dict[str, Any]]:
    if not key:
        return []
    query = env.query(field.target).where(F[field.by] == int(key)).order("id")
    return query.select(*(f.name for f in columns)).rows(limit=MOST_LINES)


def save(env: Env, request: Request, form: FormLayout, key: int, found: Filled) -> None:
    """Create, change and delete the lines of all children fields in the form."""
    for field, _node in form.fields():
        if isinstance(field, ChildrenField) and env.can("update", field.target) and request.has(f"{field.name}-0-id"):
            _save(env, request, field, key)


def _save(env: Env, request: Request, field: ChildrenField, key: int) -> None:
    columns = columns_of(env, field)
    stored = {line["id"]: line for line in _stored(env, field, key, columns)}
    seen: set[int] = set()
    for index in range(MOST_LINES):
        prefix = f"{field.name}-{index}-"
        if not any(name.startswith(prefix) for name, _value in request.posted_pairs()):
            break
        line = request.value_int(f"{prefix}id")
        values = _values(env, request, prefix, columns, stored.get(line, {}))
        if line in stored:
            seen.add(line)
            if values:
                env.update(field.target, line, values)
        elif values:
            env.create(field.target, {**values, field.by: key})
    gone = set(stored) - seen
    if gone:
        env.delete(field.target, sorted(gone))


def _values(env: Env, request: Request, prefix: str, columns: list[Field], line: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in columns:
        renamed = column.bound(column.name, column.record, column.addon)
        renamed.name = prefix + column.name
        if posted_text(request, renamed) == input_text(env, column, line.get(column.name)):
            continue
        posted = read(env, request, renamed)
        if posted.error:
            raise ValidationFailed([_refusal(column, posted.error)])
        found[column.name] = posted.value
    return found


def _refusal(column: Field, message: str) -> Invalid:
    return Invalid(None, None, f"{column.label}: {message}")
