"""`export`: records into a file, as the person may see them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from core.cli.acting import acting
from core.cli.common import Workplace, command
from core.cli.opening import installation
from core.cli.progress import progress
from core.env import Env
from core.exchange.writing import Column, WriteOptions, write_csv, write_xlsx
from core.query.query import Query
from core.records.fields import ChoiceField, Field, LinkField

UNSUITED = frozenset({"children", "file", "image", "data"})
"""Types of fields that a cell cannot hold."""
HOUSEKEEPING = frozenset({"version", "archived", "deleted_at"})
"""Columns of the record layer that tell a reader nothing; named in --fields they are exported."""
Cell = Callable[[Any], Any]


@command(example="sarnakh export leads.lead leads.xlsx --where 'rating == \"hot\"' --as sara")
@click.argument("record")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--fields", metavar="NAMES", help="Fields with commas, through links with dots (default: all that may be "
                                                "read).")
@click.option("--where", metavar="EXPRESSION", help="Only records for which this holds.")
@click.option("--search", metavar="TEXT", help="Only records that the search finds.")
@click.option("--as", "login", metavar="LOGIN", help="Whose permissions count (default: the first super-administrator).")
@click.option("--labels/--names", default=True, help="Fields' labels in the first row, or their names.")
def export(place: Workplace, record: str, file: Path, fields: str | None, where: str | None, search: str | None,
           login: str | None, labels: bool) -> None:
    """Export records to a CSV or XLSX file.

    RECORD is a record type such as leads.lead; the ending of FILE says which kind of file. Only what the person may see
    and export is in it. Memory stays bounded whatever the number of records.
    """
    if file.suffix.lower() not in (".csv", ".xlsx"):
        raise click.UsageError("The file's name has to end in .csv or .xlsx.")
    with installation(place) as found, found.env(acting(found, login)) as env:
        env.require("export", record)
        paths = [name.strip() for name in fields.split(",")] if fields else exportable(env, record)
        query = env.query(record).for_operation("export").order("id").where(where)
        if search:
            query = query.search(search)
        with progress("Exporting", query.count()) as advance:
            count = write(env, query, paths, file, labels, advance)
        env.log("exported", f"{file.name} ({count})", record=record)
    click.echo(f"{count} records: {file}")


def exportable(env: Env, record: str) -> list[str]:
    """The fields that the person may read and a cell can hold."""
    return [name for name, field in env.registry.record(record).fields.items()
            if name not in HOUSEKEEPING and field.type_name not in UNSUITED and not field.sensitive
            and env.can("read", record, name)]


def write(env: Env, query: Query, paths: list[str], target: Path, labels: bool, advance: Callable[[int], None]) -> int:
    """Write the file beside its target and rename it, so that a half one never looks whole; returns the rows."""
    found = [field_at(env, query.rtype.name, path) for path in paths]
    cells = [cell_of(env, field) for field in found]
    columns = [Column(env.t(field.label) if labels else path, field.type_name)
               for field, path in zip(found, paths, strict=True)]
    options = WriteOptions(tz=env.tz, calendar=env.calendar.name)
    written = 0

    def rows() -> Iterator[list[Any]]:
        nonlocal written
        for row in query.stream(*paths):
            written += 1
            if written % 500 == 0:
                advance(written)
            yield [cell(row[path]) for cell, path in zip(cells, paths, strict=True)]

    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.suffix.lower() == ".xlsx":
            write_xlsx(draft, rows(), columns, rtl=env.lang == "fa", options=options)
        else:
            with draft.open("wb") as file:
                file.writelines(write_csv(rows(), columns, options))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return written


def field_at(env: Env, record: str, path: str) -> Field:
    """The field at the end of a dotted path."""
    head, _dot, rest = path.partition(".")
    field = env.registry.record(record).field(head)
    return field_at(env, field.target, rest) if rest and isinstance(field, LinkField) else field


def cell_of(env: Env, field: Field) -> Cell:
    """How a value of this field becomes a cell: links by name, choices by label."""
    if isinstance(field, ChoiceField):
        labels = {option.value: env.t(option.label) for option in field.options}
        return lambda value: [labels.get(one, one) for one in value] if isinstance(value, list | tuple) \
            else labels.get(value, value)
    if getattr(field, "target", None) is not None or field.type_name in ("link", "anylink", "many", "tags"):
        return lambda value: [one.label for one in value] if isinstance(value, list) else getattr(value, "label", None)
    return lambda value: value
