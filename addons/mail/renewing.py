"""Fresh access tokens for accounts that sign in with OAuth 2, and where each company signs people in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from addons.mail import oauth
from addons.mail.oauth import Endpoint, Tokens
from addons.messaging.contract import Account

OTHER = "other"


def endpoint(account: Account) -> Endpoint | None:
    """Where an account's people sign in; None when its settings do not say."""
    name = account.get("oauth_company") or oauth.GOOGLE.name
    if name in oauth.PRESETS:
        return oauth.PRESETS[name]
    authorise, token = account.get("oauth_authorise"), account.get("oauth_token")
    return Endpoint(OTHER, authorise, token, tuple(account.get("oauth_scopes").split())) if authorise and token else None


def known(account: Account) -> Tokens:
    """The tokens that an account has."""
    try:
        expires = dt.datetime.fromisoformat(account.get("access_expires"))
    except ValueError:
        expires = None
    return Tokens(account.get("access_token"), account.get("refresh_token"), expires)


def kept(tokens: Tokens) -> dict[str, str]:
    """Tokens as secret settings."""
    return {"access_token": tokens.access, "refresh_token": tokens.refresh,
            "access_expires": tokens.expires.isoformat() if tokens.expires else ""}


def renewed(account: Account) -> dict[str, str]:
    """Secret settings with a fresh access token, {} where none is needed. Later and Refused as in the contract."""
    tokens, place = known(account), endpoint(account)
    if account.get("auth") != "oauth" or not tokens.refresh or place is None or tokens.fresh():
        return {}
    found = oauth.refresh(account.http, place, account.get("oauth_client"), account.get("oauth_secret"), tokens.refresh)
    return kept(found if found.expires else replace(found, expires=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)))
