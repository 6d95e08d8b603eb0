"""`backup` and `restore`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from core.backup import read_manifest, restore_backup, write_backup
from core.cli.common import Workplace, command
from core.cli.progress import progress


@command(example="sarnakh backup /srv/backups/")
@click.argument("target", type=click.Path(path_type=Path), required=False)
@click.option("--without-keys", is_flag=True, help="Leave the keys out; without them a restore loses two-factor "
                                                   "sign-in and stored passwords.")
def backup(place: Workplace, target: Path | None, without_keys: bool) -> None:
    """Write database, files and keys into one file.

    TARGET is a file or a folder (default: `backups` in the data folder). The server may go on running.
    """
    settings = place.settings()
    target = target or settings.data / "backups"
    if target.suffix != ".gz":
        target = target / f"sarnakh-{datetime.now():%Y%m%d-%H%M%S}.tar.gz"
    with progress("Writing the backup") as advance:
        manifest = write_backup(settings, target, with_keys=not without_keys, advance=advance)
    size = target.stat().st_size / 1_000_000
    click.echo(f"{target}  ({size:.1f} MB, {manifest['files']} files, {manifest['database']})")


@command(example="sarnakh restore /srv/backups/sarnakh-20261123-081500.tar.gz")
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace the data that is there; the old files are kept aside.")
def restore(place: Workplace, source: Path, force: bool) -> None:
    """Put back what a backup holds. Stop the server first."""
    settings = place.settings()
    manifest = read_manifest(source)
    with progress(f"Restoring the backup of {manifest['made_at']}"):
        restored = restore_backup(settings, source, force=force)
    click.echo(f"Restored the backup of {manifest['made_at']} into {settings.data}.")
    if not restored["keys"]:
        click.secho(f"It holds no keys. Put the keys of that time at {settings.security.secrets_file}, else stored passwords "
                    "must be entered anew and people use recovery codes for two-step sign-in.", fg="yellow", err=True)
