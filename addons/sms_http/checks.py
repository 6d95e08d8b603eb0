"""Whether a description of a gateway can work, before it is saved."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from core.api import _

from . import reading, request, templates
from .errors import OUTCOMES, STATES, WAITING, Unusable
from .settings import SETTINGS


def problems(settings: Mapping[str, Any]) -> dict[str, str]:
    """Templates, paths, patterns and tables that cannot work, by setting."""
    wrong = {}
    for name, look in _looks(settings).items():
        try:
            look(str(settings.get(name) or ""))
        except Unusable as error:
            wrong[name] = error.message
    if settings.get("method") == "GET" and settings.get("kind") != "query":
        wrong.setdefault("kind", _("GET has no body: let the values go in the address."))
    return wrong


def _looks(settings: Mapping[str, Any]) -> dict[str, Callable[[str], object]]:
    """How each setting is looked at before it is saved."""
    checks: dict[str, Callable[[str], object]] = {"headers": _check_headers, "address": _check_address, "codes": _check_codes,
                                                  "states": _check_states, "country": _check_country, "call_answer": _check_answer}
    checks |= dict.fromkeys(("body", "status_body"), _check_json if settings.get("kind") == "json" else _check_pairs)
    if settings.get("status_address"):
        checks["status_address"] = _check_address
    checks |= dict.fromkeys((one.name for one in SETTINGS if one.name.endswith("_pattern")), reading.compiled)
    return checks | dict.fromkeys((one.name for one in SETTINGS if one.name.endswith("_path")), reading.check_path)


def _check_address(text: str) -> None:
    request.check_address(text.strip())
    templates.check(text)


def _check_headers(text: str) -> None:
    for _name, value in request.header_lines(text):
        templates.check(value)


def _check_pairs(text: str) -> None:
    for _name, value in request.pair_lines(text):
        templates.check(value)


def _check_json(text: str) -> None:
    for value in request.texts(request.document(text) if text.strip() else None):
        templates.check(value)


def _check_codes(text: str) -> None:
    reading.table(text, OUTCOMES)


def _check_states(text: str) -> None:
    reading.table(text, (*STATES, WAITING))


def _check_country(text: str) -> None:
    if text and not re.fullmatch(r"[1-9]\d{0,2}", text):
        raise Unusable(_("Write the country code in digits, such as 98."))


def _check_answer(text: str) -> None:
    if text.startswith("<"):
        raise Unusable(_("Write plain text."))
