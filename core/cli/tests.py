"""`test`: linters, then the whole suite on all processors, one summary, one exit code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import click

from core.cli.common import Workplace, command

ROOT = Path(__file__).resolve().parent.parent.parent
POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/0"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class Peer(NamedTuple):
    """Something the suite can use: its variable, the value found ("" when it is missing) and how to get it."""

    name: str
    variable: str
    value: str
    advice: str


@command(example="python3 run.py test -k leads", context_settings={"ignore_unknown_options": True})
@click.option("--no-lint", is_flag=True, help="Run the tests only.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test(place: Workplace, no_lint: bool, pytest_arguments: tuple[str, ...]) -> int:
    """Run linters and the whole test suite.

    Arguments are handed to pytest. SARNAKH_TEST_POSTGRES and SARNAKH_TEST_REDIS name other servers than the local
    ones. With CI=true a missing server or browser is a failure; otherwise what needs it is skipped.
    """
    if not (ROOT / "tests").is_dir():
        raise click.ClickException("The tests are in a clone of the repository, not in the installed package.")
    started = time.monotonic()
    peers = find_peers(place.environ)
    for peer in peers:
        click.echo(f"{peer.name:<11} {peer.value or 'missing: ' + peer.advice}")
    missing = [peer.name for peer in peers if not peer.value]
    if missing and place.environ.get("CI", "").lower() in ("true", "1"):
        click.secho("In CI these must be there: " + ", ".join(missing), fg="red")
        return 1
    environment = {**place.environ, **{peer.variable: peer.value for peer in peers}}
    results: dict[str, int] = {}
    if not no_lint:
        results["ruff"] = run([sys.executable, "-m", "ruff", "check", "."], environment)
        results["mypy"] = run([sys.executable, "-m", "mypy"], environment)
    results["pytest"] = run(pytest_command(pytest_arguments), environment)
    click.echo()
    for name, code in results.items():
        click.secho(f"{name:<8} {'passed' if code == 0 else f'FAILED (code {code})'}", fg="red" if code else "green")
    click.echo(f"{time.monotonic() - started:.0f} s")
    return max(results.values())


def pytest_command(arguments: tuple[str, ...]) -> list[str]:
    """The call of pytest; on all processors unless the caller says otherwise or wants a debugger."""
    made = [sys.executable, "-m", "pytest"]
    if not any(word.startswith(("-n", "--numprocesses", "--pdb", "--trace")) or word == "-s" for word in arguments):
        made += ["-n", "auto", "--dist", "worksteal"]
    named = any(not word.startswith("-") and Path(ROOT, word.split("::")[0]).exists() for word in arguments)
    return [*made, *arguments, *([] if named else ["tests", "addons"])]


def run(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Run one tool in the repository's folder, its output shown as it comes."""
    return subprocess.run(arguments, cwd=ROOT, env=dict(environment), check=False).returncode


def find_peers(environ: Mapping[str, str]) -> list[Peer]:
    """PostgreSQL, Redis and a browser: where they are, or how to get them."""
    postgres = environ.get("SARNAKH_TEST_POSTGRES", POSTGRES)
    redis = environ.get("SARNAKH_TEST_REDIS", REDIS)
    browser = environ.get("SARNAKH_TEST_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
    return [
        Peer("PostgreSQL", "SARNAKH_TEST_POSTGRES", postgres if postgres and has_postgres(postgres) else "",
             f"no server answers at {shown(postgres)}; set SARNAKH_TEST_POSTGRES"),
        Peer("Redis", "SARNAKH_TEST_REDIS", redis if redis and has_redis(redis) else "",
             f"no server answers at {shown(redis)}; set SARNAKH_TEST_REDIS"),
        Peer("Chromium", "SARNAKH_TEST_CHROMIUM", browser if browser and os.access(browser, os.X_OK) else "",
             "on Debian and Ubuntu: sudo apt install chromium"),
    ]


def shown(url: str) -> str:
    """The address without a password."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.hostname else "no address"


def has_postgres(url: str) -> bool:
    """Whether a PostgreSQL server lets us in."""
    import psycopg  # optional package: the extra "postgres"

    try:
        psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), connect_timeout=5).close()
    except psycopg.Error:
        return False
    return True


def has_redis(url: str) -> bool:
    """Whether a Redis server answers."""
    import redis  # optional package: the extra "redis"

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
