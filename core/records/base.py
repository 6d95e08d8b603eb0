"""What an addon writes to declare a record type: classes and markers that do nothing when they are imported.

The registry composes `Extension` classes over their target by ordinary inheritance, so `super()` reaches the previous
behaviour, and the definitions can be imported and unit-tested alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.records.fields import Field, RollupField


class Record:
    """Base of all record types. An instance is one row: fields that were not asked for raise NotLoaded."""

    record_name: str = ""
    record_label: str = ""
    record_plural: str = ""
    record_icon: str = "card-list"
    record_title: str = "name"
    record_order: Sequence[str] = ("-created_at",)
    record_traits: Sequence[str] = ()
    record_indexes: Sequence[Sequence[str]] = ()
    record_unique: Sequence[Sequence[str]] = ()
    record_parent: str | None = None
    record_read_by: Sequence[str] = ()
    record_unowned: Any = None
    record_remarks: bool = False
    record_help: str = ""
    record_by_hand: bool = True
    record_moves: str = ""
    record_moves_strict: bool = False
    record_locked: Any = None
    record_locked_reason: str = ""
    record_locked_open: Sequence[str] = ()
    record_locked_right: str = ""
    record_locked_files: str = "add"
    record_match: Sequence[Sequence[str]] = ()
    record_mentions: Sequence[str] = ()
    record_portable: Any = None
    record_outward: str = ""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Any:
        """A record over a row's values, without copying them."""
        made = cls.__new__(cls)
        made.__dict__ = row
        return made

    def __getitem__(self, path: str) -> Any:
        """A loaded value by its path, `record["account.name"]`."""
        if path in self.__dict__:
            return self.__dict__[path]
        return getattr(self, path)

    def get(self, name: str, default: Any = None) -> Any:
        """A value if it was loaded, else `default`."""
        return self.__dict__.get(name, default)

    def display_title(self) -> str:
        """The record's name as people see it."""
        return str(self.__dict__.get(self.record_title) or f"#{self.__dict__.get('id', '')}")

    @classmethod
    def before_save(cls, env: Any, change: Any) -> None:
        """Called with each batch before it is validated and written; may set values with `change.set`. Call super()."""

    @classmethod
    def after_save(cls, env: Any, change: Any) -> None:
        """Called with each batch after it was written, in the same transaction. Call super()."""

    def __repr__(self) -> str:
        return f"<{self.record_name} {self.__dict__.get('id', 'new')}>"


class Extension:
    """Base of classes that add to another addon's record type: set `extends` to its name.

    With `extends_trait` instead it adds to all record types of other addons that have this trait ("noted").
    """

    extends: str = ""
    extends_trait: str = ""


@dataclass(frozen=True)
class Changed:
    """Marks in an extension that an existing field is altered; see :func:`change`."""

    options: dict[str, Any] = field(default_factory=dict)


def change(**options: Any) -> Any:
    """Alter a field of the extended type: label, help, default, required, size (widening only), add_options ..."""
    return Changed(options)


def validates(*fields: str) -> Callable[[Any], Any]:
    """Mark `f(records, env)` as a validator: yields `Invalid(record, field, message)`; runs when a named field changes."""
    def mark(fn: Any) -> Any:
        fn.sarnakh_validates = fields
        return staticmethod(fn)
    return mark


def computed(*paths: str, field: Field, store: bool = True) -> Callable[[Any], Any]:
    """Mark `f(records, env)` as the source of a stored field: returns one value per record, in order."""
    def mark(fn: Any) -> Any:
        fn.sarnakh_computed = (paths, field, store)
        return staticmethod(fn)
    return mark


def action(label: str, *, needs: str = "update", where: Any = None, icon: str = "", confirm: str = "",
           primary: bool = False, bulk: bool = True) -> Callable[[Any], Any]:
    """Mark `f(records, env)` as an action that people start by a button; `where` limits the records it fits."""
    def mark(fn: Any) -> Any:
        fn.sarnakh_action = Action(fn.__name__, label, needs, where, icon, confirm, primary, bulk, fn)
        return staticmethod(fn)
    return mark


@dataclass(frozen=True)
class Action:
    """A button's meaning; `run(records, env)` may return a URL path to go to, or a Message to show."""

    name: str
    label: str
    needs: str
    where: Any
    icon: str
    confirm: str
    primary: bool
    bulk: bool
    run: Callable[[Any, Any], Any]


def rollup(children: str, function: str, expression: Any = None, label: str = "", **options: Any) -> Any:
    """A stored aggregate over children: `total = rollup("lines", "sum", F.qty * F.price, _("Total"), type="money")`."""
    return RollupField(children, function, expression, label, **options)
