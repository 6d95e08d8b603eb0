"""Tickets of the demo company's customers, of the last weeks: asked in their languages, answered, waiting, rated.

The same in every installation of the same day.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from core.api import Env, F, _

from . import statuses
from .choices import (
    CANNED,
    CATEGORY,
    CLOSED,
    IN,
    INTERNAL,
    MESSAGE,
    OPEN,
    OUT,
    PUBLIC,
    QUEUE,
    RESOLVED,
    STATUS,
    TICKET,
    WAITING_CUSTOMER,
)
from .conversation import as_html
from .demo_words import CANNED as ANSWERS
from .demo_words import STORIES

SEED = 1405
MOST = 45
WEEKS = 8
CATEGORIES = (("product", _("Products", context="tickets"), None), ("fault", _("Faults", context="tickets"), "product"),
              ("question", _("Questions about use"), "product"), ("service", _("Orders and invoices"), None),
              ("invoice", _("Invoices", context="tickets"), "service"), ("delivery", _("Delivery", context="tickets"), "service"))
CHANNELS = ("email", "email", "email", "web", "phone", "portal")


def create(env: Env) -> None:
    """Tickets, once."""
    if env.query(TICKET).archived(None).deleted(None).exists():
        return
    contacts = env.query("contacts.contact").where(F.account.not_null()).order("id").select(
        "account", "owner", "preferred_language", "name", "email").rows(MOST)
    if not contacts:
        return
    dice = random.Random(SEED)  # noqa: S311 - believable, not secret
    categories = _categories(env)
    billing = env.create(QUEUE, {"name": env.t(_("Billing", context="queue")), "position": 20})
    queues = {"service": env.query(QUEUE).ids(1)[0], "invoice": billing}
    env.create(CANNED, [{"name": name, "body": body, "language": lang, "user": None} for lang, texts in ANSWERS.items()
                        for name, body in texts])
    languages = {r["id"]: r["language"] for r in env.query("base.user").select("language").rows()}
    for i, contact in enumerate(contacts):
        lang = contact["preferred_language"] if contact["preferred_language"] in STORIES else languages.get(contact["owner"].id, "en")
        _ticket(env, dice, contact, lang, STORIES[lang][i % len(STORIES[lang])], categories, queues)


def _categories(env: Env) -> dict[str, int]:
    made: dict[str, int] = {}
    for key, name, parent in CATEGORIES:
        made[key] = env.create(CATEGORY, {"name": env.t(name), "parent": made[parent] if parent else None})
    return made


def _ticket(env: Env, dice: random.Random, contact: dict[str, Any], lang: str, story: tuple[str, ...], categories: dict[str, int],
            queues: dict[str, int]) -> None:
    subject, question, answer, further, note, where = story
    asked = env.now - dt.timedelta(days=dice.randint(0, WEEKS * 7), hours=dice.randint(1, 9), minutes=dice.randint(0, 59))
    agent = contact["owner"].id if contact["owner"] and dice.random() < .8 else None
    old = (env.now - asked).days > 6
    key = env.back_then(asked, None).create(TICKET, {
        "subject": subject, "requester": contact["id"], "account": contact["account"].id, "language": lang, "owner": agent,
        "category": categories[where], "queue": queues["invoice" if where == "invoice" else "service"], "channel": dice.choice(CHANNELS),
        "priority": dice.choices(("low", "normal", "high", "urgent"), (15, 60, 18, 7))[0]})
    said: list[tuple[dt.datetime, str, str | None, str]] = [(asked, PUBLIC, IN, question)]
    if note and agent:
        said.append((asked + dt.timedelta(minutes=20), INTERNAL, None, note))
    if answer and agent and (old or dice.random() < .6):
        said.append((asked + dt.timedelta(hours=dice.randint(1, 20)), PUBLIC, OUT, answer))
        if further:
            said.append((said[-1][0] + dt.timedelta(hours=dice.randint(2, 12)), PUBLIC, IN, further))
    said = [one for one in said if one[0] <= env.now]
    with env.back_then(asked, agent).elevated("demo data") as sudo:
        sudo.create(MESSAGE, [{"ticket": key, "kind": kind, "direction": direction, "at": at, "body": as_html(text),
                               "contact": contact["id"] if direction == IN else None, "author": agent if direction != IN else None,
                               "sender": contact["name"] if direction == IN else None} for at, kind, direction, text in said])
    answered = any(d == OUT for _at, _kind, d, _text in said)
    state = (dice.choice((RESOLVED, CLOSED, CLOSED)) if old else WAITING_CUSTOMER) if answered else OPEN
    wanted = statuses.first_of(env, state)
    if state != OPEN and wanted is not None:
        env.back_then(min(said[-1][0] + dt.timedelta(hours=3), env.now), agent).update(TICKET, key, {"status": wanted})
    elif agent and dice.random() < .5:
        second = env.query(STATUS).where(F.category == OPEN).order("position").ids(2)[-1]
        env.update(TICKET, key, {"status": second})
    if state in (RESOLVED, CLOSED) and dice.random() < .6:
        with env.elevated("demo data") as sudo:
            sudo.update(TICKET, key, {"satisfaction": dice.choices((5, 4, 3, 2, 1), (40, 30, 14, 10, 6))[0],
                                      "satisfaction_at": min(said[-1][0] + dt.timedelta(days=1), env.now)})
