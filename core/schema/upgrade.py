"""An upgrade from beginning to end: expand steps, comparison, ledger, then data steps; contract steps on request."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, inspect, select

from core.addons.manifest import Manifest
from core.addons.versions import compare as compare_versions
from core.errors import UpgradeError
from core.i18n.messages import Message, _
from core.schema import ledger as ledgers
from core.schema.apply import Progress, apply
from core.schema.lock import upgrading
from core.schema.plan import Choice, Plan, plan
from core.schema.steps import HasMetadata, MigrationStep, history, load_steps, run_contract, run_data, run_expand
from core.schema.work import Step
from core.sealing import Vault


@dataclass(frozen=True)
class UpgradePlan:
    """What an upgrade would do, to be printed: steps of the schema and of the addons."""

    schema: Plan
    expand: tuple[MigrationStep, ...]
    data: tuple[MigrationStep, ...]
    contract: tuple[MigrationStep, ...]
    changed: tuple[MigrationStep, ...]
    versions: tuple[tuple[str, str, str], ...] = ()
    """Addons that come in another version: name, version until now, version from now on."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to be done by itself."""
        return self.schema.empty and not self.expand and not self.data

    def describe(self) -> list[Message]:
        """The whole plan in words, one line for each thing."""
        lines = [_("Addon {addon}: {before} becomes {after}", addon=name, before=before, after=after)
                 for name, before, after in self.versions]
        lines += [_("Migration step {step}", step=one.label) for one in self.expand]
        lines += self.schema.describe()
        lines += [_("Then, in batches: migration step {step}", step=one.label) for one in self.data]
        lines += [_("Only on request: migration step {step}", step=one.label) for one in self.contract]
        lines += [_("The file of the finished migration step {step} has been changed since", step=one.label)
                  for one in self.changed]
        return lines


@dataclass
class Report:
    """What an upgrade did."""

    schema: list[Step] = field(default_factory=list)
    expand: list[MigrationStep] = field(default_factory=list)
    data: list[MigrationStep] = field(default_factory=list)
    contract: list[MigrationStep] = field(default_factory=list)
    left: list[Message] = field(default_factory=list)


def all_steps(manifests: Iterable[Manifest]) -> list[MigrationStep]:
    """The steps of all addons, in the order of the addons."""
    return [one for manifest in manifests for one in load_steps(manifest)]


def plan_upgrade(connection: Connection, registry: HasMetadata, manifests: Collection[Manifest]) -> UpgradePlan:
    """Look what an upgrade would do; changes nothing."""
    steps = all_steps(manifests)
    past = history(connection)
    expand = past.pending(steps, "expand")
    renames = [(record.replace(".", "_"), old, new) for one in expand for record, old, new in one.declared.rename]
    return UpgradePlan(plan(connection, registry.metadata, declared_renames=renames), tuple(expand),
                       tuple(past.pending(steps, "data")), tuple(past.pending(steps, "contract")),
                       tuple(past.changed(steps)), tuple(_other_versions(connection, manifests)))


def upgrade(engine: Engine, registry: HasMetadata, manifests: Collection[Manifest] = (), *,
            allow_destructive: Choice = False, data: bool = True, wait: float = 30.0, fingerprint: str | None = None,
            progress: Progress | None = None, before_commit: Callable[[Connection], None] | None = None,
            vault: Vault | None = None) -> Report:
    """Bring a database up to date with the declared tables and the addons' migration steps.

    Expand steps, schema and `before_commit` (the caller's own writing, such as `sys_addon`) are one transaction: on
    any error the old state is whole and UpgradeError is raised. Data steps follow, batch by batch, unless `data` is
    False (then :func:`run_data` does them later). `wait` is in seconds. The registry's version is raised by one.
    """
    steps = all_steps(manifests)
    report = Report()
    with upgrading(engine, wait) as connection:
        _refuse_newer(connection, manifests)
        report.expand = history(connection).pending(steps, "expand")
        run_expand(connection, registry, steps)
        found = plan(connection, registry.metadata)
        report.schema = apply(connection, found, allow_destructive, progress)
        report.left = found.describe()[len(found.safe):]
        ledgers.bump(connection, fingerprint)
        if before_commit is not None:
            before_commit(connection)
    if data:
        report.data = run_data(engine, registry, steps, progress, wait, vault)
    return report


def contract(engine: Engine, registry: HasMetadata, manifests: Collection[Manifest], wait: float = 30.0, *,
             kept: Path | None = None) -> Report:
    """Run the contract steps that are due. They lose data for good: only ever on explicit request. `kept` is the folder for
    the rows of dropped tables."""
    steps = all_steps(manifests)
    with upgrading(engine, wait) as connection:
        done = run_contract(connection, registry, steps, {one.name: one.version for one in manifests}, kept)
        if done:
            ledgers.bump(connection)
    return Report(contract=done)


def _other_versions(connection: Connection, manifests: Collection[Manifest]) -> Iterator[tuple[str, str, str]]:
    """Name, recorded and present version of the addons whose version has changed."""
    table = ledgers.define(MetaData()).addon
    if not inspect(connection).has_table(table.name):
        return
    recorded = {row.name: row.version for row in connection.execute(select(table.c.name, table.c.version))}
    for manifest in manifests:
        before = recorded.get(manifest.name)
        if before and before != manifest.version:
            yield manifest.name, before, manifest.version


def _refuse_newer(connection: Connection, manifests: Collection[Manifest]) -> None:
    """An older program must not touch what a newer one has written."""
    for name, before, after in _other_versions(connection, manifests):
        if compare_versions(before, after) > 0:
            raise UpgradeError(_("This database was last used with {name} {newer}; the installed one is {older}."),
                               name=name, newer=before, older=after)
