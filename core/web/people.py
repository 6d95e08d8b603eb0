"""People as they are drawn: two letters on a colour that stays with the person."""

from __future__ import annotations

from collections.abc import Iterable

from core.env import Env
from core.i18n.messages import _
from core.records.fields import USER
from core.security.shares import KINDS
from core.web.urls import record_url
from core.web.viewmodels import Person

COLOURS = ("red", "orange", "yellow", "green", "teal", "blue", "violet", "pink")


def initials(name: str) -> str:
    """The first letters of the first two words; Persian ones are kept apart so that they do not join."""
    words = [w for w in name.replace("\u200c", " ").split() if w]
    letters = [w[0] for w in words[:2]]
    return ("\u200c".join(letters) if any(ord(c) > 0x590 for c in letters) else "".join(letters)).upper()


def person(key: int, name: str, linked: bool = False) -> Person:
    """A user by number and name."""
    return Person(name, initials(name), record_url(USER, key) if linked else "", colour=COLOURS[key % len(COLOURS)])


def principal_names(env: Env, principals: Iterable[str]) -> dict[str, str]:
    """Principals ("user:5", "below:3") in words: the name of the person, role or team; one statement per record type."""
    wanted = {p: (KINDS[p.partition(":")[0]], int(p.partition(":")[2])) for p in principals
              if p.partition(":")[0] in KINDS and p.partition(":")[2].isdecimal()}
    names = {record: env.labels(record, [key for kind, key in wanted.values() if kind == record])
             for record in {kind for kind, _key in wanted.values()} if record in env.registry.records}
    found = {}
    for principal, (record, key) in wanted.items():
        name = names.get(record, {}).get(key, f"#{key}")
        found[principal] = env.t(_("{role} and below", role=name)) if principal.startswith("below:") else name
    return found
