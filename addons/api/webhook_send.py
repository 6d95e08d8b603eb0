"""Sending what waits for one webhook: in order for each record, several records at a time, and no transaction open meanwhile.

    take ─► read as the person ─► commit ─► send ─► write down ─► commit ─► take ...

One job at a time holds a webhook. A worker that is killed between two commits leaves deliveries that are "being sent"; the next
one sends them again under the same ID: at least once, in the same order. A receiver that fails as a whole is left alone for growing
pauses, so that it costs the others nothing; one that is slow rests as long as it took.
"""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from core.api import Env, F, Job, Message, Postpone, Sealed, _, outward_session

from . import webhook_alerts, webhook_payload, webhook_sign
from .webhook_choices import (
    COUNTER,
    DELIVERED,
    DELIVERY,
    ENDED,
    FAILING,
    PARKED,
    SENDING,
    SKIPPED,
    TOPIC,
    WAITING,
    WEBHOOK,
    WORKING,
)
from .webhook_post import AGAIN, DONE, GONE, REST, Outcome, post

PATHS = ("name", "url", "record_type", "sent", "user", "secret", "old_secret", "old_until", "health", "problem", "failures", "rest_until")
ROW = ("key", "event", "record_type", "record_id", "changed", "at", "attempts")
BATCH, THREADS, SLICE = 64, 8, 5.0
HOLD = dt.timedelta(seconds=60)
PAUSES = (5, 30, 120, 600, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
"""Seconds before each further attempt; after the last one a delivery is parked."""
PATIENCE = 3
"""Attempts of one event after which a receiver that refuses everything is said to fail."""
Row = Mapping[str, Any]


def _now() -> dt.datetime:
    """Now: a job runs longer than its environment's moment is true."""
    return dt.datetime.now(dt.UTC)


def drain(env: Env, work: Job) -> dict[str, int]:
    """Send what is due to one webhook; elevated code only."""
    key, sent = work.payload["webhook"], work.state.get("sent", 0)
    if not _hold(env, key, work):
        return {"sent": sent}
    env.claim(env.query(DELIVERY).where((F.webhook == key) & (F.state == SENDING)), {"state": WAITING})
    began = time.monotonic()
    while True:
        hook = _hook(env, key)
        batch = _take(env, key) if hook is not None and not _resting(hook) else []
        if hook is None or not batch:
            _let_go(env, key, hook)
            return {"sent": sent}
        ready = _prepare(env, hook, batch)
        secrets = _secrets(env, hook)
        env.derive(WEBHOOK, {key: {"held_until": _now() + HOLD}})
        work.checkpoint({"sent": sent, "round": work.state.get("round", 0) + 1})
        outcomes = _send_all(env, hook, ready, secrets, work)
        _settle(env, hook, ready, outcomes)
        sent += sum(one.kind == DONE for one in outcomes.values())
        work.progress(sent)
        work.checkpoint({"sent": sent, "round": work.state.get("round", 0) + 1})
        took = time.monotonic() - began
        if took > SLICE:  # others have their turn; who is slow gets at most half of a worker's time
            env.derive(WEBHOOK, {key: {"held_until": None, "held_by": None}})
            work.checkpoint({"sent": sent, "round": work.state.get("round", 0) + 1})
            raise Postpone(took)


# ---------------------------------------------------------------- holding a webhook
def _hold(env: Env, key: int, work: Job) -> bool:
    """Whether this job alone sends to a webhook from now on. Who finds it held leaves what waits to the holder; the sweep looks after
    what a holder missed."""
    now = _now()
    free = F.held_until.is_null() | (F.held_until < now) | (F.held_by == work.id)
    live = env.query(WEBHOOK).with_ids([key]).where(F.active & (F.health != ENDED) & (F.rest_until.is_null() | (F.rest_until <= now)))
    return bool(env.claim(live.where(free), {"held_by": work.id, "held_until": now + HOLD}))


def _hook(env: Env, key: int) -> Row | None:
    rows = env.query(WEBHOOK).with_ids([key]).where(F.active & (F.health != ENDED)).select(*PATHS).rows(1)
    return rows[0] if rows else None


def _resting(hook: Row) -> bool:
    return hook["rest_until"] is not None and hook["rest_until"] > _now()


def _let_go(env: Env, key: int, hook: Row | None) -> None:
    """Free the webhook, and ring again when the next delivery is due."""
    env.derive(WEBHOOK, {key: {"held_by": None, "held_until": None}})
    if hook is None:
        return
    waiting = env.query(DELIVERY).where((F.webhook == key) & (F.state == WAITING)).order("due_at").select("due_at").rows(1)
    if waiting:
        moment = max(waiting[0]["due_at"], hook["rest_until"] or waiting[0]["due_at"])
        env.enqueue(TOPIC, {"webhook": key}, run_at=moment, dedupe=f"{key} {int(moment.timestamp())}")


# ---------------------------------------------------------------- taking
def _take(env: Env, key: int) -> list[dict[str, Any]]:
    """Deliveries that are due, the oldest first, without those of records of which an earlier one still waits for its next attempt."""
    now = _now()
    while True:
        due = env.query(DELIVERY).where((F.webhook == key) & (F.state == WAITING) & (F.due_at <= now)).order("id").select(*ROW).rows(BATCH)
        held = _blocked(env, key, now, {r["record_id"] for r in due}) if due else {}
        behind = {r["id"]: {"due_at": held[r["record_id"]][1]} for r in due
                  if r["record_id"] in held and held[r["record_id"]][0] < r["id"]}
        env.derive(DELIVERY, behind)
        free = [r for r in due if r["id"] not in behind]
        if free or not due:
            return free


def _blocked(env: Env, key: int, now: dt.datetime, records: set[int]) -> dict[int, tuple[int, dt.datetime]]:
    """By record its first delivery that waits for a later moment, and that moment."""
    rows = env.query(DELIVERY).where((F.webhook == key) & (F.state == WAITING) & (F.due_at > now)
                                     & F.record_id.isin(sorted(records - {0}))).order("id").select("record_id", "due_at").rows()
    found: dict[int, tuple[int, dt.datetime]] = {}
    for row in rows:
        found.setdefault(row["record_id"], (row["id"], row["due_at"]))
    return found


def _prepare(env: Env, hook: Row, batch: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that are sent, each with its `body`; what its person may not see any more is not."""
    made = webhook_payload.bodies(env, hook, batch)
    hidden = _text(env, hook, _("The person whose rights the webhook has may not see the record (any more)."))
    env.derive(DELIVERY, {r["id"]: {"state": SKIPPED, "problem": hidden, "due_at": None} for r in batch if made[r["id"]] is None})
    env.derive(DELIVERY, {key: {"state": SENDING, "request": body} for key, body in made.items() if body is not None})
    return [{**r, "body": (made[r["id"]] or "").encode()} for r in batch if made[r["id"]] is not None]


def _secrets(env: Env, hook: Row) -> list[str]:
    former = hook["old_secret"] if hook["old_until"] is not None and hook["old_until"] > _now() else None
    sealed: list[Sealed | None] = [hook["secret"], former]
    return [text for text in map(env.unseal, sealed) if text]


# ---------------------------------------------------------------- sending
def _send_all(env: Env, hook: Row, ready: Sequence[Mapping[str, Any]], secrets: Sequence[str], work: Job) -> dict[int, Outcome]:
    """What became of each delivery that was tried. Several records go at a time, the deliveries of one record one after the other;
    as soon as the receiver fails as a whole, nothing more is tried."""
    groups: dict[int, list[Mapping[str, Any]]] = {}
    for row in ready:
        groups.setdefault(row["record_id"], []).append(row)
    stop, own, outcomes = threading.Event(), threading.local(), {}
    sessions: list[Any] = []

    def session() -> Any:
        if not hasattr(own, "http"):
            own.http = outward_session(env)
            sessions.append(own.http)
        return own.http

    def run(group: Sequence[Mapping[str, Any]]) -> None:
        for row in group:
            if stop.is_set() or work.cancelled():
                return
            outcome = post(session(), hook["url"], webhook_sign.headers(row["key"], _now(), row["body"], secrets), row["body"])
            outcomes[row["id"]] = outcome
            if outcome.kind in (REST, GONE):
                stop.set()
            if outcome.kind != DONE:
                return

    threads = 1 if hook["failures"] else THREADS  # who failed is asked by one request whether it is back
    with ThreadPoolExecutor(threads, thread_name_prefix="webhook") as pool:
        list(pool.map(run, groups.values()))
    for http in sessions:
        http.close()
    return outcomes


# ---------------------------------------------------------------- writing down
def _settle(env: Env, hook: Row, ready: Sequence[Mapping[str, Any]], outcomes: Mapping[int, Outcome]) -> None:
    tried = {row["id"]: _outcome(env, hook, row, outcomes[row["id"]]) for row in ready if row["id"] in outcomes}
    env.derive(DELIVERY, tried)
    env.derive(DELIVERY, {row["id"]: {"state": WAITING} for row in ready if row["id"] not in outcomes})
    _health(env, hook, outcomes, tried)
    given_up = sum(one["state"] == PARKED and outcomes[key].kind != GONE for key, one in tried.items())
    if given_up:
        webhook_alerts.parked(env, hook, given_up)


def _outcome(env: Env, hook: Row, row: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    attempts, now = row["attempts"] + 1, _now()
    state, due = DELIVERED, None
    if outcome.kind != DONE:
        state = PARKED if outcome.kind == GONE or attempts > len(PAUSES) else WAITING
        pause = PAUSES[min(attempts, len(PAUSES)) - 1] * random.uniform(1.0, 1.2)
        due = now + dt.timedelta(seconds=max(pause, outcome.after))
    return {"state": state, "attempts": attempts, "due_at": due, "sent_at": now, "status": outcome.status, "took": outcome.took,
            "answer": outcome.answer or None, "problem": _text(env, hook, outcome.problem)[:500] or None}


def _health(env: Env, hook: Row, outcomes: Mapping[int, Outcome], tried: Mapping[int, Mapping[str, Any]]) -> None:
    """How the receiver is as a whole, and the word to people when that becomes worse."""
    kinds = {one.kind: one for one in outcomes.values()}
    if GONE in kinds:
        problem = kinds[GONE].problem
        env.derive(WEBHOOK, {hook["id"]: {"health": ENDED, "problem": _text(env, hook, problem)[:500], "rest_until": None}})
        env.changed(COUNTER)
        webhook_alerts.ended(env, hook)
    elif REST in kinds:
        until = max(tried[key]["due_at"] for key, one in outcomes.items() if one.kind == REST)
        _fails(env, hook, kinds[REST].problem, {"rest_until": until, "failures": hook["failures"] + 1})
    elif AGAIN in kinds and DONE not in kinds and any(one["attempts"] >= PATIENCE for one in tried.values()):
        _fails(env, hook, kinds[AGAIN].problem, {})
    elif DONE in kinds and (hook["health"] != WORKING or hook["failures"] or hook["problem"]):
        env.derive(WEBHOOK, {hook["id"]: {"health": WORKING, "problem": None, "rest_until": None, "failures": 0}})


def _fails(env: Env, hook: Row, problem: Message | str, more: Mapping[str, Any]) -> None:
    env.derive(WEBHOOK, {hook["id"]: {"health": FAILING, "problem": _text(env, hook, problem)[:500], **more}})
    if hook["health"] != FAILING:
        webhook_alerts.failing(env, hook, problem)


def _text(env: Env, hook: Row, said: Message | str) -> str:
    """What went wrong, in the language of the webhook's person."""
    lang = env.installation.load_actor(hook["user"].id).lang
    return env.speaking(lang).t(said) if isinstance(said, Message) else said
