"""Servers of well-known companies, and the usual names of one's own."""

from __future__ import annotations

from dataclasses import dataclass

from core.api import _


@dataclass(frozen=True)
class Preset:
    """Where a company's servers are. `imap` and `smtp`: (host, port, encryption). `note`: what its users have to know."""

    name: str
    label: str
    imap: tuple[str, int, str]
    smtp: tuple[str, int, str]
    note: str = ""


PRESETS = {one.name: one for one in (
    Preset("gmail", "Gmail", ("imap.gmail.com", 993, "tls"), ("smtp.gmail.com", 465, "tls"),
           _("Google wants OAuth 2, or an app password where two-step sign-in is on.")),
    Preset("microsoft", "Outlook, Microsoft 365", ("outlook.office365.com", 993, "tls"), ("smtp.office365.com", 587, "starttls"),
           _("Microsoft takes no passwords any more: sign in with OAuth 2.")),
    Preset("yandex", "Yandex", ("imap.yandex.com", 993, "tls"), ("smtp.yandex.com", 465, "tls"),
           _("Allow mail programs in the settings of the box, and use an app password.")),
    Preset("yahoo", "Yahoo", ("imap.mail.yahoo.com", 993, "tls"), ("smtp.mail.yahoo.com", 465, "tls"), _("Yahoo wants an app password.")),
    Preset("cpanel", "cPanel", ("mail.{domain}", 993, "tls"), ("mail.{domain}", 465, "tls"),
           _("The user name is the whole address.")),
)}


def filled(preset: Preset, address: str) -> dict[str, tuple[str, int, str]]:
    """A preset's servers for an address, whose domain is part of some names."""
    domain = address.rpartition("@")[2]
    return {kind: (host.replace("{domain}", domain), port, encryption) for kind, (host, port, encryption) in
            (("imap", preset.imap), ("smtp", preset.smtp))}
