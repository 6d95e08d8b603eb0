"""Signing people in without the sign-in page, for tests and measurements over HTTP."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from werkzeug.test import Client, TestResponse

from core.installation import Installation
from core.security import sessions
from core.web.host import Host
from core.web.request import SESSION_COOKIE

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def host_of(installation: Installation) -> Host:
    """The web application of an installation, the same for all visitors; requests are not counted."""
    found: Host | None = getattr(installation, "test_host", None)
    if found is None:
        found = installation.test_host = Host(installation)  # type: ignore[attr-defined]
        found.gate.limit = found.gate.programs = 0
    return found


def forget_host(installation: Installation) -> None:
    """Write what the application still has to write, and let the next test count from zero."""
    found: Host | None = getattr(installation, "test_host", None)
    if found is not None:
        found.later.flush()
        found.gate.limit = found.gate.programs = 0


class Visitor:
    """A person at the door: GET and POST with a session, following redirects when asked."""

    def __init__(self, installation: Installation, user_id: int | None = None, host: Host | None = None) -> None:
        self.installation = installation
        self.client = Client(host or host_of(installation))
        self._csrf = ""
        if user_id is not None:
            with installation.engine.connect() as connection:
                token = sessions.start(connection, user_id, dt.datetime.now(dt.UTC), 12)
                connection.commit()
            self.client.set_cookie(SESSION_COOKIE, token if isinstance(token, str) else token[0])

    def get(self, path: str, **options: Any) -> TestResponse:
        """GET a path."""
        return self.client.get(path, **options)

    def csrf(self) -> str:
        """The token that this session's forms carry."""
        if not self._csrf:
            found = _TOKEN.search(self.get("/me").get_data(as_text=True)) or _TOKEN.search(self.get("/").get_data(as_text=True))
            self._csrf = found[1] if found else ""
        return self._csrf

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """POST a form with its token."""
        return self.client.post(path, data={"csrf_token": self.csrf(), **(data or {})}, **options)
