"""The formatted text of a mail as it leaves: a whole document, stored pictures as parts of the mail, links that are followed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from addons.mail import tracking
from addons.messaging.templating_html import document

STORED = re.compile(r'(<img\b[^>]*?\bsrc=")/files/(\d+)[^"]*(")', re.IGNORECASE)


def finished(html: str, subject: str, extra: Mapping[str, Any]) -> str:
    """What a mail program gets; "" stays "". A picture that is no part of the mail would need signing in, so it goes."""
    if not html:
        return ""
    numbers = {int(number): cid for cid, number in dict(extra.get("inline") or {}).items()}

    def picture(found: re.Match[str]) -> str:
        cid = numbers.get(int(found[2]))
        return f"{found[1]}cid:{cid}{found[3]}" if cid else f"{found[1]}{found[3]}"

    html = tracking.applied(STORED.sub(picture, html), extra)
    return html if re.match(r"(?i)\s*(?:<!doctype|<html)", html) else document(html, str(extra.get("lang") or "en"), subject)
