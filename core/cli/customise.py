"""`customise list|export|diff|check|apply|back|to-addon`: customisation packages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from core.cli.common import Workplace, command, english, json_option, show_rows
from core.cli.data import acting, as_option
from core.cli.opening import installation
from core.customise import packages
from core.customise.package_addon import write_addon
from core.customise.package_diff import Change
from core.customise.packages import Comparison
from core.env import Env
from core.errors import Invalid

take_option = click.option("--clashes", type=click.Choice(["package", "here"]), default=None,
                           help="Which side holds where both changed the same (default: stop).")
item_option = click.option("--take", "takes", multiple=True, metavar="ITEM=SIDE",
                           help="The same for one item: --take 'field leads.lead.x_code=package'.")
package_argument = click.argument("source", type=click.Path(exists=True, path_type=Path))
SIGNS = {"added": "+", "changed": "~", "removed": "-", "kept": "=", "same": " "}


@click.group(epilog="Example: sarnakh customise export acme ./acme --all, then elsewhere: sarnakh customise diff ./acme")
def customise() -> None:
    """Export, compare, check and apply customisation packages.

    They move what was made in the studio between installations.
    """


@command(customise, "list", example="sarnakh customise list --json")
@json_option
def list_(place: Workplace, as_json: bool) -> None:
    """List all that can go into a package."""
    with installation(place) as found, found.env(write=False) as env:
        rows = [{"group": p.group, "item": p.item, "label": p.label} for p in packages.parts(env)]
    show_rows(rows, ["group", "item", "label"], as_json, "Nothing was customised.")


@command(customise, example="sarnakh customise export acme ./acme --kind field --kind layout --kind base.view")
@click.argument("name")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--all", "all_custom", is_flag=True, help="All customising, and the records that it names.")
@click.option("--kind", "kinds", multiple=True, help="All of a kind (field, layout …) or record type (base.profile …).")
@click.option("--item", "items", multiple=True, help="One item, as `list` names it.")
@click.option("--alone", is_flag=True, help="Without what the chosen items need.")
@click.option("--version", default="1.0", help="The package's version (default: 1.0).")
@click.option("--title", default="", help="What it is for.")
@json_option
def export(place: Workplace, name: str, target: Path, all_custom: bool, kinds: tuple[str, ...], items: tuple[str, ...], alone: bool,
           version: str, title: str, as_json: bool) -> None:
    """Write chosen parts into TARGET: a folder, or a .zip file."""
    with installation(place) as found, found.env(write=False) as env:
        known = {p.item: p for p in packages.parts(env)}
        chosen = {i for i, p in known.items() if p.group in kinds or (all_custom and not i.startswith("@"))} | set(items)
        if not alone:
            chosen |= packages.needed_along(env, {i: p.data for i, p in known.items()}, chosen)
        package = packages.export(env, chosen, name, version=version, title=title)
    if target.suffix == ".zip":
        target.write_bytes(packages.to_zip(package))
    else:
        packages.write_folder(package, target)
    answer = {"name": package.name, "version": package.version, "items": sorted(package.items), "target": str(target)}
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else f"{len(package.items)} items in {target}.")


@command(customise, example="sarnakh customise diff ./acme")
@package_argument
@json_option
def diff(place: Workplace, source: Path, as_json: bool) -> None:
    """Show what applying a package would change here, value by value."""
    package = packages.read(source)
    with installation(place) as found, found.env(write=False) as env:
        comparison = packages.look(env, package)
        _show(env, comparison, as_json)


@command(customise, example="sarnakh customise check ./acme --clashes package")
@package_argument
@take_option
@item_option
@click.option("--as", "login", metavar="LOGIN", help="Check with this user's rights (default: without limits).")
@json_option
def check(place: Workplace, source: Path, clashes: str | None, takes: tuple[str, ...], login: str | None, as_json: bool) -> None:
    """Say everything that stands against applying a package; the exit code is 1 when anything does."""
    package = packages.read(source)
    with installation(place) as found, found.env(acting(found, login)) as env:
        comparison = packages.check(env, package, _decisions(clashes, takes))
        env.connection.rollback()
        _show(env, comparison, as_json)
    if comparison.problems:
        raise SystemExit(1)


@command(customise, example="sarnakh customise apply ./acme --as sara")
@package_argument
@take_option
@item_option
@as_option
@json_option
def apply(place: Workplace, source: Path, clashes: str | None, takes: tuple[str, ...], login: str | None, as_json: bool) -> None:
    """Apply a package, all of it or nothing. A running server takes it up with the next request."""
    package = packages.read(source)
    with installation(place) as found:
        done = packages.apply(found, acting(found, login), package, _decisions(clashes, takes))
    counts = done.comparison.summary
    if as_json:
        click.echo(json.dumps({"batch": done.batch, **counts}))
    elif not done.batch:
        click.echo("Nothing had to be changed.")
    else:
        click.echo(f"Applied {package.name} {package.version}: {_counted(counts)}. Take it back with: customise back {done.batch}")


@command(customise, example="sarnakh customise back 239856c97401438d846f671d77cb7217")
@click.argument("batch")
@as_option
def back(place: Workplace, batch: str, login: str | None) -> None:
    """Take an applied package back, as long as nobody changed the same since."""
    with installation(place) as found:
        packages.take_back(found, acting(found, login), batch)
    click.echo("Taken back.")


@command(customise, "to-addon", example="sarnakh customise to-addon ./acme ~/sarnakh-addons --name acme")
@package_argument
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("."))
@click.option("--name", help="The addon's name (default: the package's).")
def to_addon(place: Workplace, source: Path, folder: Path, name: str | None) -> None:
    """Turn a package into the source of an addon; fields and data stay where they are."""
    click.echo(f"Written: {write_addon(packages.read(source), folder, name)}")


# ---------------------------------------------------------------- showing
def _decisions(clashes: str | None, takes: Iterable[str]) -> dict[str, str]:
    found = {"": clashes} if clashes else {}
    for one in takes:
        item, sign, side = one.rpartition("=")
        if not sign or side not in (packages.PACKAGE, packages.HERE):
            raise click.UsageError("Write --take ITEM=package or --take ITEM=here.")
        found[item] = side
    return found


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts.items() if number) or "nothing"


def _show(env: Env, comparison: Comparison, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({
            "package": comparison.package.name, "version": comparison.package.version, "last": comparison.last,
            "summary": comparison.summary, "changes": [_as_json(c) for c in comparison.changes if c.state != "same"],
            "problems": [_problem(env, p) for p in comparison.problems], "steps": [english(s) for s in comparison.steps],
        }, ensure_ascii=False, indent=2))
        return
    for change in comparison.changes:
        if change.state != "same":
            click.secho(f"{SIGNS[change.state]} {change.item}", fg="red" if change.open else None)
            for value in change.values:
                click.echo(f"    {value.state:5} {value.name or '(all)'}: {_short(value.here)} → {_short(value.package)}")
    for step in comparison.steps:
        click.echo(f"  database: {english(step)}")
    for problem in comparison.problems:
        click.secho("! " + " ".join(filter(None, _problem(env, problem).values())), fg="red")
    click.echo(_counted(comparison.summary) + ".")


def _as_json(change: Change) -> dict[str, Any]:
    return {"item": change.item, "state": change.state, "clash": change.open,
            "values": [{"path": list(v.path), "here": _plain(v.here), "package": _plain(v.package), "state": v.state}
                       for v in change.values]}


def _problem(env: Env, problem: Invalid) -> dict[str, str]:
    return {"item": str(problem.record or problem.field or ""), "message": english(problem.message)}


def _plain(value: Any) -> Any:
    return None if value is packages.ABSENT else value


def _short(value: Any) -> str:
    text = "—" if value is packages.ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) < 100 else text[:97] + "…"
