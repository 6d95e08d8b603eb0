"""What levels of escalations keep to when they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Env, Invalid, _

from .sla_choices import AGAIN, PERSON

MOST = 30 * 24 * 3600


def level_problems(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
    """Levels that say too little."""
    for record in records:
        if not 0 <= record.offset.total_seconds() <= MOST:
            yield Invalid(record, "offset", _("Give a time from 0:00 to 720:00 hours."))
        if record.hand == PERSON and not record.person:
            yield Invalid(record, "person", _("Say to whom the ticket is handed over."))
        if record.hand == AGAIN and not record.queue:
            yield Invalid(record, "queue", _("Say to which queue the ticket goes."))
