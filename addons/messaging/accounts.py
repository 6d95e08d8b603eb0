"""Accounts: which providers and channels there are, what an account may be used for and by whom, and opening one for a call."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from addons.base import connecting, connection_oauth
from core.api import AccessDenied, Change, Env, F, Invalid, Message, ValidationFailed, _, outward_session

from . import contract
from .choices import ACCOUNT as ACCOUNT
from .choices import FAILING
from .choices import WORKING as WORKING
from .contract import FLAG, NUMBER, SECRET, Account, Balance, Channel, Provider, Taker

PATHS = ("name", "channel", "provider", "sender", "settings", "secrets", "per_minute", "stand_in", "health", "problem", "problem_since",
         "token", "active", "person", "price", "price_currency", "commercial", "takes", "takes_all")
UNREACHED = 300
"""Seconds until a service is asked again that gave no token because it did not answer."""


# ---------------------------------------------------------------- what there is
def channels(env: Env) -> dict[str, Channel]:
    """The channels of the enabled addons, by name."""
    slot = env.registry.memo.slot("messaging.channels", None)
    if "all" not in slot:
        parts = env.registry.plugins.hook.providers(kind="channel")
        slot["all"] = {c.name: c for part in reversed(parts) for c in part}
    return slot["all"]  # type: ignore[no-any-return]


def named_channels(env: Env) -> list[tuple[str, str, str]]:
    """The channels as options of a field."""
    return [(c.name, c.label, "blue") for c in channels(env).values()]


def named_providers(env: Env) -> list[tuple[str, str, str]]:
    """The providers of all channels as options of a field."""
    return [(p.name, p.label, "grey") for name in channels(env) for p in providers(env, name).values()]


def channel(env: Env, name: str) -> Channel:
    """A channel by name; ValidationFailed when its addon is not enabled."""
    found = channels(env).get(name)
    if found is None:
        raise ValidationFailed([Invalid(None, "channel", _("There is no channel “{name}”. Its addon is not enabled.", name=name))])
    return found


def normal_of(env: Env, channel: Channel, address: str) -> str:
    """An address in its one form, "" when it is none of the channel."""
    try:
        return channel.normal(address.strip(), env.region) if address.strip() else ""
    except ValueError:
        return ""


def providers(env: Env, name: str) -> dict[str, Provider]:
    """The providers of a channel, by name."""
    slot = env.registry.memo.slot("messaging.providers", None)
    if name not in slot:
        parts = env.registry.plugins.hook.providers(kind=name)
        slot[name] = {p.name: p for part in reversed(parts) for p in part}
    return slot[name]  # type: ignore[no-any-return]


def takers(env: Env) -> dict[str, Taker]:
    """What messages by strangers may become, by name."""
    return {t.name: t for part in reversed(env.registry.plugins.hook.message_takers(env=env)) for t in part}


def provider_of(env: Env, row: Mapping[str, Any]) -> Provider | None:
    """The provider of an account; None when its addon is not enabled any more."""
    return providers(env, row["channel"]).get(row["provider"])


# ---------------------------------------------------------------- rules of the record
def fill(env: Env, change: Change) -> None:
    """A secret address for each account."""
    if change.action == "create":
        for record in change.records:
            if not record.token:
                change.set(record, "token", secrets.token_urlsafe(32))
    elif change.touches("person") and not env.access.trusted:
        raise ValidationFailed([Invalid(None, "person", _("Whose account it is is decided when it is set up."))])


def problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Accounts of channels or providers that are not there."""
    for record in records:
        if record.channel not in channels(env):
            yield Invalid(record, "channel", _("There is no channel “{name}”. Its addon is not enabled.", name=record.channel))
        elif record.provider not in providers(env, record.channel):
            yield Invalid(record, "provider", _("There is no provider “{name}”. Its addon is not enabled.", name=record.provider))


def stand_in_problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Stand-ins that are the account itself, of another channel, or somebody's own."""
    chosen = {r.stand_in.id for r in records if r.stand_in}
    known = {r["id"]: r for r in env.query(ACCOUNT).archived(None).with_ids(chosen).select("channel", "person").rows()} if chosen else {}
    for record in records:
        if not record.stand_in:
            continue
        other = known.get(record.stand_in.id)
        if record.stand_in.id == record.get("id"):
            yield Invalid(record, "stand_in", _("An account cannot stand in for itself."))
        elif other is None or other["channel"] != record.channel or other["person"] is not None:
            yield Invalid(record, "stand_in", _("Choose a shared account of the same channel."))


def check_settings(env: Env, provider: Provider, values: Mapping[str, Any]) -> dict[str, Message | str]:
    """What is wrong with the settings of a provider, by name."""
    found: dict[str, Message | str] = {}
    for setting in provider.settings:
        value = str(values.get(setting.name) or "").strip()
        if setting.required and not value:
            found[setting.name] = _("This is needed.")
        elif value and setting.kind == NUMBER and not value.isdecimal():
            found[setting.name] = _("A whole number is needed.")
        elif value and setting.kind == contract.URL and not value.startswith(("https://", "http://")):
            found[setting.name] = _("An address begins with https://.")
        elif value and setting.kind == contract.CHOICE and value not in {v for v, _label in setting.options}:
            found[setting.name] = _("Choose one of the list.")
        elif any(c in value for c in "\r\n\0") and setting.kind != contract.LONG:
            found[setting.name] = _("This is one line.")
    return found | {k: v for k, v in provider.problems(values).items() if k not in found}


def split(provider: Provider, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Settings that may be read, and those that are sealed."""
    kinds = {s.name: s.kind for s in provider.settings}
    shown = {n: bool(v) if kinds[n] == FLAG else str(v or "").strip() for n, v in values.items() if n in kinds and kinds[n] != SECRET}
    hidden = {n: str(v).strip() for n, v in values.items() if kinds.get(n) == SECRET and v}
    return shown, hidden


def save(env: Env, key: int | None, provider: Provider, values: Mapping[str, Any], settings: Mapping[str, Any]) -> int:
    """Write an account as the acting person. Secrets that are left empty stay as they are, unless the address that they are sent to
    changed. ValidationFailed names what is wrong by `settings.<name>`; AccessDenied when the person may not have such an account."""
    kept = secrets_of(env, key) if key else {}
    shown, hidden = split(provider, settings)
    wrong = check_settings(env, provider, {**shown, **kept, **hidden})
    if key and kept.keys() - hidden.keys() and _moved(provider, settings_of(env, key), shown):
        declared = {one.name for one in provider.settings}
        for name in (kept.keys() & declared) - hidden.keys():
            wrong.setdefault(name, _("Enter it again: the address that it is sent to changed."))
        kept = {name: value for name, value in kept.items() if name in declared}  # nor does a sign-in follow: it is done anew
    if wrong:
        raise ValidationFailed([Invalid(None, f"settings.{name}", text) for name, text in wrong.items()])
    inner = {"settings": shown, "secrets": json.dumps({**kept, **hidden})}
    if key is None:
        with env.elevated("a messaging account is set up") as sudo:  # its channel and secrets are nobody's to write by hand
            made: int = sudo.create(ACCOUNT, {**values, **inner, "channel": provider.channel, "provider": provider.name})
        if env.allowed_ids("update", ACCOUNT, [made]) != {made}:
            raise AccessDenied(_("You may not set up such an account."))
        return made
    env.update(ACCOUNT, key, values)
    with env.elevated("settings of a messaging account") as sudo:
        sudo.update(ACCOUNT, key, inner)
    return key


def _moved(provider: Provider, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether secrets would be sent somewhere else from now on: whoever changes an address must know them."""
    places = [s.name for s in provider.settings if s.kind == contract.URL or s.name.endswith(("host", "server", "address"))]
    return any(str(old.get(n) or "") != str(new.get(n) or "") for n in places)


def settings_of(env: Env, key: int) -> dict[str, Any]:
    """The settings, without secrets, of an account that the acting person may change."""
    if not env.allowed_ids("update", ACCOUNT, [key]):
        return {}
    with env.elevated("settings of a messaging account") as sudo:
        found = sudo.query(ACCOUNT).archived(None).with_ids([key]).select("settings").rows(1)
        return dict(found[0]["settings"] or {}) if found else {}


def secrets_of(env: Env, key: int) -> dict[str, str]:
    """The sealed settings of an account that the acting person may change; they are never shown."""
    if not env.allowed_ids("update", ACCOUNT, [key]):
        return {}
    with env.elevated("settings of a messaging account") as sudo:
        found = sudo.query(ACCOUNT).archived(None).with_ids([key]).records("secrets", limit=1)
        return json.loads(sudo.unseal(found[0].secrets) or "{}") if found else {}


# ---------------------------------------------------------------- using one
def usable(env: Env, name: str, *, commercial: bool = False) -> list[dict[str, Any]]:
    """Accounts of a channel that the acting person may write from, their own first."""
    query = env.query(ACCOUNT).where(F.channel == name, F.active).order("position", "id")
    if commercial:
        query = query.where(F.commercial)
    rows = query.select("name", "provider", "sender", "person", "price", "price_currency").rows()
    known = providers(env, name)
    return sorted((r for r in rows if r["provider"] in known), key=lambda r: r["person"] is None)


def public_address(env: Env) -> str:
    """The address of this installation for the outside, "" when nobody set it."""
    return str(env.installation.settings.server.public_url or "").rstrip("/")


def opened(env: Env, row: Mapping[str, Any]) -> Account:
    """An account for calls to its provider; elevated code only. Close its `http` afterwards."""
    hidden = json.loads(env.unseal(row["secrets"]) or "{}")
    public = public_address(env)
    made = Account(row["id"], row["name"], {**(row["settings"] or {}), **hidden}, row["sender"] or "", outward_session(env),
                   f"{public}/x/messaging/in/{row['token']}" if public else "")
    provider = provider_of(env, row)
    key = provider.uses_connection(made) if provider is not None else 0
    return replace(made, access=partial(_token, connecting.access_to(env, key, made.http))) if key else made


def _token(access: Callable[[], str]) -> str:
    """An access token, or why there is none in the words of the contract."""
    try:
        return access()
    except connection_oauth.Unreached as error:
        raise contract.Later(error.message, UNREACHED) from error
    except connection_oauth.NotConnected as error:
        raise contract.Refused(error.message) from error


def rows(env: Env, ids: Sequence[int] | None = None, *conditions: Any) -> list[dict[str, Any]]:
    """Accounts with everything a call needs; elevated code only."""
    query = env.query(ACCOUNT).where(*conditions)
    return (query if ids is None else query.with_ids(ids).archived(None)).order("position", "id").select(*PATHS).rows()


def failing(env: Env, row: Mapping[str, Any], reason: Any) -> None:
    """An account does not work: it turns red, and those who look after accounts are told once."""
    text = env.t(reason) if isinstance(reason, Message) else str(reason)
    values = {"health": FAILING, "problem": text[:500], "problem_since": row["problem_since"] or env.now}
    env.derive(ACCOUNT, {row["id"]: values})
    if row["health"] != FAILING:
        env.emit("messaging.account_failing", {"account": row["id"]})


def learn_balance(env: Env, key: int, left: Balance) -> None:
    """Keep what an account has left, and tell those who look after it when it falls below the mark."""
    row = env.query(ACCOUNT).with_ids([key]).select("low_balance", "balance").rows(1)[0]
    env.derive(ACCOUNT, {key: {"balance": left.amount, "balance_currency": left.currency or None, "balance_at": env.now}})
    low = row["low_balance"]
    if low is not None and left.amount < low and (row["balance"] is None or row["balance"] >= low):
        env.emit("messaging.low_balance", {"account": key})


def works(env: Env, row: Mapping[str, Any]) -> None:
    """An account works again."""
    if row["health"] != WORKING:
        env.derive(ACCOUNT, {row["id"]: {"health": WORKING, "problem": None, "problem_since": None}})
