"""Headers of a mail that leaves: any script in RFC 2047 words, folded by ourselves, and never with a line break from outside.

The folding of the standard library re-reads what it is given: a subject that happens to look like an encoded word would change,
and long Persian names lose their spaces. What is written here goes out exactly as it is.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from email.header import Header
from email.policy import SMTP, EmailPolicy
from typing import Any

from addons.mail.addresses import BREAKS, NotMailable, address
from core.api import _

WIDTH = 76
NAME = re.compile(r"[!-9;-~]{1,70}")
PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")


class Ready(str):
    """A value as it goes out, folded and encoded."""

    __slots__ = ()


class MailPolicy(EmailPolicy):
    """The standard library's for SMTP, which leaves values alone that are ready."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Keep what is ready as it is."""
        return (name, value) if isinstance(value, Ready) else super().header_store_parse(name, value)

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        """The same on the way out."""
        return value if isinstance(value, Ready) else super().header_fetch_parse(name, value)

    def fold(self, name: str, value: Any) -> str:
        """One header as text."""
        return f"{name}: {value}{self.linesep}" if isinstance(value, Ready) else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header as bytes."""
        return self.fold(name, value).encode("utf-8") if isinstance(value, Ready) else super().fold_binary(name, value)


POLICY = MailPolicy(**{**vars(SMTP), "max_line_length": WIDTH, "cte_type": "7bit"})


def text(value: str, name: str = "Subject") -> Ready:
    """A free text such as a subject. Line breaks become spaces: they come with copied texts, and mean nothing bad there."""
    line = clean(value)
    if line.isascii() and line.isprintable() and "=?" not in line and line == line.strip() and "  " not in line:
        if len(line) + len(name) < WIDTH:
            return Ready(line)
        if all(len(word) < 60 for word in line.split(" ")):
            return Ready("\r\n ".join(textwrap.wrap(line, WIDTH - len(name) - 2, break_long_words=False, break_on_hyphens=False)))
    return Ready(Header(line, "utf-8", maxlinelen=WIDTH - 1, header_name=name).encode(linesep="\r\n"))


def exact(name: str, value: str) -> tuple[str, Ready]:
    """A header of somebody's own. NotMailable when it would begin a second one."""
    if not NAME.fullmatch(name) or BREAKS.search(value):
        raise NotMailable(_("The header {name} holds a line break or a character that headers must not have.",
                            name=BREAKS.sub(" ", name)[:50]))
    return name, text(value, name)


def identifiers(values: Iterable[str]) -> Ready:
    """Message-IDs in angle brackets, one a line. NotMailable when one is none."""
    found = []
    for value in values:
        one = value.strip().strip("<>")
        if not one or len(one) > 900 or not one.isascii() or re.search(r"[\s\x00-\x20<>\x7f]", one):
            raise NotMailable(_("{text} is not the number of a message.", text=BREAKS.sub(" ", value)[:100]))
        found.append(f"<{one}>")
    return Ready("\r\n ".join(found))


def mailboxes(people: Iterable[tuple[str, str]], name: str = "To") -> Ready:
    """People as a header has them: (name, address), names in any script. NotMailable when an address is none."""
    return Ready(",\r\n ".join(mailbox(*one, header=name) for one in people))


def mailbox(name: str, text_address: str, header: str = "To") -> str:
    """One person; without a name the bare address."""
    wire = str(address(text_address))
    shown = clean(name).strip()
    if not shown:
        return wire
    if not (shown.isascii() and shown.isprintable()) or "=?" in shown or len(shown) > 60:
        shown = Header(shown, "utf-8", maxlinelen=WIDTH - 1, header_name=header).encode(linesep="\r\n")
    elif not PLAIN.fullmatch(shown) or "  " in shown:
        shown = '"' + re.sub(r'(["\\])', r"\\\1", shown) + '"'
    return f"{shown}\r\n <{wire}>" if len(shown) + len(wire) > 60 else f"{shown} <{wire}>"


def clean(value: str) -> str:
    """One line that UTF-8 can hold."""
    return BREAKS.sub(" ", value).encode("utf-8", "replace").decode("utf-8")
