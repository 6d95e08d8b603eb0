"""Which fields pages show to a reader, and as what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.env import Env
from core.layouts import Layout, prune
from core.layouts.links import placeholders
from core.layouts.store import dump_layout
from core.records.fields import USER, ChildrenField, Field, LinkField, ManyField
from core.registry.compose import RecordType
from core.web.urls import list_url

STAMPS = ("id", "created_at", "created_by", "updated_at", "updated_by", "archived")
NUMBERS = frozenset({"integer", "decimal", "money", "percent"})
TEXTS = frozenset({"text", "longtext", "richtext", "email", "phone", "url", "autonumber"})
LONG = frozenset({"longtext", "richtext", "children", "data", "names", "secret"})
SEVERAL = frozenset({"many", "tags"})


def kind_of(field: Field) -> str:
    """The type of what a field holds: of a formula or roll-up that of its result."""
    return getattr(field, "result_type", None) or field.type_name


def is_shown(env: Env, rtype: RecordType, field: Field) -> bool:
    """Whether a page may show a field: secrets that code alone handles never are, not even to a super-administrator."""
    if field.sensitive and field.readonly:
        return False
    if field.system and field.name not in STAMPS:
        return False
    return field.type_name != "data" and env.access.readable(rtype.name, field.name)


def shown_fields(env: Env, rtype: RecordType) -> Iterator[Field]:
    """All fields of a type that pages may show."""
    return (f for f in rtype.fields.values() if is_shown(env, rtype, f))


def may_create(env: Env, rtype: RecordType) -> bool:
    """Whether pages offer to create one: the reader may, and people make such records at all."""
    return rtype.cls.record_by_hand and env.can("create", rtype.name)


def create_url(env: Env, rtype: RecordType) -> str:
    """Where a new record of the type begins: the page of the addon whose `list_actions` has a primary one, else the type's
    own form; "" for who may not, or where people make no such records."""
    if not env.can("create", rtype.name):
        return ""
    links = env.registry.collected("list_actions", env=env, record_name=rtype.name)
    own = f"{list_url(rtype.name)}/new" if rtype.cls.record_by_hand else ""
    return next((link.url for link in links if link.primary and not link.bulk and not link.post), own)


def is_person(field: Field) -> bool:
    """Whether a field links to a user."""
    return isinstance(field, LinkField) and field.target == USER


def listable(field: Field) -> bool:
    """Whether a field can be a column of a list."""
    return field.type_name not in LONG


def resolve(env: Env, rtype: RecordType, path: str) -> tuple[RecordType, Field] | None:
    """The field that a dotted path names and the type it belongs to; None when there is none the reader may see."""
    at = rtype
    *links, last = path.split(".")
    for name in links:
        field = at.fields.get(name)
        if not isinstance(field, LinkField) or not is_shown(env, at, field):
            return None
        at = env.registry.record(field.target)
    found = at.fields.get(last)
    if found is None or links and isinstance(found, (ChildrenField, ManyField)):  # several values are not read through a link
        return None
    return (at, found) if is_shown(env, at, found) else None


def label_of(env: Env, rtype: RecordType, path: str) -> str:
    """The label of a path: "Account › Industry"."""
    names = path.split(".")
    found = [resolve(env, rtype, ".".join(names[:i + 1])) for i in range(len(names))]
    return " › ".join(env.t(f[1].label) for f in found if f)


def layout_for(env: Env, rtype: RecordType, kind: str, row: Mapping[str, Any] | None = None) -> Layout:
    """A page layout as this reader gets it: merged, without what they may not see, and without the pen where they may
    not write. Kept for as long as their rights stay as they are. With `row`, the one for records of its kind."""
    kinds = kinds_of(env, rtype, kind, row) if row else ()
    if env.access.trusted:
        return _pruned(env, rtype, kind, kinds)
    slot = env.registry.memo.slot(("layout", env.actor.id, rtype.name, kind, *kinds), env.actor)
    if "layout" not in slot:
        slot["layout"] = _pruned(env, rtype, kind, kinds)
    return slot["layout"]  # type: ignore[no-any-return]


def layout_data(env: Env, record: str, kind: str) -> dict[str, Any]:
    """A page layout as this reader gets it, as plain data."""
    return dump_layout(layout_for(env, env.registry.record(record), kind))


def kinds_of(env: Env, rtype: RecordType, kind: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of a record that its layout goes by: values of choices for which customising has a layer. What the reader may
    not see does not count, since the page would tell it."""
    return tuple(f"{name}={row[name]}" for name in kind_fields(env, rtype, kind) if row.get(name))


def kind_fields(env: Env, rtype: RecordType, kind: str) -> list[str]:
    """The fields that say of which kind a record is, those the reader may see."""
    return [name for name in env.registry.kind_fields(rtype.name, kind) if is_shown(env, rtype, rtype.fields[name])]


def kind_row(env: Env, rtype: RecordType, key: int, *kinds: str) -> dict[str, Any]:
    """What says of which kind a record is: read only where the layouts of these kinds differ by it."""
    names = list(dict.fromkeys(name for kind in kinds for name in kind_fields(env, rtype, kind)))
    rows = env.query(rtype.name).with_ids([key]).archived(None).select(*names).rows(limit=1) if names else []
    return dict(rows[0]) if rows else {}


def hidden_actions(env: Env, rtype: RecordType, kind: str, row: Mapping[str, Any]) -> set[str]:
    """Actions whose buttons were taken off the page."""
    profile = str(env.actor.profile.id) if env.actor.profile.id else ""
    hidden = env.registry.layout(rtype.name, kind, profile, kinds_of(env, rtype, kind, row)).hidden
    shipped = {n.id: n for n in env.registry.base_layout(rtype.name, kind).of_kind("button")} if hidden else {}
    return {shipped[name].get("action") if name in shipped else name for name in hidden}


def _pruned(env: Env, rtype: RecordType, kind: str, kinds: tuple[str, ...]) -> Layout:
    profile = str(env.actor.profile.id) if env.actor.profile.id else ""
    layout = env.registry.layout(rtype.name, kind, profile, kinds).layout
    readable = {f.name for f in shown_fields(env, rtype)}
    named = {n.id for n in layout.walk() if n.kind == "field"}.union(*(placeholders(n.get("href", "")) for n in layout.of_kind("link")))
    readable |= {path for path in named if "." in path and resolve(env, rtype, path)}
    writable = {n for n in readable if "." not in n and env.access.writable(rtype.name, n)}
    related = {}
    for node in layout.of_kind("related"):
        target = related_type(env, rtype, node.id, node.get("record"))
        if target is not None and env.can("read", target.name):
            related[node.id] = {p for p in (node.get("columns") or ()) if resolve(env, target, p)} | {
                f.name for f in shown_fields(env, target)}
    actions = {name for name in rtype.actions if env.can_run(rtype.name, name)}
    return prune(layout, readable, writable, related=related, actions=actions)


def related_type(env: Env, rtype: RecordType, name: str, record: str | None) -> RecordType | None:
    """The record type that a related list of a layout shows."""
    if record:
        return env.registry.records.get(record)
    field = rtype.fields.get(name)
    if isinstance(field, (ChildrenField, ManyField)) and is_shown(env, rtype, field):
        return env.registry.records.get(field.target)
    return None
