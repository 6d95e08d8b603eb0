"""Text as people write it in Persian, Arabic, Turkish and English: cleaned for storing, folded for finding and sorting.

One character table is behind searching, duplicate keys and `contains` in expressions, in Python and in SQL alike:

    PostgreSQL: btrim(regexp_replace(translate(lower(x), FOLD_FROM || FOLD_DROP, FOLD_TO), ' +', ' ', 'g'))
    Python:     fold(x)

`translate` drops the characters of its second argument that have no partner in the third: those are `FOLD_DROP`.
The table holds both cases of every accented letter, so the result does not hang on the database's locale. It differs
from NFKC with full case folding on purpose: only single characters are replaced (ß→s, æ→a, œ→o; ligatures of several
letters stay), and outside Latin and Arabic there is only `lower` (Greek, Cyrillic).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_FORMS: Final = {
    "ا": "أإآٱٲٳﺁﺂﺃﺄﺇﺈﺍﺎ", "ب": "ﺏﺐﺑﺒ", "پ": "ﭖﭗﭘﭙ", "ت": "ﺕﺖﺗﺘ", "ث": "ﺙﺚﺛﺜ", "ج": "ﺝﺞﺟﺠ", "چ": "ﭺﭻﭼﭽ", "ح": "ﺡﺢﺣﺤ",
    "خ": "ﺥﺦﺧﺨ", "د": "ﺩﺪ", "ذ": "ﺫﺬ", "ر": "ڕﺭﺮ", "ز": "ﺯﺰ", "ژ": "ﮊﮋ", "س": "ﺱﺲﺳﺴ", "ش": "ﺵﺶﺷﺸ", "ص": "ﺹﺺﺻﺼ",
    "ض": "ﺽﺾﺿﻀ", "ط": "ﻁﻂﻃﻄ", "ظ": "ﻅﻆﻇﻈ", "ع": "ﻉﻊﻋﻌ", "غ": "ﻍﻎﻏﻐ", "ف": "ڤﻑﻒﻓﻔ", "ق": "ﻕﻖﻗﻘ",
    "ک": "كڪﮎﮏﮐﮑﻙﻚﻛﻜ", "گ": "ګﮒﮓﮔﮕ", "ل": "ڵﻝﻞﻟﻠ", "م": "ﻡﻢﻣﻤ", "ن": "ﻥﻦﻧﻨ", "و": "ؤۆۇﺅﺆﻭﻮ",
    "ه": "ةۀہۂۃھەﮤﮥﺓﺔﻩﻪﻫﻬ", "ی": "يىئۍێېےﯼﯽﯾﯿﺉﺊﺋﺌﻯﻰﻱﻲﻳﻴ",
    ",": "،٬", ";": "؛", "?": "؟", "%": "٪", ".": "٫", "'": "‘’ʼ‛´", '"': "“”„«»", "-": "‐‑‒–—―−",
    # letters that Unicode does not decompose
    "i": "ıİ", "o": "øØœŒ", "l": "łŁ", "d": "đĐðÐ", "h": "ħĦ", "t": "ŧŦþÞ", "s": "ßẞſ", "a": "æÆ", "e": "əƏǝƎ",
    "n": "ŋŊ", "k": "ĸ",
}
_SPACES: Final = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + \
    "\u200c\u200d\u2028\u2029\u202f\u205f\u3000"
# Harakat and Koranic signs, lone hamza (امضاء = امضا), tatweel, combining accents, direction marks, soft hyphen, BOM.
_DROPPED: Final = "".join(map(chr, [
    *range(0x64B, 0x660), 0x670, *range(0x610, 0x61B), *range(0x6D6, 0x6DD), *range(0x6DF, 0x6E5), 0x6E7, 0x6E8,
    *range(0x6EA, 0x6EE), 0x621, 0x640, *range(0x300, 0x370), 0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F),
    *range(0x2060, 0x2065), *range(0x2066, 0x206A), 0xFE0F, 0xFEFF]))


def _table() -> dict[str, str]:
    """Character → its folded form, for everything but ASCII and the dropped characters."""
    table = {form: base for base, forms in _FORMS.items() for form in forms}
    table |= dict.fromkeys(_SPACES, " ")
    for zero in (0x660, 0x6F0, 0xFF10):
        table |= {chr(zero + value): str(value) for value in range(10)}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1E9A)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if chr(code) not in table and base.isascii():
            table[chr(code)] = base.lower()
    table["ς"] = "σ"  # Python lowers the last sigma of a word differently from the databases
    return table


_TABLE: Final = _table()
# PostgreSQL walks FOLD_FROM from its start for every character of the text: the frequent ones, which stay as they are,
# stand first, which makes it several times faster.
_FREQUENT: Final = " اینرمeaدهنitrتبوlsonkشdسلmuyghزقcbپفگخکحعجطصچ0123456789pvzfjwqx@.-ذضثغظژ"
_SAME: Final = "".join(dict.fromkeys(_FREQUENT))
FOLD_FROM: Final = _SAME + "".join(_TABLE)
FOLD_TO: Final = _SAME + "".join(_TABLE.values())
FOLD_DROP: Final = "".join(char for char in _DROPPED if char not in _TABLE)
_FOLD: Final = str.maketrans(FOLD_FROM, FOLD_TO, FOLD_DROP)

_LATIN_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_PERSIAN_DIGITS: Final = str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶۷۸۹")


def fold(s: str) -> str:
    """The one key for finding and comparing text: case, accents, letter forms, digits and spacing do not count.

    Turkish İ, I, ı and i are all `i`; Arabic ye, kaf, te marbuta and alef forms are the Persian ones; half-spaces are
    spaces. `fold(fold(s)) == fold(s)`. The same as the SQL form in this module's docstring.
    """
    if s.isascii():
        return " ".join(s.lower().split())
    return " ".join(s.lower().translate(_FOLD).split())


def latin_digits(s: str) -> str:
    """Persian and Arabic digits as 0-9; everything else as it is."""
    return s if s.isascii() else s.translate(_LATIN_DIGITS)


def persian_digits(s: str) -> str:
    """0-9 and Arabic digits as ۰-۹; everything else as it is."""
    return s.translate(_PERSIAN_DIGITS)


_BAD: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
                         "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]")
_LINE_ENDS: Final = re.compile("\r\n?|\x85|[\u2028\u2029]")
_PRESENTATION: Final = re.compile("[\ufb50-\ufdf1\ufdf3-\ufdfa\ufe70-\ufefc]+")
_PERSIAN_ONLY: Final = re.compile("[پچژگکی۰-۹]")
_ARABIC_ONLY: Final = re.compile("[ةأإٱ]")
# What is already as it should be, which is most of what comes in: Latin and Persian letters, half-spaces, Persian digits.
_CLEAN_PERSIAN: Final = re.compile("[ -~آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئءؤ۰-۹،؛؟٬٫«»\u200c]*")
_TO_PERSIAN: Final = str.maketrans("يىك٠١٢٣٤٥٦٧٨٩", "ییک۰۱۲۳۴۵۶۷۸۹")


def is_persian(s: str) -> bool:
    """Whether a text in Arabic letters is taken as Persian: it has Persian letters, or none that only Arabic has."""
    return bool(_PERSIAN_ONLY.search(s)) or not _ARABIC_ONLY.search(s)


def clean(s: str, multiline: bool = True) -> str:
    """Text fit for storing: no NUL, control or direction-override characters, composed letters, trimmed.

    Persian text gets Persian ye, kaf and digits; Arabic text keeps its own. Half-spaces stay. With `multiline` line
    breaks become `\\n`, without it they and tabs become one space.
    """
    if not ((s.isascii() and s.isprintable()) or _CLEAN_PERSIAN.fullmatch(s)):
        s = _BAD.sub("", _LINE_ENDS.sub("\n", s))
        if not s.isascii():
            s = unicodedata.normalize("NFC", s)
            s = _PRESENTATION.sub(lambda found: unicodedata.normalize("NFKC", found[0]), s)
            if is_persian(s):
                s = s.translate(_TO_PERSIAN)
        if not multiline:
            s = re.sub(r"[\n\t]+", " ", s)
    return s.strip(" \t\n\xa0\u200b\u200c\u200e\u200f\u3000")


#: Orders of texts that an installation may choose from: whose alphabet rules, or none.
COLLATIONS: Final = ("en", "fa", "tr", "codepoint")
_ALPHABET: Final = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_SORT: Final = _FOLD | {ord(char): 0x620 + rank for rank, char in enumerate(_ALPHABET)} | \
    {ord(form): 0x620 + _ALPHABET.index(base) for base, forms in _FORMS.items() if base in _ALPHABET for form in forms
     if form != "آ"}
# A Turkish letter sorts after its neighbour with whatever follows it: the private character is above all letters.
_SORT_TR: Final = _SORT | {ord(char): f"{before}\uf8ff" for char, before in zip("çğıöşü", "cghosu", strict=True)}
_LOWER_TR: Final = str.maketrans({"I": "ı", "İ": "i"})
# Among Persian texts Latin ones come last, as dictionaries and ICU have it: their letters move above the Arabic ones.
_LATIN: Final = {code: 0xE000 + code for code in range(ord("a"), ord("z") + 1)}
_SORT_FA: Final = _LATIN | {char: to if to is None else _LATIN.get(to, to) for char, to in _SORT.items()}


def sort_key(s: str, lang: str = "") -> str:
    """A string that sorts (by code point) as people expect: Persian alphabet order, accents aside.

    With `lang` "tr" the Turkish letters have their own places (c ç, g ğ, h ı i, o ö, s ş, u ü); with "fa" Persian
    stands before Latin.
    """
    if lang == "tr":
        return " ".join(s.translate(_LOWER_TR).lower().translate(_SORT_TR).split())
    if lang == "fa":
        return " ".join(s.lower().translate(_SORT_FA).split())
    if s.isascii():
        return " ".join(s.lower().split())
    return " ".join(s.lower().translate(_SORT).split())


_WORD: Final = re.compile(r"[^\W_]+")


def words(s: str) -> list[str]:
    """The folded words of a text in order, without punctuation."""
    return _WORD.findall(fold(s))


def isolate(s: str, direction: str = "auto") -> str:
    """The text fenced off from the direction of what surrounds it (FSI…PDI; with "ltr" or "rtl" in that direction)."""
    return {"ltr": "\u2066", "rtl": "\u2067"}.get(direction, "\u2068") + s + "\u2069"
