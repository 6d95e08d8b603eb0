"""The allowed moves of leads stand in base since s0001: their old table goes."""

from core.api import step


@step(phase="contract")
def drop_transitions(ops):
    """Only with `upgrade --finish`, and its rows go to a file first."""
    ops.drop_table("leads.transition")
