"""The door of the web server: gives each request to the application of the present registry.

An application whose registry turns out to be older than the database's answers with `Stale`; nothing was done then, so
the request simply goes to the next one. Requests under way in the old application end there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

import flask
from werkzeug.middleware.proxy_fix import ProxyFix

from core.installation import Installation
from core.registry.registry import Registry
from core.web.app import make_app
from core.web.gate import Gate, shared_counter
from core.web.later import Later
from core.web.lifecycle import Stale

Environ = dict[str, Any]
Start = Callable[..., Any]


class Host:
    """A WSGI application for one installation."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.later = Later(installation)
        self._lock = threading.Lock()
        self._current: tuple[Registry, flask.Flask] | None = None
        web = installation.settings.web
        self.gate = Gate(web.rate_limit, shared_counter(installation), web.api_rate_limit)
        proxies = installation.settings.server.trusted_proxies
        self._inner: Any = self._dispatch
        if proxies:
            self._inner = ProxyFix(self._dispatch, x_for=proxies, x_proto=proxies, x_host=proxies)

    @property
    def app(self) -> flask.Flask:
        """The application for the present registry, built when it is not yet."""
        current = self._current
        if current is None or current[0] is not self.installation.registry:
            with self._lock:
                current = self._current
                if current is None or current[0] is not self.installation.registry:
                    registry = self.installation.registry
                    current = self._current = (registry, make_app(self.installation, registry, self.later, self.gate))
        return current[1]

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """WSGI."""
        return self._inner(environ, start_response)  # type: ignore[no-any-return]

    def _dispatch(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        for _attempt in range(3):
            try:
                return self.app.wsgi_app(environ, start_response)
            except Stale:
                continue
        start_response("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "2")])
        return [b"Addons are being changed. Try again in a moment.\n"]
