"""The connection to an IMAP box: guarded, signed in, with an end to time and to the size of answers."""

from __future__ import annotations

import imaplib
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError

from addons.mail.fetching import Limits
from addons.mail.servers import STARTTLS, Server, translated, xoauth2
from addons.messaging.contract import Later, Refused
from core.api import SarnakhError, _

HEADERS = 1_000_000
CHUNK = 65536
TROUBLE = (OSError, imaplib.IMAP4.error, ImapToolsError, EOFError, UnicodeError, SarnakhError)


class _Imap(imaplib.IMAP4):
    """The library's over a guarded connection, with an end to time and to the size of one answer."""

    def __init__(self, server: Server, limits: Limits) -> None:
        self.server = server
        self.most = limits.largest + HEADERS
        self.seconds = limits.seconds + server.timeout
        super().__init__(server.host, server.port, server.timeout)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        made, self.lifetime = self.server.open(self.seconds)
        return made

    def read(self, size: int) -> bytes:
        """A literal, in pieces."""
        if size > self.most:
            raise self.abort("the server sends more than it said")
        pieces = []
        while size > 0:
            piece = super().read(min(size, CHUNK))
            if not piece:
                raise self.abort("connection closed")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def shutdown(self) -> None:
        """Closed already is closed as well."""
        self.lifetime.end()
        try:
            super().shutdown()
        except OSError:
            self.sock.close()


class Box(BaseMailBox):
    """The library's box. `deadline`: when no further mail is begun."""

    client: Any

    def __init__(self, server: Server, limits: Limits) -> None:
        self.server, self.limits = server, limits
        self.deadline = time.monotonic() + limits.seconds
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = _Imap(self.server, self.limits)
        if self.server.encryption == STARTTLS:
            try:
                if "STARTTLS" not in client.capabilities:
                    raise Refused(_("{server} offers no STARTTLS; choose another encryption.", server=self.server.host))
                client.starttls(self.server.context())
            except BaseException:
                client.shutdown()
                raise
        return client


@contextmanager
def opened(server: Server, limits: Limits | None = None) -> Iterator[Box]:
    """A box, signed in, left again afterwards."""
    box = Box(server, limits or Limits())
    try:
        _sign_in(box, server)
        yield box
    finally:
        try:
            box.client.logout()
        except (OSError, imaplib.IMAP4.error, AttributeError):
            box.client.shutdown()


def _sign_in(box: Box, server: Server) -> None:
    asked: list[bytes] = []
    token = server.bearer()

    def bearer(challenge: bytes) -> str:
        asked.append(challenge)  # a second one holds the reason, and wants an empty answer
        return xoauth2(server.user, token) if len(asked) == 1 else ""

    try:
        if token:
            box.client.authenticate("XOAUTH2", bearer)
        elif "AUTH=PLAIN" in box.client.capabilities:
            box.login_utf8(server.user, server.password, None)
        else:
            box.login(server.user, server.password, None)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        if "UNAVAILABLE" in str(error) or "LIMIT" in str(error).upper():
            raise Later(str(error), 300) from error
        raise Refused(_("The mail server does not accept the user name or password: {reason}", reason=_plain(error))) from error
    box.client._get_capabilities()  # noqa: SLF001 - many servers tell all of them only after signing in


def _plain(error: Exception) -> str:
    return re.sub(r"^b'|'$|^\[b'|'\]$", "", str(error))[:300]


@contextmanager
def guarded(server: Server) -> Iterator[None]:
    """What the library raises, as Later and Refused; what the caller raises passes."""
    try:
        yield
    except (Later, Refused):
        raise
    except TROUBLE as error:
        raise translated(error, server) from error


def ok(status: str, data: Any) -> None:
    """Later unless the server says OK."""
    if status != "OK":
        raise Later(said(data), 300)


def said(data: Any) -> str:
    """What the server says to people."""
    return "; ".join(one.decode("utf-8", "replace") for one in data or [] if isinstance(one, bytes))[:300]
