"""People with the rights of a contacts manager, and a browser, for the tests of this addon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.test import Client

from core.api import SYSTEM, Installation
from core.security import sessions
from core.testing.browser import host_of
from core.testing.plugin import user_id
from core.web import csrf
from core.web.request import SESSION_COOKIE


@pytest.fixture
def managers(installation: Installation) -> None:
    """Sara and Reza may merge, delete and transfer what they see."""
    with installation.env(SYSTEM) as env:
        profile = env.create("base.profile", {"name": "Contacts managers", "sets": ["contacts.manager"], "areas": []})
        env.update("base.user", [user_id(installation, "sara"), user_id(installation, "reza")], {"profile": profile})


class Browser:
    """A signed-in person's browser."""

    def __init__(self, installation: Installation, login: str) -> None:
        with installation.engine.connect() as connection:
            connection = connection.execution_options(sarnakh_write=True)
            self.cookie = sessions.start(connection, user_id(installation, login), dt.datetime.now(dt.UTC), 8)
            connection.commit()
        self.client = Client(host_of(installation))
        self.client.set_cookie(SESSION_COOKIE, self.cookie)
        self.token = csrf.make_token(installation.secrets.session_key, self.cookie)

    def get(self, url: str) -> Any:
        """Open a page."""
        return self.client.get(url)

    def post(self, url: str, data: dict[str, Any]) -> Any:
        """Send a form."""
        return self.client.post(url, data={**data, "csrf_token": self.token})


@pytest.fixture
def browser(installation: Installation) -> Iterator[Callable[[str], Browser]]:
    """`browser("sara")` is that person's browser."""
    return lambda login: Browser(installation, login)
