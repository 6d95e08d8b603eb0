"""Kavenegar: forms posted to an address that holds the key, answers `{"return": {"status", "message"}, "entries": [...]}`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from addons.messaging.contract import (
    BALANCE,
    BY_HAND,
    BY_KEY,
    CALLBACK,
    CANCEL,
    INBOX,
    SEND,
    STATUS,
    TEMPLATE,
    Account,
    Balance,
    Call,
    Incoming,
    Later,
    Outgoing,
    Provider,
    Refused,
    Report,
    Sent,
    Unclear,
)
from addons.sms import gateway
from core.api import _

from . import callbacks
from .answers import CURRENCY, incoming, outcomes, state, text
from .errors import EXPLAINED, FAULTS, OK, report
from .tokens import tokens

ADDRESS = "https://api.kavenegar.com"
MOST_STATES = 500
MOST_RECEIVED = 100
MOST_FETCHES = 20


class Kavenegar(Provider):
    """See the module."""

    name, label, website, currency = "kavenegar", _("Kavenegar"), "https://kavenegar.com", CURRENCY
    help = _("The API key is in Kavenegar's panel under account settings. Reports and answers come at once when the address for "
             "calls is entered for the line in the panel; the names of their values are not documented.")
    settings = (gateway.key_setting(), gateway.lines_setting(required=False), gateway.address_setting(ADDRESS))
    can = frozenset({SEND, TEMPLATE, STATUS, BALANCE, INBOX, CANCEL, CALLBACK})
    batch = 200
    repeats, repeats_approved = BY_KEY, BY_HAND

    def send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """By `sms/sendarray`; what has no line by `sms/send`, which leaves the choice to Kavenegar."""
        near = [message for message in messages if gateway.iranian(message.to)]
        alike: dict[str, list[Outgoing]] = {}
        for message in near:
            if not gateway.line(account, message):
                alike.setdefault(message.text, []).append(message)
        parts = [[message for message in near if gateway.line(account, message)], *alike.values()]
        done = gateway.hand_over(parts, lambda part: self._send(account, part))
        return [done.get(message.number) or gateway.foreign() for message in messages]

    def _send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        numbers = [gateway.iranian(message.to) for message in messages]
        if gateway.line(account, messages[0]):
            form = {"receptor": _list(numbers), "message": _list([message.text for message in messages]),
                    "sender": _list([gateway.line(account, message) for message in messages]),
                    "localmessageids": _list([local_id(message) for message in messages])}
            code, said, entries = self._call(account, "sms/sendarray", form)
        else:
            form = {"receptor": ",".join(numbers), "message": messages[0].text,
                    "localid": ",".join(str(local_id(message)) for message in messages)}
            code, said, entries = self._call(account, "sms/send", form)
        if code != OK:
            raise gateway.Together(gateway.judge(FAULTS, code, said, gateway.own_line(account, messages)))
        return outcomes(messages, entries)

    def send_template(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """By `verify/lookup`, one call each. It takes no number of ours, so a repeated one is a second message."""
        near = [[message] for message in messages if gateway.iranian(message.to)]
        done = gateway.hand_over(near, lambda part: [self._lookup(account, part[0])])
        return [done.get(message.number) or gateway.foreign() for message in messages]

    def _lookup(self, account: Account, message: Outgoing) -> Sent:
        named = tokens(message.parameters)
        if named is None:
            return gateway.judge(FAULTS, "431")
        form = {"receptor": gateway.iranian(message.to), "template": message.template, "type": "sms", **named}
        code, said, entries = self._call(account, "verify/lookup", form)
        return outcomes([message], entries)[0] if code == OK else gateway.judge(FAULTS, code, said)

    def status(self, account: Account, ids: Sequence[str]) -> list[Report]:
        """By `sms/status`; Kavenegar knows messages of the last 48 hours."""
        found: list[Report] = []
        for part in gateway.chunks(ids, MOST_STATES):
            code, said, entries = self._call(account, "sms/status", {"messageid": ",".join(part)}, asking=True)
            if code != OK:
                gateway.judge(FAULTS, code, said)  # what is wrong with the account is raised; else these are not known
                continue
            reports = (report(text(entry, "messageid"), state(entry)) for entry in entries)
            found += [one for one in reports if one]
        return found

    def balance(self, account: Account) -> Balance:
        """What is left, in rials."""
        entry = next(iter(self._asked(account, "account/info", {})), {})
        left = gateway.amount(entry.get("remaincredit"))
        if left is None:
            raise Later(_("The answer of {host} cannot be read.", host=self.label))
        ends = gateway.moment(entry.get("expiredate"))
        return Balance(left, CURRENCY, ends.astimezone(gateway.TEHRAN).date() if ends else None)

    def inbox(self, account: Account) -> list[Incoming]:
        """By `sms/receive` for each line. Reading marks as read, so what came is kept when a later call fails."""
        found: list[Incoming] = []
        try:
            for line in gateway.lines(account):
                for _turn in range(MOST_FETCHES):
                    code, said, entries = self._call(account, "sms/receive", {"linenumber": line, "isread": "0"})
                    if code != OK:
                        raise Refused(gateway.judge(FAULTS, code, said).reason, str(code))
                    found += [incoming(entry) for entry in entries]
                    if len(entries) < MOST_RECEIVED:
                        break
        except (Later, Refused, Unclear):
            if not found:
                raise
        return found

    def cancel(self, account: Account, ids: Sequence[str]) -> list[str]:
        """By `sms/cancel`."""
        entries = [entry for part in gateway.chunks(ids, MOST_STATES)
                   for entry in self._asked(account, "sms/cancel", {"messageid": ",".join(part)})]
        taken = {text(entry, "messageid") for entry in entries if (one := report("", state(entry))) and one.state == "cancelled"}
        return [identifier for identifier in ids if identifier in taken]

    def callback(self, account: Account, call: Call) -> Sequence[Report | Incoming]:
        """A state of a message, or one that came. Nothing but the secret in the address says that it is Kavenegar who calls."""
        return callbacks.read(call)

    def problems(self, settings: Any) -> dict[str, str]:
        """What is wrong with the address or the lines."""
        return gateway.setting_problems(settings)

    def _asked(self, account: Account, method: str, form: dict[str, str]) -> list[dict[str, Any]]:
        """The entries of a question; whatever is wrong with it is raised."""
        code, said, entries = self._call(account, method, form, asking=True)
        if code != OK:
            raise Refused(gateway.judge(FAULTS, code, said).reason, str(code))
        return entries

    def _call(self, account: Account, method: str, form: dict[str, str], asking: bool = False,
              ) -> tuple[int, str, list[dict[str, Any]]]:
        """Result code, what Kavenegar says of it, entries."""
        url = f"{gateway.base(account, ADDRESS)}/v1/{quote(account.get('key'), safe='')}/{method}.json"
        answer = gateway.call(account, "POST", url, data=form, asking=asking, hidden=[account.get("key")], explained=EXPLAINED)
        body = answer.object
        result = body.get("return")
        if not isinstance(result, dict) or not isinstance(result.get("status"), int):
            raise answer.unreadable()
        entries = body.get("entries")
        entries = entries if isinstance(entries, list) else [entries]
        return result["status"], str(result.get("message") or ""), [entry for entry in entries if isinstance(entry, dict)]


def local_id(message: Outgoing) -> int:
    """Our number for a message at Kavenegar: the same for every attempt, and no other installation's on the same account."""
    return int(message.key[-12:], 16)


def _list(values: Sequence[object]) -> str:
    return json.dumps(values, ensure_ascii=False)
