"""Composing record types out of the definitions of many addons.

    contacts: class Account(Record)          leads: class AccountLeads(Extension)        sms: class AccountSms(Extension)
         fields a, b, c                           extends = "contacts.account"                extends = "contacts.account"
                     \\                                        |                                   /
                      `---------- type("Account", (AccountSms, AccountLeads, Account), {}) -------'
                                  fields: Account's, then each extension's, then the installation's own

Extensions come in dependency order and the last one answers first, so `super()` reaches what it builds upon. Nothing
here touches a database; every clash is a DefinitionError that names both parties.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from types import ModuleType
from typing import Any

from sqlalchemy import Table

from core.errors import DefinitionError
from core.i18n.messages import Message, Words, _
from core.layouts.default import FieldDescription
from core.records.base import Action, Changed, Extension, Record
from core.records.fields import USER, ChildrenField, ChoiceField, Field, LinkField, ManyField, NamesField, Option, system_fields
from core.registry.own import OWN, Own
from core.registry.own.weeding import weed

TRAITS = ("owned", "shared_owners", "noted")
RESERVED = frozenset(n for n in vars(Record) if not n.startswith("__"))


@dataclass(frozen=True)
class Validator:
    """A validator and the fields whose change makes it run (none: always)."""

    fields: tuple[str, ...]
    run: Callable[[Any, Any], Iterable[Any]]


@dataclass(frozen=True)
class Computed:
    """A stored field and the function that computes it from other fields of the same record."""

    field: str
    paths: tuple[str, ...]
    run: Callable[[Any, Any], list[Any]]


@dataclass(frozen=True)
class Lock:
    """When a record is locked, why, which fields stay open, the right that opens all, and what may happen to files."""

    where: Any
    reason: str
    open: tuple[str, ...]
    right: str
    files: str


@dataclass
class RecordType:
    """One compiled record type of one registry."""

    name: str
    addon: str
    cls: type[Record]
    fields: dict[str, Field]
    label: str
    plural: str
    icon: str
    title: str
    order: tuple[str, ...]
    traits: frozenset[str]
    parent: str | None
    remarks: bool = False
    lock: Lock | None = None
    moves: str = ""
    moves_strict: bool = False
    validators: tuple[Validator, ...] = ()
    computed: tuple[Computed, ...] = ()
    actions: dict[str, Action] = field(default_factory=dict)
    table: Table = None  # type: ignore[assignment]
    many: dict[str, Table] = field(default_factory=dict)
    inbound: list[tuple[str, str]] = field(default_factory=list)

    @property
    def owned(self) -> bool:
        """Whether records have an owner, and so organisation-wide defaults and sharing."""
        return "owned" in self.traits

    @cached_property
    def search_fields(self) -> tuple[str, ...]:
        """Names of the fields whose text the search box finds."""
        return tuple(n for n, f in self.fields.items() if f.search and f.stored)

    @property
    def described(self) -> list[FieldDescription]:
        """The fields as layouts that are made of them need them."""
        return [FieldDescription(f.name, f.type_name, f.label, f.required) for f in self.fields.values()
                if not f.system and f.type_name != "data"]

    def inbound_children(self, types: dict[str, RecordType]) -> list[tuple[RecordType, ChildrenField]]:
        """The children fields of other types that hold records of this one."""
        return [(t, f) for t in types.values() for f in t.fields.values()
                if isinstance(f, ChildrenField) and f.target == self.name]

    def field(self, name: str) -> Field:
        """A field by name; DefinitionError when there is none."""
        found = self.fields.get(name)
        if found is None:
            raise DefinitionError(_("{record} has no field “{field}”."), record=self.name, field=name)
        return found


@dataclass
class _Draft:
    base: type[Record]
    addon: str
    extensions: list[tuple[str, type[Extension]]] = field(default_factory=list)


def compose(modules: Iterable[tuple[str, ModuleType]], choices: dict[str, list[dict[str, Any]]] | None = None,
            own: Own | None = None) -> dict[str, RecordType]:
    """All record types declared by the `records` modules, given as (addon, module) in dependency order.

    `choices` are the installation's edits of picklists by "record.field", `own` the record types and fields that it made.
    """
    own = own or Own()
    drafts: dict[str, _Draft] = {}
    everywhere: list[tuple[str, type[Extension]]] = []
    for (addon, _part), group in groupby(modules, lambda pair: (pair[0], pair[1].__name__.partition(".records")[0])):
        parts = [module for _addon, module in group]  # those of one package: their types first, then what extends them
        for cls in (c for module in parts for c in _declared(module, Record)):
            if not cls.record_name:
                continue
            if cls.record_name in drafts:
                raise DefinitionError(_("{record} is declared by {one} and by {other}: rename one."),
                                      record=cls.record_name, one=drafts[cls.record_name].addon, other=addon)
            if cls.record_name.split(".")[0] != addon:
                raise DefinitionError(_("{record} is declared by {addon}: its name must start with “{addon}.”."),
                                      record=cls.record_name, addon=addon)
            drafts[cls.record_name] = _Draft(cls, addon)
        for ext in (c for module in parts for c in _declared(module, Extension)):
            if ext.extends_trait:
                everywhere.append((addon, ext))
                continue
            if ext.extends not in drafts:
                raise DefinitionError(_("{addon} extends {record}, which no enabled addon declares before it."),
                                      addon=addon, record=ext.extends or ext.__name__)
            drafts[ext.extends].extensions.append((addon, ext))
    drafts |= {cls.record_name: _Draft(cls, OWN) for cls in own.classes}
    for addon, ext in everywhere:
        _extend_trait(drafts.values(), addon, ext)
    types = {name: _build(name, draft, own.fields.get(name, {})) for name, draft in drafts.items()}
    _apply_choices(types, choices or {})
    weed(own, types)
    _check_links(types)
    return types


def _extend_trait(drafts: Iterable[_Draft], addon: str, ext: type[Extension]) -> None:
    """Add an extension to all types of other addons that have its trait."""
    if ext.extends_trait not in TRAITS:
        raise DefinitionError(_("{record}: unknown trait {trait}."), record=ext.__name__, trait=ext.extends_trait)
    for draft in drafts:
        if ext.extends_trait in draft.base.record_traits and draft.addon != addon:
            draft.extensions.append((addon, ext))


def _declared(module: ModuleType, kind: type) -> list[Any]:
    own = [c for c in vars(module).values() if inspect.isclass(c) and issubclass(c, kind) and c is not kind]
    return [c for c in own if c.__module__ == module.__name__]


def _build(name: str, draft: _Draft, custom: dict[str, Field]) -> RecordType:
    base = draft.base
    traits = frozenset(base.record_traits)
    if traits - set(TRAITS):
        raise DefinitionError(_("{record}: unknown trait {trait}."), record=name, trait=", ".join(traits - set(TRAITS)))
    fields = _Fields(name)
    for fname, made in system_fields().items():
        fields.add(fname, made, "core")
    for fname, made in _own_fields(base):
        fields.add(fname, made, draft.addon)
    if "owned" in traits:
        must = base.record_unowned is None
        owner = LinkField(USER, _("Owner"), default=(lambda env: env.actor.id) if must else None, required=must,
                          on_delete="restrict", index=False)
        fields.add("owner", owner, "core")
    if "shared_owners" in traits:
        fields.add("co_owners", ManyField(USER, _("Co-owners")), "core")
    for addon, ext in draft.extensions:
        for fname, made in _own_fields(ext):
            fields.add(fname, made, addon)
        for fname, altered in vars(ext).items():
            if isinstance(altered, Changed):
                _alter(fields, name, fname, altered.options, addon)
    for fname, made in custom.items():
        fields.add(fname, made, OWN)
    bases = tuple(ext for _addon, ext in reversed(draft.extensions)) + (base,)
    cls: type[Record] = type(base.__name__, bases, {"__module__": base.__module__, "__doc__": base.__doc__, **fields})
    _read_by(cls, name, fields)
    validators, computed, actions = _marks(bases, name, fields, draft.addon)
    label = base.record_label or Message(base.__name__)
    return RecordType(name=name, addon=draft.addon, cls=cls, fields=fields, label=label,
                      plural=base.record_plural or label, icon=base.record_icon, title=base.record_title,
                      order=tuple(base.record_order), traits=traits, parent=base.record_parent, remarks=base.record_remarks,
                      lock=_lock(cls, name, fields), moves=_moves(cls, name, fields), moves_strict=cls.record_moves_strict,
                      validators=tuple(validators), computed=tuple(computed), actions=actions)


def _read_by(cls: type[Record], name: str, fields: dict[str, Field]) -> None:
    """What opens a record to reading is a link, or a field of people."""
    for each in cls.record_read_by:
        head, _dot, below = each.partition(".")
        found = fields.get(head)
        people = isinstance(found, ManyField) and found.target == USER
        if not (isinstance(found, ChildrenField) if below else people or hasattr(found, "pointing")):
            raise DefinitionError(_("{record}: record_read_by names {field}, which is neither a link nor a field of people."),
                                  record=name, field=each)


def _lock(cls: type[Record], name: str, fields: dict[str, Field]) -> Lock | None:
    """The lock that the class or the last of its extensions declares."""
    if cls.record_locked is None:
        return None
    unknown = set(cls.record_locked_open) - set(fields)
    if unknown:
        raise DefinitionError(_("{record}: record_locked_open names {field}, which does not exist."), record=name,
                              field=", ".join(sorted(unknown)))
    if cls.record_locked_files not in ("add", "free", "none"):
        raise DefinitionError(_("{record}: record_locked_files is “add”, “free” or “none”."), record=name)
    return Lock(cls.record_locked, cls.record_locked_reason or _("This record is locked."), tuple(cls.record_locked_open),
                cls.record_locked_right, cls.record_locked_files)


def _moves(cls: type[Record], name: str, fields: dict[str, Field]) -> str:
    """The field whose moves have rules."""
    found = fields.get(cls.record_moves)
    if cls.record_moves and not (isinstance(found, LinkField) or (found is not None and found.type_name == "choice")):
        raise DefinitionError(_("{record}: record_moves names {field}, which is neither a choice nor a link."), record=name,
                              field=cls.record_moves)
    return cls.record_moves


class _Fields(dict[str, Field]):
    """The fields of one record type while they are collected; a clash names both parties."""

    def __init__(self, record: str) -> None:
        super().__init__()
        self.record = record
        self.owners: dict[str, str] = {}

    def add(self, name: str, made: Field, addon: str) -> None:
        """Add a copy of a field under a name."""
        if name in self:
            raise DefinitionError(_("{addon} adds {record}.{field}, already added by {owner}: rename one to {better}."),
                                  addon=addon, record=self.record, field=name, owner=self.owners[name],
                                  better=f"{addon}_{name}")
        if name in RESERVED or name.startswith("_"):
            raise DefinitionError(_("{record}: a field cannot be called {field}."), record=self.record, field=name)
        self[name] = made.bound(name, self.record, addon)
        self.owners[name] = addon


def _own_fields(cls: type) -> list[tuple[str, Field]]:
    """Fields of a class and its mix-ins, in the order they were written, mix-ins last."""
    found: dict[str, Field] = {}
    for part in cls.__mro__:
        for fname, value in vars(part).items():
            if isinstance(value, Field) and fname not in found:
                found[fname] = value
    return list(found.items())


def _alter(fields: dict[str, Field], record: str, fname: str, options: dict[str, Any], addon: str) -> None:
    target = fields.get(fname)
    if target is None:
        raise DefinitionError(_("{addon} changes {record}.{field}, which does not exist."), addon=addon, record=record,
                              field=fname)
    for key, value in options.items():
        if key == "add_options" and isinstance(target, ChoiceField):
            target.with_options((*target.options, *(Option(*o) for o in value)))
        elif key == "size":
            if target.__dict__.get("size") and value < target.size:  # type: ignore[attr-defined]
                raise DefinitionError(_("{addon} narrows {record}.{field}: only widening is allowed."), addon=addon,
                                      record=record, field=fname)
            target.size = value  # type: ignore[attr-defined]
        elif key in ("label", "help", "default", "required", "readonly", "index", "search", "tracked", "copyable",
                     "transitions", "exits", "format"):
            setattr(target, key, value)
        else:
            raise DefinitionError(_("{addon}: {key} of {record}.{field} cannot be changed."), addon=addon, key=key,
                                  record=record, field=fname)


def _marks(bases: tuple[type, ...], record: str, fields: dict[str, Field],
           addon: str) -> tuple[list[Validator], list[Computed], dict[str, Action]]:
    validators: list[Validator] = []
    computed: list[Computed] = []
    actions: dict[str, Action] = {}
    for cls in reversed(bases):
        for part in reversed(cls.__mro__):
            for fname, value in vars(part).items():
                fn = value.__func__ if isinstance(value, staticmethod) else None
                if fn is None:
                    continue
                if hasattr(fn, "sarnakh_validates") and not any(v.run is fn for v in validators):
                    validators.append(Validator(fn.sarnakh_validates, fn))
                elif hasattr(fn, "sarnakh_computed") and not any(c.run is fn for c in computed):
                    paths, made, _store = fn.sarnakh_computed
                    fields[fname] = made.bound(fname, record, addon)
                    fields[fname].readonly = True
                    fields[fname].tracked = False
                    computed.append(Computed(fname, paths, fn))
                elif hasattr(fn, "sarnakh_action"):
                    actions[fname] = fn.sarnakh_action
    return validators, computed, actions


def _apply_choices(types: dict[str, RecordType], choices: dict[str, list[dict[str, Any]]]) -> None:
    """The admin's picklists: given options first in their order, shipped ones that are not named after them."""
    for key, options in choices.items():
        record, _dot, fname = key.rpartition(".")
        target = types[record].fields.get(fname) if record in types else None
        if not isinstance(target, ChoiceField):
            continue
        shipped = {o.value: o for o in target.options}
        made = []
        for one in options:
            old = shipped.pop(one["value"], Option(one["value"], one["value"]))
            words = one.get("labels") or ({"en": one["label"]} if one.get("label") else {})
            instead = "" if old.label == one["value"] else old.label
            made.append(Option(one["value"], Words(words, instead) if words else old.label, one.get("colour") or old.colour,
                               one.get("active", True)))
        target.with_options((*made, *shipped.values()))


def _check_links(types: dict[str, RecordType]) -> None:
    for rtype in types.values():
        if rtype.title not in rtype.fields:
            raise DefinitionError(_("{record}: record_title names the field {field}, which does not exist."),
                                  record=rtype.name, field=rtype.title)
        for target_field in rtype.fields.values():
            _check_further(rtype, target_field, types)
            other = getattr(target_field, "spoken", "")
            if other and not isinstance(rtype.fields.get(other), NamesField):
                raise DefinitionError(_("{record}.{field}: “{other}” is no field of type Names."), record=rtype.name,
                                      field=target_field.name, other=other)
            target = getattr(target_field, "target", None)
            if target is None:
                continue
            if target not in types:
                raise DefinitionError(_("{record}.{field} links to {target}, which no enabled addon declares."),
                                      record=rtype.name, field=target_field.name, target=target)
            if isinstance(target_field, LinkField):
                types[target].inbound.append((rtype.name, target_field.name))
                _check_within(rtype, target_field, types)
            if isinstance(target_field, ChildrenField) and not hasattr(types[target].fields.get(target_field.by), "pointing"):
                raise DefinitionError(_("{record}.{field}: {target} has no field “{by}”."), record=rtype.name,
                                      field=target_field.name, target=target, by=target_field.by)


def _check_within(rtype: RecordType, link: LinkField, types: dict[str, RecordType]) -> None:
    """`within` compares a stored field of the record, or of one it links to, with one of the target that holds the same
    kind of value."""
    target = types[link.target]
    for own, there in link.within.items():
        first, _dot, rest = own.partition(".")
        mine, other = rtype.fields.get(first), target.fields.get(there)
        if rest:
            held = types.get(mine.target) if isinstance(mine, LinkField) and link.name != rtype.moves else None
            mine = held.fields.get(rest) if held is not None else None
        if mine is None or other is None or not (mine.stored and other.stored) or mine.type_name != other.type_name or (
                getattr(mine, "target", None) != getattr(other, "target", None)):
            raise DefinitionError(_("{record}.{field}: within compares “{own}” with “{there}” of {target}, which do not fit."),
                                  record=rtype.name, field=link.name, own=own, there=there, target=target.name)


def _check_further(rtype: RecordType, field: Field, types: dict[str, RecordType]) -> None:
    """`further` leads through children of the record to a field that they store."""
    children, _dot, name = field.further.partition(".")
    if not field.further:
        return
    link = rtype.fields.get(children)
    found = types[link.target].fields.get(name) if isinstance(link, ChildrenField) and link.target in types else None
    if found is None or not found.stored:
        raise DefinitionError(_("{record}.{field}: “{path}” is no field of its children."), record=rtype.name, field=field.name,
                              path=field.further)
