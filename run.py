#!/usr/bin/env python3
"""Starts anything from a fresh clone: `python3 run.py` serves, `python3 run.py test` tests, and so on.

Standard library only, because it runs before anything is installed. It makes `.venv` beside itself, installs what
setup.cfg names, and hands over to `core.cli`. A stamp in `.venv` tells whether that was done for today's setup.cfg, so
that later starts cost a few milliseconds. Where the running interpreter has everything already (a container, an
activated environment) no `.venv` is made.
"""

from __future__ import annotations

import configparser
import hashlib
import importlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / ".sarnakh.json"
INPUTS = ("setup.cfg", "setup.py", "package-lock.json", "constraints.txt", "build_tools/assets.py")
SERVE_EXTRAS = frozenset({"postgres", "redis"})
TEST_EXTRAS = frozenset({"all", "test"})
OLDEST = (3, 11)


def main(arguments: list[str]) -> int:
    """Make the environment ready when it is not, then run the command in it; returns the exit code."""
    if sys.version_info < OLDEST:
        return _fail("Sarnakh needs Python {}.{} or later; this is {}.{} ({}).".format(
            *OLDEST, *sys.version_info[:2], sys.executable))
    if arguments[:1] == ["assets"]:
        return build_assets()
    extras = TEST_EXTRAS if arguments[:1] == ["test"] else SERVE_EXTRAS
    try:
        if not is_ready(extras):
            if _has_everything(extras):
                return run_here(arguments)
            prepare(extras)
        return run_here(arguments) if _inside_venv() else run_there(arguments)
    except SetupError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("\nStopped. The next start takes up where this one was.", 130)


class SetupError(Exception):
    """The environment could not be made; the text says why and what to do."""


def is_ready(extras: frozenset[str]) -> bool:
    """Whether `.venv` was installed from today's inputs with at least these extras."""
    try:
        mark = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return PYTHON.exists() and mark.get("digest") == _digest() and extras <= _with_all(mark.get("extras", ()))


def prepare(extras: frozenset[str]) -> None:
    """Make or renew `.venv`. The stamp is written last, so an interrupted installation is taken up again."""
    started = time.monotonic()
    if not _works():
        _step("Making an environment in .venv", [sys.executable, "-m", "venv", "--clear", str(VENV)],
              "Python's venv module is missing or broken. On Debian and Ubuntu: sudo apt install python3-venv")
    try:
        known = frozenset(json.loads(STAMP.read_text(encoding="utf-8")).get("extras", ()))
    except (OSError, ValueError):
        known = frozenset()
    STAMP.unlink(missing_ok=True)
    wanted = sorted(extras | known)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
               "-e", f"{ROOT}[{','.join(wanted)}]"]
    if (ROOT / "constraints.txt").is_file():
        command += ["-c", str(ROOT / "constraints.txt")]
    _step("Installing what Sarnakh needs (once, about a minute)", command,
          "pip could not install everything. Is a package index reachable, or does pip need a proxy or certificate?")
    STAMP.write_text(json.dumps({"digest": _digest(), "extras": wanted}), encoding="utf-8")
    _say(f"Ready in {time.monotonic() - started:.0f} s.")
    assets = _assets()
    if not assets.is_current():
        _say("Browser libraries could not be fetched, pages will look plain. Retry with: python3 run.py assets")


def build_assets() -> int:
    """Fetch the browser libraries now, saying what hinders it."""
    assets = _assets()
    try:
        done = assets.build_assets()
    except assets.AssetsError as error:
        return _fail(f"Browser libraries: {error}")
    _say("Browser libraries are in place." if done else "Browser libraries were in place already.")
    return 0


def run_here(arguments: list[str]) -> int:
    """Run the command in this interpreter."""
    sys.path.insert(0, str(ROOT))
    command_line = importlib.import_module("core.cli.main")
    return int(command_line.main(arguments) or 0)


def run_there(arguments: list[str]) -> int:
    """Become the interpreter of `.venv`; the same process where the system can do that, so Ctrl-C needs no relay."""
    command = [str(PYTHON), str(ROOT / "run.py"), *arguments]
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def _digest() -> str:
    total = hashlib.sha256()
    for name in INPUTS:
        path = ROOT / name
        total.update(path.read_bytes() if path.is_file() else b"")
    return total.hexdigest()


def _inside_venv() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def _works() -> bool:
    """Whether `.venv` has a Python that runs and a pip (an upgrade of the system's Python can break it)."""
    try:
        return subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _with_all(extras: frozenset[str] | list[str]) -> frozenset[str]:
    """The extras with what `all` stands for."""
    found = frozenset(extras)
    return found | SERVE_EXTRAS | {"server"} if "all" in found else found


def _has_everything(extras: frozenset[str]) -> bool:
    """Whether every distribution setup.cfg names is installed here in a version of the range it names."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = config["options"]["install_requires"].split()
    for extra in _with_all(extras) - {"all"}:
        lines += config["options.extras_require"][extra].split()
    return all(_installed(line) for line in lines if not line.startswith("#"))


def _installed(requirement: str) -> bool:
    match = re.match(r"([\w.-]+)(?:\[[^\]]*\])?(.*)", requirement)
    if match is None:
        return True
    try:
        have = _numbers(importlib.metadata.version(match[1]))
    except importlib.metadata.PackageNotFoundError:
        return False
    for bound in filter(None, match[2].split(",")):
        edge = _numbers(bound)
        if bound.startswith(">=") and have < edge or bound.startswith("<") and have >= edge:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:4])


def _step(title: str, command: list[str], advice: str) -> None:
    """Run one step with its title and the seconds it takes; its output is kept for the case that it fails."""
    log = ROOT / "var" / "install.log"
    log.parent.mkdir(exist_ok=True)
    done = threading.Event()
    clock = threading.Thread(target=_tick, args=(title, done), daemon=True)
    clock.start()
    try:
        with log.open("w", encoding="utf-8") as output:
            code = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                  cwd=ROOT, check=False).returncode
    except OSError as error:
        raise SetupError(f"{advice}\n({error})") from error
    finally:
        done.set()
        clock.join()
    if code:
        tail = "\n".join("    " + line for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        raise SetupError(f"{tail}\n{advice}\nThe whole output is in {log}.")
    log.unlink(missing_ok=True)


def _tick(title: str, done: threading.Event) -> None:
    """Show the title, and on a terminal the seconds, until `done`."""
    terminal = sys.stderr.isatty() and shutil.get_terminal_size().columns > len(title) + 10
    if not terminal:
        _say(title + " …")
        done.wait()
        return
    started = time.monotonic()
    while not done.wait(0.2):
        print(f"\r{title} … {time.monotonic() - started:.0f} s", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def _assets() -> ModuleType:
    """The build's module, imported late: nothing else needs it."""
    sys.path.insert(0, str(ROOT))
    return importlib.import_module("build_tools.assets")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _fail(text: str, code: int = 1) -> int:
    _say(text)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
