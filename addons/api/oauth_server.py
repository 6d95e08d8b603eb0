"""The OAuth 2 server: authlib's grants over our records. Authorisation code with PKCE (S256 only), client credentials, refresh with
rotation, revocation, introspection. Redirects are exact but for the port on one's own computer, secrets and tokens kept as digests.

Every request gets a server of its own over an elevated env, made by :func:`server`.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authlib.oauth2 import OAuth2Request
from authlib.oauth2.rfc6749 import AuthorizationServer, grants
from authlib.oauth2.rfc6749.errors import (
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
    UnauthorizedClientError,
)
from authlib.oauth2.rfc6749.requests import OAuth2Payload
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from core.api import Env
from core.web_api import Request, Response

from . import oauth_tokens, tokens
from .oauth_rules import CLIENT, covers, leads_back

__all__ = ["OAuth2Error", "server"]
logging.getLogger("authlib").setLevel(logging.INFO)  # its debugging lines hold tokens
AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]


class _Payload(OAuth2Payload):  # type: ignore[misc]  # authlib has no annotations
    def __init__(self, values: Any) -> None:
        self._values = values

    @property
    def data(self) -> Any:
        return self._values

    @property
    def datalist(self) -> dict[str, list[str]]:
        return {name: self._values.getlist(name) for name in self._values}


class _Asked(OAuth2Request):  # type: ignore[misc]
    def __init__(self, request: Request, endpoint: str) -> None:
        raw = request.raw
        place = urlsplit(raw.url)  # whether people come by https is up to the server's settings, not to the library
        super().__init__(raw.method, f"https://{place.netloc}{place.path}", headers=raw.headers)
        self._values = raw.args if endpoint == "authorize" else raw.form
        self.payload = _Payload(self._values)

    @property
    def args(self) -> Any:
        return self._values

    @property
    def form(self) -> Any:
        return self._values


@dataclass
class Client:
    """An application, as authlib asks it."""

    id: int
    client_id: str
    name: str
    digest: str
    public: bool
    redirects: Sequence[str]
    scopes: Sequence[str]
    user: int | None

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        asked = (scope or "").split() or list(self.scopes)
        return " ".join(dict.fromkeys(asked)) if all(covers(self.scopes, one) for one in asked) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return leads_back(self.redirects, redirect_uri)

    def check_client_secret(self, client_secret: str) -> bool:
        return bool(self.digest) and not self.public and hmac.compare_digest(self.digest, tokens.digest(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method == "none") == self.public

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and bool(self.redirects)

    def check_grant_type(self, grant_type: str) -> bool:
        if grant_type == "client_credentials":
            return self.user is not None and not self.public
        return grant_type in ("authorization_code", "refresh_token") and bool(self.redirects)


class Credential:
    """A code or token, as authlib asks it."""

    code_challenge_method = "S256"

    def __init__(self, row: dict[str, Any], now: Any) -> None:
        self.row, self.now = row, now
        self.code_challenge = row["challenge"]

    def get_redirect_uri(self) -> str:
        return str(self.row["redirect"] or "")

    def get_scope(self) -> str:
        return " ".join(self.row["scopes"] or ())

    def check_client(self, client: Client) -> bool:
        return bool(self.row["consent.client"].id == client.id)

    def is_expired(self) -> bool:
        return bool(self.row["expires_at"] <= self.now)

    def is_revoked(self) -> bool:
        return self.row["kind"] == "refresh" and self.row["used_at"] is not None


class _Pkce(CodeChallenge):  # type: ignore[misc]
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("A 'code_challenge' with the method S256 is required.")
        super().validate_code_challenge(grant, redirect_uri)


class _Code(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    def generate_authorization_code(self) -> str:
        return secrets.token_urlsafe(36)

    def save_authorization_code(self, code: str, request: Any) -> None:
        sudo, scopes = self.server.env, request.scope.split()
        consent = oauth_tokens.consent_for(sudo, request.client.id, request.user, scopes)
        oauth_tokens.issue(sudo, "code", consent, scopes, secrets.token_hex(16), text=code, redirect=request.payload.redirect_uri,
                           challenge=request.payload.data["code_challenge"])

    def query_authorization_code(self, code: str, client: Client) -> Credential | None:
        found = self.server.known(code, "code")
        if found is None or not found.check_client(client) or not oauth_tokens.use(self.server.env, found.row):
            return None
        return found  # type: ignore[no-any-return]

    def delete_authorization_code(self, authorization_code: Credential) -> None:
        pass  # it is used up, and stays: whoever brings it again gives a theft away

    def authenticate_user(self, authorization_code: Credential) -> int | None:
        return self.server.person(authorization_code)  # type: ignore[no-any-return]


class _Refresh(grants.RefreshTokenGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Credential | None:
        return self.server.known(refresh_token, "refresh")  # type: ignore[no-any-return]

    def validate_token_request(self) -> None:
        super().validate_token_request()
        if not oauth_tokens.use(self.server.env, self.request.refresh_token.row):
            raise InvalidGrantError

    def authenticate_user(self, refresh_token: Credential) -> int | None:
        return self.server.person(refresh_token)  # type: ignore[no-any-return]

    def revoke_old_credential(self, refresh_token: Credential) -> None:
        pass  # it is used up already


class _Credentials(grants.ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


class _Revocation(RevocationEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS = AUTH_METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> Credential | None:
        return self.server.known(token_string, "access", "refresh")  # type: ignore[no-any-return]

    def revoke_token(self, token: Credential, request: Any) -> None:
        oauth_tokens.end_family(self.server.env, token.row["family"])


class _Introspection(IntrospectionEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS = AUTH_METHODS[:2]

    def query_token(self, token_string: str, token_type_hint: str | None) -> Credential | None:
        return self.server.known(token_string, "access", "refresh")  # type: ignore[no-any-return]

    def check_permission(self, token: Credential, client: Client, request: Any) -> bool:
        return token.check_client(client)

    def introspect_token(self, token: Credential) -> dict[str, Any]:
        row = token.row
        return {"active": self.server.person(token) is not None, "scope": token.get_scope(), "client_id": self.server.client_id_of(row),
                "token_type": "Bearer", "exp": int(row["expires_at"].timestamp()), "sub": str(row["consent.user"].id)}


class Server(AuthorizationServer):  # type: ignore[misc]
    """See the module."""

    def __init__(self, env: Env, endpoint: str) -> None:
        super().__init__()
        self.env, self.endpoint = env, endpoint
        self.register_grant(_Code, [_Pkce(required=True)])
        self.register_grant(_Refresh)
        self.register_grant(_Credentials)
        self.register_endpoint(_Revocation)
        self.register_endpoint(_Introspection)

    # ------------------------------------------------------------ what the library asks
    def query_client(self, client_id: str) -> Client | None:
        rows = self.env.query(CLIENT).holding("client_id", [str(client_id)]).select(
            "client_id", "name", "digest", "public", "redirects", "scopes", "user", "active").rows(1)
        if not rows or not rows[0]["active"]:
            return None
        row = rows[0]
        return Client(row["id"], row["client_id"], row["name"], row["digest"] or "", row["public"], row["redirects"] or (),
                      row["scopes"] or (), row["user"].id if row["user"] else None)

    def generate_token(self, grant_type: str, client: Client, user: int | None = None, scope: str | None = None,
                       expires_in: int | None = None, include_refresh_token: bool = True) -> dict[str, Any]:
        """A token of what was consented to; the family is that of the code or refresh token that it came of."""
        came_of = self.came_of
        asked = (scope or "").split() or (list(came_of["scopes"] or ()) if came_of else list(client.scopes))
        scopes = [one for one in asked if covers(client.scopes, one)]  # it may be allowed less today than when it was consented to
        if not scopes or (came_of is None and scopes != asked):
            raise InvalidScopeError
        if came_of is None and self.env.installation.load_actor(client.user).id is None:
            raise UnauthorizedClientError
        family = came_of["family"] if came_of else secrets.token_hex(16)
        consent = came_of["consent"].id if came_of else oauth_tokens.consent_for(self.env, client.id, client.user or 0, scopes)
        made = {"token_type": "Bearer", "access_token": oauth_tokens.issue(self.env, "access", consent, scopes, family),
                "expires_in": int(oauth_tokens.LIVES["access"].total_seconds()), "scope": " ".join(scopes)}
        if include_refresh_token:
            kept = came_of["scopes"] if came_of else scopes  # less may be asked for one access token without losing the rest
            made["refresh_token"] = oauth_tokens.issue(self.env, "refresh", consent, kept or (), family)
        return made

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """It was kept when it was made."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Any) -> OAuth2Request:
        return request if isinstance(request, OAuth2Request) else _Asked(request, self.endpoint)

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        text = json.dumps(body) if isinstance(body, dict) else body or ""
        response = Response(text, status)
        response.headers.update(dict(headers))
        response.headers["Cache-Control"] = "no-store"
        return response

    # ------------------------------------------------------------ what its grants ask
    came_of: dict[str, Any] | None = None

    def known(self, text: str, *kinds: str) -> Credential | None:
        """A code or token of these kinds."""
        row = oauth_tokens.find(self.env, text, *kinds)
        self.came_of = row
        return Credential(row, self.env.now) if row else None

    def person(self, credential: Credential) -> int | None:
        """Whom a token acts for; None when they are no active user any more."""
        user = credential.row["consent.user"].id
        return user if self.env.installation.load_actor(user).id is not None else None

    def client_id_of(self, row: dict[str, Any]) -> str:
        """The public ID of the application that a token belongs to."""
        return str(self.env.get(CLIENT, row["consent.client"].id, "client_id").client_id)


def server(env: Env, endpoint: str) -> Server:
    """The server for one request; `env` is elevated."""
    return Server(env, endpoint)
