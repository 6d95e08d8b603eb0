"""Where Visits stands on the page of a lead."""

from core.api import Button, Section, _, on

LAYOUTS = [on("leads.lead", "form").insert(
    Section("visits", "visits_next_on", "visits_last_on", Button("visits_done"), label=_("Visits"), columns=2),
    after=["reach", "main"])]
