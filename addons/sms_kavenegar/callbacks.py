"""What Kavenegar tells by calling our address. Its documentation names neither calls nor values, so these are the names that
its panel is known to use: `messageid`, `status` for a state, `messageid`, `from`, `to`, `message` for a message that came."""

from __future__ import annotations

from collections.abc import Sequence

from addons.messaging.contract import Call, Forged, Incoming, Report
from addons.sms import gateway
from core.api import _

from .errors import report


def read(call: Call) -> Sequence[Report | Incoming]:
    """A report or a message, from the address or a posted form. Raises Forged for anything else."""
    values = {name.lower(): value.strip() for name, value in call.values.items()}
    identifier = values.get("messageid", "")
    if call.method in ("GET", "POST") and identifier.isascii() and identifier.isdecimal():
        if {"from", "to", "message"} <= values.keys() and values["from"]:
            return [Incoming(identifier, gateway.international(values["from"]), values["to"], values["message"])]
        if (now := values.get("status", "")).isascii() and now.isdecimal():
            found = report(identifier, int(now))
            return [found] if found else []
    raise Forged(_("This is no call by Kavenegar."))
