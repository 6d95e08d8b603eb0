"""Kavenegar's side, from its description: `POST /v1/{key}/{scope}/{method}.json`, forms, `{"return": ..., "entries": ...}`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from addons.messaging.testing import Asked, ProviderServer

KEY = "4C6A6F2F7A5E4D3C"
LINE = "10004346"
ALLOWED = {
    "sms/send": ({"receptor", "message"}, {"sender", "date", "type", "localid", "tag", "hide"}),
    "sms/sendarray": ({"receptor", "sender", "message"}, {"date", "type", "localmessageids", "tag", "hide"}),
    "verify/lookup": ({"receptor", "template", "token"}, {"token2", "token3", "token10", "token20", "type", "tag"}),
    "sms/status": ({"messageid"}, set()),
    "sms/cancel": ({"messageid"}, set()),
    "sms/receive": ({"linenumber", "isread"}, set()),
    "account/info": (set(), set()),
}
BLANKS = {"token": 0, "token2": 0, "token3": 0, "token10": 5, "token20": 8}


class Wrong(Exception):
    """A result code other than 200."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Server(ProviderServer):
    """`refuse`: the code for whatever is asked next. `messages` by their number; their states move on by `advance`."""

    def __init__(self) -> None:
        super().__init__()
        self.reset()

    def reset(self) -> None:
        """As it was at first."""
        self.asked.clear()
        self.trouble.clear()
        self.refuse = 0
        self.messages: dict[int, dict[str, Any]] = {}
        self.by_local: dict[str, int] = {}
        self.inbox: list[dict[str, Any]] = []
        self.blocked: set[str] = set()
        self.templates = {"login": "کد شما: %token", "order": "%token %token2 %token10", "broken": "بدون جای کد"}
        self.credit = 250_000

    def advance(self, number: str, state: int) -> None:
        """The network did something with a message."""
        self.messages[int(number)]["status"] = state

    def answer(self, asked: Asked) -> tuple[int, Mapping[str, str], Any]:
        found = re.fullmatch(r"/v1/([^/]+)/(\w+/\w+)\.json", asked.path)
        try:
            if found is None or found[2] not in ALLOWED:
                raise Wrong(404)
            if asked.method not in ("GET", "POST"):
                raise Wrong(405)
            if unquote(found[1]) != KEY:
                raise Wrong(403)
            if self.refuse:
                raise Wrong(self.refuse)
            values = {**asked.query, **asked.form}
            must, may = ALLOWED[found[2]]
            if not must <= values.keys():
                raise Wrong(406)
            if values.keys() - must - may:
                raise Wrong(400)
            entries = getattr(self, found[2].replace("/", "_"))(values)
        except Wrong as error:
            return error.code, {}, {"return": {"status": error.code, "message": "خطا"}, "entries": None}
        return 200, {}, {"return": {"status": 200, "message": "تایید شد"}, "entries": entries}

    # ------------------------------------------------------------ what it can do
    def sms_send(self, values: dict[str, str]) -> list[dict[str, Any]]:
        receptors = values["receptor"].split(",")
        local = values["localid"].split(",") if "localid" in values else [""] * len(receptors)
        return self._take(receptors, [values["message"]] * len(receptors), [values.get("sender", LINE)] * len(receptors), local)

    def sms_sendarray(self, values: dict[str, str]) -> list[dict[str, Any]]:
        try:
            receptors, texts, senders = (json.loads(values[name]) for name in ("receptor", "message", "sender"))
            local = [str(one) for one in json.loads(values.get("localmessageids", "[]"))] or [""] * len(receptors)
        except ValueError:
            raise Wrong(400) from None
        if not all(isinstance(one, list) for one in (receptors, texts, senders)):
            raise Wrong(400)
        return self._take(receptors, texts, senders, local)

    def _take(self, receptors: list[str], texts: list[str], senders: list[str], local: list[str]) -> list[dict[str, Any]]:
        if len({len(receptors), len(texts), len(senders), len(local)}) != 1:
            raise Wrong(419)
        if len(receptors) > 200:
            raise Wrong(414)
        if not all(re.fullmatch(r"09[0-9]{9}", one) for one in receptors) or any(one.startswith("0900") for one in receptors):
            raise Wrong(411)
        if not all(texts) or any(len(one) > 900 for one in texts):
            raise Wrong(413)
        if any(one != LINE for one in senders):
            raise Wrong(412)
        if any(one and not one.isdecimal() for one in local):
            raise Wrong(400)
        if self.credit < 120 * len(receptors):
            raise Wrong(418)
        return [self._one(*each) for each in zip(receptors, texts, senders, local, strict=True)]

    def _one(self, receptor: str, text: str, sender: str, local: str = "") -> dict[str, Any]:
        if local and local in self.by_local:
            return self.messages[self.by_local[local]]
        number = 8_792_343 + len(self.messages)
        state = 14 if receptor in self.blocked else 1
        self.messages[number] = {"messageid": number, "message": text, "status": state, "statustext": "در صف ارسال", "sender": sender,
                                 "receptor": receptor, "date": 1_764_200_000, "cost": 120}
        self.credit -= 0 if state == 14 else 120
        if local:
            self.by_local[local] = number
        return self.messages[number]

    def verify_lookup(self, values: dict[str, str]) -> list[dict[str, Any]]:
        text = self.templates.get(values["template"])
        if text is None:
            raise Wrong(424)
        if "%token" not in text:
            raise Wrong(432)
        if not re.fullmatch(r"09[0-9]{9}", values["receptor"]):
            raise Wrong(411)
        for name, most in BLANKS.items():
            value = values.get(name, "")
            if len(value) > 100 or value.count(" ") > most or (name == "token" and not value):
                raise Wrong(431)
        for name in sorted(BLANKS, key=len, reverse=True):
            text = text.replace(f"%{name}", values.get(name, ""))
        return [self._one(values["receptor"], text, "2000500666")]

    def sms_status(self, values: dict[str, str]) -> list[dict[str, Any]]:
        ids = values["messageid"].split(",")
        if len(ids) > 500:
            raise Wrong(414)
        return [{"messageid": int(one), "status": self.messages.get(int(one), {"status": 100})["status"], "statustext": ""} for one in ids]

    def sms_cancel(self, values: dict[str, str]) -> list[dict[str, Any]]:
        for one in (int(one) for one in values["messageid"].split(",")):
            if one in self.messages and self.messages[one]["status"] in (1, 2):
                self.messages[one]["status"] = 13
        return self.sms_status(values)

    def sms_receive(self, values: dict[str, str]) -> list[dict[str, Any]] | None:
        if values["linenumber"] != LINE:
            raise Wrong(412)
        unread = [one for one in self.inbox if not one.get("read")][:100]
        for one in unread:
            one["read"] = True
        return [{name: value for name, value in one.items() if name != "read"} for one in unread] or None

    def account_info(self, values: dict[str, str]) -> dict[str, Any]:
        return {"remaincredit": self.credit, "expiredate": 1_798_761_600, "type": "master"}
