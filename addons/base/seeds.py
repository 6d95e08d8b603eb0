"""What a new installation begins with: currencies, countries, profiles, roles, one company."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from babel import Locale

from core.api import Env, Message, _

CURRENCIES = (("IRR", 0), ("TRY", 2), ("USD", 2), ("EUR", 2), ("GBP", 2), ("AED", 2), ("CNY", 2), ("RUB", 2), ("IQD", 0),
              ("AFN", 2), ("AZN", 2), ("JPY", 0), ("CHF", 2), ("KWD", 3), ("OMR", 3), ("QAR", 2), ("SAR", 2), ("INR", 2))
PHONE_CODES = {"IR": "+98", "TR": "+90", "DE": "+49", "US": "+1", "GB": "+44", "AE": "+971", "IQ": "+964", "AF": "+93",
               "FR": "+33", "CA": "+1", "RU": "+7", "CN": "+86", "IN": "+91", "AZ": "+994", "AM": "+374", "PK": "+92"}
ADMIN_AREAS = ["users", "profiles", "roles", "teams", "sharing", "audit", "jobs", "settings", "addons", "health", "layouts"]
PROFILES: tuple[tuple[str, Message, Message, list[str], list[str]], ...] = (
    ("administrator", _("Administrator"), _("May administer everything and see all records."),
     ["base.people_admin", "base.setup_admin"], ADMIN_AREAS),
    ("standard", _("Standard"), _("Works with records as the sharing rules allow."), ["base.user"], []))
"""Word by which addons know a profile whatever it is called, name, description, permission sets, areas."""
DIRECTOR = _("Director")
"""The role at the top."""
NO_COUNTRY = frozenset({"CQ", "EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
"""Codes that stand for groups of countries or none."""


def create(env: Env) -> None:
    """Create everything once, in the language of the environment."""
    if env.query("base.currency").exists():
        return
    names, english = _locale(env.lang), Locale("en")
    currencies = env.create("base.currency", [
        {"code": code, "name": names.currencies.get(code, code), "places": places} for code, places in CURRENCIES])
    countries = sorted(code for code in map(str, english.territories)
                       if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY)
    env.create("base.country", [{"code": code, "name": names.territories.get(code) or english.territories[code],
                                 "phone_code": PHONE_CODES.get(code), "other_names": _countries(env, code, env.lang)}
                                for code in countries])
    settings = env.installation.settings.locale
    chosen = {code: key for (code, _p), key in zip(CURRENCIES, currencies, strict=True)}
    env.create("base.company", {"name": "Sarnakh", "currency": chosen.get(settings.currency, currencies[0])})
    env.create("base.profile", [
        {"shipped": word, "name": env.t(name), "description": env.t(description), "sets": sets, "areas": areas}
        for word, name, description, sets, areas in PROFILES])
    env.create("base.role", {"name": env.t(DIRECTOR)})


def _countries(env: Env, code: str, lang: str) -> dict[str, str]:
    known = {other: _locale(other).territories.get(code) for other in env.installation.catalogs.languages() if other != lang}
    return {other: str(name) for other, name in known.items() if name}


def in_other_languages(env: Env, message: Message, lang: str) -> dict[str, str]:
    """A shipped name in every language but the one it is stored in: what a field of type `Names` beside it holds."""
    catalogs = env.installation.catalogs
    return {other: catalogs.translate(message, other) for other in catalogs.languages() if other != lang}


def translate(env: Env, lang: str) -> None:
    """Put what was shipped, and nobody has renamed since, into another language."""
    known, wanted = [_locale(code) for code in env.installation.catalogs.languages()], _locale(lang)
    _rename_coded(env, "base.country", wanted.territories, [locale.territories for locale in known], lang)
    _rename_coded(env, "base.currency", wanted.currencies, [locale.currencies for locale in known])
    names, descriptions = [name for _word, name, *_rest in PROFILES], [text for _word, _name, text, *_rest in PROFILES]
    rename(env, lang, {"base.role": [DIRECTOR], "base.profile": names})
    rename(env, lang, {"base.profile": descriptions}, "description")


def rename(env: Env, lang: str, texts: Mapping[str, Iterable[Message]], field: str = "name") -> None:
    """Put values of a field that are one of these texts, in whatever language, into `lang`; texts by record type."""
    catalogs = env.installation.catalogs
    for record, messages in ((record, list(found)) for record, found in texts.items()):
        shipped = {catalogs.translate(text, code): catalogs.translate(text, lang)
                   for text in messages for code in catalogs.languages()}
        others = {catalogs.translate(text, lang): in_other_languages(env, text, lang) for text in messages}
        spoken = getattr(env.registry.record(record).field(field), "spoken", "")
        rows = env.query(record).archived(None).select(field).rows()
        env.update_each(record, {row["id"]: {field: new, **({spoken: others[new]} if spoken else {})} for row in rows
                                 if (new := shipped.get(row[field], row[field])) != row[field]})


def _rename_coded(env: Env, record: str, names: Mapping[str, str], before: list[Mapping[str, str]], lang: str = "") -> None:
    """Rename records with a code whose name is the one that some language has for that code; countries in all languages."""
    rows = env.query(record).archived(None).select("code", "name").rows()
    env.update_each(record, {row["id"]: {"name": names[row["code"]],
                                         **({"other_names": _countries(env, row["code"], lang)} if lang else {})} for row in rows
                             if row["name"] in [known.get(row["code"]) for known in before]
                             and names.get(row["code"], row["name"]) != row["name"]})


def _locale(lang: str) -> Locale:
    return Locale.parse(lang.replace("-", "_"))
