"""What the catalogue begins with: usual units, Iranian and Turkish VAT, and its sets in the first profiles."""

from __future__ import annotations

from typing import Any

from addons.base.seeds import in_other_languages, rename
from addons.base.shipping import give_sets
from core.api import Env, Message, _

from . import names

UNITS: tuple[tuple[Message, Message, bool, tuple[tuple[Message, int], ...]], ...] = (
    (_("Pieces"), _("Piece"), True, ((_("Box of 10"), 10), (_("Carton of 24"), 24))),
    (_("Working time"), _("Hour"), False, ((_("Working day"), 8), (_("Person-month"), 176))),
    (_("Months"), _("Month"), True, ((_("Year"), 12),)),
    (_("Lengths"), _("Metre"), False, ((_("Roll of 305 m"), 305),)),
)
STANDARD, REDUCED, LOW, EXEMPT = _("Standard rate"), _("Reduced rate"), _("Lowest rate"), _("Exempt from tax")
CLASSES = (("standard", STANDARD), ("reduced", REDUCED), ("low", LOW), ("exempt", EXEMPT))
VAT_IR, VAT_TR = _("VAT (Iran)"), _("KDV (Turkey)")
TAXES = (("standard", VAT_IR, "IR", "10"), ("reduced", VAT_IR, "IR", "10"), ("low", VAT_IR, "IR", "10"),
         ("exempt", VAT_IR, "IR", "0"), ("standard", VAT_TR, "TR", "20"), ("reduced", VAT_TR, "TR", "10"),
         ("low", VAT_TR, "TR", "1"), ("exempt", VAT_TR, "TR", "0"))
"""Rates in force: in Iran one rate of 10 % since 1403, in Turkey 20, 10 and 1 %. They are records: change them when the law does."""
SETS = {"administrator": "catalogue.manager", "standard": "catalogue.user"}


def create(env: Env) -> None:
    """Create what is missing; enabling the addon again changes nothing that is there."""
    if not env.query("catalogue.unit_group").deleted(None).archived(None).exists():
        groups = env.create("catalogue.unit_group", [{**_named(env, name), "base_unit": env.t(base), "whole": whole}
                                                     for name, base, whole, _units in UNITS])
        env.create("catalogue.unit", [{"unit_group": group, **_named(env, unit), "factor": factor}
                                      for group, (_n, _b, _w, units) in zip(groups, UNITS, strict=True) for unit, factor in units])
        bases = {group: base for group, (_n, base, _w, _u) in zip(groups, UNITS, strict=True)}
        env.update_each("catalogue.unit", {which: {"other_names": in_other_languages(env, bases[group], env.lang)}
                                           for group, which in names.base_units(env, groups).items()})
    if not env.query("catalogue.tax_class").deleted(None).archived(None).exists():
        _taxes(env)
    give_sets(env, SETS)


def _named(env: Env, name: Message) -> dict[str, Any]:
    return {"name": env.t(name), "other_names": in_other_languages(env, name, env.lang)}


def _taxes(env: Env) -> None:
    made = env.create("catalogue.tax_class", [{**_named(env, name), "shipped": word, "is_default": word == "standard"} for word,
                                              name in CLASSES])
    classes = {word: which for (word, _name), which in zip(CLASSES, made, strict=True)}
    countries = {r["code"]: r["id"] for r in env.query("base.country").where('code in ("IR", "TR")').select("code").rows()}
    env.create("catalogue.tax", [{"tax_class": classes[word], **_named(env, name), "country": countries[country], "percent": percent}
                                 for word, name, country, percent in TAXES if country in countries])


def translate(env: Env, lang: str) -> None:
    """Put what was shipped, and nobody has renamed since, into a language."""
    bases = [base for _name, base, _whole, _units in UNITS]
    rename(env, lang, {"catalogue.unit_group": [name for name, *_rest in UNITS]})
    rename(env, lang, {"catalogue.unit": [*bases, *(unit for *_rest, units in UNITS for unit, _factor in units)],
                       "catalogue.tax_class": [name for _word, name in CLASSES], "catalogue.tax": [VAT_IR, VAT_TR]})
