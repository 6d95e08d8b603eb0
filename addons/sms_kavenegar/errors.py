"""Kavenegar's result codes (`return.status`), and what becomes of a message in a state of theirs."""

from __future__ import annotations

from addons.messaging.contract import Report
from addons.sms.gateway import Fault
from core.api import _

OK = 200
BUSY = 60.0

FAULTS = {
    "400": Fault(_("Kavenegar misses something in the request.")),
    "401": Fault(_("The Kavenegar account is disabled."), account=True),
    "402": Fault(_("Kavenegar could not do it."), elsewhere=True),
    "403": Fault(_("Kavenegar does not know this API key."), account=True),
    "404": Fault(_("There is no such method at this address. Look at the account's address."), account=True),
    "405": Fault(_("Kavenegar does not take this method over this way."), account=True),
    "406": Fault(_("Kavenegar misses a value it needs.")),
    "407": Fault(_("Kavenegar does not allow this from our server's address, or not for this account."), account=True),
    "409": Fault(_("Kavenegar is busy."), later=BUSY),
    "411": Fault(_("The number is not valid."), address_bad=True),
    "412": Fault(_("Kavenegar does not know this line, or it is not yours."), line=True),
    "413": Fault(_("The text is empty or too long.")),
    "414": Fault(_("These are too many at once.")),
    "416": Fault(_("Kavenegar does not know the address our server calls from."), account=True),
    "417": Fault(_("The date is not valid.")),
    "418": Fault(_("The Kavenegar account has not enough credit."), account=True),
    "419": Fault(_("The lists of numbers, texts and lines differ in length.")),
    "420": Fault(_("Kavenegar does not allow links in this account's messages."), elsewhere=True),
    "422": Fault(_("The text has characters that Kavenegar does not take.")),
    "424": Fault(_("Kavenegar does not know this template, or has not approved it.")),
    "426": Fault(_("The Kavenegar account's plan does not include this."), elsewhere=True),
    "427": Fault(_("The line's level at Kavenegar does not allow this."), line=True),
    "428": Fault(_("The number cannot be called.")),
    "429": Fault(_("Kavenegar wants fewer requests from our server's address."), later=BUSY),
    "431": Fault(_("A value of the template has a form that Kavenegar does not take: too long, or with too many blanks.")),
    "432": Fault(_("The template has no place for the code (%token).")),
    "451": Fault(_("Kavenegar wants fewer requests."), later=BUSY),
    "501": Fault(_("The Kavenegar account is on trial and reaches its owner only."), elsewhere=True),
    "604": Fault(_("Kavenegar does not know this tag.")),
    "607": Fault(_("Kavenegar does not take this tag.")),
} | {str(code): Fault(_("Kavenegar does not take this file.")) for code in range(800, 814)}

EXPLAINED = frozenset(int(code) for code in FAULTS)
"""HTTP statuses are result codes, those over 500 too."""

# 1 and 2 (waiting) say nothing yet, 100 is a message that is too old to be known.
SENT, DELIVERED, CANCELLED, BLOCKED, UNKNOWN = (4, 5), 10, 13, 14, 100
FAILED = {
    6: _("Kavenegar could not send it."),
    11: _("It did not reach the phone."),
    13: _("It was cancelled, and its price given back."),
    14: _("The person has blocked messages, and its price was given back."),
    100: _("Kavenegar does not know the message."),
}


def report(identifier: str, state: int) -> Report | None:
    """What a state means for a message; None while it says nothing."""
    if state in SENT:
        return Report("sent", identifier, code=str(state))
    if state == DELIVERED:
        return Report("delivered", identifier, code=str(state))
    if state == UNKNOWN or state not in FAILED:
        return None
    return Report("cancelled" if state == CANCELLED else "failed", identifier, code=str(state), reason=FAILED[state],
                  unwanted=state == BLOCKED)
