"""When people are left alone: quiet hours in the recipient's own time zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

from core.api import Env, F, latin_digits

from .choices import CODE, COMMERCIAL

POLICY = "messaging.policy"
FIELDS = ("quiet_from", "quiet_to", "quiet_service", "most_a_week", "closing")


def policy(env: Env) -> dict[str, Any]:
    """The rules in force, shared by the process until somebody changes them."""
    kept = env.kept("messaging.policy", POLICY)
    if "row" not in kept:
        with env.elevated("rules of messages") as sudo:
            found = sudo.query(POLICY).where(F.is_default).select(*FIELDS).rows(1)
        kept["row"] = found[0] if found else dict.fromkeys(FIELDS)
    return kept["row"]  # type: ignore[no-any-return]


def time_of(text: str) -> dt.time | None:
    """A time of day from "21:00", in any digits."""
    try:
        return dt.time.fromisoformat(latin_digits(text or "").strip().zfill(5))
    except ValueError:
        return None


def zone_of(address: str, default: str) -> str:
    """The time zone of a phone number's country (its most populous one), else the default."""
    if not address.startswith("+"):
        return default
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(address))
    except phonenumbers.NumberParseException:
        return default
    return _zones().get(region or "", default)


@cache
def _zones() -> dict[str, str]:
    """The first zone of each country in the time zone database: the table lists the most populous first."""
    found: dict[str, str] = {}
    for line in files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            found.setdefault(country, zone)
    return found


def due(rules: Mapping[str, Any], kind: str, moment: dt.datetime, zone: str) -> dt.datetime:
    """The first moment from `moment` on at which a message of this kind may leave."""
    begin, end = time_of(rules["quiet_from"] or ""), time_of(rules["quiet_to"] or "")
    waits = kind == COMMERCIAL or (kind != CODE and rules["quiet_service"])
    if not waits or begin is None or end is None or begin == end:
        return moment
    local = moment.astimezone(ZoneInfo(zone))
    clock = local.time()
    if begin < end:
        quiet, tomorrow = begin <= clock < end, False
    else:
        quiet, tomorrow = clock >= begin or clock < end, clock >= begin
    if not quiet:
        return moment
    day = local.date() + dt.timedelta(days=1 if tomorrow else 0)
    return dt.datetime.combine(day, end, ZoneInfo(zone)).astimezone(dt.UTC)
