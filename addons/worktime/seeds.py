"""What the addon begins with: official holidays, the organisation's calendar as it is usual there, kinds of shifts."""

from __future__ import annotations

from typing import Any

from addons.base.shipping import give_sets
from core.api import Env, _

from . import official
from .choices import CALENDAR, HOLIDAY_SET, INTERVAL, SHIFT_TYPE

SETS = {"administrator": "worktime.manager", "standard": "worktime.user"}
HOLIDAYS = (("IR", _("Official holidays of Iran")), ("TR", _("Official holidays of Turkey")))
IRAN, TURKEY, OTHER = _("Working hours in Iran"), _("Working hours in Turkey"), _("Working hours")
_WEEKDAYS = ("0", "1", "2", "3", "4")
WEEKS: dict[str, list[tuple[str, str, str]]] = {
    "IR": [*((day, begins, ends) for day in ("5", "6", "0", "1", "2") for begins, ends in (("08:00", "12:30"), ("13:00", "16:30"))),
           ("3", "08:00", "12:00")],
    "TR": [(day, begins, ends) for day in _WEEKDAYS for begins, ends in (("09:00", "12:30"), ("13:30", "18:00"))],
    "": [(day, begins, ends) for day in _WEEKDAYS for begins, ends in (("09:00", "12:00"), ("13:00", "17:00"))]}
PLACES = {"IR": (IRAN, "Asia/Tehran"), "TR": (TURKEY, "Europe/Istanbul"), "": (OTHER, "")}
SHIFTS = (("M", _("Morning"), "06:00", "14:00", "amber"), ("E", _("Evening"), "14:00", "22:00", "blue"),
          ("N", _("Night"), "22:00", "06:00", "purple"))


def create(env: Env) -> None:
    """Create what is missing; enabling the addon again changes nothing that is there."""
    if not env.query(HOLIDAY_SET).deleted(None).archived(None).exists():
        for country, name in HOLIDAYS:
            key = env.create(HOLIDAY_SET, {"name": env.t(name), "country": country})
            official.add_years(env, key, country, official.coming(env.today))
    if not env.query(CALENDAR).deleted(None).archived(None).exists():
        create_calendar(env, place(env), is_default=True)
    if not env.query(SHIFT_TYPE).deleted(None).archived(None).exists():
        env.create(SHIFT_TYPE, [{"code": code, "name": env.t(name), "begins": begins, "ends": ends, "colour": colour}
                                for code, name, begins, ends, colour in SHIFTS])
    give_sets(env, SETS)


def place(env: Env) -> str:
    """The country whose working week the organisation has, as far as that is known."""
    country = env.installation.settings.locale.country
    return country if country in PLACES else ""


def create_calendar(env: Env, country: str, is_default: bool = False, **more: Any) -> int:
    """A calendar with the usual week of a country and its holidays; returns its number."""
    name, zone = PLACES[country]
    sets = env.query(HOLIDAY_SET).where(f'country == "{country}"').ids() if country else []
    key: int = env.create(CALENDAR, {"name": env.t(name), "time_zone": zone or env.installation.settings.locale.time_zone,
                                     "is_default": is_default, "holiday_sets": sets, **more})
    env.create(INTERVAL, [{"calendar": key, "weekday": day, "begins": begins, "ends": ends} for day, begins, ends in WEEKS[country]])
    return key


def translate(env: Env, lang: str) -> None:
    """Put the names of what was shipped, and nobody renamed, into a language."""
    catalogs = env.installation.catalogs
    texts = {HOLIDAY_SET: [name for _code, name in HOLIDAYS], CALENDAR: [IRAN, TURKEY, OTHER], SHIFT_TYPE: [s[1] for s in SHIFTS]}
    for record, messages in texts.items():
        shipped = {catalogs.translate(text, code): catalogs.translate(text, lang) for text in messages for code in catalogs.languages()}
        rows = env.query(record).archived(None).select("name").rows()
        env.update_each(record, {r["id"]: {"name": shipped[r["name"]]} for r in rows if shipped.get(r["name"], r["name"]) != r["name"]})
    official.rename(env, lang)
