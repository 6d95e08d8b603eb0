"""The head and foot of a document: the company of one's own that sends it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.documents.edition import Edition
from core.i18n.formats import format_phone
from core.i18n.messages import _
from core.i18n.text import persian_digits

if TYPE_CHECKING:
    from core.env import Env

COMPANY = "base.company"
_NAMES = ("name", "legal_name", "economic_code", "national_id", "phone", "email", "website", "address", "logo")
_PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


def letterhead(env: Env, edition: Edition, company: int | None = None) -> dict[str, Any]:
    """What `base.typ` draws on every document: `company` (the first there is when None), `logo`, `footer`, language."""
    with env.elevated("letterhead of a document") as sudo:
        query = sudo.query(COMPANY).order("id")
        found = (query.with_ids([company]) if company else query).records(*_NAMES, limit=1)
        if not found:
            return {**edition.base(), "company": {"name": env.t(_("Sarnakh")), "lines": []}, "footer": ""}
        own = found[0]
        logo = _logo(sudo, own.logo.id) if own.logo else None
    numbers = [(_("National ID"), own.national_id), (_("Economic code"), own.economic_code)]
    ids = " · ".join(f"{edition.t(label)}: {edition.ltr(_own(edition, value))}" for label, value in numbers if value)
    reach = [edition.ltr(_own(edition, format_phone(own.phone))) if own.phone else "", edition.ltr(own.email),
             edition.ltr(own.website)]
    return {**edition.base(), "logo": logo,
            "company": {"name": own.legal_name or own.name, "lines": [line for line in (ids, own.address) if line]},
            "footer": " · ".join(part for part in reach if part)}


def _own(edition: Edition, text: str) -> str:
    return persian_digits(text) if edition.persian else text


def _logo(sudo: Env, key: int) -> Path | None:
    """The stored picture, when it is of a kind that documents can show."""
    file = sudo.get("base.file", key, "digest", "media_type")
    path = sudo.installation.storage.path(file.digest)
    return path if file.media_type in _PICTURES and path.is_file() else None
