"""What may be wrong with a description of a gateway, and what answers of one may mean."""

from __future__ import annotations

from typing import Final, Literal

from core.api import SarnakhError, _


class Unusable(SarnakhError):
    """A setting that can never work."""


class Unfit(SarnakhError):
    """A message that does not go with the settings."""


TEMPLATE: Final = _("A template is not right: {reason}")
UNREADABLE: Final = _("A template is too long, or too deep.")
NOT_ALLOWED: Final = _("{what} is not allowed in a template.")
TOO_LARGE: Final = _("The request would be too large.")
CANNOT: Final = _("A template cannot be worked out with this message; a value it names may be missing.")
CONTROL: Final = _("A header of the request would hold a line break, or letters that are not Latin.")

OUTCOMES: Final = ("later", "refused", "unclear", "rejected", "elsewhere", "address_bad", "unwanted")
"""What a code of an answer may be said to mean; the first three are about the account or the whole call."""
State = Literal["sent", "delivered", "read", "failed", "cancelled"]
STATES: Final[dict[str, tuple[State, str]]] = {
    "sent": ("sent", ""), "delivered": ("delivered", ""), "read": ("read", ""), "failed": ("failed", ""), "cancelled": ("cancelled", ""),
    "address_bad": ("failed", "address_bad"), "unwanted": ("failed", "unwanted")}
"""What a state told by a gateway may be said to mean; "waiting" says nothing yet."""
WAITING: Final = "waiting"
