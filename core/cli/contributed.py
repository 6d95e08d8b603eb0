"""Commands that enabled addons bring (hook `cli_commands`): looked for when no command of our own has the name."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.engine import make_url

from core.cli.common import Workplace
from core.cli.opening import untouched


def contributed(place: Workplace) -> dict[str, click.Command]:
    """Commands of the enabled addons by name; none where there is no installation yet (a typing mistake makes none)."""
    settings = place.settings()
    if settings.is_sqlite and not Path(make_url(settings.database.url).database or "").is_file():
        return {}
    with untouched(place) as found:
        with found.engine.connect() as connection:
            names, customising = found.enabled_names(connection), found.customising(connection)
        made = found.compile_working(names, customising).collected("cli_commands")
    return {command.name: command for command in made if isinstance(command, click.Command) and command.name}
