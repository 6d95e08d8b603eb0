"""The SMTP server of `testing`: aiosmtpd with its answers changed where a test wants it."""

from __future__ import annotations

import asyncio
import base64
import ssl
import warnings
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from addons.mail.servers import STARTTLS, TLS, xoauth2

if TYPE_CHECKING:
    from addons.mail.testing import SmtpServer


def start(owner: SmtpServer, cert: str, key: str) -> Controller:
    """A running server, told by `owner` what to do."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    made = _Controller(owner, context)
    made.start()
    return made


class _Controller(Controller):
    def __init__(self, owner: SmtpServer, context: ssl.SSLContext) -> None:
        self.owner, self.context = owner, context
        super().__init__(_Handler(owner), hostname="127.0.0.1", port=0, ssl_context=context if owner.encryption == TLS else None)

    def _trigger_server(self) -> None:
        """The port is known only now; this client does not count."""
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]
        self.owner.connected = 0

    def factory(self) -> SMTP:
        self.owner.connected += 1
        warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")
        return _Smtp(self.handler, data_size_limit=self.owner.size or None, enable_SMTPUTF8=self.owner.utf8,
                     authenticator=self._known, auth_require_tls=False, auth_required=bool(self.owner.password),
                     tls_context=self.context if self.owner.encryption == STARTTLS else None)

    def _known(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password.decode() == self.owner.password
        return AuthResult(success=good, handled=good)


class _Smtp(SMTP):
    async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802 - the library's name
        if self.event_handler.owner.answers.get("RCPT") == "drop":
            _break(self)
            return
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - the library's name
        said = self.event_handler.owner.answers.get("DATA", "")
        if said == "drop":
            _break(self)
        elif said:
            await self.push(said)
        else:
            await super().smtp_DATA(arg)


def _break(server: Any) -> None:
    server.transport.abort()


class _Handler:
    def __init__(self, owner: SmtpServer) -> None:
        self.owner = owner

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - the library's name
        given = args[1] if len(args) > 1 else ""
        if base64.b64decode(given).decode() == xoauth2("sara", "good-token"):
            return AuthResult(success=True, auth_data="sara")
        await server.challenge_auth('{"status":"401"}')
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(self, server: Any, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if "MAIL" in self.owner.answers:
            return self.owner.answers["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        said = self.owner.answers.get(f"RCPT:{address}") or self.owner.answers.get("RCPT")
        if said:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        said = self.owner.answers.get(".", "")
        if said == "drop":
            server.transport.abort()
            return ""
        if said == "hang":
            await asyncio.sleep(3)
        if said and said != "hang":
            return said
        self.owner.mails.append((envelope.mail_from or "", list(envelope.rcpt_tos), bytes(envelope.original_content or b"")))
        return "250 2.0.0 queued"
