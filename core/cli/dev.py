"""Commands for those who develop: `translations`, `bench`, `screenshots`, `assets`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click

from core.cli.common import Workplace, command, json_option
from core.i18n.extract import TRANSLATED, missing, mistakes, rooms, update_catalogs

ROOT = Path(__file__).resolve().parent.parent.parent


@command(example="sarnakh translations --check")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--check", is_flag=True, help="Write nothing; fail when a translation is missing or wrong.")
@json_option
def translations(place: Workplace, folders: tuple[Path, ...], check: bool, as_json: bool) -> int:
    """Collect texts, compile catalogues and report what is missing.

    FOLDERS are addons' folders (default: the core and all addons of the clone).
    """
    rows = []
    for folder in folders or tuple(rooms(ROOT)):
        if not check:
            update_catalogs(folder, TRANSLATED)
        rows += [{"room": folder.name, "language": language, "missing": missing(folder, language),
                  "wrong": mistakes(folder, language)} for language in TRANSLATED]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            click.echo(f"{row['room']:24} {row['language']}  missing {len(row['missing']):4}  "
                       f"wrong placeholders {len(row['wrong']):3}")
    return int(check and any(row["missing"] or row["wrong"] for row in rows))


@command(example="python3 run.py bench --quick --json figures.json")
@click.option("--quick", is_flag=True, help="Fewer records; ends within ten minutes.")
@click.option("--json", "target", metavar="FILE", help="Write the figures as JSON too: name, database, value, unit, "
                                                       "floor, ratio (smaller is better).")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), help="One database instead of both.")
def bench(place: Workplace, quick: bool, target: str | None, database: str | None) -> int:
    """Measure speed against floors, on SQLite and PostgreSQL side by side (in a clone).

    It makes its own databases and leaves nothing behind.
    """
    options = [*(["--quick"] if quick else []), *(["--json", str(Path(target).resolve())] if target else []),
               *(["--database", database] if database else [])]
    return run_tool("tests.bench.run", options)


@command(example="python3 run.py screenshots docs/images")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
def screenshots(place: Workplace, folder: Path | None) -> int:
    """Take the pictures of the documentation.

    A demo company of its own is shown to Chromium in Persian and English, light, dark and on a phone.
    """
    return run_tool("build_tools.screenshots", [str(folder.resolve())] if folder else [])


def run_tool(module: str, options: list[str]) -> int:
    """Run a module of the clone that the installed package does not have."""
    if not Path(ROOT, *module.split(".")).with_suffix(".py").is_file():
        raise click.ClickException("This is in a clone of the repository, not in the installed package.")
    return subprocess.run([sys.executable, "-m", module, *options], cwd=ROOT, check=False).returncode


@command(example="python3 run.py assets")
def assets(place: Workplace) -> int:
    """Fetch the browser libraries (in a clone)."""
    if not (ROOT / "build_tools").is_dir():
        raise click.ClickException("The installed package has its browser libraries already.")
    return subprocess.run([sys.executable, str(ROOT / "run.py"), "assets"], check=False).returncode
