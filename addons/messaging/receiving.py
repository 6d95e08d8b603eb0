"""Messages that come in: taken once, put into their conversation, given to the person they are from, and offered to addons.

    receive(env, account_row, [Incoming(id="77", sender="0912…", text="STOP")])
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from addons.base.notices import Notice, notify
from core.api import Env, F, Job, _, keep_files

from . import accounts, consents, reach, threads
from .choices import CONCERN, GIVEN, IN, MESSAGE, OUT, RECEIVED, SERVICE, THREAD, WITHDRAWN
from .contract import INBOX, Channel, Incoming

ANSWER_DAYS = dt.timedelta(days=30)
MOST_PEOPLE = 3
MOST_FILES = 50
MOST_TEXT = 200_000
TAKEN = "messaging.received"
"""Event: messages came, with their numbers as `messages`."""


def receive(env: Env, row: Mapping[str, Any], incoming: Sequence[Incoming]) -> list[int]:
    """Take in what came to an account; returns the numbers of new messages. Elevated code only."""
    channel = accounts.channel(env, row["channel"])
    new = _unknown(env, row, incoming)
    if not new:
        return []
    pairs = [(one, accounts.normal_of(env, channel, one.sender) or one.sender.strip()[:320]) for one in new]
    people = reach.behind(env, channel, sorted({address for _one, address in pairs}))
    before = _answered(env, row, channel, pairs)
    rows = [_row(env, row, channel, one, address, people[address], before.get(one.id)) for one, address in pairs]
    threads.join(env, rows)
    ids: list[int] = env.create(MESSAGE, [{k: v for k, v in r.items() if k != "concerns"} for r in rows])
    env.create(CONCERN, [{"message": key, "about": about, "at": r["at"]} for key, r in zip(ids, rows, strict=True)
                         for about in r["concerns"]])
    files = _files(env, ids, pairs)
    stopped = _consents(env, channel, pairs, rows)
    _take(env, row, [(key, r, one) for key, r, (one, _address) in zip(ids, rows, pairs, strict=True) if one.id not in stopped], files)
    _tell(env, row, ids, rows)
    env.emit(TAKEN, {"messages": ids})
    return ids


def fetch(env: Env, row: Mapping[str, Any], work: Job) -> int:
    """Ask a provider for what came; returns how many messages are new. What it gave is committed with the job before it is taken in:
    some providers give each message once."""
    provider = accounts.provider_of(env, row)
    if provider is None or INBOX not in provider.can:
        return 0
    if "incoming" not in work.state:
        account = accounts.opened(env, row)
        env.commit()  # nothing is held while a provider is waited for
        try:
            incoming = provider.inbox(account)
        finally:
            account.http.close()
        env.derive(accounts.ACCOUNT, {row["id"]: {"fetched_at": env.now}})
        work.checkpoint({"incoming": [_packed(one) for one in incoming]})
    return len(receive(env, row, [_unpacked(one) for one in work.state["incoming"]]))


def _packed(one: Incoming) -> dict[str, Any]:
    return {"id": one.id, "sender": one.sender, "to": one.to, "text": one.text, "at": one.at.isoformat() if one.at else None,
            "name": one.name, "subject": one.subject, "extra": dict(one.extra), "references": list(one.references)}


def _unpacked(values: Mapping[str, Any]) -> Incoming:
    return Incoming(**{**values, "at": dt.datetime.fromisoformat(values["at"]) if values["at"] else None})


# ---------------------------------------------------------------- the steps
def _unknown(env: Env, row: Mapping[str, Any], incoming: Sequence[Incoming]) -> list[Incoming]:
    """Those that were not taken in before, each once."""
    by_id = {one.id[:255]: one for one in incoming if one.id}
    if not by_id:
        return []
    known = env.query(MESSAGE).where((F.account == row["id"]) & (F.direction == IN)).holding("external", list(by_id))
    there = {r["external"] for r in known.select("external").rows()}
    return [one for key, one in by_id.items() if key not in there]


def _answered(env: Env, row: Mapping[str, Any], channel: Channel, pairs: Sequence[tuple[Incoming, str]]) -> dict[str, dict[str, Any]]:
    """Our message that each of them answers: by the keys they carry, else the last one to that person from this account."""
    carried = {one.id: list(channel.answered(one)) for one, _address in pairs} if channel.answered else {}
    keys = sorted({k for found in carried.values() for k in found})
    paths = ("key", "counterpart", "person", "owner", "at", "thread")
    by_key = {r["key"]: r for r in env.query(MESSAGE).holding("key", keys).select(*paths).rows()} if keys else {}
    last: dict[str, dict[str, Any]] = {}
    if channel.threads_by_person:
        query = env.query(MESSAGE).holding("counterpart", sorted({a for _one, a in pairs})).where(
            (F.account == row["id"]) & (F.direction == OUT) & (F.at > env.now - ANSWER_DAYS) & (F.kind == SERVICE))
        last = {r["counterpart"]: r for r in query.order("at", "id").select(*paths).rows()}
    found = {}
    for one, address in pairs:
        known = next((by_key[k] for k in carried.get(one.id, ()) if k in by_key), None) or last.get(address)
        if known is not None:
            found[one.id] = known
    ids = sorted({r["id"] for r in found.values()})
    about = env.query(CONCERN).holding("message", ids).select("message", "about").rows() if ids else []
    for known in found.values():
        known["concerns"] = [(r["about"].record, r["about"].id) for r in about if r["message"].id == known["id"]]
    return found


def _row(env: Env, row: Mapping[str, Any], channel: Channel, one: Incoming, address: str, people: Sequence[tuple[str, int]],
         answers: Mapping[str, Any] | None) -> dict[str, Any]:
    known = [tuple(c) for c in answers["concerns"]] if answers else []
    person = next((p for p in people if p in known), people[0] if people else None)
    personal = row["person"].id if row["person"] is not None else None
    owner = personal or (answers["owner"].id if answers and answers["owner"] else None)
    at = min(one.at or env.now, env.now)
    concerns = list(dict.fromkeys([*([person] if person else []), *list(people)[:MOST_PEOPLE], *known]))
    return {
        "direction": IN, "channel": row["channel"], "kind": SERVICE, "state": RECEIVED, "at": at, "account": row["id"],
        "sender": (f"{one.name} <{one.sender}>" if one.name else one.sender)[:320], "recipient": one.to[:320] or None,
        "counterpart": address, "person": person, "subject": one.subject[:255] or None, "body": one.text[:MOST_TEXT],
        "html": one.html or None,
        "details": dict(one.extra), "private": personal is not None and not concerns, "answers": answers["id"] if answers else None,
        "automatic": one.automatic, "external": one.id[:255], "owner": owner, "batch": None, "thread": None, "concerns": concerns,
        "segments": channel.measure(one.text).parts if channel.measure and one.text else None}


def _files(env: Env, ids: Sequence[int], pairs: Sequence[tuple[Incoming, str]]) -> dict[int, list[int]]:
    """Keep what came with messages, under them; the numbers of the files by that of their message."""
    came = [(key, one, file) for key, (one, _address) in zip(ids, pairs, strict=True) for file in one.files[:MOST_FILES]]
    kept = keep_files(env, [(file.name, file.content, (MESSAGE, key)) for key, _one, file in came])
    values: dict[int, dict[str, Any]] = {}
    for number, (key, one, file) in zip(kept, came, strict=True):
        of = values.setdefault(key, {"files": [], "details": {**dict(one.extra), "inline": {}}})
        of["files"].append(number)
        if file.inline_id:
            of["details"]["inline"][file.inline_id] = number
    env.update_each(MESSAGE, values)
    return {key: one["files"] for key, one in values.items()}


def _take(env: Env, row: Mapping[str, Any], found: Sequence[tuple[int, dict[str, Any], Incoming]],
          files: Mapping[int, list[int]]) -> None:
    """What strangers wrote becomes what the account's rule says: leads, tickets. What a machine wrote does not."""
    taker = accounts.takers(env).get(row["takes"] or "")
    wanted = [(key, r, one) for key, r, one in found if not r["automatic"] and r["answers"] is None
              and (r["person"] is None or row["takes_all"])]
    if taker is None or not wanted:
        return
    taken = taker.take(env, [{"id": key, "channel": row["channel"], "account": row["id"], "sender": one.sender, "name": one.name,
                              "counterpart": r["counterpart"], "subject": r["subject"], "body": r["body"], "files": files.get(key, []),
                              "person": r["person"], "external": r["external"]} for key, r, one in wanted])
    env.create(CONCERN, [{"message": key, "about": about, "at": env.now} for key, about in taken.items()])
    new = {key: taken[key] for key, r, _one in wanted if key in taken and r["person"] is None}
    env.update_each(MESSAGE, {key: {"person": about} for key, about in new.items()})
    env.update_each(THREAD, {r["thread"]: {"person": new[key]} for key, r, _one in wanted if key in new})


def _consents(env: Env, channel: Channel, pairs: Sequence[tuple[Incoming, str]], rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """STOP and START, written in any of our languages, are entries in the ledger; returns which messages say so."""
    if channel.wants is None:
        return set()
    said = set()
    entries = []
    for (one, address), row in zip(pairs, rows, strict=True):
        wish = channel.wants(one.text)
        if wish:
            said.add(one.id)
            entries.append({"address": address, "channel": row["channel"], "state": WITHDRAWN if wish == "stop" else GIVEN,
                            "source": "reply", "proof": one.text[:400], "at": row["at"], "person": row["person"]})
    if entries:
        consents.record(env, entries)
    return said


def _tell(env: Env, row: Mapping[str, Any], ids: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
    """The bell of whoever a message is for: its owner, else the account's members."""
    notices = []
    members: list[int] = []
    if any(r["owner"] is None for r in rows):
        found = env.query(accounts.ACCOUNT).archived(None).with_ids([row["id"]]).records("members", limit=1)
        members = [m.id for m in found[0].members or ()] if found else []
    for key, one in zip(ids, rows, strict=True):
        if not one["automatic"]:
            for user in [one["owner"]] if one["owner"] else members:
                notices.append(Notice(user, "message", _("A message came from {name}", name=one["sender"]), (MESSAGE, key),
                                      url=f"/x/messaging/thread/{one['thread']}", dedupe=f"thread:{one['thread']}", icon="chat-left-text"))
    notify(env, notices)
