"""Twilio, by its interface of 2010-04-01."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from addons.messaging.contract import (
    BALANCE,
    BY_QUERY,
    CALLBACK,
    LINES,
    SECRET,
    SEND,
    STATUS,
    Account,
    Balance,
    Call,
    Incoming,
    Outgoing,
    Provider,
    Refused,
    Report,
    Sent,
    Setting,
    Unclear,
)
from addons.sms.gateway import address_setting, amount, call, judge, setting_problems
from core.api import _

from . import signature
from .answers import OFFICIAL, ask, auth, place, read, recent, report_of, secrets, sent_of
from .errors import FAULTS

TRIAL = "Sent from your Twilio trial account - "


class Twilio(Provider):
    """See the module. Twilio drops no repeats, but tells what went to a number: what is unclear is looked for there by its text."""

    channel, name, label, website, currency = "sms", "twilio", _("Twilio"), "https://www.twilio.com", "USD"
    help = _("The account's sender is a number of yours at Twilio or a name. For incoming messages enter the account's address for "
             "reports at Twilio, as the webhook of the number or of the messaging service.")
    settings = (
        Setting("account_sid", _("Account SID"), required=True, help=_("Begins with AC.")),
        Setting("auth_token", _("Auth token"), SECRET, help=_("Without it reports and incoming messages cannot be told from forged ones.")),
        Setting("api_key", _("API key SID"), help=_("Begins with SK. Used instead of the token for sending.")),
        Setting("api_secret", _("Secret of the API key"), SECRET),
        Setting("messaging_service", _("Messaging service SID"),
                help=_("Begins with MG. Used where a message names no sender of its own.")),
        Setting("shared_key", _("Shared key of webhooks"), SECRET, section="advanced",
                help=_("Only where a rule at Twilio signs webhooks with a key of yours (SHA-256).")),
        address_setting(OFFICIAL),
    )
    can = frozenset({SEND, STATUS, BALANCE, LINES, CALLBACK})
    repeats, signed, longest = BY_QUERY, True, 1600

    def send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """One message for each request."""
        return [_send(account, message) for message in messages]

    def known(self, account: Account, messages: Sequence[Outgoing]) -> dict[int, Sent]:
        """Those whose text went to their number within a day, each of Twilio's messages for one of ours. Unclear where Twilio keeps
        no texts."""
        listed = {to: list(recent(account, to)) for to in {message.to for message in messages}}
        found = {}
        for message in messages:
            rows = listed[message.to]
            row = next((row for row in rows if str(row.get("body")).removeprefix(TRIAL) == message.text), None)
            if row is None and any(not row.get("body") for row in rows):
                raise Unclear(_("Twilio keeps no texts of this account's messages, so what arrived cannot be looked up."))
            if row is not None:
                rows.remove(row)
                found[message.number] = sent_of(row)
        return found

    def status(self, account: Account, ids: Sequence[str]) -> list[Report]:
        """The state of each message."""
        answers = (ask(account, f"Messages/{quote(one, safe='')}.json") for one in ids)
        return [report for answer in answers if answer.status != 404 and (report := report_of(read(answer)))]

    def balance(self, account: Account) -> Balance:
        """What the account may still spend."""
        data = read(ask(account, "Balance.json"))
        left = amount(data.get("balance"))
        if left is None:
            raise Refused(_("Twilio did not tell the balance."))
        return Balance(left, str(data.get("currency") or "USD"))

    def lines(self, account: Account) -> list[str]:
        """The account's numbers that can send text messages."""
        rows = read(ask(account, "IncomingPhoneNumbers.json", PageSize="1000")).get("incoming_phone_numbers") or []
        return [str(row["phone_number"]) for row in rows if (row.get("capabilities") or {}).get("sms", True)]

    def callback(self, account: Account, call: Call) -> Sequence[Report | Incoming]:
        """A report or an incoming message, signed by Twilio."""
        signature.check(account, call)
        form, known = call.form, call.form.get("MessageSid") or call.form.get("SmsSid") or ""
        if "MessageStatus" not in form and form.get("From") and "Body" in form:
            return [Incoming(known, form["From"], form.get("To", ""), form["Body"], extra={
                name: form[name] for name in ("OptOutType", "NumMedia") if form.get(name)})]
        told = {"sid": known, "status": form.get("MessageStatus") or form.get("SmsStatus"), "error_code": form.get("ErrorCode")}
        report = report_of(told, call.query.get("key", ""))
        return [report] if known and report else []

    def answer(self, account: Account, call: Call) -> str:
        """An empty answer in Twilio's language: nothing is sent back."""
        return "<Response/>"

    def problems(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """Something to prove who we are is needed."""
        wrong = setting_problems(settings)
        if bool(settings.get("api_key")) != bool(settings.get("api_secret")):
            wrong["api_secret"] = _("Give both the API key and its secret, or neither.")
        elif not settings.get("auth_token") and not settings.get("api_key"):
            wrong["auth_token"] = _("Give the auth token, or an API key with its secret.")
        return wrong


def _from(account: Account, message: Outgoing) -> dict[str, str]:
    if message.sender or not account.get("messaging_service"):
        sender = message.sender or account.sender
        if not sender:
            raise Refused(_("The account has neither a sender nor a messaging service."))
        return {"From": sender}
    return {"MessagingServiceSid": account.get("messaging_service")}


def _send(account: Account, message: Outgoing) -> Sent:
    form = {"To": message.to, "Body": message.text, **_from(account, message)}
    if account.callback:
        form["StatusCallback"] = f"{account.callback}{'&' if '?' in account.callback else '?'}key={quote(message.key, safe='')}"
    answer = call(account, "POST", place(account, "Messages.json"), data=form, auth=auth(account), hidden=secrets(account))
    data = answer.object
    if answer.status < 300:
        return sent_of(data)
    return judge(FAULTS, data.get("code"), str(data.get("message") or ""), own_line=message.sender not in ("", account.sender))
