"""Chromium at a real server: `page_as("sara", lang="fa")` is Sara's browser, and nothing in its console is forgiven."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from addons.base import passwords
from core.security.actor import SYSTEM
from core.testing.plugin import Templates, drop_postgres, new_postgres, open_installation, postgres_problem, shipped_addons, user_id
from core.web.request import LANG_COOKIE, SESSION_COOKIE
from tests.browser.site import Site, served

CHROMIUM = os.environ.get("SARNAKH_TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
TIMEOUT = 45_000
PHONE, DESKTOP = 390, 1440
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (409|422)")
"""A refused form is an answer like any other, though Chromium writes it into the console."""

PageAs = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker."""
    if not Path(CHROMIUM).exists():
        reason = "Chromium is missing; on Debian and Ubuntu: sudo apt install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture(scope="session", autouse=True)
def cheap_hashing() -> Iterator[None]:
    """Hashing that costs next to nothing, since the passwords here protect nothing."""
    patch = pytest.MonkeyPatch()
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    decoy = cheap.hash("nobody")
    patch.setattr(passwords, "_hasher", lambda: cheap)
    patch.setattr(passwords, "_decoy", lambda: decoy)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def site(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server that most tests share: all addons, on SQLite. Tests make records of their own and leave others alone.

    Mina manages leads (transfer, deletion, sources), Sara and Reza work under her.
    """
    installation = open_installation(templates.url("sqlite", shipped_addons()), tmp_path_factory.mktemp("site") / "data")
    with installation.env(SYSTEM) as env:
        profile = env.create("base.profile", {"name": "Lead managers", "sets": ["leads.manager"], "areas": []})
        env.update("base.user", user_id(installation, "mina"), {"profile": profile})
    with served(installation) as made:
        yield made
    installation.close()


@pytest.fixture
def empty_site(database: str, tmp_path: Path) -> Iterator[Site]:
    """A server over a new database that nobody has signed up to."""
    if database == "postgresql" and postgres_problem():
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is required in CI")
        pytest.skip("PostgreSQL is not reachable")
    url = new_postgres() if database == "postgresql" else f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    installation = open_installation(url, tmp_path / "data")
    with served(installation) as made:
        yield made
    installation.close()
    if database == "postgresql":
        drop_postgres(url)


class Watch:
    """Listens to the pages of one test and keeps what should not be there."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.allowed: list[str] = []
        self.contexts: list[BrowserContext] = []

    def listen(self, context: BrowserContext, address: str) -> None:
        """Hear errors of scripts and of the console, CSP violations and requests to other hosts."""
        self.contexts.append(context)
        context.on("console", lambda m: self._heard(m.text, m.location.get("url", "")) if m.type == "error" else None)
        context.on("weberror", lambda e: self.found.append(f"script: {e.error}"))
        own = urlsplit(address).netloc
        context.on("request", lambda r: None if urlsplit(r.url).netloc in (own, "") else self.found.append(f"foreign: {r.url}"))

    def _heard(self, text: str, url: str) -> None:
        if not REFUSED.match(text):
            self.found.append(f"console: {text} {url}")

    def unforgiven(self) -> list[str]:
        """What was heard and not announced with `allow`."""
        return [line for line in self.found if not any(part in line for part in self.allowed)]


@pytest.fixture
def watch() -> Iterator[Watch]:
    """The ear of this test; it fails the test at its end."""
    made = Watch()
    yield made
    for context in made.contexts:
        context.close()
    assert made.unforgiven() == []


@pytest.fixture
def page_as(browser: Browser, request: pytest.FixtureRequest, watch: Watch) -> PageAs:
    """`page_as("sara", lang="en", theme="dark", width=390)` is a page in Sara's browser; "" is a visitor.

    `scripts=False` switches JavaScript off, `at` is another server than the shared one, `allow` parts of console errors
    that the test expects. Relative addresses work in `goto`.
    """
    def make(login: str = "sara", lang: str = "fa", *, theme: str = "light", width: int = DESKTOP, scripts: bool = True,
             at: Site | None = None, allow: tuple[str, ...] = ()) -> Page:
        place = at or request.getfixturevalue("site")
        context = browser.new_context(base_url=place.address, viewport={"width": width, "height": 900 if width > 600 else 844},
                                      java_script_enabled=scripts, accept_downloads=True, has_touch=width < 600)
        cookies: list[Any] = [{"name": LANG_COOKIE, "value": lang, "url": place.address}]
        if login:
            place.likes(login, lang, theme)
            cookies.append({"name": SESSION_COOKIE, "value": place.cookie(login), "url": place.address})
        context.add_cookies(cookies)
        watch.allowed += allow
        watch.listen(context, place.address)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        if scripts:
            _wait_for_scripts(page)
        return page

    return make


def _wait_for_scripts(page: Page) -> None:
    """Let `goto` and `reload` return when the page's own scripts listen; keys pressed earlier would be lost."""
    goto, reload = page.goto, page.reload

    def settled(go: Callable[..., Any]) -> Callable[..., Any]:
        def went(*arguments: Any, **options: Any) -> Any:
            answer = go(*arguments, **options)
            if page.locator("script[type=module]").count():
                page.locator("html[data-booted]").wait_for(state="attached")
            return answer
        return went

    page.goto, page.reload = settled(goto), settled(reload)  # type: ignore[method-assign]
