"""Which changes which webhooks are told of, found in the transaction of the change and queued in it.

A batch of thousands of records costs two statements for each webhook that listens: which of them its person may see (and meet
its condition), and the lines for the outbox. Where nobody listens it costs none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.api import Change, ChangeSet, Env, SarnakhError

from . import webhook_alerts, webhook_sign
from .webhook_choices import ACTION, CHANGED, COUNTER, DELIVERY, ENDED, OF_CHANGE, TOPIC, WEBHOOK


@dataclass(frozen=True)
class Watcher:
    """What of a webhook decides about events."""

    key: int
    events: frozenset[str]
    watched: frozenset[str]
    actions: frozenset[str]
    condition: str
    user: int


def changes(env: Env, found: ChangeSet) -> None:
    """Queue what webhooks want to know of a write."""
    known = watchers(env)
    for change in found.changes if known else ():
        event = OF_CHANGE.get(change.action)
        for watcher in known.get(change.record, ()) if event else ():
            if event in watcher.events:
                touched = _touched(change, watcher)
                if touched:
                    _queue(env, watcher, change.record, f"{change.record}.{event}", touched)


def action(env: Env, record: str, name: str, ids: Sequence[int]) -> None:
    """Queue what webhooks want to know of an action."""
    for watcher in watchers(env).get(record, ()):
        if ACTION in watcher.events and (not watcher.actions or name in watcher.actions):
            _queue(env, watcher, record, f"{record}.action.{name}", dict.fromkeys(ids, ()))


def watchers(env: Env) -> Mapping[str, Sequence[Watcher]]:
    """Active webhooks by record type, shared by the process until one of them is written."""
    kept = env.kept("api.webhooks", COUNTER)
    if "all" not in kept:
        made: dict[str, list[Watcher]] = {}
        with env.elevated("who is told of changes") as sudo:
            rows = sudo.query(WEBHOOK).where("active", f"health != \"{ENDED}\"").order("id").select(
                "record_type", "events", "watched", "actions", "condition", "user").rows()
        for row in rows:
            made.setdefault(row["record_type"], []).append(Watcher(
                row["id"], frozenset(row["events"] or ()), frozenset(row["watched"] or ()), frozenset(row["actions"] or ()),
                row["condition"] or "", row["user"].id))
        kept["all"] = made
    return kept["all"]  # type: ignore[no-any-return]


def _touched(change: Change, watcher: Watcher) -> dict[int, Iterable[str]]:
    """The records of a batch that concern a webhook, each with the names of the fields that got another value."""
    keys = [r.__dict__["id"] for r in change.records]
    if OF_CHANGE[change.action] != CHANGED:
        return dict.fromkeys(keys, ())
    told: dict[int, list[str]] = {}
    many = {name: set(values) for name, values in change.many.items()}
    for name in sorted(change.fields):
        moved = many[name] if name in many else {r.__dict__["id"] for r in change.changed(name)}
        for key in moved:
            told.setdefault(key, []).append(name)
    if watcher.watched:
        told = {key: names for key, names in told.items() if watcher.watched.intersection(names)}
    return dict(told)


def _queue(env: Env, watcher: Watcher, record: str, event: str, touched: Mapping[int, Iterable[str]]) -> None:
    seen = _seen(env, watcher, record, list(touched))
    if not seen:
        return
    with env.elevated("webhooks are told of changes") as sudo:
        sudo.create(DELIVERY, [{"webhook": watcher.key, "key": webhook_sign.new_key(), "event": event, "record_type": record,
                                "record_id": key, "changed": list(touched[key]), "at": env.now, "due_at": env.now} for key in seen])
        sudo.enqueue(TOPIC, {"webhook": watcher.key}, dedupe=str(watcher.key))


def _seen(env: Env, watcher: Watcher, record: str, ids: Sequence[int]) -> list[int]:
    """Those that the webhook's person may see and that meet its condition. A condition that cannot be worked out must not keep
    people from their work: the webhook is marked, and told nothing."""
    person = env.as_actor(env.installation.load_actor(watcher.user))
    if not person.can("read", record):
        return []
    query = person.query(record).with_ids(ids).archived(None).deleted(None).order("id")
    if not watcher.condition:
        return query.ids()
    try:
        with env.attempt():
            return query.where(watcher.condition).ids()
    except Exception as error:  # noqa: BLE001 - also what the database says of a division by zero
        env.installation.log.warning("condition of a webhook", webhook=watcher.key, error=str(error)[:300])
        said = error.message if isinstance(error, SarnakhError) else type(error).__name__
        with env.elevated("a webhook's condition fails") as sudo:
            sudo.derive(WEBHOOK, {watcher.key: {"problem": env.t(said)[:500]}})
            webhook_alerts.condition_fails(sudo, watcher.key, said)
        return []


def test(env: Env, webhook: int, record: str) -> int:
    """Queue a test event; returns its number. The caller has made sure that the person may."""
    with env.elevated("a webhook is tested") as sudo:
        made: int = sudo.create(DELIVERY, {"webhook": webhook, "key": webhook_sign.new_key(), "event": "test", "record_type": record,
                                           "record_id": 0, "at": env.now, "due_at": env.now})
        sudo.enqueue(TOPIC, {"webhook": webhook}, dedupe=str(webhook))
    return made

