"""run.py: what it decides before anything is installed."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py as a module, its environment somewhere else."""
    spec = importlib.util.spec_from_file_location("run_under_test", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text("")
    for name, value in {"VENV": folder, "PYTHON": folder / "bin" / "python", "STAMP": folder / "s.json"}.items():
        monkeypatch.setattr(module, name, value)
    return module


def test_an_old_python_is_told_so(run: ModuleType, monkeypatch: pytest.MonkeyPatch,
                                  capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert run.main([]) == 1
    assert "needs Python 3.11" in capsys.readouterr().err


def test_it_is_ready_for_what_was_installed_from_todays_files(run: ModuleType) -> None:
    assert not run.is_ready(run.SERVE_EXTRAS)
    run.STAMP.write_text(json.dumps({"digest": run._digest(), "extras": ["postgres", "redis"]}))
    assert run.is_ready(run.SERVE_EXTRAS)
    assert not run.is_ready(run.TEST_EXTRAS)
    run.STAMP.write_text(json.dumps({"digest": run._digest(), "extras": ["all", "test"]}))
    assert run.is_ready(run.SERVE_EXTRAS)
    assert run.is_ready(run.TEST_EXTRAS)
    run.STAMP.write_text(json.dumps({"digest": "older", "extras": ["all", "test"]}))
    assert not run.is_ready(run.SERVE_EXTRAS)
    run.STAMP.write_text("half a fi")
    assert not run.is_ready(run.SERVE_EXTRAS)


def test_an_interpreter_that_has_everything_is_used_as_it_is(run: ModuleType) -> None:
    assert run._has_everything(run.TEST_EXTRAS)
    assert run._installed("pytest>=1,<999")
    assert not run._installed("pytest>=999")
    assert not run._installed("pytest<1")
    assert not run._installed("no-such-distribution>=1")
    assert run._installed("psycopg[binary]>=3")


def test_a_failing_step_shows_what_it_said_and_what_to_do(run: ModuleType, tmp_path: Path,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    with pytest.raises(run.SetupError) as caught:
        run._step("Trying", [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], "do this")
    assert "the reason" in str(caught.value)
    assert "do this" in str(caught.value)
    run._step("Trying", [sys.executable, "-c", ""], "do this")
    assert not (tmp_path / "var" / "install.log").exists()


def test_an_interruption_leaves_no_stamp(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "_has_everything", lambda _: False)
    monkeypatch.setattr(run, "_step", interrupted)
    assert run.main(["check"]) == 130
    assert not run.STAMP.exists()


def test_it_works_from_another_folder(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, str(ROOT / "run.py"), "--version"], cwd=tmp_path, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Sarnakh, version ")
