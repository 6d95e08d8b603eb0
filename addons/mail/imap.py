"""Mails of an IMAP box, from where the last run stopped.

    for offered in fetch(server, Cursor.read(kept), "INBOX"):
        take_in(offered)
        keep(offered.cursor)

Asking for the next mail after one that is `last` says that all before it are dealt with: only then they are marked or moved. A run
that breaks anywhere is simply begun again with the kept cursor. When the server numbers a folder anew (UIDVALIDITY), it is read from
the start, and `known` spares what is already here.
"""

from __future__ import annotations

import datetime as dt
import imaplib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from imap_tools.imap_utf7 import utf7_encode

from addons.mail.fetching import BROKEN, KEEP, KNOWN, LARGE, READ, Afterwards, Cursor, Folder, Known, Limits, Offered, in_groups
from addons.mail.imap_box import HEADERS, Box, guarded, ok, opened, said
from addons.mail.servers import Server
from addons.messaging.contract import Refused
from core.api import _

QUOTED = re.compile(rb'BODY\[[^\]]*\](?:<\d+>)? (?:NIL|"((?:[^"\\]|\\.)*)")', re.DOTALL)
USES = {"\\sent": "sent", "\\drafts": "drafts", "\\junk": "junk", "\\trash": "trash", "\\archive": "archive", "\\all": "all"}


def fetch(server: Server, cursor: Cursor | None = None, folder: str = "INBOX", *, limits: Limits | None = None,
          afterwards: Afterwards = KEEP, known: Known | None = None, since: dt.date | None = None) -> Iterator[Offered]:
    """What is new in a folder, oldest first. `known`: asked with Message-IDs when the folder is read from its start. `since`: nothing
    before that day. Later and Refused as in the contract."""
    limits = limits or Limits()
    with guarded(server), opened(server, limits) as box:
        run = _Run(box, folder, cursor or Cursor(), limits, afterwards)
        yield from in_groups(run.offered(known, since), limits, run.dealt_with)


def folders(server: Server) -> list[Folder]:
    """The folders of a box, names as people read them."""
    with guarded(server), opened(server) as box:
        return [Folder(one.name, next((USES[flag.lower()] for flag in one.flags if flag.lower() in USES), ""),
                       not {"\\noselect", "\\nonexistent"} & {flag.lower() for flag in one.flags}) for one in box.folder.list()]


def keep_copy(server: Server, folder: str, content: bytes) -> None:
    """Put a mail that was sent into a folder, marked as read."""
    with guarded(server), opened(server) as box:
        box.append(content, folder, flag_set=["\\Seen"])


def check(server: Server, folder: str = "INBOX") -> int:
    """Connect, sign in and look into a folder: how many mails it has. Later or Refused say what is wrong."""
    with guarded(server), opened(server) as box:
        return box.folder.status(folder)["MESSAGES"]


# ---------------------------------------------------------------- one run
@dataclass(frozen=True)
class _About:
    uid: int
    size: int
    flags: tuple[str, ...]
    at: dt.datetime | None
    identifier: str


class _Run:
    def __init__(self, box: Box, folder: str, cursor: Cursor, limits: Limits, afterwards: Afterwards) -> None:
        self.box, self.folder, self.limits, self.afterwards = box, folder, limits, afterwards
        self.validity, self.writable = _select(box, folder, afterwards != KEEP)
        self.anew = cursor.validity != self.validity
        self.last = 0 if self.anew else cursor.uid

    def offered(self, known: Known | None, since: dt.date | None) -> Iterator[Offered]:
        uids = self._uids(since)[: self.limits.messages]
        for start in range(0, len(uids), self.limits.batch):
            batch = self._about(uids[start: start + self.limits.batch])
            here = set(known([one.identifier for one in batch if one.identifier])) if known and self.anew else set()
            for one in batch:
                if time.monotonic() > self.box.deadline:
                    return
                offered = self._offer(one, one.identifier in here)
                if offered is None:
                    continue  # somebody deleted it meanwhile
                yield offered

    def _uids(self, since: dt.date | None) -> list[int]:
        words = [f"UID {self.last + 1}:*"] + ([f"SINCE {since.day}-{MONTHS[since.month - 1]}-{since.year}"] if since else [])
        found = sorted(int(uid) for uid in self.box.uids(" ".join(words), charset=None))
        return [uid for uid in found if uid > self.last]  # n:* always has the last one

    def _about(self, uids: Sequence[int]) -> list[_About]:
        parts = "(UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
        status, data = self.box.client.uid("FETCH", ",".join(map(str, uids)), parts)
        ok(status, data)
        return sorted((one for one in (_about(item) for item in _items(data)) if one and one.uid > self.last),
                      key=lambda one: one.uid)

    def _offer(self, about: _About, known: bool) -> Offered | None:
        def offered(state: Any, raw: bytes = b"", reason: str = "") -> Offered:
            return Offered(str(about.uid), self.folder, state, raw, reason, about.size, about.flags, about.at,
                           Cursor(self.validity, about.uid))

        if known:
            return offered(KNOWN)
        if about.size > self.limits.largest:
            head = self._body(about.uid, f"BODY.PEEK[HEADER]<0.{HEADERS}>")
            return None if head is None else offered(LARGE, head, _("The mail has {size} MB; {limit} MB are read at most.",
                                                                    size=f"{about.size / 1e6:.1f}",
                                                                    limit=f"{self.limits.largest / 1e6:.1f}"))
        try:
            raw = self._body(about.uid, "BODY.PEEK[]")
        except _NotGiven as error:
            return offered(BROKEN, reason=str(error))
        return None if raw is None else offered(READ, raw)

    def _body(self, uid: int, part: str) -> bytes | None:
        status, data = self.box.client.uid("FETCH", str(uid), f"(UID {part})")
        if status != "OK":
            raise _NotGiven(said(data))
        mine = [raw for head, raw in _items(data) if (found := re.search(rb"UID (\d+)", head)) and int(found[1]) == uid
                and b"BODY[" in head]
        if mine and mine[0] is None:
            raise _NotGiven(said(data))
        return mine[0] if mine else None

    def dealt_with(self, offered: Offered) -> None:
        """Mark or move a mail that is here now."""
        if not self.writable or offered.state not in (READ, LARGE):
            return
        uid = int(offered.uid)
        if self.afterwards.seen:
            self._store(uid, r"(\Seen)")
        if self.afterwards.move:
            _move(self.box, uid, self.afterwards.move)
        elif self.afterwards.delete:
            self._store(uid, r"(\Deleted)")
            _expunge(self.box, uid)

    def _store(self, uid: int, flags: str) -> None:
        ok(*self.box.client.uid("STORE", str(uid), "+FLAGS.SILENT", flags))


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class _NotGiven(Exception):
    """The server has the mail in its list and cannot give it."""


def _select(box: Box, folder: str, writing: bool) -> tuple[int, bool]:
    name = _quoted(folder)
    status, data = box.client.select(name, not writing)
    if status != "OK":
        raise Refused(_("The folder {folder} cannot be opened: {reason}", folder=folder, reason=said(data)))
    found = box.client.response("UIDVALIDITY")[1]
    if not found or found[0] is None:
        raise Refused(_("The server gives the folder {folder} no lasting numbers, so it cannot be read.", folder=folder))
    return int(found[0]), writing


def _move(box: Box, uid: int, folder: str) -> None:
    """Without other mails of the folder: `EXPUNGE` alone would remove what its owner marked, too."""
    name = _quoted(folder)
    if "MOVE" in box.client.capabilities:
        ok(*box.client.uid("MOVE", str(uid), name))
        return
    ok(*box.client.uid("COPY", str(uid), name))
    ok(*box.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)"))
    _expunge(box, uid)


def _expunge(box: Box, uid: int) -> None:
    if "UIDPLUS" in box.client.capabilities:
        ok(*box.client.uid("EXPUNGE", str(uid)))


def _quoted(folder: str) -> str:
    if re.search(r"[\r\n\x00]", folder):
        raise Refused(_("The folder {folder} cannot be opened: {reason}", folder=folder[:50], reason="CR, LF"))
    return '"' + utf7_encode(folder).decode("ascii").replace("\\", "\\\\").replace('"', '\\"') + '"'


def _items(data: Sequence[Any]) -> Iterator[tuple[bytes, bytes | None]]:
    """Pairs of what is said about a mail and its content, None for no content. What follows the content belongs to what is said.
    Most servers send contents counted, some send short ones in quotes."""
    for place, item in enumerate(data):
        if isinstance(item, tuple):
            tail = data[place + 1] if place + 1 < len(data) and isinstance(data[place + 1], bytes) else b""
            yield item[0] + b" " + tail, item[1]
        elif isinstance(item, bytes) and re.match(rb"\d+ \(", item):
            found = QUOTED.search(item)
            yield item, (re.sub(rb"\\(.)", rb"\1", found[1] or b"") if found else None)


def _about(item: tuple[bytes, bytes | None]) -> _About | None:
    head, fields = item
    uid, size = re.search(rb"UID (\d+)", head), re.search(rb"RFC822\.SIZE (\d+)", head)
    if not uid or not size:
        return None
    identifier = re.search(rb"(?i)^message-id:\s*(\S+)", fields or b"")
    date = imaplib.Internaldate2tuple(head)
    at = dt.datetime.fromtimestamp(time.mktime(date), dt.UTC) if date else None
    flags = tuple(flag.decode("ascii", "replace") for flag in imaplib.ParseFlags(head))
    return _About(int(uid[1]), int(size[1]), flags, at, identifier[1].decode("utf-8", "replace") if identifier else "")
