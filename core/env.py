"""The environment of one piece of work: who acts, in which language and time zone, in which transaction.

Everything reads and writes records through an `Env`, and every statement it makes carries the actor's predicate. There
is no other door: addons get no connection. `elevated(reason)` gives the same transaction without limits, names its
reason and is written to history.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import FromClause

from core.errors import NotFound, SarnakhError
from core.expressions import Context, Expr, Node, to_sql
from core.i18n.calendars import Calendar, calendar
from core.i18n.formats import Formatter
from core.i18n.messages import _
from core.jobs import outbox
from core.query.query import Query
from core.query.scope import Scope
from core.records import audit, creating, removing, undo, updating
from core.registry.compose import RecordType
from core.registry.registry import Registry
from core.security.access import Access
from core.security.actor import Actor

if TYPE_CHECKING:
    from core.installation import Installation


class Env:
    """See the module's text. Made by `installation.env(actor)`, used as a context manager there."""

    def __init__(self, installation: Installation, connection: Connection, registry: Registry, actor: Actor, *,
                 lang: str | None = None, trusted: bool = False, now: dt.datetime | None = None) -> None:
        self.installation = installation
        self.connection = connection
        self.registry = registry
        self.actor = actor
        self.lang = lang or actor.lang
        self.now = now or dt.datetime.now(dt.UTC)
        self.batch = uuid.uuid4().hex
        self.note = ""
        self.dialect = connection.dialect.name
        self.queued: list[int] = []
        self.on_commit: list[Callable[[], None]] = []
        self.cache: dict[Any, Any] = {}
        self.counters: dict[str, int] | None = None
        """The change counters as this transaction sees them; None where nobody read them."""
        self.access = Access(registry, actor, self._compile_where, self.now, trusted)

    # ---------------------------------------------------------------- person and place
    @cached_property
    def tz(self) -> ZoneInfo:
        """The actor's time zone."""
        return ZoneInfo(self.actor.tz)

    @cached_property
    def calendar(self) -> Calendar:
        """The actor's calendar."""
        return calendar(self.actor.calendar)

    @cached_property
    def format(self) -> Formatter:
        """Formats and reads numbers, dates and money as the actor does."""
        return self.installation.formatter(self.lang, self.actor)

    @property
    def region(self) -> str:
        """Country of telephone numbers written without one."""
        return self.actor.region

    @cached_property
    def today(self) -> dt.date:
        """The day it is where the actor is."""
        return self.now.astimezone(self.tz).date()

    @cached_property
    def context(self) -> Context:
        """What expressions may know of the actor and the moment."""
        a = self.actor
        return Context(user_id=a.id, team_ids=a.team_ids, company_ids=a.company_ids, role_ids=a.role_ids,
                       subordinate_ids=a.subordinate_ids, now=self.now, tz=self.tz, calendar=a.calendar, lang=self.lang,
                       week_start=a.week_start)

    def t(self, message: str) -> str:
        """A text in the actor's language, with its values."""
        return self.installation.catalogs.translate(message, self.lang, self.actor.digits)

    # ---------------------------------------------------------------- permissions
    def can(self, operation: str, record: str, field: str | None = None) -> bool:
        """Whether the actor may do this with some records of the type (and read or update this field)."""
        if field is not None:
            check = self.access.readable if operation == "read" else self.access.writable
            return self.access.can(operation, record) and check(record, field)
        return self.access.can(operation, record)

    def require(self, operation: str, record: str) -> None:
        """Raise AccessDenied unless :meth:`can`."""
        self.access.require(operation, record)

    @contextmanager
    def elevated(self, reason: str) -> Iterator[Env]:
        """The same transaction without limits, for `reason`, which goes into the history of what it writes."""
        made = Env(self.installation, self.connection, self.registry, self.actor, lang=self.lang, trusted=True, now=self.now)
        made.batch, made.note, made.queued, made.on_commit = self.batch, reason, self.queued, self.on_commit
        self.installation.log.debug("elevated", actor=self.actor.id, reason=reason)
        yield made

    def as_actor(self, actor: Actor) -> Env:
        """The same transaction for another person, with that person's limits."""
        made = Env(self.installation, self.connection, self.registry, actor, now=self.now)
        made.batch, made.queued, made.on_commit = self.batch, self.queued, self.on_commit
        return made

    def _compile_where(self, rtype: RecordType, table: FromClause, where: Node | Expr | str) -> Any:
        return to_sql(self.registry.node(rtype.name, where), Scope(self, rtype, table, trusted=True), self.context)

    # ---------------------------------------------------------------- reading
    def query(self, record: str) -> Query:
        """Start a query over the live records of a type that the actor may see."""
        return Query(self, self.registry.record(record))

    def get(self, record: str, key: int, *paths: str) -> Any:
        """One record; NotFound when there is none or the actor may not see it. Archived ones are found too."""
        found = self.query(record).with_ids([key]).archived(None).records(*paths, limit=1)
        if not found:
            raise NotFound()
        return found[0]

    def browse(self, record: str, ids: Iterable[int], *paths: str) -> list[Any]:
        """The records with these numbers that the actor may see, in the order given."""
        keys = list(dict.fromkeys(ids))
        found = {r.id: r for r in self.query(record).with_ids(keys).archived(None).records(*paths)} if keys else {}
        return [found[k] for k in keys if k in found]

    def labels(self, record: str, ids: Iterable[int]) -> dict[int, str]:
        """Names of records by number, of those the actor may see."""
        rtype = self.registry.record(record)
        keys = list(set(ids))
        if not keys or not self.access.readable(record, rtype.title):
            return {}
        rows = self.query(record).with_ids(keys).archived(None).deleted(None).select(rtype.title).rows()
        return {row["id"]: str(row[rtype.title] or f"#{row['id']}") for row in rows}

    def visible_ids(self, record: str, ids: Iterable[int]) -> list[int]:
        """Those of the numbers that are live records the actor may see."""
        rtype = self.registry.record(record)
        keys = sorted(set(ids))
        seen = self.access.predicate("read", rtype, rtype.table)
        found: list[int] = []
        for i in range(0, len(keys), 5000):
            statement = select(rtype.table.c.id).where(rtype.table.c.id.in_(keys[i:i + 5000]), rtype.table.c.deleted_at.is_(None))
            found.extend(self.execute(statement if seen is None else statement.where(seen)).scalars())
        return found

    def allowed_ids(self, operation: str, record: str, ids: Iterable[int]) -> set[int]:
        """Those of the numbers on which the actor may do the operation."""
        if not self.can(operation, record):
            return set()
        return set(self.query(record).for_operation(operation).with_ids(ids).archived(None).order("id").ids())

    # ---------------------------------------------------------------- writing
    def create(self, record: str, values: Mapping[str, Any] | Sequence[Mapping[str, Any]], source: str = "") -> Any:
        """Create records from dicts of field values and return their numbers (one dict: one number)."""
        rtype = self.registry.record(record)
        if isinstance(values, Mapping):
            return creating.create(self, rtype, [dict(values)], source)[0]
        return creating.create(self, rtype, list(values), source)  # type: ignore[arg-type]

    def update(self, record: str, chosen: int | Iterable[int] | Query, values: Mapping[str, Any],
               versions: Mapping[int, int] | None = None, source: str = "") -> int:
        """Give all chosen records the same values; returns how many changed. `versions` guards against lost updates."""
        ids = self._ids(chosen, "update")
        return updating.update_each(self, self.registry.record(record), dict.fromkeys(ids, values), versions, source)

    def update_each(self, record: str, values: Mapping[int, Mapping[str, Any]], versions: Mapping[int, int] | None = None,
                    source: str = "") -> int:
        """Give each record its own values; returns how many changed."""
        return updating.update_each(self, self.registry.record(record), values, versions, source)

    def delete(self, record: str, chosen: int | Iterable[int] | Query) -> int:
        """Put records into the recycle bin."""
        return removing.delete(self, self.registry.record(record), self._ids(chosen, "delete"))

    def restore(self, record: str, chosen: int | Iterable[int]) -> int:
        """Bring records back from the recycle bin."""
        return removing.restore(self, self.registry.record(record), self._ids(chosen, "delete"))

    def purge(self, record: str, chosen: int | Iterable[int]) -> int:
        """Delete records in the recycle bin for good."""
        return removing.purge(self, self.registry.record(record), self._ids(chosen, "delete"))

    def archive(self, record: str, chosen: int | Iterable[int] | Query, archived: bool = True) -> int:
        """Set or clear the archive flag."""
        return removing.archive(self, self.registry.record(record), self._ids(chosen, "update"), archived)

    def undo(self, batch: str) -> undo.Undone:
        """Take back the writes of a batch that nobody touched since."""
        return undo.undo(self, batch)

    def run_action(self, record: str, name: str, ids: Iterable[int]) -> Any:
        """Run a record type's action on records on which the actor may do what it needs."""
        action = self.registry.record(record).actions.get(name)
        if action is None or not self.can_run(record, name):
            raise NotFound(_("There is no such action."))
        keys = list(dict.fromkeys(ids))
        query = self.query(record).for_operation(action.needs).with_ids(keys).archived(None).where(action.where)
        found = query.records()
        if len(found) < len(keys):
            raise SarnakhError(_("“{action}” does not fit {count} of the chosen records, or you may not do it there.",
                                 action=action.label, count=len(keys) - len(found)))
        return action.run(found, self)

    def can_run(self, record: str, name: str) -> bool:
        """Whether the actor's profile lets an action be run at all."""
        action = self.registry.record(record).actions[name]
        decided = self.actor.profile.records.get(record, {}).get(f"action:{name}")
        return self.access.unlimited or (self.can(action.needs, record) if decided is None else decided)

    def _ids(self, chosen: int | Iterable[int] | Query, operation: str) -> list[int]:
        if isinstance(chosen, int):
            return [chosen]
        return chosen.for_operation(operation).ids() if isinstance(chosen, Query) else list(chosen)

    # ---------------------------------------------------------------- side effects
    def emit(self, topic: str, payload: Mapping[str, Any], *, run_at: dt.datetime | None = None, dedupe: str | None = None) -> int | None:
        """Tell subscribers after the commit (outbox row in this transaction); nothing happens when there are none."""
        if not self.registry.subscribed(topic):
            return None
        return self.enqueue(topic, payload, run_at=run_at, dedupe=dedupe, is_event=True)

    def enqueue(self, topic: str, payload: Mapping[str, Any], *, run_at: dt.datetime | None = None,
                dedupe: str | None = None, is_event: bool = False) -> int:
        """Queue background work in this transaction; it runs as this actor after the commit."""
        key = outbox.enqueue(self.connection, topic, payload, actor_id=self.actor.id, lang=self.lang, run_at=run_at,
                             dedupe=dedupe, is_event=is_event)
        self.queued.append(key)
        return key

    def log(self, action: str, note: str = "", **details: Any) -> None:
        """A line of history that is not about a record's values (sign-in, export ...)."""
        audit.log(self, action, note, **details)

    def commit(self) -> None:
        """Commit what was done so far and go on in a new transaction (long jobs, at their checkpoints)."""
        self.connection.commit()
        self.after_commit()

    def after_commit(self) -> None:
        """Ring for queued jobs and run what waited for the commit."""
        queued, self.queued[:] = list(self.queued), []
        waiting, self.on_commit[:] = list(self.on_commit), []
        if queued:
            self.installation.wake(queued)
        for call in waiting:
            call()

    # ---------------------------------------------------------------- for the core's own rooms
    def execute(self, statement: Any, parameters: Any = None) -> Any:
        """Run a statement that already carries its predicate. Not for addons (a test holds that wall)."""
        return self.connection.execute(statement, parameters)

    def insert_for(self, table: Any) -> Any:
        """The dialect's INSERT, which knows ON CONFLICT."""
        return postgresql.insert(table) if self.dialect == "postgresql" else sqlite.insert(table)

    def insert_many(self, table: Any, rows: list[dict[str, Any]]) -> None:
        """Insert complete rows."""
        self.connection.execute(insert(table), rows)
