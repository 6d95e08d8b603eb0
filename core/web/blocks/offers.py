"""What the options of a block about a record type can be, for the forms in which blocks are arranged: pairs of a value and a label."""

from __future__ import annotations

from collections.abc import Iterator

from core.env import Env
from core.i18n.messages import Message, _
from core.records.fields import Field
from core.registry.compose import RecordType
from core.web.blocks.chart_block import GROUPED
from core.web.blocks.measures import COUNT, MEASURED
from core.web.showing import kind_of, shown_fields

SAID: dict[str, Message] = {"sum": _("Sum of {field}"), "avg": _("Average of {field}")}


def groups_of(env: Env, rtype: RecordType) -> list[tuple[str, str]]:
    """By which fields its records can be grouped."""
    return [(f.name, env.t(f.label)) for f in _offered(env, rtype) if kind_of(f) in GROUPED]


def measures_of(env: Env, rtype: RecordType) -> list[tuple[str, str]]:
    """What can be counted of its records."""
    numbers = [(how, f) for how, kinds in MEASURED.items() for f in _offered(env, rtype) if kind_of(f) in kinds]
    return [(COUNT, env.t(_("Number of records"))), *((f"{how}:{f.name}", env.t(_(SAID[how], field=f.label))) for how, f in numbers)]


def _offered(env: Env, rtype: RecordType) -> Iterator[Field]:
    return (f for f in shown_fields(env, rtype) if not f.sensitive and f.filterable and f.name != "id")
