"""Translations at run time: the catalogues of core and of every enabled addon, merged into one table per language.

    catalogs = Catalogs([Path("core/locale"), Path("addons/leads/locale")], cache=var / "cache" / "i18n")
    catalogs.translate(_("{count} rows", count=3), "fa")

A catalogue is `<folder>/<lang>/LC_MESSAGES/messages.po`. What later folders say wins. Parsed files are kept as JSON in
the cache folder under a name made of path, time and size, so that a start reads no .po twice.
"""

from __future__ import annotations

import gettext
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from babel.core import UnknownLocaleError
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po

from core.errors import SettingsError
from core.i18n.messages import Message, Words, _, fill, key_of
from core.i18n.text import latin_digits, persian_digits

LANGUAGES: Final[Mapping[str, str]] = MappingProxyType({"fa": "فارسی", "en": "English", "tr": "Türkçe"})
"""The languages Sarnakh itself is written in, by code, each with its own name."""
_RTL: Final = frozenset({"fa", "ar", "he", "ur", "ckb", "ps", "sd", "ug", "yi", "dv"})

Forms = Sequence[str]


def direction(lang: str) -> str:
    """"rtl" or "ltr"."""
    return "rtl" if _base(lang) in _RTL else "ltr"


def _base(lang: str) -> str:
    return lang.replace("_", "-").partition("-")[0].lower()


class Catalogs:
    """All translations of an installation. A language is read when first asked for; after a change make a new one.

    `folders` later in the list override earlier ones; `cache` is a writable folder or None for no cache. Those `aside`
    (of addons that are not enabled: their titles stand in the catalogue) come last, and one that is broken is passed over.
    """

    def __init__(self, folders: Iterable[Path], cache: Path | None = None, aside: Iterable[Path] = ()) -> None:
        self.folders = [Path(folder) for folder in folders]
        self.aside = [Path(folder) for folder in aside]
        self.cache = cache
        self._tables: dict[str, dict[str, Forms]] = {}
        self._plurals: dict[str, Callable[[int], int]] = {}

    def languages(self) -> list[str]:
        """Codes of the languages to offer: Sarnakh's own, then those for which some folder has a catalogue."""
        found = {path.parts[-3] for folder in self.folders for path in folder.glob("*/LC_MESSAGES/messages.po")}
        return [*LANGUAGES, *sorted(found - set(LANGUAGES))]

    def translate(self, message: str, lang: str, digits: str = "") -> str:
        """A text in a language with its values filled in; English where there is no translation.

        Values that are themselves messages are translated too. With `digits` "arabext" whole numbers are written ۰-۹, with
        "latn" also those that a Persian translation brings along are 0-9.
        """
        if isinstance(message, Words):
            return message.words.get(lang) or self.translate(message.instead, lang, digits)
        table = self._table(lang)
        context = getattr(message, "context", "")
        forms = (table.get(key_of(message, context)) if context else None) or table.get(message)
        if not isinstance(message, Message):
            return self._own_digits(forms[0], lang, digits) if forms else message
        if message.plural is not None and message.number is not None:
            text = self._plural_form(forms, message.number, lang) if forms else \
                (str.__str__(message) if message.number == 1 else message.plural)
        else:
            text = forms[0] if forms else str.__str__(message)
        text = self._own_digits(text, lang, digits) if forms else text
        if not message.params:
            return text
        return fill(text, {key: self._value(value, lang, digits) for key, value in message.params.items()})

    @staticmethod
    def _own_digits(text: str, lang: str, digits: str) -> str:
        return latin_digits(text) if digits == "latn" and lang == "fa" else text

    def _value(self, value: Any, lang: str, digits: str) -> Any:
        if isinstance(value, Message):
            return self.translate(value, lang, digits)
        return persian_digits(str(value)) if digits == "arabext" and type(value) is int else value

    def translator(self, lang: str) -> Translator:
        """The object WTForms and Jinja's i18n extension ask."""
        return Translator(self, lang)

    def plural(self, singular: str, plural: str, count: int, lang: str) -> str:
        """The right form for a number, without filling anything in."""
        forms = self._table(lang).get(singular)
        if not forms:
            return singular if count == 1 else plural
        return self._plural_form(forms, count, lang)

    def to_js(self, lang: str, msgids: Iterable[str] | None = None) -> dict[str, str | list[str]]:
        """What the browser needs: msgid → translation (a list of plural forms where there are several).

        Only translated ones, of `msgids` or of all.
        """
        table = self._table(lang)
        chosen = table if msgids is None else [msgid for msgid in msgids if msgid in table]
        return {str(msgid): table[msgid][0] if len(table[msgid]) == 1 else list(table[msgid]) for msgid in chosen}

    def _plural_form(self, forms: Forms, count: int, lang: str) -> str:
        rule = self._plurals.get(lang)
        if rule is None:
            rule = self._plurals[lang] = _plural_rule(lang)
        return forms[min(rule(abs(count)), len(forms) - 1)]

    def _table(self, lang: str) -> dict[str, Forms]:
        table = self._tables.get(lang)
        if table is None:
            table = {} if _base(lang) == lang else dict(self._table(_base(lang)))
            for folder in self.aside:
                with suppress(SettingsError):
                    table |= self._of(folder, lang)
            for folder in self.folders:
                table |= self._of(folder, lang)
            self._tables[lang] = table
        return table

    def _of(self, folder: Path, lang: str) -> dict[str, Forms]:
        path = folder / lang.replace("-", "_") / "LC_MESSAGES" / "messages.po"
        return self._read(path) if path.is_file() else {}

    def _read(self, path: Path) -> dict[str, Forms]:
        """One parsed catalogue, from the cache when the file is as it was."""
        if self.cache is None:
            return parse_catalogue(path)
        stat = path.stat()
        key = hashlib.sha256(f"{path.resolve()}\n{stat.st_mtime_ns}\n{stat.st_size}".encode()).hexdigest()[:32]
        kept = self.cache / f"{key}.json"
        try:
            found: dict[str, Forms] = json.loads(kept.read_text("utf-8"))
        except (OSError, ValueError):
            found = parse_catalogue(path)
            _write_whole(kept, json.dumps(found, ensure_ascii=False))
        return found


class Translator:
    """One language's translations behind the interface of `gettext`."""

    def __init__(self, catalogs: Catalogs, lang: str) -> None:
        self.catalogs = catalogs
        self.lang = lang

    def gettext(self, message: str) -> str:
        """The translation of a text (with its values, for a :class:`Message`)."""
        return self.catalogs.translate(message, self.lang)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The form for `count`; nothing is filled in."""
        return self.catalogs.plural(singular, plural, count, self.lang)


def parse_catalogue(path: Path) -> dict[str, Forms]:
    """The translated messages of a .po file: msgid (with its context) → forms. Fuzzy, empty and obsolete ones do not count."""
    try:
        with path.open("rb") as stream:
            catalogue = read_po(stream, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise SettingsError(_("The catalogue {path} cannot be read: {reason}"), path=str(path),
                            reason=str(error)) from error
    found: dict[str, Forms] = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        msgid: Any = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        forms = list(message.string) if isinstance(message.string, (tuple, list)) else [message.string or ""]
        if all(forms):
            found[key_of(msgid, message.context or "")] = forms
    return found


def _plural_rule(lang: str) -> Callable[[int], int]:
    try:
        expression = str(get_plural(lang.replace("-", "_")).plural_expr)
    except (UnknownLocaleError, ValueError):
        expression = "(n != 1)"
    rule: Callable[[int], int] = gettext.c2py(expression)
    return rule


def _write_whole(path: Path, text: str) -> None:
    """Write so that another process starting at the same moment sees the whole file or none; a failure is no harm."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as stream:
            stream.write(text)
        os.replace(stream.name, path)
    except OSError:
        return
