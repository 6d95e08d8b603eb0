"""Conversations: which one a message belongs to, and what is kept of it for the inbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from core.api import Env, F

from . import accounts
from .choices import IN, MESSAGE, THREAD

LIFE = dt.timedelta(days=90)


def join(env: Env, rows: Sequence[dict[str, Any]]) -> None:
    """Give messages that are about to be written their conversation, made where there is none; elevated code only. A message that
    answers another joins its conversation; in channels without subjects one conversation holds all that is said with somebody."""
    answered = {r["answers"] for r in rows if r["answers"]}
    known = {r["id"]: r["thread"] for r in env.query(MESSAGE).with_ids(answered).select("thread").rows()} if answered else {}
    for row in rows:
        link = known.get(row["answers"])
        row["thread"] = link.id if link else None
    alone = [r for r in rows if r["thread"] is None]
    by_place = _running(env, [r for r in alone if accounts.channel(env, r["channel"]).threads_by_person])
    new: dict[Any, dict[str, Any]] = {}
    for n, row in enumerate(alone):
        place: tuple[Any, ...] = (row["account"], row["channel"], row["counterpart"])
        if not accounts.channel(env, row["channel"]).threads_by_person:
            place = (*place, n)  # what answers nothing begins a conversation
        if place in by_place:
            row["thread"] = by_place[place]
        else:
            new.setdefault(place, {"rows": []})["rows"].append(row)
    if new:
        ids = env.create(THREAD, [_thread(group["rows"][0]) for group in new.values()])
        for key, group in zip(ids, new.values(), strict=True):
            for row in group["rows"]:
                row["thread"] = key
    keep(env, rows, {r["thread"] for r in rows} - {key for key in (ids if new else [])})


def _running(env: Env, rows: Sequence[dict[str, Any]]) -> dict[Any, int]:
    """Conversations that still go on, by account, channel and counterpart."""
    if not rows:
        return {}
    query = env.query(THREAD).holding("counterpart", {r["counterpart"] for r in rows}).where(F.last_at > env.now - LIFE)
    found = query.order("last_at").select("account", "channel", "counterpart").rows()
    return {(r["account"].id if r["account"] else None, r["channel"], r["counterpart"]): r["id"] for r in found}


def _thread(row: dict[str, Any]) -> dict[str, Any]:
    text = " ".join((row["subject"] or row["body"] or row["counterpart"]).split())
    return {"subject": text[:255], "channel": row["channel"], "account": row["account"], "counterpart": row["counterpart"],
            "person": row["person"], "private": row["private"], "last_at": row["at"], "last_from": row["direction"],
            "unread": row["direction"] == IN, "owner": row["owner"]}


def keep(env: Env, rows: Sequence[dict[str, Any]], ids: set[int]) -> None:
    """Conversations that got a further message: when, from whom, and whether somebody has to read it."""
    last = {r["thread"]: r for r in rows if r["thread"] in ids}
    env.derive(THREAD, {key: {"last_at": r["at"], "last_from": r["direction"], "unread": r["direction"] == IN} for key, r in last.items()})
    opened = [key for key, r in last.items() if r["direction"] == IN]
    again = env.query(THREAD).with_ids(opened).where(F.done).ids() if opened else []
    if again:
        env.update(THREAD, again, {"done": False})


def seen(env: Env, ids: Sequence[int]) -> None:
    """Conversations that the acting person opened are read."""
    mine = env.query(THREAD).with_ids(ids).where(F.unread).ids() if ids else []
    if mine:
        with env.elevated("read") as sudo:
            sudo.derive(THREAD, {key: {"unread": False} for key in mine})
