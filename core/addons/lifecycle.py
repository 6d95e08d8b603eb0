"""Enabling, upgrading, disabling and purging addons, and bringing a database up to date at the start.

Each is one upgrade of the schema: a candidate registry is compiled first (a broken addon is refused here, nothing has
changed yet), the plan is applied under the upgrade lock, and only then is the registry switched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, inspect, select, update
from sqlalchemy import table as sql_table

from core.addons import graph
from core.addons.discovery import BrokenManifest
from core.addons.manifest import Manifest
from core.addons.versions import compare
from core.env import Env
from core.errors import Conflict, DefinitionError, SarnakhError
from core.i18n.messages import Message, _
from core.registry.registry import Customising, Registry
from core.schema import ledger
from core.schema import purge as schema_purge
from core.schema.apply import Progress
from core.schema.export import keep_rows
from core.schema.lock import upgrading
from core.schema.upgrade import Report, UpgradePlan, plan_upgrade
from core.schema.upgrade import upgrade as schema_upgrade
from core.security.actor import SYSTEM
from core.version import VERSION

if TYPE_CHECKING:
    from core.installation import Installation

@dataclass
class AddonInfo:
    """One addon as the catalogue shows it. `state`: enabled, disabled, available, broken or needs_upgrade."""

    name: str
    version: str
    title: str
    summary: str = ""
    state: str = "available"
    depends: list[str] = field(default_factory=list)
    category: str = ""
    icon: str = "puzzle"
    installed_version: str = ""
    error: str = ""
    dependants: list[str] = field(default_factory=list)
    records: list[str] = field(default_factory=list)
    required: bool = False


@dataclass
class PurgePlan:
    """What purging would delete: tables with their row counts, columns added to other addons' tables."""

    addon: str
    tables: dict[str, int] = field(default_factory=dict)
    columns: list[tuple[str, str]] = field(default_factory=list)


# ---------------------------------------------------------------- the start
def start(inst: Installation) -> None:
    """Compile what is enabled and, when the definitions differ from the database's, upgrade it."""
    with inst.reading() as connection:
        names = inst.enabled_names(connection)
        fresh = not inspect(connection).has_table("sys_addon")
        customising = inst.customising(connection)
        known = ledger.fingerprint(connection)
    edition = inst.settings.addons.edition if fresh else ""
    if fresh:
        names = list(dict.fromkeys([*names, *inst.settings.addons.enabled_at_start]))
    if edition:
        names, customising = inst.edition_at_start(edition, names)
    registry = inst.compile_working(names, customising, inst.found)
    if fresh or known != fingerprint(registry):
        upgrade(inst, registry, also=inst.remember_edition if edition else None)
    inst.adopt(registry)
    if fresh:
        for manifest in registry.manifests:
            _announce(inst, "addon_enabled", manifest.name)


def fingerprint(registry: Registry) -> str:
    """Equal for equal tables of equal versions: a start that finds it in the database compares nothing."""
    parts = [VERSION, registry.digest]
    for table in registry.metadata.sorted_tables:
        parts.append(table.name + ":" + ",".join(f"{c.name} {c.type!r} {c.nullable}" for c in table.columns))
        parts.extend(sorted(str(i.name) for i in table.indexes))
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def upgrade(inst: Installation, registry: Registry, progress: Progress | None = None,
            also: Callable[[Connection], None] | None = None) -> Report:
    """Bring the database up to date with a registry: expand steps, schema and ledger at once, then data steps. `also` writes in
    the same transaction."""
    def remember(connection: Connection) -> None:
        _record_addons(connection, registry)
        bump_state(connection)
        if also is not None:
            also(connection)

    return schema_upgrade(inst.engine, registry, registry.manifests, fingerprint=fingerprint(registry),
                          progress=progress, before_commit=remember, vault=inst.vault)


def planned(inst: Installation) -> UpgradePlan:
    """What an upgrade would do now, without doing it."""
    with inst.reading() as connection:
        registry = inst.compile_working(inst.enabled_names(connection), inst.customising(connection), inst.found)
        return plan_upgrade(connection, registry, registry.manifests)


def _record_addons(connection: Connection, registry: Registry) -> None:
    table = registry.metadata.tables["sys_addon"]
    known = {r.name: r for r in connection.execute(select(table))}
    for manifest in registry.manifests:
        values = {"version": manifest.version, "state": ledger.ENABLED, "error": None, "manifest": manifest.as_dict()}
        if manifest.name in known:
            connection.execute(update(table).where(table.c.name == manifest.name).values(**values))
        else:
            connection.execute(insert(table).values(name=manifest.name, enabled_at=ledger.now(), **values))


def bump_state(connection: Connection) -> None:
    """Tell every process, with this transaction, that definitions and rights are others."""
    state = Registry.system_tables().state
    for name in ("registry", "access"):
        found = connection.execute(update(state).where(state.c.name == name).values(value=state.c.value + 1))
        if not found.rowcount:
            connection.execute(insert(state).values(name=name, value=1))


# ---------------------------------------------------------------- enable, disable
def enable(inst: Installation, names: Sequence[str], progress: Progress | None = None, lang: str = "") -> list[str]:
    """Enable addons with all they depend on; returns the names newly enabled, in order. Refuses a broken one whole.

    What they ship is in the language `lang`, without it in the installation's.
    """
    inst.discover()
    for name in names:
        _usable(inst, name)
    inst.refuse_outside_edition(names)
    with inst.reading() as connection:
        before, customising = inst.enabled_names(connection), inst.customising(connection)
    registry = inst.compile([*before, *names], customising, inst.found)
    added = [m.name for m in registry.manifests if m.name not in before]
    return _switch(inst, registry, added, progress, lang)


def _switch(inst: Installation, registry: Registry, added: list[str], progress: Progress | None,
            lang: str = "") -> list[str]:
    upgrade(inst, registry, progress)
    inst.adopt(registry)
    for name in added:
        _announce(inst, "addon_enabled", name, lang)
    with inst.env(SYSTEM) as env:
        for name in added:
            env.log("addon_enabled", name)
    return added


def _announce(inst: Installation, hook: str, addon: str, lang: str = "") -> None:
    with inst.env(SYSTEM, lang=lang or inst.settings.locale.default_language, trusted=True) as env:
        getattr(env.registry.plugins.hook, hook)(env=env, addon=addon)


def upgrade_addons(inst: Installation, names: Iterable[str] = (), progress: Progress | None = None) -> list[str]:
    """Bring addons whose files have a newer version into use; all of them when none is named."""
    inst.discover()
    with inst.reading() as connection:
        enabled, customising = inst.enabled_names(connection), inst.customising(connection)
    before = {m.name: m.version for m in inst.registry.manifests}
    registry = inst.compile(enabled, customising, inst.found)
    changed = [m.name for m in registry.manifests if before.get(m.name) != m.version and (not names or m.name in set(names))]
    upgrade(inst, registry, progress)
    inst.adopt(registry)
    return changed


def disable(inst: Installation, name: str) -> None:
    """Hide an addon: its menus, fields and records vanish, its data stay. Refused while others need it."""
    if name == "base":
        raise SarnakhError(_("“{name}” is needed by everything and stays."), name=name)
    with inst.reading() as connection:
        enabled, customising = inst.enabled_names(connection), inst.customising(connection)
    if name not in enabled:
        raise SarnakhError(_("“{name}” is not enabled."), name=name)
    needed = [n for n in graph.dependants(inst.found, name) if n in enabled]
    if needed:
        raise SarnakhError(_("“{name}” is needed by {others}: disable these first."), name=name, others=", ".join(needed))
    registry = inst.compile([n for n in enabled if n != name], customising)
    _announce(inst, "addon_disabled", name)
    with upgrading(inst.engine, copy=False) as connection:
        table = registry.metadata.tables["sys_addon"]
        connection.execute(update(table).where(table.c.name == name).values(state="disabled"))
        bump_state(connection)
        ledger.bump(connection, fingerprint(registry))
    inst.adopt(registry)
    with inst.env(SYSTEM) as env:
        env.log("addon_disabled", name)


def switch(inst: Installation, names: Sequence[str], customising: Customising, *, progress: Progress | None = None, lang: str = "",
           also: Callable[[Connection], None] | None = None) -> tuple[list[str], list[str]]:
    """Have exactly these addons (complete, with what they depend on) and this customising from now on: the others are disabled,
    their data stay. One switch for all; `also` writes in its transaction. Returns the names added and removed."""
    inst.discover()
    with inst.reading() as connection:
        before = inst.enabled_names(connection)
    registry = inst.compile(names, customising, inst.found)
    present = {m.name for m in registry.manifests}
    added, removed = [n for n in names if n not in before], [n for n in before if n not in present]
    for name in reversed(removed):
        _announce(inst, "addon_disabled", name)

    def write(connection: Connection) -> None:
        table = registry.metadata.tables["sys_addon"]
        connection.execute(update(table).where(table.c.name.in_(removed)).values(state="disabled"))
        if also is not None:
            also(connection)

    upgrade(inst, registry, progress, also=write)
    inst.adopt(registry)
    for name in added:
        _announce(inst, "addon_enabled", name, lang)
    with inst.env(SYSTEM) as env:
        for action, changed in (("addon_disabled", removed), ("addon_enabled", added)):
            for name in changed:
                env.log(action, name)
    return added, removed


# ---------------------------------------------------------------- purge
def purge_plan(inst: Installation, name: str) -> PurgePlan:
    """What purging a disabled addon would delete."""
    with inst.reading() as connection:
        if name in inst.enabled_names(connection):
            raise SarnakhError(_("“{name}” is enabled: disable it first."), name=name)
        steps = schema_purge.purge_plan(connection, inst.registry.metadata, name).destructive
        found = PurgePlan(name)
        for step in steps:
            if step.kind == "drop_table":
                found.tables[step.table] = connection.execute(select(func.count()).select_from(sql_table(step.table))).scalar_one()
        found.columns = [(s.table, s.name) for s in steps if s.kind == "drop_column"]
    return found


def purge(inst: Installation, name: str) -> PurgePlan:
    """Delete a disabled addon's tables and columns for good, having written their rows to files (`settings.dropped`)."""
    found = purge_plan(inst, name)
    columns: dict[str, list[str]] = {}
    for table, column in found.columns:
        columns.setdefault(table, []).append(column)
    with upgrading(inst.engine) as connection:
        for table, chosen in {**dict.fromkeys(found.tables, ()), **columns}.items():
            keep_rows(connection, table, inst.settings.dropped, chosen)
        schema_purge.purge(connection, inst.registry.metadata, name)
        addon = inst.registry.metadata.tables["sys_addon"]
        connection.execute(delete(addon).where(addon.c.name == name))
    with inst.env(SYSTEM) as env:
        env.log("addon_purged", name, changes={"tables": found.tables})
    return found


# ---------------------------------------------------------------- the catalogue
def catalogue(inst: Installation) -> list[AddonInfo]:
    """Every addon that was found, with its state, for the catalogue and `addon list`."""
    inst.discover()
    with inst.reading() as connection:
        table = ledger.define(Registry.blank_metadata()).addon
        rows = {r.name: r for r in connection.execute(select(table))} if inspect(connection).has_table("sys_addon") else {}
    made = [_info(inst, name, item, rows.get(name)) for name, item in sorted(inst.found.items())]
    gone = [n for n, r in rows.items() if n not in inst.found and r.state == ledger.ENABLED]
    made.extend(AddonInfo(n, rows[n].version or "", n, state="broken", error=Message("Its files are gone.")) for n in gone)
    return made


def _info(inst: Installation, name: str, item: Manifest | BrokenManifest, row: Any) -> AddonInfo:
    if isinstance(item, BrokenManifest):
        return AddonInfo(name, "", name, state="broken", error=item.error)
    state = "available" if row is None else row.state
    error = inst.broken.get(name, "")
    if error:
        state = "broken"
    elif row is not None and state == ledger.ENABLED and row.version and compare(row.version, item.version) != 0:
        state = "needs_upgrade"
    records = [r.name for r in inst.registry.records.values() if r.addon == name]
    return AddonInfo(name, item.version, item.title, item.summary, state, [str(d) for d in item.depends], item.category,
                     item.icon, row.version if row is not None else "", error, graph.dependants(inst.found, name), records,
                     name == "base")


def _usable(inst: Installation, name: str) -> Manifest:
    item = inst.found.get(name)
    if item is None:
        raise DefinitionError(_("There is no addon “{name}”."), name=name)
    if isinstance(item, BrokenManifest):
        raise DefinitionError(_("“{name}” cannot be used: {reason}"), name=name, reason=item.error)
    return item


def change_customising(env: Env, kind: str, target: str, data: Any, *, expected: Any = ...) -> None:
    """Store (or with None remove) one piece of customising that changes no table; every process compiles anew after the commit.
    With `expected` it is refused (Conflict) when something else is stored by now.

    Fields and record types go through :func:`core.customise.apply_pieces`.
    """
    if kind in ("record", "field"):
        raise DefinitionError(_("Fields and record types are changed together with the database."))
    table = env.registry.system.custom
    before = env.execute(select(table.c.data).where(table.c.kind == kind, table.c.target == target).with_for_update()
                         ).scalar_one_or_none()
    shipped = env.registry.shipped.get((kind, target), ("", None))[1]
    if expected is not ... and expected != (shipped if before is None else before):
        raise Conflict(_("Somebody else changed this meanwhile."))
    env.execute(delete(table).where(table.c.kind == kind, table.c.target == target))
    rows = dict(env.registry.customising.rows)
    rows.pop((kind, target), None)
    if data is not None:
        env.execute(insert(table).values(kind=kind, target=target, data=data, updated_at=env.now, updated_by_id=env.actor.id))
        rows[kind, target] = data
    env.installation.compile([m.name for m in env.registry.manifests], Customising(rows))
    env.log("customised", f"{kind} {target}", changes={"data": [before, data]}, record="customising")
    env.installation.bump(env, "registry")
