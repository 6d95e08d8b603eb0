"""Backup and restore, on both databases: what was there comes back, and nothing is replaced or trusted by accident."""

from __future__ import annotations

import contextlib
import io
import json
import os
import secrets
import sqlite3
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from core.backup import BackupError, read_manifest, restore_backup, write_backup
from core.installation import Installation
from core.secrets import load_secrets
from core.security.actor import SYSTEM
from core.settings import Settings, load
from core.testing.plugin import drop_postgres, new_postgres

POSTGRES = os.environ.get("SARNAKH_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


def settings_in(folder: Path, url: str = "") -> Settings:
    """Settings of an installation in that folder."""
    return load([], {}, {"storage.data": str(folder), "database.url": url})


@pytest.fixture
def installed(tmp_path: Path) -> Settings:
    """An installation with a database, a file and keys."""
    settings = settings_in(tmp_path / "old")
    settings.files.mkdir(parents=True)
    (settings.files / "ab").mkdir()
    (settings.files / "ab" / "قرارداد.pdf").write_bytes(b"contract")
    load_secrets(Path(settings.security.secrets_file))
    put(settings, "first")
    return settings


def put(settings: Settings, name: str) -> None:
    """Write one row."""
    engine = create_engine(settings.database.url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS person (name varchar(50))"))
        connection.execute(text("INSERT INTO person VALUES (:name)"), {"name": name})
    engine.dispose()


def names(settings: Settings) -> list[str]:
    """The rows that are there."""
    engine = create_engine(settings.database.url)
    with engine.connect() as connection:
        found = [row[0] for row in connection.execute(text("SELECT name FROM person ORDER BY name"))]
    engine.dispose()
    return found


def test_everything_comes_back_elsewhere(installed: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "b.tar.gz"
    seen: list[tuple[int, int]] = []
    manifest = write_backup(installed, archive, advance=lambda done, total: seen.append((done, total)))
    assert manifest["files"] == 1
    assert seen == [(1, 1)]
    assert archive.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["b.tar.gz"]
    fresh = settings_in(tmp_path / "new")
    restore_backup(fresh, archive)
    assert names(fresh) == ["first"]
    assert (fresh.files / "ab" / "قرارداد.pdf").read_bytes() == b"contract"
    assert load_secrets(Path(fresh.security.secrets_file)) == load_secrets(Path(installed.security.secrets_file))


def test_a_backup_is_consistent_while_somebody_writes(installed: Settings, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(make_url(installed.database.url).database or "")) as writing:
        writing.execute("PRAGMA journal_mode=WAL")
        writing.execute("INSERT INTO person VALUES ('unfinished')")
        write_backup(installed, tmp_path / "b.tar.gz")
        writing.rollback()
    fresh = settings_in(tmp_path / "new")
    restore_backup(fresh, tmp_path / "b.tar.gz")
    assert names(fresh) == ["first"]


def test_nothing_is_replaced_without_force_and_the_old_is_kept(installed: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "b.tar.gz"
    write_backup(installed, archive)
    put(installed, "second")
    with pytest.raises(BackupError, match="--force"):
        restore_backup(installed, archive)
    assert names(installed) == ["first", "second"]
    restore_backup(installed, archive, force=True)
    assert names(installed) == ["first"]
    kept = next(installed.data.glob("before-restore-*/sarnakh.sqlite3"))
    with contextlib.closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (2,)


def test_keys_can_be_left_out(installed: Settings, tmp_path: Path) -> None:
    write_backup(installed, tmp_path / "b.tar.gz", with_keys=False)
    fresh = settings_in(tmp_path / "new")
    restore_backup(fresh, tmp_path / "b.tar.gz")
    assert not Path(fresh.security.secrets_file).exists()


def archive_of(path: Path, manifest: Any, *members: tarfile.TarInfo) -> Path:
    """A hand-made archive."""
    with tarfile.open(path, "w:gz") as archive:
        content = json.dumps(manifest).encode()
        head = tarfile.TarInfo("manifest.json")
        head.size = len(content)
        archive.addfile(head, io.BytesIO(content))
        for member in members:
            archive.addfile(member, io.BytesIO(b"x" * member.size))
    return path


GOOD = {"format": 1, "version": "0.1.0", "database": "sqlite", "files": 0, "made_at": ""}


@pytest.mark.parametrize(("manifest", "words"), [
    ([], "not a backup"),
    ({**GOOD, "database": "oracle"}, "not a backup"),
    ({**GOOD, "version": "99.0"}, "Update the program"),
    ({**GOOD, "format": 2}, "Update the program"),
])
def test_a_strange_manifest_is_refused(tmp_path: Path, manifest: Any, words: str) -> None:
    with pytest.raises(BackupError, match=words):
        read_manifest(archive_of(tmp_path / "b.tar.gz", manifest))


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.tar.gz").write_bytes(b"\x1f\x8bnonsense")
    with pytest.raises(BackupError):
        read_manifest(tmp_path / "b.tar.gz")


@pytest.mark.parametrize("name", ["files/../../escaped", "files/link"])
def test_an_archive_cannot_write_elsewhere(tmp_path: Path, name: str) -> None:
    member = tarfile.TarInfo(name)
    member.size = 1
    if name.endswith("link"):
        member.type, member.linkname, member.size = tarfile.SYMTYPE, "/etc/passwd", 0
    settings = settings_in(tmp_path / "new")
    with pytest.raises(BackupError):
        restore_backup(settings, archive_of(tmp_path / "b.tar.gz", GOOD, member))
    assert not (tmp_path / "escaped").exists()
    assert list(settings.data.iterdir()) == []


def test_a_damaged_database_changes_nothing(installed: Settings, tmp_path: Path) -> None:
    member = tarfile.TarInfo("database.sqlite3")
    member.size = 5000
    with pytest.raises(BackupError, match="damaged"):
        restore_backup(installed, archive_of(tmp_path / "b.tar.gz", GOOD, member), force=True)
    assert names(installed) == ["first"]


def test_a_backup_without_a_database_changes_nothing(installed: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no database"):
        restore_backup(installed, archive_of(tmp_path / "b.tar.gz", GOOD), force=True)
    assert names(installed) == ["first"]


def test_a_backup_of_the_other_database_is_refused(installed: Settings, tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "b.tar.gz", {**GOOD, "database": "postgresql"})
    with pytest.raises(BackupError, match="postgresql"):
        restore_backup(installed, archive, force=True)


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty database of our own."""
    if not POSTGRES:
        pytest.skip("no PostgreSQL here")
    name = f"sarnakh_backup_{secrets.token_hex(4)}"
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def test_postgresql_comes_back_too(postgresql: str, tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data", postgresql)
    engine = create_engine(postgresql)
    with engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    engine.dispose()
    put(settings, "نخست")
    archive = tmp_path / "b.tar.gz"
    write_backup(settings, archive)
    for round_trip in range(2):  # the second time it meets what a restore left behind
        put(settings, f"later {round_trip}")
        with pytest.raises(BackupError, match="--force"):
            restore_backup(settings, archive)
        restore_backup(settings, archive, force=True)
        assert names(settings) == ["نخست"]


@pytest.mark.addons("contacts")
def test_a_whole_installation_comes_back_and_opens(installation: Installation, tmp_path: Path) -> None:
    with installation.env(SYSTEM) as env:
        owner = env.query("base.user").ids()[0]
        env.create("contacts.account", [{"name": name, "owner": owner} for name in ("پارس", "چای")])
    archive = tmp_path / "whole.tar.gz"
    write_backup(installation.settings, archive)
    sqlite = installation.settings.is_sqlite
    url = f"sqlite:///{tmp_path / 'again.sqlite3'}" if sqlite else new_postgres()
    again = load((), {}, {"database.url": url, "storage.data": str(tmp_path / "again"), "jobs.engine": "sqlite"})
    restore_backup(again, archive)
    with contextlib.closing(Installation.open(again)) as found, found.env(SYSTEM) as env:
        assert [r["name"] for r in env.query("contacts.account").order("name").select("name").rows()] == ["پارس", "چای"]
        env.create("contacts.account", {"name": "new", "owner": owner})
    if not sqlite:
        drop_postgres(url)
