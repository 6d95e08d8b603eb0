"""Melipayamak: forms posted to one address for each operation, answers `{"Value", "RetStatus", "StrRetStatus"}`. A long number as
the value is the message's, a small or negative one says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from addons.messaging.contract import (
    BALANCE,
    BY_HAND,
    CHOICE,
    INBOX,
    LINES,
    SECRET,
    SEND,
    STATUS,
    TEMPLATE,
    UNCERTAIN,
    Account,
    Balance,
    Incoming,
    Later,
    Outgoing,
    Provider,
    Refused,
    Report,
    Sent,
    Setting,
)
from addons.sms import gateway
from core.api import _, latin_digits

from .answers import base_of, in_order, incoming, named_lines, rows
from .errors import FAULTS, OK, report

ADDRESS = "https://rest.payamak-panel.com"
A_MESSAGE = re.compile(r"[0-9]{7,}")
A_CODE = re.compile(r"-?[0-9]{1,6}")
MOST_RECEIVED = 100
MOST_FETCHES = 2
BETWEEN = ";"


class Melipayamak(Provider):
    """See the module. One message a call: what a call with several numbers answers is not documented for each of them."""

    name, label, website = "melipayamak", _("Melipayamak"), "https://www.melipayamak.com"
    help = _("Use the API key of Melipayamak's panel instead of the password. Templates are named by their number (bodyId); their "
             "values go in the order of the template.")
    settings = (
        Setting("username", _("User name"), required=True),
        Setting("key", _("API key or password"), SECRET, required=True),
        gateway.lines_setting(),
        gateway.address_setting(ADDRESS),
        Setting("location", _("Folder of answers"), CHOICE, default="1", options=(("1", _("1: received")), ("2", _("2: sent"))),
                unverified=True, section="advanced", help=_("Which number Melipayamak gives its folder of received messages.")),
    )
    can = frozenset({SEND, TEMPLATE, STATUS, BALANCE, LINES, INBOX})
    batch = 1
    repeats = BY_HAND

    def send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """By `SendSMS`."""
        return self._each(account, messages, self._plain)

    def send_template(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """By `BaseServiceNumber`, with the values in their order; the line is Melipayamak's own."""
        return self._each(account, messages, self._shared)

    def _each(self, account: Account, messages: Sequence[Outgoing], send: Any) -> list[Sent]:
        near = [[message] for message in messages if gateway.iranian(message.to)]
        done = gateway.hand_over(near, lambda part: [send(account, part[0])])
        return [done.get(message.number) or gateway.foreign() for message in messages]

    def _plain(self, account: Account, message: Outgoing) -> Sent:
        form = {"to": gateway.iranian(message.to), "from": gateway.line(account, message), "text": message.text, "isFlash": "false"}
        return self._outcome(account, "SendSMS", form, gateway.own_line(account, [message]))

    def _shared(self, account: Account, message: Outgoing) -> Sent:
        values = in_order(message.parameters)
        if not re.fullmatch("[0-9]+", message.template):
            return gateway.judge(FAULTS, "-4")
        if any(BETWEEN in value for value in values):
            return gateway.judge(FAULTS, "-5")
        form = {"to": gateway.iranian(message.to), "bodyId": message.template, "text": BETWEEN.join(values)}
        return self._outcome(account, "BaseServiceNumber", form)

    def _outcome(self, account: Account, operation: str, form: dict[str, str], own_line: bool = False) -> Sent:
        body = self._call(account, operation, form)
        value, said = str(body.get("Value")).strip(), str(body.get("StrRetStatus") or "")
        if value in FAULTS:
            return gateway.judge(FAULTS, value, said, own_line)
        if A_MESSAGE.fullmatch(value):
            return gateway.accepted(value)
        if A_CODE.fullmatch(value) and body["RetStatus"] != OK:
            return gateway.judge(FAULTS, value, said)
        return Sent(UNCERTAIN, code=value[:20], reason=_("Melipayamak's answer is neither a message's number nor a known code."))

    def status(self, account: Account, ids: Sequence[str]) -> list[Report]:
        """By `GetDeliveries2`, a call for each message; what was found before trouble is kept."""
        found: list[Report] = []
        for identifier in ids:
            try:
                body = self._call(account, "GetDeliveries2", {"recId": identifier}, asking=True)
                if body.get("RetStatus") != OK:
                    self._judged(body)  # what is wrong with the account is raised; else it is not known
                    continue
            except (Later, Refused):
                if not found:
                    raise
                break
            number = gateway.amount(body.get("Value"))
            one = report(identifier, int(number)) if number is not None else None
            found += [one] if one else []
        return found

    def balance(self, account: Account) -> Balance:
        """What is left, counted in messages."""
        left = gateway.amount(self._asked(account, "GetCredit", {}).get("Value"))
        if left is None:
            raise Later(_("The answer of {host} cannot be read.", host=self.label))
        return Balance(left)

    def lines(self, account: Account) -> list[str]:
        """The account's lines; how Melipayamak writes them is not documented, so every number of the answer counts."""
        return named_lines(self._asked(account, "GetUserNumbers", {}))

    def inbox(self, account: Account) -> list[Incoming]:
        """By `GetMessages`; it tells the same again, so only the newest pages are read."""
        found: list[Incoming] = []
        for page in range(MOST_FETCHES):
            body = self._asked(account, "GetMessages", {"location": account.get("location") or "1", "index": str(page * MOST_RECEIVED),
                                                        "count": str(MOST_RECEIVED), "from": ""})
            came = rows(body)
            found += [incoming(one) for one in came]
            if len(came) < MOST_RECEIVED:
                break
        return found

    def problems(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong with the address or the lines."""
        return gateway.setting_problems(settings)

    def _asked(self, account: Account, operation: str, form: dict[str, str]) -> dict[str, Any]:
        """The answer to a question; whatever is wrong with it is raised. A value may look like a code here, so `RetStatus` counts."""
        body = self._call(account, operation, form, asking=True)
        base = base_of(body)
        if base["RetStatus"] != OK:
            sent = self._judged(base)
            raise Refused(sent.reason, sent.code)
        return body

    def _judged(self, base: Mapping[str, Any]) -> Sent:
        return gateway.judge(FAULTS, str(base.get("Value")), str(base.get("StrRetStatus") or ""))

    def _call(self, account: Account, operation: str, form: dict[str, str], asking: bool = False) -> dict[str, Any]:
        url = f"{gateway.base(account, ADDRESS)}/api/SendSMS/{operation}"
        login = {"username": latin_digits(account.get("username")), "password": account.get("key")}
        answer = gateway.call(account, "POST", url, data={**login, **form}, asking=asking, hidden=[account.get("key")])
        body = answer.object
        if not isinstance(base_of(body).get("RetStatus"), int):
            raise answer.unreadable()
        return body
