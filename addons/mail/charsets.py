"""Bytes of mails as text, whatever they claim to be."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

ALIASES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8", "iso-8859-9": "cp1254",
           "iso-8859-8-i": "iso-8859-8",
           "iso-8859-8-e": "iso-8859-8", "iso-8859-6-i": "iso-8859-6", "iso-8859-6-e": "iso-8859-6", "x-sjis": "cp932",
           "shift_jis": "cp932",
           "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
           "utf8mb4": "utf-8",
           "unicode-1-1-utf-8": "utf-8", "cp-1256": "cp1256", "windows1256": "cp1256", "windows1254": "cp1254",
           "x-mac-arabic": "mac_arabic",
           "x-mac-farsi": "mac_farsi", "macintosh": "mac_roman", "utf-16": "utf-16", "tis-620": "cp874", "x-windows-874": "cp874"}
NOT_TEXT = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "palmos", "utf_7",
                      "unicode-escape",
                      "raw-unicode-escape", "utf-7"})
SAMPLE = 20_000


def decode(raw: bytes, declared: str | None = None) -> str:
    """The text. Never fails: UTF-8 where it is plainly that, else what was declared, else a good guess, else with signs missing."""
    if raw.isascii() and not _shifting(declared):
        return raw.decode("ascii")
    codec = _codec(declared)
    if not _wide(codec):
        try:  # text in a one-byte script hardly ever happens to be valid UTF-8, while programs often declare the wrong one
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    if codec:
        try:
            return raw.decode(codec)
        except (UnicodeDecodeError, LookupError):
            pass
    return _guessed(raw, codec)


def _guessed(raw: bytes, codec: str) -> str:
    if codec and codec != "utf-8":
        text = raw.decode(codec, "replace")
        if text.count("\ufffd") * 20 < len(text):
            return text  # a few broken signs in what was declared
    if codec == "utf-8" and raw.decode("utf-8", "replace").count("\ufffd") * 50 < len(raw):
        return raw.decode("utf-8", "replace")
    ours = _at_home(raw[:SAMPLE])
    if ours:
        return raw.decode(ours, "replace")
    best = from_bytes(raw[:SAMPLE]).best()
    if best is not None and best.encoding:
        return raw.decode(best.encoding, "replace")
    return raw.decode("cp1252", "replace")


def _at_home(raw: bytes) -> str:
    """Persian and Arabic, or Turkish, which the guesser takes for others: words wholly of Arabic letters, or ğ, ı and ş where
    Western Europe has ð, ý and þ."""
    high = sum(byte > 127 for byte in raw)
    letters = high + sum(chr(byte).isalpha() for byte in raw if byte < 128)
    if high * 3 > letters:
        beyond = [char for char in raw.decode("cp1256") if not char.isascii() and char.isalpha()]
        return "cp1256" if beyond and sum("\u0600" <= char <= "\u06ff" for char in beyond) * 20 >= len(beyond) * 19 else ""
    return "cp1254" if any(byte in raw for byte in b"\xf0\xfd\xfe\xdd") and not any(byte in raw
        for byte in b"\x81\x8d\x8e\x8f\x90\x9d\x9e") else ""


def _codec(declared: str | None) -> str:
    name = re.sub(r"[^a-z0-9._-]", "", (declared or "").strip().lower().split(";")[0])
    name = ALIASES.get(name, name)
    if not name or name in NOT_TEXT:
        return ""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if found.name in NOT_TEXT or not found._is_text_encoding:  # noqa: SLF001 - "zlib" and the like are codecs, too
        return ""
    return found.name


def _shifting(declared: str | None) -> bool:
    return (declared or "").strip().strip('"').lower().startswith(("iso-2022", "hz", "utf-16", "utf-32"))


def _wide(codec: str) -> bool:
    return codec.startswith(("utf-16", "utf-32", "utf_16", "utf_32", "iso2022", "hz"))
