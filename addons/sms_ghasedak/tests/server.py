"""Ghasedak's side, from its description: JSON, the key in `ApiKey`, `{"isSuccess", "statusCode", "message", "data"}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from addons.messaging.testing import Asked, ProviderServer

KEY, LINE = "a41c-secret-of-ghasedak", "210002100"
GETS = {
    "CheckSmsStatus": {"Ids", "Type"},
    "GetReceivedSmses": {"LineNumber", "IsRead"},
    "GetAccountInformation": set(),
}
MOBILE = re.compile(r"09[0-9]{9}")


class Wrong(Exception):
    """A refusal with an HTTP status, and the code in the answer."""

    def __init__(self, http: int, code: int = 0) -> None:
        super().__init__(http)
        self.http, self.code = http, code or http


class Server(ProviderServer):
    """`refuse`: HTTP status and code for whatever is asked next; `capital`: keys as the documentation writes them."""

    def __init__(self) -> None:
        super().__init__()
        self.reset()

    def reset(self) -> None:
        """As it was at first."""
        self.asked.clear()
        self.trouble.clear()
        self.refuse: tuple[int, int] | None = None
        self.capital = False
        self.nameless = False
        self.messages: dict[str, dict[str, Any]] = {}
        self.inbox: list[dict[str, Any]] = []

    def advance(self, number: str, state: int) -> None:
        """The network did something with a message."""
        self.messages[number]["status"] = state

    def answer(self, asked: Asked) -> tuple[int, Mapping[str, str], Any]:
        operation = asked.path.removeprefix("/rest/api/v1/WebService/")
        posts = {"SendPairToPairSMS": self._pairs, "SendOtpSMS": self._otp}
        if operation == asked.path or operation not in {*posts, *GETS}:
            return 404, {}, ""
        if asked.method != ("POST" if operation in posts else "GET"):
            return 405, {}, ""
        try:
            if asked.headers.get("apikey") != KEY:
                raise Wrong(401)
            if self.refuse:
                raise Wrong(*self.refuse)
            if operation in posts:
                if asked.headers.get("content-type") != "application/json":
                    return 415, {}, ""
                data = posts[operation](asked.json)
            else:
                if set(asked.query) != GETS[operation]:
                    raise Wrong(400)
                data = getattr(self, f"_{operation.lower()}")(asked.query)
        except Wrong as error:
            return error.http, {}, self._cased({"isSuccess": False, "statusCode": error.code, "message": "خطای ورودی", "data": None})
        return 200, {}, self._cased({"isSuccess": True, "statusCode": 200, "message": "عملیات موفق", "data": data})

    def _cased(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key[0].upper() + key[1:] if self.capital else key: self._cased(one) for key, one in value.items()}
        return [self._cased(one) for one in value] if isinstance(value, list) else value

    def _pairs(self, body: Any) -> Any:
        if not isinstance(body, dict) or set(body) != {"items", "udh"} or type(body["udh"]) is not bool:
            raise Wrong(400)
        for item in body["items"]:
            if set(item) != {"lineNumber", "receptor", "message", "clientReferenceId"} or item["lineNumber"] != LINE:
                raise Wrong(400)
            if not MOBILE.fullmatch(item["receptor"]) or item["receptor"].startswith("0900") or not item["message"]:
                raise Wrong(400)
        return {"items": [self._one(item["receptor"], item["message"], item["clientReferenceId"]) for item in body["items"]]}

    def _one(self, receptor: str, text: str, name: str) -> dict[str, Any]:
        number = str(2_387_931 + len(self.messages))
        self.messages[number] = {"messageId": number, "clientReferenceId": name, "message": text, "lineNumber": LINE,
                                 "receptor": receptor, "status": 2, "price": 940, "sendDate": "2026-11-27T10:01:02.193563"}
        sent = {"receptor": receptor, "lineNumber": LINE, "cost": 940, "messageId": number, "message": text}
        return sent if self.nameless else {**sent, "clientReferenceId": name}

    def _otp(self, body: Any) -> Any:
        if set(body) != {"receptors", "templateName", "inputs", "udh"} or body["templateName"] != "login":
            raise Wrong(400)
        values = {one["param"]: one["value"] for one in body["inputs"]}
        [receptor] = body["receptors"]
        if "Code" not in values or set(receptor) != {"mobile", "clientReferenceId"} or not MOBILE.fullmatch(receptor["mobile"]):
            raise Wrong(400)
        return {"items": [self._one(receptor["mobile"], f"کد ورود: {values['Code']}", receptor["clientReferenceId"])], "totalCost": 940}

    def _checksmsstatus(self, query: Mapping[str, str]) -> Any:
        wanted = query["Ids"].split(",")
        if query["Type"] not in ("1", "2") or len(wanted) > 100:
            raise Wrong(400)
        name = "messageId" if query["Type"] == "1" else "clientReferenceId"
        found = [one for one in self.messages.values() if one[name] in wanted]
        return [{key: value for key, value in one.items() if key != "clientReferenceId"} for one in found] if self.nameless else found

    def _getreceivedsmses(self, query: Mapping[str, str]) -> Any:
        if query["LineNumber"] != LINE or query["IsRead"] != "false":
            raise Wrong(400)
        given, self.inbox = self.inbox, []
        return {"items": given}

    def _getaccountinformation(self, query: Mapping[str, str]) -> Any:
        return {"credit": 812_000, "expireDate": "2027-03-21T00:00:00", "plan": "ویژه"}
