"""Netgsm's result codes and states, and what each means for a message or the account."""

from __future__ import annotations

from addons.messaging.contract import Report
from addons.sms.gateway import Fault
from core.api import _

TAKEN = ("00", "01", "02")
"""Taken; 01 and 02 say that a date was put right, and we send none."""
BROKEN = ("100", "101", "110")
"""Netgsm's own trouble: whether it has the message it does not say."""

_ACCESS = Fault(_("Netgsm refused the user name or the password, or this server's address is not on its list."), account=True)
_HEADER = Fault(_("Netgsm does not know this message header."), line=True)
_TEXT = Fault(_("Netgsm refused the text: it is too long, or holds what it cannot send."))
_WRONG = Fault(_("Netgsm found a value in the request wrong or missing."))

SENDING = {
    "20": _TEXT,
    "30": _ACCESS,
    "40": _HEADER,
    "41": _HEADER,
    "50": Fault(_("This Netgsm account may not send commercial messages with a check against İYS."), elsewhere=True),
    "51": Fault(_("This account has no İYS brand at Netgsm."), elsewhere=True),
    "70": _WRONG,
    "80": Fault(_("Netgsm wants fewer messages at a time."), later=60),
    "85": Fault(_("Netgsm takes at most 20 messages for one number within a minute."), later=60),
}
OF_ONE = ("20", "70")
"""Codes that refuse a whole request, perhaps because of one message in it."""

CODE = {
    **SENDING,
    **dict.fromkeys(("50", "51", "52"), Fault(_("Netgsm cannot send a code to this number."), address_bad=True)),
    "60": Fault(_("This Netgsm account has no package for one-time codes."), elsewhere=True),
}
"""The same for one-time codes, where some numbers mean something else."""

ASKING = {"30": _ACCESS, "70": _WRONG, "80": Fault(_("Netgsm wants fewer questions at a time."), later=60)}

STATES = {
    1: Report("delivered"),
    2: Report("failed", reason=_("The message could not be delivered in time.")),
    3: Report("failed", reason=_("The number is wrong or restricted."), address_bad=True),
    4: Report("failed", reason=_("The network could not be reached.")),
    11: Report("failed", reason=_("The network refused the message.")),
    12: Report("failed", reason=_("Sending failed.")),
    13: Report("failed", reason=_("The same text went to this number within the last hour.")),
    14: Report("failed", reason=_("The Netgsm account has no credit left.")),
    15: Report("failed", reason=_("The number is on Netgsm's list of those who want no messages."), unwanted=True),
    16: Report("failed", reason=_("İYS has no consent of this number."), unwanted=True),
    17: Report("failed", reason=_("İYS could not be asked.")),
    22: Report("failed", reason=_("The Netgsm account may not send abroad.")),
}
"""What a state in Netgsm's report means; 0 (waiting) and unknown ones say nothing yet."""
