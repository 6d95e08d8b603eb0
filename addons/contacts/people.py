"""How names, contact points, roles and merged records of people behave when they are saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from core.api import Change, Env, F, Invalid, _

from .choices import MAIN_FIELDS
from .matching import point_key


def full_name(first: str | None, last: str | None) -> str | None:
    """First and last name as one; the order is the same in Persian, English and Turkish."""
    return " ".join(part for part in (first, last) if part) or None


def split_name(name: str) -> tuple[str | None, str | None]:
    """(first, last) of a full name: the first word and the rest, or the parts around a comma; one word is a last name."""
    last, comma, first = name.replace("،", ",").partition(",")
    if comma:
        return first.strip()[:120] or None, last.strip()[:120] or None
    words = name.split()
    return (None, name[:120]) if len(words) < 2 else (words[0][:120], " ".join(words[1:])[:120])


def name_people(change: Change) -> None:
    """Keep full, first and last name together: the parts lead; a full name given alone is split."""
    if change.action not in ("create", "update") or not change.touches("name", "first_name", "last_name"):
        return
    for record in change.records:
        parts = any(change.was(record, n) != getattr(record, n) for n in ("first_name", "last_name"))
        if record.name and not parts and change.was(record, "name") != record.name:
            first, last = split_name(record.name)
            change.set(record, "first_name", first)
            change.set(record, "last_name", last)
        change.set(record, "name", full_name(record.first_name, record.last_name))


def forget_merge(env: Env, change: Change) -> None:
    """A restored record no longer points to the one it was merged into."""
    if change.action == "restore":
        ids = [r.id for r in change.records if r.merged_into is not None]
        if ids:
            with env.elevated("restored: it is a record of its own again") as sudo:
                sudo.update(change.record, ids, {"merged_into": None})


# ---------------------------------------------------------------- contact points
def tidy_points(env: Env, change: Change) -> None:
    """Give values their stored form; what cannot be one of its kind is left for the validator to refuse."""
    if change.action in ("create", "update") and change.touches("kind", "value"):
        for record in change.records:
            if record.value and record.kind:
                try:
                    change.set(record, "value", point_key(env, record.kind, record.value))
                except ValueError:
                    continue


def impossible_points(env: Env, records: Iterable[Any]) -> Iterator[Invalid]:
    """An Invalid for each value that cannot be one of its kind."""
    for record in records:
        if record.value and record.kind:
            try:
                point_key(env, record.kind, record.value)
            except ValueError as error:
                yield Invalid(record, "value", error.args[0])


def promote_points(env: Env, change: Change) -> None:
    """Make each primary point the only one of its kind, and write its value on the person."""
    if change.action not in ("create", "update") or not change.touches("primary", "value", "kind"):
        return
    chosen = {(r.contact.id, r.kind): r for r in change.records if r.primary}
    if not chosen:
        return
    people = {contact for contact, _kind in chosen}
    others = env.query("contacts.contact_point").holding("contact", people).where(F.primary).select("contact", "kind").rows()
    losing = [
        o["id"]
        for o in others
        if (winner := chosen.get((o["contact"].id, o["kind"]))) is not None and winner.id != o["id"]
    ]
    if losing:
        env.update("contacts.contact_point", losing, {"primary": False})
    values: dict[int, dict[str, str]] = {}
    for (contact, kind), record in chosen.items():
        if kind in MAIN_FIELDS:
            values.setdefault(contact, {})[kind] = record.value
    if values:
        env.update_each("contacts.contact", values)


def demote_points(env: Env, change: Change) -> None:
    """A primary point whose value is no longer the person's main one stays as an ordinary one."""
    if change.action != "update" or not change.touches(*MAIN_FIELDS):
        return
    changed = {r.id: r for r in change.changed(*MAIN_FIELDS)}
    if not changed:
        return
    points = env.query("contacts.contact_point").holding("contact", list(changed)).where(F.primary & F.kind.isin(MAIN_FIELDS)).select(
        "contact", "kind", "value").rows()
    stale = [p["id"] for p in points if getattr(changed[p["contact"].id], p["kind"]) != p["value"]]
    if stale:
        env.update("contacts.contact_point", stale, {"primary": False})


# ---------------------------------------------------------------- roles
def repeated_roles(env: Env, records: list[Any]) -> Iterator[Invalid]:
    """An Invalid for each role that the person has in that account already."""
    whole = [r for r in records if r.account is not None and r.contact is not None]
    if not whole:
        return
    stored = env.query("contacts.contact_role").holding("account", {r.account.id for r in whole}).select(
        "account", "contact", "role").rows()
    taken = {(s["account"].id, s["contact"].id, s["role"]): s["id"] for s in stored if s["account"] and s["contact"]}
    for record in whole:
        key = (record.account.id, record.contact.id, record.role)
        mine = record.get("id") or id(record)
        if taken.setdefault(key, mine) != mine:
            yield Invalid(record, "role", _("This person has this role in the account already."))
