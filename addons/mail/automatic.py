"""Whether a machine wrote a mail. Such mails are taken in, and never answered by another machine."""

from __future__ import annotations

import re
from email.message import Message

from addons.mail import reading

AWAY = re.compile(
    r"(?i)^\W*(?:(?:re|fw|fwd|yan|ynt|پاسخ|پ)\s*[:：]\s*)*(?:"
    r"auto(?:matic(?:ally)?)?[ -]?(?:reply|response|generated|responder)|auto:|out[ -]of[ -](?:the[ -])?office|"
    r"away from (?:my|the) (?:office|mail|desk)|"
    r"vacation(?: reply| notice)|on (?:vacation|holiday|leave)\b|i am (?:away|out of)|"
    r"otomatik (?:yanıt|cevap|ileti)|ofis dışında|ofiste değil|izinde(?:yim)?\b|yıllık izin|"
    r"پاسخ خودکار|پاسخ‌?گویی خودکار|جواب خودکار|خارج از (?:دفتر|اداره|محل کار)|(?:در|به) (?:مرخصی|سفر)|مرخصی هستم)")
MACHINES = re.compile(r"(?i)^(?:no-?_?\.?reply|do-?_?not-?_?reply|mailer-?daemon|postmaster|bounces?|auto-?(?:reply|confirm|"
                      r"mailer)|"
                      r"notifications?|daemon|listserv|majordomo|yanitlama|cevaplama)(?:[+._=-].*)?@")


def why_automatic(message: Message) -> str:
    """"auto-submitted", "suppressed", "bulk", "list", "returned", "sender" or "subject"; "" for what a person wrote."""
    submitted = reading.raw(message, "Auto-Submitted").lower().split(";")[0].strip()
    if submitted and submitted != "no":
        return "auto-submitted"
    if any(message.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply",
                                                      "X-Vacation")):
        return "auto-submitted"
    precedence = reading.raw(message, "Precedence").lower()
    if precedence in ("bulk", "junk", "auto_reply", "auto-reply"):
        return "bulk"
    if precedence == "list" or message.get("List-Id") is not None or message.get("List-Unsubscribe") is not None:
        return "list"
    if reading.raw(message, "Return-Path").replace(" ", "") == "<>" or message.get_content_type() == "multipart/report":
        return "returned"
    return _by_words(message)


def _by_words(message: Message) -> str:
    suppressed = reading.raw(message, "X-Auto-Response-Suppress").lower()
    if re.search(r"\b(?:all|oof|autoreply|dr|ndr|rn|nrn)\b", suppressed) and re.search(r"\ball\b|\bautoreply\b", suppressed):
        return "suppressed"
    if any(MACHINES.match(address) for _name, address in reading.people(message, "From", "Sender")[:2]):
        return "sender"
    return "subject" if AWAY.match(reading.text(message, "Subject")) else ""
