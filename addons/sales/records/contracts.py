"""Contracts with customers."""

from typing import Any

from core.api import Env, F, Message, Record, _, action, fields

from .. import choices, contracts, life
from ..choices import ACTIVE, DRAFT, LOCKED


class Contract(contracts.Agreement, Record):
    """An agreement over a time, that is renewed or ends."""

    record_name = "sales.contract"
    record_label = _("Contract")
    record_plural = _("Contracts")
    record_icon = "file-earmark-ruled"
    record_order = ("ends", "-id")
    record_traits = ("owned", "shared_owners", "noted")
    record_indexes = (("status", "ends"), ("status", "notice_on"))
    record_locked = F.status != DRAFT
    record_locked_reason = LOCKED
    record_locked_open = ("owner", "co_owners", "remarks", "notice_days", "remind_days", "automatic")

    status = fields.Choice(_("Status"), options=choices.CONTRACT_STATUSES, default=DRAFT, required=True, readonly=True,
                           copyable=False, transitions=choices.CONTRACT_MOVES, exits=("ended",), semantic="status")
    @action(_("Put in force"), needs="action:sign", icon="patch-check", primary=True, where=F.status == DRAFT)
    def activate(records: list[Any], env: Env) -> Message | str:
        """It is signed."""
        return life.move(env, "sales.contract", records, ACTIVE, _("In force."))

    @action(_("Renew"), needs="action:sign", icon="arrow-repeat", primary=True, bulk=False, where=F.status == ACTIVE)
    def renew(records: list[Any], env: Env) -> Message | str:
        """The next contract, for the same time, as a draft."""
        return contracts.renew(env, records[0])

    @action(_("End"), needs="action:sign", icon="x-octagon", where=F.status == ACTIVE, confirm=_("End this contract?"))
    def end(records: list[Any], env: Env) -> Message | str:
        """It is over."""
        return life.move(env, "sales.contract", records, "ended", _("Ended."))
