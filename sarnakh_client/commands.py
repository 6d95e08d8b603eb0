"""What the commands do, but for files (moving.py)."""

from __future__ import annotations

import getpass
import json
import sys
from argparse import Namespace
from typing import Any

from . import output, saved
from .client import Sarnakh
from .errors import SarnakhError
from .texts import from_text
from .values import values_out


def connected(options: Namespace) -> Sarnakh:
    """The installation of the chosen login."""
    login = saved.chosen(options.name)
    return Sarnakh(login.address, login.token, language=options.language, allow_http=login.allow_http)


def login(options: Namespace) -> int:
    """Try a token and keep it."""
    token = (getpass.getpass("Token: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not token:
        raise SarnakhError("No token was given.")
    try:
        crm = Sarnakh(options.address, token, language=options.language, allow_http=options.allow_http)
    except ValueError as error:
        raise SarnakhError(str(error).replace("allow_http=True", "--allow-http")) from error
    with crm:
        who = crm.me()["user"]["label"]
    saved.store({**saved.load(), options.name: saved.Login(crm.transport.address, token, options.allow_http)})
    print(f"Logged in at {crm.transport.address} as {who}.")
    return 0


def logout(options: Namespace) -> int:
    """Forget a token."""
    logins = saved.load()
    if logins.pop(options.name, None) is None:
        raise SarnakhError("There is no such login.")
    saved.store(logins)
    return 0


def whoami(options: Namespace) -> int:
    """Who the token acts as."""
    with connected(options) as crm:
        me = crm.me()
    output.card({"address": crm.transport.address, "user": me["user"]["label"], "scopes": me["scopes"]}, sys.stdout)
    return 0


def types(options: Namespace) -> int:
    """Record types with their labels."""
    with connected(options) as crm:
        output.table(crm.types(), sys.stdout, ("name", "label"))
    return 0


def fields(options: Namespace) -> int:
    """The fields of a type."""
    with connected(options) as crm:
        output.table(crm.schema.fields(options.type).values(), sys.stdout, ("name", "values", "label", "required", "writable"))
    return 0


def choice(options: Namespace) -> dict[str, Any]:
    """Which records are meant."""
    return {"filter": options.filter, "fields": options.fields, "sort": options.sort, "search": options.search}


def list_records(options: Namespace) -> int:
    """Records in a table, as JSON or CSV."""
    with connected(options) as crm:
        found = crm[options.type].list(limit=options.limit, page=min(options.limit, 1000), **choice(options))
        output.write(found, options.format, sys.stdout, [name for name in options.fields.split(",") if name])
    return 0


def count(options: Namespace) -> int:
    """How many there are."""
    with connected(options) as crm:
        print(crm[options.type].count(options.filter))
    return 0


def get(options: Namespace) -> int:
    """One record."""
    with connected(options) as crm:
        found = crm[options.type].get(options.id, fields=options.fields)
    if options.format == "json":
        print(json.dumps(values_out(found), ensure_ascii=False, indent=2))
    else:
        output.card(found, sys.stdout)
    return 0


def typed(crm: Sarnakh, record: str, values: list[str]) -> dict[str, Any]:
    """`field=value` arguments as values of these fields."""
    found = {}
    for text in values:
        name, sign, value = text.partition("=")
        if not sign:
            raise SarnakhError(f"“{text}” is not of the form field=value.")
        found[name] = from_text(name, crm.schema.kind(record, name), value)
    return found


def create(options: Namespace) -> int:
    """Make a record; prints its number."""
    with connected(options) as crm:
        print(crm[options.type].create(typed(crm, options.type, options.values), fields="id").id)
    return 0


def update(options: Namespace) -> int:
    """Change a record; prints its new version."""
    with connected(options) as crm:
        values = typed(crm, options.type, options.values)
        print(crm[options.type].update(options.id, values, version=options.version, fields="id").version)
    return 0


def delete(options: Namespace) -> int:
    """All of them, or none when one is refused."""
    with connected(options) as crm:
        crm[options.type].bulk("delete", options.ids)
    return 0


def restore(options: Namespace) -> int:
    """All of them, or none when one is refused."""
    with connected(options) as crm:
        crm[options.type].bulk("restore", options.ids)
    return 0
