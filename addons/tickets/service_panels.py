"""What a ticket's page tells of its promise, and the steps of escalation on its timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from core.api import Env, F, Panel, TimelineSource, _
from core.web_api import TimelineEntry, with_query

from . import policies, sla, sla_clock
from .service_tabs import TRY
from .sla_choices import AIMS, STEP, TICKET
from .working_time import written

PATHS = (*sla.READ, "number", "sla_state", "first_response_due", "resolution_due", "response_until", "resolution_until", "breach_at",
         "paused_at", "response_used", "resolution_used")


def promise(env: Env, key: int) -> list[Panel]:
    """What is promised for a ticket, what is left of it, or by how much it was missed, in working time."""
    with env.elevated("the promise of a ticket that is being read") as sudo:
        row = next(iter(sudo.query(TICKET).archived(None).with_ids([key]).select(*PATHS).rows()), None)
    level = policies.shelf(env).get(row["policy"].id) if row and row["policy"] else None
    if row is None or level is None or row["sla_state"] == "none":
        return []
    clocks = sla.Clocks(env)
    clock = clocks.known.get(clocks.of(level, row["account.service_calendar"]) or 0)
    if clock is None:
        return []
    field: Any = env.registry.record(TICKET).field("sla_state")
    colour = next((o.colour for o in field.options if o.value == row["sla_state"]), "grey")
    lines = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(label, text) for label, text in _lines(env, row, level, clock))
    html = Markup('<p><span class="badge dot tint-{}">{}</span> {}</p><dl class="facts">{}</dl>').format(
        colour, env.t(field.labels[row["sla_state"]]), level.name, lines)
    if env.can("read", "tickets.policy"):
        html += Markup('<p><a href="{}">{}</a></p>').format(with_query(TRY, {"ticket": row["number"]}), env.t(_("How this was counted")))
    return [Panel(env.t(_("Promise")), html, icon="stopwatch", order=5)]


def _lines(env: Env, row: dict[str, Any], level: policies.Level, clock: Any) -> Iterator[tuple[str, str]]:
    targets, log = level.of(row["priority"]), sla.log_of(row, env.now)
    if targets.response is not None:
        yield env.t(_("First response")), _told(env, clock, row["first_response_due"], row["response_until"], targets.response,
                                                row["response_used"])
    if targets.resolution is not None:
        if row["paused_at"] and row["resolution_used"] is None and not row["resolution_due"]:
            left = targets.resolution - sla_clock.elapsed(clock, log, level.stops, env.now)
            yield env.t(_("Resolution")), env.t(_("The clock stands still since {moment}; {time} of working time are left.",
                                                  moment=env.format.datetime(row["paused_at"]), time=written(env, left)))
        else:
            yield env.t(_("Resolution")), _told(env, clock, row["resolution_due"], row["resolution_until"], targets.resolution,
                                                row["resolution_used"])


def _told(env: Env, clock: Any, due: dt.datetime | None, until: dt.datetime | None, target: int, used: Any) -> str:
    if used is not None:
        spent = int(used.total_seconds())
        if spent > target:
            return env.t(_("Missed by {time} of working time: {used} of {target}.", time=written(env, spent - target),
                           used=written(env, used), target=written(env, target)))
        return env.t(_("Kept: {used} of {target}.", used=written(env, used), target=written(env, target)))
    if due is None:
        return env.t(_("Within {target} of working time.", target=written(env, target)))
    if due <= env.now:
        return env.t(_("Missed since {due}: by {time} of working time.", due=env.format.datetime(due), time=written(
            env, clock.between(due, env.now))))
    if until is None:
        return env.t(_("Within {target} of working time.", target=written(env, target)))
    return env.t(_("Due {due}: {time} of working time are left.", due=env.format.datetime(due),
                   time=written(env, clock.between(env.now, due))))


# ---------------------------------------------------------------- the timeline
def sources(env: Env, record_name: str) -> list[TimelineSource]:
    """Steps of escalation on tickets."""
    if record_name != TICKET or not env.can("read", STEP):
        return []
    return [TimelineSource("escalation", _("Escalations"), _fetch)]


def _fetch(env: Env, record_name: str, record_id: int, before: dt.datetime | None, limit: int) -> list[tuple[dt.datetime, TimelineEntry]]:
    query = env.query(STEP).where(F.ticket == record_id)
    if before is not None:
        query = query.where(F.at < before)
    rows = query.order("-at", "-id").select("at", "name", "aim", "due", "done").rows(limit)
    return [(row["at"], _entry(env, row)) for row in rows]


def _entry(env: Env, row: dict[str, Any]) -> TimelineEntry:
    made = TimelineEntry("system", env.format.relative(row["at"], env.now), env.format.datetime(row["at"]), id=f"e{row['id']}",
                         icon="arrow-up-right-circle", title=env.t(_("Escalated: {level}", level=row["name"] or "")))
    aim = next((env.t(a[1]) for a in AIMS if a[0] == row["aim"]), "")
    due = env.t(_("{aim} due {due}", aim=aim, due=env.format.datetime(row["due"]))) if row["due"] else ""
    made.text = env.t(_(" · ")).join(t for t in (due, " ".join(_done(env, what, name) for what, name in row["done"] or ())) if t)
    return made


def _done(env: Env, what: str, name: str) -> str:
    """What a step did, in the language of whoever reads it."""
    texts = {"tell_owner": _("The owner is told."), "tell_superior": _("The role above the owner is told."),
             "tell_queue": _("The people of the queue are told."), "tell": _("Told: {names}.", names=name), "raised": _("Priority raised."),
             "queue": _("Handed to the queue {name}.", name=name), "person": _("Handed to {name}.", name=name)}
    return env.t(texts[what]) if what in texts else ""
