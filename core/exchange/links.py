"""Names in a file and the records they mean: all names of a batch at once, only records that the person may see.

A name means a record when it is its number in the form `#12`, one of its unique keys (login, code, e-mail) or its
title, letter forms and case aside. Two records of the same name are an error, not a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from core.errors import SarnakhError
from core.i18n.messages import _
from core.i18n.text import fold
from core.query.among import among
from core.records.fields import Field
from core.records.savepoints import savepoint
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

SMALL = 3000
"""Up to so many records of a target are read once and for all; of larger ones the names of each batch are asked for."""
Named = tuple[bool, int, str]
_REMEMBERED = 50_000
_KEYS = ("email", "phone", "autonumber")


class Links:
    """The names that were looked up so far in one run."""

    def __init__(self, env: Env, create_missing: Iterable[str] = ()) -> None:
        self.env = env
        self.create_missing = frozenset(create_missing)
        self._found: dict[tuple[str, str], int | str] = {}
        self._exact: dict[tuple[str, str], int] = {}
        self._several: dict[tuple[str, str], list[int]] = {}
        self._held: dict[tuple[str, ...], dict[int, tuple[Any, ...]]] = {}
        self._whole: dict[str, bool] = {}

    def resolve(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Look up all (record type, name) pairs that are not yet known; missing ones are created where that is allowed."""
        if len(self._found) > _REMEMBERED:
            self.forget()
        by_target: dict[str, dict[str, str]] = {}
        for target, text in wanted:
            key = fold(text)
            if (target, key) not in self._found:
                by_target.setdefault(target, {})[key] = text
        for target, texts in by_target.items():
            self._look_up(self.env.registry.record(target), texts)

    def get(self, target: str, text: str, beside: Mapping[str, Any] = MappingProxyType({})) -> int:
        """The number of the record that a name means. ValueError with the reason when there is none or more than one.

        Of several of that name the one that holds the values `beside` is meant (the stage of the row's own pipeline).
        """
        found = self._found.get((target, fold(text)))
        if isinstance(found, int):
            return found
        fitting = self._fitting(target, fold(text), beside) if beside else []
        if len(fitting) == 1:
            return fitting[0]
        # Of several that are the same but for letter forms and case, the one written just so.
        if (target, text) in self._exact:
            return self._exact[target, text]
        raise ValueError(found or _("There is no {record} “{text}”.", record=self.env.registry.record(target).label,
                                    text=text[:80]))

    def _fitting(self, target: str, text: str, beside: Mapping[str, Any]) -> list[int]:
        """Those of several records of one name that hold these values; read once for each name."""
        ids = self._several.get((target, text), [])
        rtype = self.env.registry.record(target)
        names = [n for n in beside if self.env.access.readable(target, n)]
        if not ids or not names:
            return []
        key = (target, text, *names)
        if key not in self._held:
            columns = [rtype.table.c[rtype.fields[n].column_name] for n in names]
            rows = self.env.execute(select(rtype.table.c.id, *columns).where(among(self.env.dialect, rtype.table.c.id, ids)))
            self._held[key] = {number: tuple(values) for number, *values in rows}
        return [number for number, values in self._held[key].items() if values == tuple(beside[n] for n in names)]

    def _look_up(self, rtype: RecordType, texts: dict[str, str]) -> None:
        if rtype.name not in self._whole:
            self._whole[rtype.name] = self._is_small(rtype)
            if self._whole[rtype.name]:
                self._remember(rtype, self._rows(rtype, None), None)
        if not self._whole[rtype.name]:
            self._remember(rtype, self._rows(rtype, texts), set(texts))
        missing = {key: text for key, text in texts.items() if (rtype.name, key) not in self._found}
        if missing and rtype.name in self.create_missing and self.env.can("create", rtype.name):
            self._create(rtype, missing)

    def _is_small(self, rtype: RecordType) -> bool:
        return self.env.query(rtype.name).archived(None).count(cap=SMALL) <= SMALL

    def _columns(self, rtype: RecordType) -> tuple[list[Field], Field | None]:
        """The fields that name a record for sure, and its title, of those that the person may read."""
        readable = self.env.access.readable
        keys = [f for f in rtype.fields.values() if f.stored and not f.system and readable(rtype.name, f.name)
                and (f.unique or f.type_name in _KEYS) and f.type_name in ("text", *_KEYS)]
        title = rtype.fields[rtype.title]
        return keys, title if title not in keys and title.stored and readable(rtype.name, title.name) else None

    def _rows(self, rtype: RecordType, texts: dict[str, str] | None) -> list[Any]:
        table = rtype.table
        keys, title = self._columns(rtype)
        columns = [table.c[f.column_name] for f in (*keys, *([title] if title else []))]
        statement = select(table.c.id, table.c.archived, *columns).where(table.c.deleted_at.is_(None))
        seen = self.env.access.predicate("read", rtype, table)
        if seen is not None:
            statement = statement.where(seen)
        if texts is not None:
            exact = [*texts.values(), *texts]
            numbers = [int(t[1:]) for t in texts if t.startswith("#") and t[1:].isdigit() and len(t) < 18]
            lowered = [text.lower() for text in exact]
            dialect = self.env.dialect
            conditions = [among(dialect, func.lower(c), lowered) | among(dialect, c, exact) for c in columns]
            statement = statement.where(or_(table.c.id.in_(numbers), *conditions))
        return list(self.env.execute(statement))

    def _remember(self, rtype: RecordType, rows: list[Any], only: set[str] | None) -> None:
        keys, title = self._columns(rtype)
        sure: dict[str, list[Named]] = {}
        named: dict[str, list[Named]] = {}
        for key, archived, *values in rows:
            sure[f"#{key}"] = [(False, key, f"#{key}")]
            for field, value in zip((*keys, *([title] if title else [])), values, strict=True):
                text = fold(str(value)) if value is not None else ""
                if text and (only is None or text in only):
                    (named if field is title else sure).setdefault(text, []).append((archived, key, str(value)))
        for text, several in (*named.items(), *sure.items()):
            self._settle(rtype, text, several)

    def _settle(self, rtype: RecordType, text: str, several: list[Named]) -> None:
        present = {key for archived, key, _name in several if not archived} or {key for _a, key, _name in several}
        if len(present) == 1:
            self._found[rtype.name, text] = present.pop()
            return
        self._several[rtype.name, text] = sorted(present)
        names = [name for _archived, key, name in several if key in present]
        self._exact.update({(rtype.name, name): key for _archived, key, name in several
                            if key in present and names.count(name) == 1})
        self._found[rtype.name, text] = _("“{text}” is the name of several {records}; write a number such as #{number}.",
                                          text=text[:80], records=rtype.plural, number=min(present))

    def _create(self, rtype: RecordType, missing: dict[str, str]) -> None:
        try:
            with savepoint(self.env):
                made = self.env.create(rtype.name, [{rtype.title: text} for text in missing.values()], source="import")
        except SarnakhError as error:
            if len(missing) == 1:
                key, text = next(iter(missing.items()))
                self._found[rtype.name, key] = _("{record} “{text}” could not be created: {reason}", record=rtype.label,
                                                 text=text[:80], reason=error.message)
                return
            half = len(missing) // 2
            items = list(missing.items())
            self._create(rtype, dict(items[:half]))
            self._create(rtype, dict(items[half:]))
            return
        for key, number in zip(missing, made, strict=True):
            self._found[rtype.name, key] = number
            self._found[rtype.name, f"#{number}"] = number

    def forget(self) -> None:
        """Forget everything: there was too much of it, or what was created meanwhile was taken back."""
        self._found.clear()
        self._exact.clear()
        self._several.clear()
        self._held.clear()
        self._whole.clear()
