"""The people of the demo company: a director, two managers, sellers in two teams. Their password is no secret."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from core.api import DEMO_PASSWORD, Env, _

from . import money, passwords, seeds

DIRECTOR, MANAGER, SELLER = seeds.DIRECTOR, _("Sales manager"), _("Seller")
ROLES = ((MANAGER, DIRECTOR), (SELLER, MANAGER))
REPRESENTATIVE = _("Sales representative")
PEOPLE = (
    ("nasrin", "نسرین دادگر", DIRECTOR, "fa", "administrator", _("Managing director")),
    ("sara", "سارا احمدی", MANAGER, "fa", "standard", MANAGER),
    ("reza", "رضا کریمی", SELLER, "fa", "standard", REPRESENTATIVE),
    ("ali", "علی محمدی", SELLER, "fa", "standard", REPRESENTATIVE),
    ("john", "John Miller", MANAGER, "en", "standard", MANAGER),
    ("ayse", "Ayşe Yılmaz", SELLER, "tr", "standard", REPRESENTATIVE),
    ("emily", "Emily Clark", SELLER, "en", "standard", REPRESENTATIVE),
)
"""Login, name, role, language, profile as shipped, job title (given in the person's language)."""
TEAMS = ((_("Tehran"), "sara", ("sara", "reza", "ali")), (_("Export sales"), "john", ("john", "ayse", "emily")))
NAMES = {"base.role": [MANAGER, SELLER], "base.team": [name for name, _leader, _members in TEAMS]}
"""Names by record type that follow the language of the installation."""
IN_DOLLARS = {"USD": Decimal(1), "EUR": Decimal("1.12"), "TRY": Decimal("0.025"), "AED": Decimal("0.2723"),
              "IRR": Decimal("0.0000012")}
"""What currencies of the demo company are roughly worth."""
PLACES = {"fa": ("Asia/Tehran", "jalali", "arabext"), "tr": ("Europe/Istanbul", "gregorian", "latn"),
          "en": ("UTC", "gregorian", "latn")}


def create(env: Env) -> None:
    """Create those of them that are missing."""
    roles = _roles(env)
    profiles = {r["shipped"]: r["id"] for r in env.query("base.profile").select("shipped").rows()}
    people = {r["login"]: r["id"] for r in env.query("base.user").archived(None).select("login").rows()}
    for login, name, role, lang, profile, title in PEOPLE:
        if login in people:
            continue
        zone, calendar, digits = PLACES[lang]
        people[login] = env.create("base.user", {
            "login": login, "name": name, "email": f"{login}@example.com", "role": roles[role],
            "job_title": env.installation.catalogs.translate(title, lang), "profile": profiles.get(profile),
            "language": lang, "time_zone": zone, "calendar": calendar, "digits": digits})
        passwords.set_password(env, people[login], DEMO_PASSWORD)
    known = {r["name"] for r in env.query("base.team").select("name").rows()}
    for name, leader, members in TEAMS:
        if env.t(name) not in known:
            env.create("base.team", {"name": env.t(name), "leader": people[leader],
                                     "members": [people[member] for member in members]})


def create_rates(env: Env) -> None:
    """A year of exchange rates, one a month, unless there are some."""
    own, rate = money.base(env), money.RATE
    if own.code not in IN_DOLLARS or env.query(rate).exists():
        return
    currencies = {r["code"]: r["id"] for r in env.query(money.CURRENCY).select("code").rows()}
    rows: list[dict[str, Any]] = []
    for code, worth in IN_DOLLARS.items():
        value = worth / IN_DOLLARS[own.code]
        per = 1 if value > Decimal("0.01") else 1_000_000
        for month in range(13):
            drift = Decimal(100 + (month * 7 + len(rows)) % 5 - month) / 100  # the older, the cheaper
            rows.append({"currency": currencies[code], "on": env.today - dt.timedelta(days=30 * month), "per": per,
                         "rate": round(value * per * drift, 4)})
    env.create(rate, [row for row in rows if row["currency"] != own.id])


def _roles(env: Env) -> dict[str, int]:
    """The numbers of the demo's roles by their English names; those that are missing are created."""
    numbers = {r["name"]: r["id"] for r in env.query("base.role").select("name").rows()}
    found: dict[str, int] = {}
    for name, above in ((DIRECTOR, None), *ROLES):
        found[name] = numbers.get(env.t(name)) or env.create("base.role", {
            "name": env.t(name), "parent": found[above] if above else None})
    return found
