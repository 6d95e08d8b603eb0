"""Purposes that people are written to for: what is offered, and what each is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from core.api import Env, F, Invalid, _

from .consents import ALL

PURPOSE = "messaging.purpose"
EVERY = _("Everything")
SHIPPED = (("offers", _("Offers")), ("news", _("News")))
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def rows(env: Env, channel: str = "") -> list[tuple[str, str]]:
    """(key, name in the reader's language) of the active purposes of a channel. What they are called is no secret."""
    kept = env.kept(PURPOSE, PURPOSE)
    if env.lang not in kept:
        with env.elevated("purposes of messages") as sudo:
            kept[env.lang] = sudo.query(PURPOSE).where(F.active).order("position", "name").select(
                "key", "name", "channels").spoken().rows(200)
    return [(r["key"], r["name"]) for r in kept[env.lang] if not channel or channel in named(r["channels"], channel)]


def named(channels: str | None, default: str) -> list[str]:
    """The channels that a purpose is for; empty stands for all."""
    return [c.strip() for c in (channels or default).replace("،", ",").split(",")]


def options(env: Env, channel: str = "", *, every: bool = True) -> list[tuple[str, str]]:
    """For a picker; `every` offers all purposes at once."""
    return [*([(ALL, env.t(EVERY))] if every else []), *rows(env, channel)]


def named_purposes(env: Env) -> list[tuple[str, str, str]]:
    """The purposes as options of a field."""
    return [(key, label, "grey") for key, label in options(env)]


def names(env: Env, keys: Iterable[str]) -> dict[str, str]:
    """What purposes are called; one that is not kept (any more) by its key."""
    known = dict(rows(env))
    return {key: env.t(EVERY) if key == ALL else known.get(key, key) for key in keys}


def problems(records: Sequence[Any]) -> Iterator[Invalid]:
    """Keys that would not stand in a file or an address."""
    for record in records:
        if record.key and not _KEY.fullmatch(record.key):
            yield Invalid(record, "key", _("Small Latin letters, digits, _ and -, no spaces."))


def ship(env: Env) -> None:
    """The first purposes, named in all languages."""
    if env.query(PURPOSE).archived(None).deleted(None).exists():
        return
    catalogs = env.installation.catalogs
    env.create(PURPOSE, [{"key": key, "name": env.t(label), "position": 10 * (n + 1), "other_names": {
        lang: catalogs.translate(label, lang) for lang in catalogs.languages()}} for n, (key, label) in enumerate(SHIPPED)])
