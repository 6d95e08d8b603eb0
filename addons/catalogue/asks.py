"""What is asked of the pricing engine, and what it answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from core.api import Message

from .amounts import ZERO, Currency, Rate, TaxAmount

ONE = Decimal(1)


class Chosen(NamedTuple):
    """An option of a configurable product that was chosen, and how many for one piece of the product."""

    option: int
    quantity: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Ask:
    """A product and how much of it. Without a unit the product's own is meant; a price list overrides the terms'."""

    product: int
    quantity: Decimal = ONE
    unit: int | None = None
    price_list: int | None = None
    options: Sequence[Chosen] = ()


class Region(NamedTuple):
    """Where taxes are owed: a country by its number, and a province by its name."""

    country: int | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """Who buys, in what, when and where. Without a region the account's decides, then one's own company's.

    `on` None means today, `price_list` None lets the engine choose. `kind` "purchase" prices from suppliers' lists of `account`.
    """

    currency: int
    account: int | None = None
    on: dt.date | None = None
    region: Region | None = None
    price_list: int | None = None
    kind: str = "sale"


@dataclass(slots=True)
class Priced:
    """A price with its reasons. With a `refusal` there is none, and all amounts are zero.

    `unit_price` is what the list says for one unit with its options, before discounts; `list_price` the same without special
    offers (struck through where it is higher). `discount_percent` and `each_off` (an amount for each unit) are the automatic
    discounts, `discount_amount` what both make of the line. `fair_price` is what is left for one unit: who goes below it needs a ceiling.
    """

    product: int
    quantity: Decimal
    unit: int | None = None
    price_list: int | None = None
    list_price: Decimal = ZERO
    unit_price: Decimal = ZERO
    options_price: Decimal = ZERO
    discount_percent: Decimal = ZERO
    each_off: Decimal = ZERO
    discount_amount: Decimal = ZERO
    fair_price: Decimal = ZERO
    tax_class: int | None = None
    rates: tuple[Rate, ...] = ()
    net: Decimal = ZERO
    taxes: list[TaxAmount] = field(default_factory=list)
    total: Decimal = ZERO
    reasons: list[Message] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    refusal: Message | None = None
    currency: Currency | None = None


@dataclass(frozen=True)
class DocumentTerms:
    """What a document says about the prices of its lines. `language`: in which descriptions are filled in."""

    terms: Terms
    discount_percent: Decimal = ZERO
    discount_amount: Decimal = ZERO
    by_document: bool = False
    language: str = ""
