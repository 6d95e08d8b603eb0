"""What people answer when they want no more messages, or want them again: a whole message that is one of these words.

Case, accents, Turkish dotted and dotless i, letter forms of Persian and Arabic, digits, half-spaces, spaces and punctuation do not
count. A word inside a sentence says nothing: “please stop by” is no objection. What stops only has to be understood by a person.
"""

from __future__ import annotations

import re

from core.api import Env, _, fold

STOP_WORDS = (
    "لغو", "لغو۱۱", "۱۱", "لغو عضویت", "لغو اشتراک", "لغو پیامک", "انصراف", "توقف", "قطع", "نفرست", "نفرستید", "ارسال نکنید",
    "STOP", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPT OUT", "REVOKE", "OFF", "LAGHV", "LAGHV11", "OFF11",
    "RET", "İPTAL", "DUR", "DURDUR", "ÇIK", "ÇIKIŞ", "SMS RET", "SMS İPTAL", "RET SMS", "İPTAL SMS", "İSTEMİYORUM", "ABONELİK İPTAL")
"""«لغو۱۱» under Iranian texts asks for the answer 11: so that counts alone, too. RET is the word of Turkish law."""
START_WORDS = ("شروع", "عضویت", "START", "UNSTOP", "SUBSCRIBE", "OPT IN", "BAŞLA", "BAŞLAT", "ABONE")
"""Few on purpose: they are taken for a consent, so “yes” and “OK” are not among them."""

IRAN, TURKEY = "+98", "+90"
_NOISE = re.compile(r"[\W_]+")


def key(text: str) -> str:
    """What of a text counts: its letters and digits, folded."""
    return _NOISE.sub("", fold(text))


_STOP, _START = frozenset(map(key, STOP_WORDS)), frozenset(map(key, START_WORDS))
LONGEST = 60


def wants(text: str) -> str:
    """"stop", "start", or "" when an answer says neither."""
    if len(text) > LONGEST:
        return ""
    said = key(text)
    return "stop" if said in _STOP else "start" if said in _START else ""


def closing(env: Env, lang: str, to: str) -> str:
    """What a commercial text ends in: how to say no by answering. Iranian numbers get «لغو۱۱», as operators there ask for, and so do
    Persian texts; others get theirs in letters that cost no dearer encoding."""
    if to.startswith(IRAN) or lang == "fa":
        return "لغو۱۱"
    return env.installation.catalogs.translate(_("Opt out: STOP"), "tr" if to.startswith(TURKEY) else lang or env.lang)
