"""The keys by which companies and people are recognised: the same text for what people write in several ways."""

from __future__ import annotations

from urllib.parse import urlsplit

from core.api import Env, fields, normalised

from .choices import FREE_MAIL, PHONES

EMAIL, URL = fields.Email(), fields.Url()


def company_key(name: str | None) -> str | None:
    """A company's name without legal form, case, letter variants and punctuation."""
    return (normalised(name, "company") or None) if name else None


def person_key(name: str | None) -> str | None:
    """A person's name without titles, case, letter variants and punctuation."""
    return (normalised(name, "person") or None) if name else None


def domain_key(website: str | None, email: str | None = None) -> str | None:
    """The domain of a company by its website, else by its e-mail address; none when anybody may have such an address."""
    host = normalised(website, "url") if website else ""
    if not host and email and "@" in email:
        host = email.rpartition("@")[2].lower()
    host = host.removeprefix("mail.").removeprefix("www.")
    return None if not host or "." not in host or host in FREE_MAIL else host[:255]


def point_key(env: Env, kind: str, value: str) -> str:
    """The stored form of a contact point's value: E.164, lower-case address, host and path, or the name without `@`.

    Raises ValueError with a reason when the value cannot be one of that kind.
    """
    if kind in PHONES:
        return env.format.parse_phone(value)
    clean = EMAIL.clean(value, env) if kind == "email" else URL.clean(value, env) if kind == "website" else value.strip()
    return _handle(clean or "") if kind in ("telegram", "instagram", "x", "linkedin") else clean or ""


def _handle(text: str) -> str:
    if "://" in text or text.count("/") > 0:
        parts = urlsplit(text if "://" in text else "https://" + text)
        text = parts.path.rstrip("/").rpartition("/")[2] or text
    return text.lstrip("@").lower()
