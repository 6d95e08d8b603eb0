"""A proxy that stumbles: a small WSGI program on the loopback that fails as told, then passes requests on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests
from waitress.server import create_server
from waitress.wasyncore import close_all

Fault = tuple[str, Any]
"""`("status", 503)`, `("limited", "1")` (429 with that Retry-After), `("lost", None)`: the answer of a request that was
carried out is lost on the way back; `("broken", None)`: it is cut off in the middle."""
HOP = {"connection", "keep-alive", "transfer-encoding", "content-encoding", "content-length", "server", "date", "via"}


class Proxy:
    """Passes on to `target`, but first plays the `faults` one by one; `seen` has method, path and headers of all that came."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.faults: list[Fault] = []
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.address = ""

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes] | list[bytes]:
        headers = {k[5:].replace("_", "-").title(): v for k, v in environ.items() if k.startswith("HTTP_")}
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        self.seen.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], headers))
        kind, detail = self.faults.pop(0) if self.faults else ("", None)
        if kind == "status":
            start(f"{detail} Stumbled", [("Content-Type", "text/plain")])
            return [b"try again"]
        if kind == "limited":
            start("429 Too Many", [("Content-Type", "text/plain"), ("Retry-After", detail)])
            return [b"slowly"]
        answer = self.passed_on(environ, headers)
        if kind == "lost":
            start("502 Lost", [("Content-Type", "text/plain")])
            return [b"it was done, but nobody will know"]
        found = [(k, v) for k, v in answer.headers.items() if k.lower() not in HOP]
        if kind == "broken":
            start("200 OK", [*found, ("Content-Length", "100000")])
            return iter([b"{", b""])
        start(f"{answer.status_code} {answer.reason}", [*found, ("Content-Length", str(len(answer.content)))])
        return [answer.content]

    def passed_on(self, environ: dict[str, Any], headers: dict[str, str]) -> requests.Response:
        """The answer of the server behind."""
        headers.pop("Host", None)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
        return requests.request(environ["REQUEST_METHOD"], f"{self.target}{environ['PATH_INFO']}{query}", headers=headers, timeout=30,
                                data=environ["wsgi.input"].read(length) if length else None, allow_redirects=False)


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """A WSGI program on a free port of the loopback; gives its address."""
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=4, ident="", clear_untrusted_proxy_headers=False)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(lambda: close_all(server._map))  # in its own thread, between two requests
        thread.join(5)
        server.task_dispatcher.shutdown()


@contextmanager
def stumbling(target: str) -> Iterator[Proxy]:
    """A proxy before `target`."""
    proxy = Proxy(target)
    with listening(proxy) as address:
        proxy.address = address
        yield proxy
