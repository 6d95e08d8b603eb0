"""Official holidays by their English names, so that everybody reads them in their own language.

A holiday's name is stored as it was called where it was added. While it is still one of those that were shipped, readers of
other languages see their own name for it; one that somebody rewrote is shown as it was written.
"""

from __future__ import annotations

from core.api import Env, Message, _

from .clock import DayRule

SHIPPED: dict[str, Message] = {str(name): name for name in (
    _("15 Khordad Uprising"), _("Arbaeen"), _("Ashura"), _("Birthday of Imam Ali"), _("Birthday of Mahdi"),
    _("Birthday of Muhammad and Imam Ja'far al-Sadiq"), _("Death of Imam Khomeini"),
    _("Death of Prophet Muhammad and Martyrdom of Hasan ibn Ali"), _("Eid al-Adha"), _("Eid al-Fitr"), _("Eid al-Fitr Holiday"),
    _("Eid al-Ghadir"), _("Iranian Oil Industry Nationalization Day"), _("Islamic Republic Day"), _("Islamic Revolution Day"),
    _("Isra' and Mi'raj"), _("Last Day of Year"), _("Martyrdom of Ali al-Rida"), _("Martyrdom of Fatima"),
    _("Martyrdom of Hasan al-Askari"), _("Martyrdom of Imam Ali"), _("Martyrdom of Imam Ja'far al-Sadiq"), _("Nature's Day"),
    _("Nowruz"), _("Nowruz Holiday"), _("Public Holiday"), _("Tasua"), _("Commemoration of Atatürk, Youth and Sports Day"),
    _("Democracy and National Unity Day"), _("Labor and Solidarity Day"), _("National Sovereignty and Children's Day"),
    _("New Year's Day"), _("Republic Day"), _("Victory Day"), _("Eid al-Adha (eve)"), _("Eid al-Fitr (eve)"), _("Republic Day (eve)"))}


def in_language(env: Env, known_as: str, lang: str) -> str:
    """The name of an official holiday in a language; the English one where it is not known."""
    return env.installation.catalogs.translate(SHIPPED.get(known_as, known_as), lang)


def label(env: Env, name: str, known_as: str) -> str:
    """A holiday's name for a reader."""
    if known_as in SHIPPED and name in {in_language(env, known_as, lang) for lang in env.installation.catalogs.languages()}:
        return in_language(env, known_as, env.lang)
    return name


def rule_label(env: Env, rule: DayRule | None) -> str:
    """Why a day is not as usual, for a reader; empty where it is."""
    return "" if rule is None else "; ".join(dict.fromkeys(label(env, name, known) for name, known in rule.names))
