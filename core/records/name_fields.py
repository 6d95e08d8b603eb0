"""Field types that hold the name of something which the addons of an installation bring: a record type, a channel.

They are choices to every door: shown by what the thing is called, chosen from a list, imported by either. But nobody writes
their options down: they are asked for when a registry is compiled, and are in no picklist that administrators edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from core.records.field import Option
from core.records.value_fields import ChoiceField


class NameField(ChoiceField):
    """The name of something that enabled addons bring, shown by what it is called; `of` is a function of the registry that
    gives the options. What a disabled addon brought stays stored, and is shown by its bare name."""

    def __init__(self, label: str = "", *, of: Callable[[Any], Iterable[Any]], size: int = 120, **options: Any) -> None:
        super().__init__(label, size=size, **options)
        self.of = of

    def settle(self, registry: Any) -> None:
        """Take the options from a registry whose record types are known."""
        self.with_options([o if isinstance(o, Option) else Option(*o) for o in self.of(registry)])


class RecordTypeField(NameField):
    """The name of a record type, such as `leads.lead`, shown as its records are called; people are offered the types whose
    records they may read."""

    def __init__(self, label: str = "", *, size: int = 120, **options: Any) -> None:
        super().__init__(label, of=_record_types, size=size, **options)

    def offered(self, env: Any) -> Sequence[Option]:
        return [option for option in self.options if env.can("read", option.value)]


def _record_types(registry: Any) -> Iterable[Option]:
    return (Option(name, rtype.plural) for name, rtype in registry.records.items())
