"""People with rights over leads, and a browser, for the tests of this addon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import Client

from core.api import SYSTEM, Installation
from core.security import sessions
from core.testing.browser import host_of
from core.testing.plugin import user_id
from core.web import csrf
from core.web.request import SESSION_COOKIE

LEAD = "leads.lead"


@pytest.fixture
def manager(installation: Installation) -> None:
    """Mina manages leads."""
    with installation.env(SYSTEM) as env:
        profile = env.create("base.profile", {"name": "Lead managers", "sets": ["leads.manager"], "areas": []})
        env.update("base.user", user_id(installation, "mina"), {"profile": profile})


@pytest.fixture
def lead(env_as: Any) -> Callable[..., int]:
    """`lead(last_name="Karimi")` makes a lead of Sara's and gives its number."""
    def make(login: str = "sara", **values: Any) -> int:
        with env_as(login) as env:
            return int(env.create(LEAD, {"last_name": "Karimi", "company": "Pars Tech", "email": "ali@pars.example"} | values))
    return make


class Browser:
    """A person's browser; without a login a visitor's."""

    def __init__(self, installation: Installation, login: str = "") -> None:
        self.client = Client(host_of(installation))
        self.token = ""
        if login:
            with installation.engine.connect() as connection:
                connection = connection.execution_options(sarnakh_write=True)
                cookie = sessions.start(connection, user_id(installation, login), dt.datetime.now(dt.UTC), 8)
                connection.commit()
            self.client.set_cookie(SESSION_COOKIE, cookie)
            self.token = csrf.make_token(installation.secrets.session_key, cookie)

    def get(self, url: str, **options: Any) -> Any:
        """Open a page."""
        return self.client.get(url, **options)

    def post(self, url: str, data: dict[str, Any], **options: Any) -> Any:
        """Send a form."""
        return self.client.post(url, data={**data, **({"csrf_token": self.token} if self.token else {})}, **options)


@pytest.fixture
def browser(installation: Installation) -> Callable[..., Browser]:
    """`browser("sara")` is that person's browser, `browser()` a visitor's."""
    return lambda login="": Browser(installation, login)
