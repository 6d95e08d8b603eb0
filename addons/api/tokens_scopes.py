"""Scopes: what a token may do of what its owner may do.

`*:read`, `*:write`, `leads.*:read`, `leads.lead:write` and `admin`. Who may write may read. Types that decide about access are
written only when they are named, or with `admin`, which also opens the administration. Scopes never give anything: they are
the bounds (`core.api.Bounds`) within which the owner's own rights hold, in every statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from core.api import Bounds, Env, Invalid, Message, ValidationFailed, _

ADMIN = "admin"
READ_ALL, WRITE_ALL = "*:read", "*:write"
_FORM = re.compile(r"(?P<what>\*|[a-z][a-z0-9_]*\.(?:\*|[a-z][a-z0-9_]*)):(?P<mode>read|write)")
DECIDING = frozenset({"base.user", "base.profile", "base.role", "base.team", "base.company", "base.sharing_rule", "base.access_default"})


def checked(env: Env, scopes: Iterable[str]) -> list[str]:
    """The scopes, each once and in order; ValidationFailed when one means nothing here."""
    found = sorted(set(scopes))
    wrong = [scope for scope in found if not _known(env, scope)]
    if wrong or not found:
        message = _("There is no scope “{scope}”.", scope=wrong[0]) if wrong else _("Choose what the token may do.")
        raise ValidationFailed([Invalid(None, "scopes", message)])
    return found


def _known(env: Env, scope: str) -> bool:
    match = _FORM.fullmatch(scope)
    if match is None:
        return scope == ADMIN
    what = match["what"]
    if what.endswith(".*"):
        return any(name.startswith(what[:-1]) for name in env.registry.records)
    return what == "*" or what in env.registry.records


def bounds(env: Env, scopes: Iterable[str]) -> Bounds | None:
    """The bounds that scopes draw; None when they leave out nothing."""
    return _bounds(frozenset(scopes), DECIDING | frozenset(n for n in env.registry.records if n.startswith("api.")))


@lru_cache(maxsize=500)
def _bounds(scopes: frozenset[str], closed: frozenset[str]) -> Bounds | None:
    admin = ADMIN in scopes
    if admin and WRITE_ALL in scopes:
        return None
    pairs = [(m["what"], m["mode"]) for m in map(_FORM.fullmatch, scopes) if m is not None]
    writes = frozenset(what for what, mode in pairs if mode == "write")
    return Bounds(frozenset(what for what, _mode in pairs), writes, frozenset() if admin else closed, areas=admin)


def in_words(env: Env, scopes: Iterable[str]) -> list[str]:
    """Scopes as people read them."""
    return [env.t(_word(env, scope)) for scope in scopes]


def _word(env: Env, scope: str) -> Message | str:
    match = _FORM.fullmatch(scope)
    if match is None:
        return _("Administration") if scope == ADMIN else scope
    what, reads = match["what"], match["mode"] == "read"
    if what == "*":
        return _("Read everything") if reads else _("Read and change everything")
    rtype = env.registry.records.get(what)
    addon = env.registry.addons.get(what.partition(".")[0])
    name = rtype.plural if rtype is not None else addon.manifest.title if addon is not None else what
    return _("Read: {what}", what=name) if reads else _("Read and change: {what}", what=name)
