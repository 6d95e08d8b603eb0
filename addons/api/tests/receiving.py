"""A receiver of webhooks for tests: a server on loopback that verifies what comes with the library of Standard Webhooks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from standardwebhooks import Webhook
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from addons.api import webhook_send
from core.api import SYSTEM
from core.installation import Installation
from core.settings import Outward

HOST = "127.0.0.1"


class Receiver:
    """The server. `answers`: statuses of the next requests (200 when there are none); `headers` go along; `pause`: seconds each takes."""

    def __init__(self) -> None:
        self.secret = ""
        self.got: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.tried: list[str] = []
        self.answers: list[int] = []
        self.headers: dict[str, str] = {}
        self.pause = 0.0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._server = make_server(HOST, 0, self._app, threaded=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_port}/hook"

    def events(self) -> list[str]:
        return [one["type"] for one in self.got]

    def _app(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        body = request.get_data()
        time.sleep(self.pause)
        with self._lock:
            self.tried.append(request.headers["webhook-id"])
            status = self.answers.pop(0) if self.answers else 200
            if self.secret:
                Webhook(self.secret).verify(body.decode(), dict(request.headers))
            if status == 200:
                self.got.append(json.loads(body))
                self.keys.append(request.headers["webhook-id"])
        return Response("Thank you." if status == 200 else "No.", status, headers=self.headers)(environ, start_response)


@contextmanager
def reachable(installation: Installation) -> Iterator[None]:
    """Servers on loopback may be called meanwhile."""
    before = installation.settings.outward
    object.__setattr__(installation.settings, "outward", Outward(allowed=(HOST,)))
    try:
        yield
    finally:
        object.__setattr__(installation.settings, "outward", before)


def subscribe(installation: Installation, receiver: Receiver, user: int, **values: Any) -> int:
    """A webhook to a receiver, which learns its secret."""
    with installation.env(SYSTEM) as env:
        key = env.create("api.webhook", {"name": "Test", "url": receiver.url, "record_type": "contacts.contact", "user": user,
                                         "events": ["created", "changed", "deleted", "restored", "action"], **values})
        receiver.secret = env.unseal(env.get("api.webhook", key, "secret").secret) or ""
    return int(key)


def due_now(installation: Installation, webhook: int) -> None:
    """Time passes: what waits for its next attempt is due, and nobody rests."""
    with installation.env(SYSTEM) as env:
        env.derive("api.webhook", {webhook: {"rest_until": None}})
        env.derive("api.delivery", {k: {"due_at": env.now} for k in env.query("api.delivery").where(
            f"webhook == {webhook}", "state == \"waiting\"").ids()})
        env.enqueue(webhook_send.TOPIC, {"webhook": webhook}, dedupe=str(webhook))


def deliveries(installation: Installation, webhook: int) -> list[dict[str, Any]]:
    """The log, in order."""
    with installation.env(SYSTEM, write=False) as env:
        return env.query("api.delivery").where(f"webhook == {webhook}").order("id").select(
            "key", "event", "record_id", "state", "attempts", "status", "answer", "problem", "request", "due_at").rows()
