"""Exporting a list: its filters, its columns, the person's rights and language; streamed, whatever its length.

    wanted = Wanted.of(env.query("leads.lead").where(...), ["name", "owner"], form="csv")
    for piece in pieces(env, wanted): ...                # CSV
    to_file(env, wanted, path)                           # CSV or XLSX

What is written can be imported again: choices by their labels, links by their names, dates as the person writes them or
in ISO form. The right to export such records is needed, and every export is a line of history (:func:`note`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ExpressionError
from core.exchange.offered import NUMBER
from core.exchange.writing import Column, WriteOptions, write_csv, write_xlsx
from core.expressions import from_json, to_json
from core.i18n.catalogs import direction
from core.i18n.messages import _
from core.records.fields import ChildrenField, ChoiceField, Field, LinkField
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env
    from core.query.query import Query

FORMS = ("csv", "xlsx")
DATES = ("own", "iso")
IN_BACKGROUND = 50_000
"""A workbook of more rows is made in the background; CSV is streamed at any length."""
TOPIC = "core.export"
_UNKEPT = ("children", "data", "file", "image", "names", "secret")


@dataclass(frozen=True)
class Wanted:
    """What is to be exported, as it can be kept in a job. `dates`: "own" (the person's calendar) or "iso"."""

    record: str
    paths: Sequence[str]
    form: str = "csv"
    dates: str = "own"
    where: Sequence[Any] = ()
    search: str = ""
    order: Sequence[str] = ()
    archived: bool | None = False
    ids: Sequence[int] | None = None

    @classmethod
    def of(cls, query: Query, paths: Sequence[str], form: str = "csv", dates: str = "own") -> Wanted:
        """What a query means, without its environment."""
        return cls(query.rtype.name, list(paths), form, dates, [to_json(node) for node in query._where],  # noqa: SLF001
                   query._search, list(query._order), query._archived,  # noqa: SLF001 - the two belong together
                   None if query._ids is None else list(query._ids))  # noqa: SLF001

    def query(self, env: Env) -> Query:
        """The query again, for the rows this person may export."""
        found = env.query(self.record).where(*(from_json(tree) for tree in self.where)).search(self.search)
        found = found.archived(self.archived).order(*self.order).for_operation("export")
        return found if self.ids is None else found.with_ids(self.ids)

    def data(self) -> dict[str, Any]:
        """As JSON; `Wanted(**data)` is the same again."""
        return asdict(self)


def exportable(env: Env, rtype: RecordType) -> list[Field]:
    """The fields of a type that this person may export."""
    return [field for field in rtype.fields.values() if _is_open(env, rtype, field)]


def _is_open(env: Env, rtype: RecordType, field: Field) -> bool:
    secret = field.sensitive and field.readonly
    return not secret and field.type_name not in _UNKEPT and env.access.readable(rtype.name, field.name)


def _resolved(env: Env, record: str, path: str) -> list[Field]:
    """The fields along a path; a hidden one is as unknown as one that does not exist."""
    rtype = env.registry.record(record)
    found: list[Field] = []
    for name in path.split("."):
        field = rtype.fields.get(name)
        if field is None or isinstance(field, ChildrenField) or not _is_open(env, rtype, field):
            raise ExpressionError(_("{record} has no field “{field}”."), record=rtype.label, field=path)
        found.append(field)
        if isinstance(field, LinkField):
            rtype = env.registry.record(field.target)
    if any(not isinstance(field, LinkField) for field in found[:-1]):
        raise ExpressionError(_("“{path}” is not a link to one record."), path=path)
    return found


def columns(env: Env, wanted: Wanted) -> list[Column]:
    """The columns with headers in the person's language, each different from the others."""
    made: list[Column] = []
    taken: set[str] = set()
    for path in wanted.paths:
        fields = _resolved(env, wanted.record, path)
        labels = [env.t(_("Record number")) if field.name == NUMBER else env.t(field.label) for field in fields]
        header = " / ".join(labels)
        if header in taken:
            header = f"{header} ({path})"
        taken.add(header)
        made.append(Column(header, getattr(fields[-1], "result_type", None) or fields[-1].type_name))
    return made


def options(env: Env, wanted: Wanted) -> WriteOptions:
    """How this person's values are written."""
    own = wanted.dates == "own"
    return WriteOptions(tz=env.tz, calendar=env.actor.calendar if own else "gregorian", yes=env.t(_("yes")), no=env.t(_("no")))


def rows(env: Env, wanted: Wanted, told: Callable[[int], None] | None = None) -> Iterator[list[Any]]:
    """The rows in the order of the list, a page at a time; `told` hears how many there were now and then."""
    env.require("export", wanted.record)
    shown = [_shower(env, _resolved(env, wanted.record, path)[-1]) for path in wanted.paths]
    plan = list(zip(wanted.paths, shown, strict=True))
    for number, row in enumerate(wanted.query(env).stream(*wanted.paths), 1):
        yield [row[path] if show is None else show(row[path]) for path, show in plan]
        if told is not None and number % 1000 == 0:
            told(number)


def _shower(env: Env, field: Field) -> Callable[[Any], Any] | None:
    """How a stored value becomes what is written; None when it is written as it is."""
    if isinstance(field, ChoiceField):
        labels = {value: env.t(label) for value, label in field.called(env).items()}
        if field.type_name == "multichoice":
            return lambda value: [labels.get(one, one) for one in value] if value else None
        return lambda value: labels.get(value, value)
    if field.type_name in ("many", "tags"):
        return lambda value: [one.label for one in value if one.label] if value else None
    if field.type_name in ("link", "anylink"):
        return lambda value: value.label if value is not None else None
    return None


def pieces(env: Env, wanted: Wanted) -> Iterator[bytes]:
    """The export as CSV, in pieces."""
    yield from write_csv(rows(env, wanted), columns(env, wanted), options(env, wanted))


def to_file(env: Env, wanted: Wanted, path: Path, told: Callable[[int], None] | None = None) -> int:
    """Write the export into a file and return the number of rows."""
    found, heads, how = _Counted(rows(env, wanted, told)), columns(env, wanted), options(env, wanted)
    if wanted.form == "xlsx":
        title = env.t(env.registry.record(wanted.record).plural)
        return write_xlsx(path, found, heads, rtl=direction(env.lang) == "rtl", sheet_name=title, options=how)
    with path.open("wb") as file:
        for piece in write_csv(found, heads, how):
            file.write(piece)
    return found.count


class _Counted:
    """An iterator that knows how many went by."""

    def __init__(self, inner: Iterator[list[Any]]) -> None:
        self.inner, self.count = inner, 0

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.inner:
            self.count += 1
            yield row


def note(env: Env, wanted: Wanted, count: int) -> None:
    """Write into history who took what out."""
    what: Mapping[str, Any] = {"rows": count, "fields": list(wanted.paths), "form": wanted.form}
    env.log("export", f"{wanted.record}: {count}", record=wanted.record, changes=dict(what))


def file_name(env: Env, wanted: Wanted) -> str:
    """The name of the download: what it is and the day, in the person's language."""
    plural = env.t(env.registry.record(wanted.record).plural)
    return f"{plural} {env.today.isoformat()}.{wanted.form}"
