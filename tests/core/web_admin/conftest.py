"""People with passwords, visited over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from werkzeug.test import Client, TestResponse

from addons.base import passwords
from core.installation import Installation
from core.security.accounts import set_password
from core.security.actor import SYSTEM
from core.testing.browser import Visitor, host_of
from core.testing.plugin import PASSWORD, drop_postgres, new_postgres, open_installation, postgres_problem, user_id
from core.web.host import Host

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def token_of(answer: TestResponse) -> str:
    """The token in the forms of a page."""
    found = TOKEN.search(answer.text)
    return found[1] if found else ""


class Browser:
    """A browser that begins as a stranger and fills in the forms it is shown."""

    def __init__(self, host: Host) -> None:
        self.client = Client(host)

    def get(self, path: str) -> TestResponse:
        """Look at a page."""
        return self.client.get(path)

    def send(self, page: str, data: dict[str, str] | None = None, to: str = "") -> TestResponse:
        """Open a page and send its form."""
        return self.client.post(to or page.split("?")[0], data={"csrf_token": token_of(self.client.get(page)), **(data or {})})

    def sign_in(self, login: str, password: str = PASSWORD, next_url: str = "") -> TestResponse:
        """Type name and password."""
        return self.send("/login", {"login": login, "password": password, "next": next_url})

    def cookie(self) -> str:
        """The session's token."""
        found = self.client.get_cookie("sarnakh")
        return found.value if found else ""


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing that costs next to nothing: these tests do a lot of it."""
    decoy = CHEAP.hash("nobody")
    monkeypatch.setattr(passwords, "_hasher", lambda: CHEAP)
    monkeypatch.setattr(passwords, "_decoy", lambda: decoy)


@pytest.fixture
def host(installation: Installation) -> Host:
    """The web application, requests not counted."""
    return host_of(installation)


@pytest.fixture
def browser(host: Host) -> Callable[[], Browser]:
    """`browser()` is a new browser."""
    return lambda: Browser(host)


@pytest.fixture
def with_password(installation: Installation) -> Callable[[str], int]:
    """`with_password("sara")` gives Sara the tests' password and returns her number."""
    def make(login: str) -> int:
        key = user_id(installation, login)
        with installation.env(SYSTEM) as env:
            set_password(env, key, PASSWORD)
        return key
    return make


@pytest.fixture
def visit(installation: Installation, host: Host) -> Callable[..., Visitor]:
    """`visit("sara")` is Sara's browser, `visit()` a stranger's."""
    return lambda login="": Visitor(installation, user_id(installation, login) if login else None, host)


@pytest.fixture
def fresh(database: str, tmp_path: Path) -> Iterator[Installation]:
    """A new installation that nobody has signed up to."""
    if database == "postgresql" and postgres_problem():
        pytest.skip("PostgreSQL is not reachable")
    url = new_postgres() if database == "postgresql" else f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    made = open_installation(url, tmp_path / "data")
    yield made
    made.close()
    if database == "postgresql":
        drop_postgres(url)
