"""Writing messages that are to be sent: checked, blocked where nobody agreed, put off in quiet hours, and handed to the outbox in the
transaction of whatever causes them.

    queue(env, [Draft("sms", "0912 345 6789", "Your parcel is on its way.", about=[("deals.deal", 7)])])
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.api import Env, F, Invalid, Message, ValidationFailed, _, latin_digits

from . import accounts, consents, quiet, threads
from .choices import ACCOUNT, BLOCKED, CODE, COMMERCIAL, CONCERN, FAILED, LEFT, MESSAGE, OUT, QUEUED, SERVICE
from .contract import Channel

TOPIC, FILE = "messaging.send", "base.file"
MOST_TEXT = 20_000
CODE_MINUTES = 10
SOON = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Draft:
    """One message to be sent. `to`: a number or address in any shape. `about`: records it concerns, as (type, number); `person`:
    whom it goes to, one of them. `account`: None takes the first that the acting person may use. `kind` "code" is hidden from
    everybody and worthless after ten minutes. `at`: not before. `details`: what only its channel knows. `opted_out`: the
    person's own record says that they want nothing commercial."""

    channel: str
    to: str
    text: str = ""
    subject: str = ""
    html: str = ""
    about: Sequence[tuple[str, int]] = ()
    person: tuple[str, int] | None = None
    account: int | None = None
    kind: str = SERVICE
    purpose: str = ""
    campaign: str = ""
    at: dt.datetime | None = None
    files: Sequence[int] = ()
    answers: int | None = None
    private: bool = False
    automatic: bool = False
    batch: int | None = None
    template: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    opted_out: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


def queue(env: Env, drafts: Sequence[Draft], *, strict: bool = True) -> list[int]:
    """Queue messages as the acting person, by a fixed number of statements; returns their numbers in order. `strict` refuses all of
    them when one has no possible address; else that one is written as failed, with the reason. A commercial message to somebody
    who has not agreed is written as blocked, with the reason."""
    if not drafts:
        return []
    chosen = _accounts(env, drafts)
    _readable(env, drafts)
    rows = [_row(env, draft, chosen[draft.channel, draft.kind == COMMERCIAL, draft.account]) for draft in drafts]
    _normalise(env, rows, drafts, strict)
    _refuse(env, rows, drafts)
    _when(env, rows)
    for name in {r["channel"] for r in rows}:
        prepare = accounts.channel(env, name).prepare
        if prepare is not None:
            prepare(env, [r for r in rows if r["channel"] == name])
    with env.elevated("messages are queued") as sudo:
        threads.join(sudo, [r for r in rows if r["batch"] is None and r["kind"] != CODE])  # a code is no conversation
        values = [{k: v for k, v in row.items() if k != "concerns"} for row in rows]
        ids: list[int] = sudo.create(MESSAGE, values)
        sudo.create(CONCERN, [{"message": key, "about": about, "at": row["at"]} for key, row in zip(ids, rows, strict=True)
                              for about in row["concerns"]])
    wake(env, rows)
    return ids


def wake(env: Env, rows: Sequence[Mapping[str, Any]]) -> None:
    """Ring for the accounts of messages that may leave soon; what is planned for later is found by the clock."""
    soon = env.now + SOON
    for account in sorted({r["account"] for r in rows if r["state"] == QUEUED and r["due_at"] <= soon}):
        env.enqueue(TOPIC, {"account": account}, dedupe=str(account))


# ---------------------------------------------------------------- the steps
def _accounts(env: Env, drafts: Sequence[Draft]) -> dict[tuple[str, bool, int | None], dict[str, Any]]:
    """The account of each kind of draft: the one named, if the person may use it, else the first."""
    found: dict[tuple[str, bool, int | None], dict[str, Any]] = {}
    for place in {(d.channel, d.kind == COMMERCIAL, d.account) for d in drafts}:
        name, commercial, named = place
        label = accounts.channel(env, name).label
        if named is None and env.access.trusted:  # elevated work writes from what belongs to everybody
            usable = [r for r in accounts.usable(env, name, commercial=commercial) if r["person"] is None]
        else:
            usable = accounts.usable(env, name, commercial=commercial)
        right = [r for r in usable if named is None or r["id"] == named]
        if not right:
            raise ValidationFailed([Invalid(None, "account", _("There is no account for {channel} that you may write from.",
                                                               channel=label))])
        found[place] = right[0]
    return found


def _readable(env: Env, drafts: Sequence[Draft]) -> None:
    """Whoever writes about a record, or sends a file, may read it."""
    named: dict[str, set[int]] = {}
    for draft in drafts:
        for record, key in (*draft.about, *([draft.person] if draft.person else [])):
            named.setdefault(record, set()).add(key)
        if draft.files:
            named.setdefault(FILE, set()).update(draft.files)
    for record, keys in named.items():
        env.require("read", record)
        seen = files_seen(env, keys) if record == FILE else env.visible_ids(record, keys)
        if not env.access.trusted and len(seen) < len(keys):
            raise ValidationFailed([Invalid(None, "about", _("A record or file that the message concerns is not there any more."))])


def files_seen(env: Env, keys: Iterable[int]) -> set[int]:
    """Those of the files that the acting person may send: what they may see, and what they stored just now and belongs to nothing yet."""
    wanted = set(keys)
    seen = set(env.visible_ids(FILE, wanted))
    if wanted - seen and env.actor.id is not None:
        with env.elevated("files that were uploaded just now") as sudo:
            own = sudo.query(FILE).archived(None).with_ids(wanted - seen).where((F.created_by == env.actor.id) & F.about.is_null())
            seen |= set(own.ids())
    return seen


def _row(env: Env, draft: Draft, account: Mapping[str, Any]) -> dict[str, Any]:
    hidden = draft.kind == CODE
    concerns = list(dict.fromkeys((*([draft.person] if draft.person else []), *draft.about)))
    personal = account["person"] is not None
    row = {
        "direction": OUT, "channel": draft.channel, "kind": draft.kind, "state": QUEUED, "at": env.now, "account": account["id"],
        "sender": account["sender"] or None, "recipient": draft.to, "counterpart": draft.to, "person": draft.person,
        "subject": draft.subject[:255] or None, "body": env.t(_("A one-time code")) if hidden else draft.text[:MOST_TEXT],
        "sealed": draft.text if hidden else None, "html": draft.html or None, "files": list(draft.files),
        "details": dict(draft.details), "private": draft.private or (personal and not concerns), "answers": draft.answers,
        "automatic": draft.automatic, "campaign": draft.campaign or None, "purpose": draft.purpose or None, "batch": draft.batch,
        "template": draft.template or None, "key": secrets.token_hex(16), "scheduled_at": draft.at, "due_at": draft.at or env.now,
        "expires_at": env.now + dt.timedelta(minutes=CODE_MINUTES) if hidden else None, "owner": env.actor.id, "code": None,
        "reason": None, "thread": None, "segments": None, "concerns": concerns}
    if draft.parameters:
        row["details"]["parameters"] = [] if hidden else [list(pair) for pair in draft.parameters.items()]  # JSON keeps no order of names
        if hidden:
            row["sealed"] = _with_parameters(draft)
    return row


def _with_parameters(draft: Draft) -> str:
    """A hidden text with the parameters of its approved template, which hold the code, too."""
    return "\0".join((draft.text, *(f"{k}\1{v}" for k, v in draft.parameters.items())))


def opened_text(hidden: str) -> tuple[str, dict[str, str]]:
    """The text and parameters of a hidden message."""
    text, *pairs = hidden.split("\0")
    return text, {k: v for k, _sep, v in (p.partition("\1") for p in pairs)}


def _normalise(env: Env, rows: Sequence[dict[str, Any]], drafts: Sequence[Draft], strict: bool) -> None:
    """Addresses in their one form, how to opt out, and the number of parts."""
    wrong: list[Invalid] = []
    for row, draft in zip(rows, drafts, strict=True):
        channel = accounts.channel(env, row["channel"])
        try:
            row["counterpart"] = channel.normal(row["recipient"], env.region)
            row["recipient"] = row["recipient"] if channel.formatted else row["counterpart"]
        except ValueError as error:
            reason = error.args[0] if error.args else _("This is no address.")
            wrong.append(Invalid(None, "to", reason if isinstance(reason, Message) else str(reason)))
            row |= {"state": FAILED, "code": "address", "reason": str(env.t(reason) if isinstance(reason, Message) else reason)[:500],
                    "counterpart": str(row["recipient"])[:320], "recipient": str(row["recipient"])[:320]}
        if not row["template"]:  # an approved text is as it was approved
            row["body"] = with_closing(env, channel, row["kind"], row["body"], row["counterpart"], draft.language)
        row["segments"] = measured(channel, row)
    if wrong and strict:
        raise ValidationFailed(wrong)


def with_closing(env: Env, channel: Channel, kind: str, text: str, to: str, lang: str = "") -> str:
    """A text as it leaves: a commercial one says how to opt out, unless it does so already."""
    if kind != COMMERCIAL or channel.closing is None or not text or not quiet.policy(env)["closing"]:
        return text
    words = channel.closing(env, lang, to)
    return text if latin_digits(words) in latin_digits(text) else f"{text}\n{words}"


def measured(channel: Channel, row: Mapping[str, Any]) -> int | None:
    """How many parts a message has; None where its channel has none."""
    text = opened_text(row["sealed"])[0] if row["sealed"] else row["body"]
    return channel.measure(text).parts if channel.measure and text else None


def _refuse(env: Env, rows: Sequence[dict[str, Any]], drafts: Sequence[Draft]) -> None:
    """Commercial messages without consent, or too many of them, are blocked."""
    groups: dict[tuple[str, str], list[int]] = {}
    for i, row in enumerate(rows):
        if row["kind"] == COMMERCIAL and row["state"] == QUEUED:
            groups.setdefault((row["channel"], row["purpose"] or ""), []).append(i)
    for (channel, purpose), chosen in groups.items():
        addresses = [rows[i]["counterpart"] for i in chosen]
        against = {rows[i]["counterpart"] for i in chosen if drafts[i].opted_out}
        refused = consents.refusals(env, channel, addresses, purpose, against)
        types = consents.standing(env, channel, [a for a in addresses if a not in refused], purpose)
        often = _often(env, channel, [a for a in addresses if a not in refused])
        for i in chosen:
            address = rows[i]["counterpart"]
            reason = refused.get(address) or often.get(address)
            if reason is not None:
                rows[i] |= {"state": BLOCKED, "code": "consent", "reason": env.t(reason)}
            elif types[address].iys_type:
                rows[i]["details"] = {**rows[i]["details"], "consent": {"iys": types[address].iys_type}}


def _often(env: Env, channel: str, addresses: Sequence[str]) -> dict[str, Message]:
    """Addresses that had as many commercial messages this week as the rules allow."""
    most = quiet.policy(env)["most_a_week"]
    if not most or not addresses:
        return {}
    with env.elevated("how often people were written to") as sudo:
        query = sudo.query(MESSAGE).holding("counterpart", addresses).where(
            (F.channel == channel) & (F.kind == COMMERCIAL) & (F.at > env.now - dt.timedelta(days=7)) & F.state.isin((*LEFT, QUEUED)))
        counts = {r["counterpart"]: r["count"] for r in query.aggregate(["counterpart"])}
    text = _("They had {count} commercial messages in a week already.", count=most)
    return {address: text for address, count in counts.items() if count >= most}


def _when(env: Env, rows: Sequence[dict[str, Any]]) -> None:
    """Not before the planned moment, and not in quiet hours of whoever gets it."""
    rules, default = quiet.policy(env), str(env.installation.settings.locale.time_zone)
    for row in rows:
        if row["state"] == QUEUED:
            row["due_at"] = quiet.due(rules, row["kind"], row["due_at"], quiet.zone_of(row["counterpart"], default))


def account_name(env: Env, key: int) -> str:
    """What an account is called."""
    return env.labels(ACCOUNT, [key]).get(key, "")
