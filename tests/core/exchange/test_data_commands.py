"""`sarnakh import` and `sarnakh export`, and an import whose process is killed."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from core.cli.data import export, import_
from core.exchange import importing, plan
from core.exchange.tables import TABLES
from core.installation import Installation
from core.jobs.hosting import OneInstallation, WorkerOptions
from core.jobs.worker import Worker
from core.security.actor import SYSTEM
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
ROOT = Path(__file__).parents[3]
Call = Callable[..., Result]


@pytest.fixture
def environ(installation: Installation) -> dict[str, str]:
    """What makes a command work on the test's installation."""
    settings = installation.settings
    return {"SARNAKH_DATABASE_URL": settings.database.url, "SARNAKH_DATA": str(settings.data),
            "SARNAKH_STORAGE_DATA": str(settings.data),
            "SARNAKH_ADDONS_FOLDERS": str(ROOT / "tests/fixtures/addons")}


@pytest.fixture
def call(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command; what it prints on standard output is in `.stdout`."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def run(command: Any, *arguments: str) -> Result:
        return CliRunner().invoke(command, [str(a) for a in arguments])
    return run


def written(path: Path, rows: list[tuple[Any, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_import_undo_and_export(call: Call, tmp_path: Path, installation: Installation) -> None:
    file = written(tmp_path / "o.csv", [("Name", "Mail", "Amount"), ("a", "a@x.com", "1"), ("b", "b@x.com", "-1")])
    given = ("shop.order", file, "--map", "Mail=email", "--keys", "email", "--default", "memo=imported", "--as", "sara", "--json")
    dry = json.loads(call(import_, *given, "--dry-run").stdout)
    assert dry["dry_run"] and dry["counts"] == {"created": 1, "updated": 0, "skipped": 0, "rejected": 1}
    done = json.loads(call(import_, *given).stdout)
    assert done["state"] == "done" and done["rejected"] == [{"row": 3, "reasons": ["Amount: Amount cannot be negative."]}]
    out = tmp_path / "out.csv"
    found = call(export, "shop.order", out, "--columns", "name,email,memo,owner.name", "--as", "sara", "--json")
    assert json.loads(found.stdout)["rows"] == 1
    assert out.read_text("utf-8-sig").splitlines()[1] == "a,a@x.com,imported,Sara Seller"
    assert json.loads(call(import_, "--undo", str(done["import"]), "--as", "sara", "--json").stdout)["state"] == "undone"
    with installation.env(SYSTEM) as env:
        assert not env.query("shop.order").exists()
    assert call(export, "shop.order", tmp_path / "x.doc").exit_code == 2
    assert not list(tmp_path.glob("*.part"))


def test_what_the_command_refuses(call: Call, tmp_path: Path) -> None:
    file = written(tmp_path / "o.csv", [("Name", "Margin"), ("a", "1")])
    for arguments in (("shop.order", file, "--as", "nobody"), ("shop.order", file, "--as", "sara", "--map", "Margin=margin"),
                      ("shop.order", file, "--map", "Other=name"), ("shop.nothing", file), ("--resume", "99"),
                      ("shop.order", file, "--as", "stranger"), ("shop.order", file, "--keys", "email")):
        found = call(import_, *arguments)
        assert found.exit_code != 0, arguments
        assert found.exception is not None and "Traceback" not in found.output


def position(inst: Installation) -> tuple[int, str]:
    with inst.engine.connect().execution_options(sarnakh_write=False) as connection:
        row = connection.execute(select(TABLES.imports.c.position, TABLES.imports.c.state)).one_or_none()
    return (0, "") if row is None else (row.position, row.state)


WORK = """
import os
from core.installation import Installation
from core.jobs.hosting import OneInstallation, WorkerOptions
from core.jobs.worker import Worker
from core.settings import load
found = Installation.open(load((), os.environ))
Worker(OneInstallation(found), found.jobs, WorkerOptions(lease=1.0)).run_pending(found)
"""


def killed_after(inst: Installation, arguments: list[str], environ: dict[str, str], rows: int) -> None:
    """Start a process and kill it, without warning, when some rows are in."""
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environ},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ends = time.monotonic() + 60
    while position(inst)[0] < rows:
        assert process.poll() is None and time.monotonic() < ends, "the process ended before it could be killed"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


def work_off(inst: Installation) -> None:
    """What another worker does: it takes over what a vanished one held, and works."""
    worker = Worker(OneInstallation(inst), inst.jobs, WorkerOptions(lease=1.0))
    ends = time.monotonic() + 30
    while position(inst)[1] != "done":
        assert time.monotonic() < ends
        worker.sweep(inst)
        worker.run_pending(inst)
        time.sleep(0.1)


@pytest.mark.parametrize("victim", ["command", "worker"])
def test_a_killed_import_goes_on_where_it_stopped(environ: dict[str, str], installation: Installation, tmp_path: Path,
                                                  victim: str) -> None:
    count = 9000
    rows = [(f"n{i}", f"e{i % 8000}@x.com", "-1" if i % 1000 == 500 else i) for i in range(count)]
    file = written(tmp_path / "o.csv", [("Name", "E-mail", "Amount"), *rows])
    sara = installation.load_actor(user_id(installation, "sara"))
    if victim == "command":
        killed_after(installation, ["-m", "core.cli.main", "import", "shop.order", str(file), "--keys", "email", "--as", "sara"],
                     environ, 1)
    else:
        with installation.env(sara) as env, file.open("rb") as stream:
            key = importing.receive(env, "shop.order", file.name, importing.file_chunks(stream))
            importing.set_mapping(env, key, {0: "name", 1: "email", 2: "amount"})
            importing.start(env, key)
        killed_after(installation, ["-c", WORK], environ, 1)
    stopped, state = position(installation)
    assert state == "running" and 0 < stopped < count
    with installation.env(sara) as env:
        key = plan.recent(env)[0].id
        if victim == "command":  # as if the button on the page had been pressed
            importing.resume(env, key)
    work_off(installation)
    with installation.env(SYSTEM) as env:
        done = plan.load(env, key)
        assert done.counts == {"created": 8000 - 8, "updated": 0, "skipped": 1000 - 1, "rejected": 9}
        emails = [row["email"] for row in env.query("shop.order").stream("email")]
        assert len(emails) == len(set(emails)) == done.counts["created"]
