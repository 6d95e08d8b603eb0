"""How content the customer is: a signed link to a public page on which they say it once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.api import Env, NotFound, _, read_link, sign_link

from .choices import TICKET

PURPOSE = "tickets.rating"
DAYS = 30
MOST_COMMENT = 4000
SCORES = {5: _("Very satisfied"), 4: _("Satisfied"), 3: _("Neither"), 2: _("Dissatisfied"), 1: _("Very dissatisfied")}
PATHS = ("token", "number", "subject", "language", "satisfaction", "satisfaction_at", "requester.preferred_language")


def link(env: Env, ticket: int) -> str:
    """The address of the page on which the customer rates a ticket that the acting person may see."""
    env.get(TICKET, ticket, "id")
    with env.elevated("link to rate a ticket") as sudo:
        token = sudo.get(TICKET, ticket, "token").token
    base = str(env.installation.settings.server.public_url).rstrip("/")
    return f"{base}/x/tickets/rate/{sign_link(env, PURPOSE, [ticket, token], env.now + dt.timedelta(days=DAYS))}"


def find(env: Env, text: str) -> Any:
    """The ticket of a link; NotFound when it is forged, over, or of a ticket that is gone."""
    value = read_link(env, PURPOSE, text)
    key, token = value if isinstance(value, list) and len(value) == 2 else (0, "")
    with env.elevated("ticket rated by its customer") as sudo:
        found = sudo.query(TICKET).archived(None).with_ids([key]).records(*PATHS, limit=1)
    if not found or not token or found[0].token != token:
        raise NotFound(_("This link is over, or was not copied whole. Ask whoever sent it for a new one."))
    return found[0]


def rate(env: Env, ticket: Any, score: int, comment: str) -> bool:
    """Keep what the customer said; False when it was said before. ValueError for what is no score."""
    if score not in SCORES:
        raise ValueError(_("Choose one of the answers."))
    if ticket.satisfaction_at is not None:
        return False
    with env.elevated("rating by the customer") as sudo:
        sudo.update(TICKET, ticket.id, {"satisfaction": score, "satisfaction_comment": comment.strip()[:MOST_COMMENT] or None,
                                        "satisfaction_at": env.now})
        sudo.emit("tickets.rated", {"ticket": ticket.id, "score": score})
    return True
