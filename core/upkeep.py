"""What keeps a SQLite database fast by itself: statistics for its planner, every night and after large imports.

PostgreSQL does this on its own. Without statistics SQLite answers "mine or shared with me" by collecting and sorting all
of one's records instead of walking the list's index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from core.jobs.definitions import Schedule, job

if TYPE_CHECKING:
    from core.env import Env

TOPIC = "core.analyze"
SAMPLE = 2000
MANY = 2000
"""Records written at once from which the statistics are worth making anew."""


@job(TOPIC, retries=0, as_actor="system")
def analyze(env: Env, _job: Any) -> None:
    """Make the statistics anew, from a sample of each index."""
    if env.dialect == "sqlite":
        env.execute(text(f"PRAGMA analysis_limit = {SAMPLE}"))
        env.execute(text("ANALYZE"))


nightly = Schedule("core.analyze", "47 2 * * *", TOPIC)
