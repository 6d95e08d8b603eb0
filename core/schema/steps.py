"""Migration steps of addons: what a comparison cannot know, written by hand and run once per database.

A file `migrations/s0003_split_phone.py` holds functions marked with :func:`step`. Phase `expand` runs before the
comparison, in the transaction of the upgrade; `data` runs after it in batches that are each committed and resume where
they stopped; `contract` drops what is no longer needed, and runs only on explicit request.
"""

from __future__ import annotations

import importlib
import inspect as introspection
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from sqlalchemy import Connection, Engine, MetaData, func, insert, inspect, select, update

from core.addons.discovery import import_package
from core.addons.manifest import Manifest
from core.addons.versions import compare as compare_versions
from core.errors import DefinitionError, SarnakhError, UpgradeError
from core.i18n.messages import _
from core.schema import ledger as ledgers
from core.schema.apply import Progress
from core.schema.lock import upgrading
from core.schema.operations import Ops, table_name
from core.sealing import Vault

Phase = Literal["expand", "data", "contract"]
Function = TypeVar("Function", bound=Callable[..., None])
Rename = tuple[str, str, str]

_MARK = "sarnakh_step"
_PHASES = ("expand", "data", "contract")


class HasMetadata(Protocol):
    """A registry, or anything else that declares tables."""

    @property
    def metadata(self) -> MetaData:
        """The declared tables."""


@dataclass(frozen=True)
class Declaration:
    """What :func:`step` was given."""

    phase: Phase
    rename: tuple[Rename, ...]
    record: str | None
    batch: int
    after: str | None


@dataclass(frozen=True)
class MigrationStep:
    """One step of one addon; `name` is "file.function", `checksum` that of its file."""

    addon: str
    name: str
    checksum: str
    declared: Declaration
    function: Callable[..., None]

    @property
    def label(self) -> str:
        """How the step is called in messages."""
        return f"{self.addon}: {self.name}"


def step(*, phase: Phase, rename: Iterable[Rename] = (), record: str | None = None, batch: int = 1000,
         after: str | None = None) -> Callable[[Function], Function]:
    """Mark a function of a migration file as a step.

    `expand`: `f(ops)`; `rename` lists (record, old field, new field), done before the function is called. `data`:
    `f(ops, ids)` with at most `batch` ids of `record`, or `f(ops)` once when no record is named. `contract`: `f(ops)`,
    run only on request and, with `after`, not before the addon has reached that version.
    """
    if phase not in _PHASES:
        raise DefinitionError(_("A step's phase is one of {allowed}, not “{phase}”."), phase=phase,
                              allowed=", ".join(_PHASES))
    declaration = Declaration(phase, tuple((one[0], one[1], one[2]) for one in rename), record, max(1, batch), after)

    def mark(function: Function) -> Function:
        setattr(function, _MARK, declaration)
        return function

    return mark


def load_steps(manifest: Manifest) -> list[MigrationStep]:
    """The addon's steps in the order of their files, and within a file as they are written."""
    if not manifest.migrations.is_dir():
        return []
    package = import_package(manifest).__name__
    found: list[MigrationStep] = []
    for file in sorted(manifest.migrations.glob("s[0-9]*.py")):
        found += _steps_of(manifest, file, f"{package}.migrations.{file.stem}")
    return found


def _steps_of(manifest: Manifest, file: Path, module_name: str) -> list[MigrationStep]:
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        # Whatever the file raises: the addon's upgrade is refused with the reason, the installation goes on.
        raise DefinitionError(_("The migration file {file} of “{addon}” cannot be loaded: {reason}"), file=file.name,
                              addon=manifest.name, reason=f"{type(error).__name__}: {error}") from error
    checksum = ledgers.digest(file.read_text("utf-8"))
    marked = [one for _name, one in introspection.getmembers(module, introspection.isfunction) if hasattr(one, _MARK)]
    marked.sort(key=lambda one: one.__code__.co_firstlineno)
    return [MigrationStep(manifest.name, f"{file.stem}.{one.__name__}", checksum, getattr(one, _MARK), one)
            for one in marked]


@dataclass(frozen=True)
class History:
    """Which steps a database has behind it, and which addons it knows at all."""

    states: Mapping[tuple[str, str], tuple[str, str]]
    known: frozenset[str]

    def pending(self, steps: Iterable[MigrationStep], phase: Phase) -> list[MigrationStep]:
        """Steps of a phase still to be run; those of an addon that is new to the database never are."""
        return [one for one in steps if one.declared.phase == phase and one.addon in self.known
                and self.states.get((one.addon, one.name), ("", ""))[0] not in (ledgers.DONE, ledgers.SKIPPED)]

    def changed(self, steps: Iterable[MigrationStep]) -> list[MigrationStep]:
        """Steps whose file is no longer what it was when they ran."""
        return [one for one in steps if (one.addon, one.name) in self.states
                and self.states[one.addon, one.name][1] != one.checksum]


def history(connection: Connection) -> History:
    """Read what was done; nothing for a new database."""
    tables = ledgers.define(MetaData())
    present = set(inspect(connection).get_table_names())
    states: dict[tuple[str, str], tuple[str, str]] = {}
    known: set[str] = set()
    if tables.migration.name in present:
        for row in connection.execute(select(tables.migration)):
            states[row.addon, row.step] = (row.state, row.checksum)
            known.add(row.addon)
    if tables.schema_object.name in present:
        known.update(connection.scalars(select(tables.schema_object.c.addon).distinct().where(
            tables.schema_object.c.addon.is_not(None))))
    if tables.addon.name in present:
        known.update(connection.scalars(select(tables.addon.c.name).where(tables.addon.c.state == ledgers.ENABLED)))
    return History(states, frozenset(known))


def run_expand(connection: Connection, registry: HasMetadata, steps: Collection[MigrationStep]) -> list[Rename]:
    """Run pending expand steps in the present transaction: renames first, then the function.

    Returns the (table, old, new) renames that were carried out. Steps of addons that are new to this database are
    noted as not needed: their tables are made as they now are.
    """
    past = history(connection)
    ledgers.ensure(connection)
    for one in steps:
        if one.addon not in past.known:
            note(connection, one, ledgers.SKIPPED)
    ops = Ops(connection, registry.metadata, "expand")
    renames: list[Rename] = []
    for one in past.pending(steps, "expand"):
        for record, old, new in one.declared.rename:
            _call(one, ops.rename_field, record, old, new)
            renames.append((table_name(record), old, new))
        _call(one, one.function, ops)
        note(connection, one, ledgers.DONE)
    return renames


def run_data(engine: Engine, registry: HasMetadata, steps: Collection[MigrationStep],
             progress: Progress | None = None, wait: float = 30.0, vault: Vault | None = None) -> list[MigrationStep]:
    """Run the pending data steps, each batch in its own transaction; stopped at any point, it resumes there."""
    metadata = registry.metadata
    with engine.connect() as connection:
        pending = history(connection).pending(steps, "data")
    for one in pending:
        with engine.connect() as connection:
            total = remaining(connection, metadata, one)
        done, more = 0, True
        while more:
            with upgrading(engine, wait, copy=False, shape=False) as connection:
                if not history(connection).pending([one], "data"):
                    break  # another process finished it meanwhile
                count, more = run_batch(connection, metadata, one, vault)
            done += count
            if progress is not None:
                progress(done, max(total, done), _("Migration step {step}", step=one.label))
    return pending


def run_batch(connection: Connection, metadata: MetaData, one: MigrationStep,
              vault: Vault | None = None) -> tuple[int, bool]:
    """Run one batch of a data step and store the cursor; gives how many records it had and whether more may come."""
    ops = Ops(connection, metadata, "data", vault)
    record = one.declared.record
    if record is None:
        _call(one, one.function, ops)
        note(connection, one, ledgers.DONE)
        return 1, False
    cursor = stored_cursor(connection, one)
    ids = ops.ids(record, after=cursor, limit=one.declared.batch)
    if ids:
        _call(one, one.function, ops, ids)
    more = len(ids) == one.declared.batch
    note(connection, one, ledgers.RUNNING if more else ledgers.DONE, ids[-1] if ids else cursor)
    return len(ids), more


def remaining(connection: Connection, metadata: MetaData, one: MigrationStep) -> int:
    """How many records a data step still has before it; 1 for a step that is one piece."""
    if one.declared.record is None:
        return 1
    table = Ops(connection, metadata, "data").table(one.declared.record)
    return connection.scalar(select(func.count()).select_from(table).where(
        table.c.id > stored_cursor(connection, one))) or 0


def run_contract(connection: Connection, registry: HasMetadata, steps: Collection[MigrationStep],
                 versions: Mapping[str, str], kept: Path | None = None) -> list[MigrationStep]:
    """Run the contract steps that are due: data steps of the addon done, its version not below `after`; rows of dropped
    tables go to files in the folder `kept`."""
    past = history(connection)
    busy = {one.addon for one in past.pending(steps, "data")}
    due = [one for one in past.pending(steps, "contract") if one.addon not in busy
           and (one.declared.after is None or compare_versions(versions[one.addon], one.declared.after) >= 0)]
    ops = Ops(connection, registry.metadata, "contract", kept=kept)
    for one in due:
        _call(one, one.function, ops)
        note(connection, one, ledgers.DONE)
    return due


def _call(one: MigrationStep, function: Callable[..., None], *arguments: Any) -> None:
    try:
        function(*arguments)
    except SarnakhError:
        raise
    except Exception as error:
        # An addon's step may fail in any way; the upgrade is undone and the step named.
        raise UpgradeError(_("The migration step {step} failed: {reason}"), step=one.label,
                           reason=f"{type(error).__name__}: {error}") from error


def stored_cursor(connection: Connection, one: MigrationStep) -> int:
    """The last id that a data step is through with."""
    table = ledgers.define(MetaData()).migration
    return connection.scalar(select(table.c.cursor).where(table.c.addon == one.addon, table.c.step == one.name)) or 0


def note(connection: Connection, one: MigrationStep, state: str, cursor: int | None = None) -> None:
    """Write a step's state into the ledger."""
    table = ledgers.define(MetaData()).migration
    moment = ledgers.now()
    values: dict[str, Any] = {"checksum": one.checksum, "state": state, "cursor": cursor,
                              "finished_at": None if state == ledgers.RUNNING else moment}
    changed = connection.execute(update(table).where(table.c.addon == one.addon, table.c.step == one.name)
                                 .values(**values))
    if not changed.rowcount:
        connection.execute(insert(table).values(addon=one.addon, step=one.name, started_at=moment, **values))
