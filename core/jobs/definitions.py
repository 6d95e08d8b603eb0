"""What an addon says about its background work: handlers, subscriptions to events, schedules.

Decorators only mark functions; nothing is registered by importing. A registry gathers the marks of its addons'
`jobs` modules with :func:`collect` and checks them together with :func:`compile_jobs`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType, ModuleType
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from huey import crontab

from core.errors import DefinitionError, SarnakhError
from core.i18n.messages import _
from core.jobs.tables import DEFAULT_ATTEMPTS, TOPIC_LENGTH

Caller = Literal["caller", "system"]
HandlerFunction = Callable[[Any, Any], Any]
F = TypeVar("F", bound=HandlerFunction)

_MARKS = "__sarnakh_jobs__"


class Postpone(SarnakhError):
    """Raised by a handler: not now, come back in `seconds`. Undoes this attempt and does not count it."""

    def __init__(self, seconds: float, message: str = _("Put off until later.")) -> None:
        super().__init__(message)
        self.seconds = seconds


class GiveUp(SarnakhError):
    """Raised by a handler: trying again cannot help. The job goes to the dead letters at once."""


@dataclass(frozen=True, slots=True)
class Handler:
    """The function for one topic, called as `fn(env, job)`; what it returns (JSON) is the job's result.

    `retries`: tries after the first. `concurrency`: how many may run at a time in one installation, None for no
    limit. `timeout`: seconds until an attempt counts as failed and its work is refused. `as_actor`: "caller" runs as
    the user who queued the job, "system" as the system.
    """

    topic: str
    fn: HandlerFunction
    retries: int = DEFAULT_ATTEMPTS - 1
    concurrency: int | None = None
    timeout: float | None = None
    as_actor: Caller = "caller"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler of an event. Each subscriber of an event gets a job of its own, so one failing holds up no other."""

    event_topic: str
    fn: HandlerFunction
    retries: int = DEFAULT_ATTEMPTS - 1
    concurrency: int | None = None
    timeout: float | None = None
    as_actor: Caller = "caller"

    @property
    def topic(self) -> str:
        """The topic of this subscriber's own jobs: `leads.converted>sarnakh_deals.jobs.open_deal`."""
        return f"{self.event_topic}>{self.fn.__module__}.{self.fn.__qualname__}"

    def handler(self) -> Handler:
        """This subscription as the handler of its own topic."""
        return Handler(self.topic, self.fn, self.retries, self.concurrency, self.timeout, self.as_actor)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job queued by the clock. `cron` is "minute hour day month weekday" in `tz` (UTC unless named).

    Runs missed while nothing was running are made up for once, not once each; a run is skipped while the one before
    it is still unfinished.
    """

    name: str
    cron: str
    topic: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    tz: str = "UTC"

    def matcher(self) -> Callable[[dt.datetime], bool]:
        """A function telling whether an aware minute is due. Raises DefinitionError for a bad `cron` or `tz`."""
        parts = self.cron.split()
        try:
            if len(parts) != 5:
                raise ValueError(_("five parts are needed"))
            minute, hour, day, month, weekday = parts
            due = crontab(minute=minute, hour=hour, day=day, month=month, day_of_week=weekday, strict=True)
            zone = ZoneInfo(self.tz)
        except (ValueError, KeyError, OSError) as error:
            raise DefinitionError(_("Schedule {name}: '{cron}' in {tz} cannot be read: {reason}", name=self.name,
                                    cron=self.cron, tz=self.tz, reason=str(error))) from error
        return lambda moment: due(moment.astimezone(zone))


Definition = Handler | Subscription | Schedule


def job(topic: str, *, retries: int = DEFAULT_ATTEMPTS - 1, concurrency: int | None = None,
        timeout: float | None = None, as_actor: Caller = "caller") -> Callable[[F], F]:
    """Mark `fn(env, job)` as the handler of a topic: `@job("leads.import", retries=3)`."""
    def decorate(fn: F) -> F:
        return _mark(fn, Handler(topic, fn, retries, concurrency, timeout, as_actor))
    return decorate


def on_event(topic: str, *, retries: int = DEFAULT_ATTEMPTS - 1, concurrency: int | None = None,
             timeout: float | None = None, as_actor: Caller = "caller") -> Callable[[F], F]:
    """Mark `fn(env, job)` as a subscriber of an event: `@on_event("leads.converted")`. `job.payload` is the event's."""
    def decorate(fn: F) -> F:
        return _mark(fn, Subscription(topic, fn, retries, concurrency, timeout, as_actor))
    return decorate


def _mark(fn: F, mark: Handler | Subscription) -> F:
    setattr(fn, _MARKS, (*getattr(fn, _MARKS, ()), mark))
    return fn


def collect(module: ModuleType) -> list[Definition]:
    """All definitions written in `module`, in order; functions it only imported are left out."""
    found: list[Definition] = []
    for value in vars(module).values():
        if isinstance(value, Schedule):
            found.append(value)
        elif callable(value) and getattr(value, "__module__", None) == module.__name__:
            found.extend(mark for mark in getattr(value, _MARKS, ()) if mark not in found)
    return found


@dataclass(frozen=True, slots=True)
class JobDefinitions:
    """All background work of one registry, checked.

    `job_handlers` has every handler by the topic of its jobs (subscribers included, under their own topics),
    `subscriptions` the topics of the subscribers by event, `schedules` every schedule by name.
    """

    job_handlers: Mapping[str, Handler]
    subscriptions: Mapping[str, tuple[str, ...]]
    schedules: Mapping[str, Schedule]


def compile_jobs(definitions: Iterable[Definition]) -> JobDefinitions:
    """Check the definitions of all addons together. Raises DefinitionError naming both parties of a clash."""
    handlers: dict[str, Handler] = {}
    subscriptions: dict[str, tuple[str, ...]] = {}
    schedules: dict[str, Schedule] = {}
    for definition in definitions:
        if isinstance(definition, Schedule):
            if definition.name in schedules:
                raise DefinitionError(_("Two schedules are named {name}: rename one.", name=definition.name))
            definition.matcher()
            schedules[definition.name] = definition
            continue
        if isinstance(definition, Subscription):
            known = subscriptions.get(definition.event_topic, ())
            subscriptions[definition.event_topic] = (*known, definition.topic)
            definition = definition.handler()
        _check(definition, handlers)
        handlers[definition.topic] = definition
    for topic in subscriptions:
        if topic in handlers:
            raise DefinitionError(_("{topic} is both an event with subscribers and a job of {one}: rename one.",
                                    topic=topic, one=_where(handlers[topic].fn)))
    for schedule in schedules.values():
        if schedule.topic not in handlers and schedule.topic not in subscriptions:
            raise DefinitionError(_("Schedule {name} queues {topic}, which nothing handles: add @job(\"{topic}\").",
                                    name=schedule.name, topic=schedule.topic))
    return JobDefinitions(MappingProxyType(handlers), MappingProxyType(subscriptions), MappingProxyType(schedules))


def _check(handler: Handler, handlers: Mapping[str, Handler]) -> None:
    if handler.topic in handlers:
        raise DefinitionError(_("Two handlers for {topic}: {one} and {other}; rename one topic.", topic=handler.topic,
                                one=_where(handlers[handler.topic].fn), other=_where(handler.fn)))
    if not 0 < len(handler.topic) <= TOPIC_LENGTH:
        raise DefinitionError(_("The topic of {one} must have 1 to {limit} letters.", one=_where(handler.fn),
                                limit=TOPIC_LENGTH))
    if handler.retries < 0 or (handler.concurrency is not None and handler.concurrency < 1):
        raise DefinitionError(_("Handler {one}: retries must be 0 or more, concurrency 1 or more.",
                                one=_where(handler.fn)))


def _where(fn: HandlerFunction) -> str:
    return f"{fn.__module__}.{fn.__qualname__}"
