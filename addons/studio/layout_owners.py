"""For whom a layout is customised: everybody, records of one kind, or people of one profile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.api import DefinitionError, Env, NotFound, Profile, _, layouts

from .keeping import EVERYBODY, PROFILE, profiles, stored

KIND = "kind:"
BY_RECORD = frozenset(("form", "card", "quick", "print"))
"""Layouts of one record, which may differ by its kind; lists, boards and calendars show all kinds together."""
MOST_OPTIONS = 30


@dataclass(frozen=True)
class Place:
    """One layer of one layout: what is edited."""

    record: str
    kind: str
    owner: str

    @property
    def target(self) -> str:
        """Its name among customising."""
        return f"{self.record}|{self.kind}|{self.owner}"

    def stored(self, env: Env) -> Any:
        """What is kept for it, None for nothing."""
        return stored(env, "layout", self.target)

    def change(self, env: Env) -> layouts.LayoutChange:
        """What is kept for it, as a change; nothing where that cannot be read any more, as the page is drawn."""
        data = self.stored(env)
        try:
            return layouts.load_changes(data) if data else layouts.LayoutChange(self.record, self.kind)
        except DefinitionError:
            return layouts.LayoutChange(self.record, self.kind)

    def below(self, env: Env) -> list[layouts.Layer]:
        """The layers under it: those of addons, and for all but everybody's the installation's."""
        return env.registry.layers(self.record, self.kind, () if self.owner == EVERYBODY else (EVERYBODY,))

    def url(self, path: str = "") -> str:
        """Where it is edited."""
        return f"/x/studio/layout/{self.record}/{self.kind}{path}"


def place(env: Env, record: str, kind: str, owner: str) -> Place:
    """A place that exists; NotFound for any other."""
    if owner not in dict(owners(env, record, kind)):
        raise NotFound(_("There is nothing to customise under this name."))
    return Place(record, kind, owner)


def owners(env: Env, record: str, kind: str) -> Iterator[tuple[str, str]]:
    """Owners that a layout can have, each with its label: everybody, the record's kinds, the profiles."""
    yield EVERYBODY, env.t(_("Everybody"))
    for field in env.registry.record(record).fields.values() if kind in BY_RECORD else ():
        if field.type_name == "choice" and not field.system:
            for option in field.options[:MOST_OPTIONS]:  # type: ignore[attr-defined]
                yield f"{KIND}{field.name}={option.value}", f"{env.t(field.label)}: {env.t(option.label)}"
    for number, name in profiles(env).items():
        yield f"{PROFILE}{number}", env.t(_("Profile {name}", name=name))


def profile(env: Env, number: int) -> Profile | None:
    """A profile's rights, to show a page as its people get it."""
    with env.elevated("rights of a profile, for a look at its pages") as trusted:
        row = trusted.query("base.profile").with_ids([number]).first("name", "sets", "record_rights", "field_rights", "areas")
    if row is None:
        return None
    return Profile(number, row.name, frozenset(row.sets or ()) | {"base.user"}, row.record_rights or {}, row.field_rights or {},
                   frozenset(row.areas or ()))
