"""Turning a lead into an account, a contact and whatever other addons offer, in one batch that can be taken back.

    plan(env, lead)  ->  what is offered: targets, values, duplicates, what cannot be carried over and why
    convert(env, lead, decisions)  ->  records made or picked, notes and files moved, lead locked, history written

Everything is made with the person's own rights; only what follows from the conversion itself (the lead's new status and
links, notes and files that move along) is written elevated, under the conversion's name in the history.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from markupsafe import escape

from addons.contacts.linked import carry_over
from core.api import AccessDenied, ConversionTarget, Env, Message, SarnakhError, ValidationFailed, _

from . import mapping
from .choices import CLOSED, CONVERTED
from .transitions import status_labels

LEAD = mapping.LEAD
RIGHT = "action:convert"
CREATE, PICK, SKIP = "create", "pick", "skip"


@dataclass
class Loss:
    """A filled field of the lead that a target does not take, with the reason."""

    field: str
    label: str
    value: str
    reason: str


@dataclass
class TargetPlan:
    """One kind of record that is offered. `refused` says why it cannot be made; then only picking may be possible.

    `unclear`: several records are surely the same, so a person has to say which.
    """

    target: ConversionTarget
    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    matches: list[tuple[int, str, str, bool]] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    refused: str = ""
    action: str = CREATE
    unclear: bool = False

    @property
    def name(self) -> str:
        """The record type."""
        return self.target.record


@dataclass
class Plan:
    """Everything the dialog of conversion shows. `unmapped` are filled fields that no chosen target takes."""

    lead: Any
    targets: list[TargetPlan]
    unmapped: list[Loss] = field(default_factory=list)


@dataclass
class Decision:
    """What is to become of one target: "create" one, "pick" the record `key`, or "skip" it; `values` come on top."""

    action: str = CREATE
    key: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


class TargetRefused(SarnakhError):
    """A target's record cannot be made; `target` says which one, `failed` names the fields."""

    def __init__(self, message: Message, target: str, failed: ValidationFailed) -> None:
        super().__init__(message)
        self.target, self.failed = target, failed


@dataclass
class Converted:
    """What a conversion made: record numbers by type (`created` are those that are new), its batch, what it has to say."""

    lead: int
    batch: str
    results: dict[str, int] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@contextmanager
def own_batch(env: Env) -> Iterator[str]:
    """A batch of its own for what is written inside, so that it can be taken back by itself."""
    outer, env.batch = env.batch, uuid.uuid4().hex
    try:
        yield env.batch
    finally:
        env.batch = outer


# ---------------------------------------------------------------- the plan
def open_lead(env: Env, key: int) -> Any:
    """The lead, for conversion: NotFound when hidden, AccessDenied without the right, an error when it is closed."""
    lead = env.get(LEAD, key)
    env.require(RIGHT, LEAD)
    if not env.allowed_ids("update", LEAD, [key]):
        raise AccessDenied(_("You may see this lead but not convert it."))
    if lead.status in CLOSED:
        label = status_labels(env)[lead.status]
        raise SarnakhError(_("This lead is “{status}” and cannot be converted.", status=env.t(label)))
    return lead


def plan(env: Env, key: int) -> Plan:
    """What can be made of a lead. Reads only."""
    lead = open_lead(env, key)
    mapped = mapping.load(env)
    offered = sorted(env.registry.collected("conversion_targets", env=env, record_name=LEAD, record=lead),
                     key=lambda t: t.order)
    targets = [_target_plan(env, lead, one, mapped.get(one.record, [])) for one in offered
               if not one.needs or any(not mapping.is_empty(lead.get(n)) for n in one.needs)]
    made = Plan(lead, targets)
    made.unmapped = unmapped_losses(env, made, {t.name for t in targets if t.action != SKIP})
    return made


def _target_plan(env: Env, lead: Any, target: ConversionTarget, pairs: Sequence[tuple[str, str]]) -> TargetPlan:
    made = TargetPlan(target, action=CREATE if target.wanted else SKIP)
    rtype = env.registry.record(target.record)
    if not env.can("create", target.record):
        made.refused, made.action = env.t(_("You may not create {record}.", record=env.t(rtype.plural))), SKIP
    for lead_field, there in pairs:
        if not mapping.is_empty(lead.get(lead_field)):
            _carry(env, lead, lead_field, there, made)
    if target.values is not None:
        made.values = {**target.values(env, lead), **made.values}
    if target.matches is not None and env.can("read", target.record):
        made.matches = list(target.matches(env, {**_identity(lead), **made.values}))
        made.unclear = sum(1 for match in made.matches if match[3]) > 1
        if made.matches and (made.matches[0][3] or (made.refused and target.wanted)):
            made.action = PICK
    return made


def _identity(lead: Any) -> dict[str, Any]:
    names = ("first_name", "last_name", "company", "email", "phone", "mobile", "website", "national_id")
    return {n: lead.get(n) for n in names}


def _carry(env: Env, lead: Any, lead_field: str, there: str, made: TargetPlan) -> None:
    """Take one value over, or say why not."""
    target = env.registry.record(made.name)
    label = env.t(target.field(there).label)
    if not (env.can("create", made.name, there) or env.can("update", made.name, there)):
        made.losses.append(_loss(env, lead, lead_field, env.t(_("“{field}” is read-only for you.", field=label))))
        return
    try:
        made.values[there] = mapping.moved_value(env, lead, lead_field, made.name, there)
        made.sources[there] = lead_field
    except ValueError as error:
        made.losses.append(_loss(env, lead, lead_field, f"{label}: {env.t(error.args[0])}"))


def _loss(env: Env, lead: Any, name: str, reason: str) -> Loss:
    return Loss(name, env.t(env.registry.record(LEAD).field(name).label), mapping.shown(env, name, lead.get(name)), reason)


def unmapped_losses(env: Env, made: Plan, chosen: set[str]) -> list[Loss]:
    """Filled fields of the lead that none of the chosen targets takes."""
    carried = {name for t in made.targets if t.name in chosen for name in t.sources.values()}
    carried |= {loss.field for t in made.targets if t.name in chosen for loss in t.losses}
    reason = env.t(_("No field is mapped for it."))
    return [_loss(env, made.lead, name, reason) for name in mapping.unmapped(env, made.lead, carried)]


# ---------------------------------------------------------------- doing it
def convert(env: Env, key: int, decisions: Mapping[str, Decision] | None = None, *, owner: int | None = None,
            attach: str = "", keep_rest: bool = True) -> Converted:
    """Convert a lead. Without decisions the plan's own are taken.

    `owner` gets the new records (the lead's owner otherwise); `attach` is the record type that notes and files move to;
    with `keep_rest` whatever could not be carried over is written into a note there. Raises NotFound, AccessDenied,
    ValidationFailed or SarnakhError; nothing is half-done when the transaction is rolled back.
    """
    made = plan(env, key)
    chosen = {t.name: (decisions or {}).get(t.name, Decision(SKIP if decisions else t.action, _first(t))) for t in made.targets}
    unclear = [] if decisions else [t for t in made.targets if t.unclear and t.action == PICK]
    if unclear:
        raise SarnakhError(_("Several records could be the {record} that is meant: choose on the page of conversion.",
                             record=env.t(unclear[0].target.label)))
    if all(d.action == SKIP for d in chosen.values()):
        raise SarnakhError(_("Choose at least one record that the lead becomes."))
    with own_batch(env) as batch:
        done = Converted(key, batch)
        losses = unmapped_losses(env, made, {n for n, d in chosen.items() if d.action != SKIP})
        for one in made.targets:
            if chosen[one.name].action != SKIP:
                losses += _settle(env, one, chosen[one.name], owner or made.lead.owner.id, done)
        place = attach if attach in done.results else next(
            n for n in ("contacts.contact", *done.results) if n in done.results)
        _move_along(env, made.lead, place, done)
        if keep_rest and losses:
            _note_rest(env, made.lead, losses, place, done)
        _close(env, made, done)
    env.emit("leads.converted", {"lead": key, "results": done.results, "batch": batch})
    return done


def _first(one: TargetPlan) -> int | None:
    return one.matches[0][0] if one.matches else None


def _settle(env: Env, one: TargetPlan, decision: Decision, owner: int, done: Converted) -> list[Loss]:
    """Make or pick one target's record; returns what it does not take."""
    links = {name: done.results[record] for name, record in one.target.links.items() if record in done.results}
    if decision.action == PICK:
        if decision.key is None:
            raise SarnakhError(_("Choose the {record} that is meant.", record=env.t(one.target.label)))
        done.results[one.name] = decision.key
        return one.losses + _fill_picked(env, one, decision.key, links, done)
    values = {**one.values, **decision.values, **links}
    if env.registry.record(one.name).owned and not values.get("owner"):
        values["owner"] = owner
    done.results[one.name] = _create(env, one, values)
    done.created.append(one.name)
    return one.losses


def _create(env: Env, one: TargetPlan, values: dict[str, Any]) -> int:
    try:
        return int(env.create(one.name, values, source="conversion"))
    except ValidationFailed as error:
        record = env.registry.record(one.name)
        reasons = [f"{env.t(record.fields[e.field].label)}: {env.t(e.message)}" if e.field in record.fields
                   else env.t(e.message) for e in error.errors]
        message = _("{record} cannot be created: {reason}", record=env.t(one.target.label), reason=" ".join(reasons))
        raise TargetRefused(message, one.name, error) from error


def _fill_picked(env: Env, one: TargetPlan, key: int, links: dict[str, int], done: Converted) -> list[Loss]:
    """Fill what is empty on a picked record; what it holds already is kept, and the lead's other value reported."""
    record = env.get(one.name, key)
    label = f"{env.t(one.target.label)} “{record.display_title()}”"
    new = {n: v for n, v in {**one.values, **links}.items() if n != "owner"}
    empty = {n: v for n, v in new.items() if n in record.__dict__ and mapping.is_empty(record.get(n)) and v not in (None, [])}
    losses = [_kept(env, done.lead, one.sources[n], label) for n, v in new.items() if n in one.sources and n not in empty
              and not _same(record.get(n), v)]
    if empty and key not in env.allowed_ids("update", one.name, [key]):
        done.messages.append(env.t(_("You may not change {record}: it was linked as it is.", record=label)))
        return losses + [_kept(env, done.lead, one.sources[n], label) for n in empty if n in one.sources]
    if empty:
        env.update(one.name, key, empty, source="conversion")
    return losses


def _kept(env: Env, lead: int, name: str, label: str) -> Loss:
    record = env.get(LEAD, lead, name)
    return _loss(env, record, name, env.t(_("{record} has another value.", record=label)))


def _same(stored: Any, new: Any) -> bool:
    if isinstance(stored, list):
        return {one.id for one in stored} >= set(new or ())
    return bool(getattr(stored, "id", stored) == new)


def _move_along(env: Env, lead: Any, place: str, done: Converted) -> None:
    """Notes, files and whatever else hangs on the lead follow, with their authors and dates, whoever wrote them."""
    with env.elevated(env.t(_("conversion of {lead}: notes and files follow", lead=lead.number))) as sudo:
        carry_over(sudo, (LEAD, lead.id), (place, done.results[place]), "conversion")


def _note_rest(env: Env, lead: Any, losses: Sequence[Loss], place: str, done: Converted) -> None:
    """What could not be carried over stays readable on the new record."""
    lines = "".join(f"<li><b>{escape(one.label)}</b>: {escape(one.value)}</li>" for one in _once(losses))
    title = escape(env.t(_("From lead {lead}, not carried over:", lead=lead.number)))
    if not env.can("create", "base.note"):
        done.messages.append(env.t(_("You may not write notes: some values stay on the lead only.")))
        return
    env.create("base.note", {"about": (place, done.results[place]), "body": f"<p>{title}</p><ul>{lines}</ul>"},
               source="conversion")


def _once(losses: Sequence[Loss]) -> list[Loss]:
    return list({loss.field: loss for loss in losses}.values())


def _close(env: Env, made: Plan, done: Converted) -> None:
    """Lock the lead, remember what it became, write history on it and on the results."""
    lead = made.lead
    values: dict[str, Any] = {
        "status": CONVERTED, "converted_at": env.now, "converted_by": env.actor.id,
        "days_to_convert": _days_since(env, min(lead.created_at, lead.first_touch_at or lead.created_at)),
        "conversion": {"batch": done.batch, "results": done.results, "created": done.created}}
    for one in made.targets:
        if one.target.result and one.name in done.results:
            values[one.target.result] = done.results[one.name]
    with env.elevated(env.t(_("conversion of {lead}", lead=lead.number))) as sudo:
        sudo.update(LEAD, lead.id, values, source="conversion")
    labels = {name: env.labels(name, [key]).get(key, f"#{key}") for name, key in done.results.items()}
    text = ", ".join(f"{env.t(env.registry.record(n).label)} “{label}”" for n, label in labels.items())
    env.log("convert", text, record=LEAD, record_id=lead.id, changes={"converted": [None, text]})
    for name, key in done.results.items():
        env.log("convert", f"{lead.number} {lead.name}", record=name, record_id=key,
                changes={"converted": [f"{lead.number} {lead.name}", None]})


def _days_since(env: Env, moment: dt.datetime) -> Decimal:
    """Days with one place, from the first touch on."""
    return Decimal(str(round(max((env.now - moment).total_seconds(), 0) / 86400, 1)))


# ---------------------------------------------------------------- many at once
@dataclass
class Outcome:
    """What became of one lead of many: its results, or the reason why it was left."""

    lead: int
    label: str
    done: Converted | None = None
    refused: Message | str = ""


def convert_many(env: Env, ids: Sequence[int], attempt: Callable[[], AbstractContextManager[None]], *,
                 owner: int | None = None, most: int = 200) -> list[Outcome]:
    """Convert leads one after the other, each as its plan says: sure duplicates are picked, the rest is created.

    A lead that cannot be converted is left as it is and told of; `attempt` gives a savepoint (`request.attempt`).
    """
    if len(ids) > most:
        raise SarnakhError(_("Convert at most {most} leads at a time.", most=most))
    labels = env.labels(LEAD, ids)
    found = []
    for key in ids:
        outcome = Outcome(key, labels.get(key, f"#{key}"))
        try:
            with attempt():
                outcome.done = convert(env, key, owner=owner)
        except SarnakhError as error:
            outcome.refused = error.message
        found.append(outcome)
    return found
