"""Mails of a POP3 box, by their lasting numbers (UIDL). Nothing is deleted unless told.

A box has no cursor: what is already here is asked of `known`, in batches. Mails that were dealt with are deleted, where wanted, when
the connection ends well; one that breaks deletes nothing, and the next run offers nothing twice.
"""

from __future__ import annotations

import base64
import poplib
import re
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from addons.mail.fetching import BROKEN, KEEP, KNOWN, LARGE, READ, Afterwards, Known, Limits, Offered, in_groups
from addons.mail.servers import STARTTLS, Lifetime, Server, translated, xoauth2
from addons.messaging.contract import Later, Refused
from core.api import SarnakhError, _

LINE = 1_000_000
ROOM = 1_000_000


def fetch(server: Server, known: Known, *, limits: Limits | None = None, afterwards: Afterwards = KEEP) -> Iterator[Offered]:
    """What is new in the box, oldest first. `known`: asked with UIDLs, answers those that are already here; with `delete` those are
    offered as KNOWN, so that a deletion that was lost is made up for. Later and Refused as in the contract."""
    limits = limits or Limits()
    with _guarded(server), _box(server, limits) as box:
        numbers = box.numbers()
        today = {uid: number for number, uid in numbers}

        def dealt_with(offered: Offered) -> None:
            if afterwards.delete and offered.state in (READ, KNOWN):
                box.dele(today[offered.uid])

        yield from in_groups(_new(box, numbers, known, limits, afterwards), limits, dealt_with)


def _new(box: _Box, numbers: Sequence[tuple[int, str]], known: Known, limits: Limits, afterwards: Afterwards) -> Iterator[Offered]:
    left = limits.messages
    for start in range(0, len(numbers), limits.batch):
        batch = numbers[start: start + limits.batch]
        here = set(known([uid for _number, uid in batch]))
        for number, uid in batch:
            if left <= 0 or time.monotonic() > box.until:
                return
            if uid in here and not afterwards.delete:
                continue
            offered = Offered(uid, "INBOX", KNOWN) if uid in here else _offer(box, number, uid, limits)
            left -= offered.state != KNOWN
            yield offered


def check(server: Server) -> int:
    """Connect, sign in and count. Later or Refused say what is wrong."""
    with _guarded(server), _box(server, Limits()) as box:
        return int(box.stat()[0])


def _offer(box: _Box, number: int, uid: str, limits: Limits) -> Offered:
    size = box.sizes.get(number, 0)
    try:
        if size > limits.largest:
            reason = _("The mail has {size} MB; {limit} MB are read at most.", size=f"{size / 1e6:.1f}",
                       limit=f"{limits.largest / 1e6:.1f}")
            return Offered(uid, "INBOX", LARGE, box.content(number, 0), reason, size)
        return Offered(uid, "INBOX", READ, box.content(number), size=size)
    except poplib.error_proto as error:
        if not _said(error).startswith("-ERR"):
            raise  # the connection, not this mail
        return Offered(uid, "INBOX", BROKEN, reason=_said(error), size=size)


class _Box(poplib.POP3):
    """The library's over a guarded connection; long lines are read, as broken programs write them, and answers have an end."""

    def __init__(self, server: Server, limits: Limits) -> None:
        self.server = server
        self.until = time.monotonic() + limits.seconds
        self.most = limits.largest + ROOM
        self.room = self.most
        self.sizes: dict[int, int] = {}
        self.lifetime: Lifetime | None = None
        try:
            super().__init__(server.host, server.port, server.timeout)
        except BaseException:
            if self.lifetime is not None:  # connected, and greeted by something else
                self.close()
            raise

    def _create_socket(self, timeout: float | None) -> socket.socket:
        made, self.lifetime = self.server.open(self.until - time.monotonic() + self.server.timeout)
        return made

    def close(self) -> None:
        """Closed already is closed as well."""
        if self.lifetime is not None:
            self.lifetime.end()
        super().close()

    def _getline(self) -> tuple[bytes, int]:
        line: bytes = self.file.readline(LINE + 1)
        self.room -= len(line)
        if len(line) > LINE or self.room < 0:
            raise poplib.error_proto("the server sends more than it said")
        if not line:
            raise poplib.error_proto("-EOF")
        return line.rstrip(b"\r\n") if line.endswith(b"\n") else line, len(line)

    def numbers(self) -> list[tuple[int, str]]:
        """Pairs of today's and lasting numbers."""
        try:
            lines = self.uidl()[1]
        except poplib.error_proto as error:
            raise Refused(_("The server gives mails no lasting numbers (UIDL), so they cannot be told apart.")) from error
        self.sizes = dict(_pairs(self.list()[1]))
        found = (line.decode("utf-8", "replace").split(maxsplit=1) for line in lines)
        return [(int(one[0]), one[1].strip()) for one in found if len(one) == 2 and one[0].isdecimal()]

    def content(self, number: int, lines: int | None = None) -> bytes:
        """A mail, or its head and some lines."""
        self.room = self.most
        answer = self.retr(number) if lines is None else self.top(number, lines)
        self.room = self.most
        return b"\r\n".join(answer[1]) + b"\r\n"


def _pairs(lines: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    for line in lines:
        found = re.match(rb"(\d+) (\d+)", line)
        if found:
            yield int(found[1]), int(found[2])


@contextmanager
def _box(server: Server, limits: Limits) -> Iterator[_Box]:
    box = _Box(server, limits)
    try:
        if server.encryption == STARTTLS:
            if "STLS" not in box.capa():
                raise Refused(_("{server} offers no STARTTLS; choose another encryption.", server=server.host))
            box.stls(server.context())
        _sign_in(box, server)
        yield box
        box.quit()
    finally:
        box.close()


def _sign_in(box: Any, server: Server) -> None:
    token = server.bearer()
    try:
        if token:
            box._shortcmd("AUTH XOAUTH2")  # noqa: SLF001 - Microsoft wants the token in a line of its own
            answer = box._shortcmd(_b64(xoauth2(server.user, token)))  # noqa: SLF001
            if answer.startswith(b"+ "):
                box._shortcmd("")  # noqa: SLF001 - it told a reason, and says no once it is acknowledged
        else:
            box.user(server.user)
            box.pass_(server.password)
    except poplib.error_proto as error:
        said = _said(error)
        if not said.startswith("-ERR"):
            raise
        if "[SYS/TEMP]" in said or "[IN-USE]" in said or "[LOGIN-DELAY]" in said:
            raise Later(said, 300) from error
        raise Refused(_("The mail server does not accept the user name or password: {reason}", reason=said)) from error


def _b64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


def _said(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    return (first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first))[:300]


@contextmanager
def _guarded(server: Server) -> Iterator[None]:
    try:
        yield
    except (Later, Refused):
        raise
    except poplib.error_proto as error:
        raise Later(_("The connection to {server} broke: {reason}", server=f"{server.host}:{server.port}",
                      reason=_said(error))) from error
    except (OSError, SarnakhError, UnicodeError) as error:
        raise translated(error, server) from error
