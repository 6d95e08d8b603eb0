"""SMS.ir, version 1: JSON with the key in a header, answers `{"status", "message", "data"}`, status 1 for success."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast
from urllib.parse import quote

from addons.messaging.contract import (
    BALANCE,
    BY_HAND,
    INBOX,
    LINES,
    REJECTED,
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
    Unclear,
)
from addons.sms import gateway
from core.api import _

from .errors import BLACKLIST, FAULTS, OK, STATES, WHY

ADDRESS = "https://api.sms.ir"
MOST_RECEIVED = 100
MOST_FETCHES = 20
LONGEST_VALUE = 25


class SmsIr(Provider):
    """See the module. A send has no number of ours and the list of sends tells texts only, so what is uncertain cannot be
    matched safely: the same text to the same person may have been sent twice on purpose."""

    name, label, website = "smsir", _("SMS.ir"), "https://sms.ir"
    help = _("The API key is made in SMS.ir's panel under developers. Templates are named by their number; with a sandbox key that is "
             "123456 with the value CODE.")
    settings = (gateway.key_setting(), gateway.lines_setting(), gateway.address_setting(ADDRESS))
    can = frozenset({SEND, TEMPLATE, STATUS, BALANCE, LINES, INBOX})
    batch = 100
    repeats = BY_HAND

    def send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """By `send/likeToLike`, a call for each line."""
        by_line: dict[str, list[Outgoing]] = {}
        for message in messages:
            if gateway.iranian(message.to):
                by_line.setdefault(gateway.line(account, message), []).append(message)
        done = gateway.hand_over(by_line.values(), lambda part: self._send(account, part))
        return [done.get(message.number) or gateway.foreign() for message in messages]

    def _send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        own = gateway.own_line(account, messages)
        line = gateway.line(account, messages[0]).removeprefix("+")
        if not line.isdecimal():
            raise gateway.Together(gateway.judge(FAULTS, "101", own_line=own))
        code, said, data = self._call(account, "POST", "send/likeToLike", json={
            "lineNumber": int(line), "messageTexts": [message.text for message in messages],
            "mobiles": [gateway.iranian(message.to) for message in messages]})
        if code != OK:
            raise gateway.Together(gateway.judge(FAULTS, code, said, own))
        ids = data.get("messageIds") if isinstance(data, dict) else None
        if not isinstance(ids, list) or len(ids) != len(messages):
            return [Sent(UNCERTAIN, reason=_("SMS.ir's answer does not name this message."))] * len(messages)
        return [_outcome(one, gateway.amount(data.get("cost")) if len(ids) == 1 else None) for one in ids]

    def send_template(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """By `send/verify`, one call each; the line is SMS.ir's own."""
        near = [[message] for message in messages if gateway.iranian(message.to)]
        done = gateway.hand_over(near, lambda part: [self._verify(account, part[0])])
        return [done.get(message.number) or gateway.foreign() for message in messages]

    def _verify(self, account: Account, message: Outgoing) -> Sent:
        if not (message.template.isascii() and message.template.isdecimal()):
            return gateway.judge(FAULTS, "113")
        if any(len(value) > LONGEST_VALUE for value in message.parameters.values()):
            return gateway.judge(FAULTS, "114")
        code, said, data = self._call(account, "POST", "send/verify", json={
            "mobile": gateway.iranian(message.to), "templateId": int(message.template),
            "parameters": [{"name": name, "value": value} for name, value in message.parameters.items()]})
        if code != OK:
            return gateway.judge(FAULTS, code, said)
        data = data if isinstance(data, dict) else {}
        return gateway.accepted(data.get("messageId"), cost=gateway.amount(data.get("cost")))

    def status(self, account: Account, ids: Sequence[str]) -> list[Report]:
        """By `send/{id}`, a call for each message; what was found before trouble is kept."""
        found: list[Report] = []
        for identifier in ids:
            try:
                code, said, data = self._call(account, "GET", f"send/{quote(identifier, safe='')}", asking=True)
                if code != OK:
                    gateway.judge(FAULTS, code, said)  # what is wrong with the account is raised; else it is not known
            except (Later, Refused):
                if not found:
                    raise
                break
            if code == OK and isinstance(data, dict):
                found += _report(identifier, data)
        return found

    def balance(self, account: Account) -> Balance:
        """What is left, in SMS.ir's credits: about one for a part of a message."""
        left = gateway.amount(self._asked(account, "credit"))
        if left is None:
            raise Later(_("The answer of {host} cannot be read.", host=self.label))
        return Balance(left)

    def lines(self, account: Account) -> list[str]:
        """The account's lines."""
        found = self._asked(account, "line")
        return [str(one) for one in found] if isinstance(found, list) else []

    def inbox(self, account: Account) -> list[Incoming]:
        """By `receive/latest`, which tells each message once: what came is kept when a later call fails."""
        found: list[Incoming] = []
        try:
            for _turn in range(MOST_FETCHES):
                data = self._asked(account, f"receive/latest?count={MOST_RECEIVED}", asking=False)
                came = [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
                found += [_incoming(one) for one in came]
                if len(came) < MOST_RECEIVED:
                    break
        except (Later, Refused, Unclear):
            if not found:
                raise
        return found

    def problems(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong with the address or the lines."""
        return gateway.setting_problems(settings)

    def _asked(self, account: Account, path: str, asking: bool = True) -> Any:
        """The data of a question; whatever is wrong with it is raised."""
        code, said, data = self._call(account, "GET", path, asking=asking)
        if code != OK:
            raise Refused(gateway.judge(FAULTS, code, said).reason, str(code))
        return data

    def _call(self, account: Account, method: str, path: str, asking: bool = False, **kw: Any) -> tuple[int, str, Any]:
        """Result code, what SMS.ir says of it, data."""
        headers = {"X-API-KEY": account.get("key"), "Accept": "application/json"}
        url = f"{gateway.base(account, ADDRESS)}/v1/{path}"
        answer = gateway.call(account, method, url, asking=asking, hidden=[account.get("key")], headers=headers, **kw)
        body = answer.object
        if not isinstance(body.get("status"), int):
            raise answer.unreadable()
        return body["status"], str(body.get("message") or ""), body.get("data")


def _outcome(identifier: Any, cost: Any) -> Sent:
    """A number is a message taken, 0 one to somebody on the blacklist, null one that was not taken."""
    if identifier is None:
        return Sent(REJECTED, code="null", reason=_("SMS.ir did not take it: the number is not valid, or the text too long."))
    if identifier == 0:
        return gateway.judge(FAULTS, "115")
    return gateway.accepted(identifier, cost=cost)


def _report(identifier: str, data: dict[str, Any]) -> list[Report]:
    now = data.get("deliveryState")
    if now not in STATES:
        return []
    state = cast(Literal["sent", "delivered", "failed"], STATES[now])
    return [Report(state, identifier, at=gateway.moment(data.get("deliveryDateTime")), code=str(now), reason=WHY.get(now, ""),
                   cost=gateway.amount(data.get("cost")), unwanted=now == BLACKLIST)]


def _incoming(one: dict[str, Any]) -> Incoming:
    return Incoming(str(one.get("receiveReturnId") or ""), gateway.international(one.get("mobile")), str(one.get("number") or ""),
                    str(one.get("messageText") or ""), gateway.moment(one.get("receivedDateTime")))
