"""The guide to gateways, step by step: what stands in docs/developer/gateways.md is what runs here."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from addons.messaging import accounts
from addons.messaging.contract import BY_KEY, Channel
from addons.messaging.queueing import Draft, queue
from core.addons import lifecycle
from core.api import SYSTEM, Installation, hookimpl
from core.settings import load
from core.testing.jobs import run_jobs
from tests.docs import snippets
from tests.docs.packages import ROOT

STEPS = snippets.steps((ROOT / "docs" / "developer" / "gateways.md").read_text("utf-8"))
TO, TEXT = "+989121234567", "سلام، کد شما ۱۲۳ است"


class Sms:
    """A channel for text messages, as long as none is there."""

    @hookimpl
    def providers(self, kind: str) -> list[Any]:
        channel = Channel("sms", "SMS", "phone", lambda text, region: text, ("mobile",))
        return [channel] if kind == "channel" else []


def opened(place: Path, folder: Path) -> Installation:
    """The guide's installation with its addon as it stands in a folder; it may reach servers of this computer."""
    return Installation.open(load((), {}, {
        "database.url": f"sqlite:///{place / 'guide.sqlite3'}", "storage.data": str(place / "data"), "addons.folders": [str(folder)],
        "addons.enabled_at_start": ["sms"], "jobs.engine": "sqlite", "outward.allowed": ["127.0.0.1"]}))


def offered(installation: Installation) -> Any:
    """The gateway that the guide's addon offers."""
    found = installation.registry.plugins.hook.providers(kind="sms")
    return next(one for some in found for one in some if one.name == "pigeon")


def load_module(file: Path) -> ModuleType:
    """A module of the guide that is no part of the running addon."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_step_works(tmp_path: Path) -> None:
    assert list(STEPS) == [f"Step {number}" for number in range(1, 6)]
    (tmp_path / "0").mkdir()
    for number in range(1, 6):
        folder = shutil.copytree(tmp_path / str(number - 1), tmp_path / str(number))
        snippets.write(STEPS[f"Step {number}"], folder)
        inst = opened(tmp_path, folder)
        try:
            if number == 1:
                assert lifecycle.enable(inst, ["sms_pigeon"]) == ["sms_pigeon"]
            gateway = offered(inst)
            assert [one.name for one in gateway.settings] == ["key", "address"]
            if number == 5:
                send(inst, gateway, load_module(folder / "sms_pigeon" / "tests" / "server.py").Server)
        finally:
            inst.close()


def send(inst: Installation, gateway: Any, server_class: Any) -> None:
    """A message from an account to the guide's own server, on the way that all messages go."""
    with inst.env(SYSTEM) as env:
        if "sms" not in accounts.channels(env):
            inst.registry.plugins.register(Sms())
            inst.registry.memo.clear()
    with server_class() as server:
        with inst.env(SYSTEM) as env:
            accounts.save(env, None, gateway, {"name": "Pigeon", "sender": "ARYA"}, {"key": "k3y", "address": server.address})
            (number,) = queue(env, [Draft("sms", TO, TEXT)])
        run_jobs(inst)
        with inst.env(SYSTEM) as env:
            row = env.query("messaging.message").with_ids([number]).select("state", "external").rows()[0]
        assert (row["state"], row["external"]) == ("sent", "p1") and gateway.repeats == BY_KEY
        assert [(one["to"], one["text"]) for one in server.kept.values()] == [(TO, TEXT)]


def test_the_guides_own_tests_pass(tmp_path: Path) -> None:
    for found in STEPS.values():
        snippets.write(found, tmp_path)
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "sms_pigeon"], cwd=tmp_path,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "8 passed" in done.stdout, done.stdout + done.stderr


def test_the_guides_code_keeps_to_the_house_style(tmp_path: Path) -> None:
    for found in STEPS.values():
        snippets.write(found, tmp_path)
    ours = "lint.isort.known-first-party=['core', 'addons', 'sms_pigeon']"
    options = ["--no-cache", "--config", str(ROOT / "ruff.toml"), "--config", ours]
    done = subprocess.run([sys.executable, "-m", "ruff", "check", *options, "."], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
