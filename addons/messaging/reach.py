"""Whom a record leads to: the number or address, name and language of the person behind it, by the meaning of fields.

A lead or contact has them itself; of other records (deals, tickets, papers) the people they link to are asked, a person
before a company. Nothing is read that the acting person may not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.api import Env

from .contract import Channel

NAMES = ("full_name", "company")
MOST_FOUND = 20


@dataclass(frozen=True)
class Recipient:
    """Somebody to write to. `record`: the person's record; `opted_out`: it says that they want no commercial messages."""

    address: str
    name: str = ""
    language: str = ""
    record: tuple[str, int] | None = None
    opted_out: bool = False


def fields_by_meaning(env: Env, record: str) -> dict[str, str]:
    """Names of the fields of a record type by their meaning, as far as the acting person may read them."""
    rtype = env.registry.records.get(record)
    if rtype is None or not env.can("read", record):
        return {}
    return {f.semantic: f.name for f in rtype.fields.values() if f.semantic and env.access.readable(record, f.name)}


def ways(env: Env, record: str, channel: Channel) -> list[tuple[str, str, dict[str, str]]]:
    """Ways to people from a record type: (link field or "", record type of the person, fields by meaning), the best first."""
    own = fields_by_meaning(env, record)
    if any(s in own for s in channel.semantics):
        return [("", record, own)]
    rtype = env.registry.records.get(record)
    found = []
    for field in rtype.fields.values() if rtype is not None else ():
        if field.type_name == "link" and env.access.readable(record, field.name) and field.target != "base.user":  # type: ignore[attr-defined]
            meant = fields_by_meaning(env, field.target)  # type: ignore[attr-defined]
            if any(s in meant for s in channel.semantics) and any(n in meant for n in NAMES):
                found.append((field.name, field.target, meant))  # type: ignore[attr-defined]
    return sorted(found, key=lambda way: "full_name" not in way[2])


def recipients(env: Env, record: str, keys: Iterable[int], channel: Channel) -> dict[int, list[Recipient]]:
    """The people behind records, each the best address in the channel's normal form, in one statement. Records that lead to nobody
    have an empty list."""
    ids = list(keys)
    roads = ways(env, record, channel)
    wanted = {f"{link}.{name}" if link else name for link, _target, meant in roads
              for meaning, name in meant.items() if meaning in (*channel.semantics, *NAMES, "language", channel.opt_out)}
    wanted |= {link for link, _target, _meant in roads if link}
    rows = env.query(record).archived(None).with_ids(ids).select(*sorted(wanted)).rows() if roads else []
    found: dict[int, list[Recipient]] = {key: [] for key in ids}
    region = env.region
    for row in rows:
        for link, target, meant in roads:
            person = (target, row["id"] if not link else row[link].id) if not link or row[link] else None
            one = _recipient(row, f"{link}." if link else "", meant, channel, region, person) if person else None
            if one is not None and one.address not in {r.address for r in found[row["id"]]}:
                found[row["id"]].append(one)
    return found


def _recipient(row: dict[str, Any], prefix: str, meant: dict[str, str], channel: Channel, region: str,
               person: tuple[str, int] | None) -> Recipient | None:
    for meaning in channel.semantics:
        value = row.get(prefix + meant[meaning]) if meaning in meant else None
        if not value:
            continue
        try:
            address = channel.normal(str(value), region)
        except ValueError:
            continue  # a landline where only mobiles are reached, or something else that is no address: the next field
        name = next((str(row[prefix + meant[n]]) for n in NAMES if n in meant and row.get(prefix + meant[n])), "")
        return Recipient(address, name, str(row.get(prefix + meant["language"]) or "") if "language" in meant else "", person,
                         bool(row.get(prefix + meant[channel.opt_out])) if channel.opt_out in meant else False)
    return None


def behind(env: Env, channel: Channel, addresses: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """Whose numbers or addresses these are: records of all types with such a field, people before companies, as (type, number). Call
    it elevated for messages that came; a statement for each field that holds such."""
    found: dict[str, list[tuple[str, int]]] = {a: [] for a in addresses}
    for name in sorted(env.registry.records, key=lambda n: _rank(env, n)):
        rtype = env.registry.records[name]
        if "noted" not in rtype.traits or "owned" not in rtype.traits:
            continue
        meant = fields_by_meaning(env, name)
        columns = [meant[s] for s in channel.semantics if s in meant]
        if not columns or not any(n in meant for n in NAMES):
            continue
        for column in columns:
            rows = env.query(name).holding(column, list(addresses)).order("-id").select(column).rows(MOST_FOUND * len(addresses))
            for row in rows:
                if row[column] in found and (name, row["id"]) not in found[row[column]]:
                    found[row[column]].append((name, row["id"]))
    return found


def _rank(env: Env, name: str) -> tuple[bool, bool, str]:
    """People before companies, contacts before leads: whoever was converted is a contact now."""
    meant = {f.semantic for f in env.registry.records[name].fields.values()}
    return "full_name" not in meant, not name.startswith("contacts."), name

