"""OAuth 2 as a client, by authlib over a guarded session: where people agree, the code they come back with, fresh tokens.

Tokens are written in a transaction of their own, so no rollback of whoever needs them loses a refresh token that was used up; of
several processes one renews, the others wait for it.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

import requests

from core.api import SYSTEM, Env, F, Installation, Job, Later, SarnakhError, _, outward_session

from .connection_rules import CLIENT, CONNECTION, FAILING, NEW, OAUTH, WORKING

library: Any = Later("addons.base.connection_client")  # with authlib, which is in the extra `api`
BACK = "/x/api/connections/back"
LEEWAY = dt.timedelta(minutes=2)
RENEWAL = dt.timedelta(seconds=45)
TRIES = 90
PAUSE = 0.5
PATHS = ("name", "kind", "address", "header", "username", "client", "secret", "authorise_url", "token_url", "scopes", "test_path", "tokens",
         "active", "health")
NO_LIBRARY = _("OAuth 2 needs the library authlib on this server: install sarnakh[api].")


class NotConnected(SarnakhError):
    """A connection that cannot be used: nobody signed in, the service refuses, or it is switched off."""


class Unreached(NotConnected):
    """The service where tokens come from did not answer: later it may."""


def redirect_address(env: Env) -> str:
    """Where services send people back to, "" where this server has no public address."""
    public = str(env.installation.settings.server.public_url or "").rstrip("/")
    return f"{public}{BACK}" if public else ""


def begin(env: Env, key: int, session: str, *, back: str = "", name: str = "", **more: str) -> str:
    """The address where a person agrees; what comes back is taken from the same `session` only. For who may change it.

    An addon with a page of its own to come back to gives its address, `back`, and the `name` that the state begins with (else the
    connection's number); `more` goes along with the address."""
    with env.elevated("sign-in of a connection") as sudo:
        row = sudo.query(CONNECTION).with_ids([key]).select(*PATHS).rows(1)[0]
        state, verifier = f"{name or key}.{secrets.token_urlsafe(24)}", secrets.token_urlsafe(48)
        back = back or redirect_address(env)
        try:
            address: str = library.authorise(row, state, verifier, back, **more)
        except ImportError:
            raise SarnakhError(NO_LIBRARY) from None
        sudo.update(CONNECTION, key, {"pending": json.dumps({"state": state, "verifier": verifier, "session": session, "back": back})})
    return address


def take_code(env: Env, key: int, state: str, session: str, code: str) -> bool:
    """Keep the code that somebody came back with, and have it exchanged after the commit; False when it is not of this sign-in."""
    with env.elevated("sign-in of a connection") as sudo:
        row = sudo.query(CONNECTION).with_ids([key]).select("pending").rows(1)
        held = json.loads((sudo.unseal(row[0]["pending"]) if row else None) or "{}")
        fits = bool(held.get("state")) and secrets.compare_digest(held["state"].encode(), state.encode()) and secrets.compare_digest(
            held["session"].encode(), session.encode())
        if not fits or "code" in held:
            return False
        if code:
            sudo.update(CONNECTION, key, {"pending": json.dumps({"verifier": held["verifier"], "back": held["back"], "code": code})})
            sudo.derive(CONNECTION, {key: {"health": NEW, "problem": None}})
            sudo.enqueue("base.connection_exchange", {"connection": key})
        else:
            sudo.update(CONNECTION, key, {"pending": None})
    return True


def exchange(env: Env, work: Job) -> None:
    """Tokens for a code; elevated code only. The code is good once, so it is gone from the database before it is shown."""
    key = work.payload["connection"]
    rows = env.query(CONNECTION).with_ids([key]).select(*PATHS, "pending").rows(1)
    held = json.loads((env.unseal(rows[0]["pending"]) if rows else None) or "{}")
    if not held.get("code"):
        return
    secret = env.unseal(rows[0]["secret"]) or ""
    env.update(CONNECTION, key, {"pending": None})
    work.checkpoint({"taken": True})
    try:
        made = library.exchanged(outward_session(env), rows[0], secret, held["code"], held["verifier"], held["back"])
    except Exception as error:  # noqa: BLE001 - whatever a service answers, the page says what was wrong
        failed(env.installation, key, library.reason(error))
        return
    keep(env.installation, key, made)


def keep(installation: Installation, key: int, tokens: Mapping[str, Any]) -> None:
    """Write tokens, in a transaction of their own."""
    with installation.env(SYSTEM) as own:
        if not own.query(CONNECTION).with_ids([key]).exists():
            return
        own.update(CONNECTION, key, {"tokens": json.dumps(tokens)})
        own.derive(CONNECTION, {key: {"health": WORKING, "problem": None, "connected_at": own.now, "renewing_until": None}})


def failed(installation: Installation, key: int, problem: str) -> None:
    """Write down that a connection does not work, in a transaction of its own."""
    with installation.env(SYSTEM) as own:
        own.derive(CONNECTION, {key: {"health": FAILING, "problem": problem[:500], "renewing_until": None}})


def access_token(installation: Installation, key: int, http: Any, spent: str = "") -> str:
    """An access token that is good now; `spent`: one that the service just refused. NotConnected when there is none to be had.

    Never called while the caller has a transaction open (see `connecting`)."""
    for _try in range(TRIES):
        with installation.env(SYSTEM) as own:
            rows = own.query(CONNECTION).with_ids([key]).where(F.active).select(*PATHS).rows(1)
            if not rows:
                raise NotConnected(_("The connection is switched off."))
            row, held = rows[0], json.loads(own.unseal(rows[0]["tokens"]) or "{}")
            if held.get("access_token") and held["access_token"] != spent and _is_fresh(held, own.now):
                return str(held["access_token"])
            if row["kind"] == OAUTH and not held.get("refresh_token"):
                raise NotConnected(_("Somebody has to sign in at the service again."))
            secret = own.unseal(row["secret"]) or ""
            free = F.renewing_until.is_null() | (F.renewing_until < own.now)
            mine = own.claim(own.query(CONNECTION).with_ids([key]).where(free), {"renewing_until": own.now + RENEWAL})
        if mine:
            return _renewed(installation, key, http, row, secret, held)
        time.sleep(PAUSE)
    raise NotConnected(_("The access to the service is being renewed for too long."))


def _is_fresh(held: Mapping[str, Any], now: dt.datetime) -> bool:
    ends = held.get("expires_at")
    return not ends or dt.datetime.fromtimestamp(float(ends), dt.UTC) > now + LEEWAY


def _renewed(installation: Installation, key: int, http: Any, row: Mapping[str, Any], secret: str, held: Mapping[str, Any]) -> str:
    try:
        made = library.by_itself(http, row, secret) if row["kind"] == CLIENT else library.refreshed(
            http, row, secret, held["refresh_token"])
    except ImportError:
        failed(installation, key, NO_LIBRARY)
        raise NotConnected(NO_LIBRARY) from None
    except Exception as error:
        failed(installation, key, library.reason(error))
        kind = Unreached if isinstance(error, requests.RequestException | ValueError) else NotConnected  # ValueError: no JSON
        raise kind(_("The service gives no access: {reason}", reason=library.reason(error))) from error
    keep(installation, key, {**held, **made})
    return str(made["access_token"])
