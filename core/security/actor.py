"""The acting person, with everything that decides what they see and may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.security.grants import Profile

READ, WRITE = 1, 2
READING = frozenset({"read", "export", "view_all"})


@dataclass(frozen=True)
class Reach:
    """To which records of one type an actor's access is widened, besides their own.

    `read_owners`/`write_owners`: users whose records they reach (role tree, sharing rules by owner);
    `read_where`/`write_where`: sharing rules by criteria, as (rule's name, expression). `read_rules`/`write_rules`: the
    sharing rules by owner that are in the owners already, as (rule's name, users); only explanations ask for them.
    """

    read_owners: tuple[int, ...] = ()
    write_owners: tuple[int, ...] = ()
    read_where: tuple[tuple[str, Any], ...] = ()
    write_where: tuple[tuple[str, Any], ...] = ()
    read_rules: tuple[tuple[str, frozenset[int]], ...] = ()
    write_rules: tuple[tuple[str, frozenset[int]], ...] = ()


@dataclass(frozen=True)
class Bounds:
    """What a program that acts for somebody was given of that person's rights: it may do what both allow, never more.

    `reads` and `writes` are names of record types, `addon.*`, or `*` for all; what may be written may be read. Types in
    `closed` are written only if they are named themselves. `areas`: whether parts of the administration come along.
    """

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    areas: bool = False

    def allow(self, operation: str, record: str) -> bool:
        """Whether an operation on a record type is within these bounds."""
        names = {record, f"{record.partition('.')[0]}.*", "*"}
        if operation in READING and names & self.reads:
            return True
        return bool((names if record not in self.closed else {record}) & self.writes)


@dataclass(frozen=True)
class Actor:
    """Who acts. Built by the addon that keeps users (hook `load_actor`), cached until permissions change.

    `defaults[record]` is the organisation-wide default ("private", "read", "write"; "private" when absent);
    `principals` are the names under which records may be shared to them ("user:5", "role:3", "below:1", "team:2").
    `bounds`: a program acts for the person, within these.
    """

    id: int | None = None
    name: str = ""
    login: str = ""
    is_super: bool = False
    profile: Profile = field(default_factory=Profile)
    role_ids: tuple[int, ...] = ()
    team_ids: tuple[int, ...] = ()
    company_ids: tuple[int, ...] = ()
    subordinate_ids: tuple[int, ...] = ()
    principals: tuple[str, ...] = ()
    defaults: dict[str, str] = field(default_factory=dict)
    reach: dict[str, Reach] = field(default_factory=dict)
    lang: str = "en"
    tz: str = "UTC"
    calendar: str = "gregorian"
    digits: str = "latn"
    region: str = "IR"
    week_start: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    bounds: Bounds | None = None


SYSTEM = Actor(name="system", login="system", is_super=True)
"""Acts for the program itself: set-up, migrations, scheduled work without an owner."""

ANONYMOUS = Actor(name="anonymous", login="")
"""Nobody: may do nothing at all."""
