"""One request to a receiver, and what it means for the delivery and for the receiver as a whole."""

from __future__ import annotations

import datetime as dt
import email.utils
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from core.api import Message, NotOutside, SarnakhError, _

DONE, AGAIN, REST, GONE = "done", "again", "rest", "gone"
"""Taken; this one later again; the receiver takes nothing just now; it wants nothing any more."""
OVERLOADED = frozenset({429, 502, 503, 504})
TIMEOUT = (5.0, 10.0)
TOTAL = 15.0
MOST_ANSWER = 2000
LONGEST = 24 * 3600


@dataclass(frozen=True)
class Outcome:
    """`after`: seconds that the receiver asked to be left alone."""

    kind: str
    status: int | None = None
    answer: str = ""
    took: int = 0
    problem: Message | str = ""
    after: float = 0.0


def post(http: Any, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send one event; never raises. Redirects are not followed: a receiver is the address that somebody wrote down."""
    began = time.monotonic()

    def took() -> int:
        return int((time.monotonic() - began) * 1000)

    try:
        with http.within(TOTAL), http.request("POST", url, data=body, headers={**headers, "Content-Type": "application/json"},
                                              timeout=TIMEOUT, stream=True) as answer:
            if took() >= TOTAL * 1000:  # headers that were broken off look complete
                return Outcome(REST, took=took(), problem=_("No answer within the time limit."))
            text, after = _start(answer, began), _after(answer.headers.get("Retry-After", ""))
            return _judged(answer.status_code, text, took(), after)
    except requests.Timeout:
        return Outcome(REST, took=took(), problem=_("No answer within the time limit."))
    except (requests.RequestException, OSError, ValueError) as error:
        if took() >= TOTAL * 1000:
            return Outcome(REST, took=took(), problem=_("No answer within the time limit."))
        return Outcome(REST, took=took(), problem=_("It cannot be reached: {reason}", reason=type(error).__name__))
    except NotOutside as error:
        return Outcome(REST, took=took(), problem=error.message)
    except SarnakhError as error:
        return Outcome(AGAIN, took=took(), problem=error.message)


def _start(answer: Any, began: float) -> str:
    """The beginning of the answer, for the log; the rest is of no interest."""
    found = bytearray()
    try:
        for chunk in answer.iter_content(256):
            found += chunk
            if len(found) >= MOST_ANSWER or time.monotonic() - began > TOTAL:
                break
    except (requests.RequestException, OSError):
        pass  # its status is known, and that is what counts
    return bytes(found[:MOST_ANSWER]).decode("utf-8", "replace").replace("\x00", "")


def _judged(status: int, text: str, took: int, after: float) -> Outcome:
    if 200 <= status < 300:
        return Outcome(DONE, status, text, took)
    problem = _("The answer was {status}.", status=status)
    if status == 410:
        return Outcome(GONE, status, text, took, _("The receiver wants no more events (410)."))
    return Outcome(REST if status in OVERLOADED else AGAIN, status, text, took, problem, after)


def _after(value: str) -> float:
    """Seconds of a Retry-After, which is a number or a date."""
    try:
        return min(max(float(value), 0.0), LONGEST) if value else 0.0
    except ValueError:
        pass
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return min(max((moment - dt.datetime.now(dt.UTC)).total_seconds(), 0.0), LONGEST)
