"""The HTTP session of :mod:`core.outward`."""

from __future__ import annotations

import contextlib
import socket
import threading
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from core import outward
from core.i18n.messages import _
from core.outward import MOST_BYTES, TooLarge, arrived, check_host


class _Checked:
    """A connection that looks where it arrived before anything is sent."""

    host: str
    port: int
    allowed: Sequence[str] = ()
    opened: weakref.WeakSet[socket.socket]

    def _new_conn(self) -> socket.socket:
        check_host(self.host, self.port, self.allowed)
        made = arrived(super()._new_conn(), self.host, self.port, self.allowed)  # type: ignore[misc]
        self.opened.add(made)
        return made

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self.opened.add(self.sock)  # type: ignore[attr-defined]  # wrapped anew by TLS


class _Adapter(HTTPAdapter):
    def __init__(self, allowed: Sequence[str]) -> None:
        self.opened: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        plain = type("Plain", (_Checked, HTTPConnection), {"allowed": allowed, "opened": self.opened})
        secure = type("Secure", (_Checked, HTTPSConnection), {"allowed": allowed, "opened": self.opened})
        self.pools = {"http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
                      "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure})}
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        assert isinstance(self.poolmanager, PoolManager)
        self.poolmanager.pool_classes_by_scheme = self.pools


class Session(requests.Session):
    """See the module."""

    def __init__(self, allowed: Sequence[str] = (), proxy: str = "", most_bytes: int = MOST_BYTES) -> None:
        super().__init__()
        self.trust_env = False  # proxies and passwords of the server's account are not for these calls
        self.most_bytes = most_bytes
        self.allowed = tuple(allowed)
        self.headers["User-Agent"] = "Sarnakh"
        if proxy:
            self.proxies = {"http": proxy, "https": proxy}  # it decides what may be reached
        self._adapter = _Adapter(tuple(allowed))
        self.mount("http://", self._adapter)
        self.mount("https://", self._adapter)

    def connect(self, host: str, port: int, timeout: float = outward.TIMEOUT[0]) -> socket.socket:
        """A connection for other protocols, to the same addresses that this session may reach; see :func:`core.outward.connect`."""
        return outward.connect(host, port, self.allowed, timeout)

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Whatever is still under way after so many seconds breaks off with a `requests` error: limits for a single read do not
        hold somebody back who sends a byte now and then. For a session that one thread uses."""
        timer = threading.Timer(seconds, self._break_off)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _break_off(self) -> None:
        for one in list(self._adapter.opened):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def request(self, method: Any, url: Any, *args: Any, follow: bool = False, **kwargs: Any) -> requests.Response:
        """A request with time limits, read up to the limit; redirects are not followed unless `follow` says so."""
        kwargs.setdefault("timeout", outward.TIMEOUT)
        kwargs["allow_redirects"] = follow  # `get` would follow them by itself
        streaming = kwargs.get("stream", False)
        kwargs["stream"] = True
        answer = super().request(method, url, *args, **kwargs)
        if not streaming:
            self._read(answer)
        return answer

    def _read(self, answer: requests.Response) -> None:
        body = bytearray()
        for chunk in answer.iter_content(65536):
            body += chunk
            if len(body) > self.most_bytes:
                answer.close()
                raise TooLarge(_("The answer is larger than {limit} bytes.", limit=self.most_bytes))
        answer._content = bytes(body)  # noqa: SLF001 - what `content` would have read
