"""What background work needs of its surroundings, so that it can be run by a server, a process of its own or a test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from core.jobs.definitions import Handler, Schedule


class JobEnv(Protocol):
    """The part of an environment that the runner uses."""

    @property
    def connection(self) -> Connection:
        """The connection in whose transaction the handler's changes are."""

    def commit(self) -> None:
        """Commit what was done so far and go on in a new transaction."""


class JobRegistry(Protocol):
    """The part of a registry that the runner uses; `compile_jobs` makes one."""

    @property
    def job_handlers(self) -> Mapping[str, Handler]:
        """Handlers by topic, those of subscriptions included."""

    @property
    def subscriptions(self) -> Mapping[str, tuple[str, ...]]:
        """Topics of the subscribers by event."""

    @property
    def schedules(self) -> Mapping[str, Schedule]:
        """Schedules by name."""


class JobInstallation(Protocol):
    """The part of an installation that the runner uses."""

    @property
    def name(self) -> str:
        """Name by which the bell tells installations apart."""

    @property
    def engine(self) -> Engine:
        """Engine of the installation's database."""

    @property
    def registry(self) -> JobRegistry:
        """The current registry."""

    def current(self) -> JobInstallation:
        """Itself, after looking whether its registry has to be changed."""

    def load_actor(self, actor_id: int | None) -> Any:
        """The acting user with that id; None is the system."""

    def env(self, *actor: Any, **options: Any) -> AbstractContextManager[Any]:
        """An environment: commits on a clean exit, rolls back on an exception. Option: `lang`."""


class Host(Protocol):
    """Who keeps the installations of a process."""

    def installations(self) -> Iterable[JobInstallation]:
        """All installations whose jobs this process works on."""

    def installation(self, name: str) -> JobInstallation | None:
        """One of them, None when it is not (or no longer) here."""


@dataclass(frozen=True, slots=True)
class OneInstallation:
    """A host of a single installation."""

    only: JobInstallation

    def installations(self) -> Iterable[JobInstallation]:
        """The one."""
        return (self.only.current(),)

    def installation(self, name: str) -> JobInstallation | None:
        """The one, if that is its name."""
        return self.only.current() if name == self.only.name else None


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How a worker works; times in seconds.

    `threads`: jobs at a time. `lease`: how long a vanished worker's job stays blocked. `beat`: how often progress is
    written and cancellation noticed. `sweep`: how often rows are looked for whose bell was lost. `backoff` and
    `backoff_limit`: the first and the longest pause before another try. `stop`: how long a stop waits for handlers.
    `keep_days`: finished jobs older than this are deleted, 0 keeps them.
    """

    threads: int = 2
    lease: float = 60.0
    beat: float = 1.0
    sweep: float = 5.0
    backoff: float = 10.0
    backoff_limit: float = 3600.0
    stop: float = 20.0
    keep_days: int = 14
