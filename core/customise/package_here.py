"""What an installation has that can go into a package, and pieces of customising with names instead of numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from core.customise.kinds import KINDS
from core.customise.package import OURS, is_record, split
from core.customise.package_names import Names, portable_of
from core.customise.package_records import portable_types, records_here
from core.customise.pieces import Piece, pieces_of
from core.customise.words import Word, texts
from core.records import portable

if TYPE_CHECKING:
    from core.env import Env

PROFILE = "base.profile"
VIEW = "base.view"
LOCAL = frozenset({("setting", "collation"), ("setting", "edition")})
"""What belongs to one database and never travels."""
_OWNER = re.compile(r"(?<![\w.])profile:(\d+)$")
_NAMED = re.compile(r"(?<![\w.])profile:(@.*\))$")
_OPENS = re.compile(r"([?&]view=)(\d+)\b")
_OPENS_NAMED = re.compile(r"([?&]view=)(@base\.view\([^?&]*\))")


@dataclass(frozen=True)
class Part:
    """Something that can be exported. `group` is the kind of customising or the record type."""

    item: str
    group: str
    label: str
    data: Any


def named_target(names: Names, target: str) -> str:
    """A target with the profile's name instead of its number."""
    return _OWNER.sub(lambda found: f"profile:{names.name(PROFILE, found[1])}", target)


def numbered_target(names: Names, target: str) -> str:
    """A target as it is kept here. NotHere when the profile is not here."""
    return _NAMED.sub(lambda found: f"profile:{names.number(found[1])}", target)


def named_data(names: Names, data: Any) -> Any:
    """Data in which links to saved views carry their names."""
    return _texts(data, lambda text: _OPENS.sub(lambda f: f"{f[1]}{names.name(VIEW, f[2])}", text))


def numbered_data(names: Names, data: Any) -> Any:
    """The way back of :func:`named_data`; a link to a view that is not here opens the list."""
    def opened(found: re.Match[str]) -> str:
        return f"{found[1]}{names.numbers(VIEW).get(found[2], '')}"

    return _texts(data, lambda text: _OPENS_NAMED.sub(opened, text))


def _texts(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return change(data) if "view=" in data else data
    if isinstance(data, dict):
        return {name: _texts(value, change) for name, value in data.items()}
    return [_texts(value, change) for value in data] if isinstance(data, list) else data


def custom_here(env: Env, names: Names) -> dict[str, Any]:
    """The installation's customising as a package would hold it, by item."""
    return {f"{p.kind} {named_target(names, p.target)}": named_data(names, p.data) for p in pieces_of(env)
            if p.kind not in OURS and p.kind in KINDS and p.key not in LOCAL}


def here(env: Env, names: Names, items: Iterable[str]) -> dict[str, Any]:
    """Of these items those that are here."""
    wanted = set(items)
    records = sorted({portable.read(item)[0] for item in wanted if is_record(item)})
    found = {**custom_here(env, names), **records_here(env, names, records)}
    return {item: data for item, data in found.items() if item in wanted}


def everything(env: Env, names: Names) -> dict[str, Any]:
    """All that can go into a package."""
    return {**custom_here(env, names), **records_here(env, names, [t.name for t in portable_types(env)])}


def parts(env: Env) -> list[Part]:
    """All that can be exported, for people to choose from, in order of group and label."""
    names = Names(env)
    return [Part(item, group_of(item), label_of(env, item), data) for item, data in sorted(everything(env, names).items())]


def group_of(item: str) -> str:
    """What an item is listed under: its kind, or its record type."""
    return portable.read(item)[0] if is_record(item) else split(item)[0]


def group_label(env: Env, group: str) -> str:
    """A group in the reader's language."""
    rtype = env.registry.records.get(group)
    if rtype is not None:
        return env.t(rtype.plural)
    return env.t(KINDS[group].label) if group in KINDS else group


def label_of(env: Env, item: str, items: Mapping[str, Any] = MappingProxyType({})) -> str:
    """An item in words; what is not here yet is called as `items`, a package's, say."""
    if is_record(item):
        record, key = portable.read(item)
        rtype = env.registry.records.get(record)
        declared = portable_of(rtype) if rtype is not None else None
        order = [n for n in declared.key if n in key] if declared is not None else []
        return " · ".join(_key_part(env, key[n]) for n in dict.fromkeys([*order, *key])) or record
    _kind, target = split(item)
    head, _bar, rest = target.partition("|")
    record, _dot, field = head.rpartition(".")
    found = [type_label(env, head, items)]
    if not found[0]:
        rtype, of = env.registry.records.get(record), type_label(env, record, items)
        known = rtype.fields.get(field) if rtype is not None else None
        name = env.t(known.label) if known is not None else _said(env, items.get(item)) or (field if of else _key_part(env, head))
        found = [of, name]
    return " · ".join([*filter(None, found), *(_key_part(env, one) for one in rest.split("|") if one)])


def type_label(env: Env, record: str, items: Mapping[str, Any] = MappingProxyType({})) -> str:
    """What records of a type are called, here or in a package that brings it; "" for what is no type."""
    rtype = env.registry.records.get(record)
    return env.t(rtype.plural) if rtype is not None else _said(env, items.get(f"record {record}"), "plurals")


def _said(env: Env, data: Any, words: str = "labels") -> str:
    """The label that data gives, in the reader's language if there is one in it."""
    labels = data.get(words) if isinstance(data, dict) else None
    found = (labels.get(env.lang) or next(iter(labels.values()), "")) if isinstance(labels, dict) else ""
    return found[:120] if isinstance(found, str) else ""


def _key_part(env: Env, value: str) -> str:
    """A part of a key as people read it: what another record is called, a record type's name."""
    prefix, name = ("", value) if not value.startswith("profile:") else ("profile:", value.removeprefix("profile:"))
    if portable.is_name(name):
        return ", ".join(_key_part(env, part) for part in portable.read(name)[1].values())
    rtype = env.registry.records.get(value)
    return env.t(rtype.label) if rtype is not None else prefix + name


# ---------------------------------------------------------------- what belongs together
def needed_along(env: Env, items: Mapping[str, Any], chosen: Iterable[str]) -> set[str]:
    """What chosen items need that is neither chosen nor shipped: own record types and fields they speak of, records they name."""
    found = set(chosen)
    own = {item: Word(*split(item)) for item in items if item.startswith(("field ", "record "))}
    waiting = [item for item in found if item in items]
    while waiting:
        item = waiting.pop()
        data, target = items[item], item if is_record(item) else split(item)[1]
        more = {one for one, word in own.items() if one not in found and (
            word.target == target or word.stands_in(data if word.kind == "field" else [target, data]))}
        held = [target, *texts(data)]
        more |= {name for name in items if is_record(name) and name not in found and any(name in text for text in held)
                 and not _everywhere(env, name)}
        found |= more
        waiting += more
    return found - set(chosen)


def _everywhere(env: Env, name: str) -> bool:
    """Whether a record is called by the word of what ships it: every installation has it, in words of its own language."""
    record, key = portable.read(name)
    declared = portable_of(env.registry.record(record))
    return declared is not None and list(key) == [declared.word]


def addons_needed(env: Env, items: Mapping[str, Any]) -> dict[str, str]:
    """The addons that items speak of, with the versions in use here."""
    versions = {m.name: m.version for m in env.registry.manifests}
    found = {t.addon for t in env.registry.records.values() if Word("record", t.name).stands_in(items)}
    return {name: versions[name] for name in sorted(found) if name in versions}


def piece(names: Names, item: str, data: Any) -> Piece:
    """An item of customising as it is kept here."""
    kind, target = split(item)
    return Piece(kind, numbered_target(names, target), numbered_data(names, data))


def travels(env: Env, item: str) -> bool:
    """Whether an item may come by a package at all."""
    if is_record(item):
        rtype = env.registry.records.get(portable.read(item)[0])
        declared = portable_of(rtype) if rtype is not None else None
        return declared is not None and not declared.named
    kind, target = split(item)
    return kind not in OURS and kind in KINDS and (kind, target) not in LOCAL
