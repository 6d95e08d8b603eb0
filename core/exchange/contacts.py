"""E-mail addresses and phones in a cell: with names, brackets, `mailto:`, extensions, and several at once."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from email_validator import EmailNotValidError, validate_email

from core.exchange.fields import Several
from core.i18n.messages import _
from core.i18n.reading import parse_phone
from core.i18n.text import clean, latin_digits

_PLAIN_EMAIL: Final = re.compile(r"[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}")
_BETWEEN_EMAILS: Final = re.compile(r"[;,،؛|\s<>()\[\]\"']+|(?:\s/\s)")
_BETWEEN_PHONES: Final = re.compile(r"[;,،؛|\n]+|\s+[/-]\s+|(?<=\d{7})/(?=[+0]?\d{7})|\s+(?:و|ve|and|or|یا)\s+")
_SCIENTIFIC: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_SIGNS: Final = re.compile(r"[\s()./\u2010-\u2015-]+")
_CODES: Final = MappingProxyType({"IR": "98", "TR": "90"})
# Only prefixes that are surely in use; whatever else goes to the general parser.
_USUAL: Final = MappingProxyType({
    "IR": re.compile(r"(\+98|0098)?0?(9(?:0[1-5]|1\d|2[0-1]|3\d|9[0-2])\d{7}|(?:21|26|31|41|51|71)[2-8]\d{7})"),
    "TR": re.compile(r"(\+90|0090)?0?(5(?:0[5-7]|3\d|4\d|5[1-5])\d{7}|(?:21[26]|312|232)[2-8]\d{6})"),
})


def read_email(cell: str) -> str | Several:
    """The address in lower case; several when there are more. ValueError when there is none or one is malformed."""
    text = clean(latin_digits(cell), False)
    lowered = text.lower()
    if _PLAIN_EMAIL.fullmatch(lowered):
        return lowered
    parts = [part.removeprefix("mailto:").strip(".") for part in _BETWEEN_EMAILS.split(lowered)]
    found = list(dict.fromkeys(_checked(part, text) for part in parts if "@" in part))
    if not found:
        raise ValueError(_("“{text}” is not an e-mail address.", text=text[:80]))
    return found[0] if len(found) == 1 else Several(found[0], tuple(found[1:]))


def _checked(address: str, shown: str) -> str:
    if _PLAIN_EMAIL.fullmatch(address):
        return address
    try:
        return validate_email(address, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise ValueError(_("“{text}” is not an e-mail address.", text=shown[:80])) from None


def read_phone(cell: str | float, region: str) -> str | Several:
    """The number in E.164 form; several when there are more. A number that Excel keeps as a number is read as well."""
    if isinstance(cell, (int, float)):
        text = str(int(cell))
    else:
        text = clean(latin_digits(cell), False) if "\n" not in cell else latin_digits(cell).strip()
    if (quick := _quick_phone(text, region)) is not None:
        return quick
    if _SCIENTIFIC.fullmatch(text):
        raise ValueError(_("“{text}” was shortened by a spreadsheet program and cannot be restored. Format the column "
                           "as text there and export it again.", text=text))
    text = re.sub(r"^(?:tel|phone|mobile|cep|موبایل|تلفن|همراه)\s*[:.]\s*", "", text, flags=re.IGNORECASE)
    parts = [part.strip() for part in _BETWEEN_PHONES.split(text) if re.search(r"\d{3}", part)]
    if len(parts) <= 1 or any(sum(char.isdigit() for char in part) < 7 for part in parts):
        return _one_phone(text, region)
    found = list(dict.fromkeys(_one_phone(part, region) for part in parts))
    return found[0] if len(found) == 1 else Several(found[0], tuple(found[1:]))


def _one_phone(text: str, region: str) -> str:
    return _quick_phone(text, region) or parse_phone(text, region)


def _quick_phone(text: str, region: str) -> str | None:
    """The usual numbers, without the general parser and its tenth of a millisecond; None for all others."""
    digits = _SIGNS.sub("", text)
    for country, pattern in _USUAL.items():
        found = pattern.fullmatch(digits)
        if found and (found[1] or region == country):
            return f"+{_CODES[country]}{found[2]}"
    return None
