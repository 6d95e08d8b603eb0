"""Addresses of mail in every script: international domains, international names before the @, and nothing that breaks a header."""

from __future__ import annotations

import re
from dataclasses import dataclass

import idna

from core.api import SarnakhError, _

BREAKS = re.compile(r"[\r\n\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
LOCAL = re.compile(r"(?!\.)(?!.*\.\.)(?!.*\.$)[^\s\x00-\x20\x7f\"(),:;<>@\[\\\]]{1,64}")
QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])*"')


class NotMailable(SarnakhError):
    """Something that must not get into a mail: an address that is none, or a line break where a header would begin."""


@dataclass(frozen=True)
class Address:
    """An address as it goes over the wire. `ascii` tells whether servers without SMTPUTF8 take it."""

    local: str
    domain: str

    @property
    def ascii(self) -> bool:
        """Whether the name before the @ is plain; domains always are."""
        return self.local.isascii()

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def address(text: str) -> Address:
    """An address with its domain in wire form. NotMailable when it is none."""
    text = text.strip()
    local, at, domain = text.rpartition("@")
    if BREAKS.search(text) or not at or len(text) > 320 or not (LOCAL.fullmatch(local) or QUOTED.fullmatch(local)):
        raise NotMailable(_("{address} is not an e-mail address.", address=BREAKS.sub(" ", text)[:100]))
    return Address(local, _wire(domain, text))


def _wire(domain: str, text: str) -> str:
    if re.fullmatch(r"\[[0-9A-Fa-f:.]+\]", domain):
        return domain
    try:
        wire = idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        wire = domain.lower() if re.fullmatch(r"[A-Za-z0-9_.-]{1,253}", domain) and ".." not in domain.strip(".") else ""
    if not wire or wire.startswith((".", "-")):
        raise NotMailable(_("{address} is not an e-mail address.", address=text[:100]))
    return wire


def with_tag(base: str, key: str) -> str:
    """An address of ours that carries a key: bounce@example.org and k1 make bounce+k1@example.org."""
    known = address(base)
    return f"{known.local}+{key}@{known.domain}"


def tag_of(text: str) -> str:
    """The key that an address carries after a plus sign, "" for none."""
    local = text.strip().strip("<>").rpartition("@")[0]
    return local.rpartition("+")[2] if "+" in local else ""
