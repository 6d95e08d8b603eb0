"""Everything about one company, or one person, on a page: its place in the group, its people, what links to it, what happened.

All of it is read as the reader: what they may not see is not counted, not named and leaves no gap that tells.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from core.api import Env, _

from .linked import Inbound, inbound, linking

MOST_NODES = 200
MOST_LEVELS = 12
MOST_PEOPLE = 300
MOST_LINKED = 500
LATEST = 5
ACCOUNT, CONTACT = "contacts.account", "contacts.contact"
SHOWN_ELSEWHERE = frozenset({ACCOUNT, "contacts.contact_role", "contacts.contact_point", "contacts.account_point",
                             "contacts.address", "contacts.merge", "base.follow"})


@dataclass
class Node:
    """One company or person in a tree."""

    id: int
    label: str
    detail: str = ""
    current: bool = False
    children: list[Node] = field(default_factory=list)


@dataclass
class LinkedType:
    """Records of one type that link to the company or its people: how many, and the latest."""

    record: str
    label: str
    icon: str
    count: str
    rows: list[dict[str, Any]]
    ids: list[int]


@dataclass
class Event:
    """One line of the merged timeline. `html` is sanitised text of a note."""

    at: dt.datetime
    kind: str
    title: str
    record: str
    id: int
    html: str = ""
    who: str = ""


def group_tree(env: Env, key: int) -> Node:
    """The company's group from the highest company the reader may see, the company itself marked."""
    top, seen = key, {key}
    for _level in range(MOST_LEVELS):
        row = _first(env, top)
        parent = row["parent"] if row else None
        if parent is None or parent.id in seen or not env.visible_ids(ACCOUNT, [parent.id]):
            break
        top = parent.id
        seen.add(top)
    nodes: dict[int, Node] = {}
    level = env.query(ACCOUNT).with_ids([top]).archived(None).select("name", "type", "parent").rows()
    root = _node(env, level[0], key)
    nodes[root.id] = root
    for _level in range(MOST_LEVELS):
        level = env.query(ACCOUNT).holding("parent", [r["id"] for r in level]).order("name").select(
            "name", "type", "parent").rows(MOST_NODES)
        level = [r for r in level if r["id"] not in nodes and len(nodes) < MOST_NODES]
        for row in level:
            made = nodes[row["id"]] = _node(env, row, key)
            nodes[row["parent"].id].children.append(made)
        if not level:
            break
    return root


def _first(env: Env, key: int) -> dict[str, Any] | None:
    rows = env.query(ACCOUNT).with_ids([key]).archived(None).select("parent").rows(1)
    return rows[0] if rows else None


def _node(env: Env, row: dict[str, Any], current: int) -> Node:
    labels = _labels(env, ACCOUNT, "type")
    return Node(row["id"], row["name"] or f"#{row['id']}", env.t(labels.get(row["type"], "")), row["id"] == current)


def _labels(env: Env, record: str, name: str) -> dict[str, str]:
    return getattr(env.registry.record(record).fields[name], "labels", {})


def people_of(env: Env, key: int) -> list[dict[str, Any]]:
    """The company's people that the reader may see, those with a role in it included; rows with their roles as text."""
    paths = ("name", "job_title", "department", "reports_to", "mobile", "email", "account")
    rows = env.query(CONTACT).holding("account", [key]).order("name").select(*paths).rows(MOST_PEOPLE)
    labels = _labels(env, "contacts.contact_role", "role")
    roles: dict[int, list[str]] = {}
    if env.can("read", "contacts.contact_role"):
        for role in env.query("contacts.contact_role").holding("account", [key]).select("contact", "role").rows(MOST_PEOPLE):
            roles.setdefault(role["contact"].id, []).append(env.t(labels.get(role["role"], role["role"])))
    others = set(roles) - {r["id"] for r in rows}
    if others:
        rows += env.query(CONTACT).with_ids(others).order("name").select(*paths).rows(MOST_PEOPLE)
    return [{**row, "roles": roles.get(row["id"], []), "mobile": env.format.phone(row["mobile"]) if row["mobile"] else ""}
            for row in rows]


def org_chart(people: list[dict[str, Any]]) -> list[Node]:
    """Who reports to whom among these people; who reports to nobody among them stands at the top."""
    nodes = {p["id"]: Node(p["id"], p["name"] or f"#{p['id']}", p["job_title"] or "") for p in people}
    tops = []
    for person in people:
        above = person["reports_to"].id if person["reports_to"] else None
        if above in nodes and above != person["id"]:
            nodes[above].children.append(nodes[person["id"]])
        else:
            tops.append(nodes[person["id"]])
    return tops


def roles_of(env: Env, key: int) -> list[dict[str, Any]]:
    """What a person is, and to which companies: rows of account (a link the reader may follow), role (text), primary."""
    record = "contacts.contact_role"
    if not env.can("read", record):
        return []
    labels = _labels(env, record, "role")
    rows = env.query(record).holding("contact", [key]).order("id").select("account", "role", "primary").rows(MOST_PEOPLE)
    return [{**row, "role": env.t(labels.get(row["role"], row["role"]))} for row in rows
            if row["account"] is not None and row["account"].label is not None]


def linked_types(env: Env, key: int | None, people: list[int]) -> list[LinkedType]:
    """Every record type with links to the company (or none) or the people, as far as the reader may see: counts and the latest."""
    found: dict[str, set[int]] = {}
    for target, ids in ((ACCOUNT, [] if key is None else [key]), (CONTACT, people)):
        for one in inbound(env, target) if ids else ():
            if _is_shown(env, one):
                found.setdefault(one.record, set()).update(
                    linking(env, one, target, ids).order("-created_at").ids(MOST_LINKED + 1))
    found.get(CONTACT, set()).difference_update(people)
    made = []
    for record, numbers in found.items():
        if not numbers:
            continue
        rtype = env.registry.record(record)
        titled = env.can("read", record, rtype.title)
        rows = env.query(record).with_ids(numbers).archived(None).order("-created_at").select(
            *([rtype.title] if titled else []), "created_at", "created_by").rows(MOST_LINKED)
        for row in rows:
            row["title"] = title_of(env, rtype, row)
        count = env.format.number(min(len(numbers), MOST_LINKED)) + ("+" if len(numbers) > MOST_LINKED else "")
        made.append(LinkedType(record, env.t(rtype.plural), rtype.icon, count, rows, sorted(numbers)))
    return sorted(made, key=lambda t: env.sort_key(t.label))


def title_of(env: Env, rtype: Any, row: dict[str, Any]) -> str:
    """A record's name as people see it, picklist values as their labels."""
    value = row.get(rtype.title)
    labels = getattr(rtype.fields[rtype.title], "labels", None)
    return env.t(labels[value]) if labels and value in labels else str(value or f"#{row['id']}")


def _is_shown(env: Env, one: Inbound) -> bool:
    return one.record not in SHOWN_ELSEWHERE and one.field != "merged_into" and env.can("read", one.record, one.field)


def timeline(env: Env, linked: list[LinkedType], most: int = 40) -> list[Event]:
    """What happened with the company and its people, newest first: notes, files and records that were added."""
    events: list[Event] = []
    for one in linked:
        label = env.t(env.registry.record(one.record).label)
        bodies = _bodies(env, one) if one.record == "base.note" else {}
        for row in one.rows[:most]:
            who = (row["created_by"].label or "") if row["created_by"] else ""
            events.append(Event(row["created_at"], "note" if bodies else "file" if one.record == "base.file" else "create",
                                label if bodies else f"{label}: {row['title']}", one.record, row["id"],
                                bodies.get(row["id"], ""), who))
    return sorted(events, key=lambda e: (e.at, e.id), reverse=True)[:most]


def _bodies(env: Env, one: LinkedType) -> dict[int, str]:
    if not env.can("read", one.record, "body"):
        return {}
    return {
        r["id"]: r["body"] or ""
        for r in env.query(one.record).with_ids([r["id"] for r in one.rows[:40]]).select("body").rows()
    }


def figures(env: Env, people: list[dict[str, Any]], root: Node, linked: list[LinkedType]) -> list[tuple[str, str]]:
    """The numbers at the top of the page: (label, formatted number)."""
    def size(node: Node) -> int:
        return 1 + sum(size(c) for c in node.children)
    return [(env.t(_("Contacts")), env.format.number(len(people))),
            (env.t(_("Companies in the group")), env.format.number(size(root))),
            *((one.label, one.count) for one in linked)]
