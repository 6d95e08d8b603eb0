"""HTTP to other programs: gateways, webhooks, pictures of mails. Whoever may write an address must not reach our own network.

    with session(env.installation.settings.outward) as http:
        http.post("https://sms.example/send", json={...})

The session has time limits, follows no redirects unless asked, takes answers of limited size, and connects to public addresses
only, save those that the configuration file allows. The address is checked at the connection itself, so a name that means another
address the second time gets no further.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.errors import SarnakhError
from core.i18n.messages import _
from core.lazy import Later

if TYPE_CHECKING:
    from core.env import Env
    from core.outward_http import Session
    from core.settings import Outward

http = Later("core.outward_http")  # with requests, which a process that calls nobody does not need
TIMEOUT = (10.0, 30.0)
MOST_BYTES = 20 * 1024 * 1024
SHARED = ipaddress.ip_network("100.64.0.0/10")


class NotOutside(SarnakhError):
    """An address that is not on the public internet, and not among those the configuration allows."""


class TooLarge(SarnakhError):
    """An answer with more bytes than were asked for."""


def outward_session(env: Env) -> Session:
    """A session for one piece of work of an installation; close it afterwards."""
    return session(env.installation.settings.outward)


def session(settings: Outward, most_bytes: int = MOST_BYTES) -> Session:
    """A session for one piece of work; close it afterwards."""
    made: Session = http.Session(settings.allowed, settings.proxy, most_bytes)
    return made


def check_host(host: str, port: int, allowed: Sequence[str] = ()) -> None:
    """NotOutside unless every address of a host is public or allowed; also for SMTP, IMAP and the like. A name that means
    nothing is left to the connection, which says so."""
    if _named(host, port, allowed):
        return
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (socket.gaierror, UnicodeError):
        return
    for address in found:
        _check_address(address, allowed)


def connect(host: str, port: int, allowed: Sequence[str] = (), timeout: float = TIMEOUT[0]) -> socket.socket:
    """A connection for other protocols (SMTP, IMAP). NotOutside when it would arrive in our own network, OSError when there is none."""
    check_host(host, port, allowed)
    return arrived(socket.create_connection((host, port), timeout), host, port, allowed)


def arrived(made: socket.socket, host: str, port: int, allowed: Sequence[str]) -> socket.socket:
    """A connection that was just made, looked at where it arrived: a name may mean another address than a moment ago."""
    if not _named(host, port, allowed):
        try:
            _check_address(made.getpeername()[0], allowed)
        except NotOutside:
            made.close()
            raise
    return made


def _named(host: str, port: int, allowed: Sequence[str]) -> bool:
    return host in allowed or f"{host}:{port}" in allowed


def is_ours(host: str, port: int, allowed: Sequence[str]) -> bool:
    """Whether the configuration allows a host, or an address that is not public, as one of our own network: nothing between here and
    there is anybody else's, so it may do without encryption."""
    if _named(host, port, allowed):
        return True
    try:
        ip = _plain(host)
    except ValueError:
        return False  # a name that is not in the configuration
    return not _is_public(ip) and _is_allowed(ip, allowed)


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    ip = ipaddress.ip_address(address.split("%")[0])
    return getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip


def _is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return ip.is_global and not ip.is_multicast and not (ip.version == 4 and ip in SHARED)


def _is_allowed(ip: ipaddress.IPv4Address | ipaddress.IPv6Address, allowed: Sequence[str]) -> bool:
    for entry in allowed:
        try:
            if ip in ipaddress.ip_network(entry, strict=False):
                return True
        except ValueError:
            continue  # a name
    return False


def _check_address(address: str, allowed: Sequence[str]) -> None:
    ip = _plain(address)
    if not _is_public(ip) and not _is_allowed(ip, allowed):
        raise NotOutside(_("{address} is not on the public internet. An administrator of the server may allow it in the configuration "
                           "file: outward.allowed.", address=address))
