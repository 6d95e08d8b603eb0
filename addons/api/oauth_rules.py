"""What an application must be like."""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from core.api import AccessDenied, Change, Env, Invalid, NotFound, ValidationFailed, _

from . import tokens, tokens_scopes

CLIENT, CONSENT, CREDENTIAL = "api.client", "api.consent", "api.credential"
COUNTER = "api_oauth"
"""Moves when something is cut off: what processes keep of tokens is read anew then."""
MOST_REDIRECTS = 20
LOOPBACK = re.compile(r"http://(?P<host>127\.0\.0\.1|\[::1\])(?::(?P<port>[0-9]{1,5}))?(?P<rest>(?:[/?][!-~]*)?)")
"""A loopback address as programs on this computer use it; a pattern and no parser, so that nothing is read in two ways."""
DANGEROUS = frozenset({"javascript", "data", "vbscript", "file", "blob", "about", "ftp", "ws", "wss"})


def fill(change: Change) -> None:
    """An ID for each new application."""
    if change.action == "create":
        for record in change.records:
            if not record.client_id:
                change.set(record, "client_id", f"app_{secrets.token_hex(12)}")


def problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Everything that is wrong with these applications."""
    for record in records:
        redirects = record.redirects or ()
        if not redirects and not record.user:
            yield Invalid(record, "redirects", _("Give an address that people come back to, or a user that it comes in as by itself."))
        if len(redirects) > MOST_REDIRECTS or not all(isinstance(one, str) and is_safe(one) for one in redirects):
            yield Invalid(record, "redirects", _("Addresses begin with https:// (http:// only for this computer itself, or a scheme of the "
                                                 "program's own such as com.example.app:/back) and have no # and no password."))
        try:
            tokens_scopes.checked(env, record.scopes or ())
        except ValidationFailed as failed:
            yield Invalid(record, "scopes", failed.errors[0].message)
        yield from _user(env, record)


def _user(env: Env, record: Any) -> Iterator[Invalid]:
    if not record.user:
        return
    if record.public:
        yield Invalid(record, "public", _("Who comes in by itself needs a secret."))
    with env.elevated("whom an application comes in as") as sudo:
        found = sudo.query("base.user").with_ids([record.user.id]).archived(None).first("integration", "profile", "active")
    if found is None or not found.integration or found.profile is None:
        yield Invalid(record, "user", _("Choose an integration user that has a profile."))
    elif not env.access.trusted:
        try:
            tokens.require_owner(env, record.user.id)
        except AccessDenied as error:
            yield Invalid(record, "user", error.message)


def is_safe(redirect: str) -> bool:
    """Whether people may be sent to an address with a code in it."""
    try:
        parts = urlsplit(redirect)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not redirect.isascii() or not redirect.isprintable() or " " in redirect or len(redirect) > 2000:
        return False
    if "#" in redirect or parts.username is not None or parts.password is not None or "*" in host or "\\" in redirect:
        return False
    if parts.scheme == "https":
        return bool(host)
    if parts.scheme == "http":
        return host == "localhost" or _is_loopback(host)
    return "." in parts.scheme and parts.scheme not in DANGEROUS and not parts.netloc


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def leads_back(registered: Iterable[str], redirect: str) -> bool:
    """Whether people may be sent to an address: one that is registered, letter by letter. A program on the person's own computer
    listens where a port is free, so the port of 127.0.0.1 and [::1] counts for nothing (RFC 8252, 7.3); that of any other name,
    `localhost` too, does."""
    known = set(registered)
    if redirect in known:
        return True
    asked = LOOPBACK.fullmatch(redirect)
    if asked is None or "#" in redirect or not 0 < int(asked["port"] or 80) < 65536:
        return False
    own = (LOOPBACK.fullmatch(one) for one in known)
    return any(one is not None and (one["host"], one["rest"]) == (asked["host"], asked["rest"]) for one in own)


def covers(allowed: Iterable[str], scope: str) -> bool:
    """Whether a scope is within others: it opens nothing that they do not. Types that decide about access are written by who names them."""
    held = set(allowed)
    what, _colon, mode = scope.partition(":")
    if scope in held or not mode:
        return scope in held
    if mode == "write" and tokens_scopes.ADMIN not in held and (what in tokens_scopes.DECIDING or what.startswith("api.")):
        return False
    places = (what, f"{what.partition('.')[0]}.*", "*")
    return any(f"{place}:{one}" in held for place in places for one in (("read", "write") if mode == "read" else ("write",)))


def renew_secret(env: Env, key: int) -> str:
    """A new secret, given back this once; with it one comes in as the application's own user, so only who may make tokens of that user
    gets it."""
    if env.allowed_ids("update", CLIENT, [key]) != {key}:
        raise NotFound
    secret = f"sns_{secrets.token_urlsafe(36)}"
    with env.elevated("an application's secret is made") as sudo:
        user = sudo.get(CLIENT, key, "user").user
        if user is not None and not env.access.trusted:
            tokens.require_owner(env, user.id)
        sudo.update(CLIENT, key, {"digest": tokens.digest(secret)})
    env.log("oauth_secret", record=CLIENT, record_id=key)
    return secret
