"""People as they are drawn: two letters on a colour that stays with the person."""

from __future__ import annotations

from core.records.fields import USER
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
