"""SMS.ir's side, from its description: JSON, the key in `X-API-KEY`, `{"status", "message", "data"}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from addons.messaging.testing import Asked, ProviderServer

KEY = "sWq8pZx0-secret-of-smsir"
LINE = 30004505000017
AUTH = {10, 11, 12, 13, 14}
MOBILE = re.compile(r"(\+98|0098|0)?9[0-9]{9}")


class Wrong(Exception):
    """A status other than 1."""

    def __init__(self, code: int, http: int = 0) -> None:
        super().__init__(code)
        self.code, self.http = code, http or (401 if code in AUTH else 400)


class Server(ProviderServer):
    """`refuse`: the status for whatever is asked next. A message's state moves on by `advance`."""

    def __init__(self) -> None:
        super().__init__()
        self.reset()

    def reset(self) -> None:
        """As it was at first."""
        self.asked.clear()
        self.trouble.clear()
        self.refuse: int | None = None
        self.messages: dict[int, dict[str, Any]] = {}
        self.inbox: list[dict[str, Any]] = []
        self.blacklist: set[str] = set()
        self.credit = 165.3

    def advance(self, number: str, state: int | None) -> None:
        """The network did something with a message."""
        self.messages[int(number)] |= {"deliveryState": state, "deliveryDateTime": 1_764_200_100}

    def answer(self, asked: Asked) -> tuple[int, Mapping[str, str], Any]:
        try:
            if asked.headers.get("x-api-key") != KEY:
                raise Wrong(10)
            if asked.headers.get("accept") != "application/json":
                return 406, {}, ""
            if self.refuse is not None:
                raise Wrong(self.refuse)
            if asked.method == "POST":
                if asked.headers.get("content-type") != "application/json":
                    return 415, {}, ""
                data = self._post(asked.path, asked.json)
            elif asked.method == "GET":
                data = self._get(asked)
            else:
                return 405, {"Allow": "GET, POST"}, ""
        except Wrong as error:
            return error.http, {}, {"status": error.code, "message": "خطا", "data": None}
        except LookupError:
            return 404, {}, ""
        return 200, {}, {"status": 1, "message": "موفق", "data": data}

    def _post(self, path: str, body: Any) -> Any:
        if not isinstance(body, dict):
            raise Wrong(16)
        if path == "/v1/send/likeToLike":
            return self._like(body)
        if path == "/v1/send/verify":
            return self._verify(body)
        raise LookupError

    def _like(self, body: dict[str, Any]) -> Any:
        if set(body) != {"lineNumber", "messageTexts", "mobiles"} or type(body["lineNumber"]) is not int:
            raise Wrong(16)
        texts, mobiles = body["messageTexts"], body["mobiles"]
        for wrong, code in ((body["lineNumber"] != LINE, 101), (not mobiles, 107), (not texts, 108), (len(mobiles) > 100, 105),
                            (len(texts) > 100, 106), (len(texts) != len(mobiles), 110), (not all(texts), 103),
                            (not all(isinstance(one, str) and MOBILE.fullmatch(one) for one in mobiles), 104),
                            (any(one.startswith("0900") for one in mobiles), 104), (self.credit < len(mobiles), 102)):
            if wrong:
                raise Wrong(code)
        ids = [self._one(*each) for each in zip(mobiles, texts, strict=True)]
        return {"packId": "2b99e63c-9bf8-4a21-9bfe-3f72dc1b46f1", "messageIds": ids, "cost": float(sum(1 for one in ids if one))}

    def _one(self, mobile: str, text: str) -> int | None:
        if mobile in self.blacklist:
            return 0
        if len(text) > 500:
            return None
        number = 86_522_023 + len(self.messages)
        self.messages[number] = {"messageId": number, "mobile": int(mobile[-10:]), "messageText": text, "sendDateTime": 1_764_200_000,
                                 "lineNumber": LINE, "cost": 1.0, "deliveryState": None, "deliveryDateTime": None}
        return number

    def _verify(self, body: dict[str, Any]) -> Any:
        if set(body) != {"mobile", "templateId", "parameters"} or type(body["templateId"]) is not int:
            raise Wrong(16)
        if not MOBILE.fullmatch(body["mobile"]):
            raise Wrong(104)
        if body["templateId"] != 123456:
            raise Wrong(113)
        values = {one.get("name"): one.get("value") for one in body["parameters"]}
        if "CODE" not in values:
            raise Wrong(116)
        if any(len(value) > 25 for value in values.values()):
            raise Wrong(114)
        return {"messageId": self._one(body["mobile"], f"کد تایید شما: {values['CODE']}"), "cost": 1.0}

    def _get(self, asked: Asked) -> Any:
        if asked.path == "/v1/credit":
            return self.credit
        if asked.path == "/v1/line":
            return [10002155613464, LINE]
        if asked.path == "/v1/receive/latest":
            if set(asked.query) != {"count"} or not 1 <= int(asked.query["count"]) <= 100:
                raise Wrong(16)
            given, self.inbox = self.inbox[:int(asked.query["count"])], self.inbox[int(asked.query["count"]):]
            return given
        found = re.fullmatch(r"/v1/send/([^/]+)", asked.path)
        if not found:
            raise LookupError
        if not found[1].isdecimal():
            raise Wrong(16)
        if int(found[1]) not in self.messages:
            raise Wrong(111)
        return self.messages[int(found[1])]
