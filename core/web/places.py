"""Choices of where somebody is: time zones, countries and currencies by their names in the reader's language."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale

from core.env import Env

CONTINENTS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
NEAR = ("Asia/Tehran", "Europe/Istanbul", "UTC", "Asia/Dubai", "Asia/Kabul", "Asia/Baku", "Europe/Berlin", "Europe/London",
        "America/New_York")
BY_LANGUAGE = {"fa": ("Asia/Tehran", "jalali", "arabext", "IR", "IRR"),
               "tr": ("Europe/Istanbul", "gregorian", "latn", "TR", "TRY"),
               "en": ("UTC", "gregorian", "latn", "", "USD")}
"""What is proposed to who reads a language: time zone, calendar, digits, country, currency."""


@lru_cache(maxsize=1)
def time_zones() -> tuple[str, ...]:
    """Names of time zones, those of most of our readers first."""
    return (*NEAR, *sorted(z for z in available_timezones() if z.split("/")[0] in CONTINENTS and "/" in z and z not in NEAR))


def zone_choices(current: str = "") -> list[tuple[str, str]]:
    """(value, label) pairs of time zones; one that is in use but unusual comes along."""
    names = time_zones()
    return [(z, z.replace("_", " ")) for z in (names if not current or current in names else (current, *names))]


@lru_cache(maxsize=8)
def _locale(lang: str) -> Locale:
    return Locale(lang)


def country_choices(env: Env) -> list[tuple[str, str]]:
    """(code, name) of the countries that are kept, in the order of their names."""
    names = _locale(env.lang).territories
    with env.elevated("countries to choose from") as trusted:
        rows = trusted.query("base.country").select("code", "name").rows(limit=400)
    return sorted(((r["code"], names.get(r["code"], r["name"])) for r in rows), key=lambda pair: env.sort_key(pair[1]))


def currency_choices(env: Env) -> list[tuple[str, str]]:
    """(code, name) of the currencies in use."""
    names = _locale(env.lang).currencies
    with env.elevated("currencies to choose from") as trusted:
        rows = trusted.query("base.currency").where("active").order("id").select("code", "name").rows(limit=200)
    return [(r["code"], f"{names.get(r['code'], r['name'])} ({r['code']})") for r in rows]
