"""A mail server as SMTP, IMAP and POP3 need it: where it is, how the way there is protected, and who signs in.

    server = Server("imap.example.org", 993, TLS, user="info@example.org", password="...", connect=http.connect)

`connect` is that of a guarded session (:mod:`core.outward`), so a server in our own network is reached only where the
configuration allows it.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from addons.messaging.contract import Later, Refused
from core.api import SarnakhError, _

NONE: Final = "none"
STARTTLS: Final = "starttls"
TLS: Final = "tls"
ENCRYPTIONS = ((TLS, _("TLS from the start")), (STARTTLS, _("STARTTLS")), (NONE, _("None", context="encryption")))
PORTS = {("smtp", TLS): 465, ("smtp", STARTTLS): 587, ("smtp", NONE): 25, ("imap", TLS): 993, ("imap", STARTTLS): 143,
         ("imap", NONE): 143, ("pop3", TLS): 995, ("pop3", STARTTLS): 110, ("pop3", NONE): 110}

Connect = Callable[[str, int, float], socket.socket]


class Lifetime:
    """Breaks a connection after some seconds. A time limit for each answer is not enough: a server that sends one byte a minute
    keeps to it for ever."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._twin = socket.socket(fileno=os.dup(connection.fileno()))  # TLS is of no concern here
        self._timer = threading.Timer(seconds, self._break)
        self._timer.daemon = True
        self._timer.start()

    def _break(self) -> None:
        with suppress(OSError):
            self._twin.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """The connection is closed by those who use it; may be called again."""
        self._timer.cancel()
        self._twin.close()


@dataclass(frozen=True)
class Server:
    """`token`: an access token of OAuth 2, used instead of the password when there is one; `access` gives one when it is needed, so
    that none runs out meanwhile. `certificate`: PEM of a certificate
    to trust besides the usual ones, for servers with one of their own. `timeout`: seconds without a sign of life."""

    host: str
    port: int
    encryption: str = TLS
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    access: Callable[[], str] | None = field(default=None, repr=False)
    certificate: str = field(default="", repr=False)
    timeout: float = 30.0
    connect: Connect | None = field(default=None, repr=False)

    def bearer(self) -> str:
        """The access token to sign in with, "" where a password is used. Later and Refused when there is none."""
        return self.access() if self.access is not None else self.token

    def open(self, seconds: float) -> tuple[socket.socket, Lifetime]:
        """A connection, already encrypted where that is from the start, and what ends it after so many seconds. OSError when there
        is none."""
        if self.connect is None:
            raise Refused(_("There is no guarded way to the mail server."))
        plain = self.connect(self.host, self.port, self.timeout)
        plain.settimeout(self.timeout)
        lifetime = Lifetime(plain, seconds)
        try:
            return (self.secured(plain) if self.encryption == TLS else plain), lifetime
        except BaseException:
            lifetime.end()
            raise

    def secured(self, plain: socket.socket) -> ssl.SSLSocket:
        """The connection with TLS on top; closed when that fails."""
        try:
            return self.context().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def context(self) -> ssl.SSLContext:
        """Certificates are always checked, and the name with them."""
        context = ssl.create_default_context()
        if self.certificate:
            try:
                context.load_verify_locations(cadata=self.certificate)
            except (ssl.SSLError, ValueError) as error:
                raise Refused(_("The certificate in the settings is not a PEM certificate.")) from error
        return context


def xoauth2(user: str, token: str) -> str:
    """What XOAUTH2 sends, before base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def translated(error: Exception, server: Server) -> SarnakhError:
    """What went wrong on the way to a server, as Later or Refused."""
    where = f"{server.host}:{server.port}"
    if isinstance(error, Later | Refused):
        return error
    if isinstance(error, SarnakhError):  # not outside
        return Refused(error.message)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Refused(_("The certificate of {server} is not trusted: {reason}", server=where, reason=error.verify_message))
    if isinstance(error, ssl.SSLError) and "WRONG_VERSION_NUMBER" in str(error):
        return Refused(_("{server} does not speak TLS from the start; choose another encryption or port.", server=where))
    if isinstance(error, TimeoutError):
        return Later(_("{server} did not answer in time.", server=where))
    if isinstance(error, socket.gaierror | UnicodeError):
        return Later(_("There is no server named {host}.", host=server.host), 300)
    return Later(_("The connection to {server} broke: {reason}", server=where, reason=str(error) or type(error).__name__))
