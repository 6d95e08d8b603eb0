"""The connection to an SMTP server: guarded, encrypted, signed in, and what its answers mean."""

from __future__ import annotations

import base64
import hmac
import re
import smtplib
import socket
from dataclasses import dataclass
from typing import Any

from addons.mail.servers import STARTTLS, Lifetime, Server, xoauth2
from addons.messaging.contract import Later, Refused
from core.api import SarnakhError, _

LIFETIME = 40  # times the patience for one answer
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
UNKNOWN = re.compile(r"(?i)user unknown|unknown user|no such (user|recipient|mailbox|address)|does not exist|"
                     r"mailbox (not found|unavailable)|"
                     r"recipient (address rejected|not found)|invalid (recipient|mailbox|address)|unrouteable|"
                     r"account .{0,20}disabled")


@dataclass(frozen=True)
class Reply:
    """What a server said. `status`: the enhanced one such as 5.1.1, "" for none."""

    code: int
    text: str

    @property
    def status(self) -> str:
        """The enhanced status of RFC 3463."""
        found = ENHANCED.match(self.text.strip())
        return found[0] if found else ""

    @property
    def temporary(self) -> bool:
        """Whether trying again later may help."""
        return 400 <= self.code < 500

    @property
    def address_bad(self) -> bool:
        """Whether the address itself does not exist, as far as the server says so."""
        return self.code >= 500 and address_bad(self.status, self.text)

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()[:500]


def address_bad(status: str, text: str) -> bool:
    """Whether a status (RFC 3463) or, where there is none, a sentence says that an address does not exist."""
    if status:
        return status in ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4") or (status == "5.1.0"
            and bool(UNKNOWN.search(text)))
    return bool(UNKNOWN.search(text))


def reply_of(answer: tuple[int, Any]) -> tuple[int, str]:
    """Code and text of an answer."""
    return answer[0], text_of(answer[1])


def text_of(said: Any) -> str:
    """What was said, as text."""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def expect(code: int, text: Any) -> None:
    """Later or Refused unless the server is content."""
    if not 200 <= code < 300:
        raise of_all(Reply(code, text_of(text)))


def of_all(reply: Reply) -> SarnakhError:
    """What an answer means that is not about one mail."""
    return Later(str(reply), 300) if reply.temporary or reply.code < 0 else Refused(str(reply), str(reply.code))


def opened(server: Server, greeting: str) -> Client:
    """A connection, greeted, encrypted and signed in. What the library raises, Later and Refused."""
    client = Client(server, greeting or None)
    try:
        code, text = client.connect(server.host, server.port)
        expect(code, text)
        if client.ehlo()[0] != 250:
            expect(*client.helo())
        if server.encryption == STARTTLS:
            if not client.has_extn("starttls"):
                raise Refused(_("{server} offers no STARTTLS; choose another encryption.", server=server.host))
            client.starttls(context=server.context())
            expect(*client.ehlo())
        if server.user:
            sign_in(client, server)
    except BaseException:
        client.close()
        raise
    return client


class Client(smtplib.SMTP):
    """The library's, over a guarded connection."""

    def __init__(self, server: Server, greeting: str | None) -> None:
        self.server = server
        self.lifetime: Lifetime | None = None
        super().__init__(local_hostname=greeting or "localhost", timeout=server.timeout)
        self._host = server.host  # the name that STARTTLS checks

    def patience(self, seconds: float) -> None:
        """How long the next answers are waited for."""
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def _get_socket(self, host: str, port: int, timeout: float | None) -> socket.socket:
        made, self.lifetime = self.server.open(self.server.timeout * LIFETIME)
        return made

    def close(self) -> None:
        """Closed already is closed as well."""
        if self.lifetime is not None:
            self.lifetime.end()
        super().close()


# ---------------------------------------------------------------- signing in
def sign_in(client: Client, server: Server) -> None:
    """Sign in by the best way that both know."""
    offered = client.esmtp_features.get("auth", "").upper().split()
    if not offered:
        raise Refused(_("{server} offers no way to sign in over this connection; choose another encryption or port.",
                        server=server.host))
    token = server.bearer()
    if token:
        reply = _exchange(client, "XOAUTH2", xoauth2(server.user, token), "")
    elif "PLAIN" in offered:
        reply = _exchange(client, "PLAIN", f"\0{server.user}\0{server.password}")
    elif "LOGIN" in offered:
        reply = _exchange(client, "LOGIN", None, server.user, server.password)
    elif "CRAM-MD5" in offered:
        reply = _cram(client, server)
    else:
        raise Refused(_("{server} offers no way to sign in that is known here: {offered}", server=server.host,
                        offered=", ".join(offered)))
    if reply.code not in (235, 503):
        if reply.temporary:
            raise Later(str(reply), 120)
        raise Refused(_("The mail server does not accept the user name or password: {reason}", reason=str(reply)),
                      str(reply.code))


def _exchange(client: Client, mechanism: str, first: str | None, *more: str) -> Reply:
    begin = f"{mechanism} {_b64(first)}" if first is not None else mechanism
    reply = Reply(*reply_of(client.docmd("AUTH", begin)))
    for answer in more:
        if reply.code != 334:
            break
        reply = Reply(*reply_of(client.docmd(_b64(answer))))
    return reply


def _cram(client: Client, server: Server) -> Reply:
    reply = Reply(*reply_of(client.docmd("AUTH", "CRAM-MD5")))
    if reply.code != 334:
        return reply
    challenge = base64.b64decode(reply.text, validate=False)
    digest = hmac.new(server.password.encode(), challenge, "md5").hexdigest()
    return Reply(*reply_of(client.docmd(_b64(f"{server.user} {digest}"))))


def _b64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")
