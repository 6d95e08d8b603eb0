"""`import` and `export`: the same as the pages do, for scripts and for files too large to upload."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from core.cli.common import Workplace, command, english, json_option
from core.cli.opening import installation
from core.cli.progress import Advance, progress
from core.env import Env
from core.errors import NotFound, SarnakhError
from core.exchange import exporting, importing
from core.exchange import plan as plans
from core.exchange.plan import Import, Options
from core.exchange.proposing import keys_for
from core.exchange.running import run
from core.exchange.undoing import run_undo
from core.expressions import F
from core.i18n.messages import _
from core.installation import Installation
from core.security.actor import SYSTEM, Actor

SHOWN = 20
as_option = click.option("--as", "login", metavar="LOGIN", help="Act as this user, with their rights (default: without limits).")


@command(None, "import", example="sarnakh import leads.lead leads.xlsx --duplicates update --keys email,mobile --as sara")
@click.argument("record", required=False)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--map", "maps", multiple=True, metavar="HEADER=FIELD",
              help="Column to field; others are guessed. HEADER= leaves it out.")
@click.option("--duplicates", type=click.Choice(plans.POLICIES), help="What to do with what is there already (default: skip).")
@click.option("--keys", metavar="FIELDS", help="Fields that tell duplicates apart: email,mobile or name+company.")
@click.option("--recycle-bin", type=click.Choice(plans.DELETED), default=plans.CREATE,
              help="What to do with a row whose record is in the recycle bin (default: create it anew).")
@click.option("--default", "defaults", multiple=True, metavar="FIELD=VALUE", help="Value of a field without a column.")
@click.option("--create-links", metavar="RECORDS", default="", help="Record types of which missing ones are created.")
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@click.option("--resume", type=int, metavar="ID", help="Go on with an interrupted import.")
@click.option("--undo", type=int, metavar="ID", help="Take an import back.")
@as_option
@json_option
def import_(place: Workplace, record: str | None, file: Path | None, login: str | None, as_json: bool, dry_run: bool,
            resume: int | None, undo: int | None, **given: Any) -> None:
    """Import records from a CSV or XLSX file.

    Interrupted by Ctrl-C or otherwise, it goes on where it stopped with --resume and the number it printed.
    """
    with installation(place) as found:
        actor = acting(found, login)
        if undo:
            plan = _undo(found, actor, undo)
        else:
            key = resume or _prepare(found, actor, record, file, given)
            plan = _run(found, actor, key, dry_run)
        with found.env(actor, write=False) as env:
            _report(env, plan, as_json, dry_run)
    if plan.state == "failed" or plan.error:
        raise SystemExit(1)


def acting(found: Installation, login: str | None) -> Actor:
    """Whose rights a command has: a user's by login name, else none to be limited by."""
    if login is None:
        return SYSTEM
    with found.env(SYSTEM, write=False) as env:
        ids = env.query("base.user").where(F.login == login.strip().lower()).ids(limit=1)
    if not ids:
        raise NotFound(_("There is no user “{login}”.", login=login))
    return found.load_actor(ids[0])


def _prepare(found: Installation, actor: Actor, record: str | None, file: Path | None, given: Mapping[str, Any]) -> int:
    if record is None or file is None:
        raise click.UsageError("Name a record type and a file, or give --resume ID or --undo ID.")
    with found.env(actor) as env, file.open("rb") as stream:
        env.registry.record(record)
        # Who has the server's command line may bring any file that can be read.
        key = importing.receive(env, record, file.name, importing.file_chunks(stream), limit=1 << 40)
        plan = plans.load(env, key)
        importing.set_mapping(env, key, _mapping(plan, _pairs(given["maps"])))
        # A command does what it says, whatever was settled before, and settles nothing for the next file.
        importing.set_options(env, key, _options(env, plans.load(env, key), given), keep=False)
    click.echo(f"Import {key}.", err=True)
    return key


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(text.partition("=")[::2] for text in texts if "=" in text)
    if len(pairs) < len(texts):
        raise click.UsageError("Write NAME=VALUE, each name once.")
    return pairs


def _mapping(plan: Import, maps: Mapping[str, str]) -> dict[int, str]:
    """The guessed mapping with what was said over it."""
    unknown = [header for header in maps if header not in plan.headers]
    if unknown:
        raise SarnakhError(_("The file has no column “{name}”; it has: {names}.", name=unknown[0], names=", ".join(plan.headers)))
    said = {plan.headers.index(header): name for header, name in maps.items()}
    guessed = {t.column: t.field for t in plan.mapping if t.field not in maps.values()}
    return {column: name for column, name in (guessed | said).items() if name}


def _options(env: Env, plan: Import, given: Mapping[str, Any]) -> Options:
    keys = [one.split("+") for one in given["keys"].split(",")] if given["keys"] else keys_for(env, plan.record, plan.mapping)
    policy = given["duplicates"] or (plans.SKIP if keys else plans.CREATE)
    links = [name for name in given["create_links"].split(",") if name]
    return Options(policy, keys, defaults=_pairs(given["defaults"]), create_links=links, deleted=given["recycle_bin"])


def _run(found: Installation, actor: Actor, key: int, dry: bool) -> Import:
    with found.env(actor) as env, progress("Checking" if dry else "Importing") as advance:
        importing.start(env, key, check=dry, background=False)
        env.commit()
        return run(env, key, lambda plan: _committed(env, plan, advance))


def _committed(env: Env, plan: Import, advance: Advance) -> None:
    env.commit()
    advance(plan.done, plan.total)


def _undo(found: Installation, actor: Actor, key: int) -> Import:
    with found.env(actor) as env, progress("Taking back") as advance:
        importing.undo(env, key, background=False)
        env.commit()
        return run_undo(env, key, lambda plan: _committed(env, plan, advance))


def _report(env: Env, plan: Import, as_json: bool, dry: bool) -> None:
    counts = plan.checked if dry and plan.checked is not None else plan.counts
    rows = plans.rows_aside(env, plan.id, limit=SHOWN)
    reasons: list[dict[str, Any]] = [
        {"row": row.number, "reasons": [_sentence(plan, reason) for reason in row.reasons]} for row in rows]
    if as_json:
        click.echo(json.dumps({"import": plan.id, "state": plan.state, "dry_run": dry, "counts": counts,
                               "error": english(plan.error) or None, "rejected": reasons}, ensure_ascii=False, indent=2))
        return
    click.echo(", ".join(f"{name} {number}" for name, number in (counts or {}).items()) or "Nothing was done.")
    if plan.error:
        click.secho(english(plan.error), fg="red", err=True)
    for one in reasons:
        click.echo(f"  row {one['row']}: {' | '.join(one['reasons'])}")
    if counts and counts.get("rejected", 0) > SHOWN:
        click.echo(f"  … and {counts['rejected'] - SHOWN} more; all are on the page /imports/{plan.id}.")


def _sentence(plan: Import, reason: Any) -> str:
    text = english(reason.message)
    return text if reason.column is None else f"{plan.headers[reason.column]}: {text}"


@command(example="sarnakh export leads.lead leads.xlsx --where 'status == \"new\"' --columns name,email,owner --as sara")
@click.argument("record")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--where", metavar="EXPRESSION", help="Only records for which this holds.")
@click.option("--columns", metavar="PATHS", help="Fields, dotted through links (default: all).")
@click.option("--order", metavar="PATHS", default="id", help="Order by fields; a leading minus turns one around.")
@click.option("--own-dates", is_flag=True, help="Dates in the user's calendar instead of ISO.")
@as_option
@json_option
def export(place: Workplace, record: str, file: Path, where: str | None, columns: str | None, order: str, own_dates: bool,
           login: str | None, as_json: bool) -> None:
    """Export records to a CSV or XLSX file."""
    form = file.suffix.lower().lstrip(".")
    if form not in exporting.FORMS:
        raise click.UsageError("The file's name has to end with .csv or .xlsx.")
    with installation(place) as found, found.env(acting(found, login)) as env:
        rtype = env.registry.record(record)
        paths = columns.split(",") if columns else [f.name for f in exporting.exportable(env, rtype)]
        query = env.query(record).where(where).order(*(path for path in order.split(",") if path))
        wanted = exporting.Wanted.of(query, paths, form, "own" if own_dates else "iso")
        env.require("export", record)
        exporting.note(env, wanted, wanted.query(env).count(None))
        env.commit()
        count = _to_file(env, wanted, file)
    click.echo(json.dumps({"rows": count, "file": str(file)}) if as_json else f"{count} rows in {file}.")


def _to_file(env: Env, wanted: exporting.Wanted, file: Path) -> int:
    """Write beside the file and put it in place at the end: an interrupted export leaves an older file whole."""
    part = file.with_name(file.name + ".part")
    try:
        with progress("Exporting", wanted.query(env).count(None)) as advance:
            count = exporting.to_file(env, wanted, part, lambda done: advance(done))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return count
