"""What automatic answers must have; and which senders are never answered by a machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Env, Invalid, _

from . import accounts

EACH_HOUR = 3
"""Most automatic answers an hour to one number or address."""
ALL_HOUR = 300
"""Most automatic answers an hour in all: more than that is a loop or an attack."""
_MACHINES = re.compile(
    r"^(?:no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|mailer-daemon|postmaster|bounces?|notifications?|alerts?|auto(?:reply|mat\w*))"
    r"(?:[+._-].*)?@", re.IGNORECASE)


def is_machine(address: str) -> bool:
    """Whether nobody reads what is sent there."""
    return bool(_MACHINES.match(address)) or (not address.startswith("+") and "@" not in address and not address.isdecimal())


def problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Answers that say nothing, or go nowhere."""
    known = accounts.channels(env)
    for record in records:
        if not (record.text or "").strip() and not record.template:
            yield Invalid(record, "text", _("Write a text, or choose a template."))
        if record.channel and record.channel not in known:
            yield Invalid(record, "channel", _("There is no channel “{name}”; there are: {names}.", name=record.channel,
                                               names=", ".join(sorted(known))))
        if record.begins_on and record.ends_on and record.ends_on < record.begins_on:
            yield Invalid(record, "ends_on", _("It ends before it begins."))
