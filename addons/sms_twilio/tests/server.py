"""Twilio for tests: messages, balance and numbers of one account, refusing what the real one refuses; and its signed calls."""

from __future__ import annotations

import base64
import datetime as dt
import re
from email.utils import format_datetime
from typing import Any

from addons.messaging.contract import Call
from addons.messaging.testing import Asked, ProviderServer
from addons.sms_twilio import signature

SID, TOKEN, KEY, KEY_SECRET = "AC" + "0" * 32, "token-1234", "SK" + "1" * 32, "secret-5678"
SERVICE, NUMBER = "MG" + "2" * 32, "+15005550006"
FORM = {"To", "From", "MessagingServiceSid", "Body", "StatusCallback"}


class Server(ProviderServer):
    """`codes`: (HTTP status, code) of the next answers, whatever they are. `rows`: the account's messages, the newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[tuple[int, int]] = []
        self.rows: list[dict[str, Any]] = []
        self.balance = {"account_sid": SID, "balance": "11.2505", "currency": "USD"}

    def answer(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        """By path and method."""
        known = {"Basic " + base64.b64encode(f"{user}:{key}".encode()).decode() for user, key in ((SID, TOKEN), (KEY, KEY_SECRET))}
        if asked.headers.get("authorization") not in known:
            return self.refuse(401, 20003)
        place = re.fullmatch(rf"/2010-04-01/Accounts/{SID}/(.+)\.json", asked.path)
        if place is None:
            return self.refuse(404, 20404)
        if self.codes:
            return self.refuse(*self.codes.pop(0))
        if place[1] == "Messages":
            return self.send(asked) if asked.method == "POST" else self.list(asked)
        if asked.method != "GET":
            return self.refuse(405, 20004)
        if place[1] == "Balance":
            return 200, {}, self.balance
        if place[1] == "IncomingPhoneNumbers":
            return 200, {}, {"incoming_phone_numbers": [{"phone_number": NUMBER, "capabilities": {"sms": True, "voice": True}},
                                                        {"phone_number": "+15005550009", "capabilities": {"sms": False, "voice": True}}]}
        row = next((row for row in self.rows if f"Messages/{row['sid']}" == place[1]), None)
        return (200, {}, row) if row else self.refuse(404, 20404)

    def refuse(self, status: int, code: int) -> tuple[int, dict[str, str], Any]:
        return status, {}, {"code": code, "message": f"Error {code}", "more_info": f"https://www.twilio.com/docs/errors/{code}",
                            "status": status}

    def send(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        form = asked.form
        if asked.headers.get("content-type") != "application/x-www-form-urlencoded" or set(form) - FORM:
            return self.refuse(400, 21600)
        if not re.fullmatch(r"\+[1-9]\d{6,14}", form.get("To", "")):
            return self.refuse(400, 21211)
        if form.get("MessagingServiceSid", SERVICE) != SERVICE:
            return self.refuse(400, 21701)
        if "MessagingServiceSid" not in form and form.get("From") not in (NUMBER, "ARYA"):
            return self.refuse(400, 21606 if form.get("From") else 21603)
        if not form.get("Body"):
            return self.refuse(400, 21602)
        if len(form["Body"]) > 1600:
            return self.refuse(400, 21617)
        if not re.match(r"https?://", form.get("StatusCallback", "https://")):
            return self.refuse(400, 21609)
        return 201, {}, self.keep(form["To"], form["Body"])

    def keep(self, to: str, body: str, age: dt.timedelta = dt.timedelta(0), **values: Any) -> dict[str, Any]:
        """A message that the account has."""
        made = format_datetime(dt.datetime.now(dt.UTC) - age)
        row = {"sid": f"SM{len(self.rows):032}", "account_sid": SID, "to": to, "body": body, "status": "queued", "num_segments": "1",
               "direction": "outbound-api", "price": None, "price_unit": "USD", "error_code": None, "error_message": None,
               "date_created": made, "date_updated": made, "date_sent": None, **values}
        self.rows.insert(0, row)
        return row

    def list(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        query = asked.query
        if set(query) - {"To", "PageSize", "Page", "PageToken"}:
            return self.refuse(400, 20001)
        if "Page" in query and "PageToken" not in query:
            return self.refuse(400, 20006)
        rows = [row for row in self.rows if row["to"] == query.get("To", row["to"])]
        page, size = int(query.get("Page", 0)), int(query["PageSize"])
        more = f"{asked.path}?To={query['To'].replace('+', '%2B')}&PageSize={size}&Page={page + 1}&PageToken=PA{page}"
        return 200, {}, {"messages": rows[page * size:page * size + size], "page": page, "page_size": size,
                         "next_page_uri": more if len(rows) > page * size + size else None}


def calling(url: str, form: dict[str, str], key: str = TOKEN, **headers: str) -> Call:
    """A call of Twilio at our address, signed."""
    query = dict(part.split("=", 1) for part in url.partition("?")[2].split("&") if part)
    signed = {"x-twilio-signature": signature.sign(key, url, form), **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Call("POST", url, signed, query, form, b"")
