"""Installations as their owners run them: the program in processes of its own, by its commands, in this release or the next."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("addons", "core", "config", "themes", "build_tools")
PASSWORD = "a-long-password-1"


def next_release(folder: Path, addon: str, version: str, *changes: tuple[str, str]) -> Path:
    """A copy of the program in which one addon has another version and layouts; `changes` are (text, its successor)."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("tests"))
    for name in ("run.py", "setup.cfg"):
        shutil.copy(ROOT / name, folder / name)
    manifest, layouts = (folder / "addons" / addon / name for name in ("addon.toml", "layouts.py"))
    manifest.write_text(re.sub('(?m)^version = ".*"', f'version = "{version}"', manifest.read_text(encoding="utf-8")), encoding="utf-8")
    text = layouts.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    layouts.write_text(text, encoding="utf-8")
    return folder


class Company:
    """One installation: its data folder, its language and its country."""

    def __init__(self, data: Path, language: str) -> None:
        self.data, self.language = data, language
        self.program, self.address = ROOT, ""

    def _command(self, *arguments: str, **options: Any) -> dict[str, Any]:
        return {"args": [sys.executable, str(self.program / "run.py"), "--data", str(self.data), *arguments],
                "cwd": self.data.parent, "text": True, "encoding": "utf-8", **options}

    def run(self, *arguments: str, says: str = "") -> str:
        """Run a command of the program, which must succeed; returns what it printed."""
        found = subprocess.run(**self._command(*arguments, capture_output=True, input=says), timeout=180, check=False)
        assert found.returncode == 0, found.stdout + found.stderr
        return str(found.stdout)

    def found(self, *addons: str, profile: str) -> None:
        """Make it, with an administrator and a seller of the profile."""
        self.data.mkdir()
        (self.data / "sarnakh.toml").write_text(
            f'[locale]\ndefault_language = "{self.language}"\n[outward]\nallowed = ["127.0.0.1/32"]\n', encoding="utf-8")
        self.run("init")
        self.run("addon", "enable", *addons)
        likes = ("--language", self.language, "--calendar", "jalali" if self.language == "fa" else "gregorian",
                 "--time-zone", "Asia/Tehran" if self.language == "fa" else "Europe/London", "--password-stdin")
        names = ("مینا احمدی", "سارا کریمی") if self.language == "fa" else ("Mina Ahmadi", "Sara Karimi")
        self.run("user", "add", "mina", "--name", names[0], "--super", *likes, says=PASSWORD)
        self.run("user", "add", "sara", "--name", names[1], "--profile", profile, *likes, says=PASSWORD)

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Serve it meanwhile, at `address`."""
        running = subprocess.Popen(**self._command("serve", "--port", "0", "--no-browser", stdout=subprocess.PIPE,
                                                   stderr=subprocess.STDOUT))
        assert running.stdout is not None
        said: list[str] = []
        try:
            for line in running.stdout:
                said.append(line)
                if found := re.search(r"http://[\d.:]+", line):
                    self.address = found[0]
                    break
            assert self.address, "".join(said)
            yield
        finally:
            running.terminate()
            running.wait(30)
            self.address = ""
