"""Writing one batch of converted rows: duplicates found, links resolved, what is wrong set aside, the rest written.

    rows ─ links ─ waves (a row that repeats one of its wave waits for the next) ─ match ─ create / update / skip
                                                                                      │
                                      a refused part is written again without its bad rows; if they are not named,
                                      it is cut in halves until they are alone

Everything goes through `env.create` and `env.update_each` with all their checks, and happens in the transaction of the
batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError

from core.errors import SarnakhError, ValidationFailed
from core.exchange.converting import Converters, Row
from core.exchange.dedupe import SeenKeys
from core.exchange.links import Links
from core.exchange.matching import Matcher, policy_for
from core.exchange.plan import CREATE, FILL, SKIP, Import
from core.exchange.reasons import Reason
from core.i18n.messages import _
from core.records.fields import ManyField, TagsField
from core.records.savepoints import savepoint

if TYPE_CHECKING:
    from core.env import Env

PATIENCE = 3
"""So many times a part is tried again without the rows that were named; then it is cut in halves."""
MOST_AT_ONCE = 1000

Write = Callable[[Sequence[Row]], None]


@dataclass
class Outcome:
    """What became of the rows of a batch: `bad` and `known` with their reasons, `made` and `changed` as written."""

    made: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    known: list[Row] = field(default_factory=list)
    bad: list[Row] = field(default_factory=list)


class Writer:
    """Writes the batches of one run. `dry`: the caller takes everything back, so nothing created can be relied on."""

    def __init__(self, env: Env, plan: Import, converters: Converters, dry: bool = False) -> None:
        self.env, self.plan, self.converters, self.dry = env, plan, converters, dry
        self.rtype = env.registry.record(plan.record)
        # Tags are free words: whoever may create them need not say so.
        tags = {f.target for f in self.rtype.fields.values() if isinstance(f, TagsField)}
        self.links = Links(env, {*plan.options.create_links, *tags})
        self.seen = SeenKeys()
        self.policy = plan.options.duplicates
        self.matcher = None if self.policy == CREATE else Matcher(env, self.rtype, policy_for(self.rtype, plan.options.keys))
        self.may_create = env.can("create", plan.record)
        self.may_update = env.can("update", plan.record)
        self.may_transfer = env.can("transfer", plan.record) if self.rtype.owned else True

    def write(self, rows: Sequence[Row], row_number: Callable[[int], int]) -> Outcome:
        """Write a batch; rows with reasons already are set aside."""
        outcome = Outcome()
        good = self._sift(rows, outcome)
        if self.dry and self.links.create_missing:
            self.links.forget()
        self.converters.resolve(good, self.links)
        waiting = self._sift(good, outcome)
        while waiting:
            wave, waiting = self._wave(waiting)
            self._write_wave(wave, outcome, row_number)
        return outcome

    @staticmethod
    def _sift(rows: Sequence[Row], outcome: Outcome) -> list[Row]:
        outcome.bad.extend(row for row in rows if row.reasons)
        return [row for row in rows if not row.reasons]

    # ---------------------------------------------------------------- duplicates
    def _wave(self, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """The rows that repeat no earlier one of the wave, and the others."""
        if self.matcher is None:
            return list(rows), []
        taken: set[tuple[int, str]] = set()
        wave: list[Row] = []
        later: list[Row] = []
        for row in rows:
            row.keys = self.matcher.keys(row.values)
            (later if taken.intersection(row.keys) else wave).append(row)
            taken.update(row.keys)
        return wave, later

    def _write_wave(self, wave: list[Row], outcome: Outcome, row_number: Callable[[int], int]) -> None:
        new, known = self._match(wave, outcome, row_number)
        new, gone = self._in_bin(new, outcome)
        if new and not self.may_create:
            reason = Reason(_("You may not create {record}.", record=self.rtype.plural))
            self._refuse(new, [reason], outcome)
            new = []
        self._isolate(new, self._create, outcome.made, outcome)
        self._update(known, outcome)
        self._isolate(gone, self._bring_back, outcome.changed, outcome)
        if self.matcher is not None:
            for row in wave:
                if not row.reasons:
                    self.seen.check(row.keys, row.index)

    def _match(self, wave: list[Row], outcome: Outcome, row_number: Callable[[int], int]) -> tuple[list[Row], list[Row]]:
        """The rows that are new, and those that match a record and are to change it."""
        if self.matcher is None:
            return wave, []
        new: list[Row] = []
        known: list[Row] = []
        asked = [row for row in wave if row.keys]
        found = dict(zip((row.index for row in asked), self.matcher.find([r.values for r in asked], [r.keys for r in asked]),
                         strict=True))
        for row in wave:
            matches = found.get(row.index, {})
            records = sorted(matches)
            earlier = self.seen.find(row.keys)
            if earlier is not None and self.policy == SKIP:
                self._skip(row, _("The row repeats row {row}.", row=row_number(earlier)), outcome)
            elif records and self.policy == SKIP:
                self._skip(row, _("Record #{record} is the same.", record=records[0]), outcome)
            elif len(records) > 1:
                numbers = ", ".join(f"#{record}" for record in records[:5])
                self._refuse([row], [Reason(_("Several records are the same: {records}.", records=numbers))], outcome)
            elif records:
                row.target = records[0]
                # What agrees stays as it is written in the record.
                row.agreed = frozenset(matches[row.target])
                known.append(row)
            elif earlier is not None and self.dry:
                outcome.changed.append(row)
            elif earlier is not None:
                self._skip(row, _("The row repeats row {row}.", row=row_number(earlier)), outcome)
            else:
                new.append(row)
        return new, known

    def _in_bin(self, rows: list[Row], outcome: Outcome) -> tuple[list[Row], list[Row]]:
        """The rows that are new all the same, and those whose record is to come back from the recycle bin."""
        asked = [row for row in rows if row.keys]
        if self.matcher is None or self.plan.options.deleted == CREATE or not asked:
            return rows, []
        gone: list[Row] = []
        back: set[int] = set()
        for row, matches in zip(asked, self.matcher.find([r.values for r in asked], [r.keys for r in asked], True), strict=True):
            found = max(matches, default=None)  # of several the one deleted last, as far as numbers tell
            if found is None:
                continue
            if self.plan.options.deleted == SKIP or found in back:
                self._skip(row, _("Record #{record} in the recycle bin is the same.", record=found), outcome)
            else:
                row.target, row.agreed = found, frozenset(matches[found])
                back.add(found)
                gone.append(row)
        taken = {row.index for row in gone}
        return [row for row in rows if row.index not in taken and not row.reasons], sorted(gone, key=lambda row: row.target or 0)

    @staticmethod
    def _skip(row: Row, message: str, outcome: Outcome) -> None:
        row.reasons.append(Reason(message))
        outcome.known.append(row)

    @staticmethod
    def _refuse(rows: Sequence[Row], reasons: list[Reason], outcome: Outcome) -> None:
        for row in rows:
            row.reasons.extend(reasons)
        outcome.bad.extend(rows)

    # ---------------------------------------------------------------- writing
    def _create(self, rows: Sequence[Row]) -> None:
        self.env.create(self.plan.record, [self.converters.for_creation(row) for row in rows], source="import")

    def _update(self, rows: list[Row], outcome: Outcome) -> None:
        allowed = self.env.allowed_ids("update", self.plan.record, {row.target for row in rows}) if rows else set()  # type: ignore[misc]
        forbidden = [row for row in rows if row.target not in allowed]
        self._refuse(forbidden, [Reason(_("You may see the record that this row would change, but not change it."))], outcome)
        waiting = [row for row in rows if row.target in allowed]
        while waiting:
            # Two rows can mean the same record by different keys: one after the other.
            once: dict[int, Row] = {}
            for row in waiting:
                once.setdefault(row.target, row)  # type: ignore[arg-type]
            part = sorted(once.values(), key=lambda row: row.target or 0)[:MOST_AT_ONCE]
            chosen = {id(row) for row in part}
            waiting = [row for row in waiting if id(row) not in chosen]
            self._isolate(part, self._change, outcome.changed, outcome)

    def _bring_back(self, rows: Sequence[Row]) -> None:
        self.env.restore(self.plan.record, [row.target for row in rows])  # type: ignore[misc]
        if self.policy != SKIP:
            self._change(rows)

    def _change(self, rows: Sequence[Row]) -> None:
        values = {row.target: self.converters.for_update(row, self.plan.options.clear) for row in rows}
        if not self.may_transfer:
            for one in values.values():
                one.pop("owner", None)
        if self.policy == FILL:
            self._only_empty(values)  # type: ignore[arg-type]
        # `update_each` names bad records by their place in the order of their numbers, which is that of `rows`.
        self.env.update_each(self.plan.record, values, source="import")  # type: ignore[arg-type]

    def _only_empty(self, values: dict[int, dict[str, Any]]) -> None:
        """Leave of the values those whose field is empty."""
        table, fields = self.rtype.table, self.rtype.fields
        names = sorted({name for one in values.values() for name in one})
        stored = [name for name in names if fields[name].stored]
        rows = self.env.execute(select(table.c.id, *(table.c[fields[n].column_name] for n in stored)).where(
            table.c.id.in_(list(values))))
        for key, *present in rows:
            for name, value in zip(stored, present, strict=True):
                if value not in (None, ""):
                    values[key].pop(name, None)
        for name in names:
            if isinstance(fields[name], ManyField):
                link = self.rtype.many[name]
                for key in self.env.execute(select(link.c.record_id).where(link.c.record_id.in_(list(values)))).scalars():
                    values[key].pop(name, None)

    def _isolate(self, rows: list[Row], write: Write, done: list[Row], outcome: Outcome) -> None:
        """Write rows together, without those that are refused; every refused one gets its reasons."""
        for _try in range(PATIENCE):
            if not rows:
                return
            try:
                with savepoint(self.env):
                    write(rows)
                done.extend(rows)
                return
            except ValidationFailed as refused:
                named = self._named(rows, refused)
                if not named:
                    self._halve(rows, write, done, outcome, refused)
                    return
                outcome.bad.extend(named)
                rows = [row for row in rows if not row.reasons]
            except (SarnakhError, IntegrityError, DataError) as error:
                self._halve(rows, write, done, outcome, error)
                return
        self._halve(rows, write, done, outcome, None)

    def _named(self, rows: Sequence[Row], refused: ValidationFailed) -> list[Row]:
        """The rows that the refusal names, with their reasons; none when some error is about the part as a whole."""
        if any(error.index is None or error.index >= len(rows) for error in refused.errors):
            return []
        for error in refused.errors:
            row = rows[error.index]  # type: ignore[index]
            row.reasons.append(Reason(error.message, self.converters.column_of(error.field), error.field))
        return [row for row in rows if row.reasons]

    def _halve(self, rows: list[Row], write: Write, done: list[Row], outcome: Outcome, error: Exception | None) -> None:
        if len(rows) > 1:
            middle = len(rows) // 2
            self._isolate(rows[:middle], write, done, outcome)
            self._isolate(rows[middle:], write, done, outcome)
        elif rows and error is None:
            self._isolate(rows, write, done, outcome)
        elif rows:
            self._refuse(rows, self._reasons(error), outcome)

    def _reasons(self, error: Exception | None) -> list[Reason]:
        if isinstance(error, ValidationFailed):
            return [Reason(one.message, self.converters.column_of(one.field), one.field) for one in error.errors]
        if isinstance(error, SarnakhError):
            return [Reason(error.message)]
        return [Reason(_("The database refused this row: a value occurs twice, is too long or names nothing."))]

