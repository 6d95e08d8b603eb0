"""Netgsm for tests: its REST interface, refusing what the real one refuses."""

from __future__ import annotations

import base64
import re
from typing import Any

from addons.messaging.testing import Asked, ProviderServer

HEADERS = ("ARYA", "ARYA LTD")
SENDING = {"msgheader", "messages", "iysfilter", "encoding", "partnercode", "appname", "startdate", "stopdate"}


class Server(ProviderServer):
    """`iys`: commercial messages may be checked; `otp`: there is a package for codes; `codes` are answered to the next requests
    whatever they are. `jobs` has what was taken, `inbox_rows` and `left` what is told of incoming messages and the balance."""

    def __init__(self) -> None:
        super().__init__()
        self.iys = self.otp = True
        self.codes: list[str] = []
        self.jobs: dict[str, list[dict[str, Any]]] = {}
        self.inbox_rows: list[dict[str, str]] = []
        self.left: dict[int, Any] = {1: [{"amount": 1000, "balance_name": "Adet SMS"}, {"amount": 953, "balance_name": "Adet OTP Sms"},
                                         {"amount": 11, "balance_name": "Sesli Mesaj"}], 2: "57,860"}

    def answer(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        """By path and method."""
        found = {("POST", "/sms/rest/v2/send"): self.send, ("POST", "/sms/rest/v2/otp"): self.send_code,
                 ("POST", "/sms/rest/v2/report"): self.report, ("GET", "/sms/rest/v2/msgheader"): self.headers,
                 ("GET", "/sms/rest/v2/inbox"): self.inbox, ("POST", "/balance"): self.balance}.get((asked.method, asked.path))
        if found is None:
            return 404, {}, "Not found"
        if asked.method == "POST" and (asked.headers.get("content-type", "") != "application/json" or not isinstance(asked.json, dict)):
            return self.refuse("70")
        known = "Basic " + base64.b64encode("8503050000:şifre".encode()).decode()
        if asked.path != "/balance" and asked.headers.get("authorization") != known:
            return self.refuse("30")
        return self.refuse(self.codes.pop(0)) if self.codes else found(asked)

    def refuse(self, code: str) -> tuple[int, dict[str, str], Any]:
        return 406, {}, {"code": code, "jobid": None, "description": f"error {code}"}

    def take(self, rows: list[dict[str, Any]]) -> tuple[int, dict[str, str], Any]:
        job = str(17377215342605050417149344 + len(self.jobs))
        self.jobs[job] = [{"jobid": job, "number": f"90{row['no']}", "status": 0, "msg": row["msg"], "errorCode": 0} for row in rows]
        return 200, {}, {"code": "00", "jobid": job, "description": "queued"}

    def send(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        body, rows = asked.json, asked.json.get("messages")
        if set(body) - SENDING or not isinstance(rows, list) or not rows or body.get("iysfilter") not in ("0", "11", "12"):
            return self.refuse("70")
        if any(set(row) != {"msg", "no"} or not re.fullmatch(r"5\d{9}", row["no"]) for row in rows):
            return self.refuse("70")
        if body.get("msgheader") not in HEADERS:
            return self.refuse("40")
        if body["iysfilter"] != "0" and not self.iys:
            return self.refuse("50")
        longest = {"TR": 883, "UNICODE": 391}.get(body.get("encoding", ""), 917)
        outside = re.compile(r"[^\x00-\xff€ĞğİıŞşΔ]")
        if any(not row["msg"] or len(row["msg"]) > longest or (body.get("encoding") != "UNICODE" and outside.search(row["msg"]))
               for row in rows):
            return self.refuse("20")
        return self.take(rows)

    def send_code(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        body = asked.json
        if set(body) - {"appname"} != {"msgheader", "msg", "no"}:
            return self.refuse("70")
        if not self.otp:
            return self.refuse("60")
        if body["msgheader"] not in HEADERS:
            return self.refuse("41")
        if not re.fullmatch(r"5[0-5]\d{8}", body["no"]):
            return self.refuse("51")
        if not body["msg"].isascii() or len(body["msg"]) > 155:
            return self.refuse("20")
        return self.take([{"no": body["no"], "msg": body["msg"]}])

    def report(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        body = asked.json
        if set(body) - {"jobids", "startdate", "stopdate", "pagenumber", "pagesize", "appname"} or not isinstance(body.get("jobids"), list):
            return self.refuse("70")
        rows = [{k: v for k, v in row.items() if k != "msg"} for job in body["jobids"] for row in self.jobs.get(job, ())]
        first = body.get("pagenumber", 0) * body.get("pagesize", 100)
        shown = rows[first:first + body.get("pagesize", 100)]
        return (200, {}, {"code": "00", "description": "success", "jobs": shown}) if shown else self.refuse("60")

    def headers(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        return 200, {}, {"code": "00", "msgheaders": list(HEADERS)}

    def inbox(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        if not all(re.fullmatch(r"\d{14}", asked.query.get(name, "")) for name in ("startdate", "stopdate")):
            return self.refuse("70")
        return (200, {}, {"code": "00", "description": "success", "messages": self.inbox_rows}) if self.inbox_rows else self.refuse("40")

    def balance(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        body = asked.json
        if (body.get("usercode"), body.get("password")) != ("8503050000", "şifre"):
            return self.refuse("30")
        return (200, {}, {"code": "00", "balance": self.left[body["stip"]]}) if body.get("stip") in self.left else self.refuse("70")
