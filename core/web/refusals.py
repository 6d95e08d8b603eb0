"""Why a change by hand (a card dropped, an entry moved) was refused, in words for the person who tried."""

from __future__ import annotations

from core.env import Env
from core.errors import AccessDenied, Conflict, SarnakhError, ValidationFailed
from core.registry.compose import RecordType

MOST_REASONS = 3


def refusal(env: Env, rtype: RecordType, error: SarnakhError, *moved: str) -> tuple[str, int]:
    """The reason, and the status of the answer. A reason names the field it speaks of unless it is one that was `moved`."""
    status = 409 if isinstance(error, Conflict) else 403 if isinstance(error, AccessDenied) else 422
    if not isinstance(error, ValidationFailed):
        return env.t(error.message), status
    texts = []
    for one in error.errors:
        known = rtype.fields.get(one.field) if one.field and one.field not in moved else None
        texts.append(f"{env.t(known.label)}: {env.t(one.message)}" if known is not None else env.t(one.message))
    return " ".join(list(dict.fromkeys(texts))[:MOST_REASONS]) or env.t(error.message), status
