"""The command line: its help, its default command, its errors."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import click
import pytest

from core.cli.common import Workplace, command, json_option, show_rows
from core.cli.main import COMMANDS, cli, main, with_default
from core.cli.reference import commands_reference, every_command
from core.cli.tests import pytest_command
from core.errors import Invalid, ValidationFailed
from core.version import VERSION

LISTINGS = ("addon list", "user list", "check", "upgrade", "translations")
ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_command_has_help_with_an_example() -> None:
    for name, found in every_command():
        assert found.help, name
        assert found.epilog is not None, name
        assert found.epilog.startswith("Example: "), name
        assert f" {name}" in found.epilog, name


def test_the_list_of_commands_says_what_each_says_itself() -> None:
    for name, entry in COMMANDS.items():
        module, _, attribute = entry.place.partition(":")
        found = getattr(importlib.import_module(module), attribute)
        assert (found.help or "").startswith(entry.summary.rstrip(".")), name


def test_the_docs_page_is_made_from_the_declarations() -> None:
    page = (ROOT / "docs" / "admin" / "commands.md").read_text(encoding="utf-8")
    assert page == commands_reference(), "write core.cli.reference.commands_reference() to docs/admin/commands.md"


def test_every_option_is_explained() -> None:
    for name, found in every_command():
        for option in found.params:
            if isinstance(option, click.Option):
                assert option.help, f"{name} {option.name}"


def test_every_listing_command_can_print_json() -> None:
    found = dict(every_command())
    for name in LISTINGS:
        assert any("--json" in option.opts for option in found[name].params), name


@pytest.mark.parametrize(("given", "meant"), [
    ([], ["serve"]),
    (["--demo", "--port", "0"], ["serve", "--demo", "--port", "0"]),
    (["--data", "d", "--demo"], ["--data", "d", "serve", "--demo"]),
    (["--data=d"], ["--data=d", "serve"]),
    (["--data", "d", "addon", "list"], ["--data", "d", "addon", "list"]),
    (["--help"], ["--help"]),
    (["--version"], ["--version"]),
    (["check", "--json"], ["check", "--json"]),
])
def test_without_a_command_it_serves(given: list[str], meant: list[str]) -> None:
    assert with_default(given) == meant


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert VERSION in capsys.readouterr().out
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert [name for name in COMMANDS if f"  {name} " not in text] == []


def test_mistakes_are_one_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
                                   tmp_path: object) -> None:
    assert main(["sevre"]) == 2
    assert "sevre" in capsys.readouterr().err
    monkeypatch.setenv("SARNAKH_SERVER_PORT", "many")
    assert main(["--data", str(tmp_path), "check"]) == 1
    said = capsys.readouterr().err
    assert "SARNAKH_SERVER_PORT" in said
    assert "Traceback" not in said


def test_each_reason_of_a_refused_batch_is_shown(capsys: pytest.CaptureFixture[str],
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def refused() -> None:
        raise ValidationFailed([Invalid(0, "name", "{label} is missing", label="Name"), Invalid(0, None, "No")])

    monkeypatch.setattr(type(cli), "get_command", lambda *_: refused)
    assert main(["refused"]) == 1
    assert capsys.readouterr().err.splitlines() == ["name: Name is missing", "No"]


def test_an_interruption_is_no_error_message(capsys: pytest.CaptureFixture[str],
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(cli), "get_command", lambda *_: interrupted)
    assert main(["interrupted"]) == 130
    assert capsys.readouterr().err.strip() == "Stopped."


def test_data_and_config_may_stand_on_either_side() -> None:
    seen: list[Workplace] = []

    @command(example="x look")
    def look(place: Workplace) -> None:
        """Look."""
        seen.append(place)

    group = click.Group("x", params=cli.params, callback=cli.callback)
    group.add_command(look)
    group.main(["--data", "one", "look"], standalone_mode=False)
    group.main(["--data", "one", "look", "--data", "two"], standalone_mode=False)
    assert [str(place.data) for place in seen] == ["one", "two"]


def test_lists_for_people_and_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"name": "leads", "depends": ["base", "contacts"], "more": 1}, {"name": "سرنخ", "depends": []}]
    show_rows(rows, ["name", "depends"], as_json=False)
    assert capsys.readouterr().out.splitlines() == ["NAME   DEPENDS", "leads  base, contacts", "سرنخ"]
    show_rows(rows, ["name"], as_json=True)
    assert json.loads(capsys.readouterr().out) == rows
    assert json_option is not None


@pytest.mark.parametrize(("given", "parallel", "folders"), [
    ((), True, True), (("-k", "leads"), True, True), (("--pdb",), False, True), (("tests/core",), True, False),
    (("tests/core/test_cli.py::test_x", "-n0"), False, False),
])
def test_the_call_of_pytest(given: tuple[str, ...], parallel: bool, folders: bool) -> None:
    made = pytest_command(given)
    assert ("auto" in made) is parallel
    assert (made[-2:] == ["tests", "addons"]) is folders
