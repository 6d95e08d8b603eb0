"""Twilio's error codes and states, and what each means for a message or the account."""

from __future__ import annotations

from typing import Final, Literal

from addons.sms.gateway import Fault
from core.api import _

_ACCESS = Fault(_("Twilio refused the account SID or the key."), account=True)
_SUSPENDED = Fault(_("Twilio has suspended the account."), account=True)
_SERVICE = Fault(_("Twilio does not know the messaging service, or it has no numbers."), account=True)
_BUSY = Fault(_("Twilio wants fewer messages at a time."), later=30)
_NUMBER = Fault(_("Twilio says that there is no such number."), address_bad=True)
_NOT_MOBILE = Fault(_("The number cannot receive text messages."), address_bad=True)
_SENDER = Fault(_("Twilio does not let messages leave from this number or name."), line=True)
_LONG = Fault(_("The text is too long for Twilio."))
_FILTERED = Fault(_("The network held the message for unwanted advertising."))

FAULTS: Final = {
    "20003": _ACCESS, "20005": _SUSPENDED, "20404": _ACCESS, "20429": _BUSY, "14107": _BUSY,
    "21211": _NUMBER, "21217": _NUMBER,
    "21212": _SENDER, "21603": _SENDER, "21606": _SENDER, "21659": _SENDER, "21660": _SENDER,
    "21408": Fault(_("The Twilio account may not send to this country."), elsewhere=True),
    "21602": Fault(_("The message has no text.")),
    "21604": _NUMBER, "21605": _LONG, "21617": _LONG,
    "21608": Fault(_("A trial account of Twilio sends to confirmed numbers only."), elsewhere=True),
    "21610": Fault(_("The person wrote STOP to this sender."), unwanted=True),
    "21611": Fault(_("Twilio's queue of this sender is full."), later=300),
    "21612": Fault(_("Twilio has no way from this sender to this number."), elsewhere=True),
    "21614": _NOT_MOBILE, "21635": _NOT_MOBILE,
    "21701": _SERVICE, "21703": _SERVICE, "21704": _SERVICE, "21705": _SERVICE,
    "21730": Fault(_("Twilio is being maintained."), later=600),
    "30001": Fault(_("Twilio's queue of this sender is full.")),
    "30002": _SUSPENDED,
    "30003": Fault(_("The phone is off or out of reach.")),
    "30004": Fault(_("The number or its network blocks these messages.")),
    "30005": _NUMBER, "30006": _NOT_MOBILE, "30007": _FILTERED,
    "30008": Fault(_("The network gave no reason.")),
    "30034": Fault(_("The sender is not registered with the networks of the United States."), elsewhere=True),
}

STATES: Final[dict[str, Literal["sent", "delivered", "read", "failed", "cancelled"]]] = {
    "sent": "sent", "partially_delivered": "sent", "delivered": "delivered", "read": "read", "undelivered": "failed", "failed": "failed",
    "canceled": "cancelled"}
"""What Twilio's states are; queued, accepted, scheduled and sending say nothing yet."""
