"""Netgsm (Türkiye) by its REST interface, version 2; docs/admin/gateways/netgsm.md tells where each fact is from."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from addons.messaging.contract import (
    BALANCE,
    BY_HAND,
    CHOICE,
    FLAG,
    INBOX,
    LINES,
    REJECTED,
    SECRET,
    SEND,
    STATUS,
    Account,
    Balance,
    Incoming,
    Outgoing,
    Provider,
    Refused,
    Report,
    Sent,
    Setting,
    Unclear,
)
from addons.sms.gateway import Together, accepted, address_setting, amount, base, call, chunks, hand_over, judge, setting_problems
from core.api import _

from . import errors
from .answers import OFFICIAL, ZONE, ask, auth, incoming, named, objects_of, rows, time_of

TURKISH = frozenset("@£$¥èéùìòÇ\nØø\rÅå_ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyz"
                    "äöñüà^{}\\[~]|€ÇçĞğıİŞş")
CODE_LENGTH = 155
JOBS = 50
FILTERS = {"BIREYSEL": "11", "TACIR": "12"}
LOOK_BACK = dt.timedelta(days=3)


class Netgsm(Provider):
    """See the module. What it gives a number is a request (a "job"), so a message is known by job and number: "17377…:5321234567"."""

    channel, name, label, website, currency = "sms", "netgsm", _("Netgsm"), "https://www.netgsm.com.tr", "TRY"
    help = _("Make a user for the interface in Netgsm's panel, and have your message header approved. The account's sender is the header.")
    settings = (
        Setting("username", _("User name"), required=True,
                help=_("The number of your subscription, such as 850…, or the interface's user.")),
        Setting("password", _("Password"), SECRET, required=True, help=_("That of the user for the interface, not that of the panel.")),
        Setting("otp", _("Package for one-time codes"), FLAG,
                help=_("Codes in plain Latin letters go the faster way Netgsm has for them.")),
        Setting("encoding", _("Turkish letters"), CHOICE, default="TR", options=[
            ("TR", _("Sent as they are")), ("latin", _("Replaced by Latin ones, for shorter messages"))]),
        Setting("other_encoding", _("Encoding of other alphabets"), default="UNICODE", unverified=True, section="advanced",
                help=_("Used for texts in Persian, for example. Netgsm names it for emoji.")),
        Setting("balance", _("What counts as balance"), CHOICE, default="credit", unverified=True, options=[
            ("credit", _("Credit in lira")), ("package", _("Messages left in packages"))]),
        Setting("partner", _("Partner code"), section="advanced"),
        Setting("appname", _("Name of this program in Netgsm's panel"), section="advanced"),
        address_setting(OFFICIAL),
    )
    can = frozenset({SEND, STATUS, BALANCE, LINES, INBOX})
    batch, longest, repeats = 100, 883, BY_HAND

    def send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """Codes one by one, the others together as far as header, İYS check and alphabet agree."""
        done = {one.number: Sent(REJECTED, code="foreign", reason=_("Netgsm reaches Turkish mobile numbers only."), elsewhere=True)
                for one in messages if not _turkish(one.to)}
        parts = list(_parts(account, [one for one in messages if one.number not in done]))
        done.update(hand_over(parts, lambda part: _hand_over(account, part)))
        return [done[one.number] for one in messages]

    def status(self, account: Account, ids: Sequence[str]) -> list[Report]:
        """Reports of the requests that the messages went with."""
        wanted, found = set(ids), list[Report]()
        jobs = list(dict.fromkeys(one.partition(":")[0] for one in ids))
        for some in chunks(jobs, JOBS):
            for row in rows(account, some):
                known = f"{row.get('jobid')}:{str(row.get('number') or row.get('telno'))[-10:]}"
                report = errors.STATES.get(_whole(row.get("status")))
                if report and known in wanted:
                    found.append(replace(report, id=known, code=str(row.get("status")), at=time_of(row.get("deliveredDate"))))
        return found

    def balance(self, account: Account) -> Balance:
        """Credit in lira, or the messages left in packages (those for codes not counted)."""
        packages = account.get("balance") == "package"
        asked = {"usercode": account.get("username"), "password": account.get("password"), "stip": 1 if packages else 2}
        left = ask(account, "POST", "/balance", json=asked).get("balance")
        if packages and isinstance(left, list):
            names = [(str(row.get("balance_name")).casefold(), amount(row.get("amount"))) for row in objects_of(left)]
            return Balance(sum((count for name, count in names if count and "sms" in name and "otp" not in name), Decimal(0)))
        credit = amount(str(left).replace(".", "").replace(",", ".") if "," in str(left) else left)
        if credit is None:
            raise Refused(_("Netgsm did not tell the balance."))
        return Balance(credit, "TRY")

    def lines(self, account: Account) -> list[str]:
        """The approved headers."""
        return [str(one) for one in ask(account, "GET", "/sms/rest/v2/msgheader", params=named(account)).get("msgheaders") or ()]

    def inbox(self, account: Account) -> list[Incoming]:
        """What came in the last days. Asked without dates Netgsm would tell each message once only, and what then goes wrong here
        would be lost."""
        now = dt.datetime.now(ZONE)
        dates = {"startdate": f"{now - LOOK_BACK:%d%m%Y%H%M%S}", "stopdate": f"{now:%d%m%Y%H%M%S}"}
        came = ask(account, "GET", "/sms/rest/v2/inbox", nothing=("40",), params={**named(account), **dates}).get("messages")
        return [incoming(row) for row in objects_of(came) if row.get("sender")]

    def problems(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """A wrong address."""
        return setting_problems(settings)


def _turkish(number: str) -> str:
    """+905321234567 as 5321234567; "" for what is not a Turkish mobile number."""
    return number[3:] if re.fullmatch(r"\+905\d{9}", number) else ""


def _whole(value: object) -> int:
    return int(text) if (text := str(value)).isdecimal() else -1


def _flag(account: Account, name: str) -> bool:
    return account.get(name).lower() in ("1", "true", "on", "yes")


def _as_code(account: Account, message: Outgoing) -> bool:
    return (message.kind == "code" and _flag(account, "otp") and message.text.isascii() and len(message.text) <= CODE_LENGTH)


def _like(account: Account, message: Outgoing) -> tuple[str, str, str]:
    """Header, İYS check and encoding of a message; the stricter check where nobody says what kind of person it is."""
    check = FILTERS.get(message.consent.get("iys", ""), "11") if message.kind == "commercial" else "0"
    turkish = "" if account.get("encoding") == "latin" else "TR"
    encoding = turkish if TURKISH.issuperset(message.text) else account.get("other_encoding") or "UNICODE"
    return message.sender or account.sender, check, encoding


def _parts(account: Account, messages: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
    """What may go in one request: alike, and each number once, since that is how Netgsm tells them apart afterwards."""
    together: dict[tuple[object, ...], list[Outgoing]] = defaultdict(list)
    seen: dict[tuple[object, ...], int] = defaultdict(int)
    for message in messages:
        like: tuple[object, ...] = (message.number,) if _as_code(account, message) else _like(account, message)
        seen[*like, message.to] += 1
        together[*like, seen[*like, message.to]].append(message)
    yield from together.values()


def _hand_over(account: Account, part: Sequence[Outgoing]) -> list[Sent]:
    first = part[0]
    header, check, encoding = _like(account, first)
    if not header:
        raise Refused(_("The account has no message header: write it as the account's sender."))
    body: dict[str, Any] = {"msgheader": header, **named(account)}
    if as_code := _as_code(account, first):
        body |= {"msg": first.text, "no": _turkish(first.to)}
    else:
        body |= {"iysfilter": check, "messages": [{"msg": one.text, "no": _turkish(one.to)} for one in part]}
        body |= {key: value for key, value in {"encoding": encoding, "partnercode": account.get("partner")}.items() if value}
    url = f"{base(account, OFFICIAL)}/sms/rest/v2/{'otp' if as_code else 'send'}"
    answer = call(account, "POST", url, json=body, auth=auth(account), hidden=[account.get("password")])
    data = answer.object
    code = str(data.get("code", ""))
    if code in errors.TAKEN:
        return [accepted(data.get("jobid") and f"{data['jobid']}:{_turkish(one.to)}") for one in part]
    if code in errors.BROKEN or not code:
        raise Unclear(_("Netgsm had trouble of its own (code {code}).", code=code or "?"))
    sent = judge(errors.CODE if as_code else errors.SENDING, code, str(data.get("description") or ""),
                 own_line=first.sender not in ("", account.sender))
    if code in errors.OF_ONE and len(part) > 1:
        raise Together(sent)
    return [sent] * len(part)
