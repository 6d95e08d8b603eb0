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

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.expression import FromClause

from core.errors import AccessDenied, NotFound, SarnakhError
from core.expressions import Context, FieldInfo, OverValues, over_values, parse, to_sql
from core.i18n.calendars import Calendar, calendar
from core.i18n.formats import Formatter
from core.i18n.messages import _
from core.i18n.text import sort_key
from core.jobs import outbox
from core.query.among import among
from core.query.query import Query
from core.query.scope import Scope
from core.records import audit, creating, deriving, locks, numbering, removing, undo, uniqueness, updating
from core.records.inserting import insert_rows
from core.records.open_moves import open_moves
from core.records.savepoints import savepoint
from core.registry.compose import RecordType
from core.registry.registry import Registry
from core.sealing import Sealed
from core.security.access import Access
from core.security.actor import Actor

if TYPE_CHECKING:
    from core.installation import Installation

ALL_COUNTERS = ""
"""Stands among an environment's change counters when all were read: one that is missing was never moved."""
NOBODY_ID = 0
"""Whose work it is that a visitor queued: nobody's, so it runs with a visitor's rights and not with the system's."""


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
        self.unjudged: list[Any] | None = None
        """Moves whose conditions are asked when several writes are done (`moves.together`); None outside of that."""
        self.counters: dict[str, int] = {}
        """Change counters as this transaction saw them first, negative where it changed something itself."""
        self.held_for: Env | None = None
        """For whom records are locked although this environment has no limits: see `taking_back`."""
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

    def sort_key(self, text: str) -> str:
        """What to sort texts by so that a list of them in the actor's language follows its alphabet."""
        return sort_key(text, self.lang)

    def over_values(self, text: str, names: Mapping[str, str]) -> OverValues:
        """A condition over named values, such as an account and the order it gives: see :mod:`core.expressions.named`.

        Fields that the actor may not read are not known to it; passwords and the like to nobody.
        """
        def known(record: str, name: str) -> FieldInfo | None:
            found = self.registry.record(record).fields.get(name)
            seen = found is not None and not found.sensitive and self.access.readable(record, name)
            return self.registry.schema(record, name) if seen else None

        return over_values(parse(text), names, known)

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

    def _beside(self, actor: Actor, *, lang: str | None = None, trusted: bool = False, now: dt.datetime | None = None) -> Env:
        """Another environment of the same transaction and batch."""
        made = Env(self.installation, self.connection, self.registry, actor, lang=lang, trusted=trusted, now=now or self.now)
        made.batch, made.queued, made.on_commit, made.counters = self.batch, self.queued, self.on_commit, self.counters
        return made

    @contextmanager
    def elevated(self, reason: str) -> Iterator[Env]:
        """The same transaction without limits, for `reason`, which goes into the history of what it writes."""
        made = self._beside(self.actor, lang=self.lang, trusted=True)
        made.note = reason
        self.installation.log.debug("elevated", actor=self.actor.id, reason=reason)
        yield made

    @contextmanager
    def taking_back(self, reason: str) -> Iterator[Env]:
        """Like :meth:`elevated`, for putting back what was (undo, imports): rights do not matter, but locks hold for the
        actor as ever, so nothing that was finished meanwhile is changed behind them."""
        with self.elevated(reason) as made:
            made.held_for = self.held_for or (None if self.access.trusted else self)
            yield made

    def as_actor(self, actor: Actor) -> Env:
        """The same transaction for another person, with that person's limits."""
        return self._beside(actor)

    def speaking(self, lang: str) -> Env:
        """The same transaction and rights in another language: names that records have in it, numbers, messages."""
        made = self._beside(self.actor, lang=lang, trusted=self.access.trusted)
        made.access, made.note = self.access.kept_in(made.access), self.note
        return made

    def unseal(self, value: Sealed | None) -> str | None:
        """What a sealed value (a `fields.Secret`) holds; for elevated code only, which gives it to nobody."""
        if not self.access.trusted:
            raise AccessDenied(_("Secrets are not read here."))
        return None if value is None else self.installation.vault.open(value)

    def over(self, registry: Registry) -> Env:
        """The same transaction, person and rights with other definitions, as they might become."""
        return Env(self.installation, self.connection, registry, self.actor, lang=self.lang, trusted=self.access.trusted, now=self.now)

    def back_then(self, moment: dt.datetime, user_id: int | None) -> Env:
        """The same transaction at another moment and under another person's name, in a batch of its own.

        For demo companies and histories that are brought over; only who has no limits may write such history.
        """
        if not self.access.trusted:
            raise AccessDenied(_("Only elevated code may write history."))
        actor = Actor(id=user_id, is_super=True, tz=self.actor.tz, region=self.actor.region)
        made = self._beside(actor, lang=self.lang, trusted=True, now=moment)
        made.batch = uuid.uuid4().hex
        return made

    def _compile_where(self, rtype: RecordType, table: FromClause, where: Any) -> Any:
        node = self.registry.node(rtype.name, where(self) if callable(where) else where)
        return to_sql(node, Scope(self, rtype, table, trusted=True), self.context)

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
        rows = self.query(record).with_ids(keys).archived(None).deleted(None).select(rtype.title).spoken().rows()
        return {row["id"]: str(row[rtype.title] or f"#{row['id']}") for row in rows}

    def visible_ids(self, record: str, ids: Iterable[int]) -> list[int]:
        """Those of the numbers that are live records the actor may see."""
        rtype = self.registry.record(record)
        keys = sorted(set(ids))
        seen = self.access.predicate("read", rtype, rtype.table)
        found: list[int] = []
        for i in range(0, len(keys), 5000):
            statement = select(rtype.table.c.id).where(among(self.dialect, rtype.table.c.id, keys[i:i + 5000]),
                                                      rtype.table.c.deleted_at.is_(None))
            found.extend(self.execute(statement if seen is None else statement.where(seen)).scalars())
        return found

    def allowed_ids(self, operation: str, record: str, ids: Iterable[int]) -> set[int]:
        """Those of the numbers on which the actor may do the operation."""
        if not self.can(operation, record):
            return set()
        return set(self.query(record).for_operation(operation).with_ids(ids).archived(None).order("id").ids())

    def open_ids(self, operation: str, record: str, ids: Iterable[int]) -> set[int]:
        """Those of :meth:`allowed_ids` that no lock keeps from the actor ("read": those that are seen and not locked)."""
        found = set(self.visible_ids(record, ids)) if operation == "read" else self.allowed_ids(operation, record, ids)
        return found - self.locked(record, found).keys()

    def locked(self, record: str, ids: Iterable[int]) -> dict[int, str]:
        """Those of the numbers whose records are locked (`record_locked`) for the actor, each with the reason."""
        return locks.locked(self, self.registry.record(record), ids)

    def moves(self, record: str, ids: Iterable[int], field: str = "") -> dict[int, dict[str, list[str]]]:
        """Where records may be moved along their `record_moves` (or another choice or link) `field`: for each one its
        possible values (numbers as text) with the reasons against them, none where a move is open."""
        return open_moves(self, self.registry.record(record), ids, field)

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

    def derive(self, record: str, values: Mapping[int, Mapping[str, Any]]) -> int:
        """Write what follows from other values (read-only fields, in their stored form) without a new version, validators or
        hooks; history is kept for tracked fields. For elevated code; returns how many changed."""
        return deriving.derive(self, self.registry.record(record), values)

    def claim(self, query: Query, values: Mapping[str, Any], limit: int | None = None) -> list[int]:
        """:meth:`derive` the same values for what an elevated query finds, at most `limit`, for work that several workers share:
        what another transaction holds is left to it. Returns the numbers of those that are the caller's now."""
        return deriving.claim(self, query, values, limit)

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

    def next_number(self, series: str, pattern: str, on: dt.date | None = None, *, calendar: str = "gregorian",
                    starts: tuple[int, int] = (1, 1)) -> str:
        """The next number of a series without gaps, such as "INV-{year}-{number:05}"; others wait for it until the commit.

        With `{year}` (or `{yy}`) in the pattern each year has a counter of its own: the year of the day `on` in the
        `calendar`, beginning on the month and day that `starts` says.
        """
        return numbering.next_number(self, series, pattern, on or self.today, calendar, starts)

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
        result = action.run(found, self)
        self.registry.plugins.hook.after_action(env=self, record_name=record, action=name, ids=keys)
        return result

    def can_run(self, record: str, name: str) -> bool:
        """Whether the actor's profile lets an action be run at all."""
        action = self.registry.record(record).actions[name]
        decided = self.actor.profile.records.get(record, {}).get(f"action:{name}")
        if decided is None or self.access.unlimited:
            return self.can(action.needs, record)
        return decided and self.access.within(action.needs, record)

    def _ids(self, chosen: int | Iterable[int] | Query, operation: str) -> list[int]:
        if isinstance(chosen, int):
            return [chosen]
        return chosen.for_operation(operation).ids() if isinstance(chosen, Query) else list(chosen)

    # ---------------------------------------------------------------- what others must learn of
    def kept(self, name: str, *counters: str) -> dict[Any, Any]:
        """A dict for what was worked out from records that hardly ever change, kept until one of these counters moves.

        All work of this process shares it, whoever acts, so what is put into it must not depend on the actor and is read
        elevated. Whoever writes such records calls :meth:`changed` with the counter's name in the same transaction: that
        transaction then has a dict of its own, other processes begin a new one when it is committed.
        """
        if ALL_COUNTERS not in self.counters:
            self.learn({n: v for n, v in self.execute(self.registry.read_counters)})
        stamp = tuple(self.counters.get(counter, 0) for counter in counters)
        if all(value >= 0 for value in stamp):
            return self.registry.memo.slot(("kept", name), None, stamp)
        return self.cache.setdefault(("kept", name, stamp), {})  # type: ignore[no-any-return]

    def learn(self, counters: Mapping[str, int]) -> None:
        """Take over the change counters as they were read, but for those that this transaction moved itself."""
        self.counters.update({**counters, ALL_COUNTERS: 1, **self.counters})

    def changed(self, counter: str) -> None:
        """Tell all that is :meth:`kept` by this counter that it is out of date: here at once, elsewhere with the commit.

        Others that call this wait until this transaction ends, so it also serves to write one after the other.
        """
        self.installation.count(self, counter)

    # ---------------------------------------------------------------- side effects
    def emit(self, topic: str, payload: Mapping[str, Any], *, run_at: dt.datetime | None = None, dedupe: str | None = None) -> int | None:
        """Tell subscribers after the commit (outbox row in this transaction); nothing happens when there are none."""
        if not self.registry.subscribed(topic):
            return None
        return self.enqueue(topic, payload, run_at=run_at, dedupe=dedupe, is_event=True)

    def enqueue(self, topic: str, payload: Mapping[str, Any], *, run_at: dt.datetime | None = None,
                dedupe: str | None = None, is_event: bool = False) -> int:
        """Queue background work in this transaction; it runs as this actor after the commit."""
        nobody = self.actor.id is None and not self.access.trusted
        key = outbox.enqueue(self.connection, topic, payload, actor_id=NOBODY_ID if nobody else self.actor.id, lang=self.lang,
                             run_at=run_at, dedupe=dedupe, is_event=is_event)
        self.queued.append(key)
        return key

    def log(self, action: str, note: str = "", **details: Any) -> None:
        """A line of history that is not about a record's values (sign-in, export ...)."""
        audit.log(self, action, note, **details)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A savepoint: an exception inside takes back what was done in it, and the transaction goes on."""
        with savepoint(self):
            yield

    def commit(self) -> None:
        """Commit what was done so far and go on in a new transaction (long jobs, at their checkpoints)."""
        self.connection.commit()
        self.counters.clear()
        self.after_commit()

    @property
    def is_idle(self) -> bool:
        """Whether no transaction is open just now: after :meth:`commit`, before the next statement. Whoever calls other
        programs over the network does it then, so that nothing in the database waits for them."""
        return not self.connection.in_transaction()

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
        try:
            return self.connection.execute(statement, parameters)
        except IntegrityError as error:
            raise uniqueness.told(self, error) or error from error

    def insert_for(self, table: Any) -> Any:
        """The dialect's INSERT, which knows ON CONFLICT."""
        return postgresql.insert(table) if self.dialect == "postgresql" else sqlite.insert(table)

    def insert_many(self, table: Any, rows: list[dict[str, Any]]) -> None:
        """Insert complete rows."""
        try:
            insert_rows(self.connection, table, rows)
        except IntegrityError as error:
            raise uniqueness.told(self, error) or error from error
