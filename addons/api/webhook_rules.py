"""What a webhook must be like, and whose rights it may be given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from core.api import AccessDenied, Change, Env, F, Invalid, NotFound, NotOutside, SarnakhError, _, check_host, is_ours

from . import webhook_sign
from .webhook_choices import DELIVERY, ENDED, WEBHOOK, WORKING

OWN = "api."
"""Records of this addon are not told of: a delivery would be an event again."""


def tellable(env: Env, record: str) -> bool:
    """Whether there is such a type, it may be told of, and the acting person may read it."""
    return record in env.registry.records and not record.startswith(OWN) and env.can("read", record)


def may_act_for(env: Env, user: int | None) -> bool:
    """Whether the acting person may let a program read with this user's rights: their own, or everybody's for a super-administrator."""
    return env.access.unlimited or (user is not None and user == env.actor.id)


def fill(env: Env, change: Change) -> None:
    """A secret for each new webhook; one that is switched on again has no troubles yet."""
    if change.action == "create":
        for record in change.records:
            if record.__dict__.get("secret") is None:
                change.set(record, "secret", env.installation.vault.seal(webhook_sign.new_secret()))
    elif change.action == "update":
        _close(env, [record.__dict__["id"] for record in change.changed("user")])
        for record in change.changed("active"):
            if record.active and record.__dict__.get("health") == ENDED:
                for name, value in {"health": WORKING, "problem": None, "failures": 0, "rest_until": None}.items():
                    change.set(record, name, value)


def _close(env: Env, webhooks: Sequence[int]) -> None:
    """What was sent so far was read with the rights of the former person; the next one may not see it."""
    if webhooks:
        with env.elevated("what was read with another's rights") as sudo:
            sent = sudo.query(DELIVERY).archived(None).holding("webhook", webhooks).where(~(F.request.is_null() & F.answer.is_null()))
            sudo.derive(DELIVERY, dict.fromkeys(sent.ids(), {"request": None, "answer": None}))


def problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Everything that is wrong with these webhooks."""
    for record in records:
        yield from _address(env, record)
        user = record.user.id if record.user else None
        if not may_act_for(env, user):
            yield Invalid(record, "user", _("A webhook reads with your own rights; those of others are given by a super-administrator."))
            continue
        yield from _contents(env, record, user)


def _address(env: Env, record: Any) -> Iterator[Invalid]:
    try:
        parts = urlsplit(record.url or "")
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        yield Invalid(record, "url", _("This is not an address."))
        return
    allowed = env.installation.settings.outward.allowed
    if parts.scheme not in ("https", "http") or not host or parts.username or parts.password or parts.fragment:
        yield Invalid(record, "url", _("Write an address such as https://example.com/hook, without a name and password."))
    elif parts.scheme == "http" and not is_ours(host, port, allowed):
        yield Invalid(record, "url", _("Without https anybody on the way could read it. Only addresses of your own network that the "
                                       "configuration allows may do without."))
    elif host.replace(".", "").isdigit() or ":" in host or host == "localhost":
        try:
            check_host(host, port, allowed)  # a number, so nobody is asked for it; names are looked at when it is sent
        except NotOutside as error:
            yield Invalid(record, "url", error.message)


def _contents(env: Env, record: Any, user: int | None) -> Iterator[Invalid]:
    actor = env.installation.load_actor(user) if user else env.actor
    person = env if user == env.actor.id and not env.access.trusted else env.as_actor(actor)
    if not tellable(person, record.record_type):
        yield Invalid(record, "record_type", _("There is no such record type, or the chosen person may not see it."))
        return
    rtype = env.registry.record(record.record_type)
    for field in ("watched", "sent"):
        names = getattr(record, field) or ()
        if not isinstance(names, list | tuple) or any(n not in rtype.fields or not person.access.readable(rtype.name, n) for n in names):
            yield Invalid(record, field, _("There is no such field, or the chosen person may not see it."))
    if any(name not in rtype.actions for name in record.actions or ()):
        yield Invalid(record, "actions", _("There is no such action."))
    if record.condition:
        try:
            person.query(rtype.name).where(record.condition).with_ids([0]).ids(1)
        except SarnakhError as error:
            yield Invalid(record, "condition", error.message)


def renew(env: Env, key: int) -> str:
    """A new signing secret, which is given back this once; the former one signs along for a day, so that nothing is refused while the
    receiver takes over."""
    if env.allowed_ids("update", WEBHOOK, [key]) != {key}:
        raise NotFound
    fresh = webhook_sign.new_secret()
    with env.elevated("a webhook's secret is changed") as sudo:
        row = sudo.get(WEBHOOK, key, "secret", "user")
        if not may_act_for(env, row.user.id):
            raise AccessDenied(_("A webhook reads with your own rights; those of others are given by a super-administrator."))
        sudo.derive(WEBHOOK, {key: {"old_until": env.now + webhook_sign.OVERLAP}})
        sudo.update(WEBHOOK, key, {"secret": fresh, "old_secret": row.secret})
    env.log("webhook_secret", record=WEBHOOK, record_id=key)
    return fresh
