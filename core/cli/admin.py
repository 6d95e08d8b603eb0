"""`init` and `upgrade`."""

from __future__ import annotations

import json

import click

from core.addons import lifecycle
from core.cli.clone import rehearse, tell
from core.cli.common import Workplace, command, english, json_option
from core.cli.opening import installation, prepared, untouched
from core.cli.progress import progress
from core.installation import Installation
from core.schema.upgrade import UpgradePlan, contract


@command(example="sarnakh --data /srv/crm init")
def init(place: Workplace) -> None:
    """Make the data folder, the database and the keys.

    `serve` does this by itself; the command is for those who set a machine up step by step. Running it again changes
    nothing.
    """
    with progress("Making the database"), installation(place) as found:
        data, database = found.settings.data, found.engine.url.render_as_string()
    click.echo(f"Ready: data in {data}, database {database}.")


@command(example="sarnakh upgrade --plan")
@click.option("--plan", "plan_only", is_flag=True, help="Only show what would be done.")
@click.option("--dry-run", is_flag=True, help="Run it on a copy, which is thrown away, and tell how it went and how long it took.")
@click.option("--sql", is_flag=True, help="Show the steps as SQL.")
@click.option("--finish", is_flag=True, help="Also run addons' last steps, which drop what newer versions do not need.")
@click.option("--yes", is_flag=True, help="With --finish: do not ask.")
@json_option
def upgrade(place: Workplace, plan_only: bool, dry_run: bool, sql: bool, finish: bool, yes: bool, as_json: bool) -> None:
    """Bring the database up to date with the program and its addons.

    What adds is done by itself; what would lose data is listed and left alone. If a step fails, all of it is undone.
    """
    if dry_run:
        tell(rehearse(prepared(place)), as_json)
        return
    with untouched(place) as found:
        plan = lifecycle.planned(found)
        lines = [english(line) for line in plan.describe()]
        statements = plan.schema.sql() if sql else ""
        if not plan_only:
            with progress("Upgrading the database"):
                found.reload()
            if finish and plan.contract:
                finish_steps(found, plan, yes)
    if as_json:
        click.echo(json.dumps({"applied": not plan_only, "steps": lines}, ensure_ascii=False, indent=2))
    elif sql:
        click.echo(statements)
    elif lines:
        click.echo("\n".join("- " + line for line in lines))
    else:
        click.echo("The database is up to date.")


def finish_steps(found: Installation, plan: UpgradePlan, yes: bool) -> None:
    """Run the steps that lose data, after naming them."""
    for step in plan.contract:
        click.echo(f"- {step.label}", err=True)
    if not yes:
        click.confirm("These steps lose data for good. Run them?", abort=True, err=True)
    contract(found.engine, found.registry, found.registry.manifests, kept=found.settings.dropped)
