"""What fetching mail gives and keeps to, whichever protocol it comes by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

READ: Final = "read"
LARGE: Final = "large"
KNOWN: Final = "known"
BROKEN: Final = "broken"

Known = Callable[[Sequence[str]], Collection[str]]
"""Asked with some identifiers, answers those that are already here."""


@dataclass(frozen=True)
class Cursor:
    """How far a folder was read. `validity` is the folder's UIDVALIDITY: numbers of another one mean nothing."""

    validity: int = 0
    uid: int = 0

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """A cursor from its text; from the beginning when it is none."""
        first, colon, second = text.partition(":")
        return cls(int(first), int(second)) if colon and first.isdecimal() and second.isdecimal() else cls()


@dataclass(frozen=True)
class Limits:
    """`largest`: bytes of one mail that is read whole; of a larger one only its headers. `messages` and `seconds`: most for one
    run, the next goes on from there. `batch`: mails asked about at once (their sizes and numbers, not their bodies). `together`:
    mails that are read one after another and dealt with together, up to some bytes."""

    largest: int = 30_000_000
    messages: int = 500
    seconds: float = 300
    batch: int = 100
    together: int = 1
    bytes_together: int = 8_000_000


@dataclass(frozen=True)
class Offered:
    """One mail of a box. `state`: READ with `raw` whole; LARGE with the headers only; KNOWN without either; BROKEN, the server could
    not give it. `cursor` is to be kept once the mail is dealt with. POP3 has a `uid` of letters, and neither flags nor dates. `last`:
    all up to here are dealt with before the next is asked for."""

    uid: str
    folder: str
    state: Literal["read", "large", "known", "broken"]
    raw: bytes = field(default=b"", repr=False)
    reason: str = ""
    size: int = 0
    flags: tuple[str, ...] = ()
    at: dt.datetime | None = None
    cursor: Cursor = field(default_factory=Cursor)
    last: bool = False


@dataclass(frozen=True)
class Afterwards:
    """What is done with a mail once the next one is asked for. `seen`: marked as read. `move`: the folder it goes to. `delete`:
    removed from the server."""

    seen: bool = False
    move: str = ""
    delete: bool = False


KEEP = Afterwards()


def in_groups(source: Iterator[Offered], limits: Limits, dealt_with: Callable[[Offered], None]) -> Iterator[Offered]:
    """What a server offers, with the ends of groups marked; `dealt_with` is called for the mails of a group once the next one is asked
    for. What was read before a connection broke is a group of its own."""
    group: list[Offered] = []
    broke: Exception | None = None
    while True:
        one = None
        try:
            one = next(source, None)
        except Exception as error:  # noqa: BLE001 - it is raised below
            broke = error
        if one is not None:
            group.append(one)
        full = len(group) >= limits.together or sum(len(each.raw) for each in group) >= limits.bytes_together
        if group and (full or one is None):
            yield from group[:-1]
            yield replace(group[-1], last=True)
            for each in group:
                dealt_with(each)
            group = []
        if broke is not None:
            raise broke
        if one is None:
            return


@dataclass(frozen=True)
class Folder:
    """A folder of a box. `use`: "sent", "drafts", "junk", "trash", "archive", "all" or ""."""

    name: str
    use: str = ""
    selectable: bool = True
