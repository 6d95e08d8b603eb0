"""The door of the command line: which commands there are, the default one, and how errors are shown.

Commands live in the other modules of this package and are imported when they are called, so that `--help` and the
start of the server do not pay for what they do not use.
"""

from __future__ import annotations

import gc
import importlib
import sys
from typing import Any, NamedTuple

import click

from core.cli.common import Workplace, english, global_options
from core.errors import SarnakhError, ValidationFailed
from core.version import VERSION

INTERRUPTED = 130


class Entry(NamedTuple):
    """Where a command is, and its line in the list of commands."""

    place: str
    summary: str


COMMANDS: dict[str, Entry] = {
    "serve": Entry("core.cli.serve:serve", "Start the web server and the background worker."),
    "worker": Entry("core.cli.serve:worker", "Start a background worker by itself."),
    "init": Entry("core.cli.admin:init", "Make the data folder, the database and the keys."),
    "upgrade": Entry("core.cli.admin:upgrade", "Bring the database up to date with the program and its addons."),
    "addon": Entry("core.cli.addons:addon", "List, enable, disable, upgrade, purge and scaffold addons."),
    "edition": Entry("core.cli.editions:edition", "Show editions, and move between them without losing data."),
    "user": Entry("core.cli.users:user", "List and add users, set passwords."),
    "import": Entry("core.cli.data:import_", "Import records from a CSV or XLSX file."),
    "export": Entry("core.cli.data:export", "Export records to a CSV or XLSX file."),
    "customise": Entry("core.cli.customise:customise", "Export, compare, check and apply customisation packages."),
    "clone": Entry("core.cli.clone:clone", "Copy the installation into the empty folder TARGET, to try something there."),
    "check": Entry("core.cli.check:check", "Look for wrong or unsafe settings, schema drift and broken layouts."),
    "backup": Entry("core.cli.backups:backup", "Write database, files and keys into one file."),
    "restore": Entry("core.cli.backups:restore", "Put back what a backup holds."),
    "keys": Entry("core.cli.keys:keys", "Change the keys that stored secrets are sealed with."),
    "shell": Entry("core.cli.shell:shell", "Open a Python prompt with the installation and an environment."),
    "bench": Entry("core.cli.dev:bench", "Measure speed against floors, on SQLite and PostgreSQL side by side."),
    "test": Entry("core.cli.tests:test", "Run linters and the whole test suite."),
    "screenshots": Entry("core.cli.dev:screenshots", "Take the pictures of the documentation."),
    "translations": Entry("core.cli.dev:translations", "Collect texts, compile catalogues and report what is missing."),
    "assets": Entry("core.cli.dev:assets", "Fetch the browser libraries (in a clone)."),
}
CONTRIBUTED = Entry("core.cli.contributed:contributed", "Commands of enabled addons.")


def unhurried_collector() -> None:
    """Let the collector of cycles look less often, and not at what was imported.

    A batch of records is hundreds of thousands of objects that need no collector to go away; looking through them every
    700 costs a fifth of an import.
    """
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    gc.enable()


class Commands(click.Group):
    """Commands by name, imported when called; unknown names are looked for in the enabled addons."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table: what one needs first comes first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        entry = COMMANDS.get(cmd_name) or CONTRIBUTED
        module, _, name = entry.place.partition(":")
        gc.disable()  # importing makes much and frees nothing: the collector would cost a sixth of the start
        try:
            found = getattr(importlib.import_module(module), name)
        finally:
            unhurried_collector()
        if entry is CONTRIBUTED:
            found = found(Workplace(ctx.params.get("data"), ctx.params.get("config"))).get(cmd_name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands from the table, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
             epilog="Example: sarnakh --data /srv/crm serve --port 8080")
@click.version_option(VERSION, prog_name="Sarnakh")
@global_options
@click.pass_context
def cli(context: click.Context, /, **options: Any) -> None:
    """Sarnakh: a CRM made of addons. Without a command it serves."""
    context.obj = Workplace(**options)


def with_default(arguments: list[str]) -> list[str]:
    """The arguments with `serve` put in where no command is named: `run.py --demo --port 0`."""
    position = 0
    while position < len(arguments):
        word = arguments[position]
        if word in ("--data", "--config"):
            position += 2
        elif word.startswith(("--data=", "--config=")):
            position += 1
        elif word in ("-h", "--help", "--version") or not word.startswith("-"):
            return arguments
        else:
            break
    return [*arguments[:position], "serve", *arguments[position:]]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code. Deliberate errors are shown as one sentence, never as a traceback."""
    given = sys.argv[1:] if arguments is None else arguments
    program = "run.py" if sys.argv[0].endswith("run.py") else "sarnakh"
    try:
        return int(cli.main(with_default(given), prog_name=program, standalone_mode=False) or 0)
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SarnakhError as error:
        for line in _sentences(error):
            click.secho(line, fg="red", err=True)
        return 1


def _sentences(error: SarnakhError) -> list[str]:
    """What an error says, each reason of a refused batch on its own line."""
    errors: list[Any] = list(error.errors) if isinstance(error, ValidationFailed) and error.errors else [error]
    found = []
    for each in errors:
        text = english(each.message)
        field = getattr(each, "field", None)
        found.append(f"{field}: {text}" if field else text)
    return found


if __name__ == "__main__":
    sys.exit(main())
