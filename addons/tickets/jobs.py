"""Background work of tickets."""

from __future__ import annotations

from typing import Any

from core.api import Env, Job, Schedule, job

from . import service_jobs

EACH_MINUTE = Schedule("tickets.minute", "* * * * *", "tickets.minute", tz="UTC")


@job("tickets.minute", retries=3, concurrency=1, timeout=600)
def minute(env: Env, work: Job) -> dict[str, Any]:
    """Escalate, hand out what waited, tell people."""
    return service_jobs.minute(env, work)


@job("tickets.recount", retries=5, concurrency=1, timeout=3600)
def recount(env: Env, work: Job) -> dict[str, Any]:
    """Due times follow promises and calendars that changed."""
    return service_jobs.recount(env, work)


@job("tickets.left", retries=5, concurrency=1, timeout=3600)
def left(env: Env, work: Job) -> dict[str, Any]:
    """Tickets of people who left are given back."""
    return service_jobs.left(env, work)
