"""What the tests of gateways share: messages, and what every one of them must do when the way to its provider is in trouble."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from addons.messaging.contract import REJECTED, Account, Call, Later, Outgoing, Provider, Refused, Unclear
from addons.messaging.testing import ProviderServer
from core import outward
from core.installation import Installation
from core.settings import Outward

PERSIAN = "سلام خانم کریمی، سفارش شما آماده است. می‌توانید آن را ببرید."
MOBILE = "+989121234567"
PATIENCE = (0.5, 0.4)


def message(number: int = 1, to: str = MOBILE, text: str = PERSIAN, **more: Any) -> Outgoing:
    """A message as the engine hands it over."""
    return Outgoing(number, f"{number:032x}", to, text, **more)


def many(count: int) -> list[Outgoing]:
    """Messages to as many people, each with its own text."""
    return [message(100 + i, f"+98912{i:07d}", f"{PERSIAN} {i}") for i in range(count)]


def a_call(query: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None, method: str = "",
           body: bytes = b"", json: Any = None) -> Call:
    """A call of our address."""
    return Call(method or ("POST" if form or body else "GET"), "https://crm.example/in/secret", {}, query or {}, form or {}, body, json)


def offered(installation: Installation, kind: str) -> set[str]:
    """Names of the providers of a kind in an installation."""
    return {one.name for part in installation.registry.plugins.hook.providers(kind=kind) for one in part}


def check_ways(provider: Provider, server: ProviderServer, settings: Mapping[str, Any], secrets: list[str],
               monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Trouble on the way says whether the message may have arrived, and never what is secret."""
    monkeypatch.setattr(outward, "TIMEOUT", PATIENCE)
    caplog.set_level("DEBUG")
    server.hanging = 0.8

    def sent(account: Account) -> Callable[[], Any]:
        return lambda: provider.send(account, [message()])

    here = server.account(settings)
    for trouble in ("hang", "drop", "500", "garbage"):
        server.trouble = [trouble]
        _raised(Unclear, sent(here), secrets)
    gone = server.account({**settings, "address": "http://127.0.0.1:1"})
    _raised(Later, sent(gone), secrets)
    closed = Account(1, "Test", dict(settings), http=outward.session(Outward()))
    before = len(server.asked)
    _raised(Refused, sent(closed), secrets)
    assert len(server.asked) == before, "an address of our own network was called"
    with breaking() as address:
        _raised(Unclear, sent(server.account({**settings, "address": address})), secrets)
    away = server.account({**settings, "address": f"{server.address}/elsewhere"})
    _raised(Refused, sent(away), secrets)
    words = f"who uses {secrets[0]}?"
    monkeypatch.setattr(server, "answer", lambda asked: (200, {}, {
        "return": {"status": 499, "message": words}, "status": 499, "message": words, "isSuccess": False, "statusCode": 422,
        "Value": "999", "RetStatus": 2, "StrRetStatus": words}))
    [refused] = provider.send(here, [message()])
    assert refused.state == REJECTED and refused.reason == "who uses …?", "the provider's words are shown without the secret"
    logged = "\n".join(one.getMessage() for one in caplog.records if one.name != "werkzeug")
    assert not any(secret in text for secret in secrets for text in (logged, repr(here), repr(provider)))


@contextmanager
def breaking() -> Iterator[str]:
    """The address of a server that takes a request and breaks the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        def serve() -> None:
            taken, _address = listening.accept()
            with taken:
                taken.recv(65536)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def _raised(kind: type[Exception], action: Callable[[], Any], secrets: list[str]) -> None:
    with pytest.raises(kind) as caught:
        action()
    error = caught.value
    assert error.__context__ is None and error.__cause__ is None, "it brings along an error of a library, with the address in it"
    assert str(error).strip()
    assert not any(secret in text for secret in secrets for text in (str(error), repr(error), repr(vars(error))))
