"""What a connection to another service must be like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from core.api import Change, Env, Invalid, ValidationFailed, _, is_ours

CONNECTION, USE = "base.connection", "base.connection_use"
KEY, BEARER, BASIC, OAUTH, CLIENT = "key", "bearer", "basic", "oauth", "client"
KINDS = [(KEY, _("Key in a header"), "grey"), (BEARER, _("Bearer token"), "grey"), (BASIC, _("User name and password"), "grey"),
         (OAUTH, _("OAuth 2: a person agrees"), "blue"), (CLIENT, _("OAuth 2: client credentials"), "blue")]
NEW, WORKING, FAILING = "new", "working", "failing"
HEALTH = [(NEW, _("Not tried yet"), "grey"), (WORKING, _("Working"), "green"), (FAILING, _("Failing"), "red")]
NEEDS = {KEY: ("header",), BEARER: (), BASIC: ("username",), OAUTH: ("client", "authorise_url", "token_url"),
         CLIENT: ("client", "token_url")}
PLACES = ("address", "token_url")
HEADER = re.compile(r"[A-Za-z0-9-]{1,80}")


def keep_safe(env: Env, change: Change) -> None:
    """Where a secret would be sent somewhere else, whoever changes that must know it; tokens are gone then."""
    if change.action != "update":
        return
    moved = {id(record) for record in change.changed(*PLACES, "kind", "client")}
    for index, record in enumerate(change.records):
        if id(record) not in moved:
            continue
        if record.__dict__.get("secret") is not None and "secret" not in change.fields:
            raise ValidationFailed([Invalid(index, "secret", _("Enter it again: the address that it is sent to changed."))])
        for name, value in (("tokens", None), ("pending", None), ("health", NEW), ("problem", None), ("connected_at", None)):
            change.set(record, name, value)


def problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Everything that is wrong with these connections."""
    for record in records:
        for name in NEEDS.get(record.kind, ()):
            if not record[name]:
                yield Invalid(record, name, _("This is needed."))
        if record.__dict__.get("secret") is None and record.kind in (KEY, BEARER, BASIC, CLIENT):
            yield Invalid(record, "secret", _("This is needed."))
        if record.header and not HEADER.fullmatch(record.header):
            yield Invalid(record, "header", _("A header is made of letters, digits and hyphens."))
        for name in ("address", "authorise_url", "token_url"):
            if record[name] and not _is_clean(env, record[name]):
                yield Invalid(record, name, _("An address begins with https://, and has no name, password or # in it."))


def _is_clean(env: Env, address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:
        return False
    plain = parts.scheme == "http" and is_ours(host, port, env.installation.settings.outward.allowed)
    return (parts.scheme == "https" or plain) and bool(host) and parts.username is None and not parts.fragment


def within(address: str, url: str) -> bool:
    """Whether an address lies under that of the service."""
    mine, theirs = urlsplit(address), urlsplit(url)
    if (mine.scheme, mine.netloc.lower()) != (theirs.scheme, theirs.netloc.lower()):
        return False
    root = mine.path.rstrip("/")
    return ".." not in theirs.path.split("/") and "\\" not in url and "%2e" not in url.lower() and (
        theirs.path == root or theirs.path.startswith(f"{root}/"))
