"""`keys`: the keys that stored secrets are sealed with."""

from __future__ import annotations

from pathlib import Path

import click

from core.cli.common import Workplace, command
from core.cli.opening import installation
from core.cli.progress import progress
from core.installation import Installation
from core.sealing import reseal_all
from core.secrets import change_encryption_key, drop_old_keys


@click.group(epilog="Example: sarnakh keys rotate")
def keys() -> None:
    """Change the keys that stored secrets are sealed with: gateways' passwords, two-step sign-in."""


@command(keys, example="sarnakh keys rotate")
@click.option("--drop-old", is_flag=True, help="Then forget the old keys. Backups made before cannot be read with this "
                                               "file of keys any more, only with their own.")
def rotate(place: Workplace, drop_old: bool) -> None:
    """Make a new key and seal everything with it.

    The server may go on running. Old keys are kept for reading unless they are dropped. Interrupted, run it again.
    """
    with installation(place) as found:
        path = Path(found.settings.security.secrets_file)
        change_encryption_key(path)
        lost = _reseal(found)
        if drop_old:
            lost = _reseal(found)  # again, for what a transaction under way had sealed with the key before
        if drop_old and lost:
            raise click.ClickException(f"Stored secrets that no key reads: {lost}. The old keys are kept.")
        if drop_old:
            drop_old_keys(path)
    click.echo(f"Sealed with a new key in {path}." + (f" {lost} could not be read and are as they were." if lost else "")
               + ("" if drop_old else " The old keys are kept for reading."))


def _reseal(found: Installation) -> int:
    with progress("Sealing anew") as advance:
        return reseal_all(found.engine, found.registry, found.vault, advance)
