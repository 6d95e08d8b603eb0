"""Field types that hold the name of something the installation knows by other means: a record type, a channel, a purpose.

They are choices to every door: shown by what the thing is called, chosen from a list, imported by either. But nobody writes
their options down: they are asked for when they are needed, and are in no picklist that administrators edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from core.i18n.messages import _
from core.i18n.text import clean as clean_text
from core.records.field import Option
from core.records.value_fields import ChoiceField


class NameField(ChoiceField):
    """A short name that stands for something the installation knows, shown by what that is called. `of` is a function of `env`
    that gives what there is. Other names are taken, too, and shown as they are: the addon that brought them may be disabled."""

    def __init__(self, label: str = "", *, of: Callable[[Any], Iterable[Any]], size: int = 120, **options: Any) -> None:
        super().__init__(label, size=size, **options)
        self.of = of

    def offered(self, env: Any) -> Sequence[Option]:
        return [one if isinstance(one, Option) else Option(*one) for one in self.of(env)]

    def clean(self, value: Any, env: Any) -> str | None:
        text = clean_text(str(value))
        if len(text) > self.size:
            raise ValueError(_("At most {size} characters; this has {count}.", size=self.size, count=len(text)))
        return text or None


class RecordTypeField(NameField):
    """The name of a record type, such as `leads.lead`, shown as its records are called; people are offered the types whose
    records they may read."""

    def __init__(self, label: str = "", *, size: int = 120, **options: Any) -> None:
        super().__init__(label, of=_readable, size=size, **options)

    def clean(self, value: Any, env: Any) -> str | None:
        if value not in env.registry.records:
            raise ValueError(_("Choose one of the options."))
        return str(value)


def _readable(env: Any) -> Iterable[Option]:
    return (Option(name, rtype.plural) for name, rtype in env.registry.records.items() if env.can("read", name))
