"""What products are counted in."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from core.api import Change, Env, Invalid, Record, _, fields, validates

from .. import names


class UnitGroup(Record):
    """Units that convert into each other: piece, box of ten, pallet; or hour and day."""

    record_name = "catalogue.unit_group"
    record_label = _("Unit group")
    record_plural = _("Unit groups")
    record_icon = "rulers"
    record_order = ("name",)

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True)
    base_unit = fields.Text(_("Base unit"), size=60, required=True, help=_("The smallest unit; all others are multiples of it."))
    whole = fields.Flag(_("Whole numbers only"), default=True, help=_("Half a piece is refused, half an hour is not."))
    units = fields.Children("catalogue.unit", _("Units"), by="unit_group", owned=True)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """The base unit is a unit like the others."""
        super().after_save(env, change)
        names.keep_base_units(env, change)


class Unit(Record):
    """One unit, as a multiple of its group's base unit."""

    record_name = "catalogue.unit"
    record_label = _("Unit")
    record_plural = _("Units")
    record_order = ("factor",)
    record_parent = "unit_group"
    record_unique = (("unit_group", "name"),)

    unit_group = fields.Link("catalogue.unit_group", _("Unit group"), required=True, on_delete="cascade")
    name = fields.Text(_("Name"), size=60, required=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True)
    factor = fields.Decimal(_("Base units in it"), required=True, default=1, minimum=Decimal("0.000001"), places=3)
    is_base = fields.Flag(_("Base unit"), readonly=True)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """A base unit that is renamed is renamed in its group, too."""
        super().after_save(env, change)
        names.follow_base_units(env, change)

    @validates("factor", "is_base")
    def base_is_one(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The base unit holds itself once."""
        for record in records:
            if record.is_base and record.factor != 1:
                yield Invalid(record, "factor", _("The base unit is 1; others are counted in it."))
