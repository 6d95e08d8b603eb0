"""Handing mails to a server: many in one connection, and for each a plain answer whether the server has it.

    with Smtp(server) as smtp:
        done = smtp.deliver(mail)          # Delivered; raises Later or Refused

A connection that breaks before the last dot of a mail was sent has delivered nothing (Later). After it nobody knows (uncertain).
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from addons.mail.compose import Mail
from addons.mail.servers import Server, translated
from addons.mail.smtp_client import Client, Reply, of_all, opened, reply_of, text_of
from addons.messaging.contract import ACCEPTED, REJECTED, UNCERTAIN, Later, Sent
from core.api import SarnakhError, _

LONGER = 4  # times: many servers look through a mail before they answer


@dataclass(frozen=True)
class Delivered:
    """`sent`: what became of the mail. `refused`: recipients the server would not take, while it took the mail for others."""

    sent: Sent
    refused: Mapping[str, Reply] = field(default_factory=dict)


class Smtp:
    """One connection, opened with the first mail and again after it broke."""

    def __init__(self, server: Server, greeting: str = "") -> None:
        self.server = server
        self.greeting = greeting
        self.client: Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye, as far as the server still listens."""
        client, self.client = self.client, None
        if client is not None:
            try:
                client.quit()
            except (OSError, smtplib.SMTPException):
                client.close()

    def connect(self) -> Client:
        """The open connection, signed in. Later when there is none, Refused when the server does not let us in."""
        if self.client is None:
            try:
                self.client = opened(self.server, self.greeting)
            except (OSError, smtplib.SMTPException, UnicodeError, SarnakhError) as error:
                raise self._why(error) from error
        return self.client

    def _why(self, error: Exception) -> SarnakhError:
        if isinstance(error, smtplib.SMTPResponseException):
            return of_all(Reply(error.smtp_code, text_of(error.smtp_error)))
        return translated(error, self.server)

    # ------------------------------------------------------------ one mail
    def deliver(self, mail: Mail) -> Delivered:
        """Hand over one mail. Later and Refused as in the contract; the connection may be used again after either."""
        client = self.connect()
        too_large = self._too_large(client, mail)
        if too_large:
            return too_large
        try:
            refused = self._envelope(client, mail)
            if isinstance(refused, Delivered):
                return refused
            reply = Reply(*reply_of(client.docmd("DATA")))
            if reply.code != 354:
                client.rset()
                return self._answered(reply, mail, refused)
            client.send(_dotted(mail.content))
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise self._why(error) from error
        return self._finish(client, mail, refused)

    def _finish(self, client: Client, mail: Mail, refused: dict[str, Reply]) -> Delivered:
        try:
            client.patience(self.server.timeout * LONGER)
            client.send(b".\r\n")
            reply = Reply(*reply_of(client.getreply()))
            client.patience(self.server.timeout)
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Delivered(Sent(UNCERTAIN, mail.message_id,
                                  reason=_("The connection broke before the server said whether it has the mail.")))
        if reply.code == 421:
            self._drop()
        return self._answered(reply, mail, refused)

    def _envelope(self, client: Client, mail: Mail) -> dict[str, Reply] | Delivered:
        options = [f"size={len(mail.content)}"] if client.has_extn("size") else []
        if mail.utf8:
            if not client.has_extn("smtputf8"):
                return Delivered(Sent(REJECTED, elsewhere=True, reason=_("The server does not take addresses in other scripts.")))
            options += ["SMTPUTF8", "BODY=8BITMIME"]
            client.command_encoding = "utf-8"
        reply = Reply(*reply_of(client.mail(mail.sender, options)))
        if reply.code != 250:
            client.rset()
            if reply.code in (552, 534) or reply.status in ("5.3.4", "5.2.3"):
                return Delivered(_rejected(reply))
            raise of_all(reply)
        refused: dict[str, Reply] = {}
        for one in mail.recipients:
            reply = Reply(*reply_of(client.rcpt(one)))
            if reply.code == 421:
                raise smtplib.SMTPServerDisconnected(str(reply))
            if reply.code not in (250, 251):
                refused[one] = reply
        return self._reachable(client, mail, refused)

    def _reachable(self, client: Client, mail: Mail, refused: dict[str, Reply]) -> dict[str, Reply] | Delivered:
        """Somebody busy puts the mail off for all: sent to the others now, it would reach them twice later. A full mailbox does not,
        as it may stay full."""
        waiting = [reply for reply in refused.values() if reply.temporary and (reply.status != "4.2.2"
            or len(mail.recipients) == 1)]
        if waiting:
            client.rset()
            raise Later(str(waiting[0]), 300)
        if len(refused) == len(mail.recipients):
            client.rset()
            first = next(iter(refused.values()))
            return Delivered(_rejected(first, all(reply.address_bad for reply in refused.values())), refused)
        return refused

    def _answered(self, reply: Reply, mail: Mail, refused: dict[str, Reply]) -> Delivered:
        if 200 <= reply.code < 300:
            missed = "; ".join(f"{one}: {answer}" for one, answer in refused.items())
            reason = _("Not delivered to {people}", people=missed) if missed else ""
            return Delivered(Sent(ACCEPTED, mail.message_id, code="partial" if missed else str(reply.code), reason=reason),
                             refused)
        if reply.temporary:
            raise Later(str(reply), 300)
        return Delivered(_rejected(reply), refused)

    def _too_large(self, client: Client, mail: Mail) -> Delivered | None:
        limit = client.esmtp_features.get("size", "").strip()
        if not limit.isdigit() or not 0 < int(limit) < len(mail.content):
            return None
        reason = _("The mail has {size} MB, and the server takes {limit} MB at most.", size=_mb(len(mail.content)),
                   limit=_mb(int(limit)))
        return Delivered(Sent(REJECTED, code="552", reason=reason, elsewhere=True))

    def _drop(self) -> None:
        if self.client is not None:
            self.client.close()
            self.client = None


def _rejected(reply: Reply, bad: bool = False) -> Sent:
    elsewhere = not bad and (reply.status.startswith("5.7") or reply.code in (552, 554))
    return Sent(REJECTED, code=reply.status or str(reply.code), reason=str(reply), address_bad=bad, elsewhere=elsewhere)


def _dotted(content: bytes) -> bytes:
    lines = re.sub(rb"(?:\r\n|\n|\r(?!\n))", b"\r\n", content)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f}"


def check(server: Server) -> None:
    """Connect, sign in and leave: what "Try it" does. Later or Refused say what is wrong."""
    with Smtp(server) as smtp:
        smtp.connect()
