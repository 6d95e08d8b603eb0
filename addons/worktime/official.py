"""Official holidays of countries, from the `holidays` library, as records that people may change.

Adding a year again brings only what is not there: each official day has a key by which it is known even after somebody moved,
renamed or deleted it. Days that were estimated (the lunar calendar is confirmed late) and that nobody touched are put
where the library now says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from core.api import Change, Env, F, Later

from .choices import HOLIDAY, HOLIDAY_SET
from .holiday_names import SHIPPED, in_language

holidays = Later("holidays")
ESTIMATED, HALF = " (estimated)", " (from 1pm)"
BY_LIBRARY = "official"
"""Source of what is written from the library."""
AHEAD = 3
"""Years after the present one that are filled in."""


def official_days(country: str, year: int) -> list[dict[str, Any]]:
    """The holidays of a Gregorian year: official key, day, English name, whether estimated, from when it is closed."""
    made: list[dict[str, Any]] = []
    counted: dict[str, int] = {}
    known = holidays.country_holidays(country)
    for category in known.supported_categories:
        found = holidays.country_holidays(country, years=[year], language="en_US", categories=(category,))
        for day, names in sorted(found.items()):
            for name in names.split("; "):
                english = name.replace(ESTIMATED, "").replace(HALF, " (eve)")
                counted[english] = counted.get(english, 0) + 1
                made.append({"official": f"{country}-{year}-{english}-{counted[english]}", "day": day, "known_as": english,
                             "estimated": ESTIMATED in name, "closed_from": "13:00" if HALF in name else None})
    return made


def add_years(env: Env, holiday_set: int, country: str, years: Sequence[int]) -> int:
    """Fill a set with the official holidays of these years; returns how many days were added or moved.

    The actor must be allowed to change the set; what is written is written elevated, because the key is nobody's to change.
    """
    wanted = [day for year in years for day in official_days(country, year)]
    with env.elevated("official holidays") as sudo:
        rows = sudo.query(HOLIDAY).deleted(None).archived(None).where(
            F.holiday_set == holiday_set, F.official.isin([w["official"] for w in wanted])
            ).select("official", "day", "estimated", "by_hand", "deleted_at").rows()
        known = {row["official"]: row for row in rows}
        new = [{**w, "holiday_set": holiday_set, "name": in_language(env, w["known_as"], env.lang)} for w in wanted
               if w["official"] not in known]
        moved = {known[w["official"]]["id"]: {"day": w["day"], "estimated": w["estimated"]} for w in wanted
                 if w["official"] in known and _may_move(known[w["official"]], w)}
        taken = {(r["day"], r["name"]) for r in sudo.query(HOLIDAY).archived(None).where(
            F.holiday_set == holiday_set, F.day.isin([n["day"] for n in new])).select("day", "name").rows()} if new else set()
        sudo.create(HOLIDAY, [n for n in new if (n["day"], n["name"]) not in taken], source=BY_LIBRARY)
        sudo.update_each(HOLIDAY, moved, source=BY_LIBRARY)
        row = sudo.get(HOLIDAY_SET, holiday_set, "years")
        filled = sorted({*(int(y) for y in (row.years or "").split()), *years})
        sudo.update(HOLIDAY_SET, holiday_set, {"years": " ".join(map(str, filled))}, source=BY_LIBRARY)
    return len(new) + len(moved)


def touched(change: Change) -> None:
    """A day that somebody moved or renamed is theirs from then on."""
    if change.source != BY_LIBRARY:
        for record in change.changed("day", "name", "closed_from"):
            change.set(record, "by_hand", True)
            change.set(record, "estimated", False)


def _may_move(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """An estimated day that nobody touched, and that the library now knows better."""
    return (bool(row["estimated"]) and not row["by_hand"] and row["deleted_at"] is None
            and (row["day"], row["estimated"]) != (wanted["day"], wanted["estimated"]))


def coming(today: dt.date) -> list[int]:
    """The years that are kept filled: the past one, this one and some ahead."""
    return list(range(today.year - 1, today.year + AHEAD + 1))


def rename(env: Env, lang: str) -> None:
    """Put the names of official holidays that nobody rewrote into a language."""
    shipped = {(known, in_language(env, known, code)): in_language(env, known, lang)
               for known in SHIPPED for code in env.installation.catalogs.languages()}
    rows = env.query(HOLIDAY).archived(None).where(F.known_as.not_null()).select("name", "known_as").rows()
    env.update_each(HOLIDAY, {r["id"]: {"name": shipped[r["known_as"], r["name"]]} for r in rows
                              if shipped.get((r["known_as"], r["name"]), r["name"]) != r["name"]}, source=BY_LIBRARY)
