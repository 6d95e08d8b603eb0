"""From the cells of a batch of rows to values of fields, column by column, with the reasons of what cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from core.errors import Invalid, ValidationFailed
from core.exchange.fields import ImportField, Lookup, Option, ParseOptions, Several
from core.exchange.links import Links
from core.exchange.mapping import semantic_of
from core.exchange.offered import NUMBER, import_fields
from core.exchange.plan import Import, Options, Target
from core.exchange.reasons import Reason
from core.exchange.values import Converter, converter, tuned
from core.i18n.messages import _
from core.i18n.text import fold

if TYPE_CHECKING:
    from core.env import Env

_TUNED = ("date_order", "decimal", "calendar")


@dataclass(slots=True)
class Row:
    """One row on its way in: `values` by field, `blank` the mapped fields without a value, `extra` lines for the note.

    `target` is the record it updates, `agreed` the fields in which that is the same already.
    """

    index: int
    cells: list[Any]
    values: dict[str, Any] = field(default_factory=dict)
    blank: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    keys: list[tuple[int, str]] = field(default_factory=list)
    target: int | None = None
    agreed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Column:
    """A mapped column and what reads its cells."""

    index: int
    field: ImportField
    convert: Converter


def parse_options(env: Env, options: Options) -> ParseOptions:
    """How the files of this person are written where nothing else is known."""
    currency = env.installation.settings.locale.currency
    return ParseOptions(lang=env.lang, tz=env.tz, calendar=options.calendar or None, region=env.region, currency=currency,
                        decimal=options.decimal or None, date_order=options.date_order or "DMY")


def settings_of(field: ImportField, cells: list[Any], options: ParseOptions) -> dict[str, Any]:
    """What the cells of a column prove about its dates or numbers, so that every run reads them alike."""
    found, _style = tuned(field, cells, options)
    return {name: getattr(found, name) for name in _TUNED if getattr(found, name) != getattr(options, name)}


class Converters:
    """What turns rows of the file into values, for one import. Raises ValidationFailed for fields not open to the person."""

    def __init__(self, env: Env, plan: Import) -> None:
        self.env = env
        self.rtype = env.registry.record(plan.record)
        self.offered = {one.name: one for one in import_fields(env, plan.record)}
        options = parse_options(env, plan.options)
        self.columns = [self._column(plan, target, options) for target in plan.mapping]
        self.width = len(plan.headers)
        self.defaults = self._defaults(plan, options)
        self.empty_links = frozenset(plan.options.empty_links)
        self.mapped = {column.field.name for column in self.columns}
        self.note_field = self._note_field()

    def _column(self, plan: Import, target: Target, options: ParseOptions) -> Column:
        found = self._offered(plan, target.field)
        said = plan.options.choices.get(target.field, {})
        known = replace(found, options=with_texts(found.options, said)) if said else found
        convert = converter(known, replace(options, **dict(target.settings)))
        empty = {fold(text) for text, value in said.items() if not value}
        return Column(target.column, found, _emptied(convert, empty) if empty else convert)

    def _offered(self, plan: Import, name: str) -> ImportField:
        found = self.offered.get(name)
        if found is None:
            label = self.env.registry.record(plan.record).label
            raise ValidationFailed([Invalid(None, None, _("{record} has no field “{field}” that you may import into.",
                                                          record=label, field=name))])
        return found

    def _defaults(self, plan: Import, options: ParseOptions) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, text in plan.options.defaults.items():
            found = self._offered(plan, name)
            try:
                value = converter(found, options)(text)
            except ValueError as error:
                raise ValidationFailed([Invalid(None, name, error.args[0])]) from None
            if value is not None:
                values[name] = value.first if isinstance(value, Several) else value
        return values

    def _note_field(self) -> str | None:
        """Where the further addresses and numbers of a cell go: the record's description, or its first long text."""
        found = [f for f in self.offered.values() if f.type == "longtext"]
        return next((f.name for f in sorted(found, key=lambda f: semantic_of(f) != "description")), None)

    def convert(self, rows: Sequence[tuple[int, list[Any]]], only: Iterable[str] | None = None) -> list[Row]:
        """The rows with their values; `only` reads just these fields."""
        made = [Row(index, cells) for index, cells in rows]
        chosen = self.columns if only is None else [c for c in self.columns if c.field.name in set(only)]
        for column in chosen:
            self._fill(column, made)
        for row in made:
            if len(row.cells) > self.width:
                row.reasons.append(Reason(_("The row has more cells than the header.")))
        return made

    def _fill(self, column: Column, rows: list[Row]) -> None:
        index, name, convert = column.index, column.field.name, column.convert
        for row in rows:
            try:
                value = convert(row.cells[index])
            except ValueError as error:
                row.reasons.append(Reason(error.args[0], index, name))
                continue
            if value is None:
                row.blank.append(name)
            elif type(value) is Several:
                row.values[name] = value.first
                row.extra.append(f"{column.field.label}: {', '.join(value.rest)}")
            else:
                row.values[name] = value

    def resolve(self, rows: Sequence[Row], links: Links) -> None:
        """Put the numbers of records in the place of their names."""
        names = [f.name for f in self.offered.values() if f.target is not None and
                 (f.name in self.mapped or f.name in self.defaults)]
        if not names:
            return
        names.sort(key=lambda n: bool(self._within(n)))  # what others hang on comes before them
        everything = [self.defaults, *(row.values for row in rows)]
        links.resolve((str(one.target), one.text) for values in everything for name in names
                      for one in _lookups(values.get(name)))
        for name in names:
            self.defaults_resolved(name, links)
            for row in rows:
                self._resolve(row, name, links)

    def _within(self, name: str) -> dict[str, str]:
        """The fields that a link hangs on, and those of its target that must hold the same."""
        return getattr(self.rtype.fields.get(name), "within", {})

    def defaults_resolved(self, name: str, links: Links) -> None:
        """Resolve a default; one that means no record is refused as a whole, since every row would have it."""
        value = self.defaults.get(name)
        if _lookups(value):
            try:
                self.defaults[name] = _resolved(value, links, self._beside(name, {}))
            except ValueError as error:
                raise ValidationFailed([Invalid(None, name, error.args[0])]) from None

    def _resolve(self, row: Row, name: str, links: Links) -> None:
        value = row.values.get(name)
        if not _lookups(value):
            return
        try:
            row.values[name] = _resolved(value, links, self._beside(name, row.values))
        except ValueError as error:
            if name in self.empty_links:
                del row.values[name]
                row.blank.append(name)
                return
            column = next((c.index for c in self.columns if c.field.name == name), None)
            row.reasons.append(Reason(error.args[0], column, name))

    def _beside(self, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the target of a link must hold in its fields, as far as the row says."""
        return {there: values.get(own, self.defaults.get(own)) for own, there in self._within(name).items()
                if own in values or own in self.defaults}

    def for_creation(self, row: Row) -> dict[str, Any]:
        """The values of a new record: the row's, and the defaults where it has none."""
        values = {**self.defaults, **row.values} if self.defaults else dict(row.values)
        values.pop(NUMBER, None)
        if row.extra and self.note_field:
            said = values.get(self.note_field)
            values[self.note_field] = "\n".join(([str(said)] if said else []) + row.extra)
        return values

    def for_update(self, row: Row, clear: bool) -> dict[str, Any]:
        """The values that change a record: those of the row, and nothing in the place of empty cells if they clear."""
        values = {name: value for name, value in row.values.items() if name != NUMBER and name not in row.agreed}
        if clear:
            values |= {name: None for name in row.blank if name != NUMBER}
        return values

    def column_of(self, name: str | None) -> int | None:
        """The column that a field comes from."""
        return next((c.index for c in self.columns if c.field.name == name), None)


def with_texts(options: Sequence[Option], said: Mapping[str, str]) -> list[Option]:
    """Options that are known by further texts: `said` has the option's value by text."""
    return [replace(one, labels={**one.labels, **{f"said {n}": text for n, (text, value) in enumerate(said.items())
                                                  if value == one.value}}) for one in options]


def _emptied(convert: Converter, texts: set[str]) -> Converter:
    """The converter, for which these texts mean nothing."""
    return lambda cell: None if isinstance(cell, str) and fold(cell) in texts else convert(cell)


def _lookups(value: Any) -> list[Lookup]:
    if type(value) is Lookup:
        return [value]
    return [one for one in value if type(one) is Lookup] if type(value) is list else []


def _resolved(value: Any, links: Links, beside: Mapping[str, Any]) -> Any:
    if type(value) is Lookup:
        return links.get(str(value.target), value.text, beside)
    return [links.get(str(one.target), one.text) for one in value]
