"""Ghasedak's result codes (`statusCode`), and what becomes of a message in a state of theirs.

Ghasedak publishes no table of results, so only what HTTP itself means is known here; anything else is a refusal in Ghasedak's words,
and another provider may be tried. Of states there are two tables: that of its own program library, and that of its documentation.
"""

from __future__ import annotations

from collections.abc import Mapping

from addons.messaging.contract import Report
from addons.sms.gateway import Fault
from core.api import _

BUSY = 60.0
NOT_FOUND = 404

FAULTS = {
    "401": Fault(_("Ghasedak does not know this API key."), account=True),
    "402": Fault(_("The Ghasedak account has not enough credit."), account=True),
    "403": Fault(_("Ghasedak does not allow this to the account, or not from our server's address."), account=True),
    "429": Fault(_("Ghasedak wants fewer requests."), later=BUSY),
}

SENT, DELIVERED, CANCELLED = Report("sent"), Report("delivered"), Report("cancelled", reason=_("It was cancelled."))
NOT_SENT = Report("failed", reason=_("Ghasedak could not send it."))
REFUSED = Report("failed", reason=_("Ghasedak refused it."))
UNDELIVERED = Report("failed", reason=_("It did not reach the phone."))
BLACKLIST = Report("failed", reason=_("The number is on the list of people who want no messages."), unwanted=True)

LIBRARY, DOCUMENTATION = "library", "documentation"
STATES: Mapping[str, Mapping[int, Report]] = {
    LIBRARY: {1: REFUSED, 4: SENT, 6: NOT_SENT, 7: CANCELLED, 8: BLACKLIST, 10: SENT, 11: SENT, 12: BLACKLIST, 13: UNDELIVERED,
              14: DELIVERED, 15: REFUSED, 16: NOT_SENT},
    DOCUMENTATION: {1: CANCELLED, 2: BLACKLIST, 3: SENT, 4: UNDELIVERED, 5: DELIVERED, 6: NOT_SENT},
}
"""What is not in it says nothing yet: waiting, on its way, tried out, unknown."""
