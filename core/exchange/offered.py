"""Which fields of a record type a person may import into, described for the mapping and the converters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.exchange.fields import ImportField, Option
from core.exchange.values import IMPORTABLE
from core.i18n.messages import _
from core.records.fields import ChoiceField, DecimalField, Field
from core.records.types import DECIMAL_SCALE, MONEY_SCALE, PERCENT_SCALE

if TYPE_CHECKING:
    from core.env import Env

NUMBER = "id"
"""The record's own number: never written, but a file that was exported can name by it the records to update."""
_SCALES = {"decimal": DECIMAL_SCALE, "money": MONEY_SCALE, "percent": PERCENT_SCALE}


def import_fields(env: Env, record: str) -> list[ImportField]:
    """The fields that this person may write and a column can be read into; never a hidden or computed one."""
    rtype = env.registry.record(record)
    languages = env.installation.catalogs.languages()
    return [*(_described(env, field, languages) for field in rtype.fields.values() if _is_offered(env, record, field)),
            ImportField(NUMBER, env.t(_("Record number")), "integer",
                        {lang: env.installation.catalogs.translate(_("Record number"), lang) for lang in languages})]


def _is_offered(env: Env, record: str, field: Field) -> bool:
    if field.system or field.readonly or field.type_name not in IMPORTABLE:
        return False
    if not (env.access.readable(record, field.name) and env.access.writable(record, field.name)):
        return False
    target = getattr(field, "target", None)
    return target is None or env.can("read", target)


def _described(env: Env, field: Field, languages: list[str]) -> ImportField:
    translate = env.installation.catalogs.translate
    options: tuple[Option, ...] = ()
    if isinstance(field, ChoiceField):
        options = tuple(Option(o.value, {"": str(o.label)} | {lang: translate(o.label, lang) for lang in languages})
                        for o in field.offered(env) if o.active)
    return ImportField(
        field.name, env.t(field.label), field.type_name, {lang: translate(field.label, lang) for lang in languages},
        semantic=field.semantic or None, aliases=field.aliases, options=options, target=getattr(field, "target", None),
        size=getattr(field, "size", None), scale=_SCALES.get(field.type_name) if isinstance(field, DecimalField) else None)
