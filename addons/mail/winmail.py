"""winmail.dat, in which Outlook wraps files and texts (TNEF)."""

from __future__ import annotations

import logging
from typing import Any

from tnefparse import TNEF

from addons.mail.charsets import decode
from addons.messaging.contract import File

MOST = 100
logging.getLogger("tnefparse").setLevel(logging.CRITICAL)  # it says much about every odd file


def is_winmail(media_type: str, name: str) -> bool:
    """Whether a part is such a parcel."""
    return media_type in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat"


def unpacked(content: bytes) -> tuple[list[File], str, str] | None:
    """Its files, plain text and HTML; None when it cannot be read."""
    try:
        parcel = TNEF(content, do_checksum=False)
        files = [File(_name(one, place), bytes(one.data)) for place, one in enumerate(parcel.attachments[:MOST], 1) if one.data]
        return files, _text(getattr(parcel, "body", None)), _text(getattr(parcel, "htmlbody", None))
    except Exception:  # noqa: BLE001 - the library raises whatever a broken parcel makes it stumble over
        return None


def _name(attachment: Any, place: int) -> str:
    name = attachment.long_filename() or attachment.name or f"file{place}"
    return str(name).replace("\x00", "").replace("\\", "/").split("/")[-1][:200]


def _text(value: Any) -> str:
    return decode(value) if isinstance(value, bytes) else str(value or "")
