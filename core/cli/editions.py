"""`edition list|show|set`."""

from __future__ import annotations

import json

import click

from core.cli.common import Workplace, command, english, json_option, show_rows
from core.cli.opening import installation
from core.cli.progress import progress
from core.editions.limits import in_force, usage
from core.editions.moving import Move, move, plan_move
from core.editions.plans import plans
from core.security.actor import SYSTEM


@click.group(epilog="Example: sarnakh edition set professional")
def edition() -> None:
    """Show editions, and move between them without losing data."""


@command(edition, "list", example="sarnakh edition list --json")
@json_option
def list_(place: Workplace, as_json: bool) -> None:
    """List the editions there are; the one in force is marked."""
    with installation(place) as found:
        with found.env(SYSTEM, write=False) as env:
            present = in_force(env)
        rows = [{"name": plan.name, "in_force": "yes" if plan == present else "", "title": plan.title("en"), "users": plan.users,
                 "storage_mb": plan.storage_mb, "records": dict(plan.records), "addons": list(plan.addons), "allowed": list(plan.allowed)}
                for plan in plans(found).values()]
    show_rows(rows, ["name", "in_force", "title", "users", "storage_mb", "addons", "allowed"], as_json, "There are no editions.")


@command(edition, example="sarnakh edition show")
@json_option
def show(place: Workplace, as_json: bool) -> None:
    """Show the edition in force and how much of its limits is used."""
    with installation(place) as found, found.env(SYSTEM, write=False) as env:
        plan = in_force(env)
        rows = [{"limit": english(u.label), "used": u.used, "most": u.most} for u in usage(env, plan)] if plan is not None else []
    if as_json:
        click.echo(json.dumps({"edition": plan.name if plan else None, "limits": rows}, ensure_ascii=False, indent=2))
        return
    click.echo(f"Edition: {plan.title('en')} ({plan.name})" if plan else "No edition: everything may be enabled, nothing is limited.")
    if plan is not None:
        show_rows(rows, ["limit", "used", "most"], False, "It has no limits.")


@command(edition, "set", example="sarnakh edition set free --plan")
@click.argument("name")
@click.option("--plan", "only_plan", is_flag=True, help="Only show what would be enabled and disabled.")
def set_(place: Workplace, name: str, only_plan: bool) -> None:
    """Move to an edition: its addons are enabled, others disabled; no data is lost. A running server picks it up."""
    with installation(place) as found:
        if only_plan:
            told(plan_move(found, name), would=True)
            return
        with progress(f"Moving to {name}") as advance:
            made = move(found, name, progress=lambda done, total, _text: advance(done, total))
        told(made)


def told(made: Move, would: bool = False) -> None:
    """Say what a move did, or would do."""
    click.echo(f"{'Would move' if would else 'Moved'} to {made.plan.title('en')} ({made.plan.name}).")
    for word, names in (("Enabled", made.added), ("Disabled, data kept", made.removed)):
        if names:
            click.echo(f"{word}: {', '.join(names)}.")
    for one in made.over:
        click.echo(f"Over its limit, so that nothing can be added: {english(one.label)}, {one.used} of {one.most}.")
