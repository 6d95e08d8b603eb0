"""A program at the door: requests with a token, as JSON."""

from __future__ import annotations

from typing import Any

from werkzeug.test import Client, TestResponse

from addons.api import tokens
from core.installation import Installation
from core.testing.browser import host_of
from core.testing.plugin import user_id

V1 = "/api/v1"
ALL = ("*:write",)


def token_for(installation: Installation, login: str, *scopes: str, **options: Any) -> str:
    """A token of a person."""
    key = user_id(installation, login)
    with installation.env(installation.load_actor(key)) as env:
        return tokens.make(env, key, "test", scopes or ALL, **options)[1]


class Caller:
    """A program that calls with a token; `last` is the whole last answer."""

    def __init__(self, installation: Installation, login: str = "", *scopes: str, token: str = "") -> None:
        self.token = token or (token_for(installation, login, *scopes) if login else "")
        self.client = Client(host_of(installation))
        self.last: TestResponse = None  # type: ignore[assignment]

    def send(self, method: str, path: str, json: Any = None, status: int | None = None, **headers: str) -> Any:
        """The JSON of an answer; with `status` it must be this one."""
        known = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        known |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.last = self.client.open(path if path.startswith("/api") else V1 + path, method=method, json=json, headers=known,
                                     environ_overrides={"REMOTE_ADDR": "127.0.0.1"})
        found = self.last.get_json() if "json" in (self.last.content_type or "") else None
        assert status is None or self.last.status_code == status, (self.last.status_code, found)
        return found

    def get(self, path: str, status: int | None = 200, **headers: str) -> Any:
        """GET."""
        return self.send("GET", path, status=status, **headers)

    def post(self, path: str, json: Any = None, status: int | None = None, **headers: str) -> Any:
        """POST."""
        return self.send("POST", path, {} if json is None else json, status, **headers)

    def patch(self, path: str, json: Any, status: int | None = None, **headers: str) -> Any:
        """PATCH."""
        return self.send("PATCH", path, json, status, **headers)

    def delete(self, path: str, status: int | None = None, **headers: str) -> Any:
        """DELETE."""
        return self.send("DELETE", path, status=status, **headers)
