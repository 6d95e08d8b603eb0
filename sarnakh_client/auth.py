"""How a request proves whose it is: a token, or OAuth 2 (client credentials, a refresh token)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

import requests

from .errors import BadAnswer, problem

Post = Callable[[str, dict[str, str]], requests.Response]
"""Posts a form to the authorisation server's address of that name (`token_endpoint`)."""


class Auth(Protocol):
    """Gives the value of the `Authorization` header."""

    def header(self, post: Post) -> str:
        """The header's value; may fetch a token first."""

    def renew(self, post: Post) -> bool:
        """The server did not accept the last one: whether there is a new one now."""


class Token:
    """A token made in the CRM, under "Personal settings" or by an administrator."""

    def __init__(self, text: str) -> None:
        self.text = text

    def header(self, post: Post) -> str:
        """The token as it is."""
        return f"Bearer {self.text}"

    def renew(self, post: Post) -> bool:
        """Nothing can be done about it."""
        return False


class _Fetched:
    """An access token that is fetched, kept until shortly before it expires, and fetched again."""

    MARGIN = 30.0

    def __init__(self) -> None:
        self._access = ""
        self._until = 0.0
        self._lock = threading.Lock()

    def form(self) -> dict[str, str]:
        """What is sent to the token endpoint."""
        raise NotImplementedError

    def received(self, answer: dict[str, Any]) -> None:
        """A token came."""

    def header(self, post: Post) -> str:
        """The access token, new when the last one is about to expire."""
        with self._lock:
            if not self._access or time.monotonic() >= self._until:
                self._fetch(post)
            return f"Bearer {self._access}"

    def renew(self, post: Post) -> bool:
        """Forget the token that was refused; the next header has a new one."""
        with self._lock:
            had, self._access = bool(self._access), ""
        return had

    def _fetch(self, post: Post) -> None:
        answer = post("token_endpoint", self.form())
        try:
            body = answer.json()
        except ValueError as error:
            raise BadAnswer(f"The token endpoint answered {answer.status_code} without JSON.") from error
        if answer.status_code != 200 or not isinstance(body, dict) or "access_token" not in body:
            raise problem(401, {"title": str(body.get("error", "")), "detail": str(body.get("error_description", "")), **body})
        self._access = str(body["access_token"])
        self._until = time.monotonic() + max(1.0, float(body.get("expires_in", 3600)) - self.MARGIN)
        self.received(body)


class ClientCredentials(_Fetched):
    """OAuth 2 for a program of its own: an integration with a client id and a secret."""

    def __init__(self, client_id: str, client_secret: str, scope: str = "") -> None:
        super().__init__()
        self.client_id, self._secret, self.scope = client_id, client_secret, scope

    def form(self) -> dict[str, str]:
        """RFC 6749, 4.4."""
        return {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self._secret,
                **({"scope": self.scope} if self.scope else {})}


class RefreshToken(_Fetched):
    """OAuth 2 on behalf of a person who gave consent. The server may hand out a new refresh token each time and refuse the
    old one: keep what `renewed` is called with."""

    def __init__(self, client_id: str, refresh_token: str, client_secret: str = "",
                 renewed: Callable[[str], None] | None = None) -> None:
        super().__init__()
        self.client_id, self._secret, self.refresh_token, self._renewed = client_id, client_secret, refresh_token, renewed

    def form(self) -> dict[str, str]:
        """RFC 6749, 6."""
        return {"grant_type": "refresh_token", "refresh_token": self.refresh_token, "client_id": self.client_id,
                **({"client_secret": self._secret} if self._secret else {})}

    def received(self, answer: dict[str, Any]) -> None:
        """Keep a rotated refresh token before anything else can fail."""
        fresh = str(answer.get("refresh_token") or "")
        if fresh and fresh != self.refresh_token:
            self.refresh_token = fresh
            if self._renewed:
                self._renewed(fresh)
