"""The currency of amounts: that which stands beside them, else the company's."""

from __future__ import annotations

from collections.abc import Iterable

from core.env import Env
from core.records.fields import Field, MoneyField
from core.registry.compose import RecordType
from core.web.showing import resolve


def base_currency(env: Env) -> str:
    """Code of the reader's company's currency; the setting's when there is none."""
    return env.actor.settings.get("currency") or env.installation.settings.locale.currency


def currency_path(path: str, field: Field) -> str:
    """The path of what says in which currency the amount at `path` is, on the same record as the amount; "" for what is no
    amount or has none beside it."""
    if not isinstance(field, MoneyField) or not field.currency:
        return ""
    head, dot, _name = path.rpartition(".")
    return f"{head}{dot}{field.currency}"


def with_currencies(env: Env, rtype: RecordType, paths: Iterable[str]) -> list[str]:
    """The paths, each once, and the currencies of the amounts among them that the reader may see: what cells need to be read."""
    wanted = list(dict.fromkeys(paths))
    known = ((path, resolve(env, rtype, path)) for path in wanted)
    held = [currency_path(path, found[1]) for path, found in known if found]
    return list(dict.fromkeys([*wanted, *(path for path in held if path and resolve(env, rtype, path))]))
