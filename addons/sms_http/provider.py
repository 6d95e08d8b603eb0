"""Any gateway with an HTTP interface, as settings describe it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from addons.messaging.contract import (
    ACCEPTED,
    CALLBACK,
    REJECTED,
    SEND,
    STATUS,
    Account,
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
from addons.sms.gateway import Answer, accepted, call
from core.api import SarnakhError, _

from . import calls, checks, reading, request
from .errors import OUTCOMES, STATES, WAITING, Unfit, Unusable
from .settings import SETTINGS


class AnyHttp(Provider):
    """See the module."""

    channel, name, label = "sms", "http", _("Any HTTP gateway")
    help = _("For gateways that have no addon of their own: describe the request and what the answer means as the gateway's "
             "documentation says.")
    settings = SETTINGS
    can = frozenset({SEND, STATUS, CALLBACK})

    def send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """One request for each message."""
        return [_send(account, message) for message in messages]

    def status(self, account: Account, ids: Sequence[str]) -> list[Report]:
        """The state of each message, where settings say how to ask."""
        if not account.get("status_address"):
            return []
        states = reading.table(account.get("states"), (*STATES, WAITING))
        found = []
        for one in ids:
            answer = _ask(account, one)
            said = reading.find(answer.text, _json(answer), account.get("state_path"), account.get("state_pattern"))
            report = calls.report(states, said, one)
            if answer.status < 300 and report:
                found.append(report)
        return found

    def callback(self, account: Account, call: Call) -> Sequence[Report | Incoming]:
        """What the gateway tells, if it brings the secret along where settings name one."""
        return calls.read(account, call)

    def answer(self, account: Account, call: Call) -> str:
        """What settings say that the gateway wants to hear."""
        return account.get("call_answer")

    def preview(self, account: Account, message: Outgoing) -> str:
        """The request as it would go, or what is wrong with it."""
        try:
            return request.shown(account.settings, request.values(account, message, number(account, message.to)))
        except (Unusable, Unfit) as error:
            return error.message

    def problems(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """Templates, paths, patterns and tables that cannot work, by setting."""
        return checks.problems(settings)


def number(account: Account, to: str) -> str:
    """+989121234567 in the form that the gateway wants."""
    digits, country = to.removeprefix("+"), account.get("country") or "98"
    if account.get("numbers") == "national":
        return f"0{digits.removeprefix(country)}" if digits.startswith(country) else f"00{digits}"
    return digits if account.get("numbers") == "digits" else to


def _go(account: Account, given: Mapping[str, Any], which: str = "", asking: bool = False) -> Answer:
    made = request.build(account.settings, given, which)
    return call(account, made.method, made.url, headers=dict(made.headers), data=made.body, asking=asking)


def _ask(account: Account, known: str) -> Answer:
    trouble = ""
    try:
        return _go(account, {**request.credentials(account), "id": known}, "status_", asking=True)
    except (Unusable, Unfit) as error:
        trouble = error.message
    raise Refused(trouble)


def _send(account: Account, message: Outgoing) -> Sent:
    trouble = ""
    try:
        return _judge(account, _go(account, request.values(account, message, number(account, message.to))))
    except Unfit as error:
        return Sent(REJECTED, code="unfit", reason=error.message)
    except Unusable as error:
        trouble = error.message
    raise Refused(trouble)


def _json(answer: Answer) -> Any:
    try:
        return answer.json
    except SarnakhError:
        return None


def _judge(account: Account, answer: Answer) -> Sent:
    """What an answer means by the rules of the settings."""
    data = _json(answer)

    def find(what: str) -> str:
        found = reading.find(answer.text, data, account.get(f"{what}_path"), account.get(f"{what}_pattern"))
        return request.without_secrets(found, account)

    if answer.status < 300 and data is None and account.get("success_path"):
        raise answer.unreadable()
    rule = account.get("success_path"), account.get("success_pattern")
    if answer.status < 300 and (not any(rule) or reading.fits(answer.text, data, *rule)):
        named = account.get("id_path") or account.get("id_pattern")
        return accepted(find("id")) if named else Sent(ACCEPTED)
    code = (find("code") if account.get("code_path") or account.get("code_pattern") else "") or str(answer.status)
    reason = find("error")[:500] if account.get("error_path") or account.get("error_pattern") else ""
    return _outcome(account, answer.status, code, reason or _("The gateway refused it with code {code}.", code=code[:50] or "?"))


def _outcome(account: Account, status: int, code: str, reason: str) -> Sent:
    meant = reading.table(account.get("codes"), OUTCOMES).get(code, "refused" if status in (401, 403) else "rejected")
    if meant == "later":
        raise Later(reason)
    if meant == "refused":
        raise Refused(reason, code)
    if meant == "unclear":
        raise Unclear(reason)
    return Sent(REJECTED, code=code, reason=reason, elsewhere=meant == "elsewhere", address_bad=meant == "address_bad",
                unwanted=meant == "unwanted")
