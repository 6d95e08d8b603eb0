"""Reading answers by rules from settings: paths into JSON, patterns that cannot run away, tables of values."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final

from core.api import _

from .errors import Unusable

SEARCHED: Final = 2_000
LONGEST_PATTERN, MOST_TRIES = 200, 20_000
_STEP: Final = re.compile(r"\.?([^.\[\]]+)|\[(\d{1,6})\]")
_PATH: Final = re.compile(r"(?:(?:^|\.)[^.\[\]]+|\[\d{1,6}\])+")
_PIECE: Final = re.compile(r"(?P<escape>\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.))|(?P<letters>\[\^?\]?(?:\\.|[^\]\\])*\])"
                           r"|(?P<open>\((?:\?:|\?i\)|\?)?)|(?P<close>\))|(?P<times>[*+?]|\{\d*(?:,\d*)?\})(?P<how>[?+]?)|(?P<or>\|)|(?P<other>.)",
                           re.DOTALL)


def at(data: Any, path: str) -> Any:
    """What stands at a path such as "data.messages[0].id"; the whole for an empty path, None where there is nothing."""
    for name, index in _STEP.findall(path):
        if name and isinstance(data, dict):
            data = data.get(name)
        elif index and isinstance(data, list) and int(index) < len(data):
            data = data[int(index)]
        else:
            return None
    return data


def as_text(value: Any) -> str:
    """A value of JSON as text; "" for null."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def find(whole: str, data: Any, path: str, pattern: str) -> str:
    """What a path (of the answer as JSON), a pattern, or both find; of a pattern its first group, or all that it fits. "" is nothing."""
    found = as_text(at(data, path)) if path else whole
    if not pattern:
        return found.strip() if path else ""
    match = compiled(pattern).search(found[:SEARCHED])
    return (match[1] if match and match.re.groups else match[0] if match else "") or ""


def fits(whole: str, data: Any, path: str, pattern: str) -> bool:
    """Whether a pattern fits what stands at a path, or the whole answer; without a pattern, whether something stands there that is
    not false."""
    found = as_text(at(data, path)) if path else whole
    return bool(compiled(pattern).search(found[:SEARCHED])) if pattern else found.strip() not in ("", "false", "[]", "{}")


def check_path(path: str) -> None:
    """Unusable for what is no path."""
    if path and not _PATH.fullmatch(path):
        raise Unusable(_("Write a path such as data.messages[0].id."))


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """A regular expression, if it is one that cannot run for long: nothing that is repeated holds repetitions or choices, none looks
    around or back, and all that its repetitions and choices may come to together is little. Else Unusable."""
    tries, closed, wrong = 1, False, False
    for piece in _PIECE.finditer(pattern[:LONGEST_PATTERN]):
        times = piece["times"]
        tries *= _tries(times) if times else 2 if piece["or"] else 1
        wrong |= bool(times and (closed or piece["how"] == "+")) or piece["open"] == "(?"
        wrong |= bool(re.match(r"\\\d", piece["escape"] or ""))
        closed = bool(piece["close"])
    if wrong or tries > MOST_TRIES or len(pattern) > LONGEST_PATTERN:
        raise Unusable(_("The pattern might take too long. Use * or + once, elsewhere numbers such as {0,20}, and repeat no groups."))
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        pass
    raise Unusable(_("The pattern is not right."))


def _tries(times: str) -> int:
    """In how many lengths something repeated may be tried."""
    low, comma, high = times.strip("{}").partition(",")
    if times in ("*", "+") or (comma and not high):
        return SEARCHED
    return 2 if times == "?" else max(int(high or 1) - int(low or 0), 0) + 1


@lru_cache(maxsize=256)
def table(text: str, allowed: Collection[str]) -> dict[str, str]:
    """Lines such as "DELIVRD=delivered" by their first half. Raises Unusable for what is not allowed on the right."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        left, sign, right = (part.strip() for part in line.rpartition("="))
        if not left or not sign or right not in allowed:
            raise Unusable(_("Write lines such as CODE={example}. On the right may stand: {allowed}.", example=next(iter(allowed)),
                             allowed=", ".join(allowed)))
        found[left] = right
    return found
