"""Three gateways for tests, as different as such are: JSON with a token, a form with the key in the path, values in the address."""

from __future__ import annotations

import re
from typing import Any

from addons.messaging.testing import Asked, ProviderServer

TOKEN = "t0ken&=?/ё"
JSON = {"kind": "json", "headers": "Authorization: Basic {{ (username ~ ':' ~ api_key)|b64 }}\nAccept: application/json",
        "username": "arya", "api_key": TOKEN, "numbers": "digits",
        "body": '{"from": "{{ sender }}", "items": [{"to": "{{ to }}", "text": "{{ text }}", "ref": "{{ number }}", "flash": false}]}',
        "success_path": "status", "success_pattern": "^OK$", "id_path": "items[0].id", "code_path": "status", "error_path": "message",
        "codes": "BUSY=later\nAUTH=refused\nHMM=unclear\nNUMBER=address_bad\nSTOP=unwanted\nLINE=elsewhere"}
FORM = {"kind": "form", "api_key": TOKEN, "numbers": "national", "body": "receptor={{ to }}\nmessage={{ text }}\nsender={{ sender }}",
        "success_path": "return.status", "success_pattern": "^200$", "id_path": "entries[0].messageid", "code_path": "return.status",
        "error_path": "return.message", "codes": "418=refused\n409=later\n411=address_bad"}
QUERY = {"kind": "query", "method": "GET", "password": TOKEN, "body": "to={{ to }}\ntext={{ text }}\nkey={{ password }}",
         "success_pattern": "^OK ", "id_pattern": r"^OK (\w{1,30})", "code_pattern": r"^ERR (\d{1,5})",
         "error_pattern": r"^ERR \d{1,5} (.*)"}


class Server(ProviderServer):
    """`state`: what is answered to questions about a message. `taken`: (to, text) of what was taken. `said`: the next answer."""

    def __init__(self) -> None:
        super().__init__()
        self.state = "DELIVRD"
        self.taken: list[tuple[str, str]] = []
        self.said: list[tuple[int, dict[str, str], Any]] = []

    def settings(self, kind: dict[str, str], path: str, **more: str) -> dict[str, str]:
        """The settings of one of the gateways."""
        return {**kind, "address": self.address + path, **more}

    def answer(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        """By path."""
        if self.said:
            return self.said.pop(0)
        if asked.path == "/json/send":
            return self.json(asked)
        if asked.path == f"/form/{TOKEN}/send.json":
            return self.form(asked)
        if asked.path == "/query":
            return self.query(asked)
        state = re.fullmatch(r"/json/state/(.+)", asked.path)
        return (200, {}, {"items": [{"id": state[1], "state": self.state}]}) if state else (404, {}, {"status": "NOWHERE"})

    def json(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        if asked.method != "POST" or asked.headers.get("content-type") != "application/json":
            return 415, {}, {"status": "TYPE"}
        if asked.headers.get("authorization") != "Basic YXJ5YTp0MGtlbiY9Py/RkQ==":
            return 401, {}, {"status": "AUTH", "message": "Wrong token"}
        body = asked.json
        if set(body) != {"from", "items"} or any(set(one) != {"to", "text", "ref", "flash"} for one in body["items"]):
            return 400, {}, {"status": "FIELDS", "message": "Unknown fields"}
        one = body["items"][0]
        if not isinstance(one["ref"], int) or one["flash"] is not False:
            return 400, {}, {"status": "KINDS", "message": "Wrong kinds"}
        if not re.fullmatch(r"[1-9]\d{7,14}", one["to"]):
            return 200, {}, {"status": "NUMBER", "message": "Bad number"}
        self.taken.append((one["to"], one["text"]))
        return 200, {}, {"status": "OK", "items": [{"id": f"id-{len(self.taken)}"}]}

    def form(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        if asked.method != "POST" or set(asked.form) != {"receptor", "message", "sender"}:
            return 400, {}, {"return": {"status": 400, "message": "پارامترها ناقص هستند"}}
        if not re.fullmatch(r"09\d{9}", asked.form["receptor"]):
            return 200, {}, {"return": {"status": 411, "message": "گیرنده نامعتبر است"}}
        self.taken.append((asked.form["receptor"], asked.form["message"]))
        return 200, {}, {"return": {"status": 200, "message": "تایید شد"}, "entries": [{"messageid": 8792343 + len(self.taken)}]}

    def query(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        if asked.method != "GET" or asked.body or set(asked.query) != {"to", "text", "key"}:
            return 200, {}, "ERR 400 fields"
        if asked.query["key"] != TOKEN:
            return 200, {}, "ERR 30 Wrong key"
        self.taken.append((asked.query["to"], asked.query["text"]))
        return 200, {}, f"OK q{len(self.taken)}"
