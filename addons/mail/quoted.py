"""What is new in a reply: the history that mail programs put under it, and signatures, are cut off. The full text is kept elsewhere.

Rules for Gmail, Outlook, Apple Mail, Yahoo and Thunderbird in English, Persian and Turkish. In doubt nothing is cut: a quotation
that is answered line by line is part of the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MARKS = "[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
WROTE = re.compile(
    r"(?ix)^\s*>?\s*(?:"
    r"on\s.{3,300}\swrote:|"                                                       # Gmail, Apple, Yahoo, Thunderbird
    r".{0,200}\bwrote\s+(?:on|at)\s.{3,100}:|"
    r"(?:در\s|به\sتاریخ\s)?.{3,300}(?:نوشت|نوشته|نوشته\sاست|نوشتند|نوشته‌اند|نوشته‌است)\s*[:：]|"
    r".{3,300}\s(?:tarihinde|saatinde)\s.{0,200}(?:şunu|şunları|şöyle)?\s*yazd[ıi]\s*[:：]|"
    r".{1,200}\s(?:şunu|şunları|şöyle)\s+yazd[ıi]\s*(?:\(.{3,80}\))?\s*[:：])\s*$")
DATED = re.compile(r"[\d۰-۹٠-٩]{1,4}")
SEPARATOR = re.compile(
    r"(?i)^[-_=—–]{2,}\s*(?:original message|forwarded message|original appointment|özgün ileti|orijinal (?:mesaj|"
    r"ileti)|iletilen (?:mesaj|ileti)|"
    r"yönlendirilen (?:mesaj|ileti)|پیام اصلی|پیغام اصلی|پیام بازارسال(?:‌?شده)?|پیام هدایت(?:‌?شده)?|"
    r"نامه اصلی)\s*[-_=—–\s]{2,}$|"
    r"^\s*(?:begin forwarded message|başlangıç iletilen ileti|شروع پیام هدایت‌شده)\s*:\s*$")
FROM = r"from|kimden|gönderen|از|فرستنده"
FIELDS = re.compile(rf"(?i)^\s*\*?(?:{FROM}|sent|date|to|cc|subject|reply-to|gönderildi|gönderilme tarihi|gönderme tarihi|"
                    rf"tarih|kime|bilgi|konu|"
                    r"ارسال(?:‌?شده)?|تاریخ|به|رونوشت|موضوع|گیرنده)\*?\s*:\*?\s*\S")
FIRST_FIELD = re.compile(rf"(?i)^\s*\*?(?:{FROM})\*?\s*:\*?\s*\S")
PHONE = re.compile(
    r"(?i)^\s*(?:sent (?:from|via|with) (?:my |the |yahoo|mail for|outlook|samsung|proton|gmail|mobile|an? ).{0,60}|"
    r"get outlook for .{2,20}|"
    r"(?:.{2,30}['’](?:[uıiü]m(?:dan|den)|dan|den)|.{2,20} cihazımdan) gönderildi\.?|yahoo (?:mail|posta).{0,40}gönderildi\.?|"
    r".{2,20} için outlook['’]?[uı]? ?(?:uygulamasını )?(?:edinin|indirin|alın)\.?|"
    r"(?:ارسال|فرستاده)(?:‌|\s)?شده (?:از|با) .{2,40}|از .{2,30} (?:من )?ارسال شد(?:ه است)?\.?|دریافت outlook (?:برای|"
    r"for) .{2,20})(?:\s*<https?://\S+>)?\s*$")
SIGNATURE = re.compile(r"^(?:-- ?|—|_{2,5})$")
MOST = 400_000
WIDEST = 400


@dataclass(frozen=True)
class Parts:
    """`new`: what the person wrote now. `quoted` and `signature`: what was cut off, as it was."""

    new: str
    quoted: str = ""
    signature: str = ""


def split(text: str) -> Parts:
    """The parts of a reply. A reply in which nothing new is left is new as a whole."""
    lines = re.sub(r"\r\n?", "\n", text[:MOST]).split("\n")
    bare = [re.sub(MARKS, "", line[:WIDEST]).strip() for line in lines]  # longer ones are none of a program's
    cut = _history(bare)
    body, quoted = lines[:cut], "\n".join(lines[cut:])
    body, quoted = _answer_below(body, bare[:cut], quoted)
    body, signature = _signature(body)
    new = "\n".join(body).strip()
    if not new:
        return Parts(text.strip())
    return Parts(new + text[MOST:], quoted.strip(), signature.strip())


def _history(lines: list[str]) -> int:
    """Where the history begins; the number of lines when there is none."""
    tries = 50  # each looks through all that follows
    for place, line in enumerate(lines):
        begins = SEPARATOR.match(line) or _header_block(lines, place) or _wrote(lines, place)
        if begins and not _answered_inside(lines, place):
            return _with_rule(lines, place)
        tries -= bool(begins)
        if not tries:
            break
    return _trailing(lines)


def _wrote(lines: list[str], place: int) -> bool:
    """A line such as "On ... wrote:", which programs wrap over up to four."""
    if not lines[place].strip():
        return False
    joined = ""
    for line in lines[place: place + 4]:
        if not line.strip():
            return False
        joined = f"{joined} {line.strip().lstrip('> ')}".strip()
        if len(joined) > 600:
            return False
        if re.search(r"(?i)wrote|نوشت|yazd", joined) and WROTE.match(joined):
            return bool(DATED.search(joined)) or "@" in joined
        if joined.endswith((":", "：", ".", "!", "?", "؟")):
            return False
    return False


def _header_block(lines: list[str], place: int) -> bool:
    """Outlook's: From, Sent, To, Subject, one under the other."""
    if not FIRST_FIELD.match(lines[place]):
        return False
    return sum(bool(FIELDS.match(line)) for line in lines[place: place + 8]) >= 3


def _with_rule(lines: list[str], place: int) -> int:
    above = place - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and re.fullmatch(r"\s*(?:_{8,}|-{8,}|\*{8,})\s*", lines[above]) else place


def _answered_inside(lines: list[str], place: int) -> bool:
    """Whether lines of one's own follow quoted ones: then the quotation belongs to the answer, or stands above it."""
    after = lines[place + 1:]
    first = next((number for number, line in enumerate(after) if line.startswith(">")), None)
    if first is None:
        return False
    last = max(number for number, line in enumerate(after) if line.startswith(">"))
    own = [line for number, line in enumerate(after) if number > first and line.strip() and not line.startswith(">")]
    signed = any(SIGNATURE.match(line) for line in after[last + 1:])
    return bool(own) and not signed


def _trailing(lines: list[str]) -> int:
    """Quoted lines at the end without an introduction."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and (lines[start - 1].startswith(">") or not lines[start - 1].strip()):
        start -= 1
    return start if any(line.startswith(">") for line in lines[start:end]) else len(lines)


def _answer_below(body: list[str], bare: list[str], quoted: str) -> tuple[list[str], str]:
    """An answer below the quotation: the quotation at the top, with its introduction, goes."""
    start = next((number for number, line in enumerate(bare) if line.strip()), 0)
    place = start
    if place < len(bare) and _wrote(bare, place):
        while place < len(bare) and not bare[place].rstrip().endswith((":", "：")):
            place += 1
        place += 1
    while place < len(bare) and not bare[place].strip():
        place += 1
    first = place
    while place < len(bare) and (bare[place].startswith(">") or not bare[place].strip()):
        place += 1
    if place == first or not any(line.startswith(">") for line in bare[first:place]) or any(line.startswith(">")
        for line in bare[place:]):
        return body, quoted
    if not any(line.strip() for line in bare[place:]):
        return body, quoted
    return body[place:], "\n".join(body[start:place]) + ("\n" + quoted if quoted else "")


def _signature(body: list[str]) -> tuple[list[str], str]:
    while body and not body[-1].strip():
        body = body[:-1]
    for place in range(len(body) - 1, max(-1, len(body) - 15), -1):
        if SIGNATURE.match(re.sub(MARKS, "", body[place])) and any(line.strip() for line in body[:place]):
            return body[:place], "\n".join(body[place:])
    if body and PHONE.match(re.sub(MARKS, "", body[-1])):
        return body[:-1], body[-1]
    return body, ""
