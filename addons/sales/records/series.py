"""How papers are numbered."""

from collections.abc import Iterator
from typing import Any

from core.api import Env, Invalid, Record, _, fields, validates

from .. import choices, naming


class Series(Record):
    """How papers of a kind are numbered: without gaps, anew each year of a calendar."""

    record_name = "sales.series"
    record_label = _("Number series")
    record_plural = _("Number series")
    record_icon = "123"
    record_title = "kind"
    record_order = ("kind",)
    record_unique = (("kind",),)

    kind = fields.Choice(_("For", context="series"), options=choices.SERIES_KINDS, required=True)
    pattern = fields.Text(_("Pattern"), size=60, required=True, help=_("{year} and {number:05d} are filled in."))
    calendar = fields.Choice(_("Calendar of the year"), options=choices.CALENDARS, required=True, default="gregorian")

    @validates("pattern")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The pattern has a number in it."""
        yield from naming.bad_patterns(records)
