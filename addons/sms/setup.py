"""Which account sends one-time codes, and as which approved text; kept with the installation's customising."""

from __future__ import annotations

from dataclasses import dataclass

from addons.messaging import accounts
from addons.messaging.contract import TEMPLATE
from core.api import Env, Invalid, ValidationFailed, _, change_customising


@dataclass(frozen=True)
class Codes:
    """`account`: None takes the first shared one. `template`: the provider's name of an approved text, "" for plain words;
    `parameter`: what the code is called in it."""

    account: int | None = None
    template: str = ""
    parameter: str = ""


def stored(env: Env) -> Codes:
    """What somebody chose, whether or not it can be used now."""
    held = env.registry.customising.of("sms").get("codes") or {}
    return Codes(held.get("account"), str(held.get("template") or ""), str(held.get("parameter") or ""))


def shared(env: Env) -> list[dict[str, object]]:
    """SMS accounts that belong to nobody in person."""
    return [row for row in accounts.usable(env, "sms") if row["person"] is None]


def chosen(env: Env) -> Codes:
    """What codes are sent with: a chosen account that is not there any more leaves the usual one, and plain words."""
    made = stored(env)
    if made.account is not None and made.account not in {row["id"] for row in shared(env)}:
        return Codes()
    return made


def change(env: Env, made: Codes) -> None:
    """Take over a choice. ValidationFailed when the account is not there, or has no approved texts."""
    known = {row["id"]: row for row in shared(env)}
    row = known.get(made.account) if made.account is not None else None
    wrong = []
    if made.account is not None and row is None:
        wrong.append(Invalid(None, "account", _("Choose one of the list.")))
    if made.template and (row is None or TEMPLATE not in accounts.providers(env, "sms")[str(row["provider"])].can):
        wrong.append(Invalid(None, "template", _("Choose an account whose provider has approved texts.")))
    if made.template and not made.parameter:
        wrong.append(Invalid(None, "parameter", _("This is needed.")))
    if wrong:
        raise ValidationFailed(wrong)
    change_customising(env, "sms", "codes", {"account": made.account, "template": made.template, "parameter": made.parameter})
