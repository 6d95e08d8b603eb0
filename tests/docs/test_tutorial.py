"""The tutorial, step by step: what stands in docs/developer/README.md is what runs here, over one growing database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.addons import lifecycle
from core.api import SYSTEM, Installation, ValidationFailed
from core.jobs.hosting import OneInstallation, WorkerOptions
from core.jobs.worker import Worker
from core.testing.browser import Visitor
from core.testing.plugin import create_people, open_installation, user_id
from tests.docs import snippets
from tests.docs.packages import ROOT

README = ROOT / "docs" / "developer" / "README.md"
VISIT, LEAD = "visits.visit", "leads.lead"
STEPS = snippets.steps(README.read_text("utf-8"))


@pytest.fixture
def at_step(tmp_path: Path) -> Callable[[int], Installation]:
    """`at_step(3)` is the installation after the third step; the database stays from step to step."""
    (tmp_path / "0").mkdir()
    opened: list[Installation] = []

    def go(number: int) -> Installation:
        folder = shutil.copytree(tmp_path / str(number - 1), tmp_path / str(number))
        snippets.write(STEPS[f"Step {number}"], folder)
        if opened:
            opened.pop().close()
        made = open_installation(f"sqlite:///{tmp_path / 'tutorial.sqlite3'}", tmp_path / "data", ("leads",), (str(folder),))
        opened.append(made)
        if number == 1:
            create_people(made)
            assert lifecycle.enable(made, ["visits"]) == ["visits"]
        return made

    return go


def test_every_step_works(at_step: Callable[[int], Installation]) -> None:
    assert list(STEPS) == [f"Step {n}" for n in range(1, 7)]

    inst = at_step(1)
    admin, sara = user_id(inst, "admin"), user_id(inst, "sara")
    assert Visitor(inst, admin).get(f"/r/{VISIT}").status_code == 200
    with inst.env(inst.load_actor(sara)) as env:
        assert not env.can("read", VISIT)

    inst = at_step(2)
    with inst.env(SYSTEM) as env:
        profile = env.get("base.user", sara, "profile").profile.id
        env.update("base.profile", profile, {"sets": [*env.get("base.profile", profile, "sets").sets, "visits.user"]})
    assert f'href="/r/{VISIT}"' in Visitor(inst, sara).get(f"/r/{LEAD}").get_data(as_text=True)
    with inst.env(inst.load_actor(sara)) as env:
        lead = env.create(LEAD, {"last_name": "Karimi"})
        visit = env.create(VISIT, {"subject": "First visit", "lead": lead})
        assert env.get(VISIT, visit, "day").day == env.today

    inst = at_step(3)
    with inst.env(inst.load_actor(sara)) as env, pytest.raises(ValidationFailed, match="cannot lie ahead"):
        env.update(VISIT, visit, {"day": env.today.replace(year=env.today.year + 1), "state": "done"})

    inst = at_step(4)
    address = f"/r/{LEAD}/{lead}/related/visits"
    assert address in Visitor(inst, sara).get(f"/r/{LEAD}/{lead}").get_data(as_text=True)
    assert "First visit" in Visitor(inst, sara).get(address, headers={"X-Fragment": "related"}).get_data(as_text=True)
    assert not inst.registry.layout(LEAD, "form").problems
    assert "First visit" in Visitor(inst, sara).get(f"/r/{VISIT}?show=mine").get_data(as_text=True)

    inst = at_step(5)
    browser = Visitor(inst, sara)
    assert f"/r/{VISIT}/{visit}/run/done" in browser.get(f"/r/{VISIT}/{visit}").get_data(as_text=True)

    inst = at_step(6)
    browser = Visitor(inst, sara)
    assert browser.post(f"/r/{VISIT}/{visit}/run/done").status_code == 303
    assert f"/r/{VISIT}/{visit}/run/done" not in browser.get(f"/r/{VISIT}/{visit}").get_data(as_text=True)
    Worker(OneInstallation(inst), inst.jobs, WorkerOptions()).run_pending(inst)
    with inst.env(SYSTEM, write=False) as env:
        found = env.get(LEAD, lead, "last_touch_channel")
        assert env.get(VISIT, visit, "state").state == "done"
        assert found.last_touch_channel == "meeting"
    inst.close()


def test_the_tutorials_own_test_passes(tmp_path: Path) -> None:
    for found in STEPS.values():
        snippets.write(found, tmp_path)
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "sqlite", "visits"], cwd=tmp_path,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout + done.stderr
