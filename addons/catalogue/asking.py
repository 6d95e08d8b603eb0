"""What the pages of the catalogue ask for: inputs of records, and what was typed back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from addons.base import money
from core.api import Env, F, NotFound, _
from core.web_api import FieldView, Option, Request

from .pricing import Currency, currency

ACCOUNT, PRODUCT, UNIT, LIST = "contacts.account", "catalogue.product", "catalogue.unit", "catalogue.price_list"


@dataclass
class Asked:
    """What somebody wants to know the price of; `wrong` says by input what could not be read."""

    product: Any = None
    account: Any = None
    unit: int | None = None
    price_list: Any = None
    quantity: Decimal = Decimal(1)
    on: dt.date | None = None
    currency: Currency | None = None
    wrong: dict[str, str] | None = None


def read(env: Env, request: Request) -> Asked:
    """The inputs of an address; records must be ones that the person may see."""
    found = Asked(wrong={})
    assert found.wrong is not None
    found.product = _record(env, request, "product", PRODUCT, ("name", "code", "kind", "unit", "unit_group", "stock_text", "family"))
    found.account = _record(env, request, "account", ACCOUNT, ("name", "type", "currency"))
    found.price_list = _record(env, request, "price_list", LIST, ("name", "currency"))
    found.unit = request.arg_int("unit") or None
    for name, read_one in (("quantity", env.format.parse_number), ("on", lambda text: env.format.parse_date(text, env.now))):
        text = request.arg(name).strip()
        if text:
            try:
                setattr(found, name, read_one(text))
            except ValueError as error:
                found.wrong[name] = env.t(error.args[0]) if error.args else env.t(_("This was not understood."))
    if abs(found.quantity) > 10**9 or not found.quantity:
        found.quantity, found.wrong["quantity"] = Decimal(1), env.t(_("Write a quantity."))
    found.on = found.on or env.today
    found.currency = currency(env, _currency(env, request, found))
    return found


def _record(env: Env, request: Request, name: str, record: str, paths: tuple[str, ...]) -> Any:
    key = request.arg_int(name)
    if not key:
        return None
    try:
        return env.get(record, key, *paths)
    except NotFound:
        return None


def _currency(env: Env, request: Request, asked: Asked) -> int:
    chosen = request.arg_int("currency")
    if chosen in currencies(env):
        return chosen
    for held in (asked.price_list, asked.account):
        if held is not None and held.currency is not None and held.currency.id in currencies(env):
            return int(held.currency.id)
    return money.base(env).id


def currencies(env: Env) -> dict[int, str]:
    """Currencies that there are price lists in, and the base currency."""
    rows = env.query(LIST).where(F.active).aggregate(["currency"])
    found = {r["currency"].id: r["currency"].label or "" for r in rows if r["currency"] is not None}
    own = money.base(env)
    return {own.id: own.code, **{k: c for k, c in found.items() if k != own.id}}


def pick(env: Env, name: str, label: str, record: str, held: Any, *, narrowed: str = "", required: bool = False) -> FieldView:
    """A picker of a record."""
    made = FieldView(name, env.t(label), "link", str(held.id) if held is not None else "", required=required)
    made.lookup_url = f"/lookup/{record}" + (f"?for={narrowed}" if narrowed else "")
    made.selected = [Option(str(held.id), held.name, selected=True)] if held is not None else []
    return made


def inputs(env: Env, asked: Asked, *names: str) -> list[FieldView]:
    """The inputs of these names, with what was asked."""
    assert asked.wrong is not None and asked.on is not None and asked.currency is not None
    made = {
        "account": lambda: pick(env, "account", _("Customer"), ACCOUNT, asked.account),
        "product": lambda: pick(env, "product", _("Product"), PRODUCT, asked.product, required=True),
        "price_list": lambda: pick(env, "price_list", _("Price list"), LIST, asked.price_list),
        "quantity": lambda: FieldView("quantity", env.t(_("Quantity")), "decimal", env.format.number(asked.quantity)),
        "on": lambda: FieldView("on", env.t(_("Day")), "date", env.format.date(asked.on, "short")),
        "unit": lambda: _units(env, asked),
        "currency": lambda: FieldView("currency", env.t(_("Currency")), "select", str(asked.currency.id if asked.currency else ""),
                                      required=True,
                                      options=[Option(str(k), code) for k, code in currencies(env).items()]),
    }
    views = []
    for name in names:
        view = made[name]()
        view.errors = [asked.wrong[name]] if name in asked.wrong else []
        views.append(view)
    return views


def _units(env: Env, asked: Asked) -> FieldView:
    """The units of the product; its default one at first."""
    rows: list[dict[str, Any]] = []
    if asked.product is not None and asked.product.unit_group is not None:
        rows = env.query(UNIT).holding("unit_group", [asked.product.unit_group.id]).order("factor").select("name").rows(limit=100)
    standard = asked.product.unit.id if asked.product is not None and asked.product.unit is not None else None
    if asked.unit not in {r["id"] for r in rows}:
        asked.unit = standard
    return FieldView("unit", env.t(_("Unit")), "select", str(asked.unit or ""), required=bool(rows),
                     options=[Option(str(r["id"]), r["name"]) for r in rows])
