"""What Visits adds to leads: two days, a rule and a button."""

from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Env, Extension, F, Invalid, Message, _, action, fields, validates


class LeadVisits(Extension):
    """When a lead is visited next, and when it was visited last."""

    extends = "leads.lead"

    visits_next_on = fields.Date(_("Next visit"), index=True, help=_("The day on which somebody goes there."))
    visits_last_on = fields.Date(_("Last visit"), readonly=True)

    @validates("visits_next_on")
    def visits_only_ahead(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """A visit is planned for today or later."""
        for lead in records:
            if lead.visits_next_on is not None and lead.visits_next_on < env.today:
                yield Invalid(lead, "visits_next_on", _("This day has passed."))

    @action(_("Visited today"), icon="geo-alt", where=F.visits_next_on.not_null())
    def visits_done(records: Sequence[Any], env: Env) -> Message:
        """Note the visit and clear the plan."""
        values = {"visits_last_on": env.today, "visits_next_on": None}
        with env.elevated("Visited today") as sudo:  # read-only fields are for code; the core chose the records
            sudo.update("leads.lead", [lead.id for lead in records], values)
        return _("The visit was noted.")
