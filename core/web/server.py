"""Serving: waitress in this process, or any WSGI server through `core.web.wsgi`."""

from __future__ import annotations

from collections.abc import Callable

from waitress.server import create_server

from core.installation import Installation
from core.web.host import Host


def serve(installation: Installation, host: str, port: int, threads: int = 8,
          on_ready: Callable[[str], None] | None = None) -> None:
    """Answer requests until interrupted. `on_ready` gets the address as soon as the port is open."""
    application = Host(installation)
    application.app  # noqa: B018 - built before the first request comes
    server = create_server(application, host=host, port=port, threads=threads, ident="", channel_timeout=120,
                           max_request_body_size=(installation.settings.security.max_upload_mb + 2) << 20,
                           clear_untrusted_proxy_headers=False, expose_tracebacks=False)
    if on_ready is not None:
        on_ready(f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}/")  # noqa: S104
    try:
        server.run()
    finally:
        application.later.flush()
        server.close()
