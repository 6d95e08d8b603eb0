"""Is this installation sound and safe? Findings about settings and the machine; `check` adds those of the database."""

from __future__ import annotations

import ipaddress
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.i18n.messages import Message, _
from core.settings import Settings

LIBRARY = Path(__file__).resolve().parent / "static" / "vendor" / "bootstrap" / "bootstrap.min.css"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (`error`), unsafe or unwise (`warning`), or worth knowing (`note`)."""

    level: str
    topic: str
    text: Message


def settings_findings(settings: Settings) -> Iterator[Finding]:
    """What can be said without opening the database."""
    yield from _transport(settings)
    yield from _secrets(settings)
    if settings.web.rate_limit == 0:
        yield Finding("warning", "web.rate_limit", _("There is no limit on requests; passwords can be guessed faster."))
    if settings.security.session_hours > 24 * 31:
        yield Finding("warning", "security.session_hours", _("Sessions last longer than a month."))
    if not settings.mail.host:
        yield Finding("note", "mail.host", _("There is no mail server; mails are kept in the data folder."))
    if not LIBRARY.is_file():
        yield Finding("warning", "assets", _("Browser libraries are missing, pages look plain. "
                                             "In a clone: python3 run.py assets"))


def _transport(settings: Settings) -> Iterator[Finding]:
    server = settings.server
    public = urlsplit(server.public_url)
    if not _is_local(server.host) and not server.secure_cookies:
        yield Finding("warning", "server.secure_cookies",
                      _("The server listens on {host} without HTTPS-only cookies; whoever listens on the network can "
                        "take over sessions. Put a proxy with HTTPS before it.", host=server.host))
    if public.scheme == "https" and not server.secure_cookies:
        yield Finding("error", "server.secure_cookies", _("People come by HTTPS, but cookies are sent without it too."))
    if public.scheme == "http" and not _is_local(public.hostname or ""):
        yield Finding("warning", "server.public_url", _("Passwords travel unprotected: the address is not HTTPS."))
    if server.trusted_proxies and not _is_local(server.host):
        yield Finding("warning", "server.trusted_proxies",
                      _("Proxies are believed, but anybody can reach the server past them on {host}.",
                        host=server.host))
    if public.scheme == "https" and not server.trusted_proxies:
        yield Finding("warning", "server.trusted_proxies",
                      _("The public address is HTTPS, so there must be a proxy; none is named, and all visitors look "
                        "like one address."))


def _secrets(settings: Settings) -> Iterator[Finding]:
    keys = Path(settings.security.secrets_file)
    if keys.is_file() and stat.S_IMODE(keys.stat().st_mode) & 0o077:
        yield Finding("error", "security.secrets_file", _("Others may read {path}: chmod 600", path=str(keys)))
    database = Path(settings.database.url.removeprefix("sqlite:///"))
    if settings.is_sqlite and database.is_file() and stat.S_IMODE(database.stat().st_mode) & 0o007 \
            and stat.S_IMODE(settings.data.stat().st_mode) & 0o005 == 0o005:
        yield Finding("warning", "storage.data", _("Every user of this machine may read {path}: chmod 700",
                                                   path=str(settings.data)))
    password = urlsplit(settings.database.url).password
    if password and len(password) < 8:
        yield Finding("warning", "database.url", _("The password of the database is short."))


def _is_local(host: str) -> bool:
    if host in ("", "localhost"):
        return host == "localhost"
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
