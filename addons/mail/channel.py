"""The channel: what all providers of mail have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence

from email_validator import EmailNotValidError, validate_email

from addons.mail import preparing, showing, tracking
from addons.mail.addresses import BREAKS, tag_of
from addons.mail.compose import key_of
from addons.messaging import unsubscribing
from addons.messaging.contract import Channel, Incoming
from core.api import LANGUAGES, Env, _

NAMED = re.compile(r"\s*(?P<name>[^<>]*?)\s*<\s*(?P<address>[^<>\s]+)\s*>\s*")


def normal(text: str, region: str) -> str:
    """An address as records hold it: small letters, domains as people read them. A name before it in angle brackets goes."""
    named = NAMED.fullmatch(text)
    bare = named["address"] if named else text.strip()
    try:
        if BREAKS.search(text) or len(text) > 600:
            raise EmailNotValidError("line break")
        return validate_email(bare, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise ValueError(_("{address} is not an e-mail address.", address=BREAKS.sub(" ", bare)[:100])) from None


def name_of(text: str) -> str:
    """The name that stands before an address, "" for none."""
    found = NAMED.fullmatch(text)
    return found["name"].strip('" ') if found else ""


def answered(incoming: Incoming) -> Sequence[str]:
    """Keys of messages of ours that a mail answers: the nearest reference first, then the address that it was sent to."""
    to = [*(incoming.extra.get("delivered_to") or ()), *(address for _name, address in incoming.extra.get("to") or ())]
    keys = [*(key_of(one) for one in reversed(incoming.references)), *(tag_of(one) for one in to)]
    return [key for key in dict.fromkeys(keys) if re.fullmatch(r"[A-Za-z0-9_-]{16,64}", key)]


def closing(env: Env, lang: str, to: str) -> str:
    """How to opt out, below commercial mails; nothing where nobody outside could open the page."""
    chosen = lang if lang in LANGUAGES else env.lang
    url = unsubscribing.unsubscribe_url(env, to, "mail", "", chosen)
    return env.installation.catalogs.translate(_("To get no more of these messages: {url}", url=url), chosen) if url else ""


MAIL = Channel("mail", _("E-mail"), "envelope", normal, ("email",), "email_opt_out", formatted=True, threads_by_person=False,
               closing=closing, prepare=preparing.prepare, answered=answered, show=showing.show, switches=tracking.switches)
