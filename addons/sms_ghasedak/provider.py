"""Ghasedak: JSON with the key in a header, answers `{"isSuccess", "statusCode", "message", "data"}` with keys now in small, now in
capital letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from addons.messaging.contract import (
    BALANCE,
    BY_QUERY,
    CHOICE,
    INBOX,
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
    Unclear,
)
from addons.sms import gateway
from core.api import _

from .errors import DOCUMENTATION, FAULTS, LIBRARY, NOT_FOUND, STATES

ADDRESS = "https://gateway.ghasedak.me"
CURRENCY = "IRR"
MOST_STATES = 100
OUR_NAMES, THEIR_NUMBERS = "2", "1"


class Ghasedak(Provider):
    """See the module. `key` of a message is its `clientReferenceId`: Ghasedak tells by it what it has."""

    name, label, website, currency = "ghasedak", _("Ghasedak"), "https://ghasedak.me", CURRENCY
    help = _("The API key is in Ghasedak's panel under the account's settings. What its refusals mean is not documented: they are shown "
             "in its own words.")
    settings = (
        gateway.key_setting(), gateway.lines_setting(), gateway.address_setting(ADDRESS),
        Setting("states", _("Table of states"), CHOICE, default=LIBRARY, unverified=True, section="advanced",
                options=((LIBRARY, _("That of Ghasedak's library (14 is delivered)")),
                         (DOCUMENTATION, _("That of Ghasedak's documentation (5 is delivered)"))),
                help=_("Ghasedak describes the states of messages in two ways. Change it if delivered messages are not shown so.")),
    )
    can = frozenset({SEND, TEMPLATE, STATUS, BALANCE, INBOX})
    batch = 100
    repeats = BY_QUERY

    def send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """By `SendPairToPairSMS`."""
        near = [message for message in messages if gateway.iranian(message.to)]
        done = gateway.hand_over([near], lambda part: self._send(account, part))
        return [done.get(message.number) or gateway.foreign() for message in messages]

    def _send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        items = [{"lineNumber": gateway.line(account, message), "receptor": gateway.iranian(message.to), "message": message.text,
                  "clientReferenceId": message.key} for message in messages]
        refusal, data = self._call(account, "POST", "SendPairToPairSMS", json={"items": items, "udh": False})
        if refusal:
            raise gateway.Together(refusal)
        return _outcomes(messages, data)

    def send_template(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """By `SendOtpSMS`, one call each; the line is Ghasedak's own."""
        near = [[message] for message in messages if gateway.iranian(message.to)]
        done = gateway.hand_over(near, lambda part: self._template(account, part[0]))
        return [done.get(message.number) or gateway.foreign() for message in messages]

    def _template(self, account: Account, message: Outgoing) -> list[Sent]:
        refusal, data = self._call(account, "POST", "SendOtpSMS", json={
            "receptors": [{"mobile": gateway.iranian(message.to), "clientReferenceId": message.key}], "templateName": message.template,
            "inputs": [{"param": name, "value": value} for name, value in message.parameters.items()], "udh": False})
        return [refusal] if refusal else _outcomes([message], data)

    def known(self, account: Account, messages: Sequence[Outgoing]) -> dict[int, Sent]:
        """By `CheckSmsStatus` with our names. Raises Unclear when Ghasedak does not say which it means."""
        found: dict[int, Sent] = {}
        for part in gateway.chunks(messages, MOST_STATES):
            numbers = {message.key: message.number for message in part}
            for item in self._states(account, list(numbers), OUR_NAMES):
                name = _text(item, "clientreferenceid") or (part[0].key if len(part) == 1 else "")
                if name not in numbers:
                    raise Unclear(_("Ghasedak does not say which messages it has."))
                found[numbers[name]] = gateway.accepted(item.get("messageid"), cost=gateway.amount(item.get("price")), currency=CURRENCY)
        return found

    def status(self, account: Account, ids: Sequence[str]) -> list[Report]:
        """By `CheckSmsStatus` with its own numbers."""
        table = STATES.get(account.get("states"), STATES[LIBRARY])
        found = []
        for part in gateway.chunks(ids, MOST_STATES):
            for item in self._states(account, part, THEIR_NUMBERS):
                code = gateway.amount(item.get("status"))
                one = table.get(int(code)) if code is not None else None
                if one and _text(item, "messageid") in part:
                    found.append(replace(one, id=_text(item, "messageid"), code=str(code), cost=gateway.amount(item.get("price")),
                                         currency=CURRENCY))
        return found

    def balance(self, account: Account) -> Balance:
        """What is left, in rials."""
        data = self._asked(account, "GetAccountInformation")
        left = gateway.amount(data.get("credit")) if isinstance(data, dict) else None
        if left is None:
            raise Later(_("The answer of {host} cannot be read.", host=self.label))
        ends = gateway.tehran_time(data.get("expiredate"))
        return Balance(left, CURRENCY, ends.astimezone(gateway.TEHRAN).date() if ends else None)

    def inbox(self, account: Account) -> list[Incoming]:
        """What is unread on each line; what came is kept when a later call fails."""
        found: list[Incoming] = []
        try:
            for line in gateway.lines(account):
                data = self._asked(account, "GetReceivedSmses", {"LineNumber": line, "IsRead": "false"}, asking=False)
                found += [_incoming(item) for item in _items(data)]
        except (Later, Refused, Unclear):
            if not found:
                raise
        return found

    def problems(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong with the address or the lines."""
        return gateway.setting_problems(settings)

    def _states(self, account: Account, names: Sequence[str], kind: str) -> list[dict[str, Any]]:
        refusal, data = self._call(account, "GET", "CheckSmsStatus", asking=True, params={"Ids": ",".join(names), "Type": kind})
        if refusal and refusal.code != str(NOT_FOUND):
            raise Later(refusal.reason)
        return [] if refusal else _items(data)

    def _asked(self, account: Account, operation: str, params: Mapping[str, str] | None = None, asking: bool = True) -> Any:
        """The data of a question; whatever is wrong with it is raised."""
        refusal, data = self._call(account, "GET", operation, asking=asking, params=params)
        if refusal:
            raise Refused(refusal.reason, refusal.code)
        return data

    def _call(self, account: Account, method: str, operation: str, asking: bool = False, **kw: Any) -> tuple[Sent | None, Any]:
        """A refusal or None, and the data with keys in small letters."""
        url = f"{gateway.base(account, ADDRESS)}/rest/api/v1/WebService/{operation}"
        headers = {"ApiKey": account.get("key"), "Accept": "application/json"}
        answer = gateway.call(account, method, url, asking=asking, hidden=[account.get("key")], headers=headers, **kw)
        body = gateway.lowered(answer.object)
        if body.get("issuccess") is True and answer.status < 400:
            return None, body.get("data")
        said = body.get("statuscode")
        code = said if isinstance(said, int) and said >= 400 else answer.status
        if code >= 500:
            raise answer.uncertain()
        if body.get("issuccess") is not False:
            raise answer.unreadable()
        return replace(gateway.judge(FAULTS, code, _text(body, "message")), elsewhere=True), None


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return "" if value is None else str(value)


def _items(data: Any) -> list[dict[str, Any]]:
    """A list, or the list inside an object."""
    found = data.get("items") if isinstance(data, dict) else data
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _outcomes(messages: Sequence[Outgoing], data: Any) -> list[Sent]:
    """Each message's item: by our name where Ghasedak repeats it, else by its receiver."""
    return [gateway.accepted(item.get("messageid"), cost=gateway.amount(item.get("cost")), currency=CURRENCY) if item else
            Sent(UNCERTAIN, reason=_("Ghasedak's answer does not name this message."))
            for item in gateway.matched(messages, _items(data), "clientreferenceid", lambda message: message.key)]


def _incoming(item: dict[str, Any]) -> Incoming:
    return Incoming(_text(item, "id"), gateway.international(item.get("sender")), _text(item, "linenumber"), _text(item, "message"),
                    gateway.tehran_time(item.get("receivedate")))
