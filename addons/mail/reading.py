"""Single headers of mails that others wrote: encoded words, raw bytes, broken addresses, impossible dates."""

from __future__ import annotations

import datetime as dt
import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from addons.mail.charsets import decode

MOST = 20_000
MOST_PEOPLE = 500
BARE = re.compile(r"[^\s<>,;:\"()\[\]]{1,64}@[^\s<>,;:\"()\[\]]{1,255}")
IDENTIFIER = re.compile(r"<([^<>\s]{1,900})>")
EARLIEST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)


def raw_values(message: Message, name: str) -> list[str]:
    """The values of a header as they came, bytes beyond ASCII as text, unfolded and of limited length."""
    wanted = name.lower()
    return [unfolded(str(value)) for header, value in message.raw_items() if header.lower() == wanted][:50]


def unfolded(value: str) -> str:
    """A value in one line."""
    if not value.isascii():
        value = decode(value[:MOST].encode("utf-8", "surrogateescape"))
    return re.sub(r"[\r\n]+[ \t]*", " ", value[:MOST]).strip()


def raw(message: Message, name: str) -> str:
    """The first value of a header as it came, "" for none."""
    return next(iter(raw_values(message, name)), "")


def text(message: Message, name: str) -> str:
    """A header as people read it."""
    return words(raw(message, name))


def words(value: str) -> str:
    """A value with its encoded words decoded."""
    if "=?" not in value:
        return _tidy(value)
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError, AssertionError):
        return _tidy(value)
    found = "".join(decode(part, charset) if isinstance(part, bytes) else part for part, charset in parts)
    return _tidy(found)


def _tidy(value: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", value).strip()


def people(message: Message, *names: str) -> list[tuple[str, str]]:
    """Everybody in some headers, as (name, address); what holds no address is left out."""
    found: list[tuple[str, str]] = []
    for value in (value for name in names for value in raw_values(message, name)):
        found.extend(_people(value))
    return list(dict.fromkeys(found))[:MOST_PEOPLE]


def _people(value: str) -> list[tuple[str, str]]:
    try:
        pairs = [(words(name), address.strip()) for name, address in getaddresses([value]) if "@" in address]
    except (ValueError, IndexError, TypeError, RecursionError):
        pairs = []
    good = [(name, address) for name, address in pairs if BARE.fullmatch(address) or address.startswith('"')]
    if good:
        return good
    bare = BARE.findall(value)
    name = words(value.split("<")[0].strip().strip('"')) if len(bare) == 1 and "<" in value else ""
    return [(name if BARE.search(name) is None else "", address) for address in bare]


def identifiers(message: Message, *names: str) -> list[str]:
    """Message-IDs in some headers, in angle brackets, without repeats."""
    found = [f"<{one}>" for name in names for value in raw_values(message, name) for one in IDENTIFIER.findall(value)]
    return list(dict.fromkeys(found))[-100:]


def date(message: Message, received: dt.datetime | None = None) -> dt.datetime | None:
    """When a mail was written; when it was received where its own date is missing or impossible."""
    latest = (received or dt.datetime.now(dt.UTC)) + dt.timedelta(days=1)
    stamps = [raw(message, "Date"), *(value.rpartition(";")[2].strip() for value in raw_values(message, "Received")[:1])]
    for stamp in stamps:
        found = _moment(stamp)
        if found is not None and EARLIEST <= found <= latest:
            return found
    return received


def _moment(stamp: str) -> dt.datetime | None:
    try:
        found = parsedate_to_datetime(stamp[:200])
        return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def file_name(part: Message) -> str:
    """What a part calls its file, "" for nothing: RFC 2231, encoded words, raw bytes, and what programs do instead."""
    for header, name in (("content-disposition", "filename"), ("content-type", "name")):
        value = _parameter(part, header, name)
        if value:
            return re.split(r"[/\\]", words(value))[-1].strip(" .\x00")[:200]
    return ""


def _parameter(part: Message, header: str, name: str) -> str:
    try:
        clean = Message()
        clean[header] = raw(part, header)
        value = clean.get_param(name, None, header)
    except (ValueError, TypeError, IndexError, UnicodeError):
        return ""
    if isinstance(value, tuple):
        return decode(value[2].encode("utf-8", "surrogateescape") if not _latin(value[2]) else value[2].encode("latin-1"),
                      value[0])
    if not value:
        return ""
    line = unfolded(str(value))
    if re.match(r"(?i)[a-z0-9-]{3,20}'[a-z-]*'.*%[0-9a-f]{2}", line):
        charset, _language, escaped = line.split("'", 2)
        return decode(unquote_to_bytes(escaped), charset)
    return line


def _latin(value: str) -> bool:
    return all(ord(char) < 256 for char in value)
