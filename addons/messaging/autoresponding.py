"""Automatic answers to what came in, and all that keeps two machines from talking to each other for ever.

Never answered are messages a machine wrote, no-reply addresses, our own numbers and addresses, and people who only say STOP;
and nobody gets more than some answers an hour, whatever the rules say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from addons.worktime import service
from core.api import Env, F, NotFound

from . import accounts, auto_rules, templating
from .choices import ACCOUNT, CLOSED, IN, MESSAGE, OUT, RECEIVED, SERVICE
from .queueing import Draft, queue
from .templating_values import languages_of

RULE, TEXT = "messaging.autoresponder", "messaging.autoresponder_text"
PATHS = ("name", "account", "channel", "when", "calendar", "template", "template.record_type", "template.channel", "subject", "text",
         "hours", "begins_on", "ends_on")
HOUR = dt.timedelta(hours=1)
Row = Mapping[str, Any]


def answer(env: Env, ids: Sequence[int]) -> int:
    """Answer messages that came, where a rule says so; returns how many answers are queued. Elevated code only."""
    rules = env.query(RULE).where(F.active).order("position", "id").select(*PATHS).rows()
    if not rules:
        return 0
    query = env.query(MESSAGE).with_ids(ids).where((F.direction == IN) & (F.state == RECEIVED) & ~F.automatic & ~F.account.is_null())
    came = query.order("id").select("channel", "account", "counterpart", "person", "subject", "body", "at").rows()
    came = [m for m in came if _is_human(env, m)]
    own = _own(env, came)
    chosen: dict[tuple[int, str], tuple[Row, Row]] = {}
    for message in came:
        rule = next((r for r in rules if _fits(env, r, message)), None)
        if rule is not None and message["counterpart"] not in own:
            chosen[message["account"].id, message["counterpart"]] = (message, rule)
    allowed = _allowed(env, list(chosen.values()))
    made = _drafts(env, allowed)
    ids_made = queue(env, made, strict=False)
    _personal(env, [(key, m["account"].id) for key, (m, _rule) in zip(ids_made, allowed, strict=False)])
    return len(made)


def _personal(env: Env, pairs: Sequence[tuple[int, int]]) -> None:
    """What a personal account answered belongs to its person, as all else in it."""
    query = env.query(ACCOUNT).archived(None).with_ids({account for _key, account in pairs}).where(F.person.not_null())
    people = {r["id"]: r["person"].id for r in query.select("person").rows()} if pairs else {}
    env.update_each(MESSAGE, {key: {"owner": people[account]} for key, account in pairs if account in people})


def _is_human(env: Env, message: Row) -> bool:
    if auto_rules.is_machine(message["counterpart"]):
        return False
    wants = accounts.channel(env, message["channel"]).wants
    return not (wants and wants(message["body"] or ""))


def _fits(env: Env, rule: Row, message: Row) -> bool:
    """Whether a rule answers a message at this moment."""
    if rule["account"] and rule["account"].id != message["account"].id:
        return False
    if rule["channel"] and rule["channel"] != message["channel"]:
        return False
    today = env.now.astimezone(env.tz).date()
    if (rule["begins_on"] and today < rule["begins_on"]) or (rule["ends_on"] and today > rule["ends_on"]):
        return False
    if rule["when"] != CLOSED:
        return True
    try:
        return not service.clock(env, rule["calendar"].id if rule["calendar"] else None).is_open(env.now)
    except NotFound:
        return True


def _own(env: Env, came: Sequence[Row]) -> set[str]:
    """Our own numbers and addresses among the senders: those of accounts."""
    found = set()
    known = accounts.channels(env)
    for row in env.query(ACCOUNT).archived(None).select("channel", "sender").rows() if came else ():
        channel = known.get(row["channel"])
        try:
            found.add(channel.normal(row["sender"], env.region) if channel and row["sender"] else "")
        except ValueError:
            found.add(row["sender"])
    return found


def _allowed(env: Env, pairs: Sequence[tuple[Row, Row]]) -> list[tuple[Row, Row]]:
    """Without senders who had an answer lately, and none at all when there are too many."""
    if not pairs:
        return []
    longest = max(rule["hours"] for _message, rule in pairs)
    mine = env.query(MESSAGE).where((F.direction == OUT) & F.automatic)
    before = mine.holding("counterpart", {m["counterpart"] for m, _rule in pairs}).where(F.at > env.now - dt.timedelta(hours=longest))
    had: dict[str, list[tuple[int | None, dt.datetime]]] = {}
    for row in before.order("-at").select("counterpart", "account", "at").rows(5000):
        had.setdefault(row["counterpart"], []).append((row["account"].id if row["account"] else None, row["at"]))
    room = auto_rules.ALL_HOUR - mine.where(F.at > env.now - HOUR).count(auto_rules.ALL_HOUR)
    found: list[tuple[Row, Row]] = []
    for message, rule in pairs:
        past = had.get(message["counterpart"], [])
        lately = sum(1 for _account, at in past if at > env.now - HOUR)
        once = any(account == message["account"].id and at > env.now - dt.timedelta(hours=rule["hours"]) for account, at in past)
        if not once and lately < auto_rules.EACH_HOUR and len(found) < room:
            found.append((message, rule))
    return found


# ---------------------------------------------------------------- what is said
def _drafts(env: Env, pairs: Sequence[tuple[Row, Row]]) -> list[Draft]:
    """The answers, each in the language of whoever gets it where that is known."""
    people: dict[str, set[int]] = {}
    for message, _rule in pairs:
        if message["person"]:
            people.setdefault(message["person"].record, set()).add(message["person"].id)
    usual = env.installation.settings.locale.default_language
    spoken = {(record, key): lang for record, keys in people.items() for key, lang in languages_of(env, record, keys).items()}
    texts = _texts(env, {rule["id"] for _message, rule in pairs})
    written = _from_templates(env, pairs, spoken)
    made = []
    for message, rule in pairs:
        person = (message["person"].record, message["person"].id) if message["person"] else None
        lang = spoken.get(person, usual) if person else usual
        plain = texts.get((rule["id"], lang)) or (rule["subject"] or "", rule["text"] or "")
        subject, text, html = written.get(message["id"]) or (*plain, "")
        if not text.strip():
            continue
        if not subject and accounts.channel(env, message["channel"]).formatted:
            subject = f"Re: {message['subject']}" if message["subject"] else rule["name"]
        made.append(Draft(message["channel"], message["counterpart"], text, subject, html, about=[person] if person else [], person=person,
                          account=message["account"].id, kind=SERVICE, answers=message["id"], automatic=True, language=lang))
    return made


def _texts(env: Env, rules: Iterable[int]) -> dict[tuple[int, str], tuple[str, str]]:
    rows = env.query(TEXT).where(F.answer.isin(tuple(rules))).select("answer", "language", "subject", "text").rows() if rules else []
    return {(r["answer"].id, r["language"]): (r["subject"] or "", r["text"]) for r in rows}


def _from_templates(env: Env, pairs: Sequence[tuple[Row, Row]], spoken: Mapping[tuple[str, int], str]) -> dict[int, tuple[str, str, str]]:
    """Texts of templates, for people whose kind of record a template is for: a call for each template."""
    groups: dict[tuple[int, str], list[Row]] = {}
    for message, rule in pairs:
        if rule["template"] and message["person"] and message["person"].record == rule["template.record_type"] and (
                message["channel"] == rule["template.channel"]):
            groups.setdefault((rule["template"].id, message["person"].record), []).append(message)
    found = {}
    for (template, record), messages in groups.items():
        keys = [m["person"].id for m in messages]
        made = templating.render(env, template, record, keys, {k: spoken[record, k] for k in keys if (record, k) in spoken})
        for message in messages:
            text = made.get(message["person"].id)
            if text is not None and not text.problem:
                found[message["id"]] = (text.subject, text.text, text.html)
    return found
