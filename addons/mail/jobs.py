"""Background work of mail."""

from __future__ import annotations

from addons.mail import copies, ledger, receiving_run
from core.api import Env, Job, Schedule, job, on_event

FETCH = "mail.fetch_one"


@job("mail.fetch", as_actor="system")
def fetch(env: Env, work: Job) -> dict[str, int]:
    """A job for each box that mail is fetched from; boxes that are stuck turn red."""
    due = receiving_run.watch(env)
    for key in due:
        env.enqueue(FETCH, {"mailbox": key}, dedupe=str(key))
    return {"boxes": len(due)}


@job(FETCH, as_actor="system", retries=20, timeout=1800)
def fetch_one(env: Env, work: Job) -> dict[str, int]:
    """Fetch what is new in one box."""
    return receiving_run.run(env, work.payload["mailbox"], work)


@job("mail.prune", as_actor="system")
def prune(env: Env, work: Job) -> dict[str, int]:
    """Forget old entries of the ledger."""
    return {"deleted": ledger.prune(env)}


@on_event("messaging.sent", as_actor="system")
def keep_copies(env: Env, work: Job) -> dict[str, int]:
    """Copies of sent mails for the folder of sent mail."""
    return {"kept": copies.keep(env, work.payload["messages"], work)}


FETCHING = Schedule("mail.fetch", "* * * * *", "mail.fetch")
PRUNING = Schedule("mail.prune", "43 3 * * *", "mail.prune")
