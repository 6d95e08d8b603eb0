"""The routes of the API under `/api/v1`, and what all its answers have in common."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from typing import Any

from core.api import AccessDenied, Env, NotFound, _
from core.web_api import BadRequest, Pages, Request, Response

from .rest_door import ApiDoor
from .rest_problems import BadParameter, Unsupported

api = Pages("rest", prefix="/api", door=ApiDoor())
VERSION = "/v1"
_LONE = re.compile("[\ud800-\udfff]")
"""Halves of a pair that stand alone."""


def answer(data: Any, status: int = 200, **headers: str) -> Response:
    """JSON."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    response = Response(text, status, content_type="application/json")
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def nothing() -> Response:
    """Done, and nothing to tell."""
    return Response(b"", 204)


def record_answer(request: Request, data: dict[str, Any], status: int = 200, **headers: str) -> Response:
    """One record with its entity tag: the version, for If-Match, and what tells this representation from others."""
    response = answer(data, status, **headers)
    tag = f'"{data["version"]}.{hashlib.sha256(response.get_data()).hexdigest()[:12]}"'
    response.headers["ETag"] = tag
    if status == 200 and request.method == "GET" and tag in request.raw.headers.get("If-None-Match", ""):
        return Response(b"", 304, headers={"ETag": tag})
    return response


def type_of(env: Env, record: str) -> str:
    """The record type of an address: NotFound when there is none, AccessDenied when the caller may not read it."""
    if record not in env.registry.records:
        raise NotFound(_("There is no record type “{record}”.", record=record))
    if not env.can("read", record):
        raise AccessDenied(_("You may not do this with {record}.", record=env.registry.record(record).plural))
    return record


# ---------------------------------------------------------------- what comes in
def body(request: Request) -> Any:
    """The JSON that was sent, its numbers exact; refused when it holds characters that no text has."""
    if request.raw.mimetype != "application/json" and not request.raw.mimetype.endswith("+json"):
        raise Unsupported(_("Send JSON, and say so: “Content-Type: application/json”."))
    try:
        text = request.raw.get_data().decode()
        found = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadRequest(_("This is not JSON.")) from None
    if "\\u0000" in text or "\\u" in text and _LONE.search(json.dumps(found, ensure_ascii=False, default=str)):
        raise BadRequest(_("The request holds characters that no text has."))
    return found


def _no_number(text: str) -> Any:
    raise ValueError(text)


def object_body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent."""
    found = body(request)
    if not isinstance(found, dict):
        raise BadRequest(_("Send an object."))
    return found


def known_parameters(request: Request, *names: str) -> None:
    """Refuse parameters that mean nothing here: a misspelt filter must not give everything."""
    for name, _value in request.args():
        if name not in names:
            raise BadParameter(name, _("There is no parameter “{name}” here.", name=name))


def names_in(request: Request, parameter: str) -> list[str]:
    """Names in a parameter, separated by commas."""
    return [part.strip() for part in request.arg(parameter).split(",") if part.strip()]


def flag_in(request: Request, parameter: str) -> bool:
    """A yes or no of the address."""
    text = request.arg(parameter, "false")
    if text not in ("true", "false"):
        raise BadParameter(parameter, _("Write true or false."))
    return text == "true"


def number_in(request: Request, parameter: str, default: int, most: int) -> int:
    """A whole number of the address from 1 on."""
    text = request.arg(parameter, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most):
        raise BadParameter(parameter, _("Write a whole number from 1 to {most}.", most=most))
    return int(text)


def expected_version(request: Request, values: dict[str, Any] | None = None) -> int | None:
    """The version that the caller knows, of If-Match or (taken out) of the values; None for none."""
    header = request.raw.headers.get("If-Match", "").strip()
    if header and header != "*":
        match = re.fullmatch(r'(?:W/)?"?(\d{1,18})(?:\.[0-9a-f]+)?"?', header)
        if match is None:
            raise BadRequest(_("If-Match holds no version: send the ETag of the record."))
        return int(match[1])
    given = values.pop("version", None) if values is not None else None
    if given is not None and type(given) is not int:
        raise BadRequest(_("“version” is a whole number."))
    return given
