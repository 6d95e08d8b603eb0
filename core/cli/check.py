"""`check`: is this installation sound and safe?"""

from __future__ import annotations

from collections.abc import Iterator

import click

from core.addons import lifecycle
from core.checks import Finding, settings_findings
from core.cli.common import Workplace, command, english, json_option, show_rows
from core.cli.opening import untouched
from core.i18n.messages import _
from core.installation import Installation
from core.registry.layout_health import layout_problems
from core.schema import ledger
from core.security.actor import SYSTEM

COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


@command(example="sarnakh check --json")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@json_option
def check(place: Workplace, strict: bool, as_json: bool) -> int:
    """Look for wrong or unsafe settings, schema drift and broken layouts.

    Addons that are broken and what addons report of their health are shown too. Nothing is changed. The exit code is 1
    when there is an error (with --strict: or a warning).
    """
    with untouched(place) as installation:
        found = [*settings_findings(installation.settings), *database_findings(installation)]
    if as_json:
        show_rows([{"level": each.level, "topic": each.topic, "text": english(each.text)} for each in found], (), True)
    else:
        for each in found:
            click.secho(f"{each.level:8}", fg=COLOURS[each.level], nl=False)
            click.echo(f"{each.topic}: {english(each.text)}")
        click.echo("" if found else "All is well.", nl=not found)
    serious = {"error", "warning"} if strict else {"error"}
    return int(any(each.level in serious for each in found))


def database_findings(installation: Installation) -> Iterator[Finding]:
    """Schema drift, broken addons and layouts, and what addons say of their own health."""
    with installation.engine.connect() as connection:
        if ledger.fingerprint(connection) is None:
            yield Finding("note", "database.url", _("There is no database yet; the first start makes it."))
            return
        stored = installation.stored(connection)
    registry = installation.compile_working(stored.names, stored.customising)
    plan = lifecycle.planned(installation).schema
    for step in (*plan.safe, *plan.blocked):
        yield Finding("error", "schema", _("The database is not up to date: {step}", step=english(step.detail)))
    for step in plan.destructive:
        yield Finding("note", "schema", _("Left in the database, no longer used: {step}", step=english(step.detail)))
    for name, reason in installation.broken.items():
        yield Finding("error", "addons", _("{addon} is broken: {reason}", addon=name, reason=reason))
    for (record, kind), problems in layout_problems(registry).items():
        for problem in problems:
            yield Finding("warning", f"{record} {kind}", problem.message)
    installation.adopt(registry, stored.counters)
    with installation.env(SYSTEM, write=False) as env:
        for found in registry.plugins.hook.health_checks(env=env):
            for each in found:
                if not each.ok:
                    yield Finding("warning", each.name, each.message)
