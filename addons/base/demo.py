"""The people of the demo company: a director, two managers, sellers in two teams. Their password is no secret."""

from __future__ import annotations

from core.api import Env

from . import passwords

PASSWORD = "sarnakh-demo-1"  # noqa: S105 - printed by the demo run, for a company that does not exist
ROLES = (("Sales manager", "Director"), ("Seller", "Sales manager"))
PEOPLE = (
    ("nasrin", "نسرین دادگر", "Director", "fa", "Administrator", "Managing director"),
    ("sara", "سارا احمدی", "Sales manager", "fa", "Standard", "Sales manager, Tehran"),
    ("reza", "رضا کریمی", "Seller", "fa", "Standard", "Sales representative"),
    ("ali", "علی محمدی", "Seller", "fa", "Standard", "Sales representative"),
    ("john", "John Miller", "Sales manager", "en", "Standard", "Sales manager, export"),
    ("ayse", "Ayşe Yılmaz", "Seller", "tr", "Standard", "Sales representative"),
    ("emily", "Emily Clark", "Seller", "en", "Standard", "Sales representative"),
)
TEAMS = (("Tehran", "sara", ("sara", "reza", "ali")), ("Export", "john", ("john", "ayse", "emily")))
PLACES = {"fa": ("Asia/Tehran", "jalali", "arabext"), "tr": ("Europe/Istanbul", "gregorian", "latn"),
          "en": ("UTC", "gregorian", "latn")}


def create(env: Env) -> None:
    """Create those of them that are missing."""
    roles = _roles(env)
    profiles = {r["name"]: r["id"] for r in env.query("base.profile").select("name").rows()}
    people = {r["login"]: r["id"] for r in env.query("base.user").archived(None).select("login").rows()}
    for login, name, role, lang, profile, title in PEOPLE:
        if login in people:
            continue
        zone, calendar, digits = PLACES[lang]
        people[login] = env.create("base.user", {
            "login": login, "name": name, "email": f"{login}@example.com", "role": roles[role], "job_title": title,
            "profile": profiles.get(profile), "language": lang, "time_zone": zone, "calendar": calendar, "digits": digits})
        passwords.set_password(env, people[login], PASSWORD)
    known = {r["name"] for r in env.query("base.team").select("name").rows()}
    for name, leader, members in TEAMS:
        if name not in known:
            env.create("base.team", {"name": name, "leader": people[leader], "members": [people[m] for m in members]})


def _roles(env: Env) -> dict[str, int]:
    found = {r["name"]: r["id"] for r in env.query("base.role").select("name").rows()}
    if "Director" not in found:
        found["Director"] = env.create("base.role", {"name": "Director"})
    for name, above in ROLES:
        if name not in found:
            found[name] = env.create("base.role", {"name": name, "parent": found[above]})
    return found
