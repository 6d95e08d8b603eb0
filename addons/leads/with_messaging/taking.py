"""The lead that a stranger's message opens: who it is, what they wrote, and whose it is.

It belongs to one of the account's members, who take turns; where an account has none, to whoever set it up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from addons.leads.choices import CHANNELS, CLOSED
from core.api import Env, F

LEAD, ACCOUNT = "leads.lead", "messaging.account"
MOST_TEXT = 4000
OTHER = "other"
NAMES = {"mail": "email"}
"""Channels of messages that leads call otherwise."""


def leads(env: Env, messages: Sequence[Mapping[str, Any]]) -> Mapping[int, tuple[str, int]]:
    """One lead for each number or address, whatever came from it at once. Somebody who is an open lead stays that one."""
    found = _known(env, messages)
    first: dict[str, Mapping[str, Any]] = {}
    for message in messages:
        if message["id"] not in found:
            first.setdefault(message["counterpart"], message)
    owners = _owners(env, list(first.values()))
    names = env.labels(ACCOUNT, {message["account"] for message in first.values()})
    values = [_values(message, names.get(message["account"], ""), owners[message["id"]]) for message in first.values()
              if owners[message["id"]] is not None]
    chosen = [address for address, message in first.items() if owners[message["id"]] is not None]
    made = dict(zip(chosen, env.create(LEAD, values, source="message") if values else [], strict=True))
    return found | {m["id"]: (LEAD, made[m["counterpart"]]) for m in messages if m["id"] not in found and m["counterpart"] in made}


def _known(env: Env, messages: Sequence[Mapping[str, Any]]) -> dict[int, tuple[str, int]]:
    """Messages of people who are leads that somebody still works on."""
    people = {m["id"]: m["person"][1] for m in messages if m["person"] and m["person"][0] == LEAD}
    if not people:
        return {}
    still = set(env.query(LEAD).with_ids(people.values()).where(~F.status.isin(list(CLOSED))).ids())
    return {key: (LEAD, lead) for key, lead in people.items() if lead in still}


def _owners(env: Env, messages: Sequence[Mapping[str, Any]]) -> dict[int, int | None]:
    """Whose each lead is: members of its account in turn, after the one who got the last lead of this account."""
    rows = {r.id: r for r in env.query(ACCOUNT).archived(None).with_ids({m["account"] for m in messages}).records(
        "name", "members", "person", "created_by")} if messages else {}
    people: dict[int, list[int]] = {}
    for key, row in rows.items():
        asked = [m.id for m in row.members or ()] or [p.id for p in (row.person, row.created_by) if p]
        people[key] = sorted(env.query("base.user").where(F.active).with_ids(asked).ids()) if asked else []
        people[key] = people[key] or env.query("base.user").where(F.active & F.is_super).order("id").ids(limit=1)
        last = env.query(LEAD).where(F.owner.isin(people[key]) & (F.source_detail == row.name)).order("-created_at", "-id").select(
            "owner").rows(1) if len(people[key]) > 1 else []
        if last:
            at = people[key].index(last[0]["owner"].id) + 1
            people[key] = people[key][at:] + people[key][:at]
    taken = dict.fromkeys(people, 0)
    owners: dict[int, int | None] = {}
    for message in messages:
        turn = people[message["account"]]
        owners[message["id"]] = turn[taken[message["account"]] % len(turn)] if turn else None
        taken[message["account"]] += 1
    return owners


def _values(message: Mapping[str, Any], account: str, owner: int | None) -> dict[str, Any]:
    """What is known of a stranger. A sender that is no number and no address (a short number, a name) is their name."""
    address, channel = message["counterpart"], NAMES.get(message["channel"], message["channel"])
    said = "\n".join(part for part in (message["subject"], message["body"]) if part)
    name = " ".join((message["name"] or "").split())[:120]
    reach = {"mobile": address} if address.startswith("+") else {"email": address} if "@" in address else {}
    return {**reach, "last_name": name or (None if reach else address[:120]), "description": said[:MOST_TEXT] or None, "owner": owner,
            "status": "raw", "source_detail": account[:255] or None,
            "first_touch_channel": channel if channel in {value for value, _label in CHANNELS} else OTHER}
