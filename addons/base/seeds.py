"""What a new installation begins with: currencies, countries, profiles, roles, one company."""

from __future__ import annotations

from babel import Locale

from core.api import Env, _

CURRENCIES = (("IRR", 0), ("TRY", 2), ("USD", 2), ("EUR", 2), ("GBP", 2), ("AED", 2), ("CNY", 2), ("RUB", 2), ("IQD", 0),
              ("AFN", 2), ("AZN", 2), ("JPY", 0), ("CHF", 2), ("KWD", 3), ("OMR", 3), ("QAR", 2), ("SAR", 2), ("INR", 2))
PHONE_CODES = {"IR": "+98", "TR": "+90", "DE": "+49", "US": "+1", "GB": "+44", "AE": "+971", "IQ": "+964", "AF": "+93",
               "FR": "+33", "CA": "+1", "RU": "+7", "CN": "+86", "IN": "+91", "AZ": "+994", "AM": "+374", "PK": "+92"}
ADMIN_AREAS = ["users", "profiles", "roles", "teams", "sharing", "audit", "jobs", "settings", "addons", "health", "layouts"]


def create(env: Env) -> None:
    """Create everything once."""
    if env.query("base.currency").exists():
        return
    names = Locale("en")
    currencies = env.create("base.currency", [
        {"code": code, "name": names.currencies.get(code, code), "places": places} for code, places in CURRENCIES])
    countries = sorted(code for code in names.territories if len(code) == 2 and code.isalpha() and code not in
                       ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"))
    env.create("base.country", [{"code": c, "name": names.territories[c], "phone_code": PHONE_CODES.get(c)} for c in countries])
    settings = env.installation.settings.locale
    chosen = {code: key for (code, _p), key in zip(CURRENCIES, currencies, strict=True)}
    env.create("base.company", {"name": "Sarnakh", "currency": chosen.get(settings.currency, currencies[0])})
    env.create("base.profile", [
        {"name": "Administrator", "description": str(_("May administer everything and see all records.")),
         "sets": ["base.people_admin", "base.setup_admin"], "areas": ADMIN_AREAS},
        {"name": "Standard", "description": str(_("Works with records as the sharing rules allow.")), "sets": ["base.user"],
         "areas": []},
    ])
    env.create("base.role", {"name": "Director"})
