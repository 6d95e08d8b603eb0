"""Backup and restore: database, uploaded files and keys in one compressed archive, whole or not at all.

The archive holds `manifest.json`, `database.sqlite3` or `database.dump` (pg_dump's own format), `files/…` and
`secrets.json`. A backup is written beside its target and renamed at the end; a restore is unpacked in full and checked
before anything of the installation is touched, and what it replaces is kept aside.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from core.errors import SarnakhError
from core.expressions import register_sqlite_functions
from core.i18n.messages import _
from core.settings import Settings
from core.version import VERSION

FORMAT = 1
Advance = Callable[[int, int], None]


class BackupError(SarnakhError):
    """A backup could not be written or put back; nothing has been changed."""


def _silent(_done: int, _total: int) -> None:
    """No progress wanted."""


def write_backup(settings: Settings, target: Path, with_keys: bool = True,
                 advance: Advance = _silent) -> dict[str, Any]:
    """Write the archive; returns its manifest. `advance` is called with (files done, files in all)."""
    kind = "sqlite" if settings.is_sqlite else "postgresql"
    paths = sorted(path for path in settings.files.rglob("*") if path.is_file()) if settings.files.is_dir() else []
    manifest = {"format": FORMAT, "version": VERSION, "database": kind, "files": len(paths),
                "made_at": datetime.now(UTC).isoformat(timespec="seconds")}
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with tempfile.TemporaryDirectory(prefix="sarnakh-backup-", dir=target.parent) as temporary:
            work = Path(temporary)
            (work / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
            database = dump_sqlite(settings, work) if settings.is_sqlite else dump_postgresql(settings, work)
            # Mode 600: whoever can read a backup can read everything.
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as raw, tarfile.open(fileobj=raw, mode="w|gz") as archive:
                archive.add(work / "manifest.json", "manifest.json")
                archive.add(database, database.name)
                keys = Path(settings.security.secrets_file)
                if with_keys and keys.is_file():
                    archive.add(keys, "secrets.json")
                for done, path in enumerate(paths, 1):
                    with contextlib.suppress(FileNotFoundError):  # removed since we listed it
                        archive.add(path, f"files/{path.relative_to(settings.files).as_posix()}")
                    advance(done, len(paths))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def dump_sqlite(settings: Settings, work: Path) -> Path:
    """A consistent copy of the database, taken while others may go on writing."""
    source = Path(make_url(settings.database.url).database or "")
    if not source.is_file():
        raise BackupError(_("There is no database at {path}."), path=str(source))
    target = work / "database.sqlite3"
    with (contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=60)) as reading,
          contextlib.closing(sqlite3.connect(target)) as writing):
        reading.backup(writing, pages=1000)
    return target


def dump_postgresql(settings: Settings, work: Path) -> Path:
    """A dump in PostgreSQL's own format, made by pg_dump."""
    target = work / "database.dump"
    run_tool(settings, ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])
    return target


def read_manifest(source: Path) -> dict[str, Any]:
    """What the archive says about itself. Raises `BackupError` for anything that is no backup of ours."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            member = archive.next()
            file = archive.extractfile(member) if member is not None and member.name == "manifest.json" else None
            content = json.loads(file.read(65536)) if file is not None else None
    except (OSError, tarfile.TarError, ValueError, EOFError) as error:
        raise BackupError(_("{path} cannot be read as a backup: {reason}"), path=str(source),
                          reason=str(error)) from error
    if not isinstance(content, dict) or content.get("database") not in ("sqlite", "postgresql"):
        raise BackupError(_("{path} is not a backup of Sarnakh."), path=str(source))
    if content.get("format") != FORMAT or _newer(str(content.get("version", ""))):
        raise BackupError(_("{path} was written by version {version}; this is {own}. Update the program first."),
                          path=str(source), version=str(content.get("version")), own=VERSION)
    return content


def restore_backup(settings: Settings, source: Path, force: bool = False) -> dict[str, Any]:
    """Put a backup back; returns its manifest, with whether it held keys. Without `force` only into an installation
    that is still empty."""
    manifest = read_manifest(source)
    kind = "sqlite" if settings.is_sqlite else "postgresql"
    if manifest["database"] != kind:
        raise BackupError(_("The backup is of {theirs}, the settings name {ours}. Move between the two with export "
                            "and import."), theirs=manifest["database"], ours=kind)
    if not force and not _is_empty(settings):
        raise BackupError(_("There is data in {data} or its database already. Add --force to replace it."),
                          data=str(settings.data))
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.data) as temporary:
        work = Path(temporary)
        _unpack(source, work)
        aside = settings.data / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
        if settings.is_sqlite:
            _restore_sqlite(settings, work, aside)
        else:
            _restore_postgresql(settings, work)
        _swap(work / "files", settings.files, aside / "files")
        if (work / "secrets.json").is_file():
            _swap(work / "secrets.json", Path(settings.security.secrets_file), aside / "secrets.json")
            manifest["keys"] = True
    return {"keys": False} | manifest


def _unpack(source: Path, work: Path) -> None:
    """Unpack all members that a backup has; the `data` filter refuses links, devices and paths that lead out."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                name = member.name
                if name in ("manifest.json", "database.sqlite3", "database.dump", "secrets.json") or \
                        name.startswith("files/"):
                    archive.extract(member, work, filter="data")
    except (OSError, tarfile.TarError, EOFError) as error:
        raise BackupError(_("{path} is damaged: {reason}"), path=str(source), reason=str(error)) from error


def _restore_sqlite(settings: Settings, work: Path, aside: Path) -> None:
    fresh = work / "database.sqlite3"
    if not fresh.is_file():
        raise BackupError(_("There is no database in the backup."))
    with contextlib.closing(sqlite3.connect(fresh)) as connection:
        register_sqlite_functions(connection)  # indexes are built upon some of them
        try:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            verdict = str(error)
    if verdict != "ok":
        raise BackupError(_("The database in the backup is damaged: {reason}"), reason=verdict)
    target = Path(make_url(settings.database.url).database or "")
    target.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("-wal", "-shm"):  # belong to the old database and would be played into the new one
        old = target.with_name(target.name + suffix)
        if old.exists():
            aside.mkdir(parents=True, exist_ok=True)
            old.replace(aside / old.name)
    _swap(fresh, target, aside / target.name)


def _restore_postgresql(settings: Settings, work: Path) -> None:
    """Replace the schema in one transaction: a dump that fails half-way leaves the old one as it was."""
    script = work / "restore.sql"
    run_tool(settings, ["pg_restore", "--no-owner", "--no-privileges", f"--file={script}",
                        str(work / "database.dump")], connect=False)
    run_tool(settings, ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
                        "--command=DROP SCHEMA IF EXISTS public CASCADE", "--command=CREATE SCHEMA public",
                        f"--file={script}"])


def _swap(fresh: Path, target: Path, aside: Path) -> None:
    """Move what is there aside, and the new one to its place."""
    if target.exists():
        aside.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(target, aside)
    if fresh.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(fresh, target)


def run_tool(settings: Settings, command: list[str], connect: bool = True) -> None:
    """Run one of PostgreSQL's programs. The password goes by the environment: a command line can be seen by others."""
    if shutil.which(command[0]) is None:
        raise BackupError(_("The program {program} is not on this machine; install PostgreSQL's client programs (on "
                            "Debian and Ubuntu: sudo apt install postgresql-client)."), program=command[0])
    url = make_url(settings.database.url)
    environment = dict(os.environ)
    if connect:
        parts = {"PGHOST": url.host, "PGPORT": str(url.port or ""), "PGUSER": url.username,
                 "PGPASSWORD": str(url.password or ""), "PGDATABASE": url.database}
        environment.update({name: value for name, value in parts.items() if value})
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(_("{program} failed: {reason}"), program=command[0], reason=done.stderr.strip()[-800:])


def _is_empty(settings: Settings) -> bool:
    if settings.files.is_dir() and any(settings.files.iterdir()):
        return False
    url = make_url(settings.database.url)
    if settings.is_sqlite:
        return not Path(url.database or "").is_file()
    with _postgresql(settings) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return bool(found and found[0] == 0)


@contextlib.contextmanager
def _postgresql(settings: Settings) -> Iterator[Any]:
    import psycopg  # optional package: the extra "postgres"

    url = make_url(settings.database.url).set(drivername="postgresql")
    try:
        with psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=10) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise BackupError(_("PostgreSQL cannot be reached: {reason}"), reason=str(error).strip()) from error


def _newer(version: str) -> bool:
    def numbers(text: str) -> list[int]:
        return [int(part) for part in text.split(".") if part.isdigit()]
    return numbers(version) > numbers(VERSION)
