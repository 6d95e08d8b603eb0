"""Try service levels: which one a ticket gets and why, when it is due and how that was counted; and what would be promised now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Env, ExpressionError, F, _
from core.web_api import (
    Badge,
    Cell,
    Column,
    EmptyState,
    FieldView,
    FormPage,
    Panel,
    ReportPage,
    Request,
    Row,
    Section,
    SimpleTable,
    record_url,
)

from . import policies, sla, sla_clock
from .policies import Level
from .service_tabs import TRY, tabs
from .sla_choices import POLICY, PRIORITIES, TICKET
from .working_time import written

PATHS = (*sla.READ, "number", "subject", "chosen_policy", "first_response_due", "resolution_due", "sla_state", "calendar")


def page(env: Env, request: Request) -> ReportPage:
    """For a ticket that is named by its number, and for any that would be opened at a moment."""
    asked, wrong = request.arg("ticket").strip(), ""
    moment = env.now
    if text := request.arg("at").strip():
        try:
            moment = env.format.parse_datetime(text)
        except ValueError as error:
            wrong = env.t(error.args[0])
    form = FormPage("", TRY, method="get", sections=[Section("filters", fields=[
        FieldView("ticket", env.t(_("Ticket")), "text", asked, attrs={"data-submit": ""}, help=env.t(_("Its number, such as T-00042."))),
        FieldView("at", env.t(_("Opened on")), "text", text or env.format.datetime(env.now), attrs={"data-submit": ""},
                  errors=[wrong] if wrong else [],
                  help=env.t(_("For the table of what would be promised.")))])])
    made = ReportPage(env.t(_("Try service levels")), tabs=tabs(env, TRY), filters=form)
    if asked:
        made.panels += _ticket(env, asked)
    made.panels.append(_promised(env, moment))
    return made


# ---------------------------------------------------------------- a ticket
def _ticket(env: Env, asked: str) -> list[Panel]:
    found = env.query(TICKET).archived(None).where(F.number == asked).ids(1)
    with env.elevated("try service levels") as sudo:
        rows = sudo.query(TICKET).archived(None).with_ids(found).select(*PATHS).rows() if found else []
    if not rows:
        return [Panel(asked, wide=True, empty=EmptyState(env.t(_("There is no such ticket")), env.t(_(
            "Write the number as it stands on the ticket; those that you may not see are not found.")), "search"))]
    row = rows[0]
    return [_why(env, row), _how(env, row)]


def _why(env: Env, row: dict[str, Any]) -> Panel:
    """Every service level with what spoke for it or against it."""
    chosen = policies.choose(env, [row["id"]])[row["id"]] if not row["chosen_policy"] else row["chosen_policy"].id
    made, decided = [], False
    for level in policies.shelf(env).values():
        text = _reason(env, level, row, chosen, decided)
        decided = decided or level.id == chosen
        badge = [Badge(env.t(_("Counts", context="rule")), "green")] if level.id == chosen else []
        made.append(Row(level.id, "", [Cell(text=level.name, dir="auto", url=record_url(POLICY, level.id)), Cell(text=text, dir="auto"),
                                       Cell(kind="choice", badges=badge)]))
    columns = [Column("name", env.t(_("Service level"))), Column("why", env.t(_("Why"))), Column("counts", "")]
    return Panel(env.t(_("Which service level {ticket} has", ticket=row["number"])), wide=True, icon="signpost-split",
                 table=SimpleTable(columns, made))


def _reason(env: Env, level: Level, row: dict[str, Any], chosen: int | None, decided: bool) -> str:
    if row["chosen_policy"]:
        return env.t(_("It was chosen by hand.")) if level.id == chosen else env.t(_("Another one was chosen by hand."))
    if not level.active:
        return env.t(_("It is switched off."))
    if level.id == chosen and not level.is_default and not _holds(env, level, row["id"]):
        return env.t(_("The customer is entitled to it by a contract."))
    if level.is_default:
        counts = level.id == chosen
        return env.t(_("It is the default: none of the others counts.") if counts else _("It is the default; another one counts."))
    if not level.condition:
        return env.t(_("It has no condition, so it fits every ticket."))
    if not _holds(env, level, row["id"]):
        return env.t(_("Its condition does not hold: {condition}", condition=level.condition))
    if decided and level.id != chosen:
        return env.t(_("Its condition holds, but one before it counts: {condition}", condition=level.condition))
    return env.t(_("Its condition holds: {condition}", condition=level.condition))


def _holds(env: Env, level: Level, key: int) -> bool:
    with env.elevated("try a service level") as sudo:
        try:
            return bool(not level.condition or policies.holding(sudo, [key], level.condition))
        except ExpressionError:
            return False


def _how(env: Env, row: dict[str, Any]) -> Panel:
    """The stretches in which the clock ran, with the working time of each."""
    level = policies.shelf(env).get(row["policy"].id) if row["policy"] else None
    clocks = sla.Clocks(env)
    key = clocks.of(level, row["account.service_calendar"])
    title = env.t(_("How its time is counted"))
    if level is None or key is None:
        return Panel(title, wide=True, empty=EmptyState(env.t(_("Nothing is promised")), env.t(_("It has no service level.")), "stopwatch"))
    clock, log = clocks.known[key], sla.log_of(row, env.now)
    made, used = list[Row](), 0
    for begins, ends in sla_clock.runs(log, level.stops):
        spent = clock.between(begins, ends or env.now)
        used += spent
        made.append(Row(len(made), "", [
            Cell(text=env.format.datetime(begins)), Cell(text=env.format.datetime(ends) if ends else env.t(_("now"))),
            Cell(text=written(env, spent)), Cell(text=written(env, used))]))
    targets = level.of(row["priority"])
    columns = [Column("c0", env.t(_("The clock runs from"))), Column("c1", env.t(_("until"))),
               Column("c2", env.t(_("Working time")), align="end"), Column("c3", env.t(_("Together")), align="end")]
    note = " ".join(_facts(env, row, targets, clock.name))
    return Panel(title, wide=True, icon="stopwatch", note=note, table=SimpleTable(columns, made) if made else None,
                 empty=EmptyState(env.t(_("The clock has not run yet")), "", "stopwatch"))


def _facts(env: Env, row: dict[str, Any], targets: sla_clock.Targets, calendar: str) -> Iterator[str]:
    yield env.t(_("Counted in “{calendar}”.", calendar=calendar))
    if targets.response is not None and row["first_response_due"]:
        yield env.t(_("First response within {time}: due {due}.", time=written(env, targets.response),
                      due=env.format.datetime(row["first_response_due"])))
    if targets.resolution is not None:
        due = env.format.datetime(row["resolution_due"]) if row["resolution_due"] else env.t(_("not while the clock stands still"))
        yield env.t(_("Resolution within {time}: due {due}.", time=written(env, targets.resolution), due=due))


# ---------------------------------------------------------------- any ticket
def _promised(env: Env, moment: dt.datetime) -> Panel:
    """What every service level promises to a ticket that is opened at a moment."""
    made, clocks = list[Row](), sla.Clocks(env)
    for level in policies.shelf(env).values():
        clock = clocks.known.get(clocks.of(level, None) or 0)
        if not level.active or clock is None:
            continue
        for value, label, _colour in PRIORITIES:
            targets = level.of(value)
            if targets == sla_clock.Targets():
                continue
            made.append(Row(len(made), "", [
                Cell(text=level.name, dir="auto", url=record_url(POLICY, level.id)), Cell(text=env.t(label)),
                *_due(env, clock, moment, (targets.response, targets.resolution)), Cell(text=clock.name, dir="auto")]))
    headings = (_("Priority"), _("First response"), _("Due"), _("Resolution"), _("Due"), _("Counted in"))
    columns = [Column("name", env.t(_("Service level"))), *(Column(f"c{i}", env.t(h)) for i, h in enumerate(headings))]
    return Panel(env.t(_("What is promised for a ticket opened {moment}", moment=env.format.datetime(moment))), wide=True, icon="table",
                 table=SimpleTable(columns, made) if made else None,
                 empty=EmptyState(env.t(_("Nothing is promised yet")), env.t(_("Give the service levels targets.")), "bullseye"))


def _due(env: Env, clock: Any, moment: dt.datetime, targets: Sequence[int | None]) -> Iterator[Cell]:
    for target in targets:
        yield Cell(text="–" if target is None else written(env, target))
        yield Cell(text="–" if target is None else env.format.datetime(clock.add(moment, target)))
