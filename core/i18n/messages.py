"""Translatable text: marked where it is written, translated where it is shown.

`_("Name")` returns a :class:`Message`, which *is* the English text (a `str`), so a definition can be read, compared
and logged without any catalogue, and `translate` (see :mod:`core.i18n.catalogs`) turns it into the reader's language.
"""

from __future__ import annotations

from typing import Any


class Message(str):
    """An English text with the values to put into it; translated when shown.

    Placeholders are named (`"{count} rows"`), so a translator may reorder them. `str(message)` is the raw msgid,
    `message.english()` the text with its values. `context` tells apart what is one text in English and several in
    other languages.
    """

    __slots__ = ("context", "number", "params", "plural")

    params: dict[str, Any]
    plural: str | None
    number: int | None
    context: str

    def __new__(cls, msgid: str, params: dict[str, Any] | None = None, plural: str | None = None,
                number: int | None = None, context: str = "") -> Message:
        self = super().__new__(cls, msgid)
        self.params = params or {}
        self.plural = plural
        self.number = number
        self.context = context
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (Message, (str.__str__(self), self.params, self.plural, self.number, self.context))

    def english(self) -> str:
        """The text in English with its values filled in."""
        text = self.plural if self.plural is not None and self.number != 1 else str.__str__(self)
        return fill(text, {key: value.english() if isinstance(value, Message) else value for key, value in self.params.items()})


class Words(Message):
    """A text that this installation's administrator gave in some languages; in others it is `instead`."""

    __slots__ = ("instead", "words")

    words: dict[str, str]
    instead: str

    def __new__(cls, words: dict[str, str], instead: str = "") -> Words:
        known = {lang: text for lang, text in words.items() if text}
        fallback = instead or next(iter(known.values()), "")
        self: Words = super().__new__(cls, known.get("en") or str.__str__(fallback))  # type: ignore[assignment]
        self.words, self.instead = known, fallback
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (Words, (self.words, self.instead))


def fill(text: str, params: dict[str, Any]) -> str:
    """Put the values into a (translated) text; a text whose braces do not fit is shown as it is rather than failing."""
    if not params:
        return text
    try:
        return text.format_map(params)
    except (KeyError, IndexError, ValueError):
        return text


def key_of(msgid: str, context: str = "") -> str:
    """Under what a text stands in a table of translations (as gettext writes it in its compiled files)."""
    return f"{context}\x04{msgid}" if context else msgid


def _(msgid: str, *, context: str = "", **params: Any) -> Message:
    """Mark a text for translation: `_("{name} is required.", name=label)`.

    `_("Open", context="state of a record")` is another text for translators than `_("Open")`; the context is a constant.
    """
    return Message(msgid, params, context=context)


def n_(singular: str, plural: str, count: int, *, context: str = "", **params: Any) -> Message:
    """Mark a text whose form depends on a number: `n_("{count} row", "{count} rows", n)`."""
    return Message(singular, {"count": count, **params}, plural, count, context)
