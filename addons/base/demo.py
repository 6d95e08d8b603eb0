"""The people of the demo company: a director, two managers, sellers in two teams. Their password is no secret."""

from __future__ import annotations

from core.api import DEMO_PASSWORD, Env, _

from . import passwords, seeds

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


def _roles(env: Env) -> dict[str, int]:
    """The numbers of the demo's roles by their English names; those that are missing are created."""
    numbers = {r["name"]: r["id"] for r in env.query("base.role").select("name").rows()}
    found: dict[str, int] = {}
    for name, above in ((DIRECTOR, None), *ROLES):
        found[name] = numbers.get(env.t(name)) or env.create("base.role", {
            "name": env.t(name), "parent": found[above] if above else None})
    return found
