"""The HTTP session of :mod:`core.outward`."""

from __future__ import annotations

import socket
from collections.abc import Sequence
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

    def _new_conn(self) -> socket.socket:
        check_host(self.host, self.port, self.allowed)
        return arrived(super()._new_conn(), self.host, self.port, self.allowed)  # type: ignore[misc]


class _Adapter(HTTPAdapter):
    def __init__(self, allowed: Sequence[str]) -> None:
        plain = type("Plain", (_Checked, HTTPConnection), {"allowed": allowed})
        secure = type("Secure", (_Checked, HTTPSConnection), {"allowed": allowed})
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
        adapter = _Adapter(tuple(allowed))
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def connect(self, host: str, port: int, timeout: float = outward.TIMEOUT[0]) -> socket.socket:
        """A connection for other protocols, to the same addresses that this session may reach; see :func:`core.outward.connect`."""
        return outward.connect(host, port, self.allowed, timeout)

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
