"""What keeps a database fast: statistics for its planner, every night and at once after large imports.

Without statistics SQLite answers "mine or shared with me" by collecting and sorting all of one's records instead of
walking the list's index. PostgreSQL looks after itself, but a while later; until then a search reads through the list of
words that its full-text indexes have not sorted in yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from core.jobs.definitions import Schedule, job

if TYPE_CHECKING:
    from core.env import Env
    from core.jobs.run import Job

TOPIC = "core.analyze"
SAMPLE = 200_000
"""Entries read of each index, a fifth of a second's work. With 2,000 SQLite took owners for people with a few records and
sorted all of a seller's for the first page of a list: 70 ms instead of 3."""
PENDING = """SELECT gin_clean_pending_list(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 JOIN pg_am a ON a.oid = c.relam AND a.amname = 'gin' WHERE c.relnamespace = current_schema()::regnamespace"""
SMALL = """DELETE FROM sqlite_stat1 WHERE tbl IN
 (SELECT tbl FROM sqlite_stat1 GROUP BY tbl HAVING max(CAST(stat AS INTEGER)) < 1000)"""
"""SQLite reads a table of few rows as a whole for each row that it joins, and goes on when the table has grown. Of one that it has no
statistics of it thinks that it is large, and uses its indexes."""
NOTICED = ("ANALYZE sqlite_schema", "CREATE TABLE sys_analyzed (at text)", "DROP TABLE sys_analyzed")
"""By the first this connection reads the statistics anew, by the others all that are open: they do so when the schema has changed
(https://www.sqlite.org/fileformat2.html#stat1tab)."""
MANY = 2000
"""Records written at once from which the statistics are worth making anew."""


@job(TOPIC, retries=0, as_actor="system")
def analyze(env: Env, _job: Any) -> None:
    """Make the statistics anew, on SQLite from a sample of each index, and finish PostgreSQL's full-text indexes."""
    if env.dialect == "sqlite":
        env.execute(text(f"PRAGMA analysis_limit = {SAMPLE}"))
        env.execute(text("ANALYZE"))
        env.execute(text(SMALL))
        for statement in NOTICED:
            env.execute(text(statement))
    else:
        env.execute(text(PENDING))
        env.execute(text("ANALYZE"))


def forget(env: Env, record: str, where: Any, work: Job | None = None, step: int = 5000) -> int:
    """Delete for good the records for which an expression holds, archived ones and those in the recycle bin too, in steps that are
    committed with the job; without one, a single step. Returns how many."""
    gone = 0
    while ids := env.query(record).archived(None).deleted(None).where(where).ids(step):
        env.delete(record, env.query(record).archived(None).with_ids(ids))
        env.purge(record, ids)
        gone += len(ids)
        if work is None:
            break
        work.checkpoint({"gone": gone})
    return gone


nightly = Schedule("core.analyze", "47 2 * * *", TOPIC)
