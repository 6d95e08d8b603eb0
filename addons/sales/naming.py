"""Numbers, names and addresses of papers, for whole batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from core.api import Change, Env, Invalid, Link, _, number_pattern

from . import choices

SERIES = "sales.series"


def number(env: Env, kind: str, day: Any) -> str:
    """The next number of a series on a day; without gaps: it is taken in this transaction or not at all."""
    rows = env.cache.get("sales.series")
    if rows is None:
        with env.elevated("series of numbers") as sudo:
            rows = {r["kind"]: r for r in sudo.query(SERIES).select("kind", "pattern", "calendar").rows()}
        env.cache["sales.series"] = rows
    row = rows.get(kind) or {"pattern": choices.PATTERNS[kind], "calendar": "gregorian"}
    return env.next_number(f"sales.{kind}", row["pattern"], day, calendar=row["calendar"])


def number_entering(env: Env, change: Change, kind_of: Callable[[Any], tuple[str, tuple[str, ...]]]) -> None:
    """Give those records a number that are in a state with one and have none: decided on their locked rows.

    In the order of kinds and days, whatever was chosen first: two who issue many at once take counters in the same order.
    """
    kinds = {id(record): kind_of(record) for record in change.records}
    bare = [r for r in change.records if not r.number and r.status in kinds[id(r)][1]]
    for record in sorted(bare, key=lambda r: (kinds[id(r)][0], r.date)):
        change.set(record, "number", number(env, kinds[id(record)][0], record.date))


def bad_patterns(records: Sequence[Any]) -> Iterator[Invalid]:
    """Patterns that numbers cannot be made with."""
    for record in records:
        try:
            number_pattern(record.pattern or "")
        except ValueError as error:
            yield Invalid(record, "pattern", error.args[0])


def name_papers(env: Env, change: Change) -> None:
    """`QT-1405-00012 R2 · Office desks`; without a number yet, the subject alone."""
    for record in change.records:
        turn = record.get("revision") or 0
        head = f"{record.number}{f' R{turn}' if turn else ''}" if record.number else ""
        wanted = " · ".join(part for part in (head, record.subject) if part)[:255]
        if record.get("name") != wanted:
            change.set(record, "name", wanted)


def foreign_contacts(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
    """Contacts that belong to another account than the paper's."""
    wanted = {r.contact.id for r in records if r.contact}
    if not wanted:
        return
    with env.elevated("account of a contact") as sudo:
        home = {r["id"]: r["account"] for r in sudo.query("contacts.contact").with_ids(wanted).archived(None).select(
            "account").rows()}
    for record in records:
        own = home.get(record.contact.id) if record.contact else None
        if isinstance(own, Link) and record.account and own.id != record.account.id:
            yield Invalid(record, "contact", _("This person belongs to another account."))


def fill_addresses(env: Env, change: Change) -> None:
    """Papers without addresses get those of their account, as it is now."""
    bare = [r for r in change.records if r.account and not (r.billing_address and r.shipping_address)
            and (change.action == "create" or change.was(r, "account") != r.account.id)]
    if not bare:
        return
    parts = [*address_parts("billing"), *address_parts("shipping")]
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for lang in {str(r.language or env.lang) for r in bare}:  # countries are called as in the paper's language
        with env.speaking(lang).elevated("addresses of an account") as sudo:
            asked = {r.account.id for r in bare if str(r.language or env.lang) == lang}
            rows |= {(lang, r["id"]): r for r in sudo.query("contacts.account").with_ids(asked).archived(None).select(*parts).rows()}
    for record in bare:
        row = rows.get((str(record.language or env.lang), record.account.id))
        if row is None:
            continue
        billing, shipping = address(row, "billing"), address(row, "shipping")
        if not record.billing_address and billing:
            change.set(record, "billing_address", billing)
        if not record.shipping_address and (shipping or billing):
            change.set(record, "shipping_address", shipping or billing)


def address_parts(kind: str) -> list[str]:
    """The paths of an account's address (`billing`, `shipping`)."""
    return [f"{kind}_{part}" for part in ("street", "city", "state", "postal_code", "country.name")]


def address(row: dict[str, Any], kind: str) -> str:
    """An account's address in lines."""
    lines = (row[f"{kind}_street"], ", ".join(p for p in (row[f"{kind}_city"], row[f"{kind}_state"]) if p),
             row[f"{kind}_postal_code"], row[f"{kind}_country.name"])
    return "\n".join(line for line in lines if line)
