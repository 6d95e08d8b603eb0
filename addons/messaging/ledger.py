"""The ledger beside consents.py: tidy entries, flags of people that say the same, and entries that follow from flags.

Both ways end by themselves: the ledger does not repeat what it says already, and a flag that is set is not set again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Change, ChangeSet, Env, F, Invalid, Message, _

from . import accounts, consents, purposes, reach
from .choices import GIVEN, WITHDRAWN
from .contract import Channel

UNSURE = frozenset({"form", "import", "provider", "iys"})
"""Sources that say "given" without the person themselves: these take away no flag that says no."""


# ---------------------------------------------------------------- entries
def tidy(env: Env, change: Change) -> None:
    """Put addresses into their normal form and fill in every purpose."""
    if change.action != "create":
        return
    known = accounts.channels(env)
    for record in change.records:
        channel = known.get((record.channel or "").strip().lower())
        if channel is not None:
            change.set(record, "channel", channel.name)
            normal = accounts.normal_of(env, channel, record.address or "")
            if normal:
                change.set(record, "address", normal)
        change.set(record, "purpose", (record.purpose or "").strip() or consents.ALL)


def problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Entries that nobody would find again. Elevated code writes what providers report, whatever it looks like."""
    if env.access.trusted:
        return
    known = accounts.channels(env)
    offered = {key for key, _name in purposes.rows(env)}
    for record in records:
        channel = known.get(record.channel or "")
        if channel is None:
            yield Invalid(record, "channel", _("There is no channel “{name}”; there are: {names}.", name=record.channel or "",
                                               names=", ".join(sorted(known))))
            continue
        try:
            channel.normal(record.address or "", env.region)
        except ValueError as error:
            reason = error.args[0] if error.args and isinstance(error.args[0], Message) else _("This is no address of this channel.")
            yield Invalid(record, "address", reason)
        if record.purpose and record.purpose != consents.ALL and record.purpose not in offered:
            yield Invalid(record, "purpose", _("There is no purpose “{name}”; * is every purpose.", name=record.purpose))
        if record.state == GIVEN and record.channel == "sms" and (record.address or "").startswith(consents.TURKEY) and not record.iys_type:
            yield Invalid(record, "iys_type", _("Consents of Turkish numbers name the İYS type: consumer or merchant."))


# ---------------------------------------------------------------- flags follow the ledger
def flags_follow(env: Env, change: Change) -> None:
    """Who wants nothing at all of a channel gets the flag on their records; who took that back themselves loses it."""
    if change.action != "create":
        return
    wishes: dict[tuple[str, bool], set[str]] = {}
    for record in change.records:
        if record.purpose == consents.ALL and (record.state == WITHDRAWN or record.source not in UNSURE):
            wishes.setdefault((record.channel, record.state == WITHDRAWN), set()).add(record.address)
    known = accounts.channels(env)
    for (name, against), addresses in wishes.items():
        channel = known.get(name)
        if channel is not None and channel.opt_out:
            with env.elevated("the flag of people says what the ledger says") as sudo:
                _set_flags(sudo, channel, sorted(addresses), against)


def _set_flags(sudo: Env, channel: Channel, addresses: Sequence[str], against: bool) -> None:
    by_type: dict[str, set[int]] = {}
    for found in reach.behind(sudo, channel, addresses).values():
        for record, key in found:
            by_type.setdefault(record, set()).add(key)
    for record, keys in by_type.items():
        flag = reach.fields_by_meaning(sudo, record).get(channel.opt_out)
        if flag is None:
            continue
        others = sudo.query(record).with_ids(keys).where(F[flag] != against).ids()
        if others:
            sudo.update(record, others, {flag: against}, source="consent")


# ---------------------------------------------------------------- the ledger follows flags
def follow_flags(env: Env, changes: ChangeSet) -> None:
    """A flag that is set on somebody withdraws their consent to everything of that channel."""
    for change in changes.changes:
        if change.action not in ("create", "update") or "noted" not in change.rtype.traits:
            continue
        meant = {f.semantic: f.name for f in change.rtype.fields.values() if f.semantic}
        for channel in accounts.channels(env).values():
            flag = meant.get(channel.opt_out) if channel.opt_out else None
            if flag is not None and change.touches(flag, *(meant[s] for s in channel.semantics if s in meant)):
                _withdraw(env, change, channel, flag, [meant[s] for s in channel.semantics if s in meant])


def _withdraw(env: Env, change: Change, channel: Channel, flag: str, columns: Sequence[str]) -> None:
    label = change.rtype.fields[flag].label
    entries = []
    for record in change.records:
        if not record.get(flag):
            continue
        for column in columns:
            address = accounts.normal_of(env, channel, str(record.get(column) or ""))
            if address:
                entries.append({"address": address, "channel": channel.name, "state": WITHDRAWN, "source": "person",
                                "proof": env.t(label), "person": (change.record, record.id)})
                break
    if entries:
        consents.record(env, entries)
