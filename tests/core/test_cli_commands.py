"""The commands at work on an installation of their own."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.cli.main import main

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "a long enough secret"
Run = Callable[..., str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an installation with one administrator; tests may run apart, in any order."""
    made = tmp_path_factory.mktemp("cli") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(PASSWORD))
        assert main(["--data", str(made), "user", "add", "sara", "--name", "سارا", "--super", "--password-stdin"]) == 0
    return made


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command and return what it printed; it has to end with the code expected."""
    def call(*arguments: object, code: int = 0, typed: str = "") -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        capsys.readouterr()
        found = main(["--data", str(folder), *map(str, arguments)])
        said = capsys.readouterr()
        assert found == code, said.out + said.err
        return said.out + (said.err if code else "")
    return call


def test_an_installation_is_made_and_private(run: Run, folder: Path) -> None:
    assert str(folder) in run("init")
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "secrets.json").stat().st_mode & 0o077 == 0
    run("init")
    assert json.loads(run("upgrade", "--plan", "--json")) == {"applied": False, "steps": []}
    assert "up to date" in run("upgrade")
    findings = json.loads(run("check", "--json"))
    assert [found for found in findings if found["level"] == "error"] == []


def test_addons_are_listed_for_scripts(run: Run) -> None:
    rows = {row["name"]: row for row in json.loads(run("addon", "list", "--json"))}
    assert rows["base"]["state"] == "enabled"
    assert {"name", "version", "title", "state", "depends"} <= set(rows["base"])
    assert "There is no addon" in run("addon", "enable", "nothing", code=1)
    assert "base" in run("addon", "disable", "base", code=1)
    assert "base" in run("addon", "list")


def test_users(run: Run) -> None:
    run("user", "add", "Reza", "--name", "رضا", "--profile", "Standard", "--language", "fa", "--password-stdin",
        typed=PASSWORD)
    found = {row["login"]: row for row in json.loads(run("user", "list", "--json"))}
    assert (found["reza"]["super"], found["reza"]["profile"], found["sara"]["super"]) == (False, "Standard", True)
    assert "10 characters" in run("user", "passwd", "sara", "--password-stdin", typed="short", code=1)
    assert "sara" in run("user", "passwd", "sara", "--password-stdin", typed=PASSWORD + "!")
    assert "nobody" in run("user", "passwd", "nobody", "--password-stdin", typed=PASSWORD, code=1)
    assert "Administrator" in run("user", "add", "x", "--name", "x", "--profile", "?", "--password-stdin",
                                  typed=PASSWORD, code=1)


def test_records_go_in_and_out(run: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "teams.csv", tmp_path / "out.csv"
    source.write_text("Name\nفروش\nSales\nSales\n", encoding="utf-8")
    said = run("import", "base.team", source, "--as", "sara", "--duplicates", "skip", "--keys", "name", "--json")
    report = json.loads(said[said.index("{"):])
    assert report["counts"]["created"] == 2
    run("export", "base.team", target, "--columns", "name")
    assert sorted(target.read_text("utf-8-sig").splitlines()) == sorted(["Name", "فروش", "Sales"])
    run("export", "base.team", target, "--columns", "name", "--where", 'name == "Sales"')
    assert target.read_text("utf-8-sig").splitlines() == ["Name", "Sales"]
    run("export", "base.team", tmp_path / "out.xlsx")
    assert (tmp_path / "out.xlsx").read_bytes()[:2] == b"PK"
    run("import", "--undo", report["import"])
    run("export", "base.team", target, "--columns", "name")
    assert target.read_text("utf-8-sig").splitlines() == ["Name"]


def test_wrong_requests_say_what_is_wrong(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "x.csv"
    source.write_text("Name\nx\n")
    assert "it has: Name" in run("import", "base.team", source, "--map", "Nope=name", code=1)
    assert ".xlsx" in run("export", "base.team", tmp_path / "x.pdf", code=2)
    assert "nope" in run("export", "base.team", tmp_path / "x.csv", "--columns", "nope", code=1)
    assert "nobody" in run("export", "base.team", tmp_path / "x.csv", "--as", "nobody", code=1)
    assert "file" in run("import", "base.team", code=2)
    assert not list(tmp_path.glob("*.part"))


def test_a_check_writes_nothing(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "teams.csv"
    source.write_text("Name\nOne\n\n,\n")
    said = run("import", "base.team", source, "--dry-run", "--json")
    assert json.loads(said[said.index("{"):])["counts"]["created"] == 1
    run("export", "base.team", tmp_path / "out.csv", "--columns", "name")
    assert (tmp_path / "out.csv").read_text("utf-8-sig").splitlines() == ["Name"]


def test_code_is_run_with_an_environment(run: Run) -> None:
    assert int(run("shell", "-e", "print(env.query('base.user').count())")) >= 1


def test_backup_and_restore(run: Run, folder: Path, tmp_path: Path) -> None:
    said = run("backup", tmp_path / "b.tar.gz")
    assert "b.tar.gz" in said
    run("user", "add", "later", "--name", "Later", "--password-stdin", typed=PASSWORD)
    assert "--force" in run("restore", tmp_path / "b.tar.gz", code=1)
    run("restore", tmp_path / "b.tar.gz", "--force")
    logins = {row["login"] for row in json.loads(run("user", "list", "--json"))}
    assert "sara" in logins
    assert "later" not in logins


def test_what_is_unsafe_is_found(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARNAKH_SERVER_PUBLIC_URL", "https://crm.example.com")
    monkeypatch.setenv("SARNAKH_SERVER_HOST", "0.0.0.0")
    (folder / "secrets.json").chmod(0o644)
    found = {(row["level"], row["topic"]) for row in json.loads(run("check", "--json", code=1))}
    (folder / "secrets.json").chmod(0o600)
    assert {("error", "server.secure_cookies"), ("error", "security.secrets_file"),
            ("warning", "server.trusted_proxies")} <= found


def served(folder: Path, *options: str) -> tuple[subprocess.Popen[str], str, str]:
    """A server of its own process: the process, its address and the rest of what it said."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen([sys.executable, str(ROOT / "run.py"), "--data", str(folder), "--port", "0",
                                "--no-browser", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=environment, cwd=folder.parent)
    lines: list[str] = []
    for line in process.stdout or ():
        lines.append(line)
        if "Sarnakh is at" in line:
            break
    address = re.search(r"http://\S+", "".join(lines))
    assert address is not None, (process.stderr.read() if process.stderr else "")
    return process, address[0], "".join(lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_starts_answers_and_stops(folder: Path, run: Run, number: int) -> None:
    run("init")
    process, address, _said = served(folder)
    try:
        with urllib.request.urlopen(f"{address}/login", timeout=30) as answer:
            assert answer.status == 200
        started = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert time.monotonic() - started < 15
    assert "Traceback" not in out + err


def test_the_first_administrator_gets_a_link(tmp_path: Path) -> None:
    process, address, _said = served(tmp_path / "new")
    try:
        assert process.stdout is not None
        link: Any = re.search(r"http://\S+/setup/\S+", process.stdout.readline())
        assert link is not None
        with urllib.request.urlopen(link[0], timeout=30) as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}/setup/{'x' * 32}", timeout=30)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_a_port_that_is_taken_is_said_so(run: Run, folder: Path) -> None:
    process, address, _said = served(folder)
    try:
        assert "--port" in run("serve", "--port", address.rpartition(":")[2], "--no-browser", code=1)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_an_addon_brings_a_command(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    addon = tmp_path / "addons" / "greeter"
    addon.mkdir(parents=True)
    (addon / "addon.toml").write_text('name = "greeter"\nversion = "0.1.0"\napi = "1"\ntitle = "Greeter"\n'
                                      'depends = ["base"]\n')
    (addon / "hooks.py").write_text(
        '"""Greets."""\n\nimport click\n\nfrom core.api import hookimpl\n\n\n@click.command()\n@click.argument("name")\n'
        'def greet(name):\n    """Greet somebody."""\n    click.echo(f"Hello {name}")\n\n\n'
        '@hookimpl\ndef cli_commands():\n    """One command."""\n    return [greet]\n')
    monkeypatch.setenv("SARNAKH_ADDONS_FOLDERS", str(tmp_path / "addons"))
    assert "No such command" in run("greet", "you", code=2)
    run("addon", "enable", "greeter")
    assert run("greet", "you") == "Hello you\n"
    run("addon", "disable", "greeter")
    run("addon", "purge", "greeter", "--yes")
    assert "No such command" in run("greet", "you", code=2)
