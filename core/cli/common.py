"""What commands share: the place they work in (settings, installation), options, tables."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from core.i18n.messages import Message
from core.settings import Settings, load

DEFAULTS = Path(__file__).resolve().parent.parent.parent / "config" / "default.toml"
OWN_FILE = "sarnakh.toml"  # read from the data folder when there is one and no file is named

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(slots=True)
class Workplace:
    """Which installation a command is about; `--data` and `--config` may stand before or after the command."""

    data: Path | None = None
    config: Path | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def settings(self, **flags: Any) -> Settings:
        """Read the settings; `flags` are given as group_name="…" (server_port=80), None means not given."""
        overrides = {name.replace("_", ".", 1): value for name, value in flags.items() if value is not None}
        if self.data or self.environ.get("SARNAKH_DATA"):
            overrides["storage.data"] = str(self.data or self.environ["SARNAKH_DATA"])
        files = [DEFAULTS] if DEFAULTS.is_file() else []
        named = self.config or self.environ.get("SARNAKH_CONFIG")
        own = Path(overrides.get("storage.data") or load(files, self.environ).storage.data) / OWN_FILE
        if named:
            files.append(Path(named))
        elif own.is_file():
            files.append(own)
        return load(files, self.environ, overrides)


def global_options(command: Command) -> Command:
    """`--data` and `--config`."""
    command = click.option("--config", type=click.Path(path_type=Path), metavar="FILE",
                           help="Settings file, read after config/default.toml.")(command)
    return click.option("--data", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
                        help="Data folder (default: var).")(command)


def command(group: click.Group | None = None, name: str | None = None, *, example: str, **attributes: Any,
            ) -> Callable[[Callable[..., Any]], click.Command]:
    """Declare a command: it takes `--data` and `--config` too, gets the workplace first, and shows an example."""
    def declare(function: Callable[..., Any]) -> click.Command:
        @click.pass_context
        def run(context: click.Context, /, data: Path | None, config: Path | None, **options: Any) -> Any:
            known = context.find_object(Workplace) or Workplace()
            place = Workplace(data or known.data, config or known.config, known.environ)
            return function(place, **options)

        run.__doc__ = function.__doc__
        run.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        settings = {"help_option_names": ["-h", "--help"], "max_content_width": 110,
                    **attributes.pop("context_settings", {})}
        make = group.command if group is not None else click.command
        made: click.Command = make(name or function.__name__.strip("_"), epilog=f"Example: {example}",
                                   context_settings=settings, **attributes)(global_options(run))
        return made
    return declare


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def show_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], as_json: bool,
              empty: str = "Nothing.") -> None:
    """Print a list: a table for people (the columns named), or all of it as JSON."""
    found = [dict(row) for row in rows]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))
        return
    if not found:
        click.echo(empty)
        return
    texts = [[_cell(row.get(column)) for column in columns] for row in found]
    widths = [max(len(column), *(len(row[at]) for row in texts)) for at, column in enumerate(columns)]
    click.secho("  ".join(column.upper().ljust(width) for column, width in zip(columns, widths, strict=True)).rstrip(),
                bold=True)
    for row in texts:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def english(text: str) -> str:
    """A text of the program with its values filled in; the command line speaks English."""
    return text.english() if isinstance(text, Message) else str(text)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(each) for each in value)
    return str(value)
