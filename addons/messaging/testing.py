"""A provider's side for tests: a web server on loopback that speaks a protocol, and remembers what it was asked.

    class Server(ProviderServer):
        def answer(self, asked):
            if asked.path != "/v1/send":
                return 404, {}, {"error": "no such method"}
            return 200, {}, {"id": len(self.asked)}

    with Server() as server:
        account = server.account({"key": "k", "address": server.address})
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from addons.messaging.contract import Account
from core import outward
from core.settings import Outward

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Asked:
    """One request. `form` and `query` have the first value of each name."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    body: bytes = field(repr=False, default=b"")

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class ProviderServer:
    """The server. `trouble` makes the next requests go wrong: "hang" (no answer within the client's patience), "drop" (the
    connection breaks after the request was worked on), "500", "garbage"."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.trouble: list[str] = []
        self.hanging = 3.0
        self._lock = threading.Lock()

    def answer(self, asked: Asked) -> tuple[int, Mapping[str, str], Any]:
        """Status, headers and body (bytes, text, or something for JSON) of an answer."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._server = make_server(HOST, 0, self._app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """The server's address, without a slash at the end."""
        return f"http://{HOST}:{self._server.server_port}"

    def account(self, settings: Mapping[str, Any], sender: str = "", callback: str = "") -> Account:
        """An account whose calls may reach this server."""
        http = outward.session(Outward(allowed=(HOST,)))
        return Account(1, "Test", dict(settings), sender, http, callback)

    def _app(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        body = request.get_data()
        form = dict(reversed(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))) if (
            request.mimetype == "application/x-www-form-urlencoded") else {}
        asked = Asked(request.method, request.path, {k.lower(): v for k, v in request.headers.items()}, request.args.to_dict(), form, body)
        with self._lock:
            self.asked.append(asked)
            trouble = self.trouble.pop(0) if self.trouble else ""
        if trouble == "500":
            return Response("Internal error", 500)(environ, start_response)
        status, headers, content = self.answer(asked)
        if trouble == "hang":
            time.sleep(self.hanging)
        if trouble == "drop":
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return Response("")(environ, start_response)
        if trouble == "garbage":
            content = b"<html>502 Bad gateway</html>"
        if not isinstance(content, bytes | str):
            content = json.dumps(content)
            headers = {"Content-Type": "application/json", **headers}
        return Response(content, status, dict(headers))(environ, start_response)
