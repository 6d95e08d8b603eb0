"""Handing queued messages to providers: claimed and committed first, then sent, then written down.

Of a worker that is killed between claim and answer nobody knows what the provider got. Such messages, and those whose answer was
lost, are resolved as the provider allows (`Provider.repeats`): sent again under the same key, asked about, or shown to people as
unknown. Nothing is lost and nothing goes out twice by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.api import Env, F, Job, Message, NotOutside, Postpone, _

from . import accounts, outgoing
from .choices import CANCELLED, FAILED, MESSAGE, QUEUED, RUNNING, SENDING, SENT, UNKNOWN
from .contract import (
    ACCEPTED,
    BY_HAND,
    BY_QUERY,
    REJECTED,
    UNCERTAIN,
    Account,
    Later,
    Outgoing,
    Provider,
    Refused,
    Sent,
    Unclear,
)

PAUSE = dt.timedelta(minutes=2)
"""How long after its claim a message without an answer is looked into: whoever claimed it is gone by then."""
TRIES = 8
MOST_PAUSE = 3600
GIVE_UP = dt.timedelta(hours=24)
Rows = Mapping[int, Mapping[str, Any]]
RATE = dt.timedelta(minutes=1)


def drain(env: Env, work: Job) -> dict[str, int]:
    """Send what is due from one account, in batches; Postpone when its provider allows no more for now."""
    key, sent = work.payload["account"], work.state.get("sent", 0)
    found = accounts.rows(env, [key])
    provider = accounts.provider_of(env, found[0]) if found else None
    if not found or provider is None or not found[0]["active"]:
        return {"sent": sent}
    row = found[0]
    account = accounts.opened(env, row)
    try:
        resolve(env, row, provider, account)
        work.checkpoint({"sent": sent, "round": work.state.get("round", 0) + 1})
        while True:
            room = _room(env, row, provider)
            ids = _claim(env, row, provider, room) if room else []
            work.checkpoint({"sent": sent, "round": work.state.get("round", 0) + 1})
            if not ids:
                _rest(env, key, room)
                return {"sent": sent}
            sent += _hand_over(env, row, provider, account, ids)
            work.progress(sent)
            work.checkpoint({"sent": sent, "round": work.state.get("round", 0) + 1})
            row = accounts.rows(env, [key])[0]
            if row["problem_since"] is not None and row["health"] != accounts.WORKING:
                return {"sent": sent}
    finally:
        account.http.close()


def _rest(env: Env, key: int, room: int) -> None:
    """Come back when there is room again; what was never answered is looked into later."""
    if not room:
        raise Postpone(5, _("As many messages as the provider allows in a minute were sent."))
    waiting = env.query(MESSAGE).where((F.account == key) & (F.state == SENDING)).exists()
    if waiting:
        raise Postpone(PAUSE.total_seconds() / 4, _("Waiting for what became of messages without an answer."))


def _room(env: Env, row: Mapping[str, Any], provider: Provider) -> int:
    """How many messages may be handed over now."""
    most = row["per_minute"] or provider.per_minute
    if not most:
        return provider.batch
    lately = env.query(MESSAGE).where((F.account == row["id"]) & (F.sent_at > env.now - RATE)).count(most + 1)
    return max(0, min(provider.batch, most - lately))


def _claim(env: Env, row: Mapping[str, Any], provider: Provider, room: int) -> list[int]:
    """Messages that this job alone hands over now. One-time codes go first; those that lost their worth are not sent any more."""
    due = env.query(MESSAGE).where((F.account == row["id"]) & (F.state == QUEUED) & (F.due_at <= env.now))
    late = {"state": FAILED, "code": "late", "reason": env.t(_("It had lost its worth before it could be sent."))}
    env.claim(due.where(F.expires_at < env.now), late)
    going = due.where(F.batch.is_null() | (F.batch.state == RUNNING))
    values = {"state": SENDING, "claimed_at": env.now}
    ids = env.claim(going.where(F.kind == "code"), values, room)
    ids += env.claim(going, values, room - len(ids)) if len(ids) < room else []
    if ids and provider.same_text:
        ids = _alike(env, ids)
    return ids


def _alike(env: Env, ids: list[int]) -> list[int]:
    """For providers that take one text in a call: those with the first one's text; the others go back."""
    rows = {r["id"]: (r["body"], r["sender"], r["template"], r["kind"]) for r in
            env.query(MESSAGE).with_ids(ids).select("body", "sender", "template", "kind").rows()}
    first = rows[ids[0]]
    same = [key for key in ids if rows[key] == first and (first[3] != "code" or key == ids[0])]
    back = set(ids) - set(same)
    env.derive(MESSAGE, {key: {"state": QUEUED, "claimed_at": None} for key in back})
    return same


# ---------------------------------------------------------------- one call
def _hand_over(env: Env, row: Mapping[str, Any], provider: Provider, account: Account, ids: Sequence[int]) -> int:
    """One call of the provider for claimed messages; returns how many it took."""
    messages, details = outgoing.build(env, ids)
    plain = [m for m in messages if not m.template]
    approved = [m for m in messages if m.template]
    taken = 0
    for group, send in ((plain, provider.send), (approved, provider.send_template)):
        if group:
            taken += _call(env, row, provider, account, group, details, send)
    return taken


def _call(env: Env, row: Mapping[str, Any], provider: Provider, account: Account, group: Sequence[Outgoing],
          details: Rows, send: Callable[[Account, Sequence[Outgoing]], list[Sent]]) -> int:
    env.commit()  # nothing is held while a provider is waited for
    try:
        answers = send(account, group)
        if len(answers) != len(group):
            raise Unclear(_("The provider answered for another number of messages."))
    except Later as later:
        first, rest = group[:len(later.done)], group[len(later.done):]
        answered = {m.number: answer for m, answer in zip(first, later.done, strict=False)}
        taken = settle(env, row, provider, first, answered, details) if first else 0
        _put_off(env, row, rest, details, env.t(later.message), later.seconds)
        return taken
    except (Refused, NotOutside) as refused:
        accounts.failing(env, row, refused.message)
        _stand_in(env, row, group, details, env.t(refused.message))
        return 0
    except Unclear as unclear:
        _unclear(env, provider, group, env.t(unclear.message))
        return 0
    except Exception as error:  # noqa: BLE001 - whatever a provider's code does: nobody knows what was sent
        env.installation.log.exception("provider", provider=provider.name, account=row["id"])
        _unclear(env, provider, group, type(error).__name__)
        return 0
    accounts.works(env, row)
    return settle(env, row, provider, group, dict(zip((m.number for m in group), answers, strict=True)), details)


def settle(env: Env, row: Mapping[str, Any], provider: Provider, group: Sequence[Outgoing], answers: Mapping[int, Sent],
           details: Rows) -> int:
    """Write down what became of messages; returns how many the provider has."""
    values: dict[int, dict[str, Any]] = {}
    elsewhere, unclear = [], []
    for message in group:
        answer = answers[message.number]
        if answer.state == UNCERTAIN:
            unclear.append(message)
        elif answer.state == REJECTED and answer.elsewhere and row["stand_in"] is not None:
            elsewhere.append(message)
        else:
            values[message.number] = _outcome(env, answer, details[message.number])
    env.derive(MESSAGE, values)
    if elsewhere:
        _stand_in(env, row, elsewhere, details, _text(env, answers[elsewhere[0].number].reason))
    if unclear:
        _unclear(env, provider, unclear, _text(env, answers[unclear[0].number].reason))
    outgoing.learn(env, [(m, answers[m.number]) for m in group if answers[m.number].state == REJECTED], row["channel"])
    took = [number for number, one in values.items() if one["state"] == SENT]
    lost = [number for number, one in values.items() if one["state"] == FAILED]
    for event, numbers in (("messaging.sent", took), ("messaging.failed", lost)):
        if numbers:
            env.emit(event, {"messages": numbers})
    return len(took)


def _outcome(env: Env, answer: Sent, known: Mapping[str, Any]) -> dict[str, Any]:
    accepted = answer.state == ACCEPTED
    return {"state": SENT if accepted else FAILED, "external": answer.id or None, "code": answer.code[:60] or None,
            "reason": None if accepted else _text(env, answer.reason)[:500] or None, "cost": answer.cost,
            "cost_currency": answer.currency or None, "segments": answer.parts or known["segments"],
            "sent_at": env.now if accepted else None, "at": env.now if accepted else known["at"],
            "attempts": known["attempts"] + 1, "claimed_at": None}


def _text(env: Env, reason: Any) -> str:
    return env.t(reason) if isinstance(reason, Message) else str(reason or "")


# ---------------------------------------------------------------- what does not go through
def _put_off(env: Env, row: Mapping[str, Any], group: Sequence[Outgoing], details: Rows, reason: str,
             seconds: float) -> None:
    """The provider took nothing: again later, with growing pauses, by the stand-in after some, and never for ever."""
    values, elsewhere = {}, []
    for message in group:
        known = details[message.number]
        tries = known["attempts"] + 1
        if tries >= 3 and row["stand_in"] is not None:
            elsewhere.append(message)
        elif tries >= TRIES:
            values[message.number] = {"state": FAILED, "due_at": known["due_at"]}
        else:
            pause = dt.timedelta(seconds=min(seconds * 2 ** (tries - 1), MOST_PAUSE))
            values[message.number] = {"state": QUEUED, "due_at": env.now + pause}
    env.derive(MESSAGE, {n: {**one, "reason": reason[:500], "attempts": details[n]["attempts"] + 1, "claimed_at": None}
                         for n, one in values.items()})
    if elsewhere:
        _stand_in(env, row, elsewhere, details, reason)
    if values and all(details[m.number]["attempts"] >= 2 for m in group):
        accounts.failing(env, row, reason)


def _stand_in(env: Env, row: Mapping[str, Any], group: Sequence[Outgoing], details: Rows, reason: str) -> None:
    """To the stand-in's account; without one they wait for this account to work again, a day at most."""
    other = accounts.rows(env, [row["stand_in"].id], F.active) if row["stand_in"] is not None else []
    if other and accounts.provider_of(env, other[0]) is not None:
        sender = other[0]["sender"] or None
        env.derive(MESSAGE, {m.number: {"state": QUEUED, "account": other[0]["id"], "sender": sender, "due_at": env.now, "claimed_at": None,
                                        "reason": reason[:500]} for m in group})
        env.enqueue("messaging.send", {"account": other[0]["id"]}, dedupe=str(other[0]["id"]))
        return
    values = {}
    for m in group:
        over = details[m.number]["at"] < env.now - GIVE_UP
        values[m.number] = {"state": FAILED if over else QUEUED, "due_at": env.now + dt.timedelta(minutes=5), "reason": reason[:500],
                            "claimed_at": None}
    env.derive(MESSAGE, values)


def _unclear(env: Env, provider: Provider, group: Sequence[Outgoing], reason: str) -> None:
    """Nobody knows: asked about later, or shown to people at once where neither asking nor repeating is possible."""
    if _repeats(provider, group[0]) == BY_HAND:
        env.derive(MESSAGE, {m.number: {"state": UNKNOWN, "reason": reason[:500], "claimed_at": None} for m in group})
        env.emit("messaging.unknown", {"messages": [m.number for m in group]})
    else:
        env.derive(MESSAGE, {m.number: {"reason": reason[:500], "claimed_at": env.now} for m in group})


def _repeats(provider: Provider, message: Outgoing) -> str:
    return provider.repeats_approved or provider.repeats if message.template else provider.repeats


def resolve(env: Env, row: Mapping[str, Any], provider: Provider, account: Account) -> None:
    """Messages that were handed over and never answered for."""
    lost = env.query(MESSAGE).where((F.account == row["id"]) & (F.state == SENDING) & (F.claimed_at < env.now - PAUSE)).order("id").ids(500)
    if not lost:
        return
    messages, details = outgoing.build(env, lost)
    for approved in (False, True):
        group = [m for m in messages if bool(m.template) == approved]
        if group:
            _resolve(env, row, provider, account, group, details)


def _resolve(env: Env, row: Mapping[str, Any], provider: Provider, account: Account, messages: Sequence[Outgoing], details: Rows) -> None:
    how = _repeats(provider, messages[0])
    if how == BY_HAND:
        _unclear(env, provider, messages, env.t(_("The server stopped while the provider was being told.")))
        return
    try:
        there = provider.known(account, messages) if how == BY_QUERY else {}
    except (Later, Refused, Unclear, NotOutside) as error:
        accounts.failing(env, row, error.message)
        return
    settle(env, row, provider, [m for m in messages if m.number in there], there, details)
    env.derive(MESSAGE, {m.number: {"state": QUEUED, "claimed_at": None, "due_at": env.now} for m in messages if m.number not in there})


def cancelled(env: Env, ids: Sequence[int]) -> int:
    """Take back what has not left yet; returns how many. What a worker holds just now is left to it."""
    with env.elevated("messages are taken back") as sudo:
        return len(sudo.claim(sudo.query(MESSAGE).with_ids(ids).where(F.state == QUEUED), {"state": CANCELLED}))
