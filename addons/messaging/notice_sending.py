"""Telling people outside of the product what the bell tells them, as each of them chose.

Each person's lines are read with their own rights: what they may not see (any more) is not mailed either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from core.api import Env, F, can_mail, mail

from . import accounts, notice_choices
from .notice_choices import DIGEST, MAIL, PREFERENCE, SETTINGS, SMS
from .notice_texts import Line, digest_of, mail_of, sms_of
from .queueing import Draft, queue

NOTICE, USER = "base.notification", "base.user"
DAY = dt.timedelta(hours=24)
MOST_LINES = 200
MOST_USERS = 500
ROW = ("user", "kind")


def told(env: Env, ids: Sequence[int]) -> dict[str, int]:
    """Send on lines of the bell that were just written; elevated code only."""
    rows = env.query(NOTICE).with_ids(ids).select(*ROW).rows()
    users = sorted({r["user"].id for r in rows})
    chosen = notice_choices.of_users(env, users)
    if not chosen:
        return {"sent": 0}
    by_user: dict[int, list[dict[str, Any]]] = {}
    silent = []
    for row in rows:
        ways = notice_choices.wish(chosen.get(row["user"].id, {}), row["kind"]).names()
        if "bell" not in ways:
            silent.append(row["id"])
        if ways & {MAIL, SMS}:
            by_user.setdefault(row["user"].id, []).append({"id": row["id"], "ways": ways})
    post = _Post(env)
    people = _people(env, sorted(by_user))
    for user, wanted in by_user.items():
        person = people.get(user)
        if person is None:
            continue
        lines = _lines(env, user, [w["id"] for w in wanted])
        mails = [lines[w["id"]] for w in wanted if MAIL in w["ways"] and w["id"] in lines]
        texts = [lines[w["id"]] for w in wanted if SMS in w["ways"] and w["id"] in lines]
        if mails and person["mails"]:
            post.mail(person, *mail_of(env, person, mails))
        if texts and person["phone"]:
            post.sms(person, sms_of(env, person, texts))
    if silent:
        env.update(NOTICE, silent, {"read_at": env.now})
    return {"sent": post.leave()}


def digests(env: Env) -> int:
    """The daily summary of everybody whose hour it is; returns how many. Whoever had today's gets no second one."""
    wanting = env.query(PREFERENCE).where(F.digest).aggregate(["user"], limit=100_000)
    users = sorted({r["user"].id for r in wanting if r["user"]})
    sent = 0
    for start in range(0, len(users), MOST_USERS):
        part = users[start:start + MOST_USERS]
        people = _people(env, part)
        chosen = notice_choices.of_users(env, part)
        due = [p for p in people.values() if p["mails"] and _is_due(env, p)]
        _mark(env, due)
        post = _Post(env)
        for person in due:
            _digest(env, post, person, chosen.get(person["id"], {}))
        sent += post.leave()
    return sent


def _is_due(env: Env, person: Mapping[str, Any]) -> bool:
    local = env.now.astimezone(person["zone"])
    return bool(local.hour == person["hour"] and person["last_on"] != local.date())


def _mark(env: Env, due: Sequence[Mapping[str, Any]]) -> None:
    """They have today's summary; written in the transaction that queues it."""
    days = {p["id"]: env.now.astimezone(p["zone"]).date() for p in due}
    env.derive(SETTINGS, {p["settings"]: {"last_on": days[p["id"]]} for p in due if p["settings"]})
    new = [{"user": p["id"], "last_on": days[p["id"]]} for p in due if not p["settings"]]
    if new:
        env.create(SETTINGS, new)


def _digest(env: Env, post: _Post, person: Mapping[str, Any], chosen: Mapping[str, notice_choices.Wish]) -> None:
    query = env.query(NOTICE).where((F.user == person["id"]) & F.read_at.is_null() & (F.created_at > env.now - DAY))
    rows = query.select(*ROW).rows(MOST_LINES)
    wanted = [r["id"] for r in rows if DIGEST in notice_choices.wish(chosen, r["kind"]).names()]
    lines = _lines(env, person["id"], wanted) if wanted else {}
    if lines:
        post.mail(person, *digest_of(env, person, list(lines.values())))


# ---------------------------------------------------------------- who, and what they may read
def _people(env: Env, users: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Active people with their address, language and choices, in two statements."""
    active = env.query(USER).with_ids(users).where(F.active)
    rows = active.select("name", "email", "phone", "language", "digits", "time_zone").rows() if users else []
    query = env.query(SETTINGS).holding("user", users).select("user", "mails", "hour", "last_on")
    kept = {r["user"].id: r for r in query.rows()} if rows else {}
    found = {}
    for row in rows:
        own = kept.get(row["id"])
        found[row["id"]] = {**row, "zone": ZoneInfo(row["time_zone"] or "UTC"), "mails": bool(own["mails"]) if own else True,
                            "hour": own["hour"] if own else 8, "last_on": own["last_on"] if own else None,
                            "settings": own["id"] if own else None}
    return found


def _lines(env: Env, user: int, ids: Sequence[int]) -> dict[int, Line]:
    """The lines as their reader sees them, without those about records that are closed to them."""
    reader = env.as_actor(env.installation.load_actor(user))
    found = {}
    for row in reader.query(NOTICE).with_ids(ids).order("id").select("text", "about", "kind", "created_at").rows():
        label = row["about"].label if row["about"] else None
        if row["about"] is None or label is not None:
            found[row["id"]] = Line(row["id"], row["text"], label or "", row["created_at"])
    return found


# ---------------------------------------------------------------- sending
class _Post:
    """What is to leave, gathered and queued together."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.shared = {name: any(row["person"] is None for row in accounts.usable(env, name))
                       for name in ("mail", "sms") if name in accounts.channels(env)}
        self.drafts: list[Draft] = []
        self.plain = 0

    def mail(self, person: Mapping[str, Any], subject: str, text: str) -> None:
        """By an account for mails that belongs to everybody, else by the installation's own mail server."""
        if not person["email"]:
            return
        if self.shared.get("mail"):
            self.drafts.append(_draft("mail", person, text, subject))
        elif can_mail(self.env):
            mail(self.env, person["email"], subject, text)
            self.plain += 1

    def sms(self, person: Mapping[str, Any], text: str) -> None:
        """In the morning, when it is night where the person is."""
        if self.shared.get("sms"):
            self.drafts.append(_draft("sms", person, text, at=notice_choices.morning(self.env.now, person["zone"])))

    def leave(self) -> int:
        """Queue what was gathered; returns how many leave."""
        queue(self.env, self.drafts, strict=False)
        return len(self.drafts) + self.plain


def _draft(channel: str, person: Mapping[str, Any], text: str, subject: str = "", at: dt.datetime | None = None) -> Draft:
    to = person["email"] if channel == "mail" else person["phone"]
    return Draft(channel, to, text, subject, private=True, automatic=True, language=person["language"], at=at)
