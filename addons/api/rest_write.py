"""From JSON to values that records take, for one record or a whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.api import Env, Invalid, ValidationFailed, _, fields
from core.web_api import base_currency

from .rest_values import value_in

CURRENCY = "base.currency"


def read_rows(env: Env, record: str, given: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The values of a batch; ValidationFailed with every value that has not the form of its field."""
    errors: list[Invalid] = []
    made = [_row(env, record, row, i, errors) for i, row in enumerate(given)]
    if errors:
        raise ValidationFailed(errors)
    return made


def _row(env: Env, record: str, given: dict[str, Any], index: int, errors: list[Invalid]) -> dict[str, Any]:
    known, made = env.registry.record(record).fields, {}
    for name, value in given.items():
        field = known.get(name)
        if field is None:
            made[name] = value  # the record layer refuses it as it does what is hidden
            continue
        try:
            if isinstance(field, fields.Money) and isinstance(value, dict):
                value = _money(env, field, value, made)
            made[name] = value_in(env, field, value)
        except ValueError as error:
            errors.append(Invalid(index, name, error.args[0]))
    return made


def _money(env: Env, field: fields.Money, value: dict[str, Any], made: dict[str, Any]) -> Any:
    """The amount; its currency goes into the field that holds it."""
    code = value.get("currency")
    if set(value) - {"amount", "currency"} or not (code is None or isinstance(code, str)):
        raise ValueError(_("Give an amount and the code of its currency."))
    if code is not None and field.currency:
        key = _currencies(env).get(code)
        if key is None:
            raise ValueError(_("There is no currency “{code}”.", code=code[:20]))
        made[field.currency] = key
    elif code is not None and code != base_currency(env):
        raise ValueError(_("This amount is in {code}.", code=base_currency(env)))
    return value.get("amount")


def _currencies(env: Env) -> dict[str, int]:
    if "api currencies" not in env.cache:
        env.cache["api currencies"] = {row["code"]: row["id"] for row in env.query(CURRENCY).select("code").rows()}
    return dict(env.cache["api currencies"])
