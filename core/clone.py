"""A copy of an installation to try something: an upgrade, a package, a training; with personal data masked if wanted.

The copy has a database, a data folder and settings of its own. It never speaks to the world (core/quieting.py), and mails stay in
its folder.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from core import backup
from core.errors import SarnakhError
from core.i18n.messages import _
from core.quieting import alone, settle
from core.settings import Settings, load

SETTINGS = "sarnakh.toml"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Cloned:
    """What was made: the copy's settings, how many files came along, rows that were masked, switched off accounts, seconds."""

    settings: Settings
    files: int
    masked: int
    switched_off: int
    seconds: float


def clone(settings: Settings, target: Path, *, mask: bool = False, database: str = "", files: bool = True,
          say: Say = lambda _what: None) -> Cloned:
    """Copy an installation into the empty folder `target`; on PostgreSQL into a new database called `database`.

    The original is only read, and may go on running. Whatever goes wrong, nothing of the copy stays. Masked copies have no
    uploaded files, no keys and no passwords.
    """
    began = time.monotonic()
    target = target.expanduser().resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise SarnakhError(_("The folder {folder} is not empty.", folder=str(target)))
    if target.is_relative_to(settings.files):
        raise SarnakhError(_("The folder {folder} is inside of the original's files.", folder=str(target)))
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = f"sqlite:///{target / 'sarnakh.sqlite3'}" if settings.is_sqlite else _new_database(settings, database or _named(settings, target))
    try:
        say("database")
        _copy_database(settings, target, url)
        count = 0
        if files and not mask:
            say("files")
            count = _copy_files(settings.files, target / "files")
        keys = Path(settings.security.secrets_file)
        if not mask and keys.is_file():
            shutil.copy(keys, target / "secrets.json")
            (target / "secrets.json").chmod(0o600)
        _write_settings(target, url)
        made = load([target / SETTINGS], {}, {"storage.data": str(target), "database.url": url,
                                              "addons.folders": list(settings.addons.folders), "log.level": settings.log.level})
        say("masking" if mask else "quieting")
        masked, off = settle(made, mask)
        return Cloned(made, count, masked, off, time.monotonic() - began)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        if not settings.is_sqlite:
            drop_database(url)
        raise


def remove(cloned: Cloned) -> None:
    """Take a copy away again, with its database."""
    if not cloned.settings.is_sqlite:
        drop_database(cloned.settings.database.url)
    shutil.rmtree(cloned.settings.data, ignore_errors=True)


# ---------------------------------------------------------------- copying
def _named(settings: Settings, target: Path) -> str:
    word = re.sub(r"[^a-z0-9]+", "_", target.name.lower()).strip("_") or "copy"
    return f"{make_url(settings.database.url).database}_{word}"[:60]


def _new_database(settings: Settings, name: str) -> str:
    """Make an empty database on the same server; its address."""
    url = make_url(settings.database.url)
    with alone(settings.database.url) as connection:
        if connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).first():
            raise SarnakhError(_("There is a database “{name}” already; give another name with --database.", name=name))
        connection.execute(text(f"CREATE DATABASE {connection.dialect.identifier_preparer.quote(name)}"))
    return url.set(database=name).render_as_string(hide_password=False)


def drop_database(address: str) -> None:
    """Drop a database that a copy had."""
    url = make_url(address)
    with alone(url.set(database="postgres").render_as_string(hide_password=False)) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {connection.dialect.identifier_preparer.quote(str(url.database))} WITH (FORCE)"))


def _copy_database(settings: Settings, target: Path, url: str) -> None:
    """The whole database as it is at one moment."""
    if settings.is_sqlite:
        backup.dump_sqlite(settings, target).replace(target / "sarnakh.sqlite3")
        return
    dump = backup.dump_postgresql(settings, target)
    copy = load((), {}, {"database.url": url, "storage.data": str(target)})
    backup.run_tool(copy, ["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
                           f"--dbname={make_url(url).database}", str(dump)])
    dump.unlink()


def _copy_files(source: Path, target: Path) -> int:
    """Uploaded files, which are never changed in place: the same ones by a second name where the disk allows it."""
    count = 0
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                os.link(path, copy)
            except FileNotFoundError:  # taken away since we listed it
                continue
            except OSError:
                shutil.copy2(path, copy)
            count += 1
    return count


def _write_settings(target: Path, url: str) -> None:
    """Settings that are read when the copy's folder is named as the data folder."""
    lines = ["# A copy to try something. Mails are kept in the data folder instead of being sent.", "[mail]", 'host = ""', "",
             "[server]", 'public_url = ""']
    if not url.startswith("sqlite"):
        quoted = url.replace("\\", "\\\\").replace('"', '\\"')
        lines += ["", "[database]", f'url = "{quoted}"']
    file = target / SETTINGS
    file.touch(0o600)
    file.write_text("\n".join(lines) + "\n", "utf-8")
