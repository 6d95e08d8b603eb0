"""Enabling, upgrading, disabling and purging addons, and bringing a database up to date at the start.

Each is one upgrade of the schema: a candidate registry is compiled first (a broken addon is refused here, nothing has
changed yet), the plan is applied under the upgrade lock, and only then is the registry switched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from core.schema.upgrade import UpgradePlan, plan_upgrade
from core.schema.upgrade import upgrade as schema_upgrade
from core.security.actor import SYSTEM
from core.version import VERSION

if TYPE_CHECKING:
    from core.installation import Installation, Stored

TRIES = 5
"""How often definitions are compiled anew because somebody else changed them at the same time."""


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
    fresh = False

    def compiled(stored: Stored) -> Registry:
        nonlocal fresh
        with inst.reading() as connection:
            fresh = not inspect(connection).has_table("sys_addon")
        names, customising = stored.names, stored.customising
        if fresh:
            names = list(dict.fromkeys([*names, *inst.settings.addons.enabled_at_start]))
        if fresh and inst.settings.addons.edition:
            names, customising = inst.edition_at_start(inst.settings.addons.edition, names)
        return inst.compile_working(names, customising, inst.found)

    def brought(registry: Registry, stored: Stored) -> dict[str, int]:
        with inst.reading() as connection:
            known = ledger.fingerprint(connection)
        if not fresh and known == fingerprint(registry):
            return stored.counters
        also = inst.remember_edition if fresh and inst.settings.addons.edition else None
        return upgrade(inst, registry, also=also, seen=stored.definitions)

    registry, _stored = _exchange(inst, compiled, brought)
    if fresh:
        for manifest in registry.manifests:
            _announce(inst, "addon_enabled", manifest.name)


class Overtaken(Conflict):
    """Somebody else changed the definitions while a registry was compiled of them."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this meanwhile."))


def _exchange(inst: Installation, make: Callable[[Stored], Registry], bring: Callable[[Registry, Stored], dict[str, int]],
              before: Callable[[Registry, Stored], None] | None = None) -> tuple[Registry, Stored]:
    """Have the registry that `make` compiles of what is stored, once `bring` has changed the database for it and said what
    the counters are then; both again when somebody else changed what is stored meanwhile. `before` is called once."""
    for turn in range(TRIES):
        with inst.reading() as connection:
            stored = inst.stored(connection)
        registry = make(stored)
        if turn == 0 and before is not None:
            before(registry, stored)
        try:
            inst.adopt(registry, bring(registry, stored))
            return registry, stored
        except Overtaken:
            if turn + 1 == TRIES:
                raise
    raise AssertionError


def fingerprint(registry: Registry) -> str:
    """Equal for equal tables of equal versions: a start that finds it in the database compares nothing."""
    parts = [VERSION, registry.digest]
    for table in registry.metadata.sorted_tables:
        parts.append(table.name + ":" + ",".join(f"{c.name} {c.type!r} {c.nullable}" for c in table.columns))
        parts.extend(sorted(str(i.name) for i in table.indexes))
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def upgrade(inst: Installation, registry: Registry, progress: Progress | None = None,
            also: Callable[[Connection], None] | None = None, seen: int | None = None) -> dict[str, int]:
    """Bring the database up to date with a registry: expand steps, schema and ledger at once, then data steps. `also` writes in
    the same transaction. Returns the change counters as they are then.

    `seen` is the counter of the definitions that the registry was compiled of; Overtaken when they are others by now.
    """
    counters: dict[str, int] = {}

    def remember(connection: Connection) -> None:
        counters.update(bump_state(connection))
        if seen is not None and counters["registry"] != seen + 1:
            raise Overtaken
        _record_addons(connection, registry)
        if also is not None:
            also(connection)

    schema_upgrade(inst.engine, registry, registry.manifests, fingerprint=fingerprint(registry), progress=progress,
                   before_commit=remember, vault=inst.vault)
    return counters


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


def bump_state(connection: Connection) -> dict[str, int]:
    """Tell every process, with this transaction, that definitions and rights are others; the counters as they are then. Whoever
    else changes definitions waits for this transaction."""
    state = Registry.system_tables().state
    counters: dict[str, int] = {}
    for name in ("registry", "access"):
        moved = update(state).where(state.c.name == name).values(value=state.c.value + 1).returning(state.c.value)
        found = connection.execute(moved).scalar()
        if found is None:
            connection.execute(insert(state).values(name=name, value=1))
        counters[name] = found or 1
    return counters


# ---------------------------------------------------------------- enable, disable
def enable(inst: Installation, names: Sequence[str], progress: Progress | None = None, lang: str = "") -> list[str]:
    """Enable addons with all they depend on; returns the names newly enabled, in order. Refuses a broken one whole.

    What they ship is in the language `lang`, without it in the installation's.
    """
    inst.discover()
    for name in names:
        _usable(inst, name)

    def compiled(stored: Stored) -> Registry:
        inst.refuse_outside_edition(names, stored.customising)
        return inst.compile([*stored.names, *names], stored.customising, inst.found)

    registry, before = _exchange(inst, compiled, lambda registry, stored: upgrade(inst, registry, progress, seen=stored.definitions))
    added = [m.name for m in registry.manifests if m.name not in before.names]
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
    before = {m.name: m.version for m in inst.registry.manifests}
    registry, _stored = _exchange(inst, lambda stored: inst.compile(stored.names, stored.customising, inst.found),
                                  lambda registry, stored: upgrade(inst, registry, progress, seen=stored.definitions))
    return [m.name for m in registry.manifests if before.get(m.name) != m.version and (not names or m.name in set(names))]


def disable(inst: Installation, name: str) -> None:
    """Hide an addon: its menus, fields and records vanish, its data stay. Refused while others need it."""
    if name == "base":
        raise SarnakhError(_("“{name}” is needed by everything and stays."), name=name)
    def compiled(stored: Stored) -> Registry:
        if name not in stored.names:
            raise SarnakhError(_("“{name}” is not enabled."), name=name)
        needed = [n for n in graph.dependants(inst.found, name) if n in stored.names]
        if needed:
            raise SarnakhError(_("“{name}” is needed by {others}: disable these first."), name=name, others=", ".join(needed))
        return inst.compile([n for n in stored.names if n != name], stored.customising)

    def write(registry: Registry, stored: Stored) -> dict[str, int]:
        with upgrading(inst.engine, copy=False) as connection:
            counters = bump_state(connection)
            if counters["registry"] != stored.definitions + 1:
                raise Overtaken
            table = registry.metadata.tables["sys_addon"]
            connection.execute(update(table).where(table.c.name == name).values(state="disabled"))
            ledger.bump(connection, fingerprint(registry))
        return counters

    _exchange(inst, compiled, write, lambda _registry, _stored: _announce(inst, "addon_disabled", name))
    with inst.env(SYSTEM) as env:
        env.log("addon_disabled", name)


def switch(inst: Installation, names: Sequence[str], changes: Mapping[tuple[str, str], Any], *, progress: Progress | None = None,
           lang: str = "", also: Callable[[Connection], None] | None = None) -> tuple[list[str], list[str]]:
    """Have exactly these addons (complete, with what they depend on) and these pieces of customising from now on: other addons are
    disabled, their data stay. One switch for all; `also` writes in its transaction. Returns the names added and removed."""
    inst.discover()

    def removed(registry: Registry, stored: Stored) -> list[str]:
        return [n for n in stored.names if n not in registry.addons]

    def announce(registry: Registry, stored: Stored) -> None:
        for name in reversed(removed(registry, stored)):
            _announce(inst, "addon_disabled", name)

    def bring(registry: Registry, stored: Stored) -> dict[str, int]:
        def write(connection: Connection) -> None:
            table = registry.metadata.tables["sys_addon"]
            connection.execute(update(table).where(table.c.name.in_(removed(registry, stored))).values(state="disabled"))
            if also is not None:
                also(connection)

        return upgrade(inst, registry, progress, also=write, seen=stored.definitions)

    registry, before = _exchange(
        inst, lambda stored: inst.compile(names, Customising({**stored.customising.rows, **changes}), inst.found), bring, announce)
    added, gone = [n for n in names if n not in before.names], removed(registry, before)
    for name in added:
        _announce(inst, "addon_enabled", name, lang)
    with inst.env(SYSTEM) as env:
        for action, changed in (("addon_disabled", gone), ("addon_enabled", added)):
            for name in changed:
                env.log(action, name)
    return added, gone


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
    With `expected` it is refused (Conflict) when something else holds by now.

    Fields and record types go through :func:`core.customise.apply_pieces`.
    """
    if kind in ("record", "field"):
        raise DefinitionError(_("Fields and record types are changed together with the database."))
    env.installation.bump(env, "registry")  # first of all: whoever else changes customising is through, or waits for us
    table = env.registry.system.custom
    rows = dict(env.installation.customising(env.connection).rows)
    before = rows.pop((kind, target), None)
    _addon, shipped = env.registry.shipped.get((kind, target), ("", None))
    if expected is not ... and (shipped if before is None else before) != expected:
        raise Conflict(_("Somebody else changed this meanwhile."))
    env.execute(delete(table).where(table.c.kind == kind, table.c.target == target))
    if data is not None:
        env.execute(insert(table).values(kind=kind, target=target, data=data, updated_at=env.now, updated_by_id=env.actor.id))
        rows[kind, target] = data
    env.installation.compile([m.name for m in env.registry.manifests], Customising(rows))
    env.log("customised", f"{kind} {target}", changes={"data": [before, data]}, record="customising")
