"""A real server with its worker on a free port of the loopback, over a real installation, for Chromium."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from waitress.server import create_server

from core.installation import Installation
from core.jobs.hosting import OneInstallation, WorkerOptions
from core.jobs.worker import Worker
from core.security import sessions, shares
from core.security.actor import SYSTEM
from core.testing.plugin import user_id
from core.web.host import Host

LOOKS = {"fa": {"calendar": "jalali", "digits": "arabext", "time_zone": "Asia/Tehran"},
         "en": {"calendar": "gregorian", "digits": "latn", "time_zone": "Europe/London"}}
"""How the people of the tests like to read, by language."""


class Site:
    """An installation that is served; `address` has no slash at its end."""

    def __init__(self, installation: Installation, address: str) -> None:
        self.installation = installation
        self.address = address
        self._looks: dict[str, tuple[str, str]] = {}

    def user(self, login: str) -> int:
        """A person's number."""
        return user_id(self.installation, login)

    def cookie(self, login: str) -> str:
        """A new session of a person."""
        with self.installation.env(SYSTEM) as env:
            return sessions.start(env.connection, self.user(login), dt.datetime.now(dt.UTC), 12)

    def likes(self, login: str, lang: str, theme: str = "light") -> None:
        """Let a person read in this language, with the calendar and digits that go with it."""
        if self._looks.get(login) != (lang, theme):
            with self.installation.env(SYSTEM) as env:
                env.update("base.user", self.user(login), {"language": lang, "theme": theme, **LOOKS[lang]})
            self._looks[login] = (lang, theme)

    def forget_looks(self, login: str) -> None:
        """Somebody changed their settings themselves."""
        self._looks.pop(login, None)

    def create(self, login: str, record: str, values: Any) -> Any:
        """Make records as a person; returns their number or numbers."""
        with self.installation.env(self.installation.load_actor(self.user(login))) as env:
            return env.create(record, values)

    def share(self, login: str, record: str, key: int, reader: str) -> None:
        """Let a person open a record to another one for reading."""
        with self.installation.env(self.installation.load_actor(self.user(login))) as env:
            shares.share(env, record, [key], f"user:{self.user(reader)}")

    def value(self, record: str, key: int, name: str) -> Any:
        """A value as it stands in the database."""
        with self.installation.env(SYSTEM, write=False) as env:
            return env.query(record).with_ids([key]).archived(None).select(name).rows()[0][name]


@contextmanager
def served(installation: Installation) -> Iterator[Site]:
    """Serve an installation, with a worker beside it, until the end of the block."""
    host = Host(installation)
    host.gate.limit = 0
    host.app  # noqa: B018 - built before the first request comes
    server: Any = create_server(host, host="127.0.0.1", port=0, threads=4, ident="",
                                max_request_body_size=30 << 20, clear_untrusted_proxy_headers=False)
    thread = threading.Thread(target=server.run, daemon=True)
    worker = Worker(OneInstallation(installation), installation.jobs, WorkerOptions(sweep=0.5))
    worker.start()
    thread.start()
    try:
        yield Site(installation, f"http://127.0.0.1:{server.effective_port}")
    finally:
        worker.stop()
        server.close()
        host.later.flush()


def eventually(check: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Ask until the answer is truthy; fails with the last answer."""
    until = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        assert time.monotonic() < until, f"still {answer!r} after {seconds} s"
        time.sleep(0.1)
