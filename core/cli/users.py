"""`user list|add|passwd`: for the first administrator of a scripted machine, and for who forgot the password."""

from __future__ import annotations

import sys
from typing import Any

import click

from core.cli.common import Workplace, command, json_option, show_rows
from core.cli.opening import installation
from core.env import Env
from core.errors import NotFound
from core.expressions import F
from core.i18n.messages import _
from core.security.accounts import set_password
from core.security.actor import SYSTEM

USERS = "base.user"
LANGUAGES = click.Choice(["en", "fa", "tr"])
CALENDARS = click.Choice(["gregorian", "jalali"])
from_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group(epilog="Example: sarnakh user add sara --name 'Sara Ahmadi' --super")
def user() -> None:
    """List and add users, set passwords."""


@command(user, "list", example="sarnakh user list --json")
@json_option
def list_(place: Workplace, as_json: bool) -> None:
    """List all users."""
    with installation(place) as found, found.env(SYSTEM, write=False) as env:
        query = env.query(USERS).order("login").select("login", "name", "is_super", "active", "profile")
        rows = [{"id": row["id"], "login": row["login"], "name": row["name"], "super": row["is_super"],
                 "active": row["active"], "profile": row["profile"].label if row["profile"] else None}
                for row in query.rows()]
    show_rows(rows, ["login", "name", "super", "active", "profile"], as_json, "There are no users yet.")


@command(user, example="sarnakh user add sara --name 'Sara Ahmadi' --profile Standard --language fa --calendar jalali")
@click.argument("login")
@click.option("--name", required=True, help="Full name.")
@click.option("--email", help="E-mail address.")
@click.option("--super", "is_super", is_flag=True, help="May see and do everything.")
@click.option("--profile", metavar="NAME", help="Profile that says what the person may do.")
@click.option("--role", metavar="NAME", help="Place in the tree of roles.")
@click.option("--language", type=LANGUAGES, help="Language (default: the installation's).")
@click.option("--time-zone", metavar="ZONE", help="Time zone (default: the installation's).")
@click.option("--calendar", type=CALENDARS, help="Calendar (default: the installation's).")
@from_stdin
def add(place: Workplace, login: str, name: str, password_stdin: bool, profile: str | None, role: str | None,
        **given: Any) -> None:
    """Add a user; the password is asked for."""
    password = ask_password(password_stdin)
    with installation(place) as found, found.env(SYSTEM) as env:
        start = found.settings.locale
        values = {"login": login.strip().lower(), "name": name, "language": start.default_language,
                  "time_zone": start.time_zone, "calendar": start.calendar,
                  **{key: value for key, value in given.items() if value is not None}}
        values["digits"] = "arabext" if values["language"] == "fa" else "latn"
        for field, wanted in (("profile", profile), ("role", role)):
            if wanted:
                values[field] = named(env, f"base.{field}", wanted)
        key = env.create(USERS, values)
        set_password(env, key, password)
    click.echo(f"Added {values['login']} (number {key}).")


@command(user, example="sarnakh user passwd sara")
@click.argument("login")
@from_stdin
def passwd(place: Workplace, login: str, password_stdin: bool) -> None:
    """Set a user's password and sign them out everywhere."""
    password = ask_password(password_stdin)
    with installation(place) as found, found.env(SYSTEM) as env:
        ids = env.query(USERS).where(F.login == login.strip().lower()).archived(None).ids(limit=1)
        if not ids:
            raise NotFound(_("There is no user “{login}”.", login=login))
        set_password(env, ids[0], password)
    click.echo(f"The password of {login} is set; their sessions are ended.")


def ask_password(from_input: bool) -> str:
    """The password, typed twice or read from standard input; never from the command line, which others can see."""
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def named(env: Env, record: str, name: str) -> int:
    """The number of a record by its name. Raises NotFound listing the names there are."""
    found = {str(row["name"]): int(row["id"]) for row in env.query(record).select("name").rows()}
    if name not in found:
        raise NotFound(_("There is no “{name}”; there are: {names}.", name=name, names=", ".join(sorted(found))))
    return found[name]
