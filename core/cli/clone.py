"""`clone`, and trying an upgrade on a copy."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from core.addons import lifecycle
from core.cli.check import database_findings
from core.cli.common import Workplace, command, english, json_option
from core.cli.opening import prepared
from core.clone import clone as copy_installation
from core.clone import remove
from core.errors import SarnakhError
from core.installation import Installation
from core.settings import Settings


@command(example="sarnakh --data /srv/crm clone /srv/crm-trial --mask")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--mask", is_flag=True, help="Make personal data unreadable; files, keys and passwords do not come along.")
@click.option("--database", default="", metavar="NAME", help="Name of the new database on PostgreSQL (default: made from both).")
@json_option
def clone(place: Workplace, target: Path, mask: bool, database: str, as_json: bool) -> None:
    """Copy the installation into the empty folder TARGET, to try something there.

    The original is only read and may go on running. The copy sends and fetches nothing: accounts are switched off, nothing is
    queued, and mails stay in its folder.
    """
    done = copy_installation(prepared(place), target, mask=mask, database=database,
                             say=lambda what: click.echo(f"… {what}", err=True))
    if as_json:
        click.echo(json.dumps({"data": str(done.settings.data), "files": done.files, "masked_rows": done.masked,
                               "switched_off": done.switched_off, "seconds": round(done.seconds, 2)}))
        return
    click.echo(f"Copied to {done.settings.data} in {done.seconds:.1f} s: {done.files} files, {done.masked} rows masked, "
               f"{done.switched_off} accounts switched off.")
    click.echo(f"Start it with: sarnakh --data {done.settings.data} serve --port 0")
    if mask:
        click.echo(f"Nobody has a password there; names are masked, too. See: sarnakh --data {done.settings.data} user list")


def rehearse(settings: Settings) -> dict[str, Any]:
    """Run the upgrade on a copy and tell how it went: steps, seconds, problems, and what `check` says then (layouts that no longer fit)."""
    with tempfile.TemporaryDirectory(prefix="upgrade-", dir=settings.data.parent) as folder:
        copied = copy_installation(settings, Path(folder) / "copy", files=False)
        found = Installation(copied.settings)
        try:
            found.discover()
            plan = lifecycle.planned(found)
            began = time.monotonic()
            problems: list[str] = []
            try:
                found.reload()
            except SarnakhError as error:
                problems.append(english(error.message))
            seconds = time.monotonic() - began
            noticed = [] if problems else [f"{one.topic}: {english(one.text)}" for one in database_findings(found) if one.level != "note"]
            return {"copied_seconds": round(copied.seconds, 2), "seconds": round(seconds, 2),
                    "steps": [english(line) for line in plan.describe()], "problems": problems, "noticed": noticed}
        finally:
            found.close()
            remove(copied)


def tell(report: dict[str, Any], as_json: bool) -> None:
    """Print what the rehearsal found; a problem makes the exit code 1."""
    if as_json:
        click.echo(json.dumps({"applied": False, **report}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join("- " + line for line in report["steps"]) or "The database is up to date.")
        click.echo(f"On a copy: {report['seconds']} s (copying took {report['copied_seconds']} s). Nothing was changed here.")
        for one in report["noticed"]:
            click.secho(f"! {one}", fg="yellow")
        for problem in report["problems"]:
            click.secho(f"! {problem}", fg="red")
    if report["problems"]:
        raise SystemExit(1)
