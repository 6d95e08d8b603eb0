"""`export`: records into a file, as the person may see them."""

from __future__ import annotations

import os
from pathlib import Path

import click

from core.cli.acting import acting
from core.cli.common import Workplace, command
from core.cli.opening import installation
from core.cli.progress import Advance, progress
from core.env import Env
from core.exchange import exporting
from core.exchange.exporting import DATES, Wanted

HOUSEKEEPING = frozenset({"version", "archived", "deleted_at"})
"""Columns of the record layer that tell a reader nothing; named in --fields they are exported."""


@command(example="sarnakh export leads.lead leads.xlsx --where 'rating == \"hot\"' --as sara")
@click.argument("record")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--fields", metavar="NAMES", help="Fields with commas, through links with dots (default: all that may be "
                                                "read).")
@click.option("--where", metavar="EXPRESSION", help="Only records for which this holds.")
@click.option("--search", metavar="TEXT", default="", help="Only records that the search finds.")
@click.option("--as", "login", metavar="LOGIN", help="Whose permissions, language and calendar count (default: the "
                                                     "first super-administrator).")
@click.option("--dates", type=click.Choice(DATES), default="own", help="Dates in the person's calendar, or ISO.")
def export(place: Workplace, record: str, file: Path, fields: str | None, where: str | None, search: str,
           login: str | None, dates: str) -> None:
    """Export records to a CSV or XLSX file.

    RECORD is a record type such as leads.lead; the ending of FILE says which kind of file. Only what the person may see
    and export is in it. Memory stays bounded whatever the number of records.
    """
    form = file.suffix.lower().removeprefix(".")
    if form not in exporting.FORMS:
        raise click.UsageError("The file's name has to end in .csv or .xlsx.")
    with installation(place) as found, found.env(acting(found, login)) as env:
        query = env.query(record).where(where).search(search).order("id")
        paths = [name.strip() for name in fields.split(",")] if fields else default_paths(env, record)
        with progress("Exporting", query.count()) as advance:
            count = write(env, Wanted.of(query, paths, form, dates), file, advance)
    click.echo(f"{count} records: {file}")


def default_paths(env: Env, record: str) -> list[str]:
    """The fields that the person may export, without the record layer's own."""
    return [field.name for field in exporting.exportable(env, env.registry.record(record))
            if field.name not in HOUSEKEEPING]


def write(env: Env, wanted: Wanted, target: Path, advance: Advance) -> int:
    """Write the file beside its target and rename it, so that a half one never looks whole; returns the rows."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        count = exporting.to_file(env, wanted, draft, advance)
        exporting.note(env, wanted, count)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return count
