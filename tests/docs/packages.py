"""Installing an addon as the separate pip package it is, and trying it in an installation of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def pip_install(source: Path, place: Path) -> Path:
    """Build and install the package in `source` with pip; gives the folder to put on the path.

    It is built in an environment of its own, as pip does for everybody, for which pip fetches setuptools.
    """
    copy = shutil.copytree(source, place / "source", ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    site = place / "site"
    done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check",
                           "--target", str(site), str(copy)], capture_output=True, text=True, check=False)
    if "No matching distribution" in done.stderr and not os.environ.get("CI"):
        pytest.skip("pip cannot fetch setuptools, with which the package is built")
    assert done.returncode == 0, done.stderr
    return site


def run_with(site: Path, script: str, *arguments: str) -> str:
    """Run one of the scripts beside this file in a Python of its own, the installed package on its path."""
    path = os.pathsep.join([str(site), str(ROOT)])
    done = subprocess.run([sys.executable, str(Path(__file__).with_name(script)), *arguments], capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": path}, cwd=site, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
