"""What the pages of record types and fields say about them: whose they are, how many records there are, what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import Env, NotFound, _
from core.web_api import Badge

BASE = "/x/studio/types"
OWN = "x"
"""The namespace of what this installation made itself."""
CAP = 1000


def stored(env: Env, kind: str) -> dict[str, Any]:
    """What this installation stored of a kind, by target."""
    return env.registry.customising.of(kind)


def is_own(name: str) -> bool:
    """Whether a record type was made by this installation."""
    return name.startswith(f"{OWN}.")


def layer(env: Env, addon: str) -> Badge:
    """Whose a definition is: the core's, an addon's, this installation's."""
    if addon == OWN:
        return Badge(env.t(_("This installation")), "teal")
    if addon in ("base", "core"):
        return Badge(env.t(_("Core")), "grey")
    return Badge(next((env.t(m.title) for m in env.registry.manifests if m.name == addon), addon), "blue")


def layers(env: Env) -> list[tuple[str, str]]:
    """Whose record types there are, for the filter."""
    known = dict.fromkeys(rtype.addon for rtype in env.registry.records.values())
    return [(OWN, env.t(_("This installation"))), ("base", env.t(_("Core"))),
            *((addon, layer(env, addon).label) for addon in known if addon not in (OWN, "base"))]


def known_type(env: Env, record: str) -> Any:
    """A record type in use; NotFound otherwise."""
    found = env.registry.records.get(record)
    if found is None:
        raise NotFound(_("There is no such record type here."))
    return found


def fields_of(env: Env, record: str) -> dict[str, Mapping[str, Any]]:
    """What is stored of the own fields of a type, by name, those that are switched off too."""
    head = f"{record}."
    return {target.removeprefix(head): data for target, data in stored(env, "field").items()
            if target.startswith(head) and "." not in target.removeprefix(head)}


def own_field(env: Env, record: str, name: str) -> Mapping[str, Any]:
    """What is stored of one own field; NotFound for what was not made here."""
    known_type(env, record)
    data = fields_of(env, record).get(name)
    if data is None:
        raise NotFound(_("This field was not made here."))
    return data


def rules_of(env: Env, record: str) -> dict[str, Mapping[str, Any]]:
    """What is stored of the rules of a type, by key."""
    return {target.partition("|")[2]: data for target, data in stored(env, "rule").items() if target.partition("|")[0] == record}


def many(env: Env, count: int, cap: int = CAP) -> str:
    """A capped count as people read it: 12, or 1,000+."""
    return env.format.number(count) if count <= cap else f"{env.format.number(cap)}+"
