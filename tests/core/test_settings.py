"""Settings: where they come from, what is refused and how, and that the files and the docs page agree with them."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.secrets import Secrets, load_secrets
from core.settings import OPTIONS, Settings, load, settings_reference

ROOT = Path(__file__).resolve().parent.parent.parent
DEFAULTS = ROOT / "config" / "default.toml"


def write(folder: Path, text: str) -> Path:
    """A settings file with that text."""
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_default_file_says_what_is_built_in() -> None:
    assert load([DEFAULTS]) == load()


def test_the_default_file_names_every_setting() -> None:
    text = DEFAULTS.read_text(encoding="utf-8")
    assert [each.key for each in OPTIONS if f"\n{each.key.partition('.')[2]} = " not in text] == []


def test_the_production_example_is_accepted() -> None:
    settings = load([DEFAULTS, ROOT / "config" / "production.example.toml"])
    assert settings.jobs_url.startswith("redis://")
    assert settings.locale.calendar == "jalali"
    assert not settings.is_sqlite


def test_a_later_source_wins(tmp_path: Path) -> None:
    file = write(tmp_path, '[server]\nport = 1\nthreads = 2\nhost = "h"')
    settings = load([DEFAULTS, file], {"SARNAKH_SERVER_PORT": "3", "SARNAKH_SERVER_THREADS": "4"}, {"server.port": 5})
    assert (settings.server.host, settings.server.threads, settings.server.port) == ("h", 4, 5)


def test_addresses_follow_the_data_folder(tmp_path: Path) -> None:
    settings = load([], {}, {"storage.data": str(tmp_path)})
    assert settings.database.url == f"sqlite:///{tmp_path}/sarnakh.sqlite3"
    assert settings.jobs_url == f"sqlite:///{tmp_path}/jobs.sqlite3"
    assert settings.files == tmp_path / "files"
    assert settings.security.secrets_file == str(tmp_path / "secrets.json")


def test_postgresql_brings_its_own_job_queue() -> None:
    settings = load([], {"SARNAKH_DATABASE_URL": "postgresql://u@h/d"})
    assert settings.database.url == settings.jobs_url == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(("text", "words"), [
    ("[server]\nprot = 1", ["own.toml", "server.prot", "server.port"]),
    ("[serverr]\nport = 1", ["own.toml", "serverr.port", "server.port"]),
    ("[nonsense]\nx = 1", ["own.toml", "nonsense.x", "database", "server"]),
    ("top = 1", ["own.toml", "“top”"]),
    ("server = 1", ["own.toml", "“server”", "server.host"]),
    ("[server]\nport = 70000", ["own.toml", "server.port", "70000", "0 to 65535"]),
    ('[server]\nport = "80"', ["own.toml", "server.port", "whole number"]),
    ("[server]\nport = true", ["own.toml", "server.port", "whole number"]),
    ("[server]\nsecure_cookies = 1", ["own.toml", "server.secure_cookies", "true or false"]),
    ('[locale]\ncalendar = "lunar"', ["own.toml", "locale.calendar", "gregorian, jalali"]),
    ('[locale]\ntime_zone = "Asia/Teheran"', ["own.toml", "locale.time_zone", "Asia/Tehran"]),
    ('[database]\nurl = "mysql://root:pw@h/d"', ["own.toml", "database.url", "sqlite:///", "postgresql"]),
    ('[addons]\nfolders = "one"', ["own.toml", "addons.folders", "list"]),
    ("[server\nport = 1", ["own.toml", "TOML"]),
])
def test_a_wrong_file_is_refused_with_place_key_and_what_is_allowed(tmp_path: Path, text: str,
                                                                    words: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load([write(tmp_path, text)])
    assert [word for word in words if word not in str(caught.value)] == []
    assert "root:pw" not in str(caught.value)


@pytest.mark.parametrize(("environ", "words"), [
    ({"SARNAKH_SERVER_PROT": "1"}, ["SARNAKH_SERVER_PROT", "SARNAKH_SERVER_PORT"]),
    ({"SARNAKH_SERVER_PORT": "many"}, ["SARNAKH_SERVER_PORT", "server.port", "many"]),
    ({"SARNAKH_SERVER_SECURE_COOKIES": "maybe"}, ["SARNAKH_SERVER_SECURE_COOKIES", "true or false"]),
])
def test_a_wrong_variable_is_refused(environ: dict[str, str], words: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load([], environ)
    assert [word for word in words if word not in str(caught.value)] == []


def test_variables_of_others_are_left_alone() -> None:
    assert load([], {"PATH": "/bin", "SARNAKH_TEST_REDIS": "", "SARNAKH_CONFIG": "x"}) == load()


def test_texts_become_values() -> None:
    settings = load([], {"SARNAKH_ADDONS_FOLDERS": "/a, /b", "SARNAKH_SERVER_SECURE_COOKIES": "yes"})
    assert settings.addons.folders == ("/a", "/b")
    assert settings.server.secure_cookies is True


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="gone.toml"):
        load([tmp_path / "gone.toml"])


def test_settings_can_be_printed_without_telling_passwords() -> None:
    settings = load([], {"SARNAKH_DATABASE_URL": "postgresql://u:hush@h/d", "SARNAKH_MAIL_PASSWORD": "hush"})
    assert isinstance(settings, Settings)
    assert "hush" not in repr(settings)


def test_the_docs_page_is_made_from_the_declarations() -> None:
    page = (ROOT / "docs" / "admin" / "settings.md").read_text(encoding="utf-8")
    assert page == settings_reference(), "write core.settings.settings_reference() to docs/admin/settings.md"


def test_keys_are_made_once_and_only_we_may_read_them(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secrets.json"
    found: list[Secrets] = []
    threads = [threading.Thread(target=lambda: found.append(load_secrets(path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert found[0].session_key not in repr(found[0])


@pytest.mark.parametrize("text", ["", "{}", "[]", json.dumps({"session_key": "short", "encryption_key": "short"})])
def test_damaged_keys_are_not_replaced_silently(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"secrets\.json"):
        load_secrets(path)
    assert path.read_text() == text
