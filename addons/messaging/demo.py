"""Conversations of the demo company with its contacts and leads, as history: nothing is sent, and no account is needed.

The same in every installation of the same day.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Env, F, Query

from . import accounts, reach
from .choices import BLOCKED, COMMERCIAL, CONCERN, DELIVERED, FAILED, GIVEN, IN, MESSAGE, OUT, READ, RECEIVED, SERVICE, THREAD, WITHDRAWN
from .contract import Channel
from .demo_words import BLOCKED_TEXT, OFFERS, REASONS, TALKS

SEED = 1406
MOST, DAYS = 24, 40
PEOPLE = ("contacts.contact", "leads.lead")


def create(env: Env) -> None:
    """Conversations in the channels that are enabled, once."""
    if env.query(MESSAGE).archived(None).deleted(None).exists():
        return
    dice = random.Random(SEED)  # noqa: S311 - believable, not secret
    languages = {r["id"]: r["language"] for r in env.query("base.user").select("language").rows()}
    for name, channel in accounts.channels(env).items():
        if name not in TALKS:
            continue
        for record in PEOPLE:
            if record in env.registry.records:
                _talks(env, dice, channel, record, env.query(record).where(F.owner.not_null()).order("id"), languages)


def _talks(env: Env, dice: random.Random, channel: Channel, record: str, query: Query, languages: Mapping[int, str]) -> None:
    owners = {r["id"]: r["owner"] for r in query.select("owner").rows(MOST)}
    found = reach.recipients(env, record, owners, channel)
    rows: list[dict[str, Any]] = []
    for key, people in found.items():
        if not people:
            continue
        owner = owners[key].id
        lang = next(lang for lang in (people[0].language, languages.get(owner, ""), "en") if lang in TALKS[channel.name])
        talk = dice.choice(TALKS[channel.name][lang])
        rows.append({"channel": channel, "to": people[0].address, "about": (record, key), "owner": owner, "talk": talk, "lang": lang,
                     "begun": env.now - dt.timedelta(days=dice.randint(0, DAYS), hours=dice.randint(1, 9), minutes=dice.randint(0, 59)),
                     "offer": dice.random() < .3, "fails": dice.random() < .12, "price": dice.choice((1180, 2360))})
    _write(env, dice, rows)


def _write(env: Env, dice: random.Random, rows: Sequence[dict[str, Any]]) -> None:
    """Threads, their messages and what these concern, by a few statements."""
    if not rows:
        return
    with env.elevated("demo data") as sudo:
        said = [_said(env, dice, row) for row in rows]
        threads = sudo.create(THREAD, [_thread(row, messages) for row, messages in zip(rows, said, strict=True)])
        flat = [{**message, "thread": thread} for thread, messages in zip(threads, said, strict=True) for message in messages]
        ids = sudo.create(MESSAGE, flat)
        sudo.create(CONCERN, [{"message": key, "about": m["person"], "at": m["at"]} for key, m in zip(ids, flat, strict=True)])
        sudo.create("messaging.consent", [{
            "address": row["to"], "channel": row["channel"].name, "state": GIVEN if i % 4 else WITHDRAWN,
            "source": "form" if i % 4 else "reply", "at": row["begun"], "person": row["about"],
            "iys_type": "BIREYSEL" if row["to"].startswith("+90") else None}
            for i, row in enumerate(rows) if i % 3 != 1])


def _thread(row: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    last = messages[-1]
    return {"subject": messages[0]["subject"] or messages[0]["body"][:200], "channel": row["channel"].name, "counterpart": row["to"],
            "person": row["about"], "last_at": last["at"], "last_from": last["direction"], "unread": last["direction"] == IN,
            "owner": row["owner"], "done": (row["begun"].toordinal() % 3 == 0) and last["direction"] == OUT}


def _said(env: Env, dice: random.Random, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    subject, *texts = row["talk"]
    at, made = row["begun"], []
    for i, text in enumerate(texts):
        made.append(_message(row, OUT if i % 2 == 0 else IN, text, subject, at, dice))
        at += dt.timedelta(minutes=dice.randint(6, 300))
        if at > env.now:
            break
    if row["fails"]:
        made[0] |= {"state": FAILED, "reason": REASONS[row["lang"]], "cost": None, "delivered_at": None, "code": "unreachable"}
        return made[:1]
    if row["offer"] and at < env.now:
        offer = _message(row, OUT, OFFERS[row["lang"]], subject, at, dice) | {"kind": COMMERCIAL}
        if dice.random() < .3:
            offer |= {"state": BLOCKED, "reason": BLOCKED_TEXT[row["lang"]], "code": "consent", "sent_at": None, "delivered_at": None,
                      "cost": None}
        made.append(offer)
    return made


def _message(row: Mapping[str, Any], direction: str, text: str, subject: str, at: dt.datetime, dice: random.Random) -> dict[str, Any]:
    channel: Channel = row["channel"]
    measured = channel.measure(text).parts if channel.measure else None
    made: dict[str, Any] = {
        "direction": direction, "channel": channel.name, "kind": SERVICE, "at": at, "person": row["about"], "counterpart": row["to"],
        "subject": subject if channel.formatted else None, "body": text, "owner": row["owner"], "segments": measured}
    if direction == IN:
        return made | {"state": RECEIVED, "sender": row["to"]}
    seen = dice.random() < .5 and channel.formatted
    return made | {"state": READ if seen else DELIVERED, "recipient": row["to"], "sent_at": at,
                   "delivered_at": at + dt.timedelta(seconds=8), "read_at": at + dt.timedelta(minutes=9) if seen else None,
                   "cost": (measured or 0) * row["price"] if measured else None, "cost_currency": "IRR" if measured else None}
