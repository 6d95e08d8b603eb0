"""Background work of leads."""

from __future__ import annotations

from core.api import Env, Job, job

from .settings_pages import apply_sheet


@job("leads.apply_sheet")
def apply_sheet_job(env: Env, work: Job) -> dict[str, int]:
    """Give all open leads the qualification sheet that a manager chose."""
    return {"changed": apply_sheet(env, str(work.payload["sheet"]))}
