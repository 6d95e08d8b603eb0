"""The compiled whole of an installation's definitions: record types, tables, layouts, grants, handlers.

Built once per set of addons and customising, never changed afterwards; a change builds a new one beside it and the
installation switches over. It knows no database connection, so installations with the same definitions may share one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pluggy
from sqlalchemy import MetaData, select
from sqlalchemy.sql.expression import FromClause

from core import hookspecs, mail, replays, upkeep
from core.addons.discovery import AddonModules
from core.addons.manifest import Manifest
from core.errors import DefinitionError
from core.exchange import background
from core.exchange.tables import define as define_imports
from core.expressions import Expr, FieldInfo, Node, as_node, check, fields_read
from core.i18n.messages import _
from core.jobs.definitions import collect, compile_jobs
from core.jobs.tables import define as define_jobs
from core.layouts import Layer, Layout, LayoutChange, default_layout, merge
from core.layouts.listed import unlisted
from core.layouts.merge import Merged
from core.layouts.store import load_changes
from core.memo import Memo
from core.records import externals, filling, own_rules
from core.records.fields import ChoiceField, Field, FormulaField, RollupField, SystemId
from core.records.name_fields import NameField
from core.registry import own, system
from core.registry.compose import RecordType, compose
from core.registry.own.sources import Sources, sources_of_type
from core.registry.shipped import shipped
from core.registry.tables import build_tables
from core.schema import ledger
from core.security.grants import FieldGrant, Grant, PermissionSet
from core.security.sessions import define as define_sessions

CORE_JOBS: tuple[Any, ...] = tuple(item for module in (mail, background, upkeep, filling, replays) for item in collect(module))
PLANS = 256
"""How many lists' statements are kept; one takes about 40 KB."""
TRAIT = "trait:"
KIND = "kind:"
WITH = "with_"
LAYOUT_KINDS = ("form", "list", "card", "search", "kanban", "calendar", "quick", "print")


@dataclass
class Customising:
    """What an installation changed: rows of `sys_custom` by kind ("choice", "layout", ...) and target."""

    rows: dict[tuple[str, str], Any] = field(default_factory=dict)

    @cached_property
    def _by_kind(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for (kind, target), data in self.rows.items():
            found.setdefault(kind, {})[target] = data
        return found

    def of(self, kind: str) -> dict[str, Any]:
        """Data by target for one kind, to be read only: every page asks, so nothing is looked for."""
        return self._by_kind.get(kind, {})

    @property
    def digest(self) -> str:
        """Stable for equal customising."""
        text = json.dumps(sorted((k, t, d) for (k, t), d in self.rows.items()), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Registry:
    """See the module's text. `records` maps names to compiled record types."""

    def __init__(self, addons: Iterable[AddonModules], customising: Customising | None = None,
                 collation: str = "en") -> None:
        self.addons: dict[str, AddonModules] = {a.manifest.name: a for a in addons}
        self.shipped = shipped({name: a.manifest.path for name, a in self.addons.items()})
        below = {key: data for key, (_addon, data) in self.shipped.items()}
        self.customising = Customising({**below, **(customising or Customising()).rows})
        self.collation = collation
        self.metadata = MetaData()
        self.plugins = self._plugins()
        modules = [(name, m) for name, a in self.addons.items() for m in a.named("records")]
        self.own = own.read(self.customising.rows)
        self.records: dict[str, RecordType] = compose(modules, self.customising.of("choice"), self.own)
        self._checked: dict[tuple[str, Node], Any] = {}
        own.weeding.weed_expressions(self.own, self)
        self.plugins.register(own.offering.Offering(self), own.OWN)
        build_tables(self.records, self.metadata, collation)
        self.system = system.define(self.metadata)
        self.read_counters = select(self.system.state.c.name, self.system.state.c.value)
        ledger.define(self.metadata)
        define_jobs(self.metadata)
        define_sessions(self.metadata)
        replays.define(self.metadata)
        externals.define(self.metadata)
        define_imports(self.metadata)
        self.memo = Memo()
        self.plans = Memo(PLANS)
        self.faults: list[tuple[str, str]] = []
        self._aliases: dict[tuple[str, ...], FromClause] = {}
        self._merged: dict[tuple[str, ...], Merged] = {}
        self._sources: dict[str, dict[str, Sources]] = {}
        self.permission_sets: dict[str, PermissionSet] = {}
        self.grants: dict[str, list[Grant]] = {}
        self.field_grants: dict[str, list[FieldGrant]] = {}
        self._collect_security()
        self._collect_layouts()
        self._collect_jobs()
        self._check_definitions()
        for rtype in self.records.values():
            rtype.validators += tuple(own_rules.validators(rtype, self.own.rules.get(rtype.name, ())))

    @staticmethod
    def blank_metadata() -> MetaData:
        """Metadata to declare the core's own tables in before any registry exists."""
        return MetaData()

    @staticmethod
    def system_tables() -> system.SystemTables:
        """The core's own tables, before any registry exists."""
        return system.define(MetaData())

    @property
    def manifests(self) -> list[Manifest]:
        """Enabled addons in dependency order."""
        return [a.manifest for a in self.addons.values()]

    @property
    def digest(self) -> str:
        """Equal for registries compiled from equal definitions."""
        text = ",".join(f"{m.name}={m.version}" for m in self.manifests) + f"|{self.customising.digest}|{self.collation}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def record(self, name: str) -> RecordType:
        """A record type by name; DefinitionError when no enabled addon declares it."""
        found = self.records.get(name)
        if found is None:
            raise DefinitionError(_("There is no record type “{record}”."), record=name)
        return found

    def alias(self, record: str, *place: str) -> FromClause:
        """An alias of a record type's table for one place in a statement, made once: making one costs a millisecond."""
        key = (record, *place)
        found = self._aliases.get(key)
        if found is None:
            found = self._aliases[key] = self.record(record).table.alias()
        return found

    # ------------------------------------------------------------------ expressions
    def schema(self, record: str, name: str) -> FieldInfo | None:
        """What the expression language needs to know of a field."""
        rtype = self.records.get(record)
        found = rtype.fields.get(name) if rtype else None
        return None if found is None or found.opaque else field_info(found)

    def node(self, record: str, expression: Node | Expr | str, expect: str | None = None) -> Any:
        """A parsed and type-checked expression over a record type; checked once per registry."""
        node = as_node(expression)
        key = (record, node)
        if key not in self._checked:
            if len(self._checked) > 5000:
                self._checked.clear()
            self._checked[key] = check(node, record, self.schema, expect)
        return node

    def paths(self, record: str, expression: Node | Expr | str) -> frozenset[str]:
        """The fields, dotted through links, that an expression over a record type reads."""
        node = self.node(record, expression)
        return frozenset(self._checked[(record, node)].paths)

    def kind(self, record: str, expression: Node | Expr | str) -> str:
        """The kind of value that an expression over a record type has: "text", "number", "date" ..."""
        node = self.node(record, expression)
        return str(self._checked[(record, node)].type.kind)

    def forget_checked(self) -> None:
        """Check expressions anew: fields have got another type, or have gone (while a registry is compiled)."""
        self._checked.clear()

    def sources(self, record: str) -> dict[str, Sources]:
        """What each own formula and roll-up of a record type is worked out of: rights to it follow from rights to that."""
        found = self._sources.get(record)
        if found is None:
            found = self._sources[record] = sources_of_type(self.records, record)
        return found

    # ------------------------------------------------------------------ layouts
    def layout(self, record: str, kind: str, profile: str = "", kinds: Iterable[str] = ()) -> Merged:
        """The page layout of a record type as a profile sees it, before field security prunes it; `kinds` are those of the
        record ("status=won"), for which customising may have layers of its own."""
        key = (record, kind, profile, *kinds)
        if key not in self._merged:
            owners = ("installation", *(f"kind:{one}" for one in key[3:]), *([f"profile:{profile}"] if profile else []))
            self._merged[key] = merge(self.base_layout(record, kind), self.layers(record, kind, owners))
        return self._merged[key]

    def ships_layout(self, record: str, kind: str) -> bool:
        """Whether an addon wrote this layout; others are made from the fields, all of which are on it."""
        return (record, kind) in self._layouts

    def base_layout(self, record: str, kind: str) -> Layout:
        """The layout that an addon ships, or one made of the record type's fields."""
        rtype = self.record(record)
        return self._layouts.get((record, kind)) or self.own_layouts.get((record, kind)) or default_layout(
            record, kind, rtype.described, label=rtype.label, title=rtype.title, order=rtype.order)

    def has_layout(self, record: str, kind: str) -> bool:
        """Whether somebody made a layout of this kind, or changed it."""
        return (record, kind) in self._layouts or (record, kind) in self._changes or (record, kind) in self._customised

    def layers(self, record: str, kind: str, owners: Iterable[str] = ()) -> list[Layer]:
        """Layers over a layout: those of addons, the one for own fields that nobody of `owners` has put anywhere, then those of
        customising that belong to `owners`."""
        found = [change.layer(addon) for addon, change in self._changes.get((record, kind), [])]
        stored = self._customised.get((record, kind), {})
        above = [layer for owner in owners if stored.get(owner) and (layer := self._stored_layer(owner, stored[owner])) is not None]
        if (record, kind) in self._layouts:
            found += own.layouts.further(self.record(record), kind, above)
        return [*found, *above]

    def layout_owners(self, record: str, kind: str) -> list[str]:
        """Whose customising of a layout there is: "installation", "kind:status=won", "profile:3"."""
        return sorted(owner for owner, data in self._customised.get((record, kind), {}).items() if data)

    def kind_fields(self, record: str, kind: str) -> tuple[str, ...]:
        """The choices by whose values the layouts of records differ."""
        heads = (owner.removeprefix(KIND).partition("=")[0] for owner in self.layout_owners(record, kind) if owner.startswith(KIND))
        known = self.record(record).fields
        return tuple(name for name in dict.fromkeys(heads) if isinstance(known.get(name), ChoiceField))

    def kind_values(self, record: str, kind: str, name: str) -> list[str]:
        """The values of one of :meth:`kind_fields` for which there are layers."""
        head = f"{KIND}{name}="
        return [owner.removeprefix(head) for owner in self.layout_owners(record, kind) if owner.startswith(head)]

    def with_customising(self, kind: str, target: str, data: Any) -> Registry:
        """The same registry with one other piece of customising, for a look before it is kept: only for pieces that are read
        when a page is made (layouts), since nothing is compiled anew."""
        made = copy(self)
        made.customising = Customising({**self.customising.rows, (kind, target): data})
        made.memo, made.plans, made.faults, made._merged = Memo(), Memo(PLANS), [], {}
        made._customised = customised_layouts(made.customising)
        return made

    def _stored_layer(self, owner: str, data: Any) -> Layer | None:
        """A stored layer; one that cannot be read any more is left out, so that the page is still drawn."""
        try:
            return load_changes(data).layer(owner)
        except DefinitionError as error:
            self.faults.append((owner, error.message))
            return None

    def _collect_layouts(self) -> None:
        self._customised = customised_layouts(self.customising)
        self._layouts: dict[tuple[str, str], Layout] = {}
        self.own_layouts = own.layouts.made(self)
        self._changes: dict[tuple[str, str], list[tuple[str, LayoutChange]]] = {}
        for name, addon in self.addons.items():
            for module in addon.named("layouts"):
                for place in unlisted(module):
                    raise DefinitionError(_("{addon}: the layout at {place} is not used. Put it into the list LAYOUTS, or let "
                                            "its name begin with an underscore."), addon=name, place=place)
                for item in getattr(module, "LAYOUTS", ()):
                    if item.record.startswith(TRAIT):
                        for rtype in self.records.values():
                            if set(item.record.removeprefix(TRAIT).split("+")) <= rtype.traits and rtype.addon != name:
                                self._changes.setdefault((rtype.name, item.kind), []).append((name, item))
                        continue
                    if item.record not in self.records:
                        raise DefinitionError(_("{addon} has a layout for {record}, which is not declared."), addon=name,
                                              record=item.record)
                    if isinstance(item, Layout):
                        self._layouts[item.record, item.kind] = item
                    else:
                        self._changes.setdefault((item.record, item.kind), []).append((name, item))

    # ------------------------------------------------------------------ the rest
    def _plugins(self) -> pluggy.PluginManager:
        manager = pluggy.PluginManager("sarnakh")
        manager.add_hookspecs(hookspecs)
        for name, addon in self.addons.items():
            for module in addon.named("hooks"):
                folder = module.__name__.split(".")[-2]  # its own, or that of a companion
                manager.register(module, f"{name}+{folder.removeprefix(WITH)}" if folder.startswith(WITH) else name)
        try:
            manager.check_pending()
        except pluggy.PluginValidationError as error:
            plugin: Any = error.plugin
            raise DefinitionError(_("{addon}: {reason}"), addon=plugin.__name__, reason=str(error)) from error
        return manager

    def collected(self, hook: str, **arguments: Any) -> list[Any]:
        """The items of a collecting hook, flattened, in dependency order."""
        return [item for part in reversed(getattr(self.plugins.hook, hook)(**arguments)) for item in part or ()]

    def _collect_security(self) -> None:
        for addon in self.addons.values():
            for module in addon.named("security"):
                for one in getattr(module, "PERMISSION_SETS", ()):
                    self.permission_sets[one.name] = one
                for grant in getattr(module, "GRANTS", ()):
                    into: dict[str, list[Any]] = self.grants if isinstance(grant, Grant) else self.field_grants
                    into.setdefault(grant.record, []).append(grant)
        self.grants |= own.offering.grants(self)

    def _collect_jobs(self) -> None:
        found = [item for a in self.addons.values() for m in a.named("jobs") for item in collect(m)]
        compiled = compile_jobs([*CORE_JOBS, *found])
        self.job_handlers = compiled.job_handlers
        self.subscriptions = compiled.subscriptions
        self.schedules = compiled.schedules

    def subscribed(self, topic: str) -> bool:
        """Whether anybody listens to an event."""
        return topic in self.subscriptions

    def _check_definitions(self) -> None:
        for record, grants in self.grants.items():
            for grant in grants:
                self.record(record)
                if grant.set is not None and grant.set not in self.permission_sets:
                    raise DefinitionError(_("A grant on {record} names the permission set {set}, which does not exist."),
                                          record=record, set=grant.set)
                if grant.where is not None and not callable(grant.where):
                    self.node(record, grant.where)
        for rtype in self.records.values():
            if rtype.lock is not None:
                self.node(rtype.name, rtype.lock.where, "flag")
            for item in rtype.fields.values():
                self._check_field(rtype, item)

    def _check_field(self, rtype: RecordType, item: Field) -> None:
        if isinstance(item.default, (Node, Expr)) and fields_read(self.node(rtype.name, item.default)):
            raise DefinitionError(_("{record}.{field}: its default reads other fields, but a new record has no values yet."),
                                  record=rtype.name, field=item.name)
        if isinstance(item, FormulaField):
            self.node(rtype.name, item.expression)
        elif isinstance(item, RollupField):
            children = rtype.fields.get(item.children)
            if children is None or children.type_name != "children":
                raise DefinitionError(_("{record}.{field} rolls up {children}, which is not a children field."),
                                      record=rtype.name, field=item.name, children=item.children)
            for expression in (item.expression, item.where):
                if expression is not None:
                    self.node(children.target, expression)  # type: ignore[attr-defined]


def field_info(item: Field) -> FieldInfo:
    """A field as the expression language sees it."""
    kind = getattr(item, "result_type", None) or item.type_name
    options = tuple(o.value for o in item.options) if isinstance(item, ChoiceField) and not isinstance(item, NameField) else None
    return FieldInfo(kind, item.record if isinstance(item, SystemId) else getattr(item, "target", None), options)


def customised_layouts(customising: Customising) -> dict[tuple[str, str], dict[str, Any]]:
    """Stored layers of layouts, by (record, kind) and owner."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for target, data in customising.of("layout").items():
        record, kind, owner = [*target.split("|", 2), "", ""][:3]
        found.setdefault((record, kind), {})[owner] = data
    return found
