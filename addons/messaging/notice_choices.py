"""Kinds of events that people are told of, and by what: the bell, a mail at once, the daily summary, an SMS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.api import Env, F, _

PREFERENCE, SETTINGS = "messaging.preference", "messaging.notice_settings"
USUAL = "*"
"""The kind that stands for all others."""
BELL, MAIL, DIGEST, SMS = "bell", "mail", "digest", "sms"
WAYS = ((BELL, _("Bell")), (MAIL, _("E-mail at once")), (DIGEST, _("Daily summary")), (SMS, _("SMS")))
KINDS = ((USUAL, _("All others")), ("mention", _("Somebody mentions me")), ("assigned", _("Something is assigned to me")),
         ("message", _("A message comes for me")), ("messaging", _("Sending messages does not work")))
NIGHT = (dt.time(22), dt.time(7))


@dataclass(frozen=True)
class Wish:
    """By what somebody is told."""

    bell: bool = True
    mail: bool = False
    digest: bool = False
    sms: bool = False

    def names(self) -> set[str]:
        """The ways that are on."""
        return {name for name, _label in WAYS if getattr(self, name)}


STANDARD = Wish()


def kinds(env: Env) -> list[tuple[str, str]]:
    """(kind, what it is called): ours, those that addons name by the hook `notice_kinds`, and others the person was told of."""
    known = {kind: env.t(label) for kind, label in env.registry.collected("notice_kinds", env=env)}
    told = [r["kind"] for r in env.query("base.notification").aggregate(["kind"], limit=100)]
    return [*known.items(), *((kind, kind) for kind in sorted(told) if kind not in known)]


def of_users(env: Env, users: Sequence[int]) -> dict[int, dict[str, Wish]]:
    """What people chose, by kind; elevated code only. One statement."""
    rows = env.query(PREFERENCE).holding("user", users).select("user", "kind", *(name for name, _label in WAYS)).rows() if users else []
    found: dict[int, dict[str, Wish]] = {}
    for row in rows:
        found.setdefault(row["user"].id, {})[row["kind"]] = Wish(**{name: bool(row[name]) for name, _label in WAYS})
    return found


def wish(chosen: Mapping[str, Wish], kind: str) -> Wish:
    """The choice for a kind; what was never chosen is as the others are, and these go to the bell alone."""
    return chosen.get(kind) or chosen.get(USUAL) or STANDARD


def mine(env: Env) -> dict[str, Wish]:
    """The acting person's own."""
    rows = env.query(PREFERENCE).where(F.user == env.actor.id).select("kind", *(name for name, _label in WAYS)).rows()
    return {r["kind"]: Wish(**{name: bool(r[name]) for name, _label in WAYS}) for r in rows}


def save(env: Env, chosen: Mapping[str, Wish]) -> None:
    """Keep the acting person's choices."""
    rows = env.query(PREFERENCE).where(F.user == env.actor.id).select("kind").rows()
    known = {r["kind"]: r["id"] for r in rows}
    values: dict[str, dict[str, Any]] = {kind: {name: getattr(one, name) for name, _label in WAYS} for kind, one in chosen.items()}
    env.update_each(PREFERENCE, {known[kind]: v for kind, v in values.items() if kind in known})
    new = [{"kind": kind, "user": env.actor.id, **v} for kind, v in values.items() if kind not in known]
    if new:
        env.create(PREFERENCE, new)


def save_settings(env: Env, values: Mapping[str, Any]) -> None:
    """Keep whether and when mails come to the acting person."""
    known = env.query(SETTINGS).where(F.user == env.actor.id).ids(1)
    if known:
        env.update(SETTINGS, known[0], values)
    else:
        env.create(SETTINGS, {"user": env.actor.id, **values})


def my_settings(env: Env) -> tuple[bool, int]:
    """(whether mails come, the hour of the daily summary)."""
    rows = env.query(SETTINGS).where(F.user == env.actor.id).select("mails", "hour").rows(1)
    return (bool(rows[0]["mails"]), int(rows[0]["hour"])) if rows else (True, 8)


def morning(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The moment itself, or seven in the morning when it is night where somebody is."""
    local = moment.astimezone(zone)
    begin, end = NIGHT
    if end <= local.time() < begin:
        return moment
    day = local.date() + dt.timedelta(days=1 if local.time() >= begin else 0)
    return dt.datetime.combine(day, end, zone).astimezone(dt.UTC)
