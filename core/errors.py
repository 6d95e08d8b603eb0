"""Every error that Sarnakh raises on purpose: each carries a translatable message and never internals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.i18n.messages import Message, _


class SarnakhError(Exception):
    """Base of all deliberate errors. `message` is translated when it is shown to a person."""

    def __init__(self, message: str, **params: Any) -> None:
        if params:
            message = Message(message, {**getattr(message, "params", {}), **params}, context=getattr(message, "context", ""))
        self.message: str = message
        super().__init__(message.english() if isinstance(message, Message) else message)


class DefinitionError(SarnakhError):
    """An addon declares something that cannot be compiled; names the parties and the mend."""


class SettingsError(SarnakhError):
    """A setting is unknown or has a wrong value; names file, key and what is allowed."""


class AccessDenied(SarnakhError):
    """The acting user may not do this (HTTP 403)."""


class NotFound(SarnakhError):
    """There is no such thing, or the acting user may not see that there is (HTTP 404)."""

    def __init__(self, message: str = _("This record does not exist, or you may not see it."), **params: Any) -> None:
        super().__init__(message, **params)


class Conflict(SarnakhError):
    """Somebody else changed the record meanwhile (HTTP 409). `current` holds the stored values by field."""

    def __init__(self, message: str = _("Somebody else changed this record meanwhile."), *, record_id: int | None = None,
                 current: dict[str, Any] | None = None, **params: Any) -> None:
        super().__init__(message, **params)
        self.record_id = record_id
        self.current = current or {}


class Invalid(SarnakhError):
    """One thing wrong with one record: yielded by validators, collected into :class:`ValidationFailed`.

    `record` is the record (or its index in the batch), `field` the field's name or None for the record as a whole;
    `link` a label and the address where it is mended.
    """

    def __init__(self, record: Any, field: str | None, message: str, *, link: tuple[str, str] | None = None,
                 **params: Any) -> None:
        super().__init__(message, **params)
        self.link = link
        self.record = record
        self.field = field
        self.index: int | None = record if isinstance(record, int) else None


class ValidationFailed(SarnakhError):
    """A batch was refused; `errors` lists every reason, nothing was written (HTTP 422)."""

    def __init__(self, errors: Iterable[Invalid]) -> None:
        self.errors = list(errors)
        first = self.errors[0].message if self.errors else _("The values are not valid.")
        super().__init__(first)

    def by_field(self, index: int | None = None) -> dict[str | None, list[str]]:
        """Messages grouped by field (None: about the record), of one record of the batch or of all."""
        found: dict[str | None, list[str]] = {}
        for error in self.errors:
            if index is None or error.index in (None, index):
                found.setdefault(error.field, []).append(error.message)
        return found


class ExpressionError(SarnakhError):
    """A text is not in the expression language. `position` is the 0-based offset of the mistake."""

    def __init__(self, message: str, position: int = 0, **params: Any) -> None:
        super().__init__(message, **params)
        self.position = position


class UpgradeError(SarnakhError):
    """The schema cannot be brought up to date; the old state is whole."""
