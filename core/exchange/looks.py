"""What the cells of a column look like: addresses, phones, dates, numbers. A hint for the mapping, not a check."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.exchange.headers import is_blank
from core.i18n.identifiers import valid_national_id, valid_tckn
from core.i18n.text import latin_digits

_EMAIL = re.compile(r"[^\s@;,]+@[^\s@;,]+\.[^\s@;,]{2,}(?:\s*[;,]\s*\S+@\S+)*")
_URL = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|ir|net|org|tr|io|co)(?:/\S*)?", re.IGNORECASE)
_PHONE = re.compile(r"(?:tel:)?[+(]?\d[\d\s()./\u2010-\u2015-]{5,18}\d(?:\s*(?:x|ext|داخلی)\.?\s*\d+)?", re.IGNORECASE)
_MOBILE = re.compile(r"(?:\+|00)?(?:98|90)?0?(?:9\d{9}|5\d{9})")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ,]+\d{1,2}:\d{2}(?::\d{2})?.*)?|\d{1,2} ?\D{2,12} ?\d{2,4}")
_NUMBER = re.compile(r"[-+(]?\D{0,5}\d[\d.,٬٫'\s\u00a0\u202f]*\)?\s*\D{0,8}")


@dataclass(frozen=True, slots=True)
class Look:
    """The share (0 to 1) of the filled cells that look like each kind; `filled` is how many there are."""

    filled: int
    email: float
    phone: float
    mobile: float
    url: float
    date: float
    number: float
    national_id: float

    def share_for(self, type_name: str, semantic: str) -> float | None:
        """How far the cells fit a field; None when the type says nothing or there are no cells."""
        if not self.filled:
            return None
        shares = {"email": self.email, "phone": self.phone, "url": self.url, "date": self.date, "datetime": self.date,
                  "integer": self.number, "decimal": self.number, "money": self.number, "percent": self.number}
        if semantic == "national_id":
            return self.national_id
        if type_name in shares:
            return shares[type_name]
        # A text field is contradicted by cells that are plainly something else.
        if semantic in ("first_name", "last_name", "full_name", "company", "city", "country"):
            return 1 - max(self.email, self.phone, self.date)
        return {"email": self.email, "website": self.url, "mobile": self.phone, "phone": self.phone}.get(semantic)

    def proves(self, semantic: str) -> bool:
        """Whether the cells alone are enough to propose the meaning for a column without a telling name."""
        if self.filled < 3:
            return False
        return {"email": self.email > 0.8, "website": self.url > 0.8, "mobile": self.mobile > 0.8,
                "phone": self.phone > 0.8 and self.mobile < 0.5 and self.national_id < 0.5 and self.date < 0.5,
                "national_id": self.national_id > 0.9 and self.mobile < 0.5}.get(semantic, False)


def look_of(values: Sequence[Any]) -> Look:
    """Look at the cells of one column."""
    filled = [value for value in values if not is_blank(value)]
    texts = [_text(value) for value in filled]
    count = max(len(filled), 1)
    dates = sum(isinstance(value, (dt.date, dt.datetime)) for value in filled)
    numbers = sum(isinstance(value, (int, float)) for value in filled)
    squeezed = [re.sub(r"[\s()./-]", "", text) for text in texts]

    def share(pattern: re.Pattern[str], among: Sequence[str] = texts) -> float:
        return sum(bool(pattern.fullmatch(text)) for text in among) / count

    return Look(len(filled), share(_EMAIL), share(_PHONE), share(_MOBILE, squeezed), share(_URL),
                share(_DATE) + dates / count, max(share(_NUMBER), numbers / count),
                sum(valid_national_id(text) or valid_tckn(text) for text in squeezed) / count)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if isinstance(value, (dt.date, dt.time, dt.timedelta)) else latin_digits(str(value)).strip()
