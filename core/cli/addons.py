"""`addon list|enable|disable|upgrade|purge|scaffold`."""

from __future__ import annotations

from pathlib import Path

import click

from core.addons import lifecycle
from core.addons.scaffold import scaffold as write_scaffold
from core.cli.common import Workplace, command, english, json_option, show_rows
from core.cli.opening import installation
from core.cli.progress import progress


@click.group(epilog="Example: sarnakh addon enable leads")
def addon() -> None:
    """List, enable, disable, upgrade, purge and scaffold addons."""


@command(addon, "list", example="sarnakh addon list --json")
@json_option
def list_(place: Workplace, as_json: bool) -> None:
    """List all addons that are found, with their state."""
    with installation(place) as found:
        rows = [{"name": item.name, "version": item.version, "title": english(item.title), "state": item.state,
                 "depends": list(item.depends), "error": english(item.error)} for item in lifecycle.catalogue(found)]
    show_rows(rows, ["name", "version", "title", "state", "depends", "error"], as_json, "No addons are found.")


@command(addon, example="sarnakh addon enable contacts leads")
@click.argument("names", nargs=-1, required=True)
def enable(place: Workplace, names: tuple[str, ...]) -> None:
    """Enable addons and what they depend on; a running server picks it up."""
    with installation(place) as found, progress(f"Enabling {', '.join(names)}") as advance:
        added = lifecycle.enable(found, names, progress=lambda done, total, _text: advance(done, total))
    click.echo(f"Enabled: {', '.join(added)}." if added else "Enabled already.")


@command(addon, example="sarnakh addon disable leads")
@click.argument("names", nargs=-1, required=True)
def disable(place: Workplace, names: tuple[str, ...]) -> None:
    """Hide addons; their data is kept."""
    with installation(place) as found:
        for name in names:
            lifecycle.disable(found, name)
            click.echo(f"Disabled {name}; its data is kept.")


@command(addon, example="sarnakh addon upgrade leads")
@click.argument("names", nargs=-1)
def upgrade(place: Workplace, names: tuple[str, ...]) -> None:
    """Take newer versions of addons into use (default: of all enabled ones)."""
    with installation(place) as found, progress("Upgrading addons") as advance:
        changed = lifecycle.upgrade_addons(found, names, progress=lambda done, total, _text: advance(done, total))
    click.echo(f"Upgraded: {', '.join(changed)}." if changed else "All enabled addons are up to date.")


@command(addon, example="sarnakh addon purge leads")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(place: Workplace, name: str, yes: bool) -> None:
    """Delete the data of a disabled addon, after showing what would go."""
    with installation(place) as found:
        plan = lifecycle.purge_plan(found, name)
        for table, rows in plan.tables.items():
            click.echo(f"- table {table} with {rows} rows")
        for table, column in plan.columns:
            click.echo(f"- column {column} of {table}")
        if not plan.tables and not plan.columns:
            click.echo(f"{name} has no data.")
            return
        if not yes:
            click.confirm("Delete all of this for good?", abort=True)
        lifecycle.purge(found, name)
    click.echo(f"Purged {name}.")


@command(addon, example="sarnakh addon scaffold geo ~/sarnakh-addons")
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("."))
@click.option("--extends", metavar="RECORD", help="Record type to add to (default: leads.lead).")
def scaffold(place: Workplace, name: str, folder: Path, extends: str | None) -> None:
    """Write a small working addon to begin with: a field, a section, a rule, a button, a test."""
    click.echo(f"Written: {write_scaffold(name, folder, extends)}")
