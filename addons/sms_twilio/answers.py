"""Asking Twilio, and reading what it tells of messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from addons.messaging.contract import Account, Refused, Report, Sent
from addons.sms.gateway import Answer, accepted, amount, base, call, judge

from .errors import FAULTS, STATES

OFFICIAL = "https://api.twilio.com"
RECENT = dt.timedelta(hours=24)
PAGE, MOST_PAGES = 100, 5


def place(account: Account, path: str) -> str:
    """The address of something of the account."""
    return f"{base(account, OFFICIAL)}/2010-04-01/Accounts/{quote(account.get('account_sid'), safe='')}/{path}"


def auth(account: Account) -> tuple[bytes, bytes]:
    """For HTTP Basic authentication: the API key where there is one, else the account's token."""
    key = ("api_key", "api_secret") if account.get("api_key") else ("account_sid", "auth_token")
    return account.get(key[0]).encode(), account.get(key[1]).encode()


def secrets(account: Account) -> list[str]:
    """What no text of Twilio's may repeat."""
    return [account.get("auth_token"), account.get("api_secret")]


def ask(account: Account, path: str, **values: str) -> Answer:
    """A question, which may be asked as often as one likes."""
    return call(account, "GET", place(account, path), asking=True, params=values, auth=auth(account), hidden=secrets(account))


def read(answer: Answer) -> dict[str, Any]:
    """A good answer to a question; Later or Refused for another."""
    data = answer.object
    if answer.status >= 400:
        raise Refused(judge(FAULTS, data.get("code"), str(data.get("message") or "")).reason, str(data.get("code")))
    return data


def sent_of(row: Mapping[str, Any]) -> Sent:
    """A message that Twilio has, as it tells of it."""
    cost, parts = amount(row.get("price")), str(row.get("num_segments") or "")
    return accepted(row.get("sid"), cost=abs(cost) if cost is not None else None,
                    currency=str(row.get("price_unit") or "") if cost is not None else "",
                    parts=int(parts) if parts.isdecimal() and parts != "0" else None)


def recent(account: Account, to: str) -> Iterator[Mapping[str, Any]]:
    """What went to a number within a day, the newest first. Not asked by the day of sending: what still waits has none."""
    since = dt.datetime.now(dt.UTC) - RECENT
    answer = ask(account, "Messages.json", To=to, PageSize=str(PAGE))
    for _page in range(MOST_PAGES):
        data = read(answer)
        for row in data.get("messages") or []:
            made = _time(row.get("date_created"))
            if made and made < since:
                return
            if str(row.get("direction")).startswith("outbound"):
                yield row
        more = str(data.get("next_page_uri") or "")
        if not more.startswith("/2010-04-01/"):
            return
        answer = call(account, "GET", base(account, OFFICIAL) + more, asking=True, auth=auth(account), hidden=secrets(account))


def _time(value: object) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(str(value))
    except ValueError:
        return None


def report_of(row: Mapping[str, Any], key: str = "") -> Report | None:
    """What Twilio tells of a message; None while it says nothing yet."""
    state = STATES.get(str(row.get("status")))
    if state is None:
        return None
    code, cost = str(row.get("error_code") or ""), amount(row.get("price"))
    fault = FAULTS.get(code)
    return Report(state, id=str(row.get("sid")), key=key, at=_time(row.get("date_updated")) if row.get("date_updated") else None, code=code,
                  reason=fault.text if fault else str(row.get("error_message") or ""), cost=abs(cost) if cost is not None else None,
                  currency=str(row.get("price_unit") or "") if cost is not None else "",
                  address_bad=bool(fault and fault.address_bad), unwanted=bool(fault and fault.unwanted))
