"""`import`: records from a file, with everything the pages can do."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from core.cli.acting import acting
from core.cli.common import Workplace, command, english
from core.cli.opening import installation
from core.cli.progress import progress
from core.env import Env
from core.exchange import importing, running, undoing
from core.exchange import plan as plans
from core.exchange.plan import POLICIES, Import, Options
from core.exchange.writing import Column, write_csv
from core.installation import Installation
from core.security.actor import Actor

LARGEST = 2 << 30
"""Bytes: whoever may run this may fill the disk anyway, but a mistake should end."""
SHOWN = 10


@command(name="import", example="sarnakh import leads.lead leads.xlsx --duplicates update --key email --as sara")
@click.argument("record")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--as", "login", metavar="LOGIN", help="For whom: the records are theirs and their permissions count "
                                                     "(default: the first super-administrator).")
@click.option("--map", "mapped", multiple=True, metavar="HEADER=FIELD", help="Put a column into a field; FIELD empty "
                                                                             "leaves it out. The others are guessed.")
@click.option("--duplicates", type=click.Choice(POLICIES), help="What to do with records that are there already.")
@click.option("--key", "keys", multiple=True, metavar="FIELDS", help="Fields (with commas) that tell duplicates; more "
                                                                     "than one --key are alternatives.")
@click.option("--check", is_flag=True, help="Go through all rows, write nothing.")
@click.option("--rejects", type=click.Path(path_type=Path), metavar="FILE.csv", help="Write the rows that were not "
                                                                                     "imported, with the reasons.")
@click.option("--resume", type=int, metavar="NUMBER", help="Go on with an interrupted import (instead of FILE).")
@click.option("--undo", type=int, metavar="NUMBER", help="Take an import back (instead of FILE).")
def import_(place: Workplace, record: str, file: Path | None, login: str | None, mapped: tuple[str, ...],
            duplicates: str | None, keys: tuple[str, ...], check: bool, rejects: Path | None, resume: int | None,
            undo: int | None) -> int:
    """Import records from a CSV or XLSX file.

    RECORD is a record type such as leads.lead. Encoding, delimiter, header row and columns are found out as the import
    page does. Interrupted, it can be resumed exactly where it was. The exit code is 1 when rows were rejected.
    """
    if (file is None) == (resume is None and undo is None):
        raise click.UsageError("Name a FILE, or --resume, or --undo.")
    with installation(place) as found, found.env(acting(found, login)) as env:
        if undo is not None:
            return take_back(env, undo)
        if file is not None:
            with file.open("rb") as stream:
                number = importing.receive(env, record, file.name, importing.file_chunks(stream), LARGEST)
            settle(env, number, mapped, duplicates, keys)
        else:
            number = int(resume or 0)
        importing.start(env, number, check=check, background=False)
        env.commit()
        done = finish(env, number)
        report(env, done, rejects)
    return int(done.state == "failed" or bool((done.checked or done.counts).get("rejected")))


def run_import(found: Installation, actor: Actor, record: str, file: Path) -> Import:
    """Import a file as the person, columns and duplicates as they are guessed, here and now."""
    with found.env(actor) as env:
        with file.open("rb") as stream:
            number = importing.receive(env, record, file.name, importing.file_chunks(stream), LARGEST)
        importing.set_mapping(env, number, {target.column: target.field for target in plans.load(env, number).mapping})
        importing.start(env, number, background=False)
        env.commit()
        return running.run(env, number, lambda plan: env.commit())


def settle(env: Env, number: int, mapped: tuple[str, ...], duplicates: str | None, keys: tuple[str, ...]) -> None:
    """Take the guessed columns with what the caller says otherwise, and say what was settled."""
    plan = plans.load(env, number)
    mapping = {target.column: target.field for target in plan.mapping}
    for text in mapped:
        header, equals, field = text.rpartition("=")
        if not equals or header not in plan.headers:
            raise click.UsageError(f"--map {text}: the columns are: {', '.join(plan.headers)}")
        column = plan.headers.index(header)
        mapping.pop(column, None)
        if field:
            mapping = {at: name for at, name in mapping.items() if name != field} | {column: field}
    importing.set_mapping(env, number, mapping)
    options = plans.load(env, number).options
    if duplicates or keys:
        wanted = [key.split(",") for key in keys] or options.keys
        options = dataclasses.replace(options, keys=wanted, duplicates=duplicates or (
            plans.SKIP if options.duplicates == plans.CREATE else options.duplicates))
        importing.set_options(env, number, options)
    env.commit()
    for column, header in enumerate(plan.headers):
        click.echo(f"{header} → {mapping.get(column, '(left out)')}", err=True)
    click.echo(f"{plan.total} rows; duplicates: {describe(options)}", err=True)


def describe(options: Options) -> str:
    """The policy in words."""
    by = " or ".join("+".join(names) for names in options.keys)
    return options.duplicates + (f" by {by}" if by and options.duplicates != plans.CREATE else "")


def finish(env: Env, number: int) -> Import:
    """Run the import here; a Ctrl-C leaves it where its last batch ended."""
    try:
        with progress("Importing") as advance:
            def committed(plan: Import) -> None:
                env.commit()
                advance(plan.done, plan.total)

            return running.run(env, number, committed)
    except KeyboardInterrupt:
        click.echo(f"Interrupted. Go on with --resume {number}, or take it back with --undo {number}.", err=True)
        raise


def take_back(env: Env, number: int) -> int:
    """Undo an import here."""
    importing.undo(env, number, background=False)
    env.commit()
    with progress("Taking back") as advance:
        def committed(plan: Import) -> None:
            env.commit()
            advance(plan.position, plan.total)

        done = undoing.run_undo(env, number, committed)
    click.echo(f"Import {number}: {done.counts.get('undone', 0)} records taken back, "
               f"{done.counts.get('left', 0)} left because somebody changed them since.")
    return 0


def report(env: Env, done: Import, rejects: Path | None) -> None:
    """What became of the rows."""
    counts = done.checked if done.checked is not None else done.counts
    words = ", ".join(f"{counts.get(name, 0)} {name}" for name in ("created", "updated", "skipped", "rejected"))
    click.echo(f"Import {done.id} {'checked' if done.checked is not None else done.state}: {words}")
    if done.error:
        click.secho(english(done.error), fg="red", err=True)
    for row in plans.rows_aside(env, done.id, limit=SHOWN):
        click.echo(f"  row {row.number}: {'; '.join(english(reason.message) for reason in row.reasons)}", err=True)
    if rejects is not None:
        write_rejects(env, done, rejects)


def write_rejects(env: Env, done: Import, target: Path) -> None:
    """The rejected rows as a file that can be mended and imported again."""
    columns = [Column("Row", "integer"), Column("Why"), *(Column(header) for header in done.headers)]

    def rows() -> Iterator[list[Any]]:
        after = -1
        while found := plans.rows_aside(env, done.id, after=after):
            for row in found:
                cells = [*row.cells, *[None] * len(done.headers)][:len(done.headers)]
                yield [row.number, "; ".join(english(reason.message) for reason in row.reasons), *cells]
            after = found[-1].row

    with target.open("wb") as file:
        file.writelines(write_csv(rows(), columns))
    click.echo(f"Rejected rows: {target}")
