"""What addons ship about permissions: sets of them, and grants of records and fields to these sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

OPERATIONS = ("create", "read", "update", "delete", "import", "export", "mass_edit", "transfer", "share", "view_all",
              "edit_all")
NOBODY = "nobody"
"""A permission set that no profile gives: fields reserved for it are for elevated code only, not for anybody's eyes."""
LETTERS = {"c": "create", "r": "read", "u": "update", "d": "delete"}


@dataclass(frozen=True)
class PermissionSet:
    """A named bundle of grants, given to people through their profile. `implies` names sets that come along."""

    name: str
    label: str
    implies: Sequence[str] = ()
    help: str = ""


@dataclass(frozen=True)
class Grant:
    """Lets a permission set do something with a record type; without a set it restricts everybody instead.

    `operations` are letters (c r u d), `also` further operations by name (import, export, mass_edit, transfer, share,
    view_all, edit_all, action:<name>); `where` is an expression over the record that must hold, or a function that gives
    one for the person: `where(env)`. What it gives is kept as long as the person's permissions; who changes what it goes
    by calls `env.installation.bump(env, "access")`. `closed`: a restriction that super-administrators keep to as well (somebody's
    own mail); the program itself, and elevated code, do not.
    """

    record: str
    set: str | None
    operations: str = ""
    also: Sequence[str] = ()
    where: Any = None
    closed: bool = False

    @property
    def names(self) -> frozenset[str]:
        """All operations by their full names."""
        return frozenset(LETTERS[letter] for letter in self.operations) | frozenset(self.also)


@dataclass(frozen=True)
class FieldGrant:
    """Reserves fields for a permission set: others neither see nor filter by them. `operations` are r and u."""

    record: str
    fields: Sequence[str]
    set: str
    operations: str = "ru"


@dataclass(frozen=True)
class Profile:
    """What a person may do: permission sets plus this installation's own decisions.

    `records[record][operation]` True or False overrides the sets; `fields[record][field]` is "hidden", "read" or
    "edit"; `areas` are parts of the administration ("users", "addons", ... or "*").
    """

    id: int | None = None
    name: str = ""
    sets: frozenset[str] = frozenset()
    records: dict[str, dict[str, bool]] = field(default_factory=dict)
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    areas: frozenset[str] = frozenset()
