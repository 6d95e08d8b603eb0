"""Melipayamak's result codes (a small or negative `Value`), and what becomes of a message in a state of theirs."""

from __future__ import annotations

from addons.messaging.contract import Report
from addons.sms.gateway import Fault
from core.api import _

OK = 1
BUSY = 300.0

FAULTS = {
    "0": Fault(_("Melipayamak does not know this user name and password."), account=True),
    "2": Fault(_("The Melipayamak account has not enough credit."), account=True),
    "3": Fault(_("The Melipayamak account has reached its daily limit."), account=True),
    "4": Fault(_("The Melipayamak account has reached its limit of messages."), account=True),
    "5": Fault(_("Melipayamak does not know this line, or it is not yours."), line=True),
    "6": Fault(_("Melipayamak is being updated."), later=BUSY),
    "7": Fault(_("The text has a word that is filtered.")),
    "9": Fault(_("Programs may not send from a public line."), line=True),
    "10": Fault(_("The Melipayamak account is not active."), account=True),
    "11": Fault(_("Melipayamak did not send it."), elsewhere=True),
    "12": Fault(_("Melipayamak misses documents of the account's owner."), account=True),
    "14": Fault(_("The text has a link, which this account may not send."), elsewhere=True),
    "15": Fault(_("A text to many people must end with «لغو11».")),
    "16": Fault(_("There is no number to send to.")),
    "17": Fault(_("The text is empty.")),
    "18": Fault(_("The number is not valid."), address_bad=True),
    "35": Fault(_("The number is on the blacklist of the networks."), unwanted=True),
    "-1": Fault(_("The Melipayamak account may not send templates."), elsewhere=True),
    "-2": Fault(_("A template goes to one number at a time.")),
    "-3": Fault(_("Melipayamak has no line for templates of this account."), elsewhere=True),
    "-4": Fault(_("Melipayamak does not know this template, or has not approved it. It is named by its number.")),
    "-5": Fault(_("The values do not fit the template.")),
    "-6": Fault(_("Melipayamak has a problem of its own."), later=BUSY),
    "-7": Fault(_("Melipayamak has a problem with the line for templates."), elsewhere=True),
    "-10": Fault(_("A value of the template has a link.")),
}

# 5 and 100 (unknown) and 400 (waiting) say nothing yet.
SENT, DELIVERED, BLACKLIST = (0, 8, 200), 1, 35
FAILED = {
    -1: _("Melipayamak did not send it."),
    2: _("It did not reach the phone."),
    3: _("The network had a fault."),
    16: _("It did not reach the network."),
    35: _("The number is on the blacklist of the networks."),
    300: _("The text was filtered."),
    500: _("Melipayamak refused it."),
}


def report(identifier: str, state: int) -> Report | None:
    """What a state means for a message; None while it says nothing."""
    if state in SENT or state == DELIVERED:
        return Report("delivered" if state == DELIVERED else "sent", identifier, code=str(state))
    if state in FAILED:
        return Report("failed", identifier, code=str(state), reason=FAILED[state], unwanted=state == BLACKLIST)
    return None
