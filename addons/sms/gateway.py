"""What SMS gateways share: calling a provider, reading its answer, tables of its result codes, numbers as Iranian ones want them.

    answer = call(account, "POST", f"{base}/send", json={...})       # Later, Refused or Unclear when the way there is in trouble
    data = answer.json                                               # or Unclear: nobody can read it
    return judge(FAULTS, data["status"], data["message"])            # Later or Refused by the table, else a rejected message

The settings that most gateways have are here; the rest is in the modules beside it, and imported from here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from addons.messaging.contract import SECRET, URL, Account, Outgoing, Setting
from core.api import _, latin_digits

from .gateway_calls import Answer, call
from .gateway_numbers import TEHRAN, amount, chunks, foreign, international, iranian, lowered, moment, tehran_time
from .gateway_results import Fault, Together, accepted, hand_over, judge, matched

__all__ = ["TEHRAN", "Answer", "Fault", "Together", "accepted", "address_setting", "amount", "base", "call", "chunks", "foreign",
           "hand_over", "international", "iranian", "judge", "key_setting", "line", "lines", "lines_setting", "lowered", "matched",
           "moment", "own_line", "setting_problems", "tehran_time"]


def address_setting(default: str) -> Setting:
    """Where the provider is; changed for a mirror or a proxy."""
    return Setting("address", _("Service address"), URL, default=default, section="advanced",
                   help=_("Only changed for a mirror or a proxy of the provider."))


def lines_setting(required: bool = True) -> Setting:
    """The lines of the account; the first is the usual one."""
    return Setting("lines", _("Sender lines"), required=required,
                   help=_("Numbers that messages leave from, with commas between them. The first is the usual one."))


def key_setting() -> Setting:
    """The key of the account."""
    return Setting("key", _("API key"), SECRET, required=True)


def base(account: Account, default: str) -> str:
    """The address of the account's provider, without a slash at the end."""
    return (account.get("address").strip() or default).rstrip("/")


def lines(account: Account) -> list[str]:
    """The lines that the account's settings name."""
    return [one for one in re.split(r"[\s,;،]+", latin_digits(account.get("lines"))) if one]


def line(account: Account, message: Outgoing) -> str:
    """The line a message leaves from, "" for the provider's usual."""
    return latin_digits(message.sender or account.sender or next(iter(lines(account)), ""))


def setting_problems(settings: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the address and the lines of an account, by setting; for `Provider.problems`."""
    wrong: dict[str, str] = {}
    address = str(settings.get("address") or "").strip()
    if address and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", address):
        wrong["address"] = _("Write an address such as https://sms.example, with no user name, question mark or blank.")
    named = re.split(r"[\s,;،]+", latin_digits(str(settings.get("lines") or "")).strip())
    if any(one and not re.fullmatch(r"\+?[0-9]{3,20}", one) for one in named):
        wrong["lines"] = _("Write the numbers in digits, with commas between them.")
    return wrong


def own_line(account: Account, messages: Sequence[Outgoing]) -> bool:
    """Whether a message leaves from a line that is not the account's, so that a bad one may be no fault of the account."""
    return any(message.sender not in ("", account.sender, *lines(account)) for message in messages)
