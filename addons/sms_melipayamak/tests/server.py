"""Melipayamak's side, from its description: forms with `username` and `password`, `{"Value", "RetStatus", "StrRetStatus"}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from addons.messaging.testing import Asked, ProviderServer

USER, KEY, LINE = "9120000000", "f0b1-secret-of-melipayamak", "50004001"
NAMES = {
    "SendSMS": {"to", "from", "text", "isFlash"},
    "BaseServiceNumber": {"to", "bodyId", "text"},
    "GetDeliveries2": {"recId"},
    "GetMessages": {"location", "index", "count", "from"},
    "GetCredit": set(),
    "GetUserNumbers": set(),
}
VALUES_OF = {"4211": 1, "4212": 3}


class Server(ProviderServer):
    """`refuse`: the value for whatever is asked next. A message's state moves on by `advance`."""

    def __init__(self) -> None:
        super().__init__()
        self.reset()

    def reset(self) -> None:
        """As it was at first."""
        self.asked.clear()
        self.trouble.clear()
        self.refuse = ""
        self.messages: dict[str, dict[str, Any]] = {}
        self.inbox: list[dict[str, Any]] = []
        self.blacklist: set[str] = set()
        self.credit = 1500.5
        self.numbers: Any = {"Data": [{"Number": LINE}, {"Number": "3000123"}]}

    def advance(self, number: str, state: int) -> None:
        """The network did something with a message."""
        self.messages[number]["state"] = state

    def answer(self, asked: Asked) -> tuple[int, Mapping[str, str], Any]:
        operation = asked.path.removeprefix("/api/SendSMS/")
        if operation == asked.path or operation not in NAMES:
            return 404, {}, ""
        if asked.method != "POST":
            return 405, {"Allow": "POST"}, ""
        if asked.headers.get("content-type") != "application/x-www-form-urlencoded":
            return 415, {}, ""
        form = dict(asked.form)
        if form.pop("username", "") != USER or form.pop("password", "") != KEY:
            return 200, {}, _said("0", 35)
        if set(form) != NAMES[operation]:
            return 400, {}, {"Message": "The request is invalid."}
        if self.refuse:
            return 200, {}, _said(self.refuse, 35)
        result = getattr(self, f"_{operation.lower()}")(form)
        return 200, {}, result if isinstance(result, dict) else _said(result, 1 if len(str(result)) > 6 else 35)

    def _take(self, to: str, text: str) -> str:
        if not re.fullmatch(r"09[0-9]{9}", to) or to.startswith("0900"):
            return "18"
        if to in self.blacklist:
            return "35"
        number = str(4_986_243_576_000_000_000 + len(self.messages))
        self.messages[number] = {"to": to, "text": text, "state": 400}
        return number

    def _sendsms(self, form: dict[str, str]) -> str:
        if form["isFlash"] not in ("true", "false") or "," in form["to"]:
            return "11"
        if form["from"] != LINE:
            return "5"
        return self._take(form["to"], form["text"]) if form["text"] else "17"

    def _baseservicenumber(self, form: dict[str, str]) -> str:
        if "," in form["to"]:
            return "-2"
        if form["bodyId"] not in VALUES_OF:
            return "-4"
        if len(form["text"].split(";")) != VALUES_OF[form["bodyId"]]:
            return "-5"
        return "-10" if "http" in form["text"] else self._take(form["to"], f"{form['bodyId']}: {form['text']}")

    def _getdeliveries2(self, form: dict[str, str]) -> dict[str, Any]:
        return _said(str(self.messages.get(form["recId"], {"state": 100})["state"]), 1)

    def _getcredit(self, form: dict[str, str]) -> dict[str, Any]:
        return _said(str(self.credit), 1)

    def _getusernumbers(self, form: dict[str, str]) -> dict[str, Any]:
        return {"MyBase": _said("", 1), **self.numbers}

    def _getmessages(self, form: dict[str, str]) -> dict[str, Any]:
        if form["location"] != "1" or not 1 <= int(form["count"]) <= 100:
            return {"MyBase": _said("", 1), "Data": []}
        start = int(form["index"])
        return {"MyBase": _said("", 1), "Data": self.inbox[start:start + int(form["count"])]}


def _said(value: str, status: int) -> dict[str, Any]:
    return {"Value": value, "RetStatus": status, "StrRetStatus": "Ok" if status == 1 else "InvalidData"}
