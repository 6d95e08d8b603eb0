"""The reference page of the command line, written from the commands themselves."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator

import click

from core.cli.main import COMMANDS

COMMON = frozenset({"data", "config", "help"})
HEAD = """# Commands

Made from the declarations in `core/cli/`. In a clone write `python3 run.py COMMAND`, once installed with pip
`sarnakh COMMAND`. Without a command it serves.

Every command takes `--data DIR` (the data folder, default `var`), `--config FILE` (a settings file read after
`config/default.toml`) and `--help`. Deliberate errors are one sentence on standard error and exit code 1, wrong usage
2, an interruption 130.
"""


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Each command with its full name, those of groups included."""
    for name, entry in COMMANDS.items():
        module, _, attribute = entry.place.partition(":")
        found: click.Command = getattr(importlib.import_module(module), attribute)
        if isinstance(found, click.Group):
            for each, child in found.commands.items():
                yield f"{name} {each}", child
        else:
            yield name, found


def commands_reference() -> str:
    """The page in Markdown (docs/admin/commands.md is this text; a test compares them)."""
    return HEAD + "".join(_section(name, found) for name, found in every_command())


def _section(name: str, found: click.Command) -> str:
    arguments = [each for each in found.params if isinstance(each, click.Argument)]
    options = [each for each in found.params if isinstance(each, click.Option) and each.name not in COMMON]
    usage = " ".join([name, *(each.make_metavar(click.Context(found)) for each in arguments)])
    lines = ["", f"## {name}", "", f"`{usage}`", "", inspect.cleandoc(found.help or ""), ""]
    if options:
        lines += ["| Option | What it does |", "|---|---|", *map(_row, options), ""]
    example = (found.epilog or "").removeprefix("Example: ")
    return "\n".join([*lines, f"    {example}", ""])


def _row(option: click.Option) -> str:
    words = ", ".join(option.opts)
    if not option.is_flag:
        words += f" {option.metavar or option.type.name.upper().removesuffix(' RANGE')}"
        if isinstance(option.type, click.Choice):
            words = f"{', '.join(option.opts)} {'/'.join(map(str, option.type.choices))}"
    return f"| `{words}` | {option.help} |"
