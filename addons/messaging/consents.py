"""The ledger of consents: who may be written to for what, and writing entries.

An entry is never changed. What counts is the last one for an address and channel whose purpose is the asked one or "*".
Without any entry a commercial message is refused: nobody agreed to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.api import Env, F, Message, _

from .choices import CONSENT, GIVEN, WITHDRAWN

ALL = "*"
TURKEY = "+90"


@dataclass(frozen=True)
class Standing:
    """What the ledger says of an address: `state` "" when nobody ever asked."""

    state: str = ""
    iys_type: str = ""


NOTHING = Standing()


def standing(env: Env, channel: str, addresses: Iterable[str], purpose: str = "") -> dict[str, Standing]:
    """What the ledger says of addresses in their normal form, in one statement. Acts elevated: whether somebody may be written to is
    no secret to those who are about to."""
    wanted = sorted(set(addresses))
    if not wanted:
        return {}
    with env.elevated("may they be written to") as sudo:
        query = sudo.query(CONSENT).holding("address", wanted).where((F.channel == channel) & F.purpose.isin((ALL, purpose or ALL)))
        rows = query.order("id").select("address", "state", "iys_type").rows()
    found: dict[str, Standing] = {}
    for row in rows:
        known = found.get(row["address"], NOTHING)
        found[row["address"]] = Standing(row["state"], row["iys_type"] or known.iys_type)
    return found


def _said(sudo: Env, channel: str, addresses: Sequence[str], purpose: str) -> dict[str, Standing]:
    """What need not be written again. An entry for every purpose says nothing new only while no single purpose was decided otherwise
    since."""
    if purpose != ALL:
        return standing(sudo, channel, addresses, purpose)
    query = sudo.query(CONSENT).holding("address", sorted(set(addresses))).where(F.channel == channel)
    found: dict[str, Standing] = {}
    for row in query.order("id").select("address", "purpose", "state", "iys_type").rows():
        known = found.get(row["address"], NOTHING)
        if row["purpose"] == ALL:
            found[row["address"]] = Standing(row["state"], row["iys_type"] or known.iys_type)
        elif row["state"] != known.state:
            found[row["address"]] = Standing("", known.iys_type)
    return found


def refusals(env: Env, channel: str, addresses: Sequence[str], purpose: str, opted_out: Iterable[str] = ()) -> dict[str, Message]:
    """Why commercial messages to some of the addresses are not sent; those that may be sent to are left out. `opted_out`: addresses
    of people whose own record says that they want none."""
    known, against = standing(env, channel, addresses, purpose), set(opted_out)
    found: dict[str, Message] = {}
    for address in addresses:
        now = known.get(address, NOTHING)
        if address in against:
            found[address] = _("They asked not to be written to.")
        elif now.state == WITHDRAWN:
            found[address] = _("They withdrew their consent.")
        elif now.state != GIVEN:
            found[address] = _("They have not agreed to commercial messages.")
        elif channel == "sms" and address.startswith(TURKEY) and not now.iys_type:
            found[address] = _("The consent names no İYS type, which Turkish numbers need.")
    return found


def record(env: Env, entries: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write entries into the ledger: dicts of `address` (in its normal form), `channel`, `state`, `source`, and if known `purpose`,
    `at`, `proof`, `iys_type`, `person`. Acts elevated, under the acting person's name; what the ledger says already is not repeated."""
    found: list[int] = []
    with env.elevated("consent") as sudo:
        by_place: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for entry in entries:
            by_place.setdefault((entry["channel"], entry.get("purpose") or ALL), []).append(entry)
        for (channel, purpose), group in by_place.items():
            known = _said(sudo, channel, [e["address"] for e in group], purpose)
            new = [{**e, "purpose": purpose, "at": e.get("at") or env.now} for e in group
                   if known.get(e["address"], NOTHING).state != e["state"] or (
                       e.get("iys_type") and known[e["address"]].iys_type != e["iys_type"])]
            if new:
                found += sudo.create(CONSENT, new)
    return found


def withdraw(env: Env, channel: str, address: str, source: str, *, purpose: str = ALL, proof: str = "",
             at: dt.datetime | None = None, person: tuple[str, int] | None = None) -> None:
    """Somebody wants no more messages."""
    record(env, [{"address": address, "channel": channel, "state": WITHDRAWN, "source": source, "purpose": purpose,
                  "proof": proof or None, "at": at, "person": person}])
