"""The bell: huey, which wakes workers across threads, processes and machines. It carries no work, only a name.

Alone it would lose a task whose worker is killed; here losing a message costs a few seconds, until the next sweep.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from huey import Huey, PostgresHuey, PriorityRedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from core.errors import SettingsError
from core.i18n.messages import _

log = logging.getLogger(__name__)

RINGS = 4
"""At most so many messages for one commit: a woken worker goes on until nothing is due."""

Listener = Callable[[str], None]


class JsonSerializer(Serializer):  # type: ignore[misc]  # huey has no annotations
    """Messages as JSON: whoever can write to the queue's storage cannot make a worker run code, as pickle would."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(data._asdict()).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(**json.loads(data))


class BellConsumer(Consumer):  # type: ignore[misc]  # huey has no annotations
    """huey's consumer without its signal handlers: the process that hosts it has its own."""

    def _set_signal_handlers(self) -> None:
        """Leave the process's signal handlers alone."""


class JobEngine:
    """One bell, shared by every installation of a deployment.

    `url`: `sqlite:///var/jobs.sqlite3` (a file of its own, never an installation's database), `postgresql://…` or
    `redis://…`. `name` keeps deployments apart that share a server. Raises SettingsError for anything else.
    """

    def __init__(self, url: str, name: str = "sarnakh") -> None:
        self.huey = build_huey(url, name)
        self._listener: Listener | None = None
        self._ring = self.huey.task(name="wake")(self._heard)

    def wake(self, installation: str, job_ids: Collection[int]) -> None:
        """Tell the workers that jobs were committed. Never fails: a lost bell is repaired by the sweep."""
        try:
            for _ring in range(min(len(job_ids), RINGS)):
                self._ring(installation)
        except Exception:  # whatever the storage raises, the business transaction is already committed
            log.warning("The job queue cannot be reached; the sweep will find the jobs.", exc_info=True)

    def waiting(self) -> int:
        """How many messages no worker has taken yet."""
        return int(self.huey.pending_count())

    def consume(self, listener: Listener, threads: int) -> Consumer:
        """Start `threads` daemon threads calling `listener(installation)` per message; `.stop(graceful=True)` ends."""
        self._listener = listener
        consumer = BellConsumer(self.huey, workers=threads, periodic=False, worker_type="thread", initial_delay=0.05,
                                backoff=1.2, max_delay=0.5, scheduler_interval=60, check_worker_health=False)
        consumer.start()
        return consumer

    def close(self) -> None:
        """Close this thread's connection to the storage."""
        self.huey.storage.close()

    def _heard(self, installation: str) -> None:
        if self._listener is not None:
            self._listener(installation)


def build_huey(url: str, name: str) -> Huey:
    """The huey for a storage address, see :class:`JobEngine`."""
    options: dict[str, Any] = {"name": name, "results": False, "serializer": JsonSerializer()}
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise _refused(url) from error
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(filename=parsed.database, **options)
    if backend == "postgresql":
        dsn = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey(dsn=dsn, table_prefix="sys_huey", **options)
    if backend in ("redis", "rediss"):
        return PriorityRedisHuey(url=url, **options)
    raise _refused(backend)


def _refused(what: str) -> SettingsError:
    return SettingsError(_("jobs.engine: {what} is not one of sqlite:///file, postgresql://…, redis://….", what=what))
