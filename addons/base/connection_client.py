"""authlib's OAuth 2 client over a guarded session; imported only where a connection uses OAuth 2."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client.oauth2_session import OAuth2Auth, OAuth2ClientAuth
from authlib.oauth2.client import OAuth2Client

from core.api import Message

UNSAID = 1800
WANTED = ("access_token", "refresh_token", "expires_at", "scope")


class _Client(OAuth2Client):  # type: ignore[misc]  # authlib has no annotations
    client_auth_class = OAuth2ClientAuth
    token_auth_class = OAuth2Auth


def _client(http: Any, row: Mapping[str, Any], secret: str, redirect: str = "") -> Any:
    return _Client(http, row["client"], secret or None, scope=row["scopes"] or None, redirect_uri=redirect or None,
                   code_challenge_method="S256")


def authorise(row: Mapping[str, Any], state: str, verifier: str, redirect: str, **more: str) -> str:
    """Where a person agrees: authorisation code with PKCE; refresh tokens are asked for in the way each company wants it."""
    url, _state = _client(None, row, "", redirect).create_authorization_url(
        row["authorise_url"], state=state, code_verifier=verifier, access_type="offline", prompt="consent", **more)
    return str(url)


def exchanged(http: Any, row: Mapping[str, Any], secret: str, code: str, verifier: str, redirect: str) -> dict[str, Any]:
    """Tokens for a code."""
    with http:
        return _kept(_client(http, row, secret, redirect).fetch_token(
            row["token_url"], grant_type="authorization_code", code=code, code_verifier=verifier, redirect_uri=redirect))


def refreshed(http: Any, row: Mapping[str, Any], secret: str, token: str) -> dict[str, Any]:
    """Fresh tokens for a refresh token."""
    return _kept(_client(http, row, secret).refresh_token(row["token_url"], refresh_token=token))


def by_itself(http: Any, row: Mapping[str, Any], secret: str) -> dict[str, Any]:
    """A token by client credentials."""
    return _kept(_client(http, row, secret).fetch_token(row["token_url"], grant_type="client_credentials", scope=row["scopes"] or None))


def _kept(token: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(token.get("access_token"), str):
        raise ValueError("no access_token")
    kept = {name: token[name] for name in WANTED if token.get(name)}
    if "refresh_token" in kept:  # who does not say how long the token is good has it renewed twice an hour
        kept.setdefault("expires_at", int(time.time()) + UNSAID)
    return kept


def reason(error: BaseException) -> str:
    """What is said of a failure; never a secret."""
    if isinstance(error, AuthlibBaseError):
        return str(error.description or error.error)[:300]
    said = getattr(error, "message", None)
    return said.english() if isinstance(said, Message) else type(error).__name__
