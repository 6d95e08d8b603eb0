"""Numbers that an SMS can go to, in their one form (E.164), from whatever shape a person typed."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberType

from core.api import _, parse_phone

CERTAIN = re.compile(r"\+(?:989\d{9}|905\d{9})")
"""Mobiles of Iran and Türkiye are known by their digits alone: most numbers of a campaign need no look into tables."""
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
LETTERS = re.compile(r"[^\W\d_]")
SERVICE = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN,
                     PhoneNumberType.VOICEMAIL, PhoneNumberType.PAGER})
LONGEST = 40


def normal(text: str, region: str) -> str:
    """A number in international form from any shape and any digits. `region`: the country (two letters) whose local shapes are
    understood. What surely gets no SMS is refused; where mobiles and landlines look alike (North America) a number is taken.
    ValueError (with a Message) says what is wrong with it."""
    typed = UNSEEN.sub("", text).strip()
    if CERTAIN.fullmatch(typed):
        return typed
    shown = typed[:LONGEST]
    if LETTERS.search(typed.partition(";ext=")[0]):
        raise ValueError(_("“{text}” is a name: an SMS may come from one, but goes to numbers only.", text=shown))
    found = parse_phone(typed, region)
    if CERTAIN.fullmatch(found):
        return found
    if ";ext=" in found:
        raise ValueError(_("“{text}” has an extension: no SMS arrives there.", text=shown))
    sort = phonenumbers.number_type(phonenumbers.parse(found))
    if sort == PhoneNumberType.FIXED_LINE:
        raise ValueError(_("“{text}” is a landline number: no SMS arrives there.", text=shown))
    if sort in SERVICE:
        raise ValueError(_("“{text}” is a service number: no SMS arrives there.", text=shown))
    return found
