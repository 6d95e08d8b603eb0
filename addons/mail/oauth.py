"""Signing in to a mail server with OAuth 2. The tokens are those of a connection (:mod:`addons.base.connecting`), sealed and renewed
there like all others; here is where each company signs people in, and which connection an account has.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from addons.base.connection_rules import CONNECTION, OAUTH
from addons.mail.servers import xoauth2
from addons.messaging.contract import Account
from core.api import Env

__all__ = ["GOOGLE", "MICROSOFT", "PRESETS", "Endpoint", "connection_of", "endpoint", "set_up", "xoauth2"]
HELD = "oauth_connection"
"""The secret setting of an account that holds its connection's number."""


@dataclass(frozen=True)
class Endpoint:
    """Where a company signs people in; `site`: where its services are."""

    name: str
    authorise: str
    token: str
    scopes: tuple[str, ...] = ()
    site: str = ""


GOOGLE = Endpoint("google", "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token",
                  ("https://mail.google.com/",), "https://mail.google.com/")
MICROSOFT = Endpoint("microsoft", "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                     "https://login.microsoftonline.com/common/oauth2/v2.0/token",
                     ("offline_access", "https://outlook.office.com/IMAP.AccessAsUser.All",
                      "https://outlook.office.com/POP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send"),
                     "https://outlook.office.com/")
PRESETS = {one.name: one for one in (GOOGLE, MICROSOFT)}


def endpoint(account: Account) -> Endpoint | None:
    """Where an account's people sign in; None when its settings do not say."""
    name = account.get("oauth_company") or GOOGLE.name
    if name in PRESETS:
        return PRESETS[name]
    authorise, token = account.get("oauth_authorise"), account.get("oauth_token")
    if not authorise or not token:
        return None
    place = urlsplit(token)
    return Endpoint(name, authorise, token, tuple(account.get("oauth_scopes").split()), f"{place.scheme}://{place.netloc}/")


def connection_of(account: Account) -> int:
    """The number of an account's connection, 0 when nobody signed in yet."""
    return int(account.get(HELD) or 0)


def set_up(sudo: Env, account: Account, place: Endpoint) -> int:
    """The account's connection, made or brought in line with its settings; elevated code only."""
    values = {"name": f"mail {account.id}: {account.name}"[:120], "kind": OAUTH, "address": place.site, "active": True,
              "client": account.get("oauth_client"), "secret": account.get("oauth_secret") or None, "authorise_url": place.authorise,
              "token_url": place.token, "scopes": " ".join(place.scopes)}
    key = connection_of(account)
    if key and sudo.query(CONNECTION).archived(None).with_ids([key]).exists():
        sudo.update(CONNECTION, key, values)
        return key
    made: int = sudo.create(CONNECTION, values)
    return made
