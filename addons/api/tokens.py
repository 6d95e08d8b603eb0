"""Making, checking and ending tokens. A token is random, shown once, and kept as a digest."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import secrets
from collections.abc import Iterable
from typing import Any

from core.api import AccessDenied, Env, Invalid, NotFound, ValidationFailed, _
from core.web_api import Request

from . import tokens_memory
from .records.tokens import KEPT
from .rest_auth import Caller, refused
from .tokens_scopes import checked

TOKEN, USER = "api.token", "base.user"
MARK = "snk_"
"""What every token begins with, so that scanners for leaked keys know one."""
SHOWN = len(MARK) + 8


def digest(token: str) -> str:
    """What the database keeps of a token; it is random and long, so a plain hash cannot be turned round."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def make(env: Env, user: int, name: str, scopes: Iterable[str], *, expires_at: dt.datetime | None = None,
         addresses: Iterable[str] = ()) -> tuple[int, str]:
    """A token for a person by themselves, or for an integration by an administrator of people; returns its number and, for the
    only time, the token."""
    require_owner(env, user)
    if expires_at is not None and expires_at <= env.now:
        raise ValidationFailed([Invalid(None, "expires_at", _("The end must be in the future."))])
    token = MARK + secrets.token_urlsafe(36)
    values = {"name": name, "user": user, "start": token[:SHOWN], "digest": digest(token), "scopes": checked(env, scopes),
              "expires_at": expires_at, "addresses": networks(addresses)}
    with env.elevated("token made") as trusted:
        key = trusted.create(TOKEN, values)
    return key, token


def require_owner(env: Env, user: int) -> None:
    """AccessDenied unless the acting person may make and end tokens that act as this user. A program makes none."""
    if env.actor.bounds is not None:
        raise AccessDenied(_("Tokens are made and ended by people."))
    if user == env.actor.id:
        return
    if not env.access.area("users"):
        raise AccessDenied(_("This part of the administration is not open to you."))
    with env.elevated("whose tokens these are") as trusted:
        found = trusted.query(USER).with_ids([user]).archived(None).first("integration", "profile", "is_super")
        if found is None or not found.integration:
            raise AccessDenied(_("Only people themselves make and end their tokens."))
        areas = set(trusted.get("base.profile", found.profile.id, "areas").areas or ()) if found.profile else set()
    own = env.actor.profile.areas
    if found.is_super or not (env.access.unlimited or "*" in own or areas <= own):
        raise AccessDenied(_("Nobody gives parts of the administration that they do not have."))


def networks(given: Iterable[str]) -> list[str]:
    """Addresses and networks as they are kept; ValidationFailed for what is none."""
    found: list[str] = []
    for text in given:
        try:
            found.append(str(ipaddress.ip_network(text.strip(), strict=False)))
        except ValueError:
            raise ValidationFailed([Invalid(None, "addresses", _("“{text}” is neither an address nor a network such as 10.0.0.0/8.",
                                                                 text=text.strip()[:60]))]) from None
    return list(dict.fromkeys(found))


def revoke(env: Env, key: int) -> None:
    """End a token at once, everywhere."""
    found = env.query(TOKEN).with_ids([key]).archived(None).first("user", "revoked_at")
    if found is None:
        raise NotFound()
    require_owner(env, found.user.id)
    if found.revoked_at is None:
        with env.elevated("token revoked") as trusted:
            trusted.update(TOKEN, key, {"revoked_at": env.now})


def verify(env: Env, request: Request, token: str) -> Caller | None:
    """Who a token belongs to; None when it is none of this kind, `Unauthorised` when it is not good any more."""
    if not token.startswith(MARK):
        return None
    held = digest(token)
    row = tokens_memory.known(env, TOKEN, KEPT, held, lambda trusted: _read(trusted, held))
    if row is None or row["revoked_at"] is not None or (row["expires_at"] is not None and row["expires_at"] <= env.now):
        raise refused(_("This token is unknown, was revoked, or has run out."))
    if row["addresses"] and not _within(request.ip, row["addresses"]):
        raise refused(_("This token is not for the address {address}.", address=request.ip))
    tokens_memory.used(env, request, held, row["last_used_at"], TOKEN, row["id"], last_address=request.ip[:64])
    return Caller(row["user"].id, frozenset(row["scopes"] or ()), f"token {row['id']}", row["name"])


def _read(trusted: Env, held: str) -> dict[str, Any] | None:
    rows = trusted.query(TOKEN).holding("digest", [held]).archived(None).select(
        "name", "user", "scopes", "expires_at", "addresses", "last_used_at", "revoked_at").rows(limit=1)
    return rows[0] if rows else None


def _within(address: str, allowed: Iterable[str]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(network) for network in allowed)
