"""Mass sending: who was chosen, what each gets, and preparing it in chunks as the person who started it.

A chunk's messages, the place it came to and the job of the next chunk are one transaction: a worker that is killed leaves a
whole chunk or none. Whatever the person may not do any more at a chunk ends the sending before anything left.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.api import Env, F, NotFound, Query, SarnakhError, _
from core.web_api import listed

from . import accounts, reach, templating, unsubscribing
from .choices import BATCH, CANCELLED, DONE, MESSAGE, PREPARING, QUEUED, RUNNING, SENDING
from .contract import Channel
from .queueing import TOPIC, Draft, queue
from .reach import Recipient

JOB = "messaging.prepare"
CHUNK = 500
MOST_TICKED = 5000
NO_ADDRESS, DOUBLED, EMPTY = "no_address", "doubled", "empty"
LEFT = {NO_ADDRESS: _("No number or address of this channel"), DOUBLED: _("The same number or address once more"),
        EMPTY: _("No text in a language for them")}
OUT_OF_FORM = _("This is not a choice of records any more. Go back to the list and choose again.")


# ---------------------------------------------------------------- who
def chosen_from(text: str) -> dict[str, Any]:
    """The choice that a form carries: {"ids": [...]} or {"pairs": [[name, value], ...]}, the state of a list."""
    try:
        found = json.loads(text)
        ids, pairs = found.get("ids"), found.get("pairs")
        if isinstance(ids, list) and len(ids) <= MOST_TICKED and all(type(k) is int and 0 < k < 2**62 for k in ids):
            return {"ids": ids}
        if isinstance(pairs, list) and len(pairs) <= 200 and all(
                isinstance(p, list) and len(p) == 2 and all(isinstance(v, str) for v in p) for p in pairs):
            return {"pairs": pairs}
    except (ValueError, AttributeError, RecursionError):
        pass
    raise SarnakhError(OUT_OF_FORM)


def query_of(env: Env, record: str, chosen: Mapping[str, Any]) -> Query:
    """The chosen records, as far as the person may read them now, by their numbers. A choice by a list's conditions stays those
    conditions; records that came after the choice (`top`) are not among them."""
    if "ids" in chosen:
        env.require("read", record)
        return env.query(record).with_ids(chosen["ids"]).order("id")
    query, problems = listed(env, record, [(k, v) for k, v in chosen["pairs"]])
    if problems:
        raise SarnakhError(_("The conditions of the list were not understood, so nothing was done."))
    top = chosen.get("top")
    return (query if top is None else query.where(F.id <= top)).order("id")


def last_of(env: Env, record: str, chosen: Mapping[str, Any]) -> int:
    """The newest of the chosen records, 0 when there are none."""
    found = query_of(env, record, chosen).order("-id").ids(1)
    return found[0] if found else 0


# ---------------------------------------------------------------- what
@dataclass(frozen=True)
class Content:
    """What is sent: a template, or a subject and a text that were typed."""

    template: int | None = None
    subject: str = ""
    text: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Content:
        """As a mass sending keeps it."""
        found = stored or {}
        return cls(found.get("template"), found.get("subject") or "", found.get("text") or "")

    def kept(self) -> dict[str, Any]:
        """For the record."""
        return {"template": self.template, "subject": self.subject, "text": self.text}


def texts(env: Env, record: str, channel: Channel, content: Content, people: Mapping[int, Recipient], purpose: str,
          mark: bool = False) -> dict[int, templating.Rendered]:
    """The text for each record, in the language of whoever gets it."""
    usual = env.installation.settings.locale.default_language
    languages = {key: one.language or usual for key, one in people.items()}
    extras = {key: {"unsubscribe_url": unsubscribing.unsubscribe_url(env, one.address, channel.name, purpose, one.language)}
              for key, one in people.items()}
    if not people:
        return {}
    if content.template is not None:
        return templating.render(env, content.template, record, list(people), languages, extras)
    return templating.render_text(env, record, list(people), content.subject, content.text, False, languages=languages, extras=extras,
                                  mark=mark)


@dataclass
class Drafts:
    """Messages for some records, and how many of these get none, by reason."""

    made: list[Draft] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


def firsts(people: Mapping[int, Sequence[Recipient]], taken: set[str]) -> tuple[dict[int, Recipient], Counter[str]]:
    """The recipient of each record, every address once; `taken` are those that have it, and grows."""
    found: dict[int, Recipient] = {}
    left: Counter[str] = Counter()
    for key, several in people.items():
        if not several:
            left[NO_ADDRESS] += 1
        elif several[0].address in taken:
            left[DOUBLED] += 1
        else:
            taken.add(several[0].address)
            found[key] = several[0]
    return found, left


def drafts(env: Env, batch: Mapping[str, Any], keys: Sequence[int]) -> Drafts:
    """Messages of a mass sending for some of its records."""
    channel, record = accounts.channel(env, batch["channel"]), batch["record_type"]
    people = reach.recipients(env, record, keys, channel)
    addresses = sorted({several[0].address for several in people.values() if several})
    with env.elevated("who has the message of this mass sending") as sudo:
        query = sudo.query(MESSAGE).where(F.batch == batch["id"]).holding("counterpart", addresses)
        had = query.select("counterpart").rows() if addresses else []
    chosen, left = firsts(people, {r["counterpart"] for r in had})
    made = texts(env, record, channel, Content.of(batch["content"]), chosen, batch["purpose"] or "")
    found = Drafts(left=left)
    for key, one in chosen.items():
        text = made.get(key)
        if text is None or text.problem or not (text.text or text.html or text.template):
            found.left[EMPTY] += 1
            continue
        found.made.append(draft_of({**batch, "batch": batch["id"]}, channel, record, key, one, text))
    return found


def draft_of(source: Mapping[str, Any], channel: Channel, record: str, key: int, one: Recipient, text: templating.Rendered) -> Draft:
    """One message with a text for a record. `source` (a mass sending, a template) says its `kind`, `purpose` and the campaign's `name`; a
    mass sending `account`, `scheduled_at` and its number, too."""
    account = source.get("account")
    return Draft(channel.name, one.address, text.text, text.subject, text.html, about=[(record, key)], person=one.record,
                 account=account.id if account else None, kind=source["kind"], purpose=source["purpose"] or "",
                 campaign=source["name"][:120], at=source.get("scheduled_at"), files=text.files, batch=source.get("batch"),
                 template=text.template, parameters=dict(text.parameters), language=text.language or one.language,
                 opted_out=one.opted_out)


# ---------------------------------------------------------------- starting and preparing
def start(env: Env, record: str, chosen: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Begin a mass sending as the acting person; `values`: name, channel, account, kind, purpose, scheduled_at, content. It is
    prepared in the background."""
    env.require("create", BATCH)
    total = query_of(env, record, chosen).count(None)
    if not total:
        raise SarnakhError(_("None of the chosen records lets you do this."))
    kept = {**chosen, "top": last_of(env, record, chosen)}
    with env.elevated("a mass sending begins") as sudo:
        key: int = sudo.create(BATCH, {**values, "record_type": record, "chosen": kept, "total": total, "prepared": 0,
                                       "state": PREPARING, "owner": env.actor.id})
    env.enqueue(JOB, {"batch": key})
    return key


def prepare(env: Env, key: int) -> dict[str, int]:
    """The next chunk of a mass sending, as the person who started it; the job of the chunk after it is queued with it."""
    with env.elevated("a chunk of a mass sending") as sudo:
        if not sudo.claim(sudo.query(BATCH).with_ids([key]).where(F.state == PREPARING), {"state": PREPARING}):
            return {"prepared": 0}
        batch = sudo.query(BATCH).with_ids([key]).select(
            "name", "channel", "account", "kind", "purpose", "record_type", "chosen", "content", "scheduled_at", "prepared",
            "owner").rows()[0]
    try:
        if not env.can("create", BATCH) or env.actor.id is None or batch["owner"] is None or batch["owner"].id != env.actor.id:
            raise NotFound(_("The person who started it may not send to lists any more."))
        cursor = (batch["content"] or {}).get("cursor", 0)
        keys = query_of(env, batch["record_type"], batch["chosen"]).where(F.id > cursor).ids(CHUNK)
        found = drafts(env, batch, keys) if keys else Drafts()
        with env.attempt():
            queue(env, found.made, strict=False)
    except SarnakhError as error:
        _give_up(env, key, batch, env.t(error.message))
        return {"prepared": 0}
    _keep(env, key, batch, keys, found)
    return {"prepared": len(keys)}


def _keep(env: Env, key: int, batch: Mapping[str, Any], keys: Sequence[int], found: Drafts) -> None:
    """Write down how far it is, and go on or let it run."""
    content = dict(batch["content"] or {})
    content["left"] = dict(Counter(content.get("left") or {}) + found.left)
    content["cursor"] = keys[-1] if keys else content.get("cursor", 0)
    is_over = len(keys) < CHUNK
    with env.elevated("how far a mass sending is") as sudo:
        sudo.update(BATCH, [key], {"content": content, "prepared": (batch["prepared"] or 0) + len(keys),
                                   **({"state": RUNNING} if is_over else {})})
    if not is_over:
        env.enqueue(JOB, {"batch": key})
    elif batch["account"]:
        env.enqueue(TOPIC, {"account": batch["account"].id}, dedupe=str(batch["account"].id))


def _give_up(env: Env, key: int, batch: Mapping[str, Any], reason: str) -> None:
    """Nothing of it has left: what was prepared is cancelled, and the record says why."""
    with env.elevated("a mass sending cannot go on") as sudo:
        sudo.update(BATCH, [key], {"state": CANCELLED, "content": {**(batch["content"] or {}), "problem": reason[:500]}})
        sudo.claim(sudo.query(MESSAGE).where((F.batch == key) & (F.state == QUEUED)), {"state": CANCELLED})


def finish(env: Env) -> int:
    """Mass sendings of which nothing waits any more are done; returns how many. Elevated code only."""
    running = env.query(BATCH).where(F.state == RUNNING).ids()
    if not running:
        return 0
    waiting = env.query(MESSAGE).where(F.batch.isin(running) & F.state.isin((QUEUED, SENDING)))
    busy = {r["batch"].id for r in waiting.aggregate(["batch"], limit=len(running))}
    over = {key: {"state": DONE} for key in running if key not in busy}
    return env.derive(BATCH, over) if over else 0


def planned(at: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """A moment to come, or none."""
    return at if at is not None and at > now else None
