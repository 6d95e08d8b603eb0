"""Asking Netgsm, and reading its answers."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from addons.messaging.contract import Account, Incoming, Refused
from addons.sms.gateway import Fault, base, call, judge
from core.api import _

from . import errors

OFFICIAL = "https://api.netgsm.com.tr"
ZONE = ZoneInfo("Europe/Istanbul")
ROWS, MOST_PAGES = 100, 20


def named(account: Account) -> dict[str, str]:
    """The name of this program, where the account has one."""
    return {"appname": account.get("appname")} if account.get("appname") else {}


def auth(account: Account) -> tuple[bytes, bytes]:
    """For HTTP Basic authentication, in UTF-8."""
    return account.get("username").encode(), account.get("password").encode()


def objects_of(data: Any) -> list[Mapping[str, Any]]:
    """JSON that should be a list of objects; what is none is left out."""
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def ask(account: Account, method: str, path: str, nothing: Collection[str] = (), **kw: Any) -> Mapping[str, Any]:
    """What Netgsm answers a question; nothing where the code says that there is nothing. Raises Later, Refused."""
    hidden = [account.get("password")]
    data = call(account, method, base(account, OFFICIAL) + path, asking=True, auth=auth(account), hidden=hidden, **kw).object
    code = str(data.get("code") or "00")
    if code in errors.TAKEN:
        return data
    if code in nothing:
        return {}
    broken = dict.fromkeys(errors.BROKEN, Fault(_("Netgsm had trouble of its own (code {code}).", code=code), later=60))
    raise Refused(judge({**broken, **errors.ASKING}, code, str(data.get("description") or "")).reason, code)


def rows(account: Account, jobs: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """What became of every message of some requests."""
    for page in range(MOST_PAGES):
        asked = {"jobids": list(jobs), "pagenumber": page, "pagesize": ROWS, **named(account)}
        found = objects_of(ask(account, "POST", "/sms/rest/v2/report", nothing=("60",), json=asked).get("jobs"))
        yield from found
        if len(found) < ROWS:
            return


def time_of(value: object) -> dt.datetime | None:
    """A time of Netgsm, which is of Türkiye; None when it cannot be read."""
    for shape in ("%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S"):
        try:
            return dt.datetime.strptime(str(value), shape).replace(tzinfo=ZONE)
        except ValueError:
            continue
    return None


def incoming(row: Mapping[str, Any]) -> Incoming:
    """Netgsm numbers no incoming messages, so what is told of one is its number."""
    told = [str(row.get(name) or "") for name in ("sender", "receiver", "datetime", "message")]
    mobile = re.fullmatch(r"(?:\+?90|0)?(5\d{9})", told[0])
    return Incoming(hashlib.sha256("\0".join(told).encode()).hexdigest()[:32], sender=f"+90{mobile[1]}" if mobile else told[0],
                    to=told[1], text=told[3], at=time_of(row.get("datetime")))
