"""Signing in to a mail server with OAuth 2: the address where people agree, the code they come back with, and fresh tokens.

    begun = begin(GOOGLE, client_id, redirect, login="info@example.org")
    # keep begun.state and begun.verifier, send the person to begun.address
    tokens = exchange(http, GOOGLE, client_id, secret, code, begun.verifier, redirect)
    tokens = refresh(http, GOOGLE, client_id, secret, tokens.refresh)

`http` is a guarded session (:mod:`core.outward`). Tokens are secrets: they are kept sealed and are in no log.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from addons.mail.servers import xoauth2
from addons.messaging.contract import Later, Refused
from core.api import SarnakhError, _

__all__ = ["GOOGLE", "MICROSOFT", "PRESETS", "Begun", "Endpoint", "Tokens", "begin", "exchange", "refresh", "xoauth2"]


@dataclass(frozen=True)
class Endpoint:
    """Where a company signs people in. `more` goes along with the address where they agree."""

    name: str
    authorise: str
    token: str
    scopes: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)


GOOGLE = Endpoint("google", "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token",
                  ("https://mail.google.com/",),
                  {"access_type": "offline", "prompt": "consent"})
MICROSOFT = Endpoint("microsoft", "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                     "https://login.microsoftonline.com/common/oauth2/v2.0/token",
                     ("offline_access", "https://outlook.office.com/IMAP.AccessAsUser.All",
                      "https://outlook.office.com/POP.AccessAsUser.All",
                      "https://outlook.office.com/SMTP.Send"))
PRESETS = {one.name: one for one in (GOOGLE, MICROSOFT)}


@dataclass(frozen=True)
class Begun:
    """The address to send a person to. `state` must come back unchanged, `verifier` proves that the code is ours."""

    address: str
    state: str
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Tokens:
    """`refresh` is the old one where the server gave no new one."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires: dt.datetime | None = None

    def fresh(self, now: dt.datetime | None = None) -> bool:
        """Whether the access token is good for some minutes more."""
        return bool(self.access) and (self.expires is None or self.expires > (now or dt.datetime.now(dt.UTC)) +
                                      dt.timedelta(minutes=3))


def begin(endpoint: Endpoint, client: str, redirect: str, login: str = "") -> Begun:
    """Where a person agrees (authorisation code with PKCE)."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")
    values = {"response_type": "code", "client_id": client, "redirect_uri": redirect, "scope": " ".join(endpoint.scopes),
              "state": state,
              "code_challenge": challenge, "code_challenge_method": "S256", **endpoint.more, **({"login_hint": login} if login
                  else {})}
    joint = "&" if urlsplit(endpoint.authorise).query else "?"
    return Begun(f"{endpoint.authorise}{joint}{urlencode(values)}", state, verifier)


def exchange(http: Any, endpoint: Endpoint, client: str, secret: str, code: str, verifier: str, redirect: str) -> Tokens:
    """Tokens for the code a person came back with. Refused when the server does not take it, Later when it does not answer."""
    return _asked(http, endpoint, {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect,
                                   "client_id": client,
                                   "code_verifier": verifier, **({"client_secret": secret} if secret else {})})


def refresh(http: Any, endpoint: Endpoint, client: str, secret: str, token: str) -> Tokens:
    """A fresh access token. Refused when somebody must sign in again, Later when the server does not answer."""
    found = _asked(http, endpoint, {"grant_type": "refresh_token", "refresh_token": token, "client_id": client,
                                    **({"client_secret": secret} if secret else {})})
    return found if found.refresh else replace(found, refresh=token)


def _asked(http: Any, endpoint: Endpoint, values: Mapping[str, str]) -> Tokens:
    try:
        answer = http.post(endpoint.token, data=values, headers={"Accept": "application/json"})
        said = answer.json()
    except requests.exceptions.JSONDecodeError as error:
        raise Later(_("The sign-in server gave an answer that nobody can read ({status}).", status=answer.status_code),
                    300) from error
    except requests.RequestException as error:
        raise Later(_("The sign-in server cannot be reached: {reason}", reason=type(error).__name__), 300) from error
    except SarnakhError as error:
        raise Refused(error.message) from error
    if not isinstance(said, dict) or answer.status_code >= 500 or answer.status_code == 429:
        raise Later(_("The sign-in server gave an answer that nobody can read ({status}).", status=answer.status_code), 300)
    if not isinstance(said.get("access_token"), str):
        code = str(said.get("error") or answer.status_code)[:100]
        raise Refused(_("The sign-in server refuses: {reason}. Somebody has to sign in again.",
                        reason=str(said.get("error_description") or code)[:300]), code)
    return Tokens(said["access_token"], str(said.get("refresh_token") or ""), _expires(said.get("expires_in")))


def _expires(seconds: Any) -> dt.datetime | None:
    try:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=min(float(seconds), 10_000_000))
    except (TypeError, ValueError, OverflowError):
        return None
