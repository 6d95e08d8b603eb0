"""Background work of the knowledge base."""

from __future__ import annotations

from addons.knowledge import publishing
from core.api import Env, Job, Schedule, job


@job("knowledge.reviews", as_actor="system")
def reviews(env: Env, work: Job) -> dict[str, int]:
    """Tell owners of articles whose review is due."""
    return {"told": publishing.tell_due(env)}


MORNING = Schedule("knowledge.reviews", "0 5 * * *", "knowledge.reviews")
