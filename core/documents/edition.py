"""How a document speaks: its language with the script, digits and calendar that go with it, whoever makes it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from core.documents.words import amount_in_words
from core.i18n.catalogs import LANGUAGES, direction
from core.i18n.formats import Formatter, formatter
from core.i18n.messages import _
from core.i18n.text import isolate

if TYPE_CHECKING:
    from core.env import Env


class Edition:
    """Texts, numbers and days in a document's own language, which need not be the language of the person making it.

    With `toman` amounts in Rial are written in Toman, tens of them, in figures and in words; other currencies as they are.
    """

    def __init__(self, env: Env, lang: str = "", *, toman: bool = False) -> None:
        self.env = env
        self.lang = lang if lang in LANGUAGES else env.lang[:2] if env.lang[:2] in LANGUAGES else "en"
        self.persian = self.lang == "fa"
        self.digits = "arabext" if self.persian else "latn"
        self.is_rtl = direction(self.lang) == "rtl"
        self.toman = toman

    @cached_property
    def format(self) -> Formatter:
        """Formats as the document's readers do."""
        zone = self.env.actor.tz
        return formatter(self.lang, zone, "jalali" if self.persian else "gregorian", self.digits)

    def t(self, message: str) -> str:
        """A text in the document's language."""
        return self.env.installation.catalogs.translate(message, self.lang, self.digits)

    def choice(self, record: str, field: str, value: str | None) -> str:
        """The label of a picklist's option."""
        options: Any = self.env.registry.record(record).field(field)
        return next((self.t(o.label) for o in options.options if o.value == value), value or "")

    def ltr(self, text: str | None) -> str:
        """A number or code that is read from left to right wherever it stands."""
        return isolate(text, "ltr") if text and self.is_rtl else text or ""

    def day(self, value: dt.date | None) -> str:
        """A day, the month in words."""
        return self.format.date(value)

    def amount(self, value: Decimal | None, places: int = 2, currency: str = "") -> str:
        """An amount without its currency, which the head of the column or the sum names."""
        if self.toman and currency == "IRR" and value is not None:
            return self.format.number(Decimal(round(value)).scaleb(-1))
        return self.format.number(value, places)

    def money(self, value: Decimal | None, currency: str) -> str:
        """An amount with its currency."""
        return self.format.money(value, currency, toman=self.toman).replace("\u202f", "\u00a0")

    def currency(self, code: str) -> str:
        """The sign or short name of a currency, for the head of a column of amounts."""
        return self.money(Decimal(0), code).rpartition("\u00a0")[2]

    def words(self, value: Decimal, currency: str, places: int) -> dict[str, str]:
        """The amount in words, with what is written before it."""
        if self.toman and currency == "IRR":
            value, currency, places = value.scaleb(-1), "IRT", 1
        return {"label": self.t(_("In words:")), "text": amount_in_words(value, currency, places, self.lang)}

    def base(self) -> dict[str, Any]:
        """What every template needs to know of the language, and nothing for the parts that a document may lack."""
        return {"subtitle": "", "mark": "", "parties": [], "columns": [], "rows": [], "totals": [], "words": None, "notes": [],
                "signatures": [], "lang": self.lang, "dir": "rtl" if self.is_rtl else "ltr", "persian_digits": self.persian,
                "page_label": self.t(_("Page {page} of {pages}", page="{page}", pages="{pages}"))}
