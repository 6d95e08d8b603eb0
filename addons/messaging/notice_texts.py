"""What mails and texts about notices say, in the language of whoever gets them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.api import Env, Message, _, n_

from . import accounts

MOST_SMS = 160


@dataclass(frozen=True)
class Line:
    """One line of the bell as its reader sees it."""

    number: int
    text: str
    name: str
    at: dt.datetime

    def words(self) -> str:
        """With the name of its record."""
        return f"{self.text}: {self.name}" if self.name else self.text


def mail_of(env: Env, person: Mapping[str, Any], lines: Sequence[Line]) -> tuple[str, str]:
    """Subject and text of a mail at once."""
    subject = lines[0].words() if len(lines) == 1 else _say(env, person, n_(
        "{count} notification", "{count} notifications", len(lines)))
    return " ".join(subject.split())[:200], _body(env, person, lines)


def digest_of(env: Env, person: Mapping[str, Any], lines: Sequence[Line]) -> tuple[str, str]:
    """Subject and text of the daily summary."""
    return _say(env, person, n_("Your day: {count} unread notification", "Your day: {count} unread notifications", len(lines))), _body(
        env, person, lines)


def sms_of(env: Env, person: Mapping[str, Any], lines: Sequence[Line]) -> str:
    """A short text."""
    words = lines[0].words()
    if len(lines) > 1:
        words = _say(env, person, n_("{first} and {count} more", "{first} and {count} more", len(lines) - 1, first=words))
    return words if len(words) <= MOST_SMS else words[:MOST_SMS - 1] + "…"


def _body(env: Env, person: Mapping[str, Any], lines: Sequence[Line]) -> str:
    public = accounts.public_address(env)
    said = [_say(env, person, _("Hello {name},", name=person["name"])), ""]
    for line in lines:
        said.append(f"• {line.words()}")
        if public:
            said.append(f"  {public}/notifications/{line.number}")
    if public:
        said += ["", _say(env, person, _("How you are told of what, or not at all: {link}", link=f"{public}/x/messaging/notifications"))]
    return "\n".join(said)


def _say(env: Env, person: Mapping[str, Any], text: Message) -> str:
    return env.installation.catalogs.translate(text, person["language"], person["digits"])
